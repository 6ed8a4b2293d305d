//! The kiosk's own client and verifier against the reference sede: a citizen with a certificate, from the card's
//! signature to the document.
//!
//! Neither side has code of the other: they read certificates and OCSP answers with other crates, and each makes the
//! signed bytes from the contract's text.
#[path = "../../sede/tests/common/cards.rs"]
#[allow(dead_code, reason = "the sede's own tests use more of it")]
mod cards;
mod failures;
mod papers;
mod visits;

use std::sync::{Arc, Mutex};

use cards::{Card, Pki};
use ciberkiosco::identity::chain::{self, Roots, Verified};
use ciberkiosco::identity::ocsp::{OcspError, Question, Standing};
use ciberkiosco::identity::statement;
use ciberkiosco::sede::{
    Base64, CertificateAnswer, CertificateRequest, Challenge, Connect, ConnectFuture, Entry, EntryAnswer,
    IssuedCertificate, LanguageCode, OperationId, RevocationAnswer, Sede, SedeError, Stream, Timeouts,
};
use jiff::{SignedDuration, Timestamp};
use private::PrivateText;

/// A town and a kiosk in it, at an instant that stands still until it is told.
struct World {
    town: reference_sede::Sede,
    kiosk: Sede,
    pki: Pki,
    hands: Arc<Mutex<Timestamp>>,
}

struct Line(reference_sede::Sede);

impl Connect for Line {
    fn connect(&self) -> ConnectFuture<'_> {
        Box::pin(async move { self.0.connect().map(|it| Box::new(it) as Box<dyn Stream>) })
    }
}

impl World {
    fn new() -> World {
        let hands = Arc::new(Mutex::new("2026-11-25T10:15:00Z".parse().unwrap()));
        let clock = hands.clone();
        let town = reference_sede::Sede::new(Arc::new(move || *clock.lock().unwrap()), 7).unwrap();
        let kiosk = Sede::new(Arc::new(Line(town.clone())), "sede.example".into(), Timeouts::default());
        let pki = Pki::of(&town);
        World { town, kiosk, pki, hands }
    }

    fn now(&self) -> Timestamp {
        *self.hands.lock().unwrap()
    }

    fn pass(&self, time: SignedDuration) {
        *self.hands.lock().unwrap() += time;
    }

    fn verify(&self, card: &Card) -> Verified {
        let roots = Roots::from_der(&[&self.pki.root]).unwrap();
        chain::verify(&card.certificate, &card.chain, &roots, self.now()).unwrap()
    }

    /// Asks through the sede; the response, and what it says.
    async fn ask(&self, verified: &Verified) -> (Option<Vec<u8>>, Result<Standing, OcspError>) {
        let question = Question::about(verified, [5; 32]).unwrap();
        match self.kiosk.revocation(question.der()).await.unwrap() {
            RevocationAnswer::ResponderUnavailable => (None, Err(OcspError::TryLater)),
            RevocationAnswer::Response(response) => {
                let said = question.answer(verified, &response, self.now());
                (Some(response), said)
            }
        }
    }

    /// Opens a session and enters it, as the kiosk does it; the session's number.
    async fn enter(&self, card: &Card, stapled: Option<Vec<u8>>) -> (PrivateText, EntryAnswer) {
        let opened = self.kiosk.open_session().await.unwrap();
        let nonce = [6; 32];
        let message = statement::bytes(opened.session.as_str(), &opened.challenge.0, &nonce);
        let signature = card.sign(&message);
        let entry = Entry::Certificate {
            session: opened.session.clone(),
            certificate: Base64::of(&card.certificate),
            chain: card.chain.iter().map(|it| Base64::of(it)).collect(),
            kiosk_nonce: Challenge(nonce),
            signature: Base64::of(&signature),
            revocation: stapled.map(|it| Base64::of(&it)),
        };
        let answer = self.kiosk.enter(&entry).await.unwrap();
        (opened.session, answer)
    }

    async fn identified(&self, number: &str) -> PrivateText {
        let (session, answer) = self.enter(&self.pki.card(number), None).await;
        assert!(matches!(answer, EntryAnswer::Identified { .. }), "{answer:?}");
        session
    }

    async fn issue(
        &self,
        session: &PrivateText,
        number: &str,
        kind: &str,
        language: LanguageCode,
    ) -> Result<IssuedCertificate, SedeError> {
        let request = CertificateRequest {
            session: session.clone(),
            request: OperationId(format!("K07-{number}")),
            kind: kind.into(),
            language,
        };
        match self.kiosk.issue(&request).await? {
            CertificateAnswer::Issued(issued) => Ok(issued),
            other => panic!("{other:?}"),
        }
    }
}
