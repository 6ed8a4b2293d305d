//! Carries out what identification, certificates, petitions and appointments ask for: card, sede, scanner, printers.
//! Answers come back as events.
//!
//! Everything of a citizen is in here and in tasks that end with [`Citizen::forget`]; only what was agreed to goes on: a
//! paper that is on its way, a petition that is being sent. The session at the sede ends once it is not needed for that.
mod appointments;
mod checks;
mod dialogue;
mod entry;
mod offers;
mod paper;
mod petitions;
mod present;
mod scan;
mod signing;

use std::sync::Arc;

use hal_smartcard::RandomSource as _;
use hal_smartcard::dialogue::Purpose;
use hal_smartcard::reader::CardEvent;
use hal_smartcard::{RandomError, SystemRandom};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use ui::{CardProblem, Language};

use super::commands::Answer;
use super::{Identity, Rules, Services};
use crate::appointment;
use crate::identification::{self, Card, CardFailure};
use crate::identity::statement;
use crate::padron::{self, Print};
use crate::petition;
use crate::sede::{CertificateRequest, OperationId, PetitionOptions, Sede, Session};
use crate::session::Event;
use crate::words;

use checks::Checks;
use dialogue::Typed;
use signing::Prepared;

/// News of what is under way, with the number of the visit or of the paper that it belongs to.
#[derive(Debug)]
pub(super) enum News {
    /// A session at the sede; `None`: it could not be asked.
    Opened(u64, Option<Session>),
    /// Anything else of the identification.
    Identified(u64, identification::Answer),
    /// What a procedure asked for.
    Padron(u64, padron::Answer),
    /// How far a paper is.
    Paper(u64, Print),
    /// To whom a petition can be addressed; `None`: the sede could not be asked.
    Options(u64, Option<Result<PetitionOptions, petition::Told>>),
    /// What a petition asked for.
    Petition(u64, petition::Answer),
    /// A petition waits for the card's signature.
    Prepared(u64, Box<Prepared>),
    /// How far a petition that was agreed to is.
    Presenting(u64, petition::Answer),
    /// What an appointment asked for.
    Appointment(u64, appointment::Answer),
}

/// Tells the engine what comes of one visit.
#[derive(Clone)]
struct Teller {
    sender: mpsc::UnboundedSender<Answer>,
    visit: u64,
}

impl Teller {
    fn tell(&self, answer: identification::Answer) {
        self.news(News::Identified(self.visit, answer));
    }

    fn tell_padron(&self, answer: padron::Answer) {
        self.news(News::Padron(self.visit, answer));
    }

    fn tell_petition(&self, answer: petition::Answer) {
        self.news(News::Petition(self.visit, answer));
    }

    fn tell_appointment(&self, answer: appointment::Answer) {
        self.news(News::Appointment(self.visit, answer));
    }

    fn news(&self, news: News) {
        // The engine that would hear it may be gone; then nobody needs the answer.
        let _ = self.sender.send(Answer::Citizen(news));
    }
}

/// An order that was not answered: repeated, it keeps its number.
struct Order {
    number: OperationId,
    kind: String,
    language: Language,
}

/// What is under way. Dropping it ends everything, a paper as well.
pub(super) struct Citizen {
    /// What is in the reader.
    pub card: Card,
    atr: Vec<u8>,
    insertions: u64,
    sender: mpsc::UnboundedSender<Answer>,
    visit: u64,
    tasks: JoinSet<()>,
    typed: Option<mpsc::Sender<Typed>>,
    session: Option<Arc<Session>>,
    order: Option<Order>,
    /// Sheets are being read.
    scan: Option<AbortHandle>,
    options: Option<PetitionOptions>,
    /// Waits for the card's signature.
    draft: Option<Box<Prepared>>,
    /// Papers, petitions on their way and farewells, which outlive the visit.
    papers: JoinSet<()>,
    /// Number of the last paper or petition of these.
    printed: u64,
    /// Ends when the session is not needed any more for what goes on.
    needed: Option<oneshot::Receiver<()>>,
}

impl Citizen {
    pub fn new(sender: mpsc::UnboundedSender<Answer>) -> Citizen {
        Citizen {
            card: Card::Absent,
            atr: Vec::new(),
            insertions: 0,
            sender,
            visit: 0,
            tasks: JoinSet::new(),
            typed: None,
            session: None,
            order: None,
            scan: None,
            options: None,
            draft: None,
            papers: JoinSet::new(),
            printed: 0,
            needed: None,
        }
    }

    /// A card came or went.
    pub fn card(&mut self, event: CardEvent) {
        self.card = match event {
            CardEvent::Inserted { atr } => {
                self.atr = atr;
                self.insertions += 1;
                Card::Present(self.insertions)
            }
            CardEvent::Mute => Card::Mute,
            CardEvent::Removed => Card::Absent,
        };
    }

    /// What news says to the session; nothing when it is of a visit that is over.
    pub fn heard(&mut self, news: News) -> Option<Event> {
        match news {
            News::Opened(visit, session) if visit == self.visit => {
                let opened = session.is_some();
                self.session = session.map(Arc::new);
                Some(Event::Identification(identification::Answer::Opened(opened)))
            }
            News::Identified(visit, answer) if visit == self.visit => Some(Event::Identification(answer)),
            News::Padron(visit, answer) if visit == self.visit => {
                if matches!(answer, padron::Answer::Issued(Some(_))) {
                    self.order = None;
                }
                Some(Event::Padron(answer))
            }
            News::Paper(paper, print) if paper == self.printed => {
                Some(Event::Padron(padron::Answer::Print(print)))
            }
            News::Options(visit, options) if visit == self.visit => {
                if let Some(Ok(options)) = &options {
                    self.options = Some(options.clone());
                }
                Some(Event::Petition(petition::Answer::Options(options)))
            }
            News::Petition(visit, answer) if visit == self.visit => Some(Event::Petition(answer)),
            News::Prepared(visit, prepared) if visit == self.visit => {
                self.draft = Some(prepared);
                Some(Event::Petition(petition::Answer::Prepared))
            }
            News::Presenting(number, answer) if number == self.printed => Some(Event::Petition(answer)),
            News::Appointment(visit, answer) if visit == self.visit => Some(Event::Appointment(answer)),
            News::Opened(..)
            | News::Identified(..)
            | News::Padron(..)
            | News::Paper(..)
            | News::Options(..)
            | News::Petition(..)
            | News::Prepared(..)
            | News::Presenting(..)
            | News::Appointment(..) => None,
        }
    }

    /// Begins an action of the identification.
    pub fn identify(&mut self, services: &Services, rules: &Rules, action: identification::Action) {
        use identification::Action;
        self.tidy();
        let teller = self.teller();
        match action {
            Action::Recognise => {
                // Without reader and trust nothing is offered that would ask for a card.
                let Some(identity) = services.identity.clone() else { return };
                let (typed, inbox) = mpsc::channel(1);
                self.typed = Some(typed);
                let tell = move |recognised| teller.tell(identification::Answer::Recognised(recognised));
                let purpose = Purpose::Authentication;
                self.tasks.spawn(dialogue::talk(identity, self.atr.clone(), purpose, inbox, tell));
            }
            Action::OpenSession => {
                let sede = services.sede.clone();
                self.tasks.spawn(async move {
                    let opened = sede.open_session().await;
                    let opened = opened.inspect_err(|error| tracing::warn!(%error, "opening a session")).ok();
                    teller.news(News::Opened(teller.visit, opened));
                });
            }
            Action::Sign { pin, last_try } => {
                let sent = self.typed(pin, last_try);
                if !sent {
                    let failure = CardFailure::Problem(CardProblem::Failed);
                    teller.tell(identification::Answer::Signed(Err(failure)));
                }
            }
            Action::Enter(proof) => {
                let (Some(identity), Some(session)) = (&services.identity, self.session.clone()) else {
                    return;
                };
                let visitor = entry::Visitor { checks: self.checks(services, rules, identity), session };
                self.tasks.spawn(async move {
                    teller.tell(identification::Answer::Entered(visitor.enter(proof).await));
                });
            }
            Action::Forget => self.forget(services.sede.clone()),
        }
    }

    /// Begins an action of a certificate's procedure; reports are not among them.
    pub fn padron(&mut self, services: &Services, rules: &Rules, action: padron::Action) {
        use padron::Action;
        self.tidy();
        let teller = self.teller();
        match action {
            Action::Report { .. } => {}
            Action::AskOffers => {
                let Some(session) = self.session.clone() else { return };
                let sede = services.sede.clone();
                self.tasks.spawn(async move {
                    let offers = sede.offers(&session.session).await;
                    let offers = offers.inspect_err(|error| tracing::warn!(%error, "asking for the offers"));
                    teller.tell_padron(padron::Answer::Offered(offers.ok().map(offers::offered)));
                });
            }
            Action::Issue { kind, language } => self.issue(services, rules, kind, language),
            Action::Print(document) => {
                let Some(session) = self.session.clone() else { return };
                let (sede, printer) = (services.sede.clone(), services.pages.clone());
                let (fetched, receiver) = oneshot::channel();
                self.needed = Some(receiver);
                self.printed += 1;
                let number = self.printed;
                self.papers.spawn(async move {
                    let tell = |print| teller.news(News::Paper(number, print));
                    paper::print(&sede, &session, printer, document, fetched, &tell).await;
                });
            }
        }
    }

    fn tidy(&mut self) {
        while self.tasks.try_join_next().is_some() || self.papers.try_join_next().is_some() {}
    }

    fn teller(&self) -> Teller {
        Teller { sender: self.sender.clone(), visit: self.visit }
    }

    /// By what the card in the reader is judged.
    fn checks(&self, services: &Services, rules: &Rules, identity: &Identity) -> Checks {
        Checks {
            sede: services.sede.clone(),
            clock: services.clock.clone(),
            trust: Arc::clone(&identity.trust),
            dnie: dialogue::is_dnie(&identity.trust, &self.atr),
            zone: rules.letterhead.zone.clone(),
        }
    }

    /// Hands the PIN to the dialogue with the card; false when there is none.
    fn typed(&mut self, pin: hal_smartcard::dialogue::Pin, last_try: bool) -> bool {
        let (Some(typed), Some(session)) = (&self.typed, &self.session) else { return false };
        let Ok(nonce) = nonce() else { return false };
        let hash = statement::hash(session.session.as_str(), &session.challenge.0, &nonce);
        let (reply, answer) = oneshot::channel();
        if typed.try_send(Typed { pin, last_try, hash, reply }).is_err() {
            return false;
        }
        let teller = self.teller();
        self.tasks.spawn(async move {
            // A dialogue that ended without a word has failed.
            let signed = answer.await.unwrap_or(Err(CardFailure::Problem(CardProblem::Failed)));
            let proof = signed.map(|signed| dialogue::proof(signed, nonce));
            teller.tell(identification::Answer::Signed(proof));
        });
        true
    }

    fn issue(&mut self, services: &Services, rules: &Rules, kind: String, language: Language) {
        let (Some(session), Ok(fresh)) = (self.session.clone(), nonce()) else { return };
        let teller = self.teller();
        let order = match self.order.take() {
            Some(order) if order.kind == kind && order.language == language => order,
            _ => {
                let number = number(rules, 'C', &fresh);
                Order { number, kind, language }
            }
        };
        let request = CertificateRequest {
            session: session.session.clone(),
            request: order.number.clone(),
            kind: order.kind.clone(),
            language: words::code(order.language),
        };
        self.order = Some(order);
        let sede = services.sede.clone();
        self.tasks.spawn(async move {
            let answer = sede.issue(&request).await;
            let answer = answer.inspect_err(|error| tracing::warn!(%error, "asking for a certificate"));
            teller.tell_padron(padron::Answer::Issued(answer.ok().map(offers::issued)));
        });
    }

    /// Drops everything of the visit but a paper.
    pub fn forget(&mut self, sede: Sede) {
        self.visit += 1;
        self.tasks.abort_all();
        // What waits for a signature ends with the session.
        (self.typed, self.order, self.scan, self.options, self.draft) = Default::default();
        let Some(session) = self.session.take() else { return };
        let needed = self.needed.take();
        self.papers.spawn(async move {
            if let Some(needed) = needed {
                // However it ended: nobody asks in this session any more.
                let _ = needed.await;
            }
            if let Err(error) = sede.end_session(&session.session).await {
                // It ends by itself after five minutes.
                tracing::warn!(%error, "ending a session");
            }
        });
    }
}

/// Sixteen digits that nobody has used: the sede keeps the numbers of this kiosk apart by them.
fn number(rules: &Rules, letter: char, fresh: &[u8; 32]) -> OperationId {
    let digits: String = fresh.iter().take(8).map(|byte| format!("{byte:02X}")).collect();
    OperationId(format!("{}-{letter}{digits}", rules.letterhead.kiosk))
}

/// 32 bytes that nobody can foresee.
fn nonce() -> Result<[u8; 32], RandomError> {
    let mut nonce = [0; 32];
    SystemRandom.fill(&mut nonce).inspect_err(|error| tracing::error!(%error, "no nonce"))?;
    Ok(nonce)
}
