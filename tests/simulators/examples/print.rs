//! Prints a file of ESC/POS bytes: `print JOB [DIRECTORY] [custom]` writes each paper as a PNG
//! and says what it read on it.

use std::path::PathBuf;
use std::time::Duration;

use simulators::escpos::{Printer, PrinterConfig};
use tokio::io::AsyncWriteExt;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let job = std::fs::read(arguments.next().ok_or("usage: print JOB [DIRECTORY] [custom]")?)?;
    let directory = PathBuf::from(arguments.next().unwrap_or_else(|| ".".into()));
    let custom = arguments.next().is_some_and(|model| model == "custom");
    let config = if custom { PrinterConfig::custom() } else { PrinterConfig::epson() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(async {
        let printer = Printer::new(config);
        let (mut line, far) = tokio::io::duplex(4096);
        let inside = printer.clone();
        tokio::spawn(async move { inside.run(far).await });
        line.write_all(&job).await?;
        while printer.snapshot().printing || printer.snapshot().buffered > 0 {
            let before = printer.snapshot().buffered;
            tokio::time::sleep(Duration::from_millis(100)).await;
            let after = printer.snapshot();
            if !after.printing && after.buffered > 0 && after.buffered == before {
                println!("{before} bytes are the beginning of a command that does not end");
                break;
            }
        }
        printer.tear();
        for paper in printer.papers().iter().filter(|paper| paper.black_dots > 0) {
            let path = directory.join(format!("paper-{}.png", paper.number));
            std::fs::write(&path, &paper.png)?;
            println!("{} ({} mm, cut: {})\n{}", path.display(), paper.height_mm, paper.cut, paper.text);
            for code in &paper.codes {
                println!("code: {code}");
            }
        }
        for oddity in printer.snapshot().oddities {
            println!("odd: {oddity}");
        }
        Ok(())
    })
}
