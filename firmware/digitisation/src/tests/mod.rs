//! What no scanner should send, and what no town hall should set. Pages as they are, seen by other people's programs,
//! are in the package `qa`.
mod hostile;
mod limits;

use super::*;

/// A page of noise.
fn page(width: u32, height: u32, channels: u8, seed: u64) -> RawPage {
    let mut random = fastrand::Rng::with_seed(seed);
    let bytes = width as usize * height as usize * usize::from(channels);
    RawPage { width, height, channels, dpi: 200, pixels: (0..bytes).map(|_| random.u8(..)).collect() }
}

pub(crate) fn about() -> About {
    About {
        title: "Instancia de prueba".to_owned().into(),
        language: "es-ES",
        part: |part, parts| format!("(parte {part} de {parts})"),
        created: "2026-11-29T10:20:30+01:00[Europe/Madrid]".parse().unwrap(),
    }
}
