//! What is printed: the proof of payment, the claim slip, the registry's receipt and the slip of an appointment, in the
//! citizen's language.
//!
//! Content of a proof: Real Decreto 939/2005 art. 41 and Cuaderno 64 section 5 (self-service). No name and no NIF:
//! a paper that is left in the tray tells nobody who was here.
mod appointment;
mod petition;

use hal_escpos::{Align, Block, Document, Size};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ui::{Amount, Branding, Day, Language, Text, fill, of_language, text};

pub use appointment::appointment;
pub use petition::petition;

use crate::ledger::{Account, BookingState, Claim, ClaimKind, Paper};

/// What every paper says of the kiosk.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// The town hall.
    pub branding: Branding,
    /// This kiosk.
    pub kiosk: String,
    /// The town's time zone.
    pub zone: TimeZone,
}

struct Sheet {
    language: Language,
    blocks: Vec<Block>,
}

impl Sheet {
    /// With the town hall's name at its head.
    fn headed(language: Language, letterhead: &Letterhead) -> Sheet {
        let mut sheet = Sheet { language, blocks: Vec::new() };
        sheet.line(letterhead.branding.name.clone(), true, Size::Normal, Align::Centre);
        sheet.rule();
        sheet
    }

    fn line(&mut self, words: impl Into<String>, bold: bool, size: Size, align: Align) {
        self.blocks.push(Block::Text { text: words.into(), bold, size, align });
    }

    fn title(&mut self, id: Text) {
        self.line(text(self.language, id), true, Size::Double, Align::Centre);
    }

    fn words(&mut self, id: Text) {
        self.line(text(self.language, id), false, Size::Normal, Align::Left);
    }

    fn row(&mut self, label: Text, value: impl Into<String>, bold: bool) {
        let label = text(self.language, label).to_owned();
        self.blocks.push(Block::Row { label, value: value.into(), bold });
    }

    fn money(&mut self, label: Text, cents: hal_device::Cents, bold: bool) {
        let value = ui::amount(self.language, Amount(cents.0));
        self.row(label, value, bold);
    }

    /// By what, and where, anybody can see that the paper is genuine.
    fn verification(&mut self, csv: &str, address: &str) {
        self.row(Text::PaperCsv, csv, true);
        let words = fill(self.language, Text::PaperVerification, &[("address", address)]);
        self.line(words, false, Size::Normal, Align::Left);
        self.blocks.push(Block::Qr(address.to_owned()));
    }

    fn rule(&mut self) {
        self.blocks.push(Block::Rule);
    }
}

/// Lays a paper out. `now` is by a clock that is sure or not.
pub fn build(
    paper: Paper,
    copy: bool,
    account: &Account,
    letterhead: &Letterhead,
    (now, sure): (Timestamp, bool),
) -> Document {
    let mut sheet = Sheet::headed(account.language, letterhead);
    match paper {
        Paper::Receipt => receipt(&mut sheet, account),
        Paper::Claim => claims(&mut sheet, account, letterhead),
    }
    sheet.rule();
    sheet.row(Text::PaperOperation, account.operation.0.clone(), true);
    sheet.row(Text::PaperKiosk, letterhead.kiosk.clone(), false);
    let (label, at) = match &account.booking {
        _ if sure => (Text::PaperDateTime, now),
        // The sede's own time is better than a clock that it does not agree with.
        BookingState::Booked(booking) => (Text::PaperDateTime, booking.booked_at),
        BookingState::NotDue | BookingState::Due | BookingState::Refused(_) => {
            (Text::PaperDateTimeUnsure, now)
        }
    };
    sheet.row(label, date_time(sheet.language, at, &letterhead.zone), false);
    if copy {
        sheet.line(text(sheet.language, Text::PaperCopy), true, Size::Double, Align::Centre);
    }
    sheet.words(Text::PaperKeep);
    Document { blocks: sheet.blocks }
}

fn receipt(sheet: &mut Sheet, account: &Account) {
    sheet.title(Text::PaperTitle);
    let booked = match &account.booking {
        BookingState::Booked(booking) => Some(booking),
        BookingState::NotDue | BookingState::Due | BookingState::Refused(_) => None,
    };
    match booked {
        Some(_) => sheet.title(Text::PaperPaid),
        None => {
            sheet.line(text(sheet.language, Text::PaperToConfirm), true, Size::Tall, Align::Centre);
            sheet.words(Text::ClaimPaymentToConfirm);
        }
    }
    sheet.blocks.push(Block::Feed(1));
    sheet.row(Text::PaperConcept, account.debt.concept.clone(), false);
    sheet.row(Text::PaperReference, ui::format::grouped_digits(&account.debt.reference), false);
    sheet.row(Text::PaperCollector, account.debt.collecting_body.clone(), false);
    sheet.money(Text::PaperAmount, account.debt.amount, true);
    if let Some(waived) = &account.debt.reduction {
        sheet.money(Text::PaperFullAmount, waived.full_amount, false);
    }
    sheet.row(Text::PaperMeans, text(sheet.language, Text::PaperMeansCash), false);
    sheet.money(Text::PaperInserted, account.inserted, false);
    sheet.money(Text::PaperChange, account.given, false);
    let owed = account.claims.iter().fold(0i64, |sum, claim| sum.saturating_add(claim.owed.0));
    if owed > 0 {
        sheet.money(Text::PaperOwed, hal_device::Cents(owed), true);
    }
    if account.debt.reduction.is_some() {
        sheet.rule();
        sheet.words(Text::PaperReduced);
    }
    if let Some(booking) = booked {
        sheet.rule();
        sheet.row(Text::PaperSedeNumber, booking.payment.clone(), false);
        sheet.verification(&booking.csv, &booking.verification_url);
    }
}

fn claims(sheet: &mut Sheet, account: &Account, letterhead: &Letterhead) {
    sheet.title(Text::ClaimTitle);
    // What is safe is said first.
    let paid = account.kept.is_positive();
    sheet.words(if paid { Text::ClaimBillPaid } else { Text::ClaimBillUnpaid });
    for claim in &account.claims {
        one_claim(sheet, claim);
    }
    sheet.rule();
    sheet.row(Text::PaperConcept, account.debt.concept.clone(), false);
    sheet.row(Text::PaperReference, ui::format::grouped_digits(&account.debt.reference), false);
    sheet.money(Text::PaperAmount, account.debt.amount, false);
    sheet.money(Text::PaperInserted, account.inserted, false);
    sheet.money(Text::PaperChange, account.given, false);
    sheet.rule();
    let help = of_language(sheet.language, &letterhead.branding.help_line);
    sheet.row(Text::ClaimWhere, help, false);
    sheet.words(Text::ClaimBring);
}

fn one_claim(sheet: &mut Sheet, claim: &Claim) {
    sheet.words(match claim.about {
        ClaimKind::ChangeOwed => Text::ClaimChangeOwed,
        ClaimKind::RefundOwed => Text::ClaimRefundOwed,
        ClaimKind::PaymentRefused => Text::ClaimPaymentRefused,
        ClaimKind::NoteUnknown => Text::ClaimNoteUnknown,
        ClaimKind::PayoutUnknown => Text::ClaimPayoutUnknown,
        ClaimKind::MoneyUncounted => Text::ClaimMoneyUncounted,
    });
    sheet.blocks.push(Block::Feed(1));
    sheet.words(Text::ClaimReference);
    sheet.line(claim.claim.clone(), true, Size::Double, Align::Centre);
    if claim.owed.is_positive() {
        sheet.money(Text::ClaimOwed, claim.owed, true);
    }
    if claim.in_question.is_positive() {
        sheet.money(Text::ClaimInQuestion, claim.in_question, true);
    }
}

fn date_time(language: Language, at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned_datetime(zone.clone());
    let day = Day { year: local.year(), month: local.month(), day: local.day() };
    format!("{}, {:02}:{:02}", ui::format::long_day(language, day), local.hour(), local.minute())
}
