//! What scanner is behind the service.

/// A source, and how the driver calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SanedSource {
    /// `Flatbed`.
    Glass,
    /// `ADF`.
    Feeder,
    /// `ADF Duplex`.
    Duplex,
}

impl SanedSource {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Glass => "Flatbed",
            Self::Feeder => "ADF",
            Self::Duplex => "ADF Duplex",
        }
    }
}

/// The scanner and its driver.
#[derive(Clone, Debug)]
pub struct SanedConfig {
    /// The name that opens it.
    pub device: String,
    /// Who made it; none is a null string, an empty one a string of no characters.
    pub vendor: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// It stands in the list; one of the network does not.
    pub listed: bool,
    /// Its sources; with none there is no such option, and the one is `lone_source`.
    pub sources: Vec<SanedSource>,
    /// What it is without a choice.
    pub lone_source: SanedSource,
    /// Bits of a sample to choose from; the first is set at first, and a single one cannot be chosen.
    pub depths: Vec<i32>,
    /// Resolutions to choose from; a range of 75 to 600 in steps of 25 when empty.
    pub resolutions: Vec<i32>,
    /// A table for the size of the paper limits the area; active at the feeder only.
    pub paper: bool,
    /// A switch that tells two sheets from one.
    pub double_feed_switch: bool,
    /// Pictures come as one frame a colour.
    pub three_pass: bool,
    /// Samples of 16 bits have their high byte first.
    pub big_endian: bool,
    /// Bytes of a record.
    pub record: usize,
}

impl Default for SanedConfig {
    fn default() -> Self {
        Self {
            device: "virtual:usb:001:004".to_owned(),
            vendor: Some("Talleres Ruiz".to_owned()),
            model: Some("Hoja 300".to_owned()),
            listed: true,
            sources: vec![SanedSource::Glass, SanedSource::Feeder, SanedSource::Duplex],
            lone_source: SanedSource::Glass,
            depths: vec![8],
            resolutions: vec![100, 200, 300, 600],
            paper: false,
            double_feed_switch: false,
            three_pass: false,
            big_endian: false,
            record: 8188,
        }
    }
}
