//! The initramfs: a static busybox, the modules of a virtio disk with ext4, and twenty lines of shell.
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::cpio::Archive;

/// In the order they must be loaded: virtio of 6.1 needs virtio_ring first.
const MODULES: &[&str] = &[
    "virtio_ring",
    "virtio",
    "virtio_pci_modern_dev",
    "virtio_pci_legacy_dev",
    "virtio_pci",
    "virtio_blk",
    "crc32c_generic",
    "crc16",
    "mbcache",
    "jbd2",
    "ext4",
];

const INIT: &str = r#"#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
if /bin/busybox grep -q kiosk.probe /proc/cmdline; then
    # The question was whether this accelerator runs a guest at all.
    echo KIOSK-PROBE-ANSWERS > /dev/ttyS0
    exec /bin/busybox sleep 1000
fi
while read -r module; do
    /bin/busybox insmod /modules/$module.ko
done < /modules/order
tries=0
until [ -b /dev/vda ] || [ $tries -gt 300 ]; do
    tries=$((tries + 1))
    /bin/busybox usleep 100000
done
/bin/busybox mount -t ext4 -o ro /dev/vda /root || exec /bin/busybox reboot -f
/bin/busybox umount /proc
/bin/busybox mount --move /dev /root/dev
exec /bin/busybox switch_root /root /sbin/init
"#;

/// What the initramfs is made of, for the key of the cache.
pub fn recipe() -> String {
    format!("{INIT}\n{}", MODULES.join("\n"))
}

/// The initramfs with modules of the root file system in `tree`.
pub fn initramfs(tree: &Path) -> Result<Vec<u8>> {
    let mut archive = Archive::default();
    for folder in ["bin", "dev", "proc", "root", "modules"] {
        archive.folder(folder);
    }
    let busybox = fs::read("/bin/busybox").context("busybox-static is not installed")?;
    archive.file("bin/busybox", &busybox);
    let mut files = Vec::new();
    modules_below(&tree.join("usr/lib/modules"), &mut files)?;
    let mut order = String::new();
    for name in MODULES {
        let Some(path) = files.iter().find(|path| path.file_stem().is_some_and(|stem| stem == *name)) else {
            bail!("the kernel has no module {name}.ko");
        };
        archive.file(&format!("modules/{name}.ko"), &fs::read(path)?);
        order.push_str(name);
        order.push('\n');
    }
    archive.file("modules/order", order.as_bytes());
    archive.file("init", INIT.as_bytes());
    Ok(archive.finish())
}

fn modules_below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            modules_below(&entry.path(), found)?;
        } else if entry.path().extension().is_some_and(|extension| extension == "ko") {
            found.push(entry.path());
        }
    }
    Ok(())
}
