//! What the authority says of the certificate, or does not say: only "good", fresh and signed by it, lets anybody in.
use reference_sede::Revocation;

use super::*;

/// Comes with a good card, while the revocation service says this; what the citizen is told.
async fn told_when(said: Revocation) -> Page {
    let world = World::new();
    world.sede.set_revocation(None, said);
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.come_with(&world, "ordinary").await;
    kiosk.type_pin(PIN).await;
    let page = kiosk
        .until("an answer", |page| {
            matches!(page, Page::Certificates { .. } | Page::CardRefused { .. } | Page::Card { .. })
        })
        .await;
    check_verified(&card, 1);
    page
}

#[tokio::test(start_paused = true)]
async fn revoked() {
    let since = World::new().clock.time();
    let page = told_when(Revocation::Revoked { since }).await;
    assert_eq!(page, Page::CardRefused { refusal: CardRefusal::Revoked });
}

#[tokio::test(start_paused = true)]
async fn not_known_is_not_good() {
    for said in [
        Revocation::Unknown,
        Revocation::Stale,
        Revocation::Forged,
        Revocation::TryLater,
        Revocation::Unavailable,
    ] {
        let page = told_when(said).await;
        assert_eq!(page, Page::CardRefused { refusal: CardRefusal::RevocationUnknown }, "{said:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn late_it_is_waited_for_and_not_for_ever() {
    let page = told_when(Revocation::Delayed { millis: 3_000 }).await;
    assert!(matches!(page, Page::Certificates { .. }), "{page:?}");
    let page = told_when(Revocation::Delayed { millis: 60_000 }).await;
    let unknown = Page::CardRefused { refusal: CardRefusal::RevocationUnknown };
    let unreachable = Page::Card { problem: Some(CardProblem::SedeUnreachable) };
    assert!(page == unknown || page == unreachable, "{page:?}");
}
