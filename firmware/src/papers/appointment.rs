//! The slip of an appointment, with an entry for the citizen's own calendar.
use hal_escpos::{Align, Block, Document, Size};
use jiff::SignedDuration;
use ui::{Language, Text};

use super::{Letterhead, Sheet, date_time};
use crate::sede::Appointment;
use crate::words::{in_language, words};

/// Characters of a place or a service in the calendar entry: the code must stay large enough to be read.
const ENTRY_LONGEST: usize = 80;

/// A calendar must show something: an appointment has no end.
const ENTRY_LASTS: SignedDuration = SignedDuration::from_mins(15);

/// Lays the slip out. No name and no number: the code opens it only together with the end of the number.
pub fn appointment(of: &Appointment, language: Language, letterhead: &Letterhead) -> Document {
    let mut sheet = Sheet::headed(language, letterhead);
    let service = in_language(&words(&of.service_name), language).clone();
    let office = in_language(&words(&of.office.name), language).clone();
    let start = of.start.instant();
    sheet.title(Text::PaperAppointmentTitle);
    sheet.line(date_time(language, start, &letterhead.zone), true, Size::Tall, Align::Centre);
    sheet.blocks.push(Block::Feed(1));
    sheet.row(Text::PaperTicket, of.ticket.clone(), true);
    sheet.row(Text::PaperService, service.clone(), false);
    sheet.row(Text::PaperOffice, office.clone(), false);
    sheet.line(of.office.address.clone(), false, Size::Normal, Align::Left);
    if !of.bring.is_empty() {
        sheet.rule();
        sheet.words(Text::PaperBring);
        for what in &of.bring {
            let what = format!("- {}", in_language(&words(what), language));
            sheet.line(what, false, Size::Normal, Align::Left);
        }
    }
    sheet.rule();
    sheet.words(Text::PaperCode);
    sheet.line(of.code.grouped().to_string(), true, Size::Double, Align::Centre);
    sheet.words(Text::PaperCodeUse);
    sheet.rule();
    sheet.words(Text::PaperCalendar);
    sheet.blocks.push(Block::Qr(calendar_entry(of, &service, &office, &letterhead.kiosk)));
    sheet.row(Text::PaperKiosk, letterhead.kiosk.clone(), false);
    sheet.words(Text::PaperKeep);
    Document { blocks: sheet.blocks }
}

/// An event as calendars import it (RFC 5545). Telephones read it from a code that holds nothing else.
fn calendar_entry(of: &Appointment, service: &str, office: &str, kiosk: &str) -> String {
    let utc = |at: jiff::Timestamp| at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let start = of.start.instant();
    let end = start.saturating_add(ENTRY_LASTS).unwrap_or(start);
    let place = format!("{office}, {}", of.office.address);
    [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//ciberkiosco//ES".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}-{}@{kiosk}", utc(start), escaped(&of.ticket)),
        format!("DTSTAMP:{}", utc(start)),
        format!("DTSTART:{}", utc(start)),
        format!("DTEND:{}", utc(end)),
        format!("SUMMARY:{}", escaped(service)),
        format!("LOCATION:{}", escaped(&place)),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR\r\n".to_owned(),
    ]
    .join("\r\n")
}

/// A text as RFC 5545 section 3.3.11 wants it, and not too long.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars().take(ENTRY_LONGEST) {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_a_calendar_is_escaped_and_lines_are_cut() {
        assert_eq!(escaped("Mayor, 1; 2\\3\n\u{7}a"), "Mayor\\, 1\\; 2\\\\3\\na");
        assert_eq!(escaped(&"ñ".repeat(500)), "ñ".repeat(80));
    }
}
