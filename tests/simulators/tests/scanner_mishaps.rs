//! What goes wrong at a scanner: what the client is told, and where the paper is then.

mod office;

use std::time::Duration;

use office::{DUPLEX, FEEDER, Office, element, sheets};
use simulators::escl::{CoverWord, Feeder, JobState, Place, ScannerConfig, ScannerFault};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

fn count(office: &Office, place: Place) -> usize {
    office.scanner.snapshot().at(place).count()
}

#[tokio::test(start_paused = true)]
async fn the_second_sheet_jams() {
    let office = Office::perfect().await;
    office.load("report");
    office.scanner.fault(ScannerFault::JamAtSheet { nth: 2 });
    let job = office.started(FEEDER).await;
    assert_eq!(office.next(&job).await.status, 200);
    assert_eq!(office.next(&job).await.status, 409);
    assert_eq!(office.state().await, ("Stopped".into(), "ScannerAdfJam".into()));
    let seen = office.scanner.snapshot();
    assert_eq!(seen.jobs[0].state, JobState::Aborted);
    let at = |place| seen.at(place).count();
    assert_eq!((at(Place::Output), at(Place::Path), at(Place::Tray)), (1, 1, 1));
    assert_eq!(office.next(&job).await.status, 409, "still");
    assert_eq!(office.job(FEEDER).await.status, 409);

    // The glass is not concerned.
    let glass = office.started("<scan:XResolution>100</scan:XResolution>").await;
    assert_eq!(office.next(&glass).await.status, 200);

    assert_eq!(office.scanner.take(Place::Path), 1);
    assert_eq!(office.state().await, ("Idle".into(), "ScannerAdfLoaded".into()));
    assert_eq!(office.next(&job).await.status, 404, "that job is over");
    assert_eq!(office.scanner.feed_again(), 1);
    let job = office.started(FEEDER).await;
    assert_eq!([office.next(&job).await.status, office.next(&job).await.status], [200, 200]);
    let order: Vec<u64> = office.scanner.deliveries().iter().filter_map(|page| page.seen).collect();
    assert_eq!(order, [1, 2, 3], "no page is lost, none twice, in their order");
}

#[tokio::test(start_paused = true)]
async fn the_feeder_is_empty() {
    let office = Office::perfect().await;
    assert_eq!(office.job(FEEDER).await.status, 409);
    assert_eq!(office.state().await.1, "ScannerAdfEmpty");
    // The sheets are taken away between the job and its first page.
    office.load("letter");
    let job = office.started(FEEDER).await;
    office.scanner.take(Place::Tray);
    assert_eq!(office.next(&job).await.status, 404);
    assert_eq!(office.state().await.1, "ScannerAdfEmpty");
}

#[tokio::test(start_paused = true)]
async fn the_cover_is_open() {
    for (word, told) in
        [(CoverWord::DoorOpen, "ScannerAdfDoorOpen"), (CoverWord::HatchOpen, "ScannerAdfHatchOpen")]
    {
        let office = Office::with(ScannerConfig { cover_word: word, ..ScannerConfig::perfect() }).await;
        office.load("letter");
        office.scanner.open_cover();
        assert_eq!(office.state().await, ("Stopped".into(), told.into()));
        assert_eq!(office.job(FEEDER).await.status, 409);
        office.scanner.close_cover();
        let job = office.started(FEEDER).await;
        assert_eq!(office.next(&job).await.status, 200);
    }
}

#[tokio::test(start_paused = true)]
async fn the_cover_is_opened_while_a_sheet_moves() {
    let config = ScannerConfig { page_time: Duration::from_secs(20), ..ScannerConfig::perfect() };
    let office = std::sync::Arc::new(Office::with(config).await);
    office.load("report");
    let job = office.started(FEEDER).await;
    let start = Instant::now();
    let asking = tokio::spawn({
        let office = office.clone();
        async move { office.next(&job).await.status }
    });
    while count(&office, Place::Path) == 0 {
        tokio::task::yield_now().await;
    }
    office.scanner.open_cover();
    assert_eq!(asking.await.unwrap(), 409);
    assert!(start.elapsed() < Duration::from_secs(20), "at once");
    assert_eq!((count(&office, Place::Path), count(&office, Place::Tray)), (1, 2));
    assert!(office.scanner.deliveries().is_empty());
    office.scanner.close_cover();
    assert_eq!(office.state().await.1, "ScannerAdfJam", "the sheet is still between the rollers");
}

#[tokio::test(start_paused = true)]
async fn two_sheets_are_felt_when_they_come_together() {
    let office = Office::perfect().await;
    office.load("report");
    office.scanner.fault(ScannerFault::DoubleFeedAtSheet { nth: 2 });
    let job = office.started(FEEDER).await;
    assert_eq!([office.next(&job).await.status, office.next(&job).await.status], [200, 409]);
    assert_eq!(office.state().await, ("Stopped".into(), "ScannerAdfMultipickDetected".into()));
    assert_eq!((count(&office, Place::Output), count(&office, Place::Path)), (1, 2));
    assert_eq!(office.scanner.take(Place::Path), 2);
    office.scanner.feed_again();
    let job = office.started(FEEDER).await;
    assert_eq!([office.next(&job).await.status, office.next(&job).await.status], [200, 200]);
    let order: Vec<u64> = office.scanner.deliveries().iter().filter_map(|page| page.seen).collect();
    assert_eq!(order, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn two_sheets_go_through_unfelt_and_one_is_never_seen() {
    let feeder = Feeder { duplex: true, capacity: 50, feels_double_feed: false };
    let office = Office::with(ScannerConfig { feeder: Some(feeder), ..ScannerConfig::perfect() }).await;
    let sheets = office.load("report");
    office.scanner.fault(ScannerFault::DoubleFeedAtSheet { nth: 1 });
    let job = office.started(DUPLEX).await;
    for _ in 0..4 {
        assert_eq!(office.next(&job).await.status, 200);
    }
    assert_eq!(office.next(&job).await.status, 404, "as if all were well");
    let pages = office.scanner.deliveries();
    assert_eq!(pages[0].sheets, sheets[..2]);
    assert_eq!(
        [pages[0].seen, pages[1].seen],
        [Some(sheets[0]), Some(sheets[1])],
        "above one, below the other"
    );
    let seen = office.scanner.snapshot();
    let sides: Vec<(u32, u32)> = seen.at(Place::Output).map(|sheet| (sheet.fronts, sheet.backs)).collect();
    assert_eq!(sides, [(1, 0), (0, 1), (1, 1)]);
}

#[tokio::test(start_paused = true)]
async fn the_rollers_do_not_catch_the_sheet() {
    let office = Office::perfect().await;
    office.load("letter");
    office.scanner.fault(ScannerFault::MispickAtSheet { nth: 1 });
    let job = office.started(FEEDER).await;
    assert_eq!(office.next(&job).await.status, 409);
    assert_eq!(office.state().await.1, "ScannerAdfMispick");
    assert_eq!((office.scanner.take(Place::Tray), office.scanner.feed_again()), (1, 1));
    let job = office.started(FEEDER).await;
    assert_eq!(office.next(&job).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn the_feeder_says_empty_with_paper_left() {
    let office = Office::perfect().await;
    office.load("report");
    office.scanner.fault(ScannerFault::EndsEarly { after: 1 });
    let job = office.started(FEEDER).await;
    assert_eq!([office.next(&job).await.status, office.next(&job).await.status], [200, 404]);
    assert_eq!(office.state().await.1, "ScannerAdfEmpty");
    assert_eq!(count(&office, Place::Tray), 2);
    let job = office.started(FEEDER).await;
    assert_eq!([office.next(&job).await.status, office.next(&job).await.status], [200, 200]);
}

#[tokio::test(start_paused = true)]
async fn every_page_takes_its_time() {
    let office = Office::perfect().await;
    office.load("letter");
    office.scanner.fault(ScannerFault::Slow { ms: 9000 });
    let job = office.started(FEEDER).await;
    let start = Instant::now();
    assert_eq!(office.next(&job).await.status, 200);
    assert!(start.elapsed() >= Duration::from_secs(9));
}

#[tokio::test(start_paused = true)]
async fn somebody_else_is_scanning() {
    let office = Office::perfect().await;
    office.load("letter");
    office.scanner.fault(ScannerFault::Busy);
    assert_eq!(office.job(FEEDER).await.status, 503);
    assert_eq!(office.state().await, ("Processing".into(), "ScannerAdfLoaded".into()));
    office.scanner.fault(ScannerFault::Clear);
    office.started(FEEDER).await;
}

#[tokio::test(start_paused = true)]
async fn a_request_is_refused_for_now() {
    let office = Office::perfect().await;
    office.load("letter");
    office.scanner.fault(ScannerFault::Unavailable { times: 2 });
    assert_eq!(office.job(FEEDER).await.status, 503);
    assert_eq!(office.job(FEEDER).await.status, 503);
    let job = office.started(FEEDER).await;
    office.scanner.fault(ScannerFault::Unavailable { times: 1 });
    assert_eq!(office.next(&job).await.status, 503);
    assert_eq!(count(&office, Place::Tray), 1, "nothing has moved");
    assert_eq!(office.next(&job).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn the_connection_breaks_in_an_image() {
    let office = Office::perfect().await;
    office.load("report");
    office.scanner.fault(ScannerFault::CutImage { nth: 2 });
    let job = office.started(FEEDER).await;
    assert!(office.next(&job).await.whole);
    let cut = office.next(&job).await;
    assert_eq!((cut.status, cut.whole), (200, false));
    assert!(!cut.body.is_empty());
    assert!(office.next(&job).await.whole);
    let whole: Vec<bool> = office.scanner.deliveries().iter().map(|page| page.whole).collect();
    assert_eq!(whole, [true, false, true]);
    assert_eq!(count(&office, Place::Output), 3, "the paper is through all the same");
}

#[tokio::test(start_paused = true)]
async fn an_image_is_none() {
    let office = Office::perfect().await;
    office.load("letter");
    office.scanner.fault(ScannerFault::SpoiltImage { nth: 1 });
    let job = office.started(FEEDER).await;
    let answer = office.next(&job).await;
    assert_eq!((answer.status, answer.whole), (200, true));
    assert!(image::load_from_memory(&answer.body).is_err());
}

#[tokio::test]
async fn a_deaf_scanner_accepts_and_is_silent() {
    let office = Office::perfect().await;
    office.load("letter");
    office.scanner.fault(ScannerFault::Deaf);
    let asked = timeout(Duration::from_millis(300), office.ask("GET", "/eSCL/ScannerStatus", "")).await;
    assert!(asked.is_err(), "it answers: {asked:?}");
    assert!(office.scanner.snapshot().requests > 0, "it was asked");
    office.scanner.fault(ScannerFault::Clear);
    assert_eq!(office.state().await.0, "Idle");
}

#[tokio::test]
async fn the_cable_is_pulled_and_put_in_again() {
    let config = ScannerConfig { page_time: Duration::from_secs(600), ..ScannerConfig::perfect() };
    let office = std::sync::Arc::new(Office::with(config).await);
    office.load("letter");
    let mut idle = TcpStream::connect(office.address).await.unwrap();
    let job = office.started(FEEDER).await;
    let asking = tokio::spawn({
        let (office, path) = (office.clone(), format!("{job}/NextDocument"));
        async move { office.ask("GET", &path, "").await.map(|answer| answer.status) }
    });
    while count(&office, Place::Path) == 0 {
        tokio::task::yield_now().await;
    }
    office.scanner.plug(false);
    let reset = idle.read(&mut [0; 8]).await.unwrap_err();
    assert_eq!(reset.kind(), std::io::ErrorKind::ConnectionReset);
    assert!(asking.await.unwrap().is_err());
    while TcpStream::connect(office.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let seen = office.scanner.snapshot();
    assert!(!seen.plugged);
    assert_eq!(seen.jobs[0].state, JobState::Aborted, "nobody waits for the page");
    assert_eq!(count(&office, Place::Output), 1, "the sheet went through");

    office.scanner.plug(true);
    while TcpStream::connect(office.address).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(office.state().await, ("Idle".into(), "ScannerAdfEmpty".into()));
}

#[tokio::test]
async fn a_cable_that_is_out_for_a_moment_is_felt_too() {
    let office = Office::perfect().await;
    let mut idle = TcpStream::connect(office.address).await.unwrap();
    // The scanner has accepted it when it has answered another one.
    office.state().await;
    office.scanner.plug(false);
    office.scanner.plug(true);
    assert!(idle.read(&mut [0; 8]).await.is_err());
    while TcpStream::connect(office.address).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(office.state().await.0, "Idle");
}

#[tokio::test(start_paused = true)]
async fn faults_wait_for_their_sheet_and_are_cleared() {
    let office = Office::perfect().await;
    office.load("report");
    for fault in [
        ScannerFault::JamAtSheet { nth: 2 },
        ScannerFault::DoubleFeedAtSheet { nth: 2 },
        ScannerFault::CutImage { nth: 2 },
        ScannerFault::Unavailable { times: 3 },
        ScannerFault::Busy,
        ScannerFault::Slow { ms: 5 },
    ] {
        office.scanner.fault(fault);
    }
    office.scanner.fault(ScannerFault::Clear);
    let job = office.started(FEEDER).await;
    for _ in 0..3 {
        assert!(office.next(&job).await.whole);
    }
    let status = office.get("/eSCL/ScannerStatus").await;
    assert_eq!(element(status.text(), "scan:AdfState"), "ScannerAdfEmpty");
    assert_eq!(sheets("report").len(), 3);
}
