//! What ends on the paper, dot by dot (reference 2.3).

mod paper;

use paper::{PrinterLine, dots, epson, settle};
use proptest::prelude::*;
use simulators::escpos::{Paper, Printer, PrinterConfig};

async fn print(job: &[u8]) -> (Printer, Paper) {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    line.send(job).await;
    line.send(b"\x1DV\x42\x00").await;
    settle().await;
    let paper = printer.last_paper().expect("a paper");
    (printer, paper)
}

/// First and last black column and row.
fn bounds(rows: &[Vec<bool>]) -> (usize, usize, usize, usize) {
    let columns =
        || rows.iter().flat_map(|row| row.iter().enumerate().filter(|(_, dot)| **dot).map(|(x, _)| x));
    let lines = || rows.iter().enumerate().filter(|(_, row)| row.contains(&true)).map(|(y, _)| y);
    (columns().min().unwrap(), columns().max().unwrap(), lines().min().unwrap(), lines().max().unwrap())
}

#[tokio::test(start_paused = true)]
async fn the_same_picture_by_three_commands_gives_the_same_dots() {
    // 16 by 24 dots: a frame.
    let black = |x: usize, y: usize| x == 0 || x == 15 || y == 0 || y == 23;
    let row = |y: usize| -> Vec<u8> {
        (0..2)
            .map(|byte| (0..8).fold(0, |bits, bit| bits << 1 | u8::from(black(byte * 8 + bit, y))))
            .collect()
    };
    let rows: Vec<u8> = (0..24).flat_map(row).collect();
    let columns: Vec<u8> = (0..16)
        .flat_map(|x| {
            (0..3).map(move |byte| (0..8).fold(0, |bits, bit| bits << 1 | u8::from(black(x, byte * 8 + bit))))
        })
        .collect();
    let raster = [&[0x1D, b'v', b'0', 0, 2, 0, 24, 0], rows.as_slice()].concat();
    let column = [&[0x1B, b'3', 24, 0x1B, b'*', 33, 16, 0], columns.as_slice(), b"\n"].concat();
    let stored = [
        &[0x1D, b'(', b'L', 10 + 48, 0, 0x30, 0x70, 0x30, 1, 1, 0x31, 16, 0, 24, 0],
        rows.as_slice(),
        &[0x1D, b'(', b'L', 2, 0, 0x30, 0x32],
    ]
    .concat();
    let large = [
        &[0x1D, b'8', b'L', 10 + 48, 0, 0, 0, 0x30, 0x70, 0x30, 1, 1, 0x31, 16, 0, 24, 0],
        rows.as_slice(),
        &[0x1D, b'(', b'L', 2, 0, 0x30, 50],
    ]
    .concat();
    let (printer, first) = print(&raster).await;
    assert_eq!(bounds(&dots(&first.png)), (0, 15, 0, 23));
    assert_eq!(first.black_dots, 2 * 16 + 2 * 22);
    assert_eq!(printer.snapshot().oddities, Vec::<String>::new());
    for job in [column, stored, large] {
        let (printer, paper) = print(&job).await;
        assert_eq!(paper.png, first.png);
        assert_eq!(printer.snapshot().oddities, Vec::<String>::new());
    }
}

#[tokio::test(start_paused = true)]
async fn alignment_and_size_move_and_stretch_the_dots() {
    let (_, left) = print(b"H\n").await;
    let (_, centre) = print(b"\x1Ba\x01H\n").await;
    let (_, right) = print(b"\x1Ba\x02H\n").await;
    let (_, double) = print(b"\x1D!\x11H\n").await;
    let [left, centre, right, double] = [left, centre, right, double].map(|paper| bounds(&dots(&paper.png)));
    assert_eq!(centre.0 - left.0, (576 - 12) / 2);
    assert_eq!(right.0 - left.0, 576 - 12);
    let (width, height) = (left.1 - left.0 + 1, left.3 - left.2 + 1);
    assert_eq!((double.1 - double.0 + 1, double.3 - double.2 + 1), (2 * width, 2 * height));
}

#[tokio::test(start_paused = true)]
async fn bold_underlined_and_reversed_signs_have_more_ink() {
    let (_, plain) = print(b"Euro\n").await;
    for mode in [b"\x1BE\x01", b"\x1BG\x01", b"\x1B-\x02", b"\x1DB\x01"] {
        let (_, paper) = print(&[mode.as_slice(), b"Euro\n"].concat()).await;
        assert!(paper.black_dots > plain.black_dots, "{mode:?}");
        assert_eq!(paper.text, "Euro");
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_printed_on_the_first_of_the_lines_that_are_fed() {
    let (_, by_line_feeds) = print(b"one\n\n\ntwo\n").await;
    let (_, by_lines) = print(b"one\x1Bd\x03two\x1Bd\x01").await;
    // 30 dots are a line.
    let (_, by_dots) = print(b"one\x1BJ\x5Atwo\x1BJ\x1E").await;
    assert_eq!(dots(&by_lines.png), dots(&by_line_feeds.png));
    assert_eq!(dots(&by_dots.png), dots(&by_line_feeds.png));
}

#[tokio::test(start_paused = true)]
async fn a_code_page_chosen_too_late_prints_another_sign() {
    let (_, late) = print(b"\xD5\x1Bt\x13\n").await;
    let (_, page_858) = print(b"\x1Bt\x13\xD5\n").await;
    let (_, windows) = print(b"\x1Bt\x10\x80\n").await;
    assert_eq!((late.text.as_str(), page_858.text.as_str(), windows.text.as_str()), ("╒", "€", "€"));
    assert_eq!(page_858.png, windows.png);
    let (printer, _) = print(b"\x1Bt\x63\n").await;
    assert_eq!(printer.snapshot().oddities, ["code page 99 is not there"]);
    let (printer, _) = print(b"\x1Bt\x10\x81\n").await;
    assert_eq!(printer.snapshot().unprintable, 1);
}

#[tokio::test(start_paused = true)]
async fn a_line_wraps_at_the_width_of_the_head() {
    let (_, paper) = print(&[[b'x'; 50].as_slice(), b"\n"].concat()).await;
    assert_eq!(paper.text, format!("{}\nxx", "x".repeat(48)));
    let (_, narrow) = print(&[[b'y'; 70].as_slice(), b"\n"].concat()).await;
    assert_eq!(narrow.text.lines().count(), 2);
    let (_, small) = print(&[b"\x1BM\x01".as_slice(), &[b'z'; 64], b"\n"].concat()).await;
    assert_eq!(small.text, "z".repeat(64));
}

#[tokio::test(start_paused = true)]
async fn too_wide_is_cut_off_and_too_tall_comes_out_as_garbage() {
    let mut wide = vec![0x1D, b'v', b'0', 0, 80, 0, 1, 0];
    wide.extend([0xFF; 80]);
    let (printer, paper) = print(&wide).await;
    assert_eq!(paper.black_dots, 576);
    assert_eq!(printer.snapshot().oddities.len(), 1);
    let mut tall = vec![0x1D, b'v', b'0', 0, 1, 0, 0x00, 0x10];
    tall.extend(b"A".repeat(4096));
    let (printer, paper) = print(&tall).await;
    assert!(paper.text.contains("AAAAAAAA"));
    assert!(!printer.snapshot().oddities.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_qr_code_has_its_modules_and_its_content() {
    let data = b"https://sede.example/pago";
    let mut job = b"\x1D(k\x04\x001A2\x00\x1D(k\x03\x001C\x04\x1D(k\x03\x001E1".to_vec();
    job.extend([0x1D, b'(', b'k', data.len() as u8 + 3, 0, 49, 80, 48]);
    job.extend(data);
    job.extend(b"\x1D(k\x03\x001Q0");
    let (_, paper) = print(&job).await;
    assert_eq!(paper.codes, ["https://sede.example/pago"]);
    let rows = dots(&paper.png);
    let (left, right, top, bottom) = bounds(&rows);
    assert_eq!((left, top), (0, 0));
    assert_eq!((right + 1, bottom + 1), (25 * 4, 25 * 4), "version 2");
    // The finder: seven modules dark, one light.
    assert!((0..28).all(|x| rows[0][x]) && !(28..32).any(|x| rows[0][x]));
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_barcode_is_drawn_or_refused() {
    for (kind, data) in [
        (65, "12345678901"),
        (67, "750103131130"),
        (68, "9638507"),
        (69, "90523-12"),
        (70, "12345678"),
        (73, "{B90523"),
        (73, "{C\x0C\x22\x38"),
    ] {
        let mut job = vec![0x1D, b'h', 60, 0x1D, b'w', 2, 0x1D, b'k', kind, data.len() as u8];
        job.extend(data.bytes());
        let (printer, paper) = print(&job).await;
        assert_eq!(printer.snapshot().oddities, Vec::<String>::new(), "{kind}");
        let (_, _, top, bottom) = bounds(&dots(&paper.png));
        assert_eq!((top, bottom), (0, 59));
        assert_eq!(paper.codes.len(), 1);
    }
    let (printer, paper) = print(b"\x1Dk\x43\x03abc").await;
    assert_eq!((printer.snapshot().oddities.len(), paper.codes.len()), (1, 0));
    let (_, old_style) = print(b"\x1Dk\x04ABC\x00text\n").await;
    assert_eq!((old_style.codes[0].as_str(), old_style.text.as_str()), ("ABC", "text"));
}

#[tokio::test(start_paused = true)]
async fn it_tells_who_it_is() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    assert_eq!(line.ask(b"\x1DI\x01").await, [0x20]);
    assert_eq!(line.ask(b"\x1DI\x42").await, b"_EPSON\0");
    assert_eq!(line.ask(b"\x1DI\x43").await, b"_TM-T88V\0");
    assert_eq!(line.ask(b"\x1Dr\x01").await, [0]);
    assert_eq!(line.ask(b"\x1Dr\x02").await, [0]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_in_any_portions_do_no_harm_and_give_the_same_papers(
        bytes in prop::collection::vec(
            prop_oneof![
                any::<u8>(),
                prop::sample::select(vec![0x1B, 0x1D, 0x10, 0x1C, b'(', b'k', b'L', b'v', b'0', b'*', b'V', 0, 1, 4]),
            ],
            0..600,
        ),
        cut in 0..600_usize,
        custom in any::<bool>(),
    ) {
        let run = |portions: Vec<Vec<u8>>| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            runtime.block_on(async {
                let printer = Printer::new(if custom { PrinterConfig::custom() } else { PrinterConfig::epson() });
                let (mut stream, far) = tokio::io::duplex(4096);
                let inside = printer.clone();
                tokio::spawn(async move { inside.run(far).await });
                for portion in portions {
                    tokio::io::AsyncWriteExt::write_all(&mut stream, &portion).await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                }
                settle().await;
                printer.tear();
                printer.papers()
            })
        };
        let (head, tail) = bytes.split_at(cut.min(bytes.len()));
        let whole = run(vec![bytes.clone()]);
        prop_assert_eq!(whole, run(vec![head.to_vec(), tail.to_vec()]));
    }
}
