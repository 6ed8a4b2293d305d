//! A petition: for whom, how the answer comes, the whole of it before it is signed, what is declared, and what became
//! of it.
use super::Presenter;
use super::reading::Paragraph;
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::phrase::{Phrase, Value, shortened};
use crate::screen::{Note, Screen, Target};
use crate::texts::Text;
use crate::view::{Attachment, Day, Intent, Page, PetitionPart, PetitionTrouble, SignatureProblem, Slip};

/// Longest name of a body or a service where it stands among other words.
pub(super) const NAME_LONGEST: usize = 90;

impl Presenter<'_> {
    pub(super) fn on_behalf(&self) -> Screen {
        let mut screen = self.question(Text::OnBehalfHeading, Text::OnBehalfLead, Text::HelpOnBehalf);
        screen.choices = vec![
            self.answer(0, Icon::User, Text::OnBehalfSelf, Text::OnBehalfSelfText),
            self.answer(1, Icon::Users, Text::OnBehalfOther, Text::OnBehalfOtherText),
        ];
        // The first layer of the notice on personal data (Ley Orgánica 3/2018, article 11).
        screen.footnote = self.fill(Text::PetitionData, &[("town", Value::Words(&self.branding.name))]);
        screen
    }

    pub(super) fn notification(&self, postal: bool) -> Screen {
        let mut screen =
            self.question(Text::NotificationHeading, Text::NotificationLead, Text::HelpNotification);
        let by_post = self.answer(1, Icon::Mail, Text::NotificationPost, Text::NotificationPostText);
        let by_post =
            if postal { by_post } else { by_post.text(self.text(Text::ReasonNotOffered)).usable(false) };
        screen.choices = vec![
            self.answer(0, Icon::DeviceDesktop, Text::NotificationSede, Text::NotificationSedeText),
            by_post,
        ];
        screen
    }

    /// A question with few answers, in our own words.
    pub(super) fn question(&self, heading: Text, lead: Text, help: Text) -> Screen {
        let mut screen = Screen::new(Kind::Question, self.text(heading)).help(help);
        screen.lead = self.text(lead);
        screen
    }

    pub(super) fn answer(&self, place: u8, icon: Icon, title: Text, text: Text) -> Target {
        Target::new(Intent::Choose(place), self.text(title)).icon(icon).text(self.text(text))
    }

    pub(super) fn petition_check(&self, page: &Page) -> Screen {
        if self.local.changing {
            return self.what_to_change();
        }
        let Page::PetitionCheck {
            to,
            person,
            represented,
            facts,
            request,
            notification,
            contact,
            attachments,
        } = page
        else {
            return self.out_of_service();
        };
        let mut screen = Screen::new(Kind::Facts, self.text(Text::CheckHeading)).help(Text::HelpCheck);
        screen.lead = self.text(Text::CheckLead);
        let or = |text: &str, otherwise| {
            if text.trim().is_empty() { self.text(otherwise).shown } else { text.to_owned() }
        };
        let texts = [
            (PetitionPart::To, to.clone()),
            (PetitionPart::Person, person.clone()),
            (PetitionPart::Represented, or(represented.as_deref().unwrap_or_default(), Text::CheckForSelf)),
            (PetitionPart::Facts, facts.clone()),
            (PetitionPart::Request, request.clone()),
            (PetitionPart::Notification, notification.clone()),
            (PetitionPart::Contact, or(contact, Text::CheckNothing)),
            (PetitionPart::Attachments, or(&self.names(attachments), Text::CheckNothing)),
        ];
        let paragraphs: Vec<Paragraph> =
            texts.into_iter().map(|(part, text)| (self.text(part_name(part)), text)).collect();
        self.read(&mut screen, &paragraphs);
        screen.actions = vec![Target::new(Intent::Confirm, self.text(Text::CheckConfirm)).primary()];
        screen
    }

    /// The documents, one a line.
    fn names(&self, attachments: &[Attachment]) -> String {
        let line = |attachment: &Attachment| {
            format!("{} ({})", attachment.name, self.sheets(attachment.pages).shown)
        };
        attachments.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn what_to_change(&self) -> Screen {
        let mut screen = Screen::new(Kind::Rows, self.text(Text::ChangeHeading)).help(Text::HelpCheck);
        let parts = (0..).zip(PetitionPart::ALL).filter(|(_, part)| *part != PetitionPart::Person);
        screen.choices = parts
            .map(|(place, part)| {
                Target::new(Intent::Choose(place), self.text(part_name(part))).icon(Icon::Pencil)
            })
            .collect();
        screen
    }

    pub(super) fn consent(&self, page: &Page) -> Screen {
        let Page::Consent { to, attachments, text, own_signature, problem } = page else {
            return self.out_of_service();
        };
        let (attachments, own_signature) = (*attachments, *own_signature);
        let mut screen = Screen::new(Kind::Told, self.text(Text::ConsentHeading)).help(Text::HelpConsent);
        let to = shortened(to, NAME_LONGEST);
        let to = to.trim_end_matches('.');
        let with = match attachments {
            0 => self.text(Text::ConsentWithNone),
            1 => self.text(Text::ConsentWithOne),
            _ => self.fill(Text::ConsentWithMany, &[("count", Value::Number(attachments.into()))]),
        };
        let title = self.text(Text::ConsentSignTitle);
        let declared = self.note(Tone::Plain, Icon::Signature, title, self.value(Value::Paragraph(text)));
        // A problem takes the place of what has been read on this page before.
        match problem {
            Some(problem) => screen.notes = vec![self.signature_problem(*problem)],
            None => screen.lead = self.fill(Text::ConsentTo, &[("to", Value::Words(to))]).joined(" ", &with),
        }
        screen.notes.push(declared);
        let seal = Target::new(Intent::Confirm, self.text(Text::ConsentConfirm))
            .text(self.text(Text::ConsentConfirmText))
            .primary();
        screen.actions = vec![seal];
        if own_signature {
            let card = Target::new(Intent::SignWithCard, self.text(Text::ConsentCard));
            screen.actions.push(card.text(self.text(Text::ConsentCardText)));
        }
        screen
    }

    fn signature_problem(&self, problem: SignatureProblem) -> Note {
        let (title, text) = match problem {
            SignatureProblem::PinBlocked => (Text::ConsentBlockedTitle, Text::ConsentBlockedText),
            SignatureProblem::Unusable => (Text::ConsentUnusableTitle, Text::ConsentUnusableText),
            SignatureProblem::Failed => (Text::ConsentFailedTitle, Text::ConsentFailedText),
        };
        self.note(Tone::Attention, Icon::AlertTriangle, self.text(title), self.text(text))
    }

    pub(super) fn give_up(&self) -> Screen {
        let mut screen = Screen::new(Kind::Told, self.text(Text::GiveUpHeading))
            .mark(Tone::Attention, Icon::AlertTriangle)
            .help(Text::HelpGiveUp);
        screen.lead = self.text(Text::GiveUpLead);
        screen.actions = vec![
            Target::new(Intent::Back, self.text(Text::GiveUpKeep)).primary(),
            Target::new(Intent::Confirm, self.text(Text::GiveUpConfirm)).stop(),
        ];
        screen
    }

    pub(super) fn registered(&self, number: &str, at: &str, effective: Option<Day>, receipt: Slip) -> Screen {
        let mut screen =
            Screen::new(Kind::Done, self.text(Text::RegisteredHeading)).mark(Tone::Ok, Icon::Check);
        let own = |note: Note| Note { private: true, ..note };
        let number = self.value(Value::Code(number));
        let at = self.value(Value::Words(at));
        screen.notes = vec![
            own(self.note(Tone::Ok, Icon::FileCheck, self.text(Text::RegisteredNumber), number)),
            own(self.note(Tone::Plain, Icon::Clock, self.text(Text::RegisteredAt), at)),
        ];
        if let Some(day) = effective {
            let text = self.fill(Text::RegisteredEffectiveText, &[("day", Value::Day(day))]);
            let title = self.text(Text::RegisteredEffective);
            screen.notes.push(self.note(Tone::Attention, Icon::CalendarEvent, title, text));
        }
        screen.notes.push(self.receipt(receipt, Text::RegisteredKept));
        screen.actions = self.ending();
        screen
    }

    /// The receipt or slip; `kept`: where else it is, when it cannot be printed.
    pub(super) fn receipt(&self, slip: Slip, kept: Text) -> Note {
        let place = || self.place(&self.places.printer, Text::ReceiptSlot);
        let (tone, title, text) = match slip {
            Slip::Printing => (Tone::Ok, Text::PaidReceiptPrinting, place()),
            Slip::Printed => (Tone::Ok, Text::PaidReceiptPrinted, place()),
            Slip::Impossible => (Tone::Attention, Text::PaidReceiptImpossible, self.text(kept)),
        };
        self.note(tone, Icon::Printer, self.text(title), text)
    }

    pub(super) fn petition_trouble(&self, trouble: &PetitionTrouble) -> Screen {
        let confirm = |text| vec![Target::new(Intent::Confirm, self.text(text)).primary()];
        match trouble {
            PetitionTrouble::NotSent => {
                let (lead, advice) =
                    (self.text(Text::PetitionNotSentLead), self.text(Text::PetitionNotSentText));
                let mut screen = self.told(Kind::Told, self.text(Text::PetitionNotSentHeading), lead, advice);
                screen.actions = confirm(Text::DocumentNotReceivedRetry);
                screen.actions.push(Target::new(Intent::Cancel, self.text(Text::PetitionLeave)));
                screen
            }
            PetitionTrouble::RegisteredUnknown { reference } => {
                let (lead, advice) =
                    (self.text(Text::PetitionUnknownLead), self.text(Text::PetitionUnknownText));
                let mut screen = self.told(Kind::Told, self.text(Text::PetitionUnknownHeading), lead, advice);
                let reference = self.value(Value::Code(reference));
                if !reference.is_empty() {
                    let title = self.text(Text::QueuedNote);
                    let note = self.note(Tone::Attention, Icon::FilePencil, title, reference);
                    screen.notes.insert(0, Note { private: true, ..note });
                }
                screen
            }
            PetitionTrouble::Refused { text, next } => {
                self.refused_in_words(Kind::Told, Text::PetitionRefusedHeading, "", text, next)
            }
            PetitionTrouble::TooLarge => {
                let (lead, advice) =
                    (self.text(Text::PetitionNotSentLead), self.text(Text::PetitionTooLargeText));
                let mut screen =
                    self.told(Kind::Told, self.text(Text::PetitionTooLargeHeading), lead, advice);
                screen.actions = confirm(Text::PetitionTooLargeBack);
                screen
            }
        }
    }

    /// So many sheets.
    pub(super) fn sheets(&self, pages: u16) -> Phrase {
        match pages {
            1 => self.text(Text::SheetsOne),
            _ => self.fill(Text::SheetsMany, &[("pages", Value::Number(pages.into()))]),
        }
    }
}

/// What a part of a petition is called.
fn part_name(part: PetitionPart) -> Text {
    match part {
        PetitionPart::To => Text::PartTo,
        PetitionPart::Person => Text::PartPerson,
        PetitionPart::Represented => Text::PartRepresented,
        PetitionPart::Facts => Text::WriteFactsName,
        PetitionPart::Request => Text::WriteRequestName,
        PetitionPart::Notification => Text::PartNotification,
        PetitionPart::Contact => Text::PartContact,
        PetitionPart::Attachments => Text::PartAttachments,
    }
}
