//! Form fields without a drawn appearance (ISO 32000-1, 12.7): a viewer draws them from their values, and so does
//! paper. Text and choices are written in Helvetica or Courier, ticks in ZapfDingbats, into the field's own rectangle.
//!
//! A form that asks for it (`NeedAppearances`) gets its texts written anew, over what stood there. A value that the
//! standard fonts cannot show refuses the document: never an empty form.
use std::fmt::Write as _;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect, Stream, String as PdfString};
use hayro::hayro_syntax::page::Page;

use super::RasterError;
use super::overlay::{self, Frame, helvetica_width, win_ansi};

/// Fields hang below each other; deeper is a circle.
const DEEPEST: usize = 16;
/// Most widgets of a page.
const MOST_WIDGETS: usize = 4000;
/// Longest value in bytes.
const LONGEST_VALUE: usize = 64 * 1024;
/// Annotation flags.
const HIDDEN: u32 = 1 << 1;
const PRINT: u32 = 1 << 2;
const NO_VIEW: u32 = 1 << 5;
/// Field flags.
const MULTILINE: u32 = 1 << 12;
const PASSWORD: u32 = 1 << 13;
const RADIO: u32 = 1 << 15;
const PUSHBUTTON: u32 = 1 << 16;
const COMB: u32 = 1 << 24;
/// Text keeps so far from the edge, in points.
const PADDING: f64 = 2.0;
/// Sizes of text that is to fit by itself.
const LARGEST_TEXT: f64 = 12.0;
const SMALLEST_TEXT: f64 = 4.0;

/// The document to lay over the pages; none when every field is drawn already.
pub(super) fn overlay(pdf: &Pdf) -> Result<Option<Vec<u8>>, RasterError> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()).unwrap_or_default();
    let form = catalog.get::<Dict<'_>>("AcroForm").unwrap_or_default();
    let anew = form.get::<bool>("NeedAppearances") == Some(true);
    let mut pages = Vec::new();
    for page in pdf.pages().iter() {
        let mut content = String::new();
        let annotations = page.raw().get::<Array<'_>>("Annots");
        for widget in annotations.iter().flat_map(|list| list.iter::<Dict<'_>>()).take(MOST_WIDGETS) {
            let flags = widget.get::<u32>("F").unwrap_or(0);
            if flags & (HIDDEN | NO_VIEW) == NO_VIEW && flags & PRINT != 0 {
                return Err(RasterError::Unsupported("marks for paper only"));
            }
            if flags & (HIDDEN | NO_VIEW) == 0 && name(&widget, "Subtype").as_deref() == Some(b"Widget") {
                Field { widget: &widget, form: &form, anew }.draw(&mut content)?;
            }
        }
        pages.push((frame(page), content));
    }
    let drawn = pages.iter().any(|(_, content)| !content.is_empty());
    Ok(drawn.then(|| overlay::document(&pages)))
}

fn frame(page: &Page<'_>) -> Frame {
    use hayro::hayro_syntax::page::Rotation;
    let four = |rect: Rect| [rect.x0, rect.y0, rect.x1, rect.y1];
    let rotate = match page.rotation() {
        Rotation::None => 0,
        Rotation::Horizontal => 90,
        Rotation::Flipped => 180,
        Rotation::FlippedHorizontal => 270,
    };
    Frame { media: four(page.media_box()), crop: four(page.crop_box()), rotate }
}

fn name(dict: &Dict<'_>, key: &str) -> Option<Vec<u8>> {
    dict.get::<Name<'_>>(key).map(|name| name.as_ref().to_vec())
}

struct Field<'d, 'a> {
    widget: &'d Dict<'a>,
    form: &'d Dict<'a>,
    anew: bool,
}

impl<'a> Field<'_, 'a> {
    /// An attribute of the field, its own or inherited.
    fn inherited(&self, key: &str) -> Option<Object<'a>> {
        let mut dict = self.widget.clone();
        for _ in 0..DEEPEST {
            if let Some(found) = dict.get::<Object<'a>>(key) {
                return Some(found);
            }
            dict = dict.get::<Dict<'a>>("Parent")?;
        }
        None
    }

    fn number(&self, key: &str) -> Option<i64> {
        self.inherited(key).and_then(Object::into_number).map(|number| number.as_i64())
    }

    fn flag(&self, flag: u32) -> bool {
        self.number("Ff").and_then(|flags| u32::try_from(flags).ok()).unwrap_or(0) & flag != 0
    }

    fn draw(&self, out: &mut String) -> Result<(), RasterError> {
        let kind = self.inherited("FT").and_then(Object::into_name);
        match kind.as_ref().map(|kind| kind.as_ref()) {
            Some(b"Tx" | b"Ch") => self.text(out),
            Some(b"Btn") if !self.flag(PUSHBUTTON) => self.button(out),
            // A push button and a seal without a picture have nothing to say on paper.
            _ => Ok(()),
        }
    }

    fn appearance(&self) -> Option<Object<'a>> {
        self.widget.get::<Dict<'a>>("AP")?.get::<Object<'a>>("N")
    }

    fn text(&self, out: &mut String) -> Result<(), RasterError> {
        let value = self.value()?;
        let drawn =
            matches!(self.appearance(), Some(Object::Stream(stream)) if value.is_empty() || shows(&stream));
        if drawn && !self.anew {
            return Ok(());
        }
        let style = self.style();
        let Some(mut area) = Area::of(self.widget) else { return Ok(()) };
        let bytes = win_ansi(&value).ok_or(RasterError::FieldText)?;
        area.begin(self.widget, drawn, out);
        if self.flag(COMB)
            && let Some(cells) = self.number("MaxLen").filter(|cells| (1..=500).contains(cells))
        {
            comb(&bytes, cells as f64, &style, &area, out);
        } else if self.flag(MULTILINE) || value.contains('\n') {
            paragraph(&bytes, &style, &area, out);
        } else {
            line(&bytes, &style, &area, out);
        }
        area.end(out);
        Ok(())
    }

    /// The value as it is shown.
    fn value(&self) -> Result<String, RasterError> {
        let shown = |object: Object<'a>| match object {
            Object::String(text) => self.option(&text_of(&text)),
            Object::Name(name) => self.option(name.as_str()),
            _ => String::new(),
        };
        let text = match self.inherited("V") {
            Some(Object::Stream(_)) => return Err(RasterError::Unsupported("form values in streams")),
            Some(Object::Array(list)) => list.iter::<Object<'a>>().map(shown).collect::<Vec<_>>().join("\n"),
            Some(value) => shown(value),
            None => String::new(),
        };
        if text.len() > LONGEST_VALUE {
            return Err(RasterError::Complex("a form field is too long"));
        }
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
        Ok(if self.flag(PASSWORD) { "*".repeat(text.chars().count()) } else { text })
    }

    /// What a choice shows for the value that it exports.
    fn option(&self, value: &str) -> String {
        let options = self.inherited("Opt").and_then(Object::into_array);
        let pairs = options.iter().flat_map(|list| list.iter::<Array<'a>>());
        for pair in pairs.take(MOST_WIDGETS) {
            let mut texts = pair.iter::<PdfString<'a>>().map(|text| text_of(&text));
            if texts.next().as_deref() == Some(value)
                && let Some(shown) = texts.next()
            {
                return shown;
            }
        }
        value.to_owned()
    }

    fn button(&self, out: &mut String) -> Result<(), RasterError> {
        let state = name(self.widget, "AS");
        let value = self.inherited("V").and_then(Object::into_name).map(|name| name.as_ref().to_vec());
        let states = match self.appearance() {
            Some(Object::Dict(states)) => Some(states),
            _ => None,
        };
        let on = match (&state, &value, &states) {
            (Some(state), _, Some(states)) if states.contains_key(state) => return Ok(()),
            (Some(state), ..) => state != b"Off",
            (None, Some(value), Some(states)) => value != b"Off" && states.contains_key(value),
            (None, Some(value), None) if self.flag(RADIO) && value != b"Off" => {
                return Err(RasterError::Unsupported("radio buttons without appearances"));
            }
            (None, Some(value), None) => value != b"Off",
            (None, None, _) => false,
        };
        let Some(mut area) = Area::of(self.widget) else { return Ok(()) };
        if states.is_none() {
            area.begin(self.widget, false, out);
        } else {
            area.begin(&Dict::empty(), false, out);
        }
        if on {
            let looks = self.widget.get::<Dict<'a>>("MK").unwrap_or_default();
            let usual = if self.flag(RADIO) { b'l' } else { b'4' };
            let sign = looks.get::<PdfString<'a>>("CA").and_then(|text| text.as_bytes().first().copied());
            let size = area.height.min(area.width) * 0.9;
            let (x, y) = (area.width / 2.0 - size * 0.4, area.height / 2.0 - size * 0.35);
            let sign = overlay::string(&[sign.unwrap_or(usual)]);
            let _ = writeln!(out, "0 g BT /Z {size:.2} Tf {x:.2} {y:.2} Td {sign} Tj ET");
        }
        area.end(out);
        Ok(())
    }

    fn style(&self) -> Style {
        let own = self.inherited("DA").or_else(|| self.form.get::<Object<'a>>("DA"));
        let text = own.and_then(Object::into_string).map(|text| text_of(&text)).unwrap_or_default();
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let at = words.iter().position(|word| *word == "Tf");
        let before =
            |back: usize| at.and_then(|at| at.checked_sub(back)).and_then(|at| words.get(at)).copied();
        let resource = before(2).unwrap_or_default().trim_start_matches('/');
        let size = before(1).and_then(|size| size.parse::<f64>().ok()).unwrap_or(0.0);
        let fonts =
            self.form.get::<Dict<'a>>("DR").and_then(|it| it.get::<Dict<'a>>("Font")).unwrap_or_default();
        let base =
            fonts.get::<Dict<'a>>(resource).and_then(|font| name(&font, "BaseFont")).unwrap_or_default();
        let courier = base.starts_with(b"Cour") || resource.starts_with("Cour");
        let align = self.number("Q").or_else(|| self.form.get::<i32>("Q").map(i64::from)).unwrap_or(0);
        Style { courier, size: if (1.0..=200.0).contains(&size) { size } else { 0.0 }, align }
    }
}

/// Whether an appearance writes or draws anything but lines: some libraries leave an empty one.
fn shows(stream: &Stream<'_>) -> bool {
    let Ok(data) = stream.decoded_data() else { return false };
    let mut operations = TypedIter::new(data.as_ref());
    while let Some(operation) = operations.next() {
        if let TypedInstruction::ShowText(_)
        | TypedInstruction::ShowTexts(_)
        | TypedInstruction::NextLineAndShowText(_)
        | TypedInstruction::ShowTextWithParameters(_)
        | TypedInstruction::XObject(_)
        | TypedInstruction::InlineImage(_) = operation
        {
            return true;
        }
    }
    false
}

/// How a value is written. Its colour is black: a thermal head has no other.
struct Style {
    courier: bool,
    /// 0: as fits.
    size: f64,
    /// 0 left, 1 centre, 2 right.
    align: i64,
}

impl Style {
    fn width(&self, bytes: &[u8]) -> f64 {
        if self.courier { bytes.len() as f64 * 0.6 } else { helvetica_width(bytes) / 1000.0 }
    }

    fn show(&self, bytes: &[u8], size: f64, width: f64, y: f64, out: &mut String) {
        let free = width - self.width(bytes) * size;
        let x = match self.align {
            1 => free / 2.0,
            2 => free - PADDING,
            _ => PADDING,
        };
        let font = if self.courier { "C" } else { "F" };
        let _ = writeln!(
            out,
            "BT /{font} {size:.2} Tf {:.2} {y:.2} Td {} Tj ET",
            x.max(0.0),
            overlay::string(bytes)
        );
    }
}

/// A field's rectangle, turned upright.
struct Area {
    rect: Rect,
    turn: i32,
    width: f64,
    height: f64,
}

impl Area {
    fn of(widget: &Dict<'_>) -> Option<Area> {
        let rect = widget.get::<Rect>("Rect")?;
        let turn =
            widget.get::<Dict<'_>>("MK").and_then(|looks| looks.get::<i32>("R")).unwrap_or(0).rem_euclid(360);
        let (width, height) = (rect.x1 - rect.x0, rect.y1 - rect.y0);
        let visible = width > 0.5 && height > 0.5 && width < 20_000.0 && height < 20_000.0;
        let (width, height) = if turn % 180 == 90 { (height, width) } else { (width, height) };
        visible.then_some(Area { rect, turn, width, height })
    }

    /// Clips to the rectangle, puts the origin at its lower left corner, and draws its ground and border; `cover`
    /// hides what stands there.
    fn begin(&mut self, widget: &Dict<'_>, cover: bool, out: &mut String) {
        let looks = widget.get::<Dict<'_>>("MK").unwrap_or_default();
        let (x, y) = (self.rect.x0, self.rect.y0);
        let (across, up) = (self.rect.x1 - x, self.rect.y1 - y);
        let (turn, shift) = match self.turn {
            90 => ("0 1 -1 0", (across, 0.0)),
            180 => ("-1 0 0 -1", (across, up)),
            270 => ("0 -1 1 0", (0.0, up)),
            _ => ("1 0 0 1", (0.0, 0.0)),
        };
        let _ = writeln!(out, "q {turn} {:.3} {:.3} cm", x + shift.0, y + shift.1);
        let (width, height) = (self.width, self.height);
        let _ = writeln!(out, "0 0 {width:.3} {height:.3} re W n");
        let ground = colour(&looks, "BG").or_else(|| cover.then(|| "1 1 1".to_owned()));
        if let Some(ground) = ground {
            let _ = writeln!(out, "{ground} rg 0 0 {width:.3} {height:.3} re f");
        }
        if let Some(border) = colour(&looks, "BC") {
            let _ = writeln!(out, "{border} RG 1 w 0.5 0.5 {:.3} {:.3} re S", width - 1.0, height - 1.0);
        }
        out.push_str("0 g\n");
    }

    fn end(&self, out: &mut String) {
        out.push_str("Q\n");
    }
}

/// A colour of the looks, as red, green and blue; none for a transparent one.
fn colour(looks: &Dict<'_>, key: &str) -> Option<String> {
    let parts: Vec<f32> = looks.get::<Array<'_>>(key)?.iter::<f32>().take(4).collect();
    let rgb = match parts.as_slice() {
        [grey] => [*grey; 3],
        [red, green, blue] => [*red, *green, *blue],
        [cyan, magenta, yellow, black] => [cyan, magenta, yellow].map(|ink| (1.0 - ink) * (1.0 - black)),
        _ => return None,
    };
    Some(rgb.map(|part| format!("{:.3}", part.clamp(0.0, 1.0))).join(" "))
}

fn line(bytes: &[u8], style: &Style, area: &Area, out: &mut String) {
    let room = (area.width - 2.0 * PADDING).max(1.0);
    let fitting = room / style.width(bytes).max(0.01);
    // A value that its size would cut is written smaller: paper cannot be scrolled.
    let wanted = if style.size > 0.0 { style.size } else { (area.height * 0.72).min(LARGEST_TEXT) };
    let size = wanted.min(fitting).min(area.height).max(1.0);
    style.show(bytes, size, area.width, (area.height - size * 0.72) / 2.0, out);
}

fn paragraph(bytes: &[u8], style: &Style, area: &Area, out: &mut String) {
    let room = (area.width - 2.0 * PADDING).max(1.0);
    let mut size = if style.size > 0.0 { style.size } else { LARGEST_TEXT };
    let lines = loop {
        let lines = wrapped(bytes, room / size, style);
        if lines.len() as f64 * size * 1.15 + PADDING <= area.height || size <= SMALLEST_TEXT {
            break lines;
        }
        size -= 0.5;
    };
    for (at, text) in lines.iter().enumerate() {
        let y = area.height - PADDING - size * (0.8 + 1.15 * at as f64);
        style.show(text, size, area.width, y, out);
    }
}

fn wrapped(bytes: &[u8], room: f64, style: &Style) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    for paragraph in bytes.split(|byte| *byte == b'\n') {
        let mut line: Vec<u8> = Vec::new();
        for word in paragraph.split(|byte| *byte == b' ') {
            let longer = if line.is_empty() { word.to_vec() } else { [line.as_slice(), b" ", word].concat() };
            if !line.is_empty() && style.width(&longer) > room {
                lines.push(std::mem::replace(&mut line, word.to_vec()));
            } else {
                line = longer;
            }
        }
        lines.push(line);
    }
    lines
}

fn comb(bytes: &[u8], cells: f64, style: &Style, area: &Area, out: &mut String) {
    let cell = area.width / cells;
    let size =
        if style.size > 0.0 { style.size } else { (area.height * 0.72).min(LARGEST_TEXT) }.min(area.height);
    let centred = Style { courier: style.courier, size, align: 1 };
    for (at, byte) in bytes.iter().enumerate() {
        let _ = writeln!(out, "q 1 0 0 1 {:.3} 0 cm", cell * at as f64);
        centred.show(&[*byte], size, cell, (area.height - size * 0.72) / 2.0, out);
        out.push_str("Q\n");
    }
}

/// A text string: UTF-16 or UTF-8 with their marks, else PDFDocEncoding.
fn text_of(text: &PdfString<'_>) -> String {
    match text.as_bytes() {
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes
            .iter()
            .map(|byte| match byte {
                0x80..=0x9F => PDF_DOC.chars().nth(usize::from(byte - 0x80)).unwrap_or('\u{FFFD}'),
                0xA0 => '€',
                other => char::from(*other),
            })
            .collect(),
    }
}

/// PDFDocEncoding 0x80 to 0x9F.
const PDF_DOC: &str = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\u{FFFD}";

fn utf_16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(unit);
    char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{FFFD}')).collect()
}
