//! `scan:ScannerStatus`: what a client reads of the device and its jobs.

use std::fmt::Write as _;

use tokio::time::Instant;

use super::config::CoverWord;
use super::engine::{Engine, Stoppage};
use super::sheet::Place;

/// `pwg:State`
pub(super) fn device_state(engine: &Engine) -> &'static str {
    if engine.pending.busy || engine.running().is_some() {
        "Processing"
    } else if engine.cover_open || engine.stoppage.is_some() {
        "Stopped"
    } else {
        "Idle"
    }
}

/// `scan:AdfState`
pub(super) fn adf_state(engine: &Engine) -> Option<&'static str> {
    engine.config.feeder?;
    let pretends = engine.jobs.back().is_some_and(|job| job.pretends_empty);
    let feeding = engine.running().is_some_and(|job| job.uses_feeder() && job.working);
    Some(match (engine.cover_open, engine.stoppage) {
        (true, _) => match engine.config.cover_word {
            CoverWord::DoorOpen => "ScannerAdfDoorOpen",
            CoverWord::HatchOpen => "ScannerAdfHatchOpen",
        },
        (false, Some(Stoppage::Jam)) => "ScannerAdfJam",
        (false, Some(Stoppage::DoubleFeed)) => "ScannerAdfMultipickDetected",
        (false, Some(Stoppage::Mispick)) => "ScannerAdfMispick",
        (false, None) if feeding => "ScannerAdfProcessing",
        (false, None) if pretends || engine.count(Place::Tray) == 0 => "ScannerAdfEmpty",
        (false, None) => "ScannerAdfLoaded",
    })
}

/// The document.
pub(super) fn status(engine: &Engine, now: Instant) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <scan:ScannerStatus xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
         xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\">\n<pwg:Version>2.63</pwg:Version>\n",
    );
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(xml, "<pwg:State>{}</pwg:State>", device_state(engine));
    if let Some(state) = adf_state(engine) {
        let _ = writeln!(xml, "<scan:AdfState>{state}</scan:AdfState>");
    }
    xml.push_str("<scan:Jobs>\n");
    for job in engine.jobs.iter().rev() {
        let _ = writeln!(
            xml,
            "<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{number}</pwg:JobUri>\
             <pwg:JobUuid>urn:uuid:00000000-0000-4000-8000-{number:012x}</pwg:JobUuid>\
             <scan:Age>{}</scan:Age><pwg:ImagesCompleted>{}</pwg:ImagesCompleted>\
             <pwg:ImagesToTransfer>{}</pwg:ImagesToTransfer><pwg:JobState>{}</pwg:JobState>\
             <pwg:JobStateReasons><pwg:JobStateReason>{}</pwg:JobStateReason></pwg:JobStateReasons></scan:JobInfo>",
            now.saturating_duration_since(job.started).as_secs(),
            job.pages,
            u32::from(!job.is_over()),
            job.state.word(),
            job.state.reason(),
            number = job.number,
        );
    }
    xml.push_str("</scan:Jobs>\n</scan:ScannerStatus>\n");
    xml
}
