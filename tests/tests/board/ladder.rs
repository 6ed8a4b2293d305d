//! What hangs or dies on the board ends in a working kiosk: by the restart of a task, of the process, or of the board.
//! Money is inside each time.
use emulated_board::board::FAULTS;
use emulated_board::qemu::Qmp;

use super::*;

const PROCESS: &str = "/sys/fs/cgroup/system.slice/ciberkiosco.service";

fn fault(what: &str) -> String {
    format!("echo {what} > {FAULTS}")
}

async fn strike(board: &Board, what: &str) {
    board.shell(&fault(what)).await.expect("the pipe of faults");
}

async fn process(board: &Board) -> String {
    board.shell("systemctl show --value -p MainPID ciberkiosco").await.expect("systemd's word")
}

/// The same process all the time: the citizen loses seconds, and pays.
#[tokio::test]
async fn board_tasks_that_die_or_freeze_are_restarted_in_place() {
    let mut board = fifty_inside(board_with_shell().await).await;
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

/// Breaks the process with a line of shell; another one gives the fifty back.
async fn another_process_gives_it_back(break_it: impl FnOnce(&str) -> String, said: &str) {
    let board = fifty_inside(board_with_shell().await).await;
    let before = process(&board).await;
    let start = console_end(&board);
    board.shell(&break_it(&before)).await.expect("the breaking");
    until_said(&board, said, start).await;
    until_given_back(&board, 5000).await;
    assert_ne!(process(&board).await, before);
    check_given_back(board).await;
}

/// The engine is rebuilt with its process.
#[tokio::test]
async fn board_a_frozen_engine_ends_the_process() {
    another_process_gives_it_back(|_| fault("freeze engine"), "engine has failed too often").await;
}

#[tokio::test]
async fn board_a_frozen_screen_thread_ends_the_process() {
    // The kernel's freezer stops one thread only in a control group of threads; the main thread has the process's number.
    let freeze = |process: &str| {
        format!(
            "mkdir {PROCESS}/frozen && echo threaded > {PROCESS}/frozen/cgroup.type && \
             echo {process} > {PROCESS}/frozen/cgroup.threads && echo 1 > {PROCESS}/frozen/cgroup.freeze"
        )
    };
    another_process_gives_it_back(freeze, "screen gives no sign of life").await;
}

#[tokio::test]
async fn board_a_stopped_process_is_replaced_by_systemd() {
    let stop = |_: &str| "systemctl kill -s STOP ciberkiosco".to_owned();
    another_process_gives_it_back(stop, "ciberkiosco.service: Watchdog timeout").await;
}

#[tokio::test]
async fn board_a_hung_kernel_is_reset_by_the_hardware_watchdog() {
    let board = fifty_inside(board_with_shell().await).await;
    let mut events = board.machine().expect("on").qmp().events();
    // A panic that does not restart by itself: interrupts off, nothing runs any more.
    let shell = board.machine().expect("on").shell().expect("a shell");
    shell.send("echo 0 > /proc/sys/kernel/panic; echo c > /proc/sysrq-trigger").await.expect("a line");
    Qmp::wait_for(&mut events, "WATCHDOG").await.expect("the watchdog's bite");
    until_given_back(&board, 5000).await;
    check_given_back(board).await;
}
