//! What comes of it: working, paid, cancelled, an incident.
use super::Presenter;
use super::cash::part;
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::phrase::{Phrase, Value};
use crate::screen::{Line, Note, Screen, Target};
use crate::texts::Text;
use crate::view::{Amount, Incident, IncidentKind, Intent, Page, Slip, Work};

impl Presenter<'_> {
    pub(super) fn working(&self, work: &Work) -> Screen {
        let (heading, lead, icon) = match work {
            Work::AskingSede => (Text::WorkingAsking, Text::WorkingWait, Icon::Hourglass),
            Work::PreparingCash => (Text::WorkingPreparing, Text::WorkingWait, Icon::Coins),
            Work::Booking => (Text::WorkingBooking, Text::WorkingBookingLead, Icon::ReceiptEuro),
            Work::GivingChange { .. } => (Text::WorkingChange, Text::WorkingMoneyLead, Icon::Coins),
            Work::GivingBack { .. } => (Text::WorkingBack, Text::WorkingMoneyLead, Icon::Coins),
            Work::Printing => (Text::WorkingPrinting, Text::WorkingWait, Icon::Printer),
            Work::Recovering => (Text::WorkingRecovering, Text::WorkingRecoveringLead, Icon::Hourglass),
            Work::ReadingCard => (Text::WorkingReading, Text::WorkingWait, Icon::Id),
            Work::CheckingPin => (Text::WorkingCheckingPin, Text::WorkingWait, Icon::Lock),
            Work::Identifying => (Text::WorkingIdentifying, Text::WorkingWait, Icon::User),
            Work::Issuing => (Text::WorkingIssuing, Text::WorkingWait, Icon::FileCertificate),
            Work::PrintingDocument { .. } => {
                (Text::WorkingDocument, Text::WorkingDocumentLead, Icon::Printer)
            }
            Work::AskingBodies => (Text::WorkingBodies, Text::WorkingWait, Icon::Hourglass),
            Work::Scanning { .. } => (Text::WorkingScanning, Text::WorkingScanningLead, Icon::Scan),
            Work::Uploading { .. } => (Text::WorkingUploading, Text::WorkingUploadingLead, Icon::FileUpload),
            Work::Registering => (Text::WorkingRegistering, Text::WorkingUploadingLead, Icon::FileCheck),
            Work::MakingDocument => (Text::WorkingMaking, Text::WorkingWait, Icon::Files),
            Work::AskingAppointments => (Text::WorkingAppointments, Text::WorkingWait, Icon::CalendarEvent),
            Work::BookingAppointment => {
                (Text::WorkingAppointmentBooking, Text::WorkingUploadingLead, Icon::CalendarEvent)
            }
            Work::CancellingAppointment => {
                (Text::WorkingAppointmentCancelling, Text::WorkingUploadingLead, Icon::CalendarEvent)
            }
        };
        let mut screen = Screen::new(Kind::Working, self.text(heading)).mark(Tone::Plain, icon);
        screen.lead = self.text(lead);
        if let Work::GivingChange { given, of } | Work::GivingBack { given, of } = work {
            screen.figure = Some(self.money(Text::WorkingGiven, *given));
            screen.lines = vec![self.money(Text::WorkingOf, *of)];
            screen.progress = Some(part(*given, *of));
        }
        if let Work::PrintingDocument { page, of } = work {
            let values =
                [("position", Value::Number((*page).into())), ("count", Value::Number((*of).into()))];
            let value = self.fill(Text::SpeechPosition, &values);
            screen.figure = Some(Line { key: self.text(Text::WorkingPage), value });
        }
        if let Work::Scanning { page } = work {
            let value = self.value(Value::Number((*page).into()));
            screen.figure = Some(Line { key: self.text(Text::WorkingSheet), value });
        }
        if let Work::Uploading { attachment, of, percent } = work {
            let percent = (*percent).min(100);
            let number = |number: u8| Value::Number(number.into());
            let values = [("position", number(*attachment)), ("count", number(*of))];
            let spoken = self.fill(Text::WorkingPercent, &[("percent", number(percent))]).spoken;
            let value = Phrase { shown: format!("{percent}\u{a0}%"), spoken };
            screen.figure = Some(Line { key: self.fill(Text::WorkingAttachment, &values), value });
            screen.progress = Some(f32::from(percent) / 100.0);
        }
        if matches!(work, Work::ReadingCard | Work::CheckingPin) {
            let (title, text) = (self.text(Text::WorkingKeepCardTitle), self.text(Text::WorkingKeepCardText));
            screen.notes = vec![self.note(Tone::Attention, Icon::AlertTriangle, title, text)];
        }
        screen
    }

    pub(super) fn paid(&self, page: &Page) -> Screen {
        let Page::Paid { concept, amount, inserted, change, operation, receipt } = page else {
            return self.out_of_service();
        };
        let mut screen = Screen::new(Kind::Paid, self.text(Text::PaidHeading)).mark(Tone::Ok, Icon::Check);
        if change.0 > 0 {
            let title = self.fill(Text::PaidChange, &[("amount", Value::Amount(*change))]);
            screen.notes.push(self.take(Icon::CoinEuro, title, self.place(&self.places.tray, Text::Tray)));
        }
        let operation = [("operation", Value::Code(operation))];
        let known = self.fill(Text::PaidOperation, &operation);
        screen.notes.push(match receipt {
            Slip::Printing => self.take(Icon::Printer, self.text(Text::PaidReceiptPrinting), known),
            Slip::Printed => {
                let place = self.place(&self.places.printer, Text::ReceiptSlot);
                self.take(Icon::Printer, self.text(Text::PaidReceiptPrinted), place.joined(" ", &known))
            }
            Slip::Impossible => Note {
                tone: Tone::Attention,
                ..self.take(
                    Icon::Printer,
                    self.text(Text::PaidReceiptImpossible),
                    self.fill(Text::PaidNoteDown, &operation),
                )
            },
        });
        let concept = self.value(Value::Words(concept));
        let key = if concept.is_empty() { self.text(Text::BillAmount) } else { concept };
        screen.lines = vec![Line { key, value: self.value(Value::Amount(*amount)) }];
        if inserted.0 > 0 {
            screen.lines.push(self.money(Text::PaidInserted, *inserted));
        }
        screen.actions = self.ending();
        screen
    }

    pub(super) fn cancelled(&self, returned: Amount) -> Screen {
        let mut screen = Screen::new(Kind::Cancelled, self.text(Text::CancelledHeading))
            .mark(Tone::Plain, Icon::ArrowBackUp);
        screen.lead = self.text(Text::CancelledUnpaid);
        screen.notes = vec![if returned.0 > 0 {
            let title = self.fill(Text::CancelledReturned, &[("amount", Value::Amount(returned))]);
            self.take(Icon::CoinEuro, title, self.place(&self.places.tray, Text::Tray))
        } else {
            let (title, text) = (self.text(Text::CancelledNothing), self.text(Text::CancelledNothingText));
            self.note(Tone::Ok, Icon::ShieldCheck, title, text)
        }];
        screen.actions = self.ending();
        screen
    }

    fn take(&self, icon: Icon, title: Phrase, text: Phrase) -> Note {
        Note { private: true, ..self.note(Tone::Ok, icon, title, text) }
    }

    pub(super) fn ending(&self) -> Vec<Target> {
        vec![
            Target::new(Intent::Confirm, self.text(Text::Finish)).primary(),
            Target::new(Intent::Another, self.text(Text::Another)),
        ]
    }

    pub(super) fn incident(&self, incident: &Incident) -> Screen {
        let Incident { kind, paid, owed, in_question, claim, slip } = incident;
        let what = match kind {
            IncidentKind::ChangeOwed => Text::IncidentChangeOwed,
            IncidentKind::RefundOwed => Text::IncidentRefundOwed,
            IncidentKind::PaymentToConfirm => Text::IncidentPaymentToConfirm,
            IncidentKind::PaymentRefused => Text::IncidentPaymentRefused,
            IncidentKind::NoteUnknown => Text::IncidentNoteUnknown,
            IncidentKind::PayoutUnknown => Text::IncidentPayoutUnknown,
            IncidentKind::MoneyUncounted => Text::IncidentMoneyUncounted,
            IncidentKind::Interrupted => Text::IncidentInterrupted,
        };
        let safe = match kind {
            _ if *paid => Text::IncidentSafePaid,
            IncidentKind::PaymentToConfirm => Text::IncidentSafeReceived,
            IncidentKind::Interrupted if owed.0 <= 0 && in_question.0 <= 0 => Text::IncidentSafeFinished,
            _ => Text::IncidentSafeRecorded,
        };
        let mut screen = Screen::new(Kind::Incident, self.text(safe));
        screen.lead = self.text(what);
        let mut amounts = Vec::new();
        if owed.0 > 0 {
            amounts.push(self.money(Text::IncidentOwed, *owed));
        }
        if in_question.0 > 0 {
            amounts.push(self.money(Text::IncidentInQuestion, *in_question));
        }
        let mut amounts = amounts.into_iter();
        screen.figure = amounts.next();
        screen.lines = amounts.collect();
        screen.notes = vec![self.slip(*slip, claim), self.where_to_ask()];
        let done = if *slip == Slip::Impossible { Text::IncidentNoted } else { Text::IncidentTaken };
        screen.actions = vec![Target::new(Intent::Confirm, self.text(done)).primary()];
        screen
    }

    fn slip(&self, slip: Slip, claim: &str) -> Note {
        let claim = [("claim", Value::Code(claim))];
        let (tone, title, text) = match slip {
            Slip::Printing => (Tone::Ok, Text::IncidentSlipPrinting, Text::IncidentClaim),
            Slip::Printed => (Tone::Ok, Text::IncidentSlipPrinted, Text::IncidentClaim),
            Slip::Impossible => (Tone::Attention, Text::IncidentSlipImpossible, Text::IncidentClaimKept),
        };
        Note {
            private: true,
            ..self.note(tone, Icon::ReceiptEuro, self.text(title), self.fill(text, &claim))
        }
    }
}
