//! Real-time commands, found as the bytes come in, wherever they stand (reference 2.1).

use super::config::Model;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RealTime {
    /// DLE EOT n.
    Status(u8),
    /// DLE ENQ 1: go on after an error.
    Recover,
    /// DLE ENQ 2: forget the buffers and go on.
    RecoverAndClear,
    /// DLE DC4 8: forget the buffers.
    ClearBuffers,
    /// 1C C0 18 10 14 1A of the Custom printers.
    HardwareReset,
}

/// Watches a stream of bytes; does not take any out.
#[derive(Clone, Debug, Default)]
pub struct Watcher {
    recent: Vec<u8>,
}

const CLEAR: &[u8] = &[0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];
const RESET: &[u8] = &[0x1C, 0xC0, 0x18, 0x10, 0x14, 0x1A];

impl Watcher {
    pub fn byte(&mut self, byte: u8, model: Model) -> Option<RealTime> {
        self.recent.push(byte);
        if self.recent.len() > CLEAR.len() {
            self.recent.remove(0);
        }
        let found = match self.recent.as_slice() {
            [.., 0x10, 0x04, n @ 1..=4] => Some(RealTime::Status(*n)),
            [.., 0x10, 0x04, n @ (17 | 20)] if model == Model::Custom => Some(RealTime::Status(*n)),
            [.., 0x10, 0x05, 1] => Some(RealTime::Recover),
            [.., 0x10, 0x05, 2] => Some(RealTime::RecoverAndClear),
            recent if recent.ends_with(CLEAR) => Some(RealTime::ClearBuffers),
            recent if recent.ends_with(RESET) && model == Model::Custom => Some(RealTime::HardwareReset),
            _ => None,
        };
        if found.is_some() {
            self.recent.clear();
        }
        found
    }
}
