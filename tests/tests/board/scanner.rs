//! The scanner as the board has it: the guest's own saned with sane-airscan, asked by other people's client, and the
//! simulated device outside.
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use emulated_board::qemu::SCANNER_DEVICE;
use simulators::escl::{Place, ScannerFault, document};

use super::*;

/// A configuration for a client of saned, beside the guest's own, which is saned's.
const CLIENT: &str =
    "mkdir -p /tmp/client && echo net > /tmp/client/dll.conf && echo 127.0.0.1 > /tmp/client/net.conf";

/// `scanimage` through saned; what it says, whatever its status.
async fn scanimage(board: &Board, arguments: &str) -> String {
    let command = format!(
        "SANE_CONFIG_DIR=/tmp/client scanimage -d net:127.0.0.1:{SCANNER_DEVICE} {arguments} || true"
    );
    board.shell(&command).await.expect("the guest's shell")
}

/// A grey picture of the guest.
async fn pgm(board: &Board, path: &str) -> (usize, usize, Vec<u8>) {
    let text = board.shell(&format!("base64 -w0 {path}")).await.expect("the guest's shell");
    let bytes = BASE64_STANDARD.decode(text.trim()).expect("base64");
    let head = String::from_utf8_lossy(&bytes[..200]).into_owned();
    assert!(head.starts_with("P5\n"), "{head:?}");
    let numbers: Vec<usize> = head
        .lines()
        .filter(|line| !line.starts_with(['P', '#']))
        .take(2)
        .flat_map(|line| line.split(' ').map(|number| number.parse().expect("a number")).collect::<Vec<_>>())
        .collect();
    let [width, height, 255] = numbers[..] else { panic!("{numbers:?}") };
    (width, height, bytes[bytes.len() - width * height..].to_vec())
}

/// Local addresses and ports of the guest on which something listens.
async fn listening(board: &Board) -> Vec<String> {
    let table = board.shell("cat /proc/net/tcp /proc/net/tcp6").await.expect("the guest's shell");
    let of = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        (words.get(3) == Some(&"0A")).then(|| words[1].to_owned())
    };
    table.lines().filter_map(of).collect()
}

#[tokio::test]
async fn board_a_page_is_scanned_through_the_guests_own_saned() {
    let board = board_with_shell().await;
    board.shell(CLIENT).await.expect("the guest's shell");
    assert_eq!(listening(&board).await, ["0100007F:19A6"], "saned, and nothing but on the loopback");
    let owner = "stat -c %U /proc/$(systemctl show --property MainPID --value saned.service)";
    assert_eq!(board.shell(owner).await.expect("saned runs"), "saned");

    let options = scanimage(&board, "-A").await;
    assert!(options.contains("Flatbed|ADF|ADF Duplex"), "{options}");

    let letter = document("letter").expect("on the shelf").sheets();
    board.scanner.put_on_glass(letter[0].clone()).expect("room on the glass");
    let said =
        scanimage(&board, "--source Flatbed --mode Gray --resolution 100 --format=pnm -o /tmp/page.pgm")
            .await;
    assert!(!said.contains("failed"), "{said}");
    let (width, height, dots) = pgm(&board, "/tmp/page.pgm").await;
    let delivery = board.scanner.deliveries().pop().expect("a page");
    let sent = board.scanner.image(delivery.number).expect("the page");
    let sent = image::load_from_memory(&sent).expect("a JPEG").to_luma8();
    let (across, down) = (sent.width() as usize, sent.height() as usize);
    assert!(
        width.abs_diff(across) <= 1 && height.abs_diff(down) <= 1,
        "{width} × {height}, sent {across} × {down}"
    );
    let (width_both, height_both) = (width.min(across), height.min(down));
    let apart: u64 = (0..height_both)
        .flat_map(|y| (0..width_both).map(move |x| (x, y)))
        .map(|(x, y)| u64::from(dots[y * width + x].abs_diff(sent.as_raw()[y * across + x])))
        .sum();
    let mean = apart as f64 / (width_both * height_both) as f64;
    assert!(mean < 1.0, "what the client has is what was sent: {mean}");

    for sheet in document("report").expect("on the shelf").sheets() {
        board.scanner.load(sheet.clone()).expect("room in the feeder");
    }
    board.scanner.fault(ScannerFault::JamAtSheet { nth: 3 });
    let batch = "--source ADF --mode Gray --resolution 100 --batch=/tmp/batch-%d.pnm";
    let said = scanimage(&board, batch).await;
    assert!(said.contains("Document feeder jammed"), "{said}");
    let pages = board.shell("ls /tmp | grep -c batch-").await.expect("pages");
    assert_eq!(pages, "2", "the pages before the jam are good");
    assert_eq!(board.scanner.take(Place::Path), 1);
    board.scanner.feed_again();
    assert!(scanimage(&board, batch).await.contains("Document feeder out of documents"));
    assert_eq!(board.scanner.snapshot().at(Place::Output).count(), 3);
    assert!(
        scanimage(&board, batch).await.contains("Document feeder out of documents"),
        "and now it is empty"
    );

    board.scanner.plug(false);
    let said = scanimage(&board, "-A").await;
    assert!(said.contains("open of device") && said.contains("failed"), "{said}");
    board.scanner.plug(true);
    assert!(scanimage(&board, "-A").await.contains("Flatbed"));
}

#[tokio::test]
async fn board_saned_is_started_again_when_the_kiosk_asks() {
    let board = board_with_shell().await;
    let pid = "systemctl show --property MainPID --value saned.service";
    let before = board.shell(pid).await.expect("saned runs");
    assert_ne!(before, "0");
    let ask = "install -d -o ciberkiosco /run/ciberkiosco/restart && touch /run/ciberkiosco/restart/saned";
    board.shell(ask).await.expect("the guest's shell");
    let mut beat = time::interval(Duration::from_millis(200));
    let restarted = async {
        loop {
            beat.tick().await;
            let now = board.shell(pid).await.expect("the guest's shell");
            let asked = board.shell("ls /run/ciberkiosco/restart").await.expect("the guest's shell");
            if now != before && now != "0" && asked.is_empty() {
                return;
            }
        }
    };
    time::timeout(PATIENCE, restarted).await.expect("another saned, and the request is gone");
}
