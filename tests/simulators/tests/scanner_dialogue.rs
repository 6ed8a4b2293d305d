//! The resources of the scanner, in the order in which a client needs them.

mod office;

use office::{DUPLEX, FEEDER, Office, element, sheets};
use simulators::escl::{JobState, Place, ScannerConfig};

#[tokio::test(start_paused = true)]
async fn capabilities_name_both_sources_and_what_they_can() {
    let office = Office::with(ScannerConfig::kiosk()).await;
    let answer = office.get("/eSCL/ScannerCapabilities").await;
    assert_eq!((answer.status, answer.whole), (200, true));
    assert_eq!(answer.header("content-type"), Some("text/xml; charset=UTF-8"));
    let xml = roxmltree::Document::parse(answer.text()).unwrap();
    let texts = |path: &[&str]| -> Vec<String> {
        let mut nodes = vec![xml.root_element()];
        for name in path {
            nodes = nodes
                .iter()
                .flat_map(|node| node.descendants().filter(|it| it.tag_name().name() == *name))
                .collect();
        }
        nodes.iter().map(|node| node.text().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(texts(&["MakeAndModel"]), ["Prueba KioskScan D40"]);
    for caps in ["PlatenInputCaps", "AdfSimplexInputCaps", "AdfDuplexInputCaps"] {
        assert_eq!(texts(&[caps, "ColorMode"]), ["Grayscale8", "RGB24"], "{caps}");
        assert_eq!(texts(&[caps, "XResolution"]), ["100", "200", "300"], "{caps}");
        assert_eq!(texts(&[caps, "DocumentFormatExt"]), ["image/jpeg"], "{caps}");
        assert_eq!(texts(&[caps, "MaxWidth"]), ["2550"], "{caps}");
    }
    assert_eq!(texts(&["PlatenInputCaps", "MaxHeight"]), ["3508"]);
    assert_eq!(texts(&["AdfSimplexInputCaps", "MaxHeight"]), ["4200"]);
}

#[tokio::test(start_paused = true)]
async fn a_batch_goes_from_the_tray_to_the_output() {
    let office = Office::perfect().await;
    assert_eq!(office.state().await, ("Idle".into(), "ScannerAdfEmpty".into()));
    let loaded = office.load("report");
    assert_eq!(office.state().await, ("Idle".into(), "ScannerAdfLoaded".into()));
    let job = office.started(FEEDER).await;
    for page in 1..=3_u32 {
        let answer = office.next(&job).await;
        assert_eq!((answer.status, answer.whole), (200, true));
        assert_eq!(answer.header("content-type"), Some("image/png"));
        let status = office.get("/eSCL/ScannerStatus").await;
        assert_eq!(element(status.text(), "pwg:ImagesCompleted"), page.to_string());
        assert_eq!(element(status.text(), "pwg:JobState"), "Processing");
    }
    assert_eq!(office.next(&job).await.status, 404, "no more pages");
    assert_eq!(office.state().await, ("Idle".into(), "ScannerAdfEmpty".into()));
    let seen = office.scanner.snapshot();
    assert_eq!(seen.at(Place::Output).map(|sheet| sheet.number).collect::<Vec<_>>(), loaded);
    assert!(seen.sheets.iter().all(|sheet| (sheet.fronts, sheet.backs) == (1, 0)));
    assert_eq!(
        seen.jobs.iter().map(|job| (job.state, job.pages)).collect::<Vec<_>>(),
        [(JobState::Completed, 3)]
    );
    assert!(seen.deliveries.iter().all(|page| page.whole && page.sheets.len() == 1));
}

#[tokio::test(start_paused = true)]
async fn both_sides_come_front_first() {
    let office = Office::perfect().await;
    let sheet = office.load("form")[0];
    office.load("letter");
    let job = office.started(DUPLEX).await;
    for _ in 0..4 {
        assert_eq!(office.next(&job).await.status, 200);
    }
    assert_eq!(office.next(&job).await.status, 404);
    let pages: Vec<(u64, bool)> =
        office.scanner.deliveries().iter().map(|page| (page.seen.unwrap(), page.back)).collect();
    assert_eq!(pages, [(sheet, false), (sheet, true), (sheet + 1, false), (sheet + 1, true)]);
}

#[tokio::test(start_paused = true)]
async fn the_glass_gives_one_page_and_is_free_again() {
    let office = Office::perfect().await;
    office.scanner.put_on_glass(sheets("plan").remove(0)).unwrap();
    let settings = "<pwg:InputSource>Platen</pwg:InputSource><scan:XResolution>100</scan:XResolution>";
    for _ in 0..2 {
        // Whoever wants only one page does not ask for the end of the job.
        let job = office.started(settings).await;
        assert_eq!(office.next(&job).await.status, 200);
    }
    let seen = office.scanner.snapshot();
    assert_eq!(seen.at(Place::Glass).map(|sheet| sheet.fronts).collect::<Vec<_>>(), [2]);
    let other = office.scanner.put_on_glass(sheets("letter").remove(0)).unwrap();
    let seen = office.scanner.snapshot();
    assert_eq!(seen.at(Place::Glass).map(|sheet| sheet.number).collect::<Vec<_>>(), [other]);
    assert_eq!(seen.at(Place::Hand).count(), 1, "there is room for one");
}

#[tokio::test(start_paused = true)]
async fn an_empty_glass_is_a_picture_of_the_lid() {
    let office = Office::perfect().await;
    let job = office.started("<scan:XResolution>100</scan:XResolution>").await;
    let answer = office.next(&job).await;
    let picture = image::load_from_memory(&answer.body).unwrap().to_luma8();
    assert!(picture.pixels().all(|pixel| pixel.0 == [255]));
    assert_eq!(office.scanner.deliveries()[0].seen, None);
}

#[tokio::test(start_paused = true)]
async fn the_client_ends_a_job_and_the_rest_stays_in_the_tray() {
    let office = Office::perfect().await;
    office.load("report");
    let job = office.started(FEEDER).await;
    office.next(&job).await;
    assert_eq!(office.ask("DELETE", &job, "").await.unwrap().status, 200);
    assert_eq!(office.next(&job).await.status, 404);
    let seen = office.scanner.snapshot();
    assert_eq!((seen.at(Place::Output).count(), seen.at(Place::Tray).count()), (1, 2));
    assert_eq!(seen.jobs[0].state, JobState::Canceled);
    assert_eq!(office.started(FEEDER).await, "/eSCL/ScanJobs/2");
}

#[tokio::test(start_paused = true)]
async fn the_client_ends_a_job_between_two_sides() {
    let office = Office::perfect().await;
    office.load("form");
    let job = office.started(DUPLEX).await;
    office.next(&job).await;
    assert_eq!(office.scanner.snapshot().at(Place::Path).count(), 1);
    office.ask("DELETE", &job, "").await.unwrap();
    let seen = office.scanner.snapshot();
    assert_eq!(seen.at(Place::Output).map(|sheet| (sheet.fronts, sheet.backs)).collect::<Vec<_>>(), [(1, 0)]);
}

#[tokio::test(start_paused = true)]
async fn one_job_at_a_time_and_a_forgotten_one_ends() {
    let office = Office::perfect().await;
    office.load("report");
    let job = office.started(FEEDER).await;
    office.next(&job).await;
    let refused = office.job(FEEDER).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
    assert_eq!(office.state().await.0, "Processing");
    tokio::time::advance(ScannerConfig::kiosk().job_patience).await;
    assert_eq!(office.state().await.0, "Idle");
    assert_eq!(office.next(&job).await.status, 404, "it has ended");
    assert_eq!(office.started(FEEDER).await, "/eSCL/ScanJobs/2");
    assert_eq!(office.scanner.snapshot().jobs[0].state, JobState::Aborted);
}

#[tokio::test(start_paused = true)]
async fn what_the_device_cannot_do_is_refused_and_noted() {
    let office = Office::perfect().await;
    office.load("letter");
    for (inside, status) in [
        ("<scan:XResolution>150</scan:XResolution>", 409),
        ("<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>", 409),
        ("<scan:ColorMode>BlackAndWhite1</scan:ColorMode>", 400),
        (
            "<pwg:ScanRegions><pwg:ScanRegion><pwg:XOffset>1</pwg:XOffset><pwg:Width>2550</pwg:Width>\
             <pwg:Height>100</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>",
            409,
        ),
        (
            "<pwg:ScanRegions><pwg:ScanRegion><pwg:XOffset>4294967295</pwg:XOffset><pwg:Width>2550</pwg:Width>\
             <pwg:Height>100</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>",
            409,
        ),
    ] {
        assert_eq!(office.job(inside).await.status, status, "{inside}");
    }
    assert_eq!(office.scanner.snapshot().oddities.len(), 5);
    assert_eq!(office.ask("POST", "/eSCL/ScanJobs", "scan, please").await.unwrap().status, 400);
    assert_eq!(office.ask("POST", "/eSCL/ScanJobs", &" ".repeat(70_000)).await.unwrap().status, 413);
    assert_eq!(office.get("/eSCL/ScanJobs/1/NextDocument").await.status, 404);
    assert_eq!(office.get("/eSCL/ScanJobs/first/NextDocument").await.status, 404);
    assert_eq!(office.get("/").await.status, 404);
    assert_eq!(office.ask("PUT", "/eSCL/ScannerStatus", "").await.unwrap().status, 405);
    assert_eq!(office.scanner.snapshot().jobs_total, 0);
}

#[tokio::test(start_paused = true)]
async fn a_scanner_without_feeder_says_so() {
    let office = Office::with(ScannerConfig { feeder: None, ..ScannerConfig::perfect() }).await;
    assert!(!office.get("/eSCL/ScannerCapabilities").await.text().contains("Adf"));
    assert!(!office.get("/eSCL/ScannerStatus").await.text().contains("Adf"));
    assert_eq!(office.job(FEEDER).await.status, 409);
    assert!(office.scanner.load(sheets("letter").remove(0)).is_err());
}

#[tokio::test(start_paused = true)]
async fn paper_that_does_not_fit_is_handed_back() {
    let office = Office::perfect().await;
    let card = sheets("identity-card").remove(0);
    assert!(office.scanner.load(card.clone()).is_err(), "too short for the rollers");
    assert!(office.scanner.put_on_glass(card).is_ok());
    let letter = sheets("letter").remove(0);
    for _ in 0..50 {
        office.scanner.load(letter.clone()).unwrap();
    }
    let full = office.scanner.load(letter).unwrap_err().to_string();
    assert!(full.contains("holds 50"), "{full}");
    // What lies on the glass does not fit either, and stays in the hand.
    office.scanner.take(Place::Glass);
    assert_eq!((office.scanner.feed_again(), office.scanner.discard()), (0, 1));
    assert_eq!(office.scanner.take(Place::Tray), 50);
    assert_eq!(office.scanner.feed_again(), 50);
}
