//! The static client library of pcscd, which the shipped binary is linked with: from Debian's source package, as the
//! Yocto layer makes it from the same version's.
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::packages;
use crate::places::{Key, Places};

/// The folder of `libpcsclite.a`, for `PCSC_LIB_DIR`. The first time takes seconds and Debian's archive.
pub fn static_library(places: &Places) -> Result<PathBuf> {
    let script = places.image_scripts().join("pcsclite.sh");
    let key = Key::default().add_file("script", &script)?;
    places.product("pcsclite", &key, 1, |work| {
        packages::ensure()?;
        let output = Command::new("sh")
            .arg(&script)
            .arg(work)
            .output()
            .context("the build of pcsc-lite cannot be started")?;
        if !output.status.success() {
            bail!("pcsc-lite does not build: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    })
}
