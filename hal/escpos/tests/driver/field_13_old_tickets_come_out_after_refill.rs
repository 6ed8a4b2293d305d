//! mike42/escpos-php#411, wwandreww/esc_pos_printer#108: out of paper the library said "printed", and after the
//! refill every old ticket came out.
use hal_escpos::PrintError;

use super::peer::{beside, epson, lines, out_of, ready, until};

#[tokio::test(start_paused = true)]
async fn paper_end_in_mid_job_tears_it_and_the_rest_never_comes_out() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().paper_ends_at = Some(300);
        let result = printer.print(lines(60)).await;
        assert!(matches!(&result, Err(PrintError::Torn(why)) if why.contains("no paper")), "{result:?}");
        assert!(!printer.status().borrow().status.usable(), "not ready in the same moment");
        until(&printer, out_of("paper-end")).await;
        let refused = printer.print(lines(1)).await;
        assert!(matches!(refused, Err(PrintError::NotReady(_))));
        peer.refill();
        ready(&printer).await;
        printer.print(lines(1)).await.unwrap();
    })
    .await;
    let script = peer.script();
    let paper = script.paper();
    let (old_roll, new_roll) = paper.split_at(paper.find("\n***").unwrap());
    assert!(old_roll.lines().count() < 12, "the rest was cleared: {old_roll}");
    assert_eq!(
        new_roll,
        "\n*** ANULADO \u{fa} ANUL\u{fa}LAT \u{fa} VOID ***\n~linea 001 del recibo de prueba\n~"
    );
    assert!(script.real_time.contains(&vec![0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8]), "cleared while offline");
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_cannot_clear_gets_the_rest_voided_and_cut_off_before_the_next_ticket() {
    let (printer, mut task, peer) = epson();
    peer.script().knows_clear = false;
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().paper_ends_at = Some(300);
        assert!(matches!(printer.print(lines(60)).await, Err(PrintError::Torn(_))));
        let sent = peer.script().taken().len();
        assert!(sent < 1100, "sending stopped within two pieces, not after {sent} bytes");
        peer.refill();
        ready(&printer).await;
        printer.print(lines(1)).await.unwrap();
    })
    .await;
    let paper = peer.script().paper();
    let tickets: Vec<&str> = paper.split('~').collect();
    assert!(tickets[0].ends_with("VOID ***\n"), "{paper}");
    assert_eq!(tickets[1..], ["linea 001 del recibo de prueba\n", ""]);
}
