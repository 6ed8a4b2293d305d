//! The reader's task against the real pcscd with a virtual reader (`vpcd`, Debian packages `pcscd`, `vsmartcard-vpcd`).
//!
//! One test, as the client library knows one place of the service. The clock is the wall's, because the daemon's is.
//! Built with the feature `pcsc` alone; it wants the rights of root, for its namespace.
#[path = "../card/mod.rs"]
mod card;
mod daemon;

use std::sync::Arc;
use std::time::Duration;

use card::{NOW, Seeded, challenge, table, typed};
use daemon::{Inserted, Pcscd};
use hal_device::Status;
use hal_smartcard::dialogue::{DialogueError, LastTry, Opened, Purpose, Signed, begin};
use hal_smartcard::parameters::ComponentParameters;
use hal_smartcard::profile::Recognition;
use hal_smartcard::reader::{CardEvent, Cards, PcscPort, ReaderConfig};
use hal_smartcard::{Card, CardError};
use simulators::smartcard::{CardFault, CitizenPki, VirtualCard, from_drawer, terminal_parameters};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

struct Kiosk {
    cards: Cards,
    events: mpsc::Receiver<CardEvent>,
}

impl Kiosk {
    fn new() -> Kiosk {
        let (cards, mut task) = Cards::new(Arc::new(PcscPort::new("cards")), ReaderConfig::default());
        let (sender, events) = mpsc::channel(8);
        tokio::spawn(async move { task.run(&sender, &|| {}).await });
        Kiosk { cards, events }
    }

    async fn event(&mut self) -> CardEvent {
        timeout(Duration::from_secs(30), self.events.recv()).await.expect("an event in time").unwrap()
    }

    async fn status(&self, wanted: &str) {
        let mut status = self.cards.status();
        let fits = |status: &Status| match status {
            Status::OutOfService(reason) => reason.id == wanted,
            Status::Ready => wanted == "ready",
            _ => false,
        };
        let found = timeout(Duration::from_secs(30), status.wait_for(fits)).await;
        found.unwrap_or_else(|_| panic!("no `{wanted}`: {:?}", self.cards.status().borrow())).unwrap();
    }

    /// Pulls the card while a session holds it. pcscd that is in the middle of a reset takes the failed reset for an
    /// empty slot without having looked into it, and then never sees a card that comes before it looks.
    async fn pull(&mut self, inserted: Inserted) {
        let session = self.cards.connect().await.unwrap();
        drop(inserted);
        assert_eq!(self.event().await, CardEvent::Removed);
        drop(session);
    }

    async fn sign(&self) -> Result<Signed, DialogueError> {
        self.sign_for(Purpose::Authentication).await
    }

    async fn sign_for(&self, purpose: Purpose) -> Result<Signed, DialogueError> {
        let mut session = self.cards.connect().await?;
        let table = table();
        let Recognition::Known(profile) = table.recognise(Some(session.atr())) else { panic!("a stranger") };
        let parameters = ComponentParameters::parse(&terminal_parameters()).unwrap();
        let mut random = Seeded(7);
        match begin(&mut session, profile, Some(&parameters), &mut random).await? {
            Opened::Signs(card) => {
                card.sign(&typed("Prueba2026"), LastTry::Refuse, purpose, &challenge()).await
            }
            Opened::Number(_) => panic!("a number"),
        }
    }
}

fn ordinary() -> VirtualCard {
    from_drawer(&CitizenPki::at(NOW), "ordinary").unwrap().card
}

#[test]
fn the_reader_lives_through_what_happens_to_a_real_service() {
    if !daemon::ran_in_a_namespace("the_reader_lives_through_what_happens_to_a_real_service") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(what_happens());
    }
}

async fn what_happens() {
    let mut kiosk = Kiosk::new();
    kiosk.status("no-service").await;
    let mut pcscd = Pcscd::start();
    kiosk.status("ready").await;
    assert_eq!(kiosk.cards.connect().await.err(), Some(CardError::Removed), "no card yet");

    // A card is put in, signs, is let go with a reset, and is pulled.
    let card = ordinary();
    let inserted = Inserted::new(&pcscd, &card);
    let CardEvent::Inserted { atr } = kiosk.event().await else { panic!("no card") };
    assert_eq!(Some(atr), card.atr());
    let signed = kiosk.sign().await.unwrap();
    assert_eq!(signed.signature.len(), 256);
    let seen = card.snapshot();
    assert_eq!((seen.counts.verifies, seen.counts.verifies_in_the_clear, seen.signatures.len()), (1, 0, 1));
    assert_eq!(seen.channel, None);
    // The same card binds its holder with its other key, after a PIN of its own for that.
    kiosk.sign_for(Purpose::Signature).await.unwrap();
    let seen = card.snapshot();
    let keys: Vec<u8> = seen.signatures.iter().map(|signature| signature.key).collect();
    assert_eq!((keys, seen.counts.verifies, seen.channel), (vec![1, 2], 2, None));
    kiosk.pull(inserted).await;

    // Pulled in mid-dialogue.
    let card = ordinary();
    card.fault(CardFault::Pulled { command: 40, acted: false });
    let inserted = Inserted::new(&pcscd, &card);
    assert!(matches!(kiosk.event().await, CardEvent::Inserted { .. }));
    assert_eq!(kiosk.sign().await.unwrap_err(), DialogueError::Card(CardError::Removed));
    assert_eq!(kiosk.event().await, CardEvent::Removed);
    drop(inserted);

    // Two sessions at once.
    let card = ordinary();
    let inserted = Inserted::new(&pcscd, &card);
    assert!(matches!(kiosk.event().await, CardEvent::Inserted { .. }));
    let mut session = kiosk.cards.connect().await.unwrap();
    assert_eq!(kiosk.cards.connect().await.err(), Some(CardError::InUse));
    assert_eq!(session.transmit(&[0x90, 0xB8, 0, 0, 7]).await.unwrap().len(), 9);
    drop(session);
    kiosk.pull(inserted).await;

    // The service is stopped, and started again.
    pcscd.kill();
    kiosk.status("no-service").await;
    pcscd = Pcscd::start();
    kiosk.status("ready").await;

    // It hangs, and comes back.
    pcscd.signal("STOP");
    let before = Instant::now();
    kiosk.status("hung").await;
    assert!(before.elapsed() < Duration::from_secs(9), "{:?}", before.elapsed());
    assert!(matches!(kiosk.cards.connect().await, Err(CardError::Hung(_) | CardError::ReaderGone)));
    pcscd.signal("CONT");
    kiosk.status("ready").await;

    // A card that falls silent blocks its slot for ever; the session is given up, and a new service serves again.
    let card = ordinary();
    let inserted = Inserted::new(&pcscd, &card);
    assert!(matches!(kiosk.event().await, CardEvent::Inserted { .. }));
    card.fault(CardFault::Mute { command: 10 });
    let before = Instant::now();
    assert_eq!(kiosk.sign().await.unwrap_err(), DialogueError::Card(CardError::Hung(20)));
    assert!(before.elapsed() < Duration::from_secs(25), "{:?}", before.elapsed());
    pcscd.kill();
    drop(inserted);
    pcscd = Pcscd::start();
    while kiosk.event().await != CardEvent::Removed {}
    let _inserted = Inserted::new(&pcscd, &ordinary());
    assert!(matches!(kiosk.event().await, CardEvent::Inserted { .. }));
    kiosk.sign().await.unwrap();
}
