//! The registry's receipt of a petition: Ley 39/2015 art. 16.3 (number, date and hour) and art. 66.
use std::fmt::Write as _;

use hal_escpos::{Align, Block, Document, Size};
use ui::{Language, Text, fill};

use super::{Letterhead, Sheet, date_time};
use crate::sede::{MadridTime, RegisteredAttachment, RegisteredPetition};
use crate::words::{in_language, words};

/// Lays the receipt out. No name and no text of the citizen: who finds it learns of a number only.
pub fn petition(entry: &RegisteredPetition, language: Language, letterhead: &Letterhead) -> Document {
    let mut sheet = Sheet::headed(language, letterhead);
    sheet.title(Text::PaperRegistryTitle);
    sheet.line(entry.number.clone(), true, Size::Tall, Align::Centre);
    sheet.blocks.push(Block::Feed(1));
    sheet.row(Text::PaperOfficialTime, date_time(language, entry.registered_at, &letterhead.zone), true);
    // Outside the registry's days it counts from the next one (Ley 39/2015 art. 31.2).
    if entry.effective_on != MadridTime::of(entry.registered_at).day() {
        let day = ui::format::long_day(language, crate::session::day(entry.effective_on));
        sheet.row(Text::PaperEffective, day, false);
    }
    sheet.row(Text::PaperBody, in_language(&words(&entry.body.name), language).clone(), false);
    sheet.rule();
    if entry.attachments.is_empty() {
        sheet.words(Text::PaperNoDocuments);
    }
    for (number, attachment) in (1u32..).zip(&entry.attachments) {
        document(&mut sheet, number, attachment);
    }
    sheet.row(Text::PaperTextHash, "", false);
    hash(&mut sheet, &entry.text_sha256);
    sheet.rule();
    sheet.verification(entry.csv.as_str(), entry.verification_url.as_str());
    sheet.rule();
    sheet.row(Text::PaperKiosk, letterhead.kiosk.clone(), false);
    sheet.words(Text::PaperKeep);
    Document { blocks: sheet.blocks }
}

fn document(sheet: &mut Sheet, number: u32, of: &RegisteredAttachment) {
    let language = sheet.language;
    let title = fill(language, Text::PaperDocument, &[("number", &number.to_string())]);
    sheet.line(format!("{title}: {}", of.name.as_str()), true, Size::Normal, Align::Left);
    sheet.row(Text::PaperPages, of.pages.to_string(), false);
    sheet.row(Text::PaperSize, ui::format::megabytes(language, of.bytes), false);
    sheet.row(Text::PaperHash, "", false);
    hash(sheet, &of.sha256);
    sheet.blocks.push(Block::Feed(1));
}

/// In groups of eight, four a line: it may have to be compared by eye.
fn hash(sheet: &mut Sheet, sha256: &[u8; 32]) {
    for half in sha256.chunks(16) {
        let mut words = String::new();
        for (at, byte) in half.iter().enumerate() {
            if at > 0 && at % 4 == 0 {
                words.push(' ');
            }
            // A string takes everything.
            let _ = write!(words, "{byte:02x}");
        }
        sheet.line(words, false, Size::Normal, Align::Left);
    }
}
