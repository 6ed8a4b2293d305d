//! Where things are in the workspace, and the cache of what is built for the board.
//!
//! A product is kept in `target/board/NAME-KEY`, where the key is a hash of everything that went into it. It is made
//! in a folder beside and renamed when complete, under a lock, so that tests in parallel build it once.
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// The folders of the workspace.
#[derive(Clone, Debug)]
pub struct Places {
    /// The folder of the workspace.
    pub workspace: PathBuf,
    /// Where products are kept.
    pub cache: PathBuf,
}

impl Places {
    /// Those of the workspace this crate was built in.
    pub fn of_workspace() -> Places {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let workspace = workspace.canonicalize().unwrap_or(workspace);
        Places { cache: workspace.join("target/board"), workspace }
    }

    /// The recipes of the Yocto layer.
    pub fn layer(&self) -> PathBuf {
        self.workspace.join("yocto-layer/meta-ciberkiosco")
    }

    /// The tree that is laid over the root file system, shared with the Yocto image.
    pub fn rootfs_files(&self) -> PathBuf {
        self.layer().join("recipes-core/ciberkiosco-rootfs/files")
    }

    /// The board files.
    pub fn board_files(&self) -> PathBuf {
        self.workspace.join("board-configs")
    }

    /// The shell scripts of the image.
    pub fn image_scripts(&self) -> PathBuf {
        self.workspace.join("tests/board/image")
    }

    /// The folder of the product with this name and key; `make` fills it when it is not there yet. At most `keep`
    /// products of the name stay, the oldest go.
    pub fn product(
        &self,
        name: &str,
        key: &Key,
        keep: usize,
        make: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        fs::create_dir_all(&self.cache)
            .with_context(|| format!("{} cannot be made", self.cache.display()))?;
        let lock = File::create(self.cache.join(format!("{name}.lock")))?;
        lock.lock().with_context(|| format!("the lock of {name} cannot be taken"))?;
        let done = self.cache.join(format!("{name}-{}", key.text()));
        if done.is_dir() {
            File::open(&done)?.set_modified(std::time::SystemTime::now())?;
            return Ok(done);
        }
        let work = self.cache.join(format!("{name}.making"));
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        fs::create_dir(&work)?;
        make(&work).with_context(|| format!("{name} cannot be made"))?;
        fs::rename(&work, &done)?;
        self.drop_old(name, keep)?;
        Ok(done)
    }

    fn drop_old(&self, name: &str, keep: usize) -> Result<()> {
        let mut products = Vec::new();
        for entry in fs::read_dir(&self.cache)? {
            let entry = entry?;
            let is_ours =
                entry.file_name().to_string_lossy().strip_prefix(name).is_some_and(|r| r.starts_with('-'));
            if is_ours && entry.file_type()?.is_dir() {
                products.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
        products.sort();
        let surplus = products.len().saturating_sub(keep);
        for (_, path) in products.into_iter().take(surplus) {
            // Another process may have it open; its files stay until that ends.
            fs::remove_dir_all(&path)?;
        }
        Ok(())
    }
}

/// A hash of everything that goes into a product.
#[derive(Clone, Debug, Default)]
pub struct Key(Sha256);

impl Key {
    /// Adds a value under a label, so that two values never run into each other.
    pub fn add(mut self, label: &str, value: impl AsRef<[u8]>) -> Key {
        let value = value.as_ref();
        self.0.update((label.len() as u64).to_le_bytes());
        self.0.update(label);
        self.0.update((value.len() as u64).to_le_bytes());
        self.0.update(value);
        self
    }

    /// Adds the content of a file.
    pub fn add_file(self, label: &str, path: &Path) -> Result<Key> {
        let content = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(self.add(label, content))
    }

    /// Twenty hexadecimal digits.
    pub fn text(&self) -> String {
        self.0.clone().finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_do_not_run_into_each_other() {
        let one = Key::default().add("a", "bc").text();
        let other = Key::default().add("ab", "c").text();
        assert_ne!(one, other);
    }

    #[test]
    fn a_product_is_made_once_and_old_ones_go() {
        let folder = std::env::temp_dir().join(format!("emulated-board-places-{}", std::process::id()));
        let places = Places { workspace: folder.clone(), cache: folder.join("cache") };
        let mut made = 0;
        for content in ["one", "one", "two", "three", "three"] {
            let key = Key::default().add("content", content);
            places
                .product("thing", &key, 2, |path| {
                    made += 1;
                    Ok(fs::write(path.join("file"), content)?)
                })
                .unwrap();
        }
        assert_eq!(made, 3);
        let left =
            fs::read_dir(&places.cache).unwrap().filter(|e| e.as_ref().unwrap().path().is_dir()).count();
        assert_eq!(left, 2);
        fs::remove_dir_all(folder).unwrap();
    }
}
