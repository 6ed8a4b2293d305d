//! `ciberkiosco check`: the board files of the repository, and files with something wrong in them.
use std::path::Path;

use super::*;

const CHECK: &[&str] = &["check", "--board"];

/// The one line that a wrong file gives.
fn wrong(text: &str) -> String {
    let (_folder, path) = folder_with("board.toml", text.as_bytes());
    let ended = run(CHECK, &path);
    assert!(!ended.good, "{text}: {}", ended.out);
    assert!(ended.err.contains("board.toml: "), "the file is named: {}", ended.err);
    ended.err
}

#[test]
fn every_board_of_the_repository_is_good() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../board-configs");
    let mut boards = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        // A file without a description is there to be inherited.
        if path.extension().is_some_and(|ending| ending == "toml") && text.contains("\ndescription = ") {
            let ended = run(CHECK, &path);
            assert!(ended.good, "{}", ended.err);
            assert!(ended.out.starts_with(&format!("{}: ", path.display())), "{}", ended.out);
            boards += 1;
        }
    }
    assert!(boards >= 2, "the emulated board and a real cabinet");
}

#[test]
fn an_unknown_key_is_told_with_its_line() {
    let said = wrong("description = \"x\"\n[watchdog]\ntimeout-s = 30\nspeed = 1\n");
    assert!(said.contains("line 4: ") && said.contains("`speed`"), "{said}");
}

#[test]
fn a_value_of_the_wrong_kind_is_told_with_its_line_and_key() {
    let said = wrong("description = \"x\"\n[watchdog]\ntimeout-s = \"30\"\n");
    assert!(said.contains("line 3: ") && said.contains("timeout-s = \"30\""), "{said}");
}

#[test]
fn a_missing_key_is_told() {
    let said = wrong("[watchdog]\ntimeout-s = 30\n");
    assert!(said.contains("missing field `description`") && !said.contains("line"), "{said}");
    let said = wrong("description = \"x\"\n[barcode.port]\nbaud = 9600\n");
    assert!(said.contains("missing field `serial`") && said.contains("[barcode.port]"), "{said}");
}

#[test]
fn broken_toml_is_told_with_its_line() {
    let said = wrong("description = \"x\"\n[watchdog\n");
    assert!(said.contains("line 2: ") && said.contains("[watchdog"), "{said}");
}

#[test]
fn values_that_contradict_each_other_are_told_one_a_line() {
    let text = "description = \"x\"\n[watchdog]\ntimeout-s = 1\n[display]\nwidth-mm = 1.0\n";
    let (_folder, path) = folder_with("board.toml", text.as_bytes());
    let ended = run(CHECK, &path);
    assert!(!ended.good && ended.out.lines().count() == 2, "{}", ended.out);
    assert!(ended.out.contains("watchdog.timeout-s") && ended.out.contains("display.width-mm"));
}

#[test]
fn a_mistake_in_an_inherited_file_is_told_with_that_file_and_its_line() {
    let (folder, path) = folder_with("board.toml", b"description = \"x\"\ninherit = [\"base.toml\"]\n");
    std::fs::write(folder.path().join("base.toml"), "# What cabinets share.\n[watchdog]\nspeed = 1\n")
        .unwrap();
    let ended = run(CHECK, &path);
    assert!(!ended.good && ended.err.contains("base.toml: line 3: ") && ended.err.contains("`speed`"));
    // What the board itself says over it is the board's own.
    std::fs::write(folder.path().join("base.toml"), "[watchdog]\ntimeout-s = 30\n").unwrap();
    std::fs::write(
        &path,
        "description = \"x\"\ninherit = [\"base.toml\"]\n\n[watchdog]\ntimeout-s = \"thirty\"\n",
    )
    .unwrap();
    let ended = run(CHECK, &path);
    assert!(!ended.good && ended.err.contains("board.toml: line 5: "), "{}", ended.err);
}

#[test]
fn an_inherited_file_that_is_missing_is_named() {
    let (_folder, path) = folder_with("board.toml", b"description = \"x\"\ninherit = [\"gone.toml\"]\n");
    let ended = run(CHECK, &path);
    assert!(!ended.good && ended.err.contains("gone.toml: cannot be read"), "{}", ended.err);
}

#[test]
fn an_inherit_that_is_no_list_of_names_or_a_circle_is_told() {
    for inherit in ["\"base.toml\"", "[1]", "{ a = 1 }"] {
        let said = wrong(&format!("description = \"x\"\ninherit = {inherit}\n"));
        assert!(said.contains("\"inherit\" must be a list of file names"), "{said}");
    }
    assert!(wrong("inherit = [\"board.toml\"]\n").contains("circle"));
    // Not a circle, but more than any board is made of.
    let (folder, path) = folder_with("board.toml", b"inherit = [\"a\", \"a\", \"a\", \"a\", \"a\", \"a\"]\n");
    std::fs::write(folder.path().join("a"), "inherit = [\"b\", \"b\", \"b\", \"b\", \"b\", \"b\"]\n")
        .unwrap();
    std::fs::write(folder.path().join("b"), "").unwrap();
    assert!(run(CHECK, &path).err.contains("more than 32 files"));
}

#[test]
fn what_is_no_board_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for (path, reason) in [
        (folder.path().join("missing.toml"), "No such file"),
        (folder.path().to_owned(), "this is no file"),
        (PathBuf::from("/dev/null"), "this is no file"),
    ] {
        let ended = run(CHECK, &path);
        let named = ended.err.contains(&format!("{}: cannot be read", path.display()));
        assert!(!ended.good && named && ended.err.contains(reason), "{}", ended.err);
    }
    let (_folder, path) = folder_with("board.toml", &[0xFF, 0xFE, 0]);
    assert!(run(CHECK, &path).err.contains("UTF-8"));
    let (_folder, path) = folder_with("board.toml", &vec![b'#'; 300 * 1024]);
    assert!(run(CHECK, &path).err.contains("this is no board file"));
}

#[test]
fn nobody_has_to_read_what_it_prints() {
    let (_folder, path) = folder_with("board.toml", b"description = \"x\"\n");
    assert!(run_unheard(CHECK, &path));
    let (_folder, path) = folder_with("board.toml", b"description = \"x\"\n[watchdog]\ntimeout-s = 1\n");
    assert!(!run_unheard(CHECK, &path));
}
