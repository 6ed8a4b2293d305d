//! Field case 2: braille and modem daemons, and consoles, claim serial adapters and talk to what hangs on them.
use emulated_board::qemu::Wire;
use simulators::line::{Direction, Line};

use super::*;

fn sent(line: &Line) -> Vec<u8> {
    let recording = line.recording().into_iter().filter(|part| part.direction == Direction::ToDevice);
    recording.flat_map(|part| part.bytes).collect()
}

#[tokio::test]
async fn board_nobody_but_the_firmware_talks_on_the_serial_lines() {
    let mut board = board_with_shell().await;
    let names = ["brltty", "ModemManager", "gpsd", "getty", "agetty", "minicom", "mgetty"];
    for name in names {
        let found = board.shell(&format!("find /usr /bin /sbin /lib -xdev -name '{name}' -type f")).await;
        assert_eq!(found.expect("find"), "", "{name} is not in the image");
    }
    let open =
        "for it in /proc/[0-9]*; do ls -l $it/fd 2>/dev/null | grep -q ttyUSB && cat $it/comm; done; true";
    assert_eq!(board.shell(open).await.expect("the open files"), "ciberkiosco");

    for wire in [Wire::Cctalk, Wire::Barcode] {
        board.unplug(wire).await;
    }
    let gone = "until ! ls /dev/serial/by-id/* >/dev/null 2>&1; do sleep 0.1; done";
    board.shell(gone).await.expect("both gone");
    board.cash_line.clear_recording();
    board.barcode_line.clear_recording();
    for wire in [Wire::Cctalk, Wire::Barcode] {
        board.plug(wire).await.expect("the plug");
    }
    // The guest's own half minute.
    board.shell("sleep 30").await.expect("half a minute");
    let cash = sent(&board.cash_line);
    let length = usize::from(cash.get(1).copied().expect("a frame")) + 5;
    let first = cash.get(..length).expect("a whole frame");
    let known = [2, 3, 4, 5, 6, 40];
    assert!(known.contains(&first[0]), "the first byte is the address of a device: {first:02x?}");
    assert!(!cash.windows(2).any(|pair| pair == b"AT"), "{cash:02x?}");
    assert_eq!(sent(&board.barcode_line), b"", "a reader is listened to");

    // And they work.
    let mut board = fifty_inside(board).await;
    finish_payment(&mut board).await;
    check_paid(board).await;
}
