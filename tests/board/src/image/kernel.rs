//! The kernel as QEMU enters it directly: what lies compressed in a bzImage. Unpacking it under emulation would take
//! four seconds of every start.
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::run;

/// Fields of the header (The Linux/x86 Boot Protocol, "The Real-Mode Kernel Header"): number of setup sectors, magic,
/// version, and where the payload lies behind the setup.
const SETUP_SECTORS: usize = 0x1F1;
const MAGIC: usize = 0x202;
const VERSION: usize = 0x206;
const PAYLOAD_OFFSET: usize = 0x248;
const PAYLOAD_LENGTH: usize = 0x24C;

/// The first version with the place of the payload.
const FIRST_VERSION: u16 = 0x0208;
const SECTOR: usize = 512;
/// The unpacked size, appended to the payload by the kernel's build.
const SIZE: usize = 4;

/// Writes `vmlinux` into `folder`, from the bzImage there.
///
/// # Errors
/// When it is no bzImage, or its payload is not compressed with xz as Debian's is.
pub(super) fn unpack(image: &Path, folder: &Path) -> Result<()> {
    let bytes = fs::read(image).with_context(|| format!("{} cannot be read", image.display()))?;
    let packed = folder.join("vmlinux.xz");
    fs::write(&packed, payload(&bytes).with_context(|| format!("{} is no bzImage", image.display()))?)?;
    run(Command::new("xz").arg("--decompress").arg(&packed))?;
    Ok(())
}

fn payload(image: &[u8]) -> Result<&[u8]> {
    let word =
        |at: usize| image.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
    let version =
        image.get(VERSION..VERSION + 2).and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes);
    ensure!(image.get(MAGIC..MAGIC + 4) == Some(b"HdrS"), "it has no header");
    ensure!(version.is_some_and(|version| version >= FIRST_VERSION), "its header is too old");
    let sectors = match image.get(SETUP_SECTORS) {
        Some(0) | None => 4,
        Some(&sectors) => usize::from(sectors),
    };
    let offset = word(PAYLOAD_OFFSET).context("its header is cut off")? as usize;
    let length = word(PAYLOAD_LENGTH).context("its header is cut off")? as usize;
    let length = length.checked_sub(SIZE).context("it has no payload")?;
    let start = (sectors + 1) * SECTOR + offset;
    image.get(start..start + length).context("its payload is cut off")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(payload: &[u8]) -> Vec<u8> {
        let mut image = vec![0; 3 * SECTOR + 16];
        image[SETUP_SECTORS] = 2;
        image[MAGIC..MAGIC + 4].copy_from_slice(b"HdrS");
        image[VERSION..VERSION + 2].copy_from_slice(&0x020F_u16.to_le_bytes());
        image[PAYLOAD_OFFSET..PAYLOAD_OFFSET + 4].copy_from_slice(&16_u32.to_le_bytes());
        let length = (payload.len() + SIZE) as u32;
        image[PAYLOAD_LENGTH..PAYLOAD_LENGTH + 4].copy_from_slice(&length.to_le_bytes());
        image.extend(payload);
        image.extend([0; SIZE]);
        image
    }

    #[test]
    fn the_payload_is_found_behind_the_setup_and_without_its_size() {
        assert_eq!(payload(&image(b"packed")).unwrap(), b"packed");
    }

    #[test]
    fn what_is_no_kernel_or_cut_off_is_an_error() {
        let whole = image(b"packed");
        for end in [0, SETUP_SECTORS, VERSION, PAYLOAD_LENGTH, 3 * SECTOR, whole.len() - SIZE - 1] {
            assert!(payload(&whole[..end]).is_err(), "{end}");
        }
        let mut old = whole;
        old[VERSION] = 7;
        assert!(payload(&old).is_err());
    }
}
