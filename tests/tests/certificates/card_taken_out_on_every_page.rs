//! The card is taken out: within a second nothing of the citizen is shown or kept, whatever the page.
use tokio::time::Instant;

use super::*;

/// The pages of a visit, by what brings the citizen to each of them.
const PAGES: [&str; 8] =
    ["pin", "typing", "certificates", "certificate", "printing", "trouble", "thanks", "help"];

async fn bring(kiosk: &mut Kiosk, world: &World, page: &str) {
    match page {
        "pin" | "typing" => {
            kiosk.come_with(world, "ordinary").await;
            kiosk.until("the page of the PIN", |page| matches!(page, Page::Pin { .. })).await;
            if page == "typing" {
                kiosk.press("Prueba").await;
                kiosk.until("keys", |page| matches!(page, Page::Pin { characters: 6, .. })).await;
            }
            return;
        }
        _ => kiosk.identify(world, "ordinary").await,
    };
    match page {
        "certificates" => {}
        "help" => {
            kiosk.wish(Intent::Help).await;
            kiosk.until("help", |page| *page == Page::Help).await;
        }
        "certificate" => {
            kiosk.wish(Intent::Choose(0)).await;
            kiosk.until("its page", |page| matches!(page, Page::Certificate { .. })).await;
        }
        "trouble" => {
            world.page_printer.fault(simulators::escpos::PrinterFault::JamInSheet { nth: 1 });
            kiosk.ask_for(individual).await;
            kiosk.until("trouble", |page| matches!(page, Page::DocumentTrouble { .. })).await;
        }
        "thanks" => {
            kiosk.ask_for(individual).await;
            kiosk.take_paper(world).await;
        }
        _ => {
            kiosk.ask_for(individual).await;
            kiosk.until("the print", |page| matches!(page, Page::Working { .. })).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_of_the_citizen_is_left_a_second_later() {
    for page in PAGES {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        bring(&mut kiosk, &world, page).await;
        let before = Instant::now();
        world.cards.remove();
        // A paper that is under way is told of without a name; it is still the citizen's.
        let left = |shown: &Page| {
            is_attract(shown)
                || *shown == Page::Card { problem: Some(CardProblem::TakenOut) }
                || (page == "printing" && matches!(shown, Page::Working { .. } | Page::TakeDocument { .. }))
        };
        kiosk.until("a page without the citizen", left).await;
        assert!(before.elapsed() <= Duration::from_secs(1), "{page}: {:?}", before.elapsed());
        if page == "help" {
            assert!(is_attract(&kiosk.page()), "help does not hold a citizen's data up");
        }
        if page == "printing" {
            kiosk.take_paper(&world).await;
        }
        kiosk.until("the end", |shown| is_attract(shown) || matches!(shown, Page::Card { .. })).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(world.sede.sessions(), 0, "{page}: the sede was told");
    }
}
