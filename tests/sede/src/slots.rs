//! The offices' calendars: which slots there are, and which of them other people have. The same for the same day.
use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan, ZonedDateTime};
use sha2::{Digest, Sha256};

use crate::appointment_seeds::{FULL, HOURS};
use crate::appointment_wire::{FreeDay, Slot};
use crate::calendar::{is_working, working_from};
use crate::town::{madrid, zone};

/// Days for which slots are laid out.
const LAID_OUT: i32 = 60;
/// Days of an answer.
const WINDOW: i32 = 31;

/// A slot that is not free: service, office, beginning.
pub(crate) type Taken = BTreeSet<(String, String, Timestamp)>;

/// The last day with slots.
pub(crate) fn last_day(now: Timestamp) -> Date {
    madrid(now).saturating_add(LAID_OUT.days())
}

/// When there are slots again of the service that is full.
pub(crate) fn full_until(now: Timestamp) -> Date {
    working_from(madrid(now).saturating_add(21.days()))
}

/// Free slots of a service at an office from a day on, in order, without end but that of the calendar.
pub(crate) fn free(
    service: &str,
    office: &str,
    from: Date,
    taken: &Taken,
    now: Timestamp,
) -> impl Iterator<Item = ZonedDateTime> {
    let from = from.max(madrid(now));
    let laid_out =
        (service != FULL).then(|| from.series(1.day()).take_while(move |day| *day <= last_day(now)));
    let open = laid_out.into_iter().flatten().filter(|day| is_working(*day));
    open.flat_map(move |day| of_day(service, office, day)).filter(move |start| {
        let slot = (service.to_owned(), office.to_owned(), start.timestamp());
        start.timestamp() > now && !taken.contains(&slot)
    })
}

/// Whether such a slot is on the calendar, free or not.
pub(crate) fn exists(service: &str, office: &str, start: &ZonedDateTime, now: Timestamp) -> bool {
    service != FULL
        && start.timestamp() > now
        && start.date() <= last_day(now)
        && is_working(start.date())
        && grid(office, start.date()).any(|it| it == *start)
}

/// Whether another citizen of the town has had the slot all along.
pub(crate) fn is_others(service: &str, office: &str, start: &ZonedDateTime) -> bool {
    let day = chance(&format!("{service} {office} {}", start.date()));
    // One day in four is full, and of the others a third is taken.
    day.is_multiple_of(4) || chance(&format!("{service} {office} {}", written(start))).is_multiple_of(3)
}

fn of_day(service: &str, office: &str, day: Date) -> Vec<ZonedDateTime> {
    grid(office, day).filter(|start| !is_others(service, office, start)).collect()
}

fn grid(office: &str, day: Date) -> impl Iterator<Item = ZonedDateTime> {
    let hours = HOURS.iter().find(|it| it.office == office && it.days.contains(&day.weekday()));
    let minutes = hours.into_iter().flat_map(|it| (it.first..=it.last).step_by(it.every.into()));
    minutes.filter_map(move |minute| {
        let time = Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
        day.to_datetime(time).to_zoned_datetime(zone()).ok()
    })
}

/// The free days of the window that begins with a day.
pub(crate) fn days(starts: impl Iterator<Item = ZonedDateTime>, from: Date) -> Vec<FreeDay> {
    let end = from.saturating_add(WINDOW.days());
    let mut days: Vec<FreeDay> = Vec::new();
    for start in starts.take_while(|start| start.date() < end) {
        let time = start.strftime("%H:%M").to_string();
        match days.last_mut().filter(|last| last.day == start.date()) {
            Some(last) => last.times.push(time),
            None => days.push(FreeDay { day: start.date(), times: vec![time] }),
        }
    }
    days
}

pub(crate) fn slot(office: &str, start: &ZonedDateTime) -> Slot {
    Slot { office: office.into(), start: written(start) }
}

/// As the contract writes it.
pub(crate) fn written(start: &ZonedDateTime) -> String {
    start.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The instant of a text of the contract; `None` for another offset than Madrid's.
pub(crate) fn read(text: &str) -> Option<ZonedDateTime> {
    let at: Timestamp = text.parse().ok()?;
    Some(at.to_zoned_datetime(zone())).filter(|start| written(start) == text)
}

fn chance(of: &str) -> u8 {
    Sha256::digest(of.as_bytes()).first().copied().unwrap_or_default()
}
