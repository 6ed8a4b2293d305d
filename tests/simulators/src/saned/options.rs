//! The options of the driver, and how strict it is about them.

use super::config::{SanedConfig, SanedSource};
use super::writer::Writer;

/// Statuses that a driver answers with.
const INVALID: u32 = 4;

const SELECT: u32 = 1;
const DETECT: u32 = 4;
const INACTIVE: u32 = 0x20;

/// Bits of the answer to a setting.
const INEXACT: u32 = 1;
const RELOAD: u32 = 2 | 4;

const MM: u32 = 3;
const DPI: u32 = 4;

#[derive(Clone, Debug)]
enum Constraint {
    None,
    Range(i32, i32, i32),
    Words(Vec<i32>),
    Texts(Vec<&'static str>),
}

#[derive(Clone, Debug)]
struct Opt {
    name: Option<&'static str>,
    kind: u32,
    unit: u32,
    capabilities: u32,
    constraint: Constraint,
    /// As on the wire, without its length.
    value: Vec<u8>,
}

impl Opt {
    fn group(name: &'static str) -> Self {
        // A headline has a title only; some drivers name it, too.
        Self {
            name: Some(name),
            kind: 5,
            unit: 0,
            capabilities: 0,
            constraint: Constraint::None,
            value: Vec::new(),
        }
    }

    fn texts(name: &'static str, texts: Vec<&'static str>) -> Self {
        let size = texts.iter().map(|text| text.len() + 1).max().unwrap_or(1);
        let mut value = texts.first().map(|text| text.as_bytes().to_vec()).unwrap_or_default();
        value.resize(size, 0);
        Self {
            name: Some(name),
            kind: 3,
            unit: 0,
            capabilities: SELECT | DETECT,
            constraint: Constraint::Texts(texts),
            value,
        }
    }

    fn words(name: &'static str, kind: u32, unit: u32, constraint: Constraint, first: i32) -> Self {
        let value = first.to_be_bytes().to_vec();
        Self { name: Some(name), kind, unit, capabilities: SELECT | DETECT, constraint, value }
    }

    fn word(&self) -> i32 {
        self.value.first_chunk().map_or(0, |bytes| i32::from_be_bytes(*bytes))
    }

    fn text(&self) -> String {
        match self.kind {
            2 => format!("{}", f64::from(self.word()) / 65536.0),
            3 => String::from_utf8_lossy(&self.value).trim_end_matches('\0').to_owned(),
            _ => self.word().to_string(),
        }
    }
}

fn fixed(whole: i32) -> i32 {
    whole << 16
}

/// A length of paper in millimetres.
fn length(name: &'static str, most: i32, first: i32) -> Opt {
    Opt::words(name, 2, MM, Constraint::Range(0, fixed(most), 0), fixed(first))
}

/// The options of an open device.
#[derive(Clone, Debug)]
pub(super) struct Options {
    list: Vec<Opt>,
    /// A setting said that they are to be read again, and nobody did.
    stale: bool,
    lone: SanedSource,
    sources: Vec<SanedSource>,
    depth: i32,
}

/// What a setting came to.
pub(super) struct Set {
    pub(super) info: u32,
    pub(super) name: String,
    pub(super) text: String,
}

impl Options {
    pub(super) fn new(config: &SanedConfig) -> Self {
        let mut list =
            vec![Opt { name: Some(""), capabilities: DETECT, ..Opt::words("", 1, 0, Constraint::None, 0) }];
        list.push(Opt::group("standard"));
        if !config.sources.is_empty() {
            list.push(Opt::texts("source", config.sources.iter().map(|source| source.label()).collect()));
        }
        list.push(Opt::texts("mode", vec!["Lineart", "Gray", "Color"]));
        if config.depths.len() > 1 {
            list.push(Opt::words("depth", 1, 2, Constraint::Words(config.depths.clone()), config.depths[0]));
        }
        list.push(if config.resolutions.is_empty() {
            Opt::words("resolution", 2, DPI, Constraint::Range(fixed(75), fixed(600), fixed(25)), fixed(75))
        } else {
            let list = config.resolutions.clone();
            Opt::words("resolution", 1, DPI, Constraint::Words(list), config.resolutions[0])
        });
        list.push(Opt::group("geometry"));
        if config.paper {
            list.push(length("page-width", 224, 210));
            list.push(length("page-height", 864, 279));
        }
        list.extend([
            length("tl-x", 216, 5),
            length("tl-y", 297, 5),
            length("br-x", 216, 100),
            length("br-y", 297, 100),
        ]);
        let table = Opt::words("gamma-table", 1, 0, Constraint::Range(0, 255, 1), 0);
        list.push(Opt { value: (0..256_i32).flat_map(i32::to_be_bytes).collect(), ..table });
        let calibrate = Opt::words("calibrate", 4, 0, Constraint::None, 0);
        list.push(Opt { value: Vec::new(), ..calibrate });
        if config.double_feed_switch {
            let switch = Opt::words("double-feed", 0, 0, Constraint::None, 0);
            list.push(Opt { capabilities: DETECT, ..switch });
        }
        let count = list.len() as i32;
        list[0].value = count.to_be_bytes().to_vec();
        let mut options = Self {
            list,
            stale: false,
            lone: config.lone_source,
            sources: config.sources.clone(),
            depth: config.depths.first().copied().unwrap_or(8),
        };
        options.follow();
        options
    }

    fn find(&self, name: &str) -> Option<&Opt> {
        self.list.iter().find(|option| option.name == Some(name) && option.kind != 5)
    }

    fn find_mut(&mut self, name: &str) -> Option<&mut Opt> {
        self.list.iter_mut().find(|option| option.name == Some(name) && option.kind != 5)
    }

    pub(super) fn source(&self) -> SanedSource {
        let label = self.find("source").map(Opt::text);
        self.sources
            .iter()
            .copied()
            .find(|source| Some(source.label()) == label.as_deref())
            .unwrap_or(self.lone)
    }

    pub(super) fn in_colour(&self) -> bool {
        self.find("mode").is_some_and(|mode| mode.text() == "Color")
    }

    pub(super) fn depth(&self) -> i32 {
        match self.find("mode").map(Opt::text).as_deref() {
            Some("Lineart") => 1,
            _ => self.find("depth").map_or(self.depth, Opt::word),
        }
    }

    /// The switch that tells two sheets from one.
    pub(super) fn switch(&mut self, on: bool) {
        if let Some(switch) = self.find_mut("double-feed") {
            switch.value = i32::from(on).to_be_bytes().to_vec();
        }
    }

    /// Paper has a size in the feeder only, and it limits the area.
    fn follow(&mut self) {
        let feeder = self.source() != SanedSource::Glass;
        for (paper, area) in [("page-width", "br-x"), ("page-height", "br-y")] {
            let Some(option) = self.find_mut(paper) else { continue };
            option.capabilities = SELECT | DETECT | if feeder { 0 } else { INACTIVE };
            let most = if feeder { option.word() } else { fixed(if area == "br-x" { 216 } else { 297 }) };
            if let Some(area) = self.find_mut(area) {
                area.constraint = Constraint::Range(0, most, 0);
                if area.word() > most {
                    area.value = most.to_be_bytes().to_vec();
                }
            }
        }
    }

    /// The answer to the question for the options; from now they may be set again.
    pub(super) fn describe(&mut self) -> Vec<u8> {
        self.stale = false;
        let mut writer = Writer::default();
        writer.array(&self.list, |writer, option| {
            let headline = option.kind == 5;
            writer.word(0).text(if headline { None } else { option.name });
            writer.text(option.name).text(Some(""));
            writer
                .word(option.kind)
                .word(option.unit)
                .word(option.value.len() as u32)
                .word(option.capabilities);
            match &option.constraint {
                Constraint::None => writer.word(0),
                Constraint::Range(least, most, step) => {
                    writer.word(1).word(0).int(*least).int(*most).int(*step)
                }
                Constraint::Words(words) => {
                    let counted: Vec<i32> =
                        [words.len() as i32].into_iter().chain(words.iter().copied()).collect();
                    writer.word(2).array(&counted, |writer, word| {
                        writer.int(*word);
                    })
                }
                Constraint::Texts(texts) => {
                    let ended: Vec<Option<&str>> = texts.iter().copied().map(Some).chain([None]).collect();
                    writer.word(3).array(&ended, |writer, text| {
                        writer.text(*text);
                    })
                }
            };
        });
        writer.0
    }

    fn active(&mut self, number: u32) -> Result<&mut Opt, u32> {
        if self.stale {
            return Err(INVALID);
        }
        let option = self.list.get_mut(number as usize).ok_or(INVALID)?;
        if option.capabilities & INACTIVE != 0 || option.kind == 5 { Err(INVALID) } else { Ok(option) }
    }

    /// The value of an option, as on the wire.
    pub(super) fn get(&mut self, number: u32) -> Result<Vec<u8>, u32> {
        let option = self.active(number)?;
        if option.capabilities & DETECT == 0 { Err(INVALID) } else { Ok(option.value.clone()) }
    }

    /// Sets it. A number that does not fit becomes the nearest that does; a string must be one of the list.
    pub(super) fn set(&mut self, number: u32, kind: u32, value: &[u8]) -> Result<Set, u32> {
        let option = self.active(number)?;
        if option.capabilities & SELECT == 0 || kind != option.kind || value.len() != option.value.len() {
            return Err(INVALID);
        }
        let before = option.value.clone();
        option.value = value.to_vec();
        let word = option.word();
        let fits = match &option.constraint {
            Constraint::None => word,
            Constraint::Range(least, most, step) => {
                let near = word.clamp(*least, *most);
                if *step == 0 { near } else { least + (near - least + step / 2) / step * step }
            }
            Constraint::Words(words) => *words.iter().min_by_key(|fit| fit.abs_diff(word)).unwrap_or(&word),
            Constraint::Texts(texts) => {
                if !texts.iter().any(|text| *text == option.text()) {
                    option.value = before;
                    return Err(INVALID);
                }
                word
            }
        };
        let mut info = 0;
        if fits != word && value.len() == 4 {
            option.value = fits.to_be_bytes().to_vec();
            info |= INEXACT;
        }
        let (name, text) = (option.name.unwrap_or_default(), option.text());
        if option.value != before && ["source", "mode", "page-width", "page-height"].contains(&name) {
            info |= RELOAD;
            self.stale = true;
            self.follow();
        }
        Ok(Set { info, name: name.to_owned(), text })
    }
}
