//! The data partition: ext4 with the label DATA, made from files in memory, and read again after a power cut.
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::run;

/// A file of the data partition.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Its path below `/data`.
    pub path: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// Makes a data partition of `megabytes` in the file `image`; `scratch` is a folder for the files on their way.
/// Nobody but the owner can read them, and the guest gives them to the kiosk's user at each boot.
pub fn data_image(image: &Path, megabytes: u32, files: &[DataFile], scratch: &Path) -> Result<()> {
    let tree = scratch.join("data-tree");
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    fs::create_dir_all(&tree)?;
    fs::set_permissions(&tree, fs::Permissions::from_mode(0o700))?;
    for file in files {
        let relative = Path::new(&file.path);
        if relative.components().any(|part| !matches!(part, Component::Normal(_))) {
            bail!("{} is no path below /data", file.path);
        }
        let path = tree.join(relative);
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        out.write_all(&file.content)?;
    }
    if image.exists() {
        fs::remove_file(image)?;
    }
    run(Command::new("mke2fs")
        .args([
            "-q",
            "-t",
            "ext4",
            "-L",
            "DATA",
            "-m",
            "0",
            "-E",
            "lazy_itable_init=0,lazy_journal_init=0",
            "-d",
        ])
        .arg(&tree)
        .arg(image)
        .arg(format!("{megabytes}M")))?;
    fs::remove_dir_all(&tree)?;
    Ok(())
}

/// The content of a file of the data partition of a board that is off, as the next boot will find it: the journal is
/// replayed in a copy. `None` when there is no such file.
pub fn read_data_file(image: &Path, path: &str, scratch: &Path) -> Result<Option<Vec<u8>>> {
    let copy = scratch.join("data-copy.ext4");
    run(Command::new("cp").arg("--sparse=always").arg(image).arg(&copy))?;
    // Exit code 1 says that something was mended: the replay of the journal. More than that is damage.
    let checked =
        Command::new("e2fsck").args(["-f", "-y"]).arg(&copy).output().context("e2fsck cannot be started")?;
    if !matches!(checked.status.code(), Some(0 | 1)) {
        bail!("the data partition is damaged: {}", String::from_utf8_lossy(&checked.stdout));
    }
    let out = scratch.join("data-file");
    if out.exists() {
        fs::remove_file(&out)?;
    }
    let request = format!("dump {path} {}", out.display());
    run(Command::new("debugfs").args(["-R", &request]).arg(&copy))?;
    fs::remove_file(&copy)?;
    // debugfs makes an empty file, or none, for a name it does not find.
    match fs::read(&out) {
        Ok(content) => {
            fs::remove_file(&out)?;
            Ok(Some(content))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_put_into_the_partition_is_read_from_it_again() {
        let scratch = std::env::temp_dir().join(format!("emulated-board-data-{}", std::process::id()));
        fs::create_dir_all(&scratch).unwrap();
        let image = scratch.join("data.ext4");
        let file = DataFile { path: "keys/kiosk.pem".into(), content: b"not a key".to_vec() };
        data_image(&image, 16, &[file], &scratch).unwrap();
        assert_eq!(read_data_file(&image, "/keys/kiosk.pem", &scratch).unwrap().unwrap(), b"not a key");
        assert_eq!(read_data_file(&image, "/keys/other.pem", &scratch).unwrap(), None);
        let outside = DataFile { path: "../x".into(), content: vec![] };
        assert!(data_image(&image, 16, &[outside], &scratch).is_err());
        fs::remove_dir_all(&scratch).unwrap();
    }
}
