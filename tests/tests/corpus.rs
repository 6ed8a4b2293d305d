//! The seeds of the fuzz targets, replayed without the fuzzer: what once went wrong, or nearly, is tried on each run.
//! What a fuzzer has found on this machine lies in the same folders and is replayed too.
#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

fn replay(name: &str, target: fn(&[u8])) {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder().join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 3, "{name}: {} seeds", files.len());
    let failed = |path: &PathBuf| {
        let data = fs::read(path).unwrap();
        catch_unwind(|| target(&data)).is_err()
    };
    let broken: Vec<PathBuf> = files.into_iter().filter(failed).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

macro_rules! targets {
    ($($name:ident),*) => {
        $(
            #[test]
            fn $name() {
                replay(stringify!($name), targets::$name);
            }
        )*

        #[test]
        fn every_folder_of_seeds_is_replayed() {
            let mut folders: Vec<String> = fs::read_dir(folder())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            folders.sort();
            let mut names = [$(stringify!($name)),*];
            names.sort();
            assert_eq!(folders, names);
        }
    };
}

targets!(
    atr,
    barcode,
    board_file,
    card_dialogue,
    card_directories,
    card_profiles,
    card_secure_messaging,
    card_tlv,
    cctalk_bus,
    cctalk_frame,
    cctalk_reply,
    component_parameters,
    digitisation,
    documents,
    escpos_printer,
    escpos_status,
    ledger_file,
    ledger_rows,
    ocsp_response,
    raster,
    recorder,
    sane_client,
    sane_wire,
    sede_answer,
    settings,
    x509_chain
);
