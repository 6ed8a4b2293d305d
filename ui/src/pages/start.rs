//! Before an errand: attract, languages, menu.
use super::Presenter;
use crate::generated::Kind;
use crate::icon::Icon;
use crate::phrase::Phrase;
use crate::screen::{Offer, Screen, Target};
use crate::texts::{LANGUAGES, Text, own_name};
use crate::view::{Intent, Service, ServiceEntry, Unavailable};

/// Choices on a page at most: more are not taken in at a glance.
const MOST_CHOICES: usize = 6;

impl Presenter<'_> {
    pub(super) fn attract(&self, services: &[ServiceEntry]) -> Screen {
        let own = self.setting(&self.branding.attract_line);
        let heading = if own.is_empty() { self.text(Text::AttractLine) } else { own };
        let mut screen = Screen::new(Kind::Attract, heading);
        screen.lead = self.text(Text::AttractChoose);
        screen.offers = services
            .iter()
            .filter(|entry| entry.unavailable != Some(Unavailable::NotOffered))
            .take(MOST_CHOICES)
            .map(|entry| {
                let now = if entry.unavailable.is_none() {
                    Phrase::default()
                } else {
                    self.text(Text::AttractNotNow)
                };
                let (icon, name, ..) = words_of(entry.service);
                Offer { icon, title: self.text(name), text: now, usable: entry.unavailable.is_none() }
            })
            .collect();
        screen.actions = LANGUAGES
            .into_iter()
            .map(|language| {
                let name = own_name(language).to_owned();
                Target::new(Intent::Language(language), Phrase { spoken: name.clone(), shown: name })
                    .text(Phrase::text(language, Text::AttractStart))
                    .primary()
            })
            .collect();
        screen
    }

    pub(super) fn languages(&self) -> Screen {
        let mut screen = Screen::new(Kind::Languages, self.text(Text::LanguagesHeading));
        screen.lead = self.text(Text::LanguagesLead);
        screen.choices = LANGUAGES
            .into_iter()
            .map(|language| {
                let name = own_name(language).to_owned();
                let mut target =
                    Target::new(Intent::Language(language), Phrase { spoken: name.clone(), shown: name });
                target.chosen = language == self.language;
                if target.chosen {
                    target.icon = Some(Icon::Check);
                    target.text = self.text(Text::LanguagesCurrent);
                } else {
                    target.icon = Some(Icon::Language);
                }
                target
            })
            .collect();
        screen
    }

    pub(super) fn menu(&self, services: &[ServiceEntry]) -> Screen {
        let mut screen = Screen::new(Kind::Menu, self.text(Text::MenuHeading)).help(Text::HelpMenu);
        screen.lead = self.text(Text::MenuLead);
        screen.choices = services
            .iter()
            .take(MOST_CHOICES)
            .map(|entry| {
                let (icon, _, title, text) = words_of(entry.service);
                let text = match entry.unavailable {
                    None => self.text(text),
                    Some(why) => self.reason(why).joined(" ", &self.text(Text::OtherWayOffice)),
                };
                Target::new(Intent::Service(entry.service), self.text(title))
                    .icon(icon)
                    .text(text)
                    .usable(entry.unavailable.is_none())
            })
            .collect();
        screen
    }

    /// Why something is not offered now.
    pub(super) fn reason(&self, why: Unavailable) -> Phrase {
        self.text(match why {
            Unavailable::NotOffered => Text::ReasonNotOffered,
            Unavailable::SedeUnreachable => Text::ReasonSedeUnreachable,
            Unavailable::DeviceOut => Text::ReasonDeviceOut,
            Unavailable::NoChange => Text::ReasonNoChange,
            Unavailable::AboveCashLimit => Text::ReasonAboveCashLimit,
            Unavailable::NoPrinter => Text::ReasonNoPrinter,
        })
    }

    /// A place in words, from the board's configuration; `otherwise` where none is set.
    pub(super) fn place(&self, place: &[String; 3], otherwise: Text) -> Phrase {
        let own = self.setting(place);
        if own.is_empty() { self.text(otherwise) } else { own }
    }
}

/// Icon, short name, title and explanation of a service.
fn words_of(service: Service) -> (Icon, Text, Text, Text) {
    match service {
        Service::Padron => (
            Icon::FileCertificate,
            Text::ServicePadronShort,
            Text::ServicePadronTitle,
            Text::ServicePadronText,
        ),
        Service::Payment => (
            Icon::ReceiptEuro,
            Text::ServicePaymentShort,
            Text::ServicePaymentTitle,
            Text::ServicePaymentText,
        ),
        Service::Petition => (
            Icon::FilePencil,
            Text::ServicePetitionShort,
            Text::ServicePetitionTitle,
            Text::ServicePetitionText,
        ),
        Service::Appointment => (
            Icon::CalendarEvent,
            Text::ServiceAppointmentShort,
            Text::ServiceAppointmentTitle,
            Text::ServiceAppointmentText,
        ),
    }
}
