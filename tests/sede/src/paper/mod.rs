//! The paper of a certificate: an A4 PDF with all that it must carry (reference, procedures 1).
//!
//! Two steps: the content is broken into lines and pages, then drawn, since each page says how many there are. The
//! same content gives the same bytes.
mod draw;
mod layout;
mod words;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::citizen_wire::Language;
use crate::padron::Resident;
use layout::{Pages, Style};
use words::Words;

/// What a document says.
pub(crate) struct Paper<'a> {
    pub language: Language,
    /// In the three languages.
    pub title: [&'static str; 3],
    pub authoritative: bool,
    pub collective: bool,
    pub address: &'a str,
    /// Those who are named.
    pub people: Vec<Person>,
    /// Those who are registered.
    pub registered: usize,
    pub at: Timestamp,
    pub csv: &'a str,
    pub url: &'a str,
}

/// What a document says of a person, and no more than that.
pub(crate) struct Person {
    name: String,
    number: Option<String>,
    since: Date,
}

impl Person {
    pub fn of(resident: &Resident) -> Person {
        Person { name: resident.name.clone(), number: resident.number.clone(), since: resident.registered_on }
    }

    fn is_foreigner(&self) -> bool {
        self.number.as_deref().is_some_and(|it| it.starts_with(['X', 'Y', 'Z']))
    }
}

/// The document, and how many pages it has.
pub(crate) fn pdf(paper: &Paper<'_>) -> Option<(Vec<u8>, usize)> {
    let words = Words::of(paper.language);
    let at = paper.at.to_zoned_datetime(TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC));
    let title = match paper.language {
        Language::Es => paper.title[0],
        Language::Ca => paper.title[1],
        Language::En => paper.title[2],
    };
    let mut pages = Pages::new(words.town)?;
    pages.text(Style::Title, title);
    pages.text(Style::Body, if paper.collective { words.collective } else { words.individual });
    let day = words.day(paper.language, &at);
    let time = at.strftime("%H:%M").to_string();
    pages.space(8.0);
    pages.text(Style::Date, &format!("{} {day}", words.issued));
    pages.text(Style::Date, &format!("{} {time}", words.at_time));
    pages.space(10.0);
    pages.text(Style::Body, &format!("{} {}:", words.according, at.strftime("%d/%m/%Y")));
    pages.space(6.0);
    pages.text(Style::Body, &format!("{}: {}", words.address, paper.address));
    for person in &paper.people {
        pages.space(8.0);
        let mut details = format!("{}: {}", words.since, person.since.strftime("%d/%m/%Y"));
        if let Some(number) = &person.number {
            details = format!("{}: {number}     {details}", words.number);
        }
        pages.together(&[(Style::Name, &person.name), (Style::Body, &details)]);
    }
    pages.space(12.0);
    if paper.collective && paper.people.len() < paper.registered {
        let [only, of] = words.consenting;
        pages.text(Style::Body, &format!("{only} {} {of} {}.", paper.people.len(), paper.registered));
        pages.space(4.0);
    }
    if paper.people.iter().any(Person::is_foreigner) {
        pages.text(Style::Body, words.foreigners);
        pages.space(4.0);
    }
    pages.text(Style::Body, if paper.authoritative { words.authoritative } else { words.informative });
    for text in [words.automated, words.seal, words.verify] {
        pages.space(4.0);
        pages.text(Style::Small, text);
    }
    let lines = pages.finish();
    let count = lines.len();
    draw::document(&draw::Drawing { paper, words, title, at: &at, pages: &lines }).map(|bytes| (bytes, count))
}
