//! Tries the watchdog of the machine it runs on: `bite IDENTITY|PATH|first feed|stop|die [SECONDS]`.
//!
//! `feed` feeds it as often as lines arrive at its input, then stops it; `stop` arms and stops it; `die` arms it
//! and ends without a word, so the machine is reset after the timeout.
use std::time::Duration;

use hal_watchdog::{Choice, Watchdog, WatchdogError};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let choice = match arguments.next().as_deref() {
        None | Some("first") => Choice::First,
        Some(path) if path.starts_with('/') => Choice::Path(path.into()),
        Some(identity) => Choice::Identity(identity.into()),
    };
    let deed = arguments.next().unwrap_or_default();
    let seconds = arguments.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(10);
    if let Err(error) = run(&choice, &deed, Duration::from_secs(seconds)) {
        eprintln!("bite: {error}");
        std::process::exit(1);
    }
}

fn run(choice: &Choice, deed: &str, timeout: Duration) -> Result<(), WatchdogError> {
    let mut watchdog = Watchdog::open(choice)?;
    watchdog.set_timeout(timeout)?;
    println!("bite: {} ({}) {:?}", watchdog.path().display(), watchdog.identity(), watchdog.timeout());
    println!("bite: the last reset: {:?}", watchdog.last_reset());
    match deed {
        "die" => return Ok(()),
        "feed" => {
            for line in std::io::stdin().lines() {
                if line.is_err() {
                    break;
                }
                watchdog.feed()?;
            }
        }
        _ => {}
    }
    watchdog.disarm()?;
    println!("bite: stopped");
    Ok(())
}
