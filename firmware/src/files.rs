//! Files that come from outside: a name may lead to a folder, or to a device that is read without end.
use std::fs::Metadata;
use std::io;
use std::path::Path;

/// What is known of a file; an error for everything that is none.
pub(crate) fn regular(path: &Path) -> io::Result<Metadata> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_file() { Ok(metadata) } else { Err(io::Error::other("this is no file")) }
}

/// The content of a file that is small by its nature; `None` when it has more than `largest` bytes.
pub(crate) fn read_small(path: &Path, largest: u64) -> io::Result<Option<Vec<u8>>> {
    if regular(path)?.len() > largest {
        return Ok(None);
    }
    std::fs::read(path).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_devices_are_no_files_and_large_ones_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small");
        std::fs::write(&path, b"seven b").unwrap();
        assert_eq!(read_small(&path, 7).unwrap(), Some(b"seven b".to_vec()));
        assert_eq!(read_small(&path, 6).unwrap(), None);
        // Without an end, and of no length.
        for path in [folder.path(), Path::new("/dev/zero")] {
            assert_eq!(read_small(path, 7).unwrap_err().to_string(), "this is no file");
        }
        assert_eq!(read_small(Path::new("/missing"), 7).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
