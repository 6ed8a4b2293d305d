//! What hangs or dies on the board ends in a working kiosk: by the restart of a task, of the process, or of the board.
//! Money is inside each time.
use emulated_board::board::FAULTS;
use emulated_board::qemu::Qmp;

use super::*;

const PROCESS: &str = "/sys/fs/cgroup/system.slice/ciberkiosco.service";

async fn fifty_inside() -> Board {
    let mut board = board_with_shell().await;
    to_cash(&mut board, "vehicle-tax").await;
    insert_note(&board, 5000).await;
    board
}

async fn strike(board: &Board, fault: &str) {
    board.shell(&format!("echo {fault} > {FAULTS}")).await.expect("the pipe of faults");
}

async fn process(board: &Board) -> String {
    board.shell("systemctl show --value -p MainPID ciberkiosco").await.expect("systemd's word")
}

/// The same process all the time: the citizen loses seconds, and pays.
#[tokio::test]
async fn board_tasks_that_die_or_freeze_are_restarted_in_place() {
    let mut board = fifty_inside().await;
    let before = process(&board).await;
    let start = console_end(&board);
    for task in ["cash", "printer", "barcode", "outbox"] {
        strike(&board, &format!("kill {task}")).await;
        until_said(&board, &format!("task=\"{task}\" why=\"killed on purpose\""), start).await;
    }
    strike(&board, "freeze cash").await;
    let start = until_said(&board, "task=\"cash\" why=\"no sign of life for", start).await;
    strike(&board, "freeze printer").await;
    until_said(&board, "task=\"printer\" why=\"no sign of life for", start).await;
    finish_payment(&mut board).await;
    assert_eq!(process(&board).await, before);
    check_paid(board).await;
}

/// The engine is rebuilt with its process.
#[tokio::test]
async fn board_a_frozen_engine_ends_the_process() {
    let board = fifty_inside().await;
    let before = process(&board).await;
    strike(&board, "freeze engine").await;
    until_given_back(&board, 5000).await;
    assert_ne!(process(&board).await, before);
    check_given_back(board).await;
}

#[tokio::test]
async fn board_a_frozen_screen_thread_ends_the_process() {
    let board = fifty_inside().await;
    let before = process(&board).await;
    let start = console_end(&board);
    // The kernel's freezer stops one thread only in a control group of threads.
    let freeze = format!(
        "mkdir {PROCESS}/frozen && echo threaded > {PROCESS}/frozen/cgroup.type && \
         echo {before} > {PROCESS}/frozen/cgroup.threads && echo 1 > {PROCESS}/frozen/cgroup.freeze"
    );
    board.shell(&freeze).await.expect("the freezer");
    until_said(&board, "screen gives no sign of life", start).await;
    until_given_back(&board, 5000).await;
    assert_ne!(process(&board).await, before);
    check_given_back(board).await;
}

#[tokio::test]
async fn board_a_stopped_process_is_replaced_by_systemd() {
    let board = fifty_inside().await;
    let before = process(&board).await;
    board.shell("systemctl kill -s STOP ciberkiosco").await.expect("a signal");
    until_given_back(&board, 5000).await;
    assert_ne!(process(&board).await, before);
    check_given_back(board).await;
}

#[tokio::test]
async fn board_a_hung_kernel_is_reset_by_the_hardware_watchdog() {
    let board = fifty_inside().await;
    let mut events = board.machine().expect("on").qmp().events();
    // A panic that does not restart by itself: interrupts off, nothing runs any more.
    let shell = board.machine().expect("on").shell().expect("a shell");
    shell.send("echo 0 > /proc/sys/kernel/panic; echo c > /proc/sysrq-trigger").await.expect("a line");
    Qmp::wait_for(&mut events, "WATCHDOG").await.expect("the watchdog's bite");
    until_given_back(&board, 5000).await;
    check_given_back(board).await;
}
