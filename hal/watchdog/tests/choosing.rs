//! Choosing among several watchdogs, over a copy of what `/sys/class/watchdog` looks like.
use std::fs;
use std::path::{Path, PathBuf};

use hal_watchdog::{Choice, WatchdogError, find, list};

/// A folder of its own for one test, removed at the end.
struct Class(PathBuf);

impl Class {
    fn new(test: &str, watchdogs: &[(&str, &str)]) -> Class {
        let root = std::env::temp_dir().join(format!("hal-watchdog-{test}-{}", std::process::id()));
        for (name, identity) in watchdogs {
            fs::create_dir_all(root.join(name)).unwrap();
            fs::write(root.join(name).join("identity"), format!("{identity}\n")).unwrap();
        }
        Class(root)
    }
    fn find(&self, choice: &Choice) -> Result<PathBuf, WatchdogError> {
        find(choice, &self.0, Path::new("/dev"))
    }
}

impl Drop for Class {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_identity_decides_and_not_the_number() {
    let class = Class::new("identity", &[("watchdog0", "iTCO_wdt"), ("watchdog1", "i6300ESB timer")]);
    let choice = Choice::Identity("i6300ESB timer".into());
    assert_eq!(class.find(&choice).unwrap(), Path::new("/dev/watchdog1"));
}

#[test]
fn the_first_is_the_lowest_number_even_past_nine() {
    let class = Class::new("first", &[("watchdog10", "b"), ("watchdog2", "a")]);
    assert_eq!(class.find(&Choice::First).unwrap(), Path::new("/dev/watchdog2"));
}

#[test]
fn a_missing_one_is_an_error_that_lists_what_there_is() {
    let class = Class::new("missing", &[("watchdog0", "iTCO_wdt")]);
    let error = class.find(&Choice::Identity("sp5100".into())).unwrap_err().to_string();
    assert!(error.contains("sp5100") && error.contains("iTCO_wdt"), "{error}");
}

#[test]
fn a_machine_without_watchdogs_gives_an_error() {
    let error = find(&Choice::First, Path::new("/no/such/folder"), Path::new("/dev")).unwrap_err();
    assert!(error.to_string().contains("none"), "{error}");
}

#[test]
fn entries_without_an_identity_and_foreign_names_are_left_out() {
    let class = Class::new("foreign", &[("watchdog0", "softdog"), ("pretimeout", "x"), ("watchdogX", "y")]);
    fs::create_dir_all(class.0.join("watchdog7")).unwrap();
    let names: Vec<String> = list(&class.0, Path::new("/dev")).into_iter().map(|f| f.identity).collect();
    assert_eq!(names, ["softdog"]);
}
