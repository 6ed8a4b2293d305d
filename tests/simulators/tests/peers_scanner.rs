//! The scanner in other people's hands: Debian's scanimage with sane-airscan. What arrives is compared with the paper,
//! read by tesseract, and every mishap is looked for in the words that SANE has for it.

mod office;

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use image::{DynamicImage, GrayImage, ImageFormat};
use office::{Office, sheets};
use simulators::escl::{
    ColourMode, CoverWord, Eye, Format, JobState, Place, SaneHost, ScannerConfig, ScannerFault, Source,
};
use tokio::time::timeout;

/// Far more than a scan takes; less than nothing going on.
const PATIENCE: Duration = Duration::from_secs(120);

struct Desk {
    office: Office,
    sane: SaneHost,
}

impl Desk {
    async fn with(config: ScannerConfig) -> Self {
        let office = Office::with(config).await;
        let sane = SaneHost::new(office.address).await.unwrap();
        Self { office, sane }
    }

    /// A scanner as in a cabinet, but quick.
    async fn ordinary() -> Self {
        Self::with(ScannerConfig { page_time: Duration::ZERO, ..ScannerConfig::kiosk() }).await
    }

    async fn scanimage(&self, arguments: &[&str]) -> Output {
        let mut command = self.sane.command("scanimage");
        command.arg("-d").arg(self.sane.device()).args(arguments).current_dir(self.sane.folder());
        timeout(PATIENCE, command.output()).await.expect("scanimage ends").unwrap()
    }

    /// What scanimage says.
    async fn says(&self, arguments: &[&str]) -> String {
        let output = self.scanimage(arguments).await;
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    /// A page of the glass.
    async fn page(&self, arguments: &[&str]) -> DynamicImage {
        let arguments = [&["--format=png", "--source", "Flatbed"], arguments].concat();
        let output = self.scanimage(&arguments).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        image::load_from_memory_with_format(&output.stdout, ImageFormat::Png).unwrap()
    }

    /// A batch from the feeder: the pages, and what scanimage says.
    async fn batch(&self, source: &str, arguments: &[&str]) -> (Vec<DynamicImage>, String) {
        let arguments = [&["--source", source, "--format=png", "--batch=page-%d.png"], arguments].concat();
        let said = self.says(&arguments).await;
        let pages = (1..)
            .map(|number| self.file(&format!("page-{number}.png")))
            .take_while(|path| path.exists())
            .map(|path| {
                let page = image::open(&path).unwrap();
                std::fs::remove_file(path).unwrap();
                page
            });
        (pages.collect(), said)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.sane.folder().join(name)
    }

    /// What tesseract reads.
    async fn read(&self, page: &DynamicImage, dpi: u16) -> String {
        let file = self.file("read.png");
        page.save(&file).unwrap();
        read(&file, dpi).await
    }
}

async fn read(file: &Path, dpi: u16) -> String {
    let output = tokio::process::Command::new("tesseract")
        .arg(file)
        .args(["stdout", "-l", "spa", "--psm", "6", "--dpi", &dpi.to_string()])
        .env("OMP_THREAD_LIMIT", "1")
        .output()
        .await
        .expect("tesseract-ocr and tesseract-ocr-spa are installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A4 in scanimage's words.
const A4: [&str; 4] = ["-x", "210", "-y", "297"];

fn levels_apart(one: &GrayImage, other: &GrayImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: u64 = one.iter().zip(other.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.len() as f64
}

#[tokio::test]
async fn the_options_are_those_of_the_device() {
    let desk = Desk::ordinary().await;
    let said = desk.says(&["-A"]).await;
    for part in ["Flatbed|ADF|ADF Duplex", "100|200|300dpi", "Color|Gray", "-x 0..215.9", "-y 0..297.0"] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[tokio::test]
async fn the_glass_in_grey_at_300_dots_is_the_sheet_dot_for_dot() {
    let desk = Desk::with(ScannerConfig::perfect()).await;
    let sheet = sheets("letter").remove(0);
    desk.office.scanner.put_on_glass(sheet.clone()).unwrap();
    let page = desk.page(&[&["--mode", "Gray", "--resolution", "300"][..], &A4].concat()).await;
    let printed = sheet.front.pixels().unwrap().to_luma8();
    let page = page.to_luma8();
    assert!(
        (2478..=2482).contains(&page.width()) && (3506..=3510).contains(&page.height()),
        "{:?}",
        page.dimensions()
    );
    // SANE cuts to whole pixels in its own way; no dot of what is common is another one.
    let common = |picture: &GrayImage| image::imageops::crop_imm(picture, 0, 0, 2478, 3506).to_image();
    assert_eq!(levels_apart(&common(&page), &common(&printed)), 0.0);
    let delivery = &desk.office.scanner.deliveries()[0];
    assert_eq!((delivery.mode, delivery.dpi, delivery.format), (ColourMode::Grey, 300, Format::Png));
}

#[tokio::test]
async fn the_glass_in_colour_is_the_sheet() {
    let desk = Desk::with(ScannerConfig { eye: Eye::PERFECT, ..ScannerConfig::kiosk() }).await;
    let sheet = sheets("identity-card").remove(0);
    desk.office.scanner.put_on_glass(sheet.clone()).unwrap();
    let page = desk.page(&["--mode", "Color", "--resolution", "300", "-x", "85", "-y", "53"]).await.to_rgb8();
    let printed = sheet.front.pixels().unwrap().to_rgb8();
    let (width, height) = (page.width().min(printed.width()), page.height().min(printed.height()));
    let mut sum = 0_u64;
    for (x, y) in (0..width).flat_map(|x| (0..height).map(move |y| (x, y))) {
        let (seen, ink) = (page.get_pixel(x, y).0, printed.get_pixel(x, y).0);
        sum += (0..3).map(|channel| u64::from(seen[channel].abs_diff(ink[channel]))).sum::<u64>();
    }
    let mean = sum as f64 / f64::from(width * height * 3);
    assert!(mean < 4.0, "JPEG is so near: {mean}");
    assert_eq!(desk.office.scanner.deliveries()[0].format, Format::Jpeg);
}

#[tokio::test]
async fn a_batch_is_read_by_tesseract_as_an_ordinary_device_sees_it() {
    let desk = Desk::ordinary().await;
    desk.office.load("report");
    desk.office.load("letter");
    let (pages, said) =
        desk.batch("ADF", &[&["--mode", "Gray", "--resolution", "200"][..], &A4].concat()).await;
    assert!(said.contains("Document feeder out of documents"), "{said}");
    assert_eq!(pages.len(), 4, "{said}");
    for (nth, page) in pages[..3].iter().enumerate() {
        let text = desk.read(page, 200).await;
        let number = format!("Página {} de 3", nth + 1);
        assert!(text.contains(&number) && text.contains("fachada"), "{number} in {text}");
    }
    let text = desk.read(&pages[3], 200).await;
    for word in simulators::escl::document("letter").unwrap().words {
        assert!(text.contains(word), "{word} in {text}");
    }
    let seen = desk.office.scanner.snapshot();
    assert_eq!(seen.at(Place::Output).count(), 4);
    assert_eq!(seen.jobs[0].state, JobState::Completed);
    assert_eq!(seen.oddities, Vec::<String>::new());
}

#[tokio::test]
async fn both_sides_come_in_their_order() {
    let desk = Desk::ordinary().await;
    desk.office.load("form");
    let (pages, said) = desk.batch("ADF Duplex", &["--mode", "Color", "--resolution", "200"]).await;
    assert_eq!(pages.len(), 2, "{said}");
    assert!(desk.read(&pages[0], 200).await.contains("Solicitud"));
    assert!(desk.read(&pages[1], 200).await.contains("REVERSO"));
    let red = pages[0].to_rgb8().pixels().filter(|it| it.0[0] > 150 && it.0[1] < 90 && it.0[2] < 100).count();
    assert!(red > 500, "the stamp is red: {red}");
    assert_eq!(desk.office.scanner.snapshot().jobs[0].source, Source::FeederDuplex);
}

#[tokio::test]
async fn an_empty_feeder_has_its_word() {
    let desk = Desk::ordinary().await;
    let (pages, said) = desk.batch("ADF", &[]).await;
    assert!(pages.is_empty() && said.contains("Document feeder out of documents"), "{said}");
}

#[tokio::test]
async fn a_jam_on_the_second_sheet_leaves_the_first_page_good() {
    let desk = Desk::ordinary().await;
    desk.office.load("report");
    desk.office.scanner.fault(ScannerFault::JamAtSheet { nth: 2 });
    let (pages, said) = desk.batch("ADF", &["--resolution", "100"]).await;
    assert!(said.contains("Document feeder jammed"), "{said}");
    assert_eq!(pages.len(), 1, "{said}");
    assert_eq!(desk.office.scanner.snapshot().at(Place::Path).count(), 1);
    desk.office.scanner.take(Place::Path);
    desk.office.scanner.feed_again();
    let (pages, said) = desk.batch("ADF", &["--resolution", "100"]).await;
    assert_eq!(pages.len(), 2, "{said}");
}

#[tokio::test]
async fn an_open_cover_is_told_in_one_of_its_two_words() {
    for (word, told) in [
        (CoverWord::DoorOpen, "Scanner cover is open"),
        // sane-airscan does not know the word of the specification.
        (CoverWord::HatchOpen, "Error during device I/O"),
    ] {
        let desk = Desk::with(ScannerConfig { cover_word: word, ..ScannerConfig::kiosk() }).await;
        desk.office.load("letter");
        desk.office.scanner.open_cover();
        let (pages, said) = desk.batch("ADF", &[]).await;
        assert!(pages.is_empty() && said.contains(told), "{word:?}: {said}");
    }
}

#[tokio::test]
async fn a_double_feed_that_is_felt_is_an_error_of_the_device() {
    // eSCL has a word for it; sane-airscan 0.99 has none, and SANE neither.
    let desk = Desk::ordinary().await;
    desk.office.load("report");
    desk.office.scanner.fault(ScannerFault::DoubleFeedAtSheet { nth: 2 });
    let (pages, said) = desk.batch("ADF", &["--resolution", "100"]).await;
    assert!(said.contains("Error during device I/O"), "{said}");
    assert_eq!(pages.len(), 1);
}

#[tokio::test]
async fn a_busy_device_is_busy_after_ten_tries() {
    let desk = Desk::ordinary().await;
    desk.office.load("letter");
    desk.office.scanner.fault(ScannerFault::Busy);
    let start = Instant::now();
    let (pages, said) = desk.batch("ADF", &[]).await;
    assert!(pages.is_empty() && said.contains("Device busy"), "{said}");
    println!("busy: sane-airscan gives up after {:.1} s", start.elapsed().as_secs_f64());
}

#[tokio::test]
async fn a_moment_of_503_is_waited_for() {
    let desk = Desk::ordinary().await;
    desk.office.load("report");
    desk.office.scanner.fault(ScannerFault::Unavailable { times: 2 });
    let (pages, said) = desk.batch("ADF", &["--resolution", "100"]).await;
    assert_eq!(pages.len(), 3, "{said}");
}

#[tokio::test]
async fn a_broken_connection_is_an_error_and_the_next_scan_is_good() {
    for fault in [ScannerFault::CutImage { nth: 1 }, ScannerFault::SpoiltImage { nth: 1 }] {
        let desk = Desk::ordinary().await;
        desk.office.scanner.put_on_glass(sheets("letter").remove(0)).unwrap();
        desk.office.scanner.fault(fault);
        let said = desk.says(&["--source", "Flatbed", "--format=png", "-o", "cut.png"]).await;
        assert!(said.contains("Error during device I/O"), "{fault:?}: {said}");
        desk.page(&["--resolution", "100"]).await;
    }
}

#[tokio::test]
async fn an_unplugged_device_does_not_open() {
    let desk = Desk::ordinary().await;
    desk.office.scanner.plug(false);
    let said = desk.says(&["-A"]).await;
    assert!(said.contains("failed") && said.contains("I/O"), "{said}");
    desk.office.scanner.plug(true);
    desk.page(&["--resolution", "100"]).await;
}

#[tokio::test]
async fn a_cable_pulled_in_a_batch_ends_it_with_the_pages_so_far() {
    let desk =
        Desk::with(ScannerConfig { page_time: Duration::from_secs(2), ..ScannerConfig::kiosk() }).await;
    desk.office.load("report");
    let scanner = desk.office.scanner.clone();
    let pulling = tokio::spawn(async move {
        while scanner.deliveries().iter().filter(|page| page.whole).count() < 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        while scanner.snapshot().at(Place::Path).count() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        scanner.plug(false);
    });
    let (pages, said) = desk.batch("ADF", &["--resolution", "100"]).await;
    pulling.await.unwrap();
    assert!(said.contains("Error during device I/O"), "{said}");
    assert_eq!(pages.len(), 1, "{said}");
}
