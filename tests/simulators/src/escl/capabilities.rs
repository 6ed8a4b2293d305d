//! `scan:ScannerCapabilities`: what the device can do.

use std::fmt::Write as _;

use super::config::{REGION_MIN, ScannerConfig};
use super::placement::bed;
use super::settings::{Format, Source};

/// What XML must not hold as it is.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
    out
}

/// The document.
pub(super) fn capabilities(config: &ScannerConfig) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <scan:ScannerCapabilities xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
         xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\">\n<pwg:Version>2.63</pwg:Version>\n\
         <pwg:MakeAndModel>{}</pwg:MakeAndModel>\n<pwg:SerialNumber>{}</pwg:SerialNumber>\n",
        escaped(&config.make_and_model),
        escaped(&config.serial),
    );
    if config.glass {
        let caps = input_caps(config, Source::Glass);
        // Writing to a string cannot fail, here and below.
        let _ =
            writeln!(xml, "<scan:Platen><scan:PlatenInputCaps>{caps}</scan:PlatenInputCaps></scan:Platen>");
    }
    if let Some(feeder) = config.feeder {
        let caps = input_caps(config, Source::Feeder);
        let _ = write!(xml, "<scan:Adf><scan:AdfSimplexInputCaps>{caps}</scan:AdfSimplexInputCaps>");
        if feeder.duplex {
            let _ = write!(xml, "<scan:AdfDuplexInputCaps>{caps}</scan:AdfDuplexInputCaps>");
        }
        let _ = write!(xml, "<scan:FeederCapacity>{}</scan:FeederCapacity>", feeder.capacity);
        xml.push_str(
            "<scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption></scan:AdfOptions>\
             <scan:Justification><pwg:XImagePosition>Center</pwg:XImagePosition>\
             <pwg:YImagePosition>Top</pwg:YImagePosition></scan:Justification></scan:Adf>\n",
        );
    }
    xml.push_str("</scan:ScannerCapabilities>\n");
    xml
}

fn input_caps(config: &ScannerConfig, source: Source) -> String {
    let (width, height) = bed(source);
    let formats: String = config.formats.iter().map(|format| document_format(*format)).collect();
    let resolutions: String = config
        .resolutions
        .iter()
        .map(|dpi| {
            format!(
                "<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>\
                 <scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
            )
        })
        .collect();
    format!(
        "<scan:MinWidth>{REGION_MIN}</scan:MinWidth><scan:MaxWidth>{width}</scan:MaxWidth>\
         <scan:MinHeight>{REGION_MIN}</scan:MinHeight><scan:MaxHeight>{height}</scan:MaxHeight>\
         <scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles><scan:SettingProfile>\
         <scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode>\
         </scan:ColorModes><scan:DocumentFormats>{formats}</scan:DocumentFormats>\
         <scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}</scan:DiscreteResolutions>\
         </scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>\
         <scan:SupportedIntents><scan:Intent>Document</scan:Intent></scan:SupportedIntents>"
    )
}

fn document_format(format: Format) -> String {
    let mime = format.mime();
    format!(
        "<pwg:DocumentFormat>{mime}</pwg:DocumentFormat>\
         <scan:DocumentFormatExt>{mime}</scan:DocumentFormatExt>"
    )
}
