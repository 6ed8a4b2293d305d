//! The document on paper: take it, taken, or not well printed. It is issued all the same, and says so first.
use super::Presenter;
use crate::generated::{Kind, Picture, Tone};
use crate::icon::Icon;
use crate::phrase::Value;
use crate::screen::{Note, Screen, Target};
use crate::texts::Text;
use crate::view::{DocumentTrouble, Intent};

impl Presenter<'_> {
    pub(super) fn take_document(&self, title: &str, pages: u16) -> Screen {
        let mut screen = Screen::new(Kind::TakeDocument, self.text(Text::DocumentTakeHeading))
            .mark(Tone::Ok, Icon::Printer)
            .help(Text::HelpDocument);
        let count = match pages {
            1 => self.text(Text::DocumentPagesOne),
            _ => self.fill(Text::DocumentPagesMany, &[("pages", Value::Number(pages.into()))]),
        };
        screen.lead = self.place(&self.places.document, Text::DocumentSlot).joined(" ", &count);
        screen.notes = vec![self.titled(title)];
        screen.picture = Picture::PaperOut;
        screen
    }

    pub(super) fn document_taken(&self, title: &str) -> Screen {
        let mut screen = Screen::new(Kind::DocumentTaken, self.text(Text::DocumentTakenHeading))
            .mark(Tone::Ok, Icon::Check);
        let card = self.note(
            Tone::Attention,
            Icon::Id,
            self.text(Text::DocumentTakenCardTitle),
            self.text(Text::DocumentTakenCardText),
        );
        screen.notes = vec![self.titled(title), card];
        screen.actions = self.ending();
        screen
    }

    /// Its name, and that it can be checked.
    fn titled(&self, title: &str) -> Note {
        let (title, text) = (self.value(Value::Words(title)), self.text(Text::DocumentTakenText));
        Note { private: true, ..self.note(Tone::Ok, Icon::FileCheck, title, text) }
    }

    pub(super) fn document_trouble(&self, title: &str, trouble: DocumentTrouble, again: bool) -> Screen {
        let of_paper = |lead| (Icon::Printer, Text::DocumentTroubleHeading, lead, Text::DocumentTroublePrint);
        let (icon, heading, lead, once_more) = match trouble {
            DocumentTrouble::Torn => of_paper(Text::DocumentTroubleTorn),
            DocumentTrouble::Unknown => of_paper(Text::DocumentTroubleUnknown),
            DocumentTrouble::Retracted => of_paper(Text::DocumentTroubleRetracted),
            DocumentTrouble::NoPrinter => of_paper(Text::DocumentTroubleNoPrinter),
            // What did not arrive here may not even be made yet.
            DocumentTrouble::NotReceived => (
                Icon::Hourglass,
                Text::DocumentNotReceivedHeading,
                Text::DocumentNotReceivedText,
                Text::DocumentNotReceivedRetry,
            ),
        };
        let mut screen = Screen::new(Kind::DocumentTrouble, self.text(heading)).mark(Tone::Attention, icon);
        screen.lead = self.text(lead);
        let what = self.text(match (again, trouble) {
            (_, DocumentTrouble::NotReceived) => Text::DocumentNotReceivedAgain,
            (true, DocumentTrouble::Unknown) => Text::DocumentTroubleLook,
            (true, _) => Text::DocumentTroubleAgain,
            (false, _) => Text::DocumentTroubleElsewhere,
        });
        let name = self.value(Value::Words(title));
        screen.notes = vec![
            Note { private: true, ..self.note(Tone::Ok, Icon::FileCheck, name, what) },
            self.where_to_ask(),
        ];
        screen.actions = if again {
            vec![
                Target::new(Intent::PrintAgain, self.text(once_more)).primary(),
                Target::new(Intent::Confirm, self.text(Text::Finish)),
            ]
        } else {
            vec![Target::new(Intent::Confirm, self.text(Text::RefusedUnderstood)).primary()]
        };
        screen
    }
}
