//! Debian bookworm, trimmed: the slow part of the image, kept under a hash of its package and module lists.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{as_owner, initramfs, kernel, run};
use crate::places::{Key, Places};

/// The Debian packages in the guest. What the product talks to (pcscd, saned, …) is added here.
pub const GUEST_PACKAGES: &[&str] = &[
    "systemd",
    "systemd-sysv",
    "systemd-resolved",
    "udev",
    "kmod",
    "dbus",
    "e2fsprogs",
    "ca-certificates",
    "pcscd",
    "libccid",
    "sane-utils",
    "sane-airscan",
];

/// The kernel modules that the board's devices need; what they depend on comes along.
const GUEST_MODULES: &[&str] = &[
    "virtio_pci",
    "virtio_blk",
    "virtio_net",
    "ext4",
    "bochs",
    "xhci_pci",
    "usbhid",
    "hid_generic",
    "evdev",
    "ftdi_sio",
    "cdc_acm",
    "usblp",
    "i6300esb",
    "hid_cp2112",
    "hid_mcp2221",
    "snd_hda_intel",
    "snd_hda_codec_generic",
    "squashfs",
    "dm_verity",
    "efivarfs",
    "autofs4",
];

/// What every board of this Debian boots from.
#[derive(Clone, Debug)]
pub struct Base {
    /// The kernel, unpacked: an ELF file with a PVH entry.
    pub kernel: PathBuf,
    /// The initramfs that mounts the first virtio disk.
    pub initramfs: PathBuf,
    /// The root file system without binary, board file and units.
    pub root: PathBuf,
    /// Names this base in the keys of what is made from it.
    pub key: String,
}

/// Makes the base or finds it in the cache. The first time needs Debian's archive and about two minutes.
pub fn base(places: &Places) -> Result<Base> {
    let script = places.image_scripts().join("customize-root.sh");
    let sysusers = places.rootfs_files().join("usr/lib/sysusers.d/ciberkiosco.conf");
    let key = Key::default()
        .add("packages", GUEST_PACKAGES.join(","))
        .add("modules", GUEST_MODULES.join(","))
        .add("initramfs", initramfs::recipe())
        .add("kernel", "vmlinux")
        .add_file("script", &script)?
        .add_file("sysusers", &sysusers)?;
    let folder = places.product("base", &key, 1, |work| {
        let tar = work.join("base.tar");
        run(Command::new("mmdebstrap")
            .env("KERNEL_MODULES", GUEST_MODULES.join(" "))
            .env("SYSUSERS", &sysusers)
            .args(["--variant=minbase", "--quiet", "--aptopt=Apt::Install-Recommends \"false\""])
            .args(["doc", "man", "locale", "info"].map(|kind| format!("--dpkgopt=path-exclude=/usr/share/{kind}/*")))
            .arg(format!("--include={}", GUEST_PACKAGES.join(",")))
            .arg(format!("--customize-hook={}", script.display()))
            .arg("bookworm")
            .arg(&tar))
        .context("Debian's archive must be reachable the first time")?;
        let tree = work.join("tree");
        fs::create_dir(&tree)?;
        run(as_owner(
            "tar -x --numeric-owner -f \"$TAR\" -C \"$TREE\"
             mv \"$TREE/vmlinuz\" \"$WORK/vmlinuz\"
             size=$(du -s --apparent-size -k \"$TREE\" | cut -f 1)
             mke2fs -q -t ext4 -L ROOT -m 0 -O ^has_journal -d \"$TREE\" \"$WORK/root.ext4\" $((size * 13 / 10 + 98304))k",
        )
        .env("TAR", &tar)
        .env("TREE", &tree)
        .env("WORK", work))?;
        kernel::unpack(&work.join("vmlinuz"), work)?;
        fs::remove_file(work.join("vmlinuz"))?;
        fs::write(work.join("initramfs"), initramfs::initramfs(&tree)?)?;
        fs::remove_dir_all(&tree)?;
        fs::remove_file(&tar)?;
        Ok(())
    })?;
    Ok(in_folder(&folder, key.text()))
}

fn in_folder(folder: &Path, key: String) -> Base {
    Base {
        kernel: folder.join("vmlinux"),
        initramfs: folder.join("initramfs"),
        root: folder.join("root.ext4"),
        key,
    }
}
