//! From the paper to the bill: scan, type, bill, refused.
use super::Presenter;
use crate::format;
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::phrase::{Phrase, Value};
use crate::screen::{Field, Line, Screen, Target};
use crate::speech;
use crate::texts::Text;
use crate::view::{Amount, DocumentProblem, Intent, Page, Refusal, TypedField, Unavailable};

impl Presenter<'_> {
    pub(super) fn scan(&self, reader: bool, problem: Option<&DocumentProblem>) -> Screen {
        let (heading, lead, title, text) = if reader {
            (Text::ScanHeading, Text::ScanLead, Text::ScanStillTitle, Text::ScanStillText)
        } else {
            (
                Text::ScanNoReaderHeading,
                Text::ScanNoReaderLead,
                Text::ScanNoReaderTitle,
                Text::ScanNoReaderText,
            )
        };
        let mut screen = Screen::new(Kind::Scan, self.text(heading)).help(Text::HelpScan);
        screen.lead = self.text(lead);
        screen.problem = problem.map(|problem| self.problem(problem));
        screen.notes.push(self.note(Tone::Plain, Icon::Barcode, self.text(title), self.text(text)));
        let place = self.setting(&self.places.reader);
        if reader && !place.is_empty() {
            screen.notes.push(self.note(Tone::Plain, Icon::MapPin, self.text(Text::ScanPlace), place));
        }
        let typing = Target::new(Intent::TypeDocument, self.text(Text::ScanType)).icon(Icon::Keyboard);
        screen.actions = vec![if reader { typing } else { typing.primary() }];
        screen
    }

    pub(super) fn type_digits(&self, page: &Page) -> Screen {
        let Page::Type { field, digits, longest, complete, problem } = page else {
            return self.out_of_service();
        };
        let (heading, lead, name) = match field {
            TypedField::Issuer => (Text::TypeIssuerHeading, Text::TypeIssuerLead, Text::TypeIssuerName),
            TypedField::Reference => {
                (Text::TypeReferenceHeading, Text::TypeReferenceLead, Text::TypeReferenceName)
            }
            TypedField::Identification => {
                (Text::TypeIdentificationHeading, Text::TypeIdentificationLead, Text::TypeIdentificationName)
            }
            TypedField::Amount => (Text::TypeAmountHeading, Text::TypeAmountLead, Text::TypeAmountName),
        };
        let values =
            [("longest", Value::Number((*longest).into())), ("example", Value::Amount(Amount(6540)))];
        let mut screen = Screen::new(Kind::Type, self.text(heading)).help(Text::HelpType);
        screen.lead = self.fill(lead, &values);
        screen.problem = problem.as_ref().map(|problem| self.problem(problem));
        let digits: String = digits.chars().filter(char::is_ascii_digit).take((*longest).into()).collect();
        let empty = digits.is_empty();
        let value = if empty { self.text(Text::TypeEmpty) } else { self.typed(*field, &digits) };
        let (line, enter) = (Line { key: self.text(name), value }, complete.then_some(Intent::Confirm));
        screen.field = Some(Field { line, empty, dots: 0, enter, rows: Vec::new() });
        screen.keys = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
            .into_iter()
            .map(|digit: u8| {
                let digit_name = self.value(Value::Number(digit.into()));
                Target::new(Intent::Digit(digit), digit_name)
            })
            .collect();
        let erase =
            Target::new(Intent::Erase, self.text(Text::TypeErase)).icon(Icon::Backspace).usable(!empty);
        screen.keys.push(erase);
        let confirm = Target::new(Intent::Confirm, self.text(Text::TypeConfirm)).primary();
        let why = if *complete { Phrase::default() } else { self.text(Text::TypeIncomplete) };
        screen.actions = vec![confirm.text(why).usable(*complete)];
        screen
    }

    /// Digits as they stand in the field: an amount as euros, numbers in groups.
    fn typed(&self, field: TypedField, digits: &str) -> Phrase {
        if field == TypedField::Amount {
            let cents = digits.parse().unwrap_or_default();
            return self.value(Value::Amount(Amount(cents)));
        }
        Phrase { shown: format::grouped_digits(digits), spoken: speech::spoken_code(self.language, digits) }
    }

    pub(super) fn bill(&self, page: &Page) -> Screen {
        let Page::Bill { concept, masked_name, reference, last_day, amount, reduction, cash, card } = page
        else {
            return self.out_of_service();
        };
        // Only fines are reduced.
        let (heading, lead) = match reduction {
            Some(_) => (Text::BillFineHeading, Text::BillFineLead),
            None => (Text::BillHeading, Text::BillLead),
        };
        let mut screen = Screen::new(Kind::Bill, self.text(heading)).help(Text::HelpBill);
        screen.lead = self.text(lead);
        let mut line = |name, value: Phrase| {
            if !value.is_empty() {
                screen.lines.push(Line { key: self.text(name), value });
            }
        };
        line(Text::BillConcept, self.value(Value::Words(concept)));
        line(Text::BillName, self.value(Value::Words(masked_name)));
        line(Text::BillReference, self.value(Value::Code(reference)));
        match (reduction, last_day) {
            (Some(reduction), _) => {
                screen.lines.push(self.full_amount(reduction, *last_day));
                screen.figure = Some(self.reduced_amount(*amount, reduction));
                screen.footnote = self.text(Text::BillReducedPrice);
            }
            (None, last_day) => {
                if let Some(day) = last_day {
                    line(Text::BillLastDay, self.value(Value::Day(*day)));
                }
                screen.figure = Some(self.money(Text::BillAmount, *amount));
                screen.footnote = self.text(Text::BillAnyone);
            }
        }
        let card_way = if card.is_none() { Text::OtherWayCard } else { Text::OtherWayOffice };
        let cash_way = if cash.is_none() { Text::OtherWayCash } else { Text::OtherWayOffice };
        let by_card = Target::new(Intent::PayCard, self.text(Text::BillCard)).icon(Icon::CreditCard);
        let in_cash = Target::new(Intent::PayCash, self.text(Text::BillCash)).icon(Icon::CashBanknote);
        let in_cash = if card.is_some() { in_cash.primary() } else { in_cash };
        screen.actions =
            vec![self.unless(by_card.primary(), *card, cash_way), self.unless(in_cash, *cash, card_way)];
        screen
    }

    fn unless(&self, target: Target, why: Option<Unavailable>, other_way: Text) -> Target {
        let Some(why) = why else { return target };
        let text = self.reason(why).joined(" ", &self.text(other_way));
        target.text(text).usable(false)
    }

    pub(super) fn refused(&self, refusal: &Refusal) -> Screen {
        let heading = match refusal {
            Refusal::Lapsed { .. } => Text::RefusedLapsedHeading,
            Refusal::Unknown => Text::RefusedUnknownHeading,
            Refusal::AlreadyPaid { .. } => Text::RefusedAlreadyPaidHeading,
            Refusal::NotPayableHere { .. } => Text::RefusedNotPayableHeading,
            Refusal::BeingSettled => Text::RefusedSettlingHeading,
        };
        let mut screen = Screen::new(Kind::Refused, self.text(heading));
        screen = match refusal {
            Refusal::AlreadyPaid { .. } => screen.mark(Tone::Ok, Icon::Check),
            _ => screen.mark(Tone::Attention, Icon::AlertTriangle),
        };
        let own = |words: &str, otherwise| {
            let words = self.value(Value::Words(words));
            if words.is_empty() { self.text(otherwise) } else { words }
        };
        screen.lead = self.text(Text::RefusedSafe);
        let (fact, advice) = match refusal {
            Refusal::Lapsed { last_day } => {
                (last_day.map(|day| (Text::RefusedLapsedDay, day)), self.text(Text::RefusedLapsedText))
            }
            Refusal::Unknown => (None, self.text(Text::RefusedUnknownText)),
            Refusal::AlreadyPaid { paid_on } => (
                paid_on.map(|day| (Text::RefusedAlreadyPaidDay, day)),
                self.text(Text::RefusedAlreadyPaidText),
            ),
            Refusal::NotPayableHere { advice, .. } => (None, own(advice, Text::RefusedNotPayableText)),
            Refusal::BeingSettled => (None, self.text(Text::RefusedSettlingText)),
        };
        let fact = match (fact, refusal) {
            (Some((text, day)), _) => self.fill(text, &[("day", Value::Day(day))]),
            (None, Refusal::NotPayableHere { collector, .. }) if !collector.trim().is_empty() => self.fill(
                Text::RefusedNotPayableCollector,
                &[("collector", Value::Words(collector.trim_end_matches('.')))],
            ),
            _ => Phrase::default(),
        };
        let title = self.text(Text::RefusedWhatToDo);
        let mut note = self.note(Tone::Plain, Icon::InfoCircle, title, fact.joined(" ", &advice));
        note.private = true;
        screen.notes = vec![note];
        if !matches!(refusal, Refusal::AlreadyPaid { .. }) {
            screen.notes.push(self.where_to_ask());
        }
        screen.actions = vec![Target::new(Intent::Confirm, self.text(Text::RefusedUnderstood)).primary()];
        screen
    }
}
