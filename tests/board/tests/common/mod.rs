//! A board with the program that proves devices in place of the firmware.
use std::path::PathBuf;

use emulated_board::firmware::device_program;
use emulated_board::image::{Base, RootContents, base, data_image, root_image};
use emulated_board::packages;
use emulated_board::places::Places;
use emulated_board::qemu::{Accelerator, DataDisk, Machine, MachineConfig};

use crate::scratch::Scratch;

pub struct Setting {
    pub scratch: Scratch,
    pub config: MachineConfig,
    pub data: PathBuf,
}

/// The first test of a fresh checkout makes the base of the image.
pub async fn setting(name: &str, sede_port: Option<u16>) -> Setting {
    packages::ensure().unwrap();
    let places = Places::of_workspace();
    let scratch = Scratch::new(name);
    let (base, root): (Base, PathBuf) = {
        let base = base(&places).unwrap();
        let contents = RootContents {
            binary: device_program(&places).unwrap(),
            board: "qemu-x86_64".into(),
            hosts: Vec::new(),
            files: Vec::new(),
        };
        let root = root_image(&places, &base, &contents).unwrap();
        (base, root)
    };
    let data = scratch.0.join("data.ext4");
    data_image(&data, 32, &[], &scratch.0).unwrap();
    let accelerator = Accelerator::choose(&places, &base).await.unwrap();
    let config = MachineConfig {
        base,
        root,
        data: DataDisk::LosesUnflushed(data.clone()),
        accelerator,
        sede_port,
        scanner_port: None,
        display: (1080, 1920),
        clock: None,
        shell: false,
        kernel_words: Vec::new(),
    };
    Setting { scratch, config, data }
}

impl Setting {
    pub async fn build(&self) -> Machine {
        Machine::build(&self.config, &self.scratch.0).await.unwrap()
    }
}
