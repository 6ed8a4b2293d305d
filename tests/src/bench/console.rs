//! Figures from the console's log: the journal, forwarded, every line behind its time since the guest's kernel began.
use std::time::Duration;

use anyhow::{Context, Result};

/// systemd is about to start the kiosk.
pub const UNIT_STARTS: &str = "Starting ciberkiosco.service";
/// The kiosk's first frame is on the display.
pub const FIRST_FRAME: &str = "the first frame is on the screen";
/// What the kiosk's process uses.
pub const RESOURCES: &str = "ciberkiosco::resources: resources";

/// A line of the log that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Since the guest's kernel began to count.
    pub at: Duration,
    text: &'a str,
}

impl Line<'_> {
    /// The number behind `name=`.
    ///
    /// # Errors
    /// The line has no such number.
    pub fn field(&self, name: &str) -> Result<u64> {
        let number = self.text.split_whitespace().find_map(|word| {
            let (key, value) = word.split_once('=')?;
            (key == name).then(|| value.parse().ok())?
        });
        number.with_context(|| format!("no number {name} in the guest's line: {}", self.text))
    }
}

/// The first line with these words.
///
/// # Errors
/// There is none.
pub fn line<'a>(log: &'a str, words: &str) -> Result<Line<'a>> {
    nth_line(log, words, 0)
}

/// The line with these words that follows so many others with them.
///
/// # Errors
/// There are not so many.
pub fn nth_line<'a>(log: &'a str, words: &str, before: usize) -> Result<Line<'a>> {
    let mut found = log.lines().filter(|line| line.contains(words)).filter_map(stamped);
    found.nth(before).with_context(|| format!("the guest has not said {words:?} {} times", before + 1))
}

/// `[   31.482573] ciberkiosco[175]: …`
fn stamped(line: &str) -> Option<Line<'_>> {
    let (stamp, text) = line.trim_start().strip_prefix('[')?.split_once(']')?;
    let at = Duration::try_from_secs_f64(stamp.trim().parse().ok()?).ok()?;
    Some(Line { at, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\u{1b}c\r\n[    5.276000] kernel words\r\n\
        [   29.389986] systemd[1]: Starting ciberkiosco.service - Ciberkiosco...\r\n\
        [   31.500001] ciberkiosco[175]:  INFO ciberkiosco::screen: the first frame is on the screen since_start_ms=640\r\n\
        [   91.5] ciberkiosco[175]:  INFO ciberkiosco::resources: resources resident_kib=14032 peak_kib=15220 processor_ms=800\r\n\
        [  151.600000] ciberkiosco[175]:  INFO ciberkiosco::resources: resources resident_kib=14036 peak_kib=15220 processor_ms=815\r\n";

    #[test]
    fn a_line_has_a_time_and_numbers() {
        let frame = line(LOG, FIRST_FRAME).unwrap();
        assert_eq!(frame.at, Duration::from_micros(31_500_001));
        assert_eq!(frame.field("since_start_ms").unwrap(), 640);
        assert_eq!(line(LOG, UNIT_STARTS).unwrap().at, Duration::from_micros(29_389_986));
    }

    #[test]
    fn of_equal_lines_each_can_be_had() {
        let used = |before| nth_line(LOG, RESOURCES, before).and_then(|line| line.field("processor_ms"));
        assert_eq!((used(0).unwrap(), used(1).unwrap()), (800, 815));
        assert!(used(2).is_err());
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = line(LOG, FIRST_FRAME).unwrap().field("processor_ms").unwrap_err();
        assert!(missing.to_string().contains("processor_ms"), "{missing}");
        let torn = format!("[   31.x] ciberkiosco[175]: {FIRST_FRAME}\n[31 {FIRST_FRAME}\n");
        assert!(line(&torn, FIRST_FRAME).is_err());
    }
}
