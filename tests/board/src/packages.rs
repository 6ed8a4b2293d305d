//! The Debian packages that the emulated board needs on the host: the one list.
//!
//! As root what is missing is installed; otherwise the error names the command.
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A package of the host, and a file that is there when it is installed.
pub struct HostPackage {
    /// Its Debian name.
    pub name: &'static str,
    /// A file of it.
    pub proof: &'static str,
}

/// Everything that images, QEMU and the panel's own test need.
pub const HOST_PACKAGES: &[HostPackage] = &[
    HostPackage { name: "qemu-system-x86", proof: "/usr/bin/qemu-system-x86_64" },
    HostPackage { name: "mmdebstrap", proof: "/usr/bin/mmdebstrap" },
    HostPackage { name: "nbdkit", proof: "/usr/bin/nbdkit" },
    HostPackage { name: "busybox-static", proof: "/usr/share/doc/busybox-static/copyright" },
    HostPackage { name: "e2fsprogs", proof: "/sbin/mke2fs" },
    HostPackage { name: "fakeroot", proof: "/usr/bin/fakeroot" },
    HostPackage { name: "ovmf", proof: "/usr/share/OVMF/OVMF_CODE_4M.fd" },
    HostPackage { name: "flex", proof: "/usr/bin/flex" },
    HostPackage { name: "gcc", proof: "/usr/bin/gcc" },
    HostPackage { name: "make", proof: "/usr/bin/make" },
    HostPackage { name: "xz-utils", proof: "/usr/bin/xz" },
    HostPackage { name: "bzip2", proof: "/usr/bin/bzip2" },
    HostPackage { name: "chromium", proof: "/usr/bin/chromium" },
    HostPackage { name: "poppler-utils", proof: "/usr/bin/pdftoppm" },
];

/// What the workspace with all its features needs to be built, and its card reader and scanner to be tested.
pub const BUILD_PACKAGES: &[HostPackage] = &[
    HostPackage { name: "libpcsclite-dev", proof: "/usr/include/PCSC/winscard.h" },
    HostPackage { name: "pkg-config", proof: "/usr/bin/pkg-config" },
    HostPackage { name: "pcscd", proof: "/usr/sbin/pcscd" },
    HostPackage { name: "vsmartcard-vpcd", proof: "/etc/reader.conf.d/vpcd" },
    HostPackage { name: "sane-utils", proof: "/usr/sbin/saned" },
    HostPackage { name: "sane-airscan", proof: "/usr/lib/x86_64-linux-gnu/sane/libsane-airscan.so.1" },
    HostPackage { name: "poppler-utils", proof: "/usr/bin/pdftoppm" },
    HostPackage { name: "tesseract-ocr", proof: "/usr/bin/tesseract" },
    HostPackage { name: "tesseract-ocr-spa", proof: "/usr/share/tesseract-ocr/5/tessdata/spa.traineddata" },
];

/// What judges the documents of the sede: other people's readers of PDF and of QR codes.
pub const DOCUMENT_PACKAGES: &[HostPackage] = &[
    HostPackage { name: "poppler-utils", proof: "/usr/bin/pdftotext" },
    HostPackage { name: "qpdf", proof: "/usr/bin/qpdf" },
    HostPackage { name: "zbar-tools", proof: "/usr/bin/zbarimg" },
];

/// The names of the packages of [`HOST_PACKAGES`] that are not installed.
pub fn missing() -> Vec<&'static str> {
    missing_of(HOST_PACKAGES)
}

fn missing_of(packages: &[HostPackage]) -> Vec<&'static str> {
    packages.iter().filter(|package| !Path::new(package.proof).exists()).map(|package| package.name).collect()
}

/// Installs what is missing of [`HOST_PACKAGES`], when this process may.
pub fn ensure() -> Result<()> {
    ensure_all(HOST_PACKAGES)
}

/// Installs what is missing, when this process may.
pub fn ensure_all(packages: &[HostPackage]) -> Result<()> {
    let missing = missing_of(packages);
    if missing.is_empty() {
        return Ok(());
    }
    if !nix::unistd::geteuid().is_root() {
        bail!(
            "these packages are missing; run: sudo apt-get install --no-install-recommends {}",
            missing.join(" ")
        );
    }
    for arguments in [&["update"][..], &["install", "-y", "--no-install-recommends"][..]] {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq").args(arguments);
        if arguments[0] == "install" {
            apt.args(&missing);
        }
        let status = apt.status().context("apt-get cannot be started: is this Debian 12?")?;
        if !status.success() {
            bail!("apt-get {} failed ({status}) for: {}", arguments[0], missing.join(" "));
        }
    }
    Ok(())
}
