//! A technician stops the service while money is inside: it is given back first, and the watchdog does not bite.
use super::*;

#[tokio::test]
async fn board_the_service_is_stopped_with_money_inside() {
    let board = fifty_inside(board_with_shell().await).await;
    board.shell("systemctl stop ciberkiosco").await.expect("an orderly end");
    assert_eq!(board.cash.truth().coins_paid_out.cents(), 5000, "all of it, before the end");
    let state = "cat /sys/class/watchdog/*/state /sys/class/watchdog/*/identity";
    let state = board.shell(state).await.expect("the watchdog's state");
    assert!(state.contains("inactive") && !state.lines().any(|line| line == "active"), "{state}");
    let result = board.shell("systemctl show --value -p Result ciberkiosco").await.expect("systemd's word");
    assert_eq!(result, "success");
    board.shell("systemctl start ciberkiosco").await.expect("a start");
    check_given_back(board).await;
}
