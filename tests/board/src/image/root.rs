//! The root file system of one build: the base plus units, binary and board file, written by debugfs in a copy.
//!
//! No root rights are needed, owners and modes are set in the image; a changed binary costs a second or two.
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::base::Base;
use super::run;
use crate::places::{Key, Places};

/// What goes onto the base.
#[derive(Clone, Debug)]
pub struct RootContents {
    /// The static binary, put at `/usr/bin/ciberkiosco`.
    pub binary: PathBuf,
    /// The name of a file of `board-configs/`, put at `/usr/share/ciberkiosco/board.toml`; those it may inherit are put
    /// beside it.
    pub board: String,
    /// Lines for `/etc/hosts` beside `localhost`.
    pub hosts: Vec<(String, String)>,
    /// More files, with their text: a test's own.
    pub files: Vec<(String, String)>,
}

/// What the recipes of daemons bring along beside their program, and where it goes: the same as on the shipped board.
const DAEMON_FILES: [(&str, &str); 3] = [
    ("recipes-support/sane-backends/files/saned.service", "/usr/lib/systemd/system/saned.service"),
    ("recipes-support/sane-backends/files/saned.conf", "/etc/sane.d/saned.conf"),
    ("recipes-support/sane-airscan/files/airscan.conf", "/etc/sane.d/airscan.conf"),
];

/// Makes the image or finds it in the cache; it is never written to by a board.
pub fn root_image(places: &Places, base: &Base, contents: &RootContents) -> Result<PathBuf> {
    let mut hosts = String::from("127.0.0.1 localhost\n127.0.1.1 kiosk\n");
    for (address, name) in &contents.hosts {
        hosts.push_str(&format!("{address} {name}\n"));
    }
    let mut files = tree(&places.rootfs_files())?;
    for (from, to) in DAEMON_FILES {
        let content = Content::Copy(places.layer().join(from));
        files.push(NewFile { to: to.into(), content, executable: false });
    }
    files.push(NewFile {
        to: "/usr/bin/ciberkiosco".into(),
        content: Content::Copy(contents.binary.clone()),
        executable: true,
    });
    let boards = places.board_files();
    let chosen = boards.join(format!("{}.toml", contents.board));
    for (name, path) in toml_files(&boards)?.into_iter().chain([("board.toml".to_owned(), chosen)]) {
        let to = format!("/usr/share/ciberkiosco/{name}");
        files.push(NewFile { to, content: Content::Copy(path), executable: false });
    }
    files.push(NewFile { to: "/etc/hosts".into(), content: Content::Text(hosts), executable: false });
    for (to, text) in &contents.files {
        files.push(NewFile { to: to.clone(), content: Content::Text(text.clone()), executable: false });
    }
    let mut key = Key::default().add("base", &base.key);
    for file in &files {
        key = key.add("name", &file.to).add("executable", [u8::from(file.executable)]);
        key = match &file.content {
            Content::Copy(path) => key.add_file("content", path)?,
            Content::Text(text) => key.add("content", text),
        };
    }
    let folder = places.product("root", &key, 3, |work| {
        let image = work.join("root.ext4");
        run(Command::new("cp").args(["--sparse=always", "--reflink=auto"]).arg(&base.root).arg(&image))?;
        write_files(&image, &files, work)
    })?;
    Ok(folder.join("root.ext4"))
}

fn toml_files(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        if let (Some("toml"), Some(name)) = (path.extension().and_then(|e| e.to_str()), path.file_name()) {
            found.push((name.to_string_lossy().into_owned(), path));
        }
    }
    found.sort();
    Ok(found)
}

struct NewFile {
    to: String,
    content: Content,
    executable: bool,
}

enum Content {
    Copy(PathBuf),
    Text(String),
}

fn tree(root: &Path) -> Result<Vec<NewFile>> {
    fn below(folder: &Path, to: &str, files: &mut Vec<NewFile>) -> Result<()> {
        let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
        let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(|entry| entry.file_name());
        for entry in entries {
            let name = format!("{to}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                below(&entry.path(), &name, files)?;
            } else {
                files.push(NewFile { to: name, content: Content::Copy(entry.path()), executable: false });
            }
        }
        Ok(())
    }
    let mut files = Vec::new();
    below(root, "", &mut files)?;
    Ok(files)
}

fn write_files(image: &Path, files: &[NewFile], work: &Path) -> Result<()> {
    let mut script = String::new();
    let mut folders = BTreeSet::new();
    for (number, file) in files.iter().enumerate() {
        let from = match &file.content {
            Content::Copy(path) => path.clone(),
            Content::Text(text) => {
                let path = work.join(format!("file-{number}"));
                fs::write(&path, text)?;
                path
            }
        };
        let mut ancestors: Vec<&Path> = Path::new(&file.to).ancestors().skip(1).collect();
        ancestors.reverse();
        for folder in ancestors.into_iter().filter(|folder| *folder != Path::new("/")) {
            if folders.insert(folder.to_path_buf()) {
                script.push_str(&format!("mkdir {}\n", folder.display()));
            }
        }
        let mode = if file.executable { "0100755" } else { "0100644" };
        script.push_str(&format!(
            "rm {to}\nwrite {from} {to}\nset_inode_field {to} mode {mode}\nset_inode_field {to} uid 0\nset_inode_field {to} gid 0\n",
            to = file.to,
            from = from.display(),
        ));
    }
    debugfs(image, &script)?;
    for file in files {
        let listing = run(Command::new("debugfs").args(["-R", &format!("stat {}", file.to)]).arg(image))?;
        if !listing.contains("Type: regular") {
            bail!("{} did not get into the image; is it full?", file.to);
        }
    }
    for number in 0..files.len() {
        let path = work.join(format!("file-{number}"));
        if path.exists() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Runs commands of debugfs. Its exit code says nothing about them: what must hold is checked after.
fn debugfs(image: &Path, script: &str) -> Result<()> {
    let mut child = Command::new("debugfs")
        .args(["-w", "-f", "/dev/stdin"])
        .arg(image)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("debugfs (package e2fsprogs) cannot be started")?;
    child.stdin.take().context("no pipe to debugfs")?.write_all(script.as_bytes())?;
    let status = child.wait()?;
    if !status.success() {
        bail!("debugfs failed: {status}");
    }
    Ok(())
}
