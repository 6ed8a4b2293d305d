//! Pictures of every page in every language, and of every paper, to be looked at.
use std::fs;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use ciberkiosco::ledger::{
    Account, BookingState, CancelReason, Claim, ClaimKind, Closed, Debt, Paper, Waived,
};
use ciberkiosco::papers::{self, Letterhead};
use ciberkiosco::sede::{Appointment, Booking, OperationId, RegisteredPetition};
use hal_device::Cents;
use hal_escpos::{PrinterConfig, PrinterModel};
use jiff::tz::TimeZone;
use simulators::escpos as simulated;
use ui::{Kiosk, Language, Options, Rotation, samples};

/// The reference panel: 32 inch, upright.
const PANEL: (u32, u32, f32) = (1080, 1920, 398.5);

/// Renders all; returns how many.
pub fn render(out: &Path) -> Result<usize> {
    fs::create_dir_all(out)?;
    let mut count = 0;
    for language in ui::LANGUAGES {
        let code = serde_json::to_value(language)?;
        let folder = out.join(code.as_str().unwrap_or_default());
        fs::create_dir_all(&folder)?;
        count += pages(language, &folder)?;
        count += receipts(language, &folder)?;
        count += slips(language, &folder)?;
    }
    Ok(count)
}

/// The pages on the reference panel, and its memory.
pub(crate) fn panel() -> Result<(Kiosk, Vec<u32>)> {
    let (width_px, height_px, width_mm) = PANEL;
    let kiosk = Kiosk::new(Options {
        width_px,
        height_px,
        width_mm,
        rotation: Rotation::R0,
        branding: samples::branding(),
        places: samples::places(),
    })?;
    Ok((kiosk, vec![0; usize::try_from(width_px * height_px)?]))
}

fn pages(language: Language, folder: &Path) -> Result<usize> {
    let (mut kiosk, mut frame) = panel()?;
    let (width_px, height_px, _) = PANEL;
    let samples = samples::all(language);
    let count = samples.len();
    for (name, view) in samples {
        kiosk.show(view);
        kiosk.paint(&mut frame);
        write_png(&folder.join(format!("{name}.png")), &frame, width_px, height_px)?;
    }
    Ok(count)
}

fn write_png(path: &Path, frame: &[u32], width: u32, height: u32) -> Result<()> {
    let file = BufWriter::new(fs::File::create(path).with_context(|| path.display().to_string())?);
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let bytes: Vec<u8> = frame.iter().flat_map(|pixel| pixel.to_be_bytes().into_iter().skip(1)).collect();
    Ok(encoder.write_header()?.write_image_data(&bytes)?)
}

/// An account with all that a paper can say.
fn account(language: Language) -> Account {
    let debt = Debt {
        quote: "Q-1".into(),
        debt: "D-1".into(),
        concept: "Impuesto de vehículos 2026".into(),
        reference: "000012345665".into(),
        amount: Cents(65_40),
        last_day: None,
        collecting_body: "Ayuntamiento de Villamar, Recaudación".into(),
        reduction: None,
    };
    let operation = OperationId("K07-000412".into());
    let mut account = Account::new(operation, debt, language);
    account.inserted = Cents(70_00);
    account.kept = Cents(65_40);
    account.given = Cents(4_60);
    account.closed = Some(Closed { inserted: account.inserted, taken_at: at(), clock_sure: true });
    account.booking = BookingState::Booked(Booking {
        payment: "2026-P-000031".into(),
        csv: "PRUEBA-7F3K-92QX-0001".into(),
        verification_url: "https://sede.pruebas.test/csv/PRUEBA-7F3K-92QX-0001".into(),
        booked_at: at(),
    });
    account
}

fn at() -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_795_600_000).unwrap_or_default()
}

fn with_claim(language: Language, about: ClaimKind) -> Account {
    let mut account = account(language);
    let (owed, in_question) = match about {
        ClaimKind::ChangeOwed => (Cents(2_60), Cents(0)),
        ClaimKind::RefundOwed | ClaimKind::PaymentRefused => (Cents(50_00), Cents(0)),
        ClaimKind::NoteUnknown => (Cents(20_00), Cents(50_00)),
        ClaimKind::PayoutUnknown => (Cents(0), Cents(3_00)),
        ClaimKind::MoneyUncounted => (Cents(0), Cents(0)),
    };
    if matches!(about, ClaimKind::RefundOwed | ClaimKind::NoteUnknown | ClaimKind::MoneyUncounted) {
        account.cancelled = Some(CancelReason::Citizen);
        account.kept = Cents::ZERO;
        account.booking = BookingState::NotDue;
    }
    if about == ClaimKind::PaymentRefused {
        account.kept = Cents::ZERO;
        account.booking = BookingState::Refused("already-paid".into());
    }
    account.claims.push(Claim { claim: "7F3K-92QX".into(), about, owed, in_question });
    account
}

/// A fine that was paid at half its amount.
fn reduced(language: Language) -> Account {
    let mut account = account(language);
    account.debt.concept = "Sanción de tráfico, exp. 2026/000124".into();
    account.debt.amount = Cents(10_000);
    account.debt.reduction = Some(Waived {
        full_amount: Cents(20_000),
        reduced_until: jiff::civil::date(2026, 12, 5),
        waiver: ui::WAIVER_VERSION,
    });
    account.inserted = Cents(10_000);
    account.kept = Cents(10_000);
    account.given = Cents::ZERO;
    account.closed = Some(Closed { inserted: account.inserted, taken_at: at(), clock_sure: true });
    account
}

fn receipts(language: Language, folder: &Path) -> Result<usize> {
    let mut due = account(language);
    due.booking = BookingState::Due;
    let mut list = vec![
        ("receipt", Paper::Receipt, false, account(language)),
        ("receipt-copy", Paper::Receipt, true, account(language)),
        ("receipt-to-confirm", Paper::Receipt, false, due.clone()),
        ("receipt-clock-unsure", Paper::Receipt, false, due),
        ("receipt-reduced", Paper::Receipt, false, reduced(language)),
        ("receipt-change-owed", Paper::Receipt, false, with_claim(language, ClaimKind::ChangeOwed)),
    ];
    for (name, about) in [
        ("claim-change-owed", ClaimKind::ChangeOwed),
        ("claim-refund-owed", ClaimKind::RefundOwed),
        ("claim-payment-refused", ClaimKind::PaymentRefused),
        ("claim-note-unknown", ClaimKind::NoteUnknown),
        ("claim-payout-unknown", ClaimKind::PayoutUnknown),
        ("claim-money-uncounted", ClaimKind::MoneyUncounted),
    ] {
        list.push((name, Paper::Claim, false, with_claim(language, about)));
    }
    let letterhead = letterhead()?;
    let count = list.len();
    for (name, paper, copy, account) in list {
        let sure = name != "receipt-clock-unsure";
        let document = papers::build(paper, copy, &account, &letterhead, (at(), sure));
        let png = print(&document)?;
        fs::write(folder.join(format!("paper-{name}.png")), png)?;
    }
    Ok(count)
}

fn letterhead() -> Result<Letterhead> {
    let zone = TimeZone::get("Europe/Madrid").map_err(|error| anyhow!("{error}"))?;
    Ok(Letterhead { branding: samples::branding(), kiosk: "K07".into(), zone })
}

/// The registry's receipt and the slip of an appointment, as the sede's answers make them.
fn slips(language: Language, folder: &Path) -> Result<usize> {
    let letterhead = letterhead()?;
    let name = |es: &str, ca: &str, en: &str| serde_json::json!({ "es": es, "ca": ca, "en": en });
    let attachment = |name: &str, pages: u16, bytes: u32, digit: &str| serde_json::json!({ "name": name, "pages": pages, "bytes": bytes, "sha256": digit.repeat(32) });
    let entry = |effective_on: &str, attachments: Vec<serde_json::Value>| {
        serde_json::from_value::<RegisteredPetition>(serde_json::json!({
            "number": "2026-E-000123",
            "registered_at": "2026-11-25T10:15:00Z",
            "effective_on": effective_on,
            "body": { "dir3": "L01030149", "name": name("Concejalía de Movilidad", "Regidoria de Mobilitat", "Department of Mobility") },
            "heading": "Instancia",
            "csv": "PRUEBA-2026-7F3K-92QX",
            "verification_url": "https://sede.pruebas.test/csv?c=PRUEBA-2026-7F3K-92QX",
            "text_sha256": "a7".repeat(32),
            "attachments": attachments,
        }))
    };
    let documents = vec![
        attachment("DNI.pdf", 2, 421_337, "1f"),
        attachment("Informe del médico.pdf", 5, 1_904_112, "c0"),
    ];
    let appointment = serde_json::from_value::<Appointment>(serde_json::json!({
        "code": "ACDEFGHJK",
        "ticket": "P-017",
        "service": "padron",
        "service_name": name("Padrón", "Padró", "Register of inhabitants"),
        "office": {
            "office": "centre",
            "name": name("Oficina central", "Oficina central", "Central office"),
            "address": "Plaza Mayor, 1, 30149 Villa de Prueba",
        },
        "start": "2026-12-01T09:15:00+01:00",
        "bring": [name("Su documento de identidad.", "El seu document d'identitat.", "Your identity document.")],
    }))?;
    let papers = [
        ("petition", papers::petition(&entry("2026-11-25", documents)?, language, &letterhead)),
        (
            "petition-without-documents",
            papers::petition(&entry("2026-11-26", Vec::new())?, language, &letterhead),
        ),
        ("appointment", papers::appointment(&appointment, language, &letterhead)),
    ];
    for (name, document) in &papers {
        fs::write(folder.join(format!("paper-{name}.png")), print(document)?)?;
    }
    Ok(papers.len())
}

/// What the simulated printer draws of a document.
fn print(document: &hal_escpos::Document) -> Result<Vec<u8>> {
    let config = PrinterConfig { qr_command: true, ..PrinterConfig::new(PrinterModel::Epson, 576) };
    let job = hal_escpos::render(&config, document)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    runtime.block_on(async {
        let printer = simulated::Printer::new(simulated::PrinterConfig::epson());
        let (near, far) = tokio::io::duplex(1 << 20);
        let printing = printer.run(far);
        let watched = printer.clone();
        let sending = async move {
            let (_reader, mut writer) = tokio::io::split(near);
            for piece in &job.pieces {
                tokio::io::AsyncWriteExt::write_all(&mut writer, piece).await?;
            }
            // The line stays open until the paper is cut, or the printer has had far longer than it needs.
            for _ in 0..600 {
                if watched.last_paper().is_some() {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            std::io::Result::Ok(())
        };
        let (printed, sent) = tokio::join!(printing, sending);
        printed?;
        sent?;
        let paper = printer.last_paper().ok_or_else(|| anyhow!("nothing was printed"))?;
        Ok(paper.png)
    })
}
