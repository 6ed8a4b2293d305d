//! The shipped binary needs nothing of the system it runs on.
use std::process::Command;

use super::*;

fn readelf(option: &str, binary: &std::path::Path) -> String {
    let output = Command::new("readelf").arg(option).arg(binary).output().expect("binutils");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn board_the_binary_is_static_and_position_independent() {
    let binary = static_firmware(&Places::of_workspace()).expect("the static firmware");
    let headers = readelf("-hlW", &binary);
    assert!(headers.contains("DYN (Position-Independent Executable file)"), "{headers}");
    assert!(!headers.contains("INTERP"), "{headers}");
    assert!(!readelf("-dW", &binary).contains("(NEEDED)"));
}
