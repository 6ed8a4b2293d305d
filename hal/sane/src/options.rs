//! The options of a device by their names, and which value to set where. Pure.
//!
//! Names and values of the SANE standard where it has them; what drivers call their sources and modes is theirs, and
//! told apart by the words in it.
use crate::api::{Colour, Resolutions, Source};
use crate::wire::{
    Constraint, Descriptor, Descriptors, Fixed, Kind, LONGEST_TEXT, MOST_ELEMENTS, Text, Unit, Value,
};

/// Millimetres of an inch, by ten.
const TENTHS_OF_AN_INCH: i64 = 254;
/// Resolutions that make sense for a page.
const RESOLUTIONS: std::ops::RangeInclusive<i32> = 50..=1200;

/// The options, as they are now.
#[derive(Clone, Debug, Default)]
pub struct Options(Vec<Option<Descriptor>>);

/// What is to be set for a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The option.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
}

impl From<Descriptors> for Options {
    fn from(Descriptors(list): Descriptors) -> Options {
        Options(list)
    }
}

impl Options {
    /// The option of a name, with its number. One whose value has no size that makes sense is none.
    pub fn find(&self, name: &str) -> Option<(u32, &Descriptor)> {
        (0..).zip(&self.0).find_map(|(number, descriptor)| {
            let descriptor = descriptor.as_ref()?;
            let named = descriptor.name.as_ref().is_some_and(|own| own.bytes() == name.as_bytes());
            (named && sized(descriptor)).then_some((number, descriptor))
        })
    }

    /// The same, when it may be set now.
    pub fn settable(&self, name: &str) -> Option<(u32, &Descriptor)> {
        self.find(name).filter(|(_, descriptor)| descriptor.capabilities.settable())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sources there are, in the order of [`Source`]; `only` where there is no choice.
    pub fn sources(&self, only: Source) -> Vec<Source> {
        let all = [Source::Flatbed, Source::Feeder, Source::FeederDuplex];
        all.into_iter().filter(|&source| self.at_source(source, only).is_some()).collect()
    }

    /// What to set for a source, in this order; none when it is not there.
    pub fn at_source(&self, source: Source, only: Source) -> Option<Vec<Setting>> {
        let set = |label: Text| Setting { name: "source", value: Value::Text(label) };
        let Some(labels) = self.settable("source").and_then(|(_, descriptor)| texts(descriptor)) else {
            return match source {
                _ if source == only => Some(self.side(source, Vec::new()).unwrap_or_default()),
                Source::FeederDuplex if only == Source::Feeder => self.side(source, Vec::new()),
                _ => None,
            };
        };
        let labelled = |wanted| labels.iter().find(|label| source_of(label) == Some(wanted)).cloned();
        match labelled(source) {
            Some(label) if source == Source::Feeder => {
                Some(self.side(source, vec![set(label.clone())]).unwrap_or_else(|| vec![set(label)]))
            }
            Some(label) => Some(vec![set(label)]),
            // One feeder, and another option for the sides of the paper.
            None if source == Source::FeederDuplex => {
                labelled(Source::Feeder).and_then(|label| self.side(source, vec![set(label)]))
            }
            None => None,
        }
    }

    /// The settings with the one that chooses the sides of the paper behind them, where there is such an option. It may
    /// be inactive until the source is set.
    fn side(&self, source: Source, mut settings: Vec<Setting>) -> Option<Vec<Setting>> {
        let both = match source {
            Source::Flatbed => return None,
            Source::Feeder => false,
            Source::FeederDuplex => true,
        };
        if let Some((_, descriptor)) = self.find("adf-mode") {
            let has = |word: &str| texts(descriptor)?.iter().find(|text| holds(text, &[word])).cloned();
            let value = has(if both { "duplex" } else { "simplex" })?;
            settings.push(Setting { name: "adf-mode", value: Value::Text(value) });
            return Some(settings);
        }
        let (_, descriptor) = self.find("duplex")?;
        if descriptor.kind != Kind::Bool {
            return None;
        }
        settings.push(Setting { name: "duplex", value: Value::word(both.into()) });
        Some(settings)
    }

    /// The value of `mode` for these colours: none when it is not there, `Some(None)` when there is nothing to set, as
    /// the scanner has no choice.
    pub fn mode(&self, colour: Colour) -> Option<Option<Value>> {
        let Some(modes) = self.settable("mode").and_then(|(_, descriptor)| texts(descriptor)) else {
            return Some(None);
        };
        let (exact, words): (&str, &[&str]) = match colour {
            Colour::Grey => ("gray", &["gray", "grey"]),
            Colour::Colour => ("color", &["color", "colour"]),
        };
        let exactly = modes.iter().find(|mode| mode.bytes().eq_ignore_ascii_case(exact.as_bytes()));
        // `16-bit Gray`, `Color Lineart` and the like are something else, and only taken for want of better.
        let odd = ["16", "48", "lineart", "halftone", "dither", "1 bit", "1-bit"];
        let alike =
            |odd_too: bool| modes.iter().find(|mode| holds(mode, words) && (odd_too || !holds(mode, &odd)));
        exactly.or_else(|| alike(false)).or_else(|| alike(true)).map(|mode| Some(Value::Text(mode.clone())))
    }

    /// The value of `depth` for 8 bits, where it can be chosen and has them.
    pub fn depth(&self) -> Option<Value> {
        let (_, descriptor) = self.settable("depth")?;
        let (value, 8) = (fit(descriptor, 8)?, rounded(descriptor, fit(descriptor, 8)?)) else { return None };
        Some(Value::word(value))
    }

    /// The names of the options that set the resolution: one for both ways, or one each.
    pub fn resolution_names(&self) -> &'static [&'static str] {
        if self.find("resolution").is_some() { &["resolution"] } else { &["x-resolution", "y-resolution"] }
    }

    /// Resolutions from 50 to 1200 dpi; none when the scanner does not say, or has none of them.
    pub fn resolutions(&self) -> Option<Resolutions> {
        let name = self.resolution_names().first()?;
        let (_, descriptor) = self.settable(name)?;
        let whole = |raw: i32| rounded(descriptor, raw);
        let small = |number: i64| u16::try_from(number).ok();
        match &descriptor.constraint {
            Constraint::Words(words) => {
                let mut list: Vec<u16> = words
                    .iter()
                    .map(|&raw| whole(raw))
                    .filter(|number| RESOLUTIONS.contains(number))
                    .filter_map(|number| small(number.into()))
                    .collect();
                list.sort_unstable();
                list.dedup();
                (!list.is_empty()).then_some(Resolutions::Listed(list))
            }
            Constraint::Range { least, most, step } => {
                // Wide enough for the sums of what a scanner may say.
                let [low, high, step] = [*least, *most, *step].map(|raw| i64::from(whole(raw)));
                let [first, last] = [RESOLUTIONS.start(), RESOLUTIONS.end()].map(|&dpi| i64::from(dpi));
                let step = step.clamp(1, last);
                // Moved up by whole steps, so that it stays one of the resolutions there are.
                let missing = (first - low).max(0);
                let least = low + (missing + step - 1) / step * step;
                let most = high.min(last);
                (least <= most).then_some(())?;
                let most = least + (most - least) / step * step;
                Some(Resolutions::Range { least: small(least)?, most: small(most)?, step: small(step)? })
            }
            Constraint::None | Constraint::Texts(_) => None,
        }
    }

    /// The value of a resolution's option for so many dots an inch: see [`Resolutions::taken`].
    pub fn resolution(&self, name: &str, wanted: u16) -> Option<Value> {
        let (_, descriptor) = self.settable(name)?;
        let dpi = self.resolutions().map_or(Some(wanted), |all| all.taken(wanted))?;
        Some(Value::word(fit(descriptor, i32::from(dpi))?))
    }

    /// Where a length ends: the value of an option of the geometry for the largest area, no longer than so many
    /// millimetres. `dpi` is for scanners that count pixels.
    pub fn farthest(&self, name: &str, most_mm: u16, dpi: u16) -> Option<Value> {
        let (_, descriptor) = self.settable(name)?;
        let wanted = match descriptor.unit {
            Unit::Millimetre => i32::from(most_mm),
            Unit::Pixel => {
                let pixels = i64::from(most_mm) * 10 * i64::from(dpi) / TENTHS_OF_AN_INCH;
                i32::try_from(pixels).ok()?
            }
            _ => return None,
        };
        Some(Value::word(fit(descriptor, wanted)?))
    }

    /// The least value of an option of the geometry: where an area begins.
    pub fn nearest(&self, name: &str) -> Option<Value> {
        let (_, descriptor) = self.settable(name)?;
        match descriptor.constraint {
            Constraint::Range { least, .. } if descriptor.is_one_word() => Some(Value::word(least)),
            _ => None,
        }
    }

    /// Width and height of the largest area in whole millimetres, for scanners that count in them.
    pub fn largest_mm(&self) -> Option<(u16, u16)> {
        let length = |paper: &str, area: &str| {
            // The paper's size limits the area where both are there.
            let (_, descriptor) = self.settable(paper).or_else(|| self.settable(area))?;
            let Constraint::Range { most, .. } = descriptor.constraint else { return None };
            let fits = descriptor.unit == Unit::Millimetre && descriptor.is_one_word();
            u16::try_from(rounded(descriptor, most)).ok().filter(|&mm| fits && mm > 0)
        };
        Some((length("page-width", "br-x")?, length("page-height", "br-y")?))
    }
}

fn sized(descriptor: &Descriptor) -> bool {
    let size = descriptor.size as usize;
    match descriptor.kind {
        Kind::Bool | Kind::Int | Kind::Fixed => {
            size > 0 && size.is_multiple_of(4) && size / 4 <= MOST_ELEMENTS
        }
        Kind::Text => (1..=LONGEST_TEXT).contains(&size),
        Kind::Button => true,
        Kind::Group => false,
    }
}

/// The strings an option takes.
fn texts(descriptor: &Descriptor) -> Option<&[Text]> {
    match &descriptor.constraint {
        Constraint::Texts(texts) if descriptor.kind == Kind::Text => Some(texts),
        _ => None,
    }
}

/// Whether one of these words, in small letters, is in it.
fn holds(text: &Text, words: &[&str]) -> bool {
    let text = text.to_string().to_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// What a driver means by the name of a source.
fn source_of(label: &Text) -> Option<Source> {
    if holds(label, &["duplex", "both sides"]) {
        Some(Source::FeederDuplex)
    } else if holds(label, &["back", "rear", "transparency", "negative", "slide"]) {
        None
    } else if holds(label, &["adf", "feeder"]) {
        Some(Source::Feeder)
    } else if holds(label, &["flatbed", "flat bed", "document table", "platen", "glass", "normal"]) {
        Some(Source::Flatbed)
    } else {
        None
    }
}

/// An option's raw word as a whole number.
fn rounded(descriptor: &Descriptor, raw: i32) -> i32 {
    if descriptor.kind == Kind::Fixed { Fixed(raw).rounded() } else { raw }
}

/// The raw word nearest to a whole number that the option takes; none for an option that has no such word.
fn fit(descriptor: &Descriptor, wanted: i32) -> Option<i32> {
    if !descriptor.is_one_word() {
        return None;
    }
    let raw = match descriptor.kind {
        Kind::Fixed => Fixed::whole(u16::try_from(wanted).ok()?).0,
        Kind::Int => wanted,
        _ => return None,
    };
    match &descriptor.constraint {
        Constraint::None => Some(raw),
        Constraint::Words(words) => words.iter().copied().min_by_key(|word| word.abs_diff(raw)),
        Constraint::Range { least, most, step } => {
            let raw = raw.max(*least).min(*most);
            if *step <= 0 {
                return Some(raw);
            }
            let (least, most, step) = (i64::from(*least), i64::from(*most), i64::from(*step));
            let steps = (i64::from(raw) - least + step / 2) / step;
            let nearest = least + steps * step;
            i32::try_from(if nearest > most { nearest - step } else { nearest }).ok()
        }
        Constraint::Texts(_) => None,
    }
}
