//! ESC/POS: what a printer sends, alone and against the whole driver.
use std::sync::Arc;
use std::time::Duration;

use hal_escpos::classifier::{Classifier, Report};
use hal_escpos::{Align, Block, Condition, Document, Printer, PrinterConfig, PrinterModel, Size};
use simulators::escpos as simulated;
use tokio::time::timeout;

use super::middle::{Answers, Middle};
use super::simulate;

/// Status bytes of any kind, for both families.
pub fn escpos_status(data: &[u8]) {
    for model in [PrinterModel::Epson, PrinterModel::Custom] {
        let mut classifier = Classifier::new(model);
        let mut condition = Condition::default();
        for (index, &byte) in data.iter().enumerate() {
            match classifier.push(byte) {
                Some(Report::Automatic(bytes)) => condition.automatic(bytes),
                Some(Report::Full(bytes)) => condition.full(bytes),
                Some(Report::RealTime(byte)) => condition.real_time((index % 6) as u8, byte),
                Some(Report::Text(text)) => {
                    assert!(text.len() <= 80 && text.chars().all(|c| (' '..='~').contains(&c)), "{text:?}");
                }
                Some(Report::Counter { unit, .. }) => assert!(["cuts", "cm", "ret"].contains(&unit.as_str())),
                Some(Report::Fence(_) | Report::Printed(_) | Report::Cleared | Report::Hold(_)) | None => {}
            }
            let _ = (condition.tears(), condition.status());
        }
        classifier.abandon();
        assert!(classifier.junk() <= data.len() as u64, "no byte is counted twice");
        // Whatever came before: after a silence the next status is read.
        assert_eq!(classifier.push(0x13), Some(Report::Hold(true)));
    }
}

/// The driver prints while what its printer says is twisted on the way. The first byte chooses the family.
pub fn escpos_printer(data: &[u8]) {
    let [first, rest @ ..] = data else { return };
    let (custom, answers) = (first & 1 == 1, Answers::new(rest));
    simulate(async move {
        let (theirs, ours) = if custom {
            (simulated::PrinterConfig::custom(), PrinterConfig::new(PrinterModel::Custom, 1600))
        } else {
            (simulated::PrinterConfig::epson(), PrinterConfig::new(PrinterModel::Epson, 576))
        };
        let device = simulated::Printer::new(theirs);
        let serve = device.clone();
        let port = Middle::new(answers, move |line| {
            let device = serve.clone();
            tokio::spawn(async move { device.run(line).await });
        });
        let (printer, mut task) = Printer::new(Arc::new(port), ours);
        let running = tokio::spawn(async move { task.run(&|| {}).await });
        for _ in 0..2 {
            let ended = timeout(Duration::from_secs(1800), printer.print(ticket())).await;
            let _ = ended.expect("every print ends with an answer");
        }
        assert!(!running.is_finished(), "no answer ends the task");
        running.abort();
    });
}

fn ticket() -> Document {
    let text = |text: &str| Block::Text {
        text: text.to_owned(),
        bold: true,
        size: Size::Normal,
        align: Align::Centre,
    };
    Document {
        blocks: vec![text("Ayuntamiento de Villamar"), Block::Rule, text("65,40 €"), Block::Feed(2)]
    }
}
