//! The kiosk's own papers beside the same papers made by somebody else's writer (crate `escpos`): both are fed to the
//! simulated printer, and what comes out must be the same, dot for dot.
//!
//! No interpreter of ESC/POS by others can be had as a library, so this is the next best: two writers that do not know
//! each other, one reader that knows neither, and a QR decoder that reads the dots.
#[path = "../../hal/escpos/tests/peer/mod.rs"]
mod peer;

use std::time::Duration;

use ciberkiosco::ledger::{Account, BookingState, Claim, ClaimKind, Closed, Debt, Paper};
use ciberkiosco::papers::{self, Letterhead};
use ciberkiosco::sede::{Booking, OperationId};
use escpos::errors::Result;
use escpos::utils::{JustifyMode, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};
use hal_device::Cents;
use hal_escpos::{Align, Block, Document, PrinterConfig, PrinterModel, Size, render};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use peer::{Writer, written};
use simulators::escpos as simulated;
use tokio::io::AsyncWriteExt;
use ui::{Language, samples};

const COLUMNS: usize = peer::COLUMNS as usize;
const URL: &str = "https://sede.pruebas.test/csv/PRUEBA-7F3K-92QX-0001";

/// Words into lines, written apart from the kiosk's own layout.
fn lines(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let last = lines.last_mut().unwrap();
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= columns {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// The document as the peer writes it.
fn by_the_peer(writer: &mut Writer, document: &Document) -> Result<()> {
    writer.init()?;
    for block in &document.blocks {
        match block {
            Block::Text { text, bold, size, align } => {
                let (width, height) = match size {
                    Size::Normal => (1, 1),
                    Size::Double => (2, 2),
                    Size::Tall => (1, 2),
                };
                writer.justify(match align {
                    Align::Left => JustifyMode::LEFT,
                    Align::Centre => JustifyMode::CENTER,
                    Align::Right => JustifyMode::RIGHT,
                })?;
                writer.bold(*bold)?.size(width, height)?;
                for line in lines(text, COLUMNS / usize::from(width)) {
                    say_line(writer, &line)?;
                }
                writer.bold(false)?.size(1, 1)?.justify(JustifyMode::LEFT)?;
            }
            Block::Row { label, value, bold } => {
                let room = COLUMNS.saturating_sub(label.chars().count() + value.chars().count());
                let values = if room == 0 {
                    lines(label, COLUMNS).iter().try_for_each(|line| say_line(writer, line))?;
                    lines(value, COLUMNS)
                } else {
                    say(writer, label)?;
                    vec![value.clone()]
                };
                let start = if room == 0 { 0 } else { label.chars().count() };
                for line in values {
                    writer.write(&" ".repeat(COLUMNS - start - line.chars().count()))?;
                    writer.bold(*bold)?;
                    say(writer, &line)?;
                    writer.bold(false)?;
                    end_line(writer)?;
                }
            }
            Block::Rule => say_line(writer, &"─".repeat(COLUMNS))?,
            Block::Feed(count) => drop(writer.feeds(*count)?),
            Block::Qr(text) => {
                let option = QRCodeOption::new(QRCodeModel::Model2, 6, QRCodeCorrectionLevel::M);
                writer
                    .justify(JustifyMode::CENTER)?
                    .qrcode_option(text, option)?
                    .justify(JustifyMode::LEFT)?;
            }
        }
    }
    writer.print_cut().map(drop)
}

/// What the peer's table of the page has wrong: a hyphen becomes the soft hyphen, `¿` and `Ò` are missing.
const SLIPS: [(char, u8); 3] = [('-', b'-'), ('¿', 0xA8), ('Ò', 0xE3)];

/// Words of the document through the peer; its slips go past its table. It does not know the narrow space at which the
/// kiosk breaks no line.
fn say(writer: &mut Writer, text: &str) -> Result<()> {
    let text = text.replace(['\u{a0}', '\u{202f}'], " ").replace('’', "'");
    for part in text.split_inclusive(|letter| SLIPS.iter().any(|(slip, _)| *slip == letter)) {
        let slip = SLIPS.iter().find_map(|(slip, byte)| Some((part.strip_suffix(*slip)?, *byte)));
        let (words, byte) = slip.map_or((part, None), |(words, byte)| (words, Some(byte)));
        if !words.is_empty() {
            writer.write(words)?;
        }
        if let Some(byte) = byte {
            writer.custom(&[byte])?;
        }
    }
    Ok(())
}

/// With LF, as the kiosk does; the peer's own way is `ESC d 1`.
fn end_line(writer: &mut Writer) -> Result<()> {
    writer.custom(b"\n").map(drop)
}

fn say_line(writer: &mut Writer, text: &str) -> Result<()> {
    say(writer, text)?;
    end_line(writer)
}

/// One paper of these bytes.
async fn printed(bytes: &[u8]) -> simulated::Paper {
    let printer = simulated::Printer::new(simulated::PrinterConfig::epson());
    let (mut line, far) = tokio::io::duplex(1024);
    let device = printer.clone();
    tokio::spawn(async move { device.run(far).await });
    line.write_all(bytes).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(printer.snapshot().oddities, Vec::<String>::new());
    assert_eq!(printer.snapshot().unprintable, 0);
    let papers = printer.papers();
    assert_eq!(papers.len(), 1);
    papers.into_iter().next().unwrap()
}

/// Every QR code on a picture, read from its dots.
fn codes(png: &[u8]) -> Vec<String> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
}

fn at() -> Timestamp {
    Timestamp::from_second(1_795_600_000).unwrap()
}

fn account(language: Language) -> Account {
    let debt = Debt {
        quote: "Q-1".into(),
        debt: "D-1".into(),
        concept: "Taxa d'ocupació: Plaça Núñez, il·luminació".into(),
        reference: "000012345665".into(),
        amount: Cents(123_456),
        last_day: None,
        collecting_body: "Ayuntamiento de Villamar, Recaudación".into(),
        reduction: None,
    };
    let mut account = Account::new(OperationId("K07-000412".into()), debt, language);
    account.inserted = Cents(124_000);
    account.kept = Cents(123_456);
    account.given = Cents(540);
    account.closed = Some(Closed { inserted: account.inserted, taken_at: at(), clock_sure: true });
    account.booking = BookingState::Booked(Booking {
        payment: "2026-P-000031".into(),
        csv: "PRUEBA-7F3K-92QX-0001".into(),
        verification_url: URL.into(),
        booked_at: at(),
    });
    account
}

fn paper(paper: Paper, copy: bool, account: &Account) -> Document {
    let letterhead =
        Letterhead { branding: samples::branding(), kiosk: "K07 · Biblioteca".into(), zone: TimeZone::UTC };
    papers::build(paper, copy, account, &letterhead, (at(), true))
}

async fn same(document: &Document) -> simulated::Paper {
    let config = PrinterConfig { qr_command: true, ..PrinterConfig::new(PrinterModel::Epson, 576) };
    let ours = printed(&render(&config, document).unwrap().pieces.concat()).await;
    let theirs = printed(&written(|writer| by_the_peer(writer, document))).await;
    assert_eq!(ours.text, theirs.text);
    assert_eq!((ours.cut, &ours.codes, ours.black_dots), (theirs.cut, &theirs.codes, theirs.black_dots));
    assert!(ours.png == theirs.png, "the same text, and other dots");
    assert!(ours.cut && !ours.torn);
    ours
}

#[tokio::test(start_paused = true)]
async fn a_receipt_is_the_same_paper_whoever_writes_it() {
    for language in ui::LANGUAGES {
        for copy in [false, true] {
            let printed = same(&paper(Paper::Receipt, copy, &account(language))).await;
            for words in
                ["1.234,56 €", "Núñez", "il·luminació", "Recaudación", "PRUEBA-7F3K-92QX-0001", "K07 ·"]
            {
                let words = if language == Language::English {
                    words.replace("1.234,56 €", "1,234.56")
                } else {
                    words.into()
                };
                assert!(printed.text.contains(&words), "{words} is not in\n{}", printed.text);
            }
            assert_eq!(printed.codes, [URL]);
            assert_eq!(codes(&printed.png), [URL], "as a telephone reads it from the paper");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_claim_slip_is_the_same_paper_whoever_writes_it() {
    for language in ui::LANGUAGES {
        let mut account = account(language);
        let about = ClaimKind::ChangeOwed;
        account.claims.push(Claim {
            claim: "7F3K-92QX".into(),
            about,
            owed: Cents(4),
            in_question: Cents(0),
        });
        let printed = same(&paper(Paper::Claim, false, &account)).await;
        assert!(printed.text.contains("7F3K-92QX"), "{}", printed.text);
    }
}

#[tokio::test(start_paused = true)]
async fn a_qr_code_drawn_as_dots_reads_as_the_one_that_the_printer_draws() {
    let document = paper(Paper::Receipt, false, &account(Language::Spanish));
    let config = PrinterConfig::new(PrinterModel::Epson, 576);
    let drawn = printed(&render(&config, &document).unwrap().pieces.concat()).await;
    assert_eq!((drawn.codes.len(), drawn.pictures > 0), (0, true), "no command of the printer's");
    assert_eq!(codes(&drawn.png), [URL]);
}
