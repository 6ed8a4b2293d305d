//! Citizens with cards at the front panel, in a real browser: a certificate with each generation of the DNIe and with
//! the town's card, for one and for the whole dwelling; and a card that opens nothing.
use std::sync::Arc;

use emulated_board::browser::Browser;
use emulated_board::panel;
use simulators::escpos::PaperFate;
use tokio::sync::Mutex;
use tokio::time::Instant;
use ui::{Issue, Page};

use super::visit::{Act, Step, look_before, model, rehearse, touch, until_seen};
use super::*;

/// A visit: the card, which certificate, and how many papers come of it.
type Visit = (&'static str, fn(&ui::CertificateKind) -> bool, usize);

const VISITS: [Visit; 5] = [
    ("ordinary", qa::scenario::individual, 1),
    ("first-generation", qa::scenario::individual, 1),
    ("renewed-key", |kind| kind.collective && matches!(kind.issue, Issue::ConsentingOnly { .. }), 1),
    ("pkcs15", |kind| kind.collective && kind.issue == Issue::AtOnce, 1),
    ("municipal", |_| true, 0),
];

#[tokio::test]
async fn board_citizens_leave_with_certificates() {
    let ways: Vec<Vec<Step>> = VISITS.iter().map(|(card, wanted, _)| rehearse(card, *wanted)).collect();
    let board = Arc::new(Mutex::new(board().await));
    let mut model = model(&*board.lock().await);
    let served = panel::serve(board.clone(), 0).await.expect("the panel");
    let folder = tempfile::tempdir().expect("a folder");
    let mut page = Browser::start(folder.path()).await;
    page.open(&format!("http://{}/#cards", served.address)).await;
    let mut papers = 0;
    for (number, ((card, _, printed), way)) in VISITS.iter().zip(ways).enumerate() {
        page.click(&format!("card-insert-{card}")).await;
        let mut waited = Duration::ZERO;
        let mut since = Instant::now();
        let visit = Instant::now();
        for (step, (view, act)) in way.into_iter().enumerate() {
            until_seen(&board, &mut model, &view).await;
            // Between two keys nobody waits: the next is on its way already.
            let typing = matches!(view.page, Page::Pin { characters: 1.., .. });
            waited += if typing { Duration::ZERO } else { since.elapsed() };
            page.picture(&pictures().join(format!("certificate-{number}-{step:02}.png"))).await;
            match act {
                Act::Touch(intent) => {
                    let place = model.place_of(&view, intent).expect("a button for it");
                    look_before(&view.page).await;
                    touch(&mut page, &board, place).await;
                }
                Act::TakePaper => page.click("take-page").await,
                Act::TakeCard => page.click("card-take-out").await,
            }
            since = Instant::now();
        }
        println!(
            "{card}: waited for the machine {:.1} s, whole visit {:.1} s",
            waited.as_secs_f64(),
            visit.elapsed().as_secs_f64()
        );
        papers += printed;
        let mut inside = board.lock().await;
        until_open(&mut inside).await;
        let snapshot = inside.citizens().card(card).expect("in the drawer").card.snapshot();
        let given = VISITS.iter().take(number + 1).filter(|(it, ..)| it == card).count();
        let pins = if snapshot.tries_left.is_some() { given } else { 0 };
        assert_eq!(snapshot.counts.verifies as usize, pins, "{card}: {:?}", snapshot.counts);
        assert_eq!(inside.sede().certificates().len(), papers, "{card}");
        let fates: Vec<PaperFate> =
            inside.page_printer.papers().into_iter().map(|paper| paper.fate).collect();
        assert_eq!(fates, vec![PaperFate::Taken; papers], "{card}");
    }
    page.close().await;
    drop(served);
    // Every paper was told of.
    let sede = board.lock().await.sede().clone();
    wait_until("the news of each paper", || {
        sede.events().iter().filter(|event| event.event.kind == "certificate-printed").count() == papers
    })
    .await;
}
