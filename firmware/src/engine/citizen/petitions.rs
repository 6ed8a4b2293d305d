//! Begins the actions of a petition.
use std::sync::Arc;
use std::time::Duration;

use digitisation::Limits;
use tokio::sync::oneshot;
use tokio::time::sleep;
use ui::Language;

use super::present::Presentation;
use super::{Citizen, News, Teller, nonce, number, scan};
use crate::engine::{Rules, Services};
use crate::papers;
use crate::petition::{Action, Answer, Document, Form, Presented, Source, Told};
use crate::sede::{PetitionLimits, PetitionOptionsAnswer, RegisteredPetition, Sede, Session};
use crate::words::{self, words};

/// The sede ends a session after five minutes in which it hears nothing: whoever writes needs longer.
const KEEP_ALIVE: Duration = Duration::from_secs(120);

impl Citizen {
    /// Begins an action of a petition.
    pub fn petition(&mut self, services: &Services, rules: &Rules, language: Language, action: Action) {
        self.tidy();
        let teller = self.teller();
        match action {
            Action::AskOptions => {
                let Some(session) = self.session.clone() else { return };
                let sede = services.sede.clone();
                self.tasks.spawn(async move { ask_options(&sede, &session, &teller).await });
            }
            Action::Scan(source) => self.scan(services, source),
            Action::StopScan => self.stop_scan(),
            Action::Make { pages, title } => {
                let created = services.clock.now().0.to_zoned_datetime(rules.letterhead.zone.clone());
                let limits = limits(services);
                self.tasks.spawn(async move {
                    let made = scan::make(pages, title, language, created, limits).await;
                    teller.tell_petition(Answer::Made(made));
                });
            }
            Action::Present(form, documents) => self.present(services, rules, language, *form, documents),
            Action::Prepare(form, documents) => {
                let presentation = self.presentation(services, rules, language, *form, documents);
                self.prepare(presentation);
            }
            Action::ReadCard => self.read_card(services),
            Action::Sign { pin, last_try } => self.sign(services, rules, pin, last_try),
            Action::Register(will) => self.register(*will),
            Action::Discard => self.discard(),
            Action::PrintReceipt(entry) => self.print_receipt(services, rules, language, *entry),
        }
    }

    fn scan(&mut self, services: &Services, source: Source) {
        let teller = self.teller();
        let Some(scanner) = services.scanner.clone() else { return };
        self.stop_scan();
        let reading = self.tasks.spawn(async move {
            let read = scan::read(scanner, source, &|page| teller.tell_petition(Answer::Page(page))).await;
            teller.tell_petition(Answer::Scanned(read));
        });
        self.scan = Some(reading);
    }

    fn stop_scan(&mut self) {
        if let Some(reading) = self.scan.take() {
            reading.abort();
        }
    }

    /// It goes on without the card: the citizen has agreed to it.
    fn present(
        &mut self,
        services: &Services,
        rules: &Rules,
        language: Language,
        form: Form,
        documents: Vec<Document>,
    ) {
        let presentation = self.presentation(services, rules, language, form, documents);
        self.printed += 1;
        let (this, sender) = (self.printed, self.sender.clone());
        let tell = move |answer| {
            // The engine that would hear it may be gone; then nobody needs the answer.
            let _ = sender.send(super::Answer::Citizen(News::Presenting(this, answer)));
        };
        let Some(presentation) = presentation else {
            return tell(Answer::Presented(Presented::NotSent));
        };
        let (over, receiver) = oneshot::channel();
        self.needed = Some(receiver);
        self.papers.spawn(async move {
            let progress = |file, of, percent| tell(Answer::Sent { file, of, percent });
            let presented = presentation.run(&progress).await;
            // Nobody may wait for it.
            let _ = over.send(());
            tell(Answer::Presented(presented));
        });
    }

    /// What is presented; `None` without session, options or randomness.
    fn presentation(
        &self,
        services: &Services,
        rules: &Rules,
        language: Language,
        form: Form,
        documents: Vec<Document>,
    ) -> Option<Presentation> {
        let options = self.options.as_ref()?;
        let fresh = nonce().ok()?;
        let (captured_at, clock_sure) = services.clock.now();
        Some(Presentation {
            sede: services.sede.clone(),
            session: self.session.as_ref()?.session.clone(),
            request: number(rules, 'I', &fresh),
            language: words::code(language),
            body: options.bodies.get(form.body)?.dir3.clone(),
            consent: options.consent.version.clone(),
            form,
            documents,
            captured_at,
            clock_sure,
        })
    }

    fn print_receipt(
        &mut self,
        services: &Services,
        rules: &Rules,
        language: Language,
        entry: RegisteredPetition,
    ) {
        let paper = papers::petition(&entry, language, &rules.letterhead);
        let (printer, this, sender) = (services.printer.clone(), self.printed, self.sender.clone());
        self.papers.spawn(async move {
            let printed = super::paper::receipt(printer, paper).await;
            // As above.
            let _ = sender.send(super::Answer::Citizen(News::Presenting(this, Answer::Printed(printed))));
        });
    }
}

/// Asks, and from then on keeps the session alive while the citizen writes.
async fn ask_options(sede: &Sede, session: &Arc<Session>, teller: &Teller) {
    let answer = sede.petition_options(&session.session).await;
    let options = match answer {
        Ok(PetitionOptionsAnswer::Offered(options)) => Some(Ok(options)),
        Ok(PetitionOptionsAnswer::Refused(refusal)) => {
            tracing::info!(code = refusal.code, "petitions are refused");
            Some(Err(Told { text: words(&refusal.text), next: words(&refusal.next) }))
        }
        Err(error) => {
            tracing::warn!(%error, "asking for a petition's options");
            None
        }
    };
    teller.news(News::Options(teller.visit, options));
    loop {
        sleep(KEEP_ALIVE).await;
        if let Err(error) = sede.petition_options(&session.session).await {
            tracing::warn!(%error, "keeping a session alive");
        }
    }
}

/// What the files of one document may take; what the others take is looked at when they are made.
fn limits(services: &Services) -> Limits {
    let of = services.catalogue.borrow().as_ref().map(|of| of.petitions);
    let PetitionLimits { attachments, attachment_bytes, total_bytes, .. } = of.unwrap_or_default();
    let bytes = |of: u32| usize::try_from(of).unwrap_or(usize::MAX);
    Limits {
        file_bytes: bytes(attachment_bytes),
        total_bytes: bytes(total_bytes),
        files: attachments.into(),
        ..Limits::default()
    }
}
