//! Lines, shield and QR code onto the pages of a PDF/A-2b (krilla), with subsets of the fonts inside.
use jiff::ZonedDateTime;
use krilla::color::{luma, rgb};
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};
use qrcode::{Color, EcLevel, QrCode};

use super::Paper;
use super::layout::{BOLD, HEIGHT, Line, MARGIN, REGULAR, WIDTH};
use super::words::Words;
use crate::citizen_wire::Language;

/// 0.5 mm: four dots and more of a printer with 203 dots an inch.
const MODULE: f32 = 1.4173;
/// Modules of white around the code (ISO/IEC 18004).
const QUIET: f32 = 4.0;

pub(super) struct Drawing<'a> {
    pub paper: &'a Paper<'a>,
    pub words: &'a Words,
    pub title: &'a str,
    pub at: &'a ZonedDateTime,
    pub pages: &'a [Vec<Line>],
}

struct Fonts {
    regular: Font,
    bold: Font,
}

pub(super) fn document(drawing: &Drawing<'_>) -> Option<Vec<u8>> {
    let fonts =
        Fonts { regular: Font::new(REGULAR.to_vec().into(), 0)?, bold: Font::new(BOLD.to_vec().into(), 0)? };
    let configuration = ConfigurationBuilder::new().with_archival_validator(Archival::A2_B).finish().ok()?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..Default::default() });
    document.set_metadata(metadata(drawing));
    let code = QrCode::with_error_correction_level(drawing.paper.url, EcLevel::M).ok()?;
    for (at, lines) in drawing.pages.iter().enumerate() {
        let mut page = document.start_page_with(PageSettings::from_wh(WIDTH, HEIGHT)?);
        let mut surface = page.surface();
        surface.set_fill(Some(black()));
        head(&mut surface, &fonts, drawing, at == 0)?;
        for line in lines {
            let font = if line.style.is_bold() { &fonts.bold } else { &fonts.regular };
            write(&mut surface, font, line.style.size(), MARGIN, line.y, &line.text);
        }
        foot(&mut surface, &fonts, drawing, &code, at + 1)?;
        surface.finish();
        page.finish();
    }
    document.finish().ok()
}

fn metadata(drawing: &Drawing<'_>) -> Metadata {
    let at = drawing.at.with_time_zone(jiff::tz::TimeZone::UTC);
    let byte = |it: i8| u8::try_from(it).unwrap_or_default();
    let created = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(byte(at.month()))
        .day(byte(at.day()))
        .hour(byte(at.hour()))
        .minute(byte(at.minute()))
        .second(byte(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    let language = match drawing.paper.language {
        Language::Es => "es-ES",
        Language::Ca => "ca-ES",
        Language::En => "en-GB",
    };
    Metadata::new()
        .title(drawing.title.into())
        .authors(vec![drawing.words.town.into()])
        .language(language.into())
        .document_id(drawing.paper.csv.into())
        .creation_date(created)
}

fn head(surface: &mut Surface<'_>, fonts: &Fonts, drawing: &Drawing<'_>, first: bool) -> Option<()> {
    shield(surface, MARGIN, 45.0, if first { 1.0 } else { 0.6 })?;
    surface.set_fill(Some(black()));
    if first {
        write(surface, &fonts.bold, 20.0, MARGIN + 70.0, 80.0, drawing.words.town);
        write(surface, &fonts.regular, 11.0, MARGIN + 70.0, 98.0, "Sede electrónica · https://sede.example");
        rule(surface, 125.0)
    } else {
        let text = format!("{} · {}", drawing.words.town, drawing.title);
        write(surface, &fonts.bold, 11.0, MARGIN + 50.0, 68.0, &text);
        rule(surface, 90.0)
    }
}

/// The town's shield: a field of blue under a chief, with a tower. Drawn, as an image would have to be kept sharp.
fn shield(surface: &mut Surface<'_>, x: f32, y: f32, scale: f32) -> Option<()> {
    let at = |dx: f32, dy: f32| (x + dx * scale, y + dy * scale);
    let mut outline = PathBuilder::new();
    let (x0, y0) = at(0.0, 0.0);
    outline.move_to(x0, y0);
    let (x1, y1) = at(52.0, 0.0);
    outline.line_to(x1, y1);
    let (x2, y2) = at(52.0, 38.0);
    outline.line_to(x2, y2);
    let ((a, b), (c, d)) = (at(52.0, 56.0), at(26.0, 68.0));
    outline.quad_to(a, b, c, d);
    let ((a, b), (c, d)) = (at(0.0, 56.0), at(0.0, 38.0));
    outline.quad_to(a, b, c, d);
    outline.close();
    surface.set_fill(Some(fill(rgb::Color::new(24, 60, 120).into())));
    surface.draw_path(&outline.finish()?);
    let mut tower = PathBuilder::new();
    for (dx, dy, w, h) in [
        (16.0, 26.0, 20.0, 28.0),
        (14.0, 18.0, 5.0, 8.0),
        (23.5, 18.0, 5.0, 8.0),
        (33.0, 18.0, 5.0, 8.0),
        (4.0, 5.0, 44.0, 6.0),
    ] {
        let (left, top) = at(dx, dy);
        tower.push_rect(Rect::from_xywh(left, top, w * scale, h * scale)?);
    }
    surface.set_fill(Some(fill(rgb::Color::new(235, 205, 110).into())));
    surface.draw_path(&tower.finish()?);
    Some(())
}

fn foot(
    surface: &mut Surface<'_>,
    fonts: &Fonts,
    drawing: &Drawing<'_>,
    code: &QrCode,
    page: usize,
) -> Option<()> {
    let top = HEIGHT - 135.0;
    rule(surface, top)?;
    let (mut x, mut y) = (MARGIN, top + 8.0 + QUIET * MODULE);
    let width = code.width();
    let mut modules = PathBuilder::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            modules.push_rect(Rect::from_xywh(x, y, MODULE, MODULE)?);
        }
        x += MODULE;
        if (at + 1) % width == 0 {
            (x, y) = (MARGIN, y + MODULE);
        }
    }
    surface.draw_path(&modules.finish()?);
    let edge = code.to_colors().len().isqrt();
    let right = MARGIN + f32::from(u16::try_from(edge).ok()?) * MODULE + QUIET * MODULE + 6.0;
    let paper = drawing.paper;
    write(surface, &fonts.bold, 11.0, right, top + 28.0, &format!("CSV: {}", paper.csv));
    write(surface, &fonts.regular, 9.0, right, top + 44.0, paper.url);
    let [page_word, of] = drawing.words.page;
    let count = format!("{page_word} {page} {of} {}", drawing.pages.len());
    write(surface, &fonts.regular, 9.0, right, top + 60.0, &count);
    Some(())
}

fn rule(surface: &mut Surface<'_>, y: f32) -> Option<()> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(MARGIN, y, WIDTH - 2.0 * MARGIN, 0.8)?);
    surface.draw_path(&path.finish()?);
    Some(())
}

fn write(surface: &mut Surface<'_>, font: &Font, size: f32, x: f32, y: f32, text: &str) {
    surface.draw_text(Point::from_xy(x, y), font.clone(), size, text, false, TextDirection::LeftToRight);
}

fn black() -> Fill {
    fill(luma::Color::black().into())
}

fn fill(paint: krilla::paint::Paint) -> Fill {
    Fill { paint, opacity: NormalizedF32::ONE, rule: Default::default() }
}
