//! See `fuzz::raster`. A panic inside the drawing library is a document that cannot be drawn; one anywhere else is a
//! finding.
#![no_main]
use std::panic;

fn pass_over_the_library() {
    let abort = panic::take_hook();
    panic::set_hook(Box::new(move |told| {
        if !told.location().is_some_and(|place| place.file().contains("/registry/src/")) {
            abort(told);
        }
    }));
}

libfuzzer_sys::fuzz_target!(init: pass_over_the_library(), |data: &[u8]| fuzz::raster(data));
