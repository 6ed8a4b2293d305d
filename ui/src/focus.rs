//! Where the focus goes: in the order of reading, or on a page with a keyboard, where the arrow points.
use crate::generated::Kind;
use crate::screen::{ACROSS, Screen};
use crate::view::Intent;

/// A key that moves the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// To the next in the order of reading, round and round.
    Next,
    /// To the one before.
    Previous,
    /// To the nearest in the row above.
    Above,
    /// To the nearest in the row below.
    Below,
}

/// The target that a step leads to; `None` where there is nothing to choose.
pub(crate) fn moved(screen: &Screen, focus: Option<usize>, step: Step) -> Option<usize> {
    let count = screen.names().len();
    if count == 0 {
        return None;
    }
    let rows = rows(screen);
    let step = match step {
        Step::Above if rows.is_none() => Step::Previous,
        Step::Below if rows.is_none() => Step::Next,
        step => step,
    };
    let here = match (focus, step) {
        (None, Step::Next | Step::Below) => return Some(0),
        (None, Step::Previous | Step::Above) => return Some(count - 1),
        (Some(here), _) => here,
    };
    match step {
        Step::Next => Some((here + 1) % count),
        Step::Previous => Some((here + count - 1) % count),
        Step::Above | Step::Below => in_row(&rows.unwrap_or_default(), here, step == Step::Below),
    }
}

/// The nearest target of the row above or below, round and round.
fn in_row(targets: &[(usize, u32)], here: usize, below: bool) -> Option<usize> {
    let (row, middle) = targets.get(here).copied()?;
    let count = targets.last().map(|(row, _)| row + 1)?;
    let wanted = if below { (row + 1) % count } else { (row + count - 1) % count };
    let of_row = targets.iter().enumerate().filter(|(_, (row, _))| *row == wanted);
    of_row.min_by_key(|(_, (_, other))| other.abs_diff(middle)).map(|(place, _)| place)
}

/// Of each target its row from the top, and its middle across; `None` on a page without a keyboard.
fn rows(screen: &Screen) -> Option<Vec<(usize, u32)>> {
    let across = u32::from(ACROSS);
    let beside = |count: usize, place: usize| {
        let (count, place) = (u32::try_from(count).ok()?, u32::try_from(place).ok()?);
        (across * (2 * place + 1)).checked_div(2 * count)
    };
    if screen.kind != Kind::Write {
        return None;
    }
    let mut targets = vec![(0, across / 2)];
    let (mut row, mut last) = (0, None);
    for key in &screen.keys {
        let place = key.place?;
        row += usize::from(last != Some(place.row));
        last = Some(place.row);
        targets.push((row, u32::from(place.at) + u32::from(place.span) / 2));
    }
    for group in [&screen.actions, &screen.bar] {
        row += 1;
        for place in 0..group.len() {
            targets.push((row, beside(group.len(), place)?));
        }
    }
    Some(targets)
}

/// The large buttons of this page are side by side.
pub(crate) fn pair(screen: &Screen) -> bool {
    matches!(screen.kind, Kind::Write | Kind::Attachments) && screen.actions.len() == 2
}

/// The focus of a page that has just come up: the field to type in, the one answer of a warning, else none (the
/// heading is read first).
pub(crate) fn first(screen: &Screen) -> Option<usize> {
    (screen.field.is_some() || screen.kind == Kind::Idle).then_some(0)
}

/// Pages that lie over another one for a while.
pub(crate) fn covers(kind: Kind) -> bool {
    matches!(kind, Kind::Help | Kind::Languages | Kind::Idle)
}

/// The red key: cancels an errand, leaves a page that covers another.
pub(crate) fn cancel(kind: Kind, back: bool) -> Option<Intent> {
    match kind {
        Kind::Attract | Kind::Out | Kind::Working | Kind::Idle | Kind::TakeCard => None,
        Kind::Help => Some(Intent::Help),
        Kind::Languages => back.then_some(Intent::Back),
        _ => Some(Intent::Cancel),
    }
}
