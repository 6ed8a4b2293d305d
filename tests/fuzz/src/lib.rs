//! What each fuzz target does with its bytes. The corpus test of `tests` includes this file as a module and replays
//! the committed seeds with a stable build, so nothing in here may know of the fuzzer.
//!
//! A target panics when a rule is broken: a panic inside the code under test, a value outside its limits, a reading
//! that does not survive being written and read again, or a wait without end.

mod card_channel;
mod card_data;
mod card_dialogue;
mod card_files;
mod card_world;
mod cash;
mod digitisation;
mod files;
mod identity;
mod identity_world;
mod input;
mod middle;
mod printer;
mod raster;
mod sane;
mod scan;
mod sede;
mod sede_petition;

pub use card_channel::card_secure_messaging;
pub use card_data::{card_profiles, component_parameters};
pub use card_dialogue::card_dialogue;
pub use card_files::{atr, card_directories, card_tlv};
pub use cash::{cctalk_bus, cctalk_frame, cctalk_reply};
pub use digitisation::digitisation;
pub use files::{board_file, ledger_file, ledger_rows, recorder, settings};
pub use identity::{ocsp_response, x509_chain};
pub use printer::{escpos_printer, escpos_status};
pub use raster::raster;
pub use sane::{sane_client, sane_wire};
pub use scan::{barcode, documents};
pub use sede::sede_answer;

/// Runs a future under a paused clock on one thread: minutes of a device's life take a millisecond.
fn simulate<F: Future>(body: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime.expect("a runtime"), body)
}
