//! The card service hangs: the kiosk notices, systemd starts another one on its request, and a card is read again.
use super::visit::{model, rehearse, until_shows};
use super::*;

const PROCESS: &str = "systemctl show --value -p MainPID pcscd";

/// Another process runs the service than before.
async fn until_another(board: &Board, before: &str) {
    let mut beat = time::interval(Duration::from_millis(500));
    let waiting = async {
        loop {
            beat.tick().await;
            let now = board.shell(PROCESS).await.expect("systemd's word");
            if !["0", before].contains(&now.trim()) {
                return;
            }
        }
    };
    time::timeout(PATIENCE, waiting).await.expect("another process");
}

#[tokio::test]
async fn board_a_hung_card_service_is_started_again() {
    let mut board = board_with_shell().await;
    let mut model = model(&board);
    let before = board.shell(PROCESS).await.expect("systemd's word").trim().to_owned();
    assert_ne!(before, "0", "it runs");
    let start = console_end(&board);
    board.shell("systemctl kill -s STOP pcscd").await.expect("the stop");
    until_said(&board, "it hangs, and is to be started again", start).await;
    until_another(&board, &before).await;
    // Padrón is offered again, and the card is read.
    let card = "ordinary";
    board.cards.insert(board.citizens().card(card).expect("in the drawer").card.clone());
    let way = rehearse(card, qa::scenario::individual);
    let (menu, _) = way.first().expect("a first page");
    until_shows(&board, &mut model, menu).await;
    drop(board.cards.remove());
    until_open(&mut board).await;
}
