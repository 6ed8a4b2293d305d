//! What the rest of the firmware sees of a scanner: wishes in, pages, abilities and errors out.
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// Where paper is scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The glass: one page.
    #[default]
    Flatbed,
    /// The feeder, fronts only: pages until it is empty.
    Feeder,
    /// The feeder, fronts and backs in turn.
    FeederDuplex,
}

/// How it is scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// 256 greys.
    #[default]
    Grey,
    /// Red, green and blue, 8 bits each.
    Colour,
}

/// What is to be scanned, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanWish {
    /// From where.
    pub source: Source,
    /// In which colours.
    pub colour: Colour,
    /// Dots an inch, both ways. Where the scanner does not have them it takes the next more it has, or its most; a page
    /// says what was taken.
    pub dpi: u16,
}

/// A scanned page, as it came: nothing turned, cut or mended. It shows something of a citizen: wiped when it is
/// dropped, and its pixels are not in its `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct RawPage {
    /// Pixels of a row: 1 to 20,000.
    pub width: u32,
    /// Rows: 1 to 40,000.
    pub height: u32,
    /// 1 (grey, 255 is white) or 3 (red, green, blue).
    pub channels: u8,
    /// Dots an inch, both ways, as the scanner says itself.
    pub dpi: u16,
    /// Rows from the top, 8 bits a channel, without padding: `width` × `height` × `channels` bytes, at most 256 MiB.
    pub pixels: Vec<u8>,
}

impl fmt::Debug for RawPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RawPage { width, height, channels, dpi, pixels: _ } = self;
        write!(f, "RawPage({width} × {height} × {channels}, {dpi} dpi)")
    }
}

impl Drop for RawPage {
    fn drop(&mut self) {
        self.pixels.as_mut_slice().zeroize();
    }
}

/// Resolutions that a scanner takes, in dots an inch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolutions {
    /// These, rising.
    Listed(Vec<u16>),
    /// All from `least` to `most` in steps of `step`, which is not 0.
    Range {
        /// The least.
        least: u16,
        /// The most.
        most: u16,
        /// The step, counted from the least.
        step: u16,
    },
}

impl Resolutions {
    /// What is taken where `wanted` is asked for: that, or the next more there is, or the most.
    pub fn taken(&self, wanted: u16) -> Option<u16> {
        match self {
            Resolutions::Listed(list) => {
                list.iter().copied().find(|&dpi| dpi >= wanted).or(list.last().copied())
            }
            Resolutions::Range { least, most, step } => {
                let steps = wanted.saturating_sub(*least).div_ceil((*step).max(1));
                Some(least.saturating_add(steps.saturating_mul((*step).max(1))).min(*most))
            }
        }
    }
}

/// What a scanner can do at one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceAbilities {
    /// The source.
    pub source: Source,
    /// Colours, at least one.
    pub colours: Vec<Colour>,
    /// Resolutions.
    pub resolutions: Resolutions,
    /// Width and height of the largest area, in whole millimetres; none when the scanner does not say.
    pub largest_mm: Option<(u16, u16)>,
}

/// What a scanner can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abilities {
    /// Maker and model, or `scanner` when it does not say.
    pub name: String,
    /// Its sources, at least one, in the order of [`Source`].
    pub sources: Vec<SourceAbilities>,
}

impl Abilities {
    /// What it can do at a source, if it has it.
    pub fn at(&self, source: Source) -> Option<&SourceAbilities> {
        self.sources.iter().find(|abilities| abilities.source == source)
    }
}

/// Ports that the service may name for image data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortRange {
    /// The first.
    pub first: u16,
    /// The last, itself in the range.
    pub last: u16,
}

/// A scanner as the board file describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScannerConfig {
    /// Where saned listens.
    #[serde(default = "ScannerConfig::loopback")]
    pub address: SocketAddr,
    /// The device's name. It is opened by it though no list shows it, as network scanners are hidden from lists
    /// (`airscan:e0:…`). The first of the list when left out.
    #[serde(default)]
    pub device: Option<String>,
    /// The ports of saned's `data_portrange`; any from 1024 when left out.
    #[serde(default)]
    pub data_ports: Option<PortRange>,
    /// What a scanner without a choice of sources is.
    #[serde(default)]
    pub only_source: Source,
    /// Width and height of the largest page, in millimetres: a feeder that takes longer ones is told to stop there.
    #[serde(default = "ScannerConfig::legal_paper")]
    pub largest_page: (u16, u16),
}

impl ScannerConfig {
    /// The port that saned has in every document.
    pub const PORT: u16 = 6566;

    fn loopback() -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, Self::PORT))
    }

    fn legal_paper() -> (u16, u16) {
        (216, 356)
    }
}

impl Default for ScannerConfig {
    fn default() -> ScannerConfig {
        ScannerConfig {
            address: Self::loopback(),
            device: None,
            data_ports: None,
            only_source: Source::default(),
            largest_page: Self::legal_paper(),
        }
    }
}
