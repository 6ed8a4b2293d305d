//! The front panel in a real browser, with the board behind it. Slow: it boots the board.
#[path = "common/scratch.rs"]
mod scratch;

use std::sync::Arc;

use emulated_board::board::{Board, BoardOptions};
use emulated_board::browser::Browser;
use emulated_board::firmware::device_program;
use emulated_board::packages;
use emulated_board::panel;
use emulated_board::places::Places;
use emulated_board::qemu::Accelerator;
use scratch::Scratch;
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;

#[tokio::test]
async fn board_the_panel_shows_and_drives_the_kiosk() {
    packages::ensure().unwrap();
    let program = device_program(&Places::of_workspace()).unwrap();
    let board = Arc::new(Mutex::new(Board::build(BoardOptions::new(program)).await.unwrap()));
    let served = panel::serve(board.clone(), 0).await.unwrap();
    let scratch = Scratch::new("browser");
    let mut page = Browser::start(&scratch.0).await;
    page.open(&format!("http://{}/", served.address)).await;
    page.wait_for("document.querySelector('[data-testid=lamp-board]').textContent === 'board off'").await;

    // Every switch of the page is a fault that its peripheral knows.
    let all = "faultBodies([3]).flatMap(([, list]) => list.map(([, body]) => body))";
    let faults: Vec<simulators::Fault> = serde_json::from_value(page.evaluate(all).await).unwrap();
    assert!(faults.len() > 75, "{}", faults.len());
    let faults: Vec<reference_sede::Fault> =
        serde_json::from_value(page.evaluate("SEDE_FAULTS").await).unwrap();
    assert_eq!(faults.len(), 14);

    page.click("power-on").await;
    page.wait_for("document.querySelector('[data-testid=lamp-board]').textContent.startsWith('board on')")
        .await;
    let console = board.lock().await.machine().unwrap().console().clone();
    console.wait_for("touch open", 0).await.unwrap();
    console.wait_for("keypad open", 0).await.unwrap();

    // A click on the picture is a touch at that place of the display, within a pixel of the picture's scale.
    page.click_at("screen", 0.25, 0.5).await;
    console.wait_for("touch event 1 272 1", 0).await.unwrap();
    console.wait_for("touch event 1 272 0", 0).await.unwrap();
    let touched = |axis: u8| -> i64 {
        let start = format!("touch event 3 {axis} ");
        let text = console.text();
        let value = text.rsplit_once(start.as_str()).unwrap().1;
        value.split_whitespace().next().unwrap().parse().unwrap()
    };
    assert!((touched(0) - 32768 / 4).abs() < 200, "x {}", touched(0));
    assert!((touched(1) - 32768 / 2).abs() < 200, "y {}", touched(1));
    page.click("key-ok").await;
    console.wait_for("keypad event 1 28 1", 0).await.unwrap();

    // A bill of the shelf reaches the guest as a line of its digits.
    console.wait_for("barcode open", 0).await.unwrap();
    page.click("bill-vehicle-tax").await;
    let digits = board.lock().await.sede().digits("vehicle-tax").unwrap();
    page.wait_for(&format!(
        "document.querySelector('[data-testid=barcode-last]').textContent === '{digits}'"
    ))
    .await;
    console.wait_for(&digits, 0).await.unwrap();

    // Nobody has enabled the cash devices: note and coin come back.
    page.click("note-2000").await;
    page.click("coin-200").await;
    page.wait_for("document.querySelector('[data-testid=tray]').textContent === '1 × 20 €, 1 × 2 €'").await;
    assert_eq!(page.text("escrow").await, "empty");
    page.click("take-tray").await;
    page.wait_for("document.querySelector('[data-testid=tray]').textContent === 'empty'").await;

    page.click("tab-wires").await;
    page.click("wire-printer").await;
    page.wait_for("document.querySelector('[data-testid=wire-printer-state]').textContent === 'out'").await;
    console.wait_for("printer gone", 0).await.unwrap();

    page.click("power-cut").await;
    page.wait_for("document.querySelector('[data-testid=lamp-board]').textContent === 'board off'").await;
    assert!(!board.lock().await.is_on());
    assert_eq!(page.text("trouble").await, "");
    page.close().await;
}

#[tokio::test]
async fn board_cards_and_documents_are_at_the_front_of_a_kiosk_that_is_off() {
    packages::ensure().unwrap();
    let program = device_program(&Places::of_workspace()).unwrap();
    // Nothing runs in it.
    let options = BoardOptions { accelerator: Some(Accelerator::Tcg), ..BoardOptions::new(program) };
    let board = Arc::new(Mutex::new(Board::build(options).await.unwrap()));
    let served = panel::serve(board.clone(), 0).await.unwrap();
    let scratch = Scratch::new("front");
    let mut page = Browser::start(&scratch.0).await;
    page.open(&format!("http://{}/", served.address)).await;
    page.wait_for("document.querySelector('[data-testid=lamp-board]').textContent === 'board off'").await;
    let (reader, card, pages, sede) = {
        let board = board.lock().await;
        let card = board.citizens().card("ordinary").unwrap().card.clone();
        (board.cards.clone(), card, board.page_printer.clone(), board.sede().clone())
    };

    page.click("tab-cards").await;
    page.click("card-insert-ordinary").await;
    let slot = |words: &str| {
        format!("document.querySelector('[data-testid=card-slot]').textContent.includes('{words}')")
    };
    page.wait_for(&slot("VECINA DE PRUEBA · 12345678Z · PIN\u{a0}Prueba2026")).await;
    assert!(reader.card().unwrap().is(&card));
    card.power_on();
    card.transmit(&[0x00, 0xA4, 0x04, 0x00, 0x00]);
    page.wait_for("document.querySelector('[data-testid=card-light]').classList.contains('lit')").await;
    page.wait_for("!document.querySelector('[data-testid=card-light]').classList.contains('lit')").await;
    page.wait_for(&slot("powered · 3 tries left")).await;

    page.click("tab-faults").await;
    page.click("fault-card-tries-left-0").await;
    page.wait_for(&slot("PIN blocked")).await;
    page.click("tab-cards").await;
    page.click("card-renew-ordinary").await;
    page.wait_for(&slot("empty")).await;
    page.click("card-insert-municipal").await;
    page.wait_for(&slot("municipal")).await;
    page.click("card-take-out").await;
    page.wait_for(&slot("empty")).await;
    assert!(reader.card().is_none());
    assert_eq!(card.snapshot().tries_left, Some(3), "the same card, and new");

    // The drawer changes while a button of it is held down.
    page.click("card-insert-municipal").await;
    page.wait_for(&slot("municipal")).await;
    let place = page.press("card-insert-ordinary").await;
    reader.remove();
    page.wait_for("latest.cards.reader === null").await;
    page.release(&place).await;
    page.wait_for(&slot("VECINA DE PRUEBA")).await;
    assert!(reader.card().unwrap().is(&card));

    // A document is held out until somebody takes it.
    let (mut line, far) = tokio::io::duplex(4096);
    let engine = pages.clone();
    let printing = tokio::spawn(async move { engine.run(far).await });
    line.write_all(b"\x1b@Certificado de empadronamiento\n\x0c").await.unwrap();
    page.wait_for("document.querySelector('[data-testid=page-mouth]').textContent === 'presented'").await;
    page.wait_for("document.querySelector('[data-testid=page-mouth] img').naturalWidth === 1688").await;
    page.click("take-page").await;
    page.wait_for("document.querySelector('[data-testid=page-mouth]').textContent === 'taken'").await;
    page.click("tab-paper").await;
    page.click("page-printer-open-cover").await;
    page.wait_for("document.querySelector('[data-testid=page-printer]').textContent.includes('cover open')")
        .await;
    assert!(page.text("page-1").await.contains("taken"));
    assert!(!board.lock().await.printer.snapshot().cover_open, "the other printer is another one");
    drop(line);
    printing.await.unwrap().unwrap();

    page.click("tab-wires").await;
    for wire in ["page-printer", "card-reader"] {
        page.click(&format!("wire-{wire}")).await;
        let out = format!("document.querySelector('[data-testid=wire-{wire}-state]').textContent === 'out'");
        page.wait_for(&out).await;
    }

    page.click("tab-town-hall").await;
    let revoked = sede.snapshot().revocations;
    assert_eq!(revoked.len(), 2);
    page.click("sede-reset").await;
    page.wait_for("document.querySelector('[data-testid=trouble]').hidden").await;
    assert_eq!(sede.snapshot().revocations, revoked);
    page.close().await;
}

#[tokio::test]
async fn board_the_scanner_is_fed_with_papers_and_files() {
    packages::ensure().unwrap();
    let program = device_program(&Places::of_workspace()).unwrap();
    // Nothing runs in it.
    let options = BoardOptions { accelerator: Some(Accelerator::Tcg), ..BoardOptions::new(program) };
    let board = Arc::new(Mutex::new(Board::build(options).await.unwrap()));
    let served = panel::serve(board.clone(), 0).await.unwrap();
    let scratch = Scratch::new("scanner");
    let mut page = Browser::start(&scratch.0).await;
    page.open(&format!("http://{}/#scanner", served.address)).await;
    let (scanner, address) = {
        let board = board.lock().await;
        (board.scanner.clone(), board.scanner_address())
    };
    let says = |testid: &str, words: &str| {
        format!("document.querySelector('[data-testid={testid}]').textContent.includes('{words}')")
    };
    let drawn = |testid: &str| {
        format!(
            "[...document.querySelectorAll('[data-testid={testid}] img')].every((it) => it.complete && it.naturalWidth > 0)"
        )
    };

    page.click("scanner-tray-form").await;
    page.click("scanner-tray-report").await;
    page.click("scanner-glass-identity-card").await;
    page.wait_for("document.querySelectorAll('[data-testid=scanner-at-tray] figure').length === 4").await;
    page.wait_for(&drawn("scanner-at-tray")).await;
    page.wait_for(&says("scanner-mouth", "feeder: 4 sheets · glass: identity-card")).await;

    // A file is dropped, as from a file manager; the letter is a PNG like any other.
    let letter = simulators::escl::document("letter").unwrap().sheets()[0].front.png().to_vec();
    let drop = |name: &str, bytes: &[u8]| {
        use base64::Engine as _;
        let text = base64::prelude::BASE64_STANDARD.encode(bytes);
        format!(
            "(() => {{ const bytes = Uint8Array.from(atob('{text}'), (it) => it.charCodeAt(0)); const drag = new DataTransfer(); \
             drag.items.add(new File([bytes], '{name}')); const zone = document.querySelector('[data-testid=scanner-drop]'); \
             zone.dispatchEvent(new DragEvent('drop', {{ dataTransfer: drag, bubbles: true, cancelable: true }})); return true; }})()"
        )
    };
    page.click("scanner-drop-glass").await;
    page.evaluate(&drop("escrito.png", &letter)).await;
    page.wait_for(&says("scanner-at-glass", "escrito.png")).await;
    page.wait_for(&says("scanner-at-hand", "identity-card")).await;
    page.evaluate(&drop("notas.txt", b"no paper")).await;
    page.wait_for(&says("trouble", "notas.txt: this is no PDF, PNG or JPEG")).await;

    // One sheet goes through; the second is stuck until somebody pulls it out.
    page.click("tab-faults").await;
    page.click("fault-scanner-jam-at-sheet-2").await;
    let (status, job) = ask(address, "POST", "/eSCL/ScanJobs", SETTINGS).await;
    assert!(status.starts_with("HTTP/1.1 201"), "{status}");
    assert!(job.is_empty());
    for expected in ["HTTP/1.1 200", "HTTP/1.1 409"] {
        let (status, _) = ask(address, "GET", "/eSCL/ScanJobs/1/NextDocument", "").await;
        assert!(status.starts_with(expected), "{status}");
    }
    page.click("tab-scanner").await;
    page.wait_for(&says("scanner", "jam")).await;
    page.wait_for(&says("scan-1", "sheet 1 · grey, 100 dots")).await;
    page.wait_for(&drawn("scanner-pages")).await;
    page.picture(&Places::of_workspace().workspace.join("target/board-pictures/scanner-jam.png")).await;
    page.click("scanner-take-path").await;
    page.wait_for("!document.querySelector('[data-testid=scanner]').textContent.includes('jam')").await;
    page.click("scanner-feed-again").await;
    page.wait_for(&says("scanner-at-tray", "report, 1")).await;
    page.click("take-scanned").await;
    page.click("scanner-discard").await;
    page.wait_for("document.querySelector('[data-testid=scanner-at-hand]') === null").await;

    page.click("scanner-open-cover").await;
    page.wait_for(&says("scanner", "ScannerAdfDoorOpen")).await;
    page.click("scanner-close-cover").await;
    page.wait_for(&says("scanner", "ScannerAdfLoaded")).await;
    page.click("scanner-cable").await;
    page.wait_for(&says("scanner", "unplugged")).await;
    assert!(!scanner.is_plugged());
    page.click("tab-wires").await;
    page.click("wire-scanner").await;
    page.wait_for(&says("wire-scanner-state", "plugged in")).await;
    page.close().await;
}

const SETTINGS: &str = "<s:ScanSettings xmlns:s=\"s\"><s:InputSource>Feeder</s:InputSource>\
     <s:ColorMode>Grayscale8</s:ColorMode><s:XResolution>100</s:XResolution></s:ScanSettings>";

/// Head and body of an answer of the scanner.
async fn ask(address: std::net::SocketAddr, method: &str, path: &str, body: &str) -> (String, Vec<u8>) {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: scanner\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut bytes).await.unwrap();
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    (String::from_utf8_lossy(&bytes[..end]).into_owned(), bytes[end + 4..].to_vec())
}
