//! The presenters: each turns one family of pages of the [`View`] into words in slots.
mod appointment;
mod card;
mod card_refused;
mod cash;
mod certificate;
mod document;
mod keyboard;
mod list;
mod outcome;
mod paper;
mod petition;
mod reading;
mod scanner;
mod start;
mod waiver;
mod write;

use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::local::Local;
use crate::phrase::{Phrase, Value};
use crate::screen::{Note, Screen, Target};
use crate::texts::{LANGUAGES, Text, of_language, own_name};
use crate::view::{Branding, DocumentProblem, Intent, Language, Page, View};
use crate::{Places, texts};

/// What a presenter may know beside the view.
pub(crate) struct Presenter<'a> {
    pub language: Language,
    pub branding: &'a Branding,
    pub places: &'a Places,
    /// Help for the page that help, the languages and the idle warning cover.
    pub beneath: Text,
    /// What the pages keep of this one.
    pub local: Local,
}

/// The page for a view.
pub(crate) fn present(
    view: &View,
    branding: &Branding,
    places: &Places,
    beneath: Text,
    local: Local,
) -> Screen {
    let presenter = Presenter { language: view.language, branding, places, beneath, local };
    let mut screen = match (view.idle_warning, &view.page) {
        (Some(_), Page::Attract { .. }) | (None, _) => presenter.page(view),
        (Some(seconds), _) => return presenter.idle(seconds),
    };
    if screen.kind != Kind::Attract {
        screen.bar = presenter.bar(view.back || local.changing);
    }
    if let Some((step, steps)) = view.step {
        let values = [("step", Value::Number(step.into())), ("steps", Value::Number(steps.into()))];
        screen.step = presenter.fill(Text::Step, &values);
    }
    screen
}

impl Presenter<'_> {
    fn page(&self, view: &View) -> Screen {
        let page = &view.page;
        match page {
            Page::Attract { services } => self.attract(services),
            Page::Languages => self.languages(),
            Page::Menu { services } => self.menu(services),
            Page::Scan { reader, problem } => self.scan(*reader, problem.as_ref()),
            Page::Type { .. } => self.type_digits(page),
            Page::Bill { .. } => self.bill(page),
            Page::Waiver { amount, reduction, last_day } => self.waiver(*amount, reduction, *last_day),
            Page::Refused { refusal } => self.refused(refusal),
            Page::CashTerms { amount, denominations, coin_limit, exact_only } => {
                self.terms(*amount, denominations, *coin_limit, *exact_only)
            }
            Page::Cash { .. } => self.cash(page),
            Page::Working { work } => self.working(work),
            Page::Paid { .. } => self.paid(page),
            Page::Cancelled { returned } => self.cancelled(*returned),
            Page::Incident(incident) => self.incident(incident),
            Page::Card { problem } => self.card(*problem),
            Page::Pin { .. } => self.pin(page),
            Page::LastTry => self.last_try(),
            Page::CardRefused { refusal } => self.card_refused(refusal),
            Page::Certificates { name, kinds } => self.certificates(name, kinds),
            Page::Certificate { kind, languages, chosen } => self.certificate(kind, languages, *chosen),
            Page::CertificateRefused { title, text, next } => self.certificate_refused(title, text, next),
            Page::CertificateQueued { title, reference, working_days } => {
                self.queued(title, reference, *working_days)
            }
            Page::TakeDocument { title, pages } => self.take_document(title, *pages),
            Page::DocumentTaken { title } => self.document_taken(title),
            Page::DocumentTrouble { title, trouble, again } => self.document_trouble(title, *trouble, *again),
            Page::TakeCard => self.take_card(),
            Page::Help => self.help(),
            Page::Write { .. } => self.write(page),
            Page::Choose { question, name, items } => self.choose(*question, name, items),
            Page::OnBehalf => self.on_behalf(),
            Page::Notification { postal } => self.notification(*postal),
            Page::ScanFrom { feeder, flatbed, pages, problem } => {
                self.scan_from(*feeder, *flatbed, *pages, *problem)
            }
            Page::ScannedPage { .. } => self.scanned_page(page),
            Page::MoreSheets { pages, blanks } => self.more_sheets(*pages, *blanks),
            Page::Attachments { items, most, bytes_left } => self.attachments(items, *most, *bytes_left),
            Page::Attachment { name, pages, bytes, parts } => self.attachment(name, *pages, *bytes, *parts),
            Page::PetitionCheck { .. } => self.petition_check(page),
            Page::Consent { .. } => self.consent(page),
            Page::GiveUp => self.give_up(),
            Page::Registered { number, at, effective, receipt } => {
                self.registered(number, at, *effective, *receipt)
            }
            Page::PetitionTrouble { trouble } => self.petition_trouble(trouble),
            Page::WhoIs => self.who_is(),
            Page::NumberConfirm { shown } => self.number_confirm(shown),
            Page::AppointmentStart => self.appointment_start(),
            Page::AppointmentFirst { service, office, when } => self.appointment_first(service, office, when),
            Page::NoAppointments { service, until, channels } => {
                self.no_appointments(service, *until, channels)
            }
            Page::AppointmentCheck { .. } => self.appointment_check(page),
            Page::AppointmentTaken { when, next } => self.appointment_taken(when, next),
            Page::Appointed { .. } => self.appointed(page),
            Page::OwnAppointment { .. } => self.own_appointment(page),
            Page::AppointmentCancel { service, when } => self.appointment_cancel(service, when),
            Page::AppointmentCancelled { service, when } => self.appointment_cancelled(service, when),
            Page::AppointmentTrouble { trouble } => self.appointment_trouble(trouble),
            Page::OutOfService => self.out_of_service(),
        }
    }

    fn text(&self, id: Text) -> Phrase {
        Phrase::text(self.language, id)
    }

    fn fill(&self, id: Text, values: &[(&str, Value<'_>)]) -> Phrase {
        Phrase::fill(self.language, id, values)
    }

    fn value(&self, value: Value<'_>) -> Phrase {
        Phrase::value(self.language, value)
    }

    /// The words of a setting that is kept in three languages; empty if there are none.
    fn setting(&self, words: &[String; 3]) -> Phrase {
        self.value(Value::Words(of_language(self.language, words)))
    }

    /// Back, help and language, in this order on every page.
    fn bar(&self, back: bool) -> Vec<Target> {
        let mut others = LANGUAGES.into_iter().filter(|language| *language != self.language).map(own_name);
        let (first, second) = (others.next().unwrap_or_default(), others.next().unwrap_or_default());
        let named = |name: &str| Phrase { shown: name.to_owned(), spoken: name.to_owned() };
        vec![
            Target::new(Intent::Back, self.text(Text::BarBack)).icon(Icon::ArrowLeft).usable(back),
            Target::new(Intent::Help, self.text(Text::BarHelp)).icon(Icon::HelpCircle),
            Target::new(Intent::Languages, named(first)).icon(Icon::Language).text(named(second)),
        ]
    }

    /// Where a person can be asked.
    fn where_to_ask(&self) -> Note {
        let mut text = self.setting(&self.branding.help_line);
        if text.is_empty() {
            text = self.text(Text::WhereDefault);
        }
        self.note(Tone::Plain, Icon::MapPin, self.text(Text::WhereTitle), text)
    }

    fn note(&self, tone: Tone, icon: Icon, title: Phrase, text: Phrase) -> Note {
        Note { tone, icon, title, text, private: false }
    }

    fn problem(&self, problem: &DocumentProblem) -> Note {
        let text = match problem {
            DocumentProblem::Unreadable => Text::ProblemUnreadable,
            DocumentProblem::NotADocument => Text::ProblemNotADocument,
            DocumentProblem::ControlDigits => Text::ProblemControlDigits,
            DocumentProblem::SedeUnreachable => Text::ProblemSedeUnreachable,
        };
        self.note(Tone::Attention, Icon::AlertTriangle, self.text(Text::ProblemTitle), self.text(text))
    }

    fn idle(&self, seconds: u32) -> Screen {
        let mut screen =
            Screen::new(Kind::Idle, self.text(Text::IdleHeading)).mark(Tone::Plain, Icon::Hourglass);
        screen.lead = self.fill(Text::IdleLead, &[("seconds", Value::Number(seconds))]);
        screen.actions = vec![Target::new(Intent::StillHere, self.text(Text::IdleHere)).primary()];
        screen
    }

    fn help(&self) -> Screen {
        let plain = |icon, title, text| self.note(Tone::Plain, icon, self.text(title), self.text(text));
        let mut person = self.where_to_ask();
        person.title = self.text(Text::HelpPersonTitle);
        person.icon = Icon::Phone;
        let mut screen =
            Screen::new(Kind::Help, self.text(Text::HelpHeading)).mark(Tone::Plain, Icon::HelpCircle);
        screen.notes = vec![
            plain(Icon::InfoCircle, Text::HelpThisPage, self.beneath),
            plain(Icon::Keyboard, Text::HelpKeypadTitle, Text::HelpKeypadText),
            person,
        ];
        screen.actions = vec![Target::new(Intent::Help, self.text(Text::HelpClose)).primary()];
        screen
    }

    fn out_of_service(&self) -> Screen {
        let mut screen =
            Screen::new(Kind::Out, self.text(Text::OutHeading)).mark(Tone::Attention, Icon::Tools);
        screen.lead = self.text(Text::OutLead);
        screen.notes = vec![self.where_to_ask()];
        screen
    }
}

/// The words of the bar's language button for the ear: what it does comes first.
pub(crate) fn spoken_language_button(language: Language, names: &str) -> String {
    texts::fill(language, Text::BarLanguage, &[("others", names)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_page_has_one_primary_action_and_six_choices_at_most() {
        for language in LANGUAGES {
            for (name, view) in samples::all(language) {
                let screen = present(
                    &view,
                    &samples::branding(),
                    &samples::places(),
                    Text::HelpMenu,
                    Local::default(),
                );
                let primary = screen.actions.iter().filter(|action| action.primary).count();
                // The first page has one way on, in three languages.
                assert!(primary <= 1 || screen.kind == Kind::Attract, "{name}");
                // Hours and the parts of a petition are orders that are known, as digits are.
                let known = matches!(screen.kind, Kind::Hours | Kind::Rows);
                assert!(screen.choices.len() <= 6 || known, "{name}");
                assert!(!screen.heading.is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn a_page_of_more_services_than_fit_offers_the_first_six() {
        let mut views = samples::all(Language::English);
        for (_, view) in &mut views {
            if let Page::Menu { services } = &mut view.page {
                *services = services.repeat(5);
                let screen =
                    present(view, &samples::branding(), &samples::places(), Text::HelpMenu, Local::default());
                assert_eq!(screen.choices.len(), 6);
            }
        }
    }
}
