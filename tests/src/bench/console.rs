//! Figures from the console's log: the journal, forwarded, every line behind its time since the guest's kernel began.
use std::time::Duration;

use anyhow::{Context, Result};

/// systemd is about to start the kiosk.
pub const UNIT_STARTS: &str = "Starting ciberkiosco.service";
/// The kiosk's first frame is on the display.
pub const FIRST_FRAME: &str = "the first frame is on the screen";

/// When the first line with these words was written, since the guest's kernel began to count.
///
/// # Errors
/// There is none.
pub fn stamp(log: &str, words: &str) -> Result<Duration> {
    let found = log.lines().filter(|line| line.contains(words)).find_map(stamped);
    found.with_context(|| format!("the guest has not said {words:?}"))
}

/// `[   31.482573] ciberkiosco[175]: …`
fn stamped(line: &str) -> Option<Duration> {
    let (stamp, _) = line.trim_start().strip_prefix('[')?.split_once(']')?;
    Duration::try_from_secs_f64(stamp.trim().parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\u{1b}c\r\n[    5.276000] kernel words\r\n\
        [   29.389986] systemd[1]: Starting ciberkiosco.service - Ciberkiosco...\r\n\
        [   31.500001] ciberkiosco[175]:  INFO ciberkiosco::screen: the first frame is on the screen\r\n\
        [   91.500000] ciberkiosco[190]:  INFO ciberkiosco::screen: the first frame is on the screen\r\n";

    #[test]
    fn the_first_of_equal_lines_counts() {
        assert_eq!(stamp(LOG, FIRST_FRAME).unwrap(), Duration::from_micros(31_500_001));
        assert_eq!(stamp(LOG, UNIT_STARTS).unwrap(), Duration::from_micros(29_389_986));
    }

    #[test]
    fn what_is_missing_or_torn_is_named() {
        let missing = stamp("[   31.5] systemd[1]: Started", FIRST_FRAME).unwrap_err();
        assert!(missing.to_string().contains(FIRST_FRAME), "{missing}");
        let torn = format!("[   31.x] ciberkiosco[175]: {FIRST_FRAME}\n[31 {FIRST_FRAME}\n");
        assert!(stamp(&torn, FIRST_FRAME).is_err());
    }
}
