//! From the sealed file to the citizen's hand: drawn on its thread, printed by the driver on the simulated printer.
use std::sync::Arc;
use std::time::Duration;

use ciberkiosco::pages::{self, PagesError};
use ciberkiosco::raster::RasterError;
use hal_device::{Line, OpenFuture, Port, Status};
use hal_escpos::{HandOver, PrintError, Printer, PrinterConfig, PrinterModel};
use simulators::escpos::{
    Hand, Paper, PaperFate, Printer as Machine, PrinterConfig as Mechanics, PrinterFault,
};

use super::pdf::{Page, document, qr, text};
use super::tools::{Picture, codes, printed};

struct Plug(Machine);

impl Port for Plug {
    fn open(&self) -> OpenFuture<'_> {
        let machine = self.0.clone();
        Box::pin(async move {
            let (near, far) = tokio::io::duplex(4096);
            tokio::spawn(async move { machine.run(far).await });
            Ok(Box::new(near) as Box<dyn Line>)
        })
    }
    fn name(&self) -> &str {
        "page printer"
    }
}

fn pages(count: usize) -> Vec<u8> {
    let page = |number: usize| {
        let words = text(&format!("Página {number} de {count}"));
        let code = qr(&format!("https://sede.pruebas.test/csv/{number}"), 60.0, 500.0, 1.5);
        let content = format!("BT /F1 20 Tf 60 740 Td {words} Tj ET {code}");
        Page { content: content.into_bytes(), ..Page::default() }
    };
    document("", |_| (1..=count).map(page).collect())
}

fn seen(paper: &Paper) -> Picture {
    let mut reader = png::Decoder::new(std::io::Cursor::new(&paper.png)).read_info().unwrap();
    let mut bits = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bits).unwrap();
    let width = info.width as usize;
    let dots = bits
        .chunks(width.div_ceil(8))
        .flat_map(|row| (0..width).map(move |x| if row[x / 8] & (0x80 >> (x % 8)) == 0 { 0 } else { 255 }));
    Picture { width, dots: dots.collect() }
}

async fn with_printer<T>(machine: &Machine, test: impl AsyncFnOnce(&Printer) -> T) -> T {
    let config =
        PrinterConfig { dpi: 204, cutter_rows: 160, ..PrinterConfig::new(PrinterModel::Custom, 1600) };
    let (printer, mut task) = Printer::new(Arc::new(Plug(machine.clone())), config);
    let ready = async {
        let mut status = printer.status();
        status.wait_for(|status| status.status == Status::Ready).await.unwrap();
        test(&printer).await
    };
    tokio::select! {
        biased;
        result = ready => result,
        ended = task.run(&|| {}) => panic!("the task ended: {ended:?}"),
    }
}

async fn print(printer: &Printer, pdf: Vec<u8>) -> Result<HandOver, PagesError> {
    pages::print(printer, Arc::new(pdf), Duration::from_secs(60)).1.await
}

#[tokio::test(start_paused = true)]
async fn three_pages_are_taken_as_they_were_drawn() {
    let machine = Machine::new(Mechanics::page());
    machine.hand(Hand::Takes { after_ms: 2000 });
    let outcome = with_printer(&machine, async |printer| print(printer, pages(3)).await).await;
    assert_eq!(outcome.unwrap(), HandOver::Taken);
    let (papers, wanted) = (machine.papers(), printed(&pages(3)).unwrap());
    assert_eq!(papers.len(), 3);
    for (number, (paper, wanted)) in (1..).zip(papers.iter().zip(&wanted)) {
        assert_eq!((paper.fate, paper.height_mm), (PaperFate::Taken, 298));
        let picture = seen(paper);
        assert_eq!(codes(&picture), [format!("https://sede.pruebas.test/csv/{number}")]);
        // Real-time codes inside the dots cost a dot each, and nothing else is different.
        let changed = picture.black().abs_diff(wanted.black());
        assert!(changed < 40, "page {number}: {changed} dots");
    }
}

#[tokio::test(start_paused = true)]
async fn a_document_that_is_refused_costs_no_paper() {
    let machine = Machine::new(Mechanics::page());
    let outcome =
        with_printer(&machine, async |printer| print(printer, b"%PDF-1.7 nothing".to_vec()).await).await;
    assert!(matches!(outcome, Err(PagesError::Document(RasterError::Damaged(_)))), "{outcome:?}");
    assert_eq!(machine.snapshot().papers_total, 0);
}

#[tokio::test(start_paused = true)]
async fn a_jam_tears_the_document_and_it_is_printed_whole_again() {
    let machine = Machine::new(Mechanics::page());
    machine.hand(Hand::Takes { after_ms: 1000 });
    with_printer(&machine, async |printer| {
        machine.fault(PrinterFault::JamInSheet { nth: 2 });
        let torn = print(printer, pages(3)).await;
        assert!(matches!(torn, Err(PagesError::Printer(PrintError::Torn(_)))), "{torn:?}");
        machine.clear_jam();
        printer.status().wait_for(|status| status.status == Status::Ready).await.unwrap();
        let before = machine.papers().len();
        assert_eq!(print(printer, pages(3)).await.unwrap(), HandOver::Taken);
        let codes: Vec<String> =
            machine.papers()[before..].iter().flat_map(|paper| codes(&seen(paper))).collect();
        assert_eq!(codes.len(), 3, "{codes:?}");
    })
    .await;
}
