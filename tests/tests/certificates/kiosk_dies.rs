//! The process dies in a visit: the next start knows nobody, the card is not given a PIN, and nothing of the citizen
//! is on the disk.
use super::*;

/// Every file of the data partition holds none of these.
fn check_disk(world: &World, secrets: &[&str]) {
    let mut folders = vec![world.data.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the data partition") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let content = std::fs::read(&path).expect("a file");
            for secret in secrets {
                let found = content.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "{} holds {secret}", path.display());
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn on_each_page_of_a_visit() {
    for page in 0..5 {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        let card = kiosk.come_with(&world, "ordinary").await;
        kiosk.until("the page of the PIN", |page| matches!(page, Page::Pin { .. })).await;
        if page >= 1 {
            kiosk.type_pin(PIN).await;
        }
        if page >= 2 {
            kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
        }
        if page >= 3 {
            kiosk.ask_for(individual).await;
        }
        if page >= 4 {
            kiosk.until("the paper", |page| matches!(page, Page::TakeDocument { .. })).await;
        }
        kiosk.die().await;
        let given = card.snapshot().counts.verifies;
        assert!(given <= 1);
        check_disk(&world, &[PIN, "12345678Z", "Vecina", "VECINA"]);
        // The card is still inside: nobody is greeted, and it is given nothing.
        let mut kiosk = Kiosk::start(&world);
        tokio::time::sleep(Duration::from_secs(120)).await;
        assert!(
            matches!(kiosk.page(), Page::Attract { .. } | Page::Menu { .. }),
            "page {page}: {:?}",
            kiosk.page()
        );
        assert_eq!(card.snapshot().counts.verifies, given, "page {page}");
        world.cards.remove();
        world.page_printer.take_presented();
        kiosk.until_identifies().await;
    }
}

#[tokio::test(start_paused = true)]
async fn asked_to_end_it_finishes_the_paper_first() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    kiosk.ask_for(individual).await;
    kiosk
        .until("the print", |page| matches!(page, Page::Working { work: ui::Work::PrintingDocument { .. } }))
        .await;
    world.page_printer.hand(simulators::escpos::Hand::Takes { after_ms: 3000 });
    let end = kiosk.end().await;
    assert!(matches!(end, ciberkiosco::supervisor::End::Finished(_)), "{end:?}");
    let mut kiosk = Kiosk::start(&world);
    world.cards.remove();
    kiosk.until_identifies().await;
    assert_eq!(outcomes(&world).await, ["certificate-printed"]);
}
