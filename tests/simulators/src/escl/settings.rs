//! `scan:ScanSettings`: what a client wants scanned.

use roxmltree::{Document, Node};
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    Glass,
    Feeder,
    /// The feeder, both sides of each sheet.
    FeederDuplex,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColourMode {
    /// `Grayscale8`
    Grey,
    /// `RGB24`
    Colour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Jpeg,
    Png,
}

impl Format {
    /// Its media type.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// A part of the bed, in 1/300 inch from its corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Region {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// What one job asks for. What is not said is `None`: the device chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Settings {
    pub source: Source,
    pub mode: ColourMode,
    pub dpi: Option<u16>,
    pub region: Option<Region>,
    pub format: Option<Format>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("no XML: {0}")]
    NoXml(String),
    #[error("the root is {0}, not ScanSettings")]
    Root(String),
    #[error("{element} cannot be {value:?}")]
    Value { element: &'static str, value: String },
    #[error("the resolutions across and down differ: {x} and {y}")]
    Uneven { x: u16, y: u16 },
    #[error("more than one region")]
    Regions,
}

impl Settings {
    /// Reads the body of a request for a job. Elements are known by their local names: clients disagree whether
    /// `InputSource` and others belong to eSCL or to the PWG.
    ///
    /// # Errors
    /// What is no XML, no settings, or has a value that eSCL does not know.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let document = Document::parse(text).map_err(|error| SettingsError::NoXml(error.to_string()))?;
        let root = document.root_element();
        if root.tag_name().name() != "ScanSettings" {
            return Err(SettingsError::Root(root.tag_name().name().to_owned()));
        }
        let duplex = match child_text(root, "Duplex") {
            None | Some("false" | "0") => false,
            Some("true" | "1") => true,
            Some(other) => return Err(bad("Duplex", other)),
        };
        let source = match child_text(root, "InputSource") {
            None | Some("Platen") => Source::Glass,
            Some("Feeder" | "Adf") if duplex => Source::FeederDuplex,
            Some("Feeder" | "Adf") => Source::Feeder,
            Some(other) => return Err(bad("InputSource", other)),
        };
        let mode = match child_text(root, "ColorMode") {
            None | Some("RGB24") => ColourMode::Colour,
            Some("Grayscale8") => ColourMode::Grey,
            Some(other) => return Err(bad("ColorMode", other)),
        };
        let dpi = match (number(root, "XResolution")?, number(root, "YResolution")?) {
            (Some(x), Some(y)) if x != y => return Err(SettingsError::Uneven { x, y }),
            (x, y) => x.or(y),
        };
        // The newer element wins where both are sent.
        let format = child_text(root, "DocumentFormatExt").or_else(|| child_text(root, "DocumentFormat"));
        let format = match format {
            None => None,
            Some("image/jpeg") => Some(Format::Jpeg),
            Some("image/png") => Some(Format::Png),
            Some(other) => return Err(bad("DocumentFormat", other)),
        };
        Ok(Self { source, mode, dpi, region: region(root)?, format })
    }
}

fn bad(element: &'static str, value: &str) -> SettingsError {
    SettingsError::Value { element, value: value.chars().take(80).collect() }
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

fn child_text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name).map(|found| found.text().unwrap_or_default().trim())
}

fn number<T: std::str::FromStr>(node: Node<'_, '_>, name: &'static str) -> Result<Option<T>, SettingsError> {
    child_text(node, name).map(|text| text.parse().map_err(|_| bad(name, text))).transpose()
}

fn region(root: Node<'_, '_>) -> Result<Option<Region>, SettingsError> {
    let Some(regions) = child(root, "ScanRegions") else { return Ok(None) };
    let mut all =
        regions.children().filter(|node| node.is_element() && node.tag_name().name() == "ScanRegion");
    let Some(only) = all.next() else { return Ok(None) };
    if all.next().is_some() {
        return Err(SettingsError::Regions);
    }
    if let Some(units) = child_text(only, "ContentRegionUnits")
        && !units.ends_with("ThreeHundredthsOfInches")
    {
        return Err(bad("ContentRegionUnits", units));
    }
    let side = |name| number(only, name)?.ok_or_else(|| bad(name, ""));
    let offset = |name| Ok(number(only, name)?.unwrap_or(0));
    Ok(Some(Region {
        x: offset("XOffset")?,
        y: offset("YOffset")?,
        width: side("Width")?,
        height: side("Height")?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(inside: &str) -> Result<Settings, SettingsError> {
        Settings::parse(&format!(
            "<?xml version=\"1.0\"?><scan:ScanSettings xmlns:pwg=\"p\" xmlns:scan=\"s\">{inside}</scan:ScanSettings>"
        ))
    }

    #[test]
    fn everything_said_is_heard() {
        let read = with(
            "<pwg:Version>2.0</pwg:Version><pwg:ScanRegions><pwg:ScanRegion>\
             <pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>\
             <pwg:XOffset>10</pwg:XOffset><pwg:YOffset>20</pwg:YOffset>\
             <pwg:Width>2480</pwg:Width><pwg:Height>3508</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>\
             <pwg:InputSource>Feeder</pwg:InputSource><scan:ColorMode>Grayscale8</scan:ColorMode>\
             <pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>\
             <scan:DocumentFormatExt>image/png</scan:DocumentFormatExt>\
             <scan:XResolution>200</scan:XResolution><scan:YResolution>200</scan:YResolution>\
             <scan:Duplex>true</scan:Duplex>",
        );
        let expected = Settings {
            source: Source::FeederDuplex,
            mode: ColourMode::Grey,
            dpi: Some(200),
            region: Some(Region { x: 10, y: 20, width: 2480, height: 3508 }),
            format: Some(Format::Png),
        };
        assert_eq!(read, Ok(expected));
    }

    #[test]
    fn what_is_not_said_is_left_to_the_device() {
        let expected = Settings {
            source: Source::Glass,
            mode: ColourMode::Colour,
            dpi: None,
            region: None,
            format: None,
        };
        assert_eq!(with(""), Ok(expected));
    }

    #[test]
    fn what_escl_does_not_know_is_named() {
        for (inside, word) in [
            ("<scan:ColorMode>RGB48</scan:ColorMode>", "ColorMode"),
            ("<scan:InputSource>Camera</scan:InputSource>", "InputSource"),
            ("<scan:XResolution>many</scan:XResolution>", "XResolution"),
            ("<scan:XResolution>100</scan:XResolution><scan:YResolution>200</scan:YResolution>", "differ"),
            ("<scan:Duplex>maybe</scan:Duplex>", "Duplex"),
            ("<pwg:DocumentFormat>application/pdf</pwg:DocumentFormat>", "DocumentFormat"),
            ("<pwg:ScanRegions><pwg:ScanRegion/></pwg:ScanRegions>", "Width"),
            ("<pwg:ScanRegions><pwg:ScanRegion/><pwg:ScanRegion/></pwg:ScanRegions>", "more than one"),
        ] {
            let error = with(inside).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn other_documents_are_refused() {
        assert!(matches!(Settings::parse("<a/>"), Err(SettingsError::Root(name)) if name == "a"));
        assert!(matches!(Settings::parse("scan"), Err(SettingsError::NoXml(_))));
        let bomb = "<!DOCTYPE a [<!ENTITY b \"cc\"><!ENTITY d \"&b;&b;\">]><ScanSettings>&d;</ScanSettings>";
        assert!(matches!(Settings::parse(bomb), Err(SettingsError::NoXml(_))));
    }
}
