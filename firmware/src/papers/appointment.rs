//! The slip of an appointment, with an entry for the citizen's own calendar.
use hal_escpos::{Align, Block, Document, Size};
use jiff::SignedDuration;
use ui::{Language, Text};

use super::{Letterhead, Sheet};
use crate::sede::Appointment;
use crate::session::moment;
use crate::words::{in_language, words};

/// Bytes of the service and of the place in the calendar entry: the code must stay large enough to be read.
const SERVICE_LONGEST: usize = 60;
const PLACE_LONGEST: usize = 110;

/// A ticket has 12 characters at most.
const TICKET_LONGEST: usize = 24;

/// A calendar must show something: an appointment has no end.
const ENTRY_LASTS: SignedDuration = SignedDuration::from_mins(15);

/// Lays the slip out. No name and no number: the code opens it only together with the end of the number.
pub fn appointment(of: &Appointment, language: Language, letterhead: &Letterhead) -> Document {
    let mut sheet = Sheet::headed(language, letterhead);
    let service = in_language(&words(&of.service_name), language).clone();
    let office = in_language(&words(&of.office.name), language).clone();
    sheet.title(Text::PaperAppointmentTitle);
    sheet.line(moment(&of.start, language), true, Size::Tall, Align::Centre);
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
        format!("UID:{}-{}@{kiosk}", utc(start), escaped(&of.ticket, TICKET_LONGEST)),
        format!("DTSTAMP:{}", utc(start)),
        format!("DTSTART:{}", utc(start)),
        format!("DTEND:{}", utc(end)),
        format!("SUMMARY:{}", escaped(service, SERVICE_LONGEST)),
        format!("LOCATION:{}", escaped(&place, PLACE_LONGEST)),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR\r\n".to_owned(),
    ]
    .join("\r\n")
}

/// A text as RFC 5545 section 3.3.11 wants it, and not too long.
fn escaped(text: &str, longest: usize) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        let before = escaped.len();
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
        if escaped.len() > longest {
            escaped.truncate(before);
            break;
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;
    use crate::sede::{MadridTime, Office, SlipCode, Translated};

    #[test]
    fn what_has_a_meaning_in_a_calendar_is_escaped_and_nothing_is_too_long() {
        assert_eq!(escaped("Mayor, 1; 2\\3\n\u{7}a", 80), "Mayor\\, 1\\; 2\\\\3\\na");
        assert_eq!(escaped(&"ñ".repeat(500), 61), "ñ".repeat(30));
        assert_eq!(escaped("aa;", 3), "aa", "no half of an escape");
    }

    #[test]
    fn the_longest_entry_fits_into_its_code() {
        let long = "ñ; ".repeat(100);
        let name = Translated { es: long.clone(), ca: long.clone(), en: long.clone() };
        let of = Appointment {
            code: SlipCode::typed("ACDEFGHJK").unwrap(),
            ticket: "Ñ".repeat(12),
            service: "padron".to_owned(),
            service_name: name.clone(),
            office: Office { office: "centre".to_owned(), name, address: long.clone() },
            start: MadridTime::at(date(2026, 12, 1), time(9, 15, 0, 0)).unwrap(),
            bring: Vec::new(),
        };
        let entry = calendar_entry(&of, &long, &long, "KIOSKO123456");
        assert!(entry.len() <= 448, "{} bytes", entry.len());
        assert!(
            entry.contains("DTSTART:20261201T081500Z\r\n") && entry.ends_with("END:VCALENDAR\r\n"),
            "{entry}"
        );
    }
}
