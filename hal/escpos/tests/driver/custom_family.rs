//! Custom KPM: FULL STATUS, counters as proof, hardware reset, and the ticket in the mouth.
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hal_device::Status;
use hal_escpos::{PrintError, Printer, PrinterConfig, PrinterModel, PrinterTask};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::sleep;

use super::peer::{Socket, beside, lines, out_of, ready, until};

#[derive(Default)]
struct Kpm {
    /// FULL STATUS: paper, user, recoverable, unrecoverable.
    full: [u8; 4],
    cuts: u64,
    centimetres: u64,
    taken: Vec<u8>,
    exits: Vec<u8>,
    resets: u32,
    /// It prints, or only takes bytes.
    dead: bool,
    /// Paper ends at so many bytes.
    paper_ends_at: Option<usize>,
}

type Shared = Arc<Mutex<Kpm>>;

async fn serve(mut line: DuplexStream, kpm: Shared) {
    let mut pending: Vec<u8> = Vec::new();
    let mut buffer = [0; 64];
    loop {
        match line.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => pending.extend_from_slice(&buffer[..count]),
        }
        let mut out = Vec::new();
        work(&mut kpm.lock().unwrap(), &mut pending, &mut out);
        if line.write_all(&out).await.is_err() {
            return;
        }
    }
}

fn work(kpm: &mut Kpm, pending: &mut Vec<u8>, out: &mut Vec<u8>) {
    loop {
        let used = match pending.as_slice() {
            [] | [0x10 | 0x1B | 0x1C | 0x1D] | [0x10, 0x04] | [0x1D, 0xE0 | b'e' | b'I'] => return,
            [0x1D, b'V'] | [0x1D, b'V', 65] => return,
            [0x1D, b'e', 3] => return,
            [0x1C, 0xC0, rest @ ..] if rest.len() < 4 => return,
            [0x10, 0x04, 20, ..] => {
                out.extend_from_slice(&[0x10, 0x0F]);
                out.extend_from_slice(&kpm.full);
                3
            }
            [0x1C, 0xC0, 0x18, 0x10, 0x14, 0x1A, ..] => {
                kpm.resets += 1;
                kpm.taken.clear();
                6
            }
            [0x1D, 0xE0, 0x0F, ..] => 3,
            [0x1D, 0xE2, ..] => {
                out.extend_from_slice(format!("{} cuts", kpm.cuts).as_bytes());
                2
            }
            [0x1D, 0xE3, ..] => {
                out.extend_from_slice(format!("{}cm\0", kpm.centimetres).as_bytes());
                2
            }
            [0x1D, b'I', 67, ..] => {
                out.extend_from_slice(b"_KPM-TEST\0");
                3
            }
            [0x1D, b'V', 65, _, ..] => {
                if !kpm.dead {
                    kpm.cuts += 1;
                    kpm.centimetres += 7;
                }
                4
            }
            [0x1D, b'e', 3, _, ..] => {
                if !kpm.dead {
                    kpm.full[0] |= 0x20;
                }
                4
            }
            [0x1D, b'e', way, ..] => {
                kpm.exits.push(*way);
                kpm.full[0] &= !0x20;
                3
            }
            [byte, ..] => {
                kpm.taken.push(*byte);
                1
            }
        };
        pending.drain(..used);
        if kpm.paper_ends_at.is_some_and(|at| kpm.taken.len() >= at) {
            kpm.full[0] |= 0x01;
        }
    }
}

fn kpm() -> (Printer, PrinterTask, Shared) {
    let kpm = Shared::default();
    let far_kpm = Arc::clone(&kpm);
    let port = Arc::new(Socket {
        plugged: AtomicBool::new(true),
        serve: Box::new(move |far| {
            tokio::spawn(serve(far, Arc::clone(&far_kpm)));
        }),
    });
    let (printer, task) = Printer::new(port, PrinterConfig::new(PrinterModel::Custom, 576));
    (printer, task, kpm)
}

#[tokio::test(start_paused = true)]
async fn counters_that_grow_and_a_ticket_in_the_mouth_are_the_proof() {
    let (printer, mut task, kpm) = kpm();
    beside(&mut task, async {
        ready(&printer).await;
        assert_eq!(printer.status().borrow().product, "KPM-TEST");
        printer.print(lines(2)).await.unwrap();
    })
    .await;
    let kpm = kpm.lock().unwrap();
    assert_eq!((kpm.cuts, kpm.resets), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn counters_that_stand_still_leave_the_print_unknown() {
    let (printer, mut task, kpm) = kpm();
    kpm.lock().unwrap().dead = true;
    beside(&mut task, async {
        let result = printer.print(lines(2)).await;
        assert!(matches!(&result, Err(PrintError::Unknown(why)) if why.contains("counters")), "{result:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn paper_end_in_mid_job_ends_in_a_hardware_reset() {
    let (printer, mut task, kpm) = kpm();
    beside(&mut task, async {
        ready(&printer).await;
        kpm.lock().unwrap().paper_ends_at = Some(600);
        let result = printer.print(lines(60)).await;
        assert!(matches!(&result, Err(PrintError::Torn(why)) if why.contains("no paper")), "{result:?}");
        until(&printer, out_of("paper-end")).await;
        assert_eq!(kpm.lock().unwrap().resets, 1, "at once, before new paper lets the rest out");
        kpm.lock().unwrap().paper_ends_at = None;
        kpm.lock().unwrap().full = [0; 4];
        ready(&printer).await;
        assert_eq!(kpm.lock().unwrap().resets, 2);
        kpm.lock().unwrap().taken.clear();
        printer.print(lines(1)).await.unwrap();
    })
    .await;
    let taken = super::peer::plain(&kpm.lock().unwrap().taken);
    assert_eq!(taken, "linea 001 del recibo de prueba\n");
}

#[tokio::test(start_paused = true)]
async fn a_ticket_that_nobody_takes_is_drawn_in() {
    let (printer, mut task, kpm) = kpm();
    beside(&mut task, async {
        printer.print(lines(1)).await.unwrap();
        sleep(Duration::from_secs(50)).await;
        assert_eq!(kpm.lock().unwrap().exits, Vec::<u8>::new(), "the citizen still has time");
        sleep(Duration::from_secs(20)).await;
    })
    .await;
    assert_eq!(kpm.lock().unwrap().exits, [2]);
}

#[tokio::test(start_paused = true)]
async fn the_last_ticket_is_out_of_the_mouth_before_the_next_is_printed() {
    let (printer, mut task, kpm) = kpm();
    beside(&mut task, async {
        printer.print(lines(1)).await.unwrap();
        printer.print(lines(1)).await.unwrap();
    })
    .await;
    assert_eq!(kpm.lock().unwrap().exits, [2]);
    assert_eq!(kpm.lock().unwrap().cuts, 2);
}

#[tokio::test(start_paused = true)]
async fn an_open_cover_and_a_dead_memory_are_told() {
    let (printer, mut task, kpm) = kpm();
    beside(&mut task, async {
        ready(&printer).await;
        kpm.lock().unwrap().full = [0, 0x02, 0, 0];
        until(&printer, out_of("cover-open")).await;
        kpm.lock().unwrap().full = [0, 0, 0, 0x04];
        until(&printer, out_of("unrecoverable")).await;
        kpm.lock().unwrap().full = [0x04, 0, 0, 0];
        let status = until(&printer, Status::usable).await;
        assert!(matches!(status, Status::Degraded(reason) if reason.id == "paper-near-end"));
    })
    .await;
}
