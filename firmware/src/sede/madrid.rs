//! The local time of Europe/Madrid, in which people keep appointments.
//!
//! The zone is part of the binary. A text with another offset than the one that holds in Madrid at that instant is
//! refused, not mended: nobody could tell which of the two was meant.
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const WRITTEN: &str = "%Y-%m-%dT%H:%M:%S%:z";

/// An instant as a clock in Madrid shows it, `2026-12-01T09:15:00+01:00`: whole seconds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MadridTime(ZonedDateTime);

impl MadridTime {
    /// An instant; what is less than a second is left out.
    #[must_use]
    pub fn of(at: Timestamp) -> MadridTime {
        let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
        MadridTime(whole.to_zoned_datetime(madrid()))
    }

    /// A day and a time; `None` for one that does not exist, when clocks are put forward, or exists twice, when they
    /// are put back.
    #[must_use]
    pub fn at(day: Date, time: Time) -> Option<MadridTime> {
        let at = madrid().to_ambiguous_zoned_datetime(day.to_datetime(time)).unambiguous().ok()?;
        Some(MadridTime(at))
    }

    /// The instant.
    #[must_use]
    pub fn instant(&self) -> Timestamp {
        self.0.timestamp()
    }

    /// The day in Madrid.
    #[must_use]
    pub fn day(&self) -> Date {
        self.0.date()
    }

    /// The time in Madrid.
    #[must_use]
    pub fn time(&self) -> Time {
        self.0.time()
    }

    fn written(&self) -> String {
        self.0.strftime(WRITTEN).to_string()
    }
}

fn madrid() -> TimeZone {
    // A missing database entry must not stop the kiosk; with it every text of Madrid's offset is refused.
    TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC)
}

impl Serialize for MadridTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written())
    }
}

impl<'de> Deserialize<'de> for MadridTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at = text.parse().ok().map(MadridTime::of).filter(|at| at.written() == text);
        at.ok_or_else(|| serde::de::Error::custom("no time of Europe/Madrid with its offset"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn read(text: &str) -> Option<MadridTime> {
        serde_json::from_value(text.into()).ok()
    }

    #[test]
    fn winter_and_summer_have_their_offsets_and_no_other() {
        for text in ["2026-12-01T09:15:00+01:00", "2026-07-01T09:15:00+02:00", "2026-10-25T02:30:00+02:00"] {
            assert_eq!(serde_json::to_value(read(text).unwrap()).unwrap(), text);
        }
        for text in [
            "2026-12-01T09:15:00+02:00",
            "2026-07-01T09:15:00+01:00",
            "2026-12-01T08:15:00Z",
            "2026-12-01T09:15:00",
            "2026-12-01T09:15:00.5+01:00",
            "2026-12-01T09:15+01:00",
            "2026-12-01 09:15:00+01:00",
            "2026-03-29T02:30:00+01:00",
            "2026-12-01T24:15:00+01:00",
            "2026-12-01T09:15:00+01:00[Europe/Madrid]",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_and_a_time_are_one_instant_or_none() {
        let at = MadridTime::at(date(2026, 12, 1), time(9, 15, 0, 0)).unwrap();
        assert_eq!(at, read("2026-12-01T09:15:00+01:00").unwrap());
        assert_eq!((at.day(), at.time()), (date(2026, 12, 1), time(9, 15, 0, 0)));
        assert_eq!(at.instant(), "2026-12-01T08:15:00Z".parse().unwrap());
        assert_eq!(MadridTime::at(date(2026, 3, 29), time(2, 30, 0, 0)), None, "clocks go forward");
        assert_eq!(MadridTime::at(date(2026, 10, 25), time(2, 30, 0, 0)), None, "clocks go back");
    }
}
