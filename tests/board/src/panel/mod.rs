//! The virtual front panel: one page on this host's loopback, and the same by JSON below `/api`.
//!
//! The page shows the kiosk's screen and slots at the left and the workshop at the right. Pictures are pushed over a
//! WebSocket when they change, at most five a second, and only while somebody looks; a touch goes back as it is. The
//! panel outlives the board's power: it stays and shows what is plugged in.

mod actions;
mod answer;
mod cards;
mod guard;
mod live;
mod scanner;
mod state;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use reference_sede::Sede;
use serde::Deserialize;
use simulators::barcode::BarcodeScanner;
use simulators::cctalk::CashBus;
use simulators::escl::{DROP_BYTES_MAX, Scanner};
use simulators::escpos::Printer;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use crate::board::Board;
use answer::Failure;
use cards::CardDesk;
use live::Picture;

const PAGE: &str = include_str!("index.html");
const STYLE: &str = include_str!("panel.css");
const SCRIPT: &str = include_str!("panel.js");
const SCANNER_SCRIPT: &str = include_str!("scanner.js");

/// What every handler gets. The peripherals are reached without the board's lock, which a power-on holds for seconds.
#[derive(Clone)]
struct Panel {
    board: Arc<Mutex<Board>>,
    cash: CashBus,
    printer: Printer,
    page_printer: Printer,
    barcode: BarcodeScanner,
    scanner: Scanner,
    desk: CardDesk,
    sede: Sede,
    pictures: watch::Sender<Picture>,
}

/// A panel that is served while this is kept.
pub struct Served {
    /// Where it is.
    pub address: SocketAddr,
    tasks: [JoinHandle<()>; 2],
}

impl Drop for Served {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Serves the panel of a board on `127.0.0.1:port`; 0 takes any free port.
pub async fn serve(board: Arc<Mutex<Board>>, port: u16) -> Result<Served> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| format!("port {port} of this host is taken; choose another"))?;
    let address = listener.local_addr()?;
    let panel = {
        let inside = board.lock().await;
        Panel {
            cash: inside.cash.clone(),
            printer: inside.printer.clone(),
            page_printer: inside.page_printer.clone(),
            barcode: inside.barcode.clone(),
            scanner: inside.scanner.clone(),
            desk: CardDesk { reader: inside.cards.clone(), citizens: Arc::new(inside.citizens().clone()) },
            sede: inside.sede().clone(),
            pictures: watch::Sender::new(Picture::default()),
            board: board.clone(),
        }
    };
    let painter = tokio::spawn(live::paint(panel.clone()));
    let router = router(panel);
    let server = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            eprintln!("the panel ended: {error}");
        }
    });
    Ok(Served { address, tasks: [painter, server] })
}

fn router(panel: Panel) -> Router {
    let text = |kind: &'static str, text: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, kind)], text) })
    };
    Router::new()
        .route("/", get(|| async { Html(PAGE) }))
        .route("/panel.css", text("text/css; charset=utf-8", STYLE))
        .route("/panel.js", text("text/javascript; charset=utf-8", SCRIPT))
        .route("/scanner.js", text("text/javascript; charset=utf-8", SCANNER_SCRIPT))
        .route("/api/state", get(state::state))
        .route("/api/screen.png", get(screen))
        .route("/api/papers/{number}", get(paper))
        .route("/api/pages/{number}", get(page))
        .route("/api/console", get(console))
        .route("/api/live", get(live::live))
        .route("/api/touch", post(actions::touch))
        .route("/api/tap", post(actions::tap))
        .route("/api/key", post(actions::key))
        .route("/api/note", post(actions::note))
        .route("/api/coin", post(actions::coin))
        .route("/api/cash", post(actions::cash))
        .route("/api/printer", post(actions::printer))
        .route("/api/page-printer", post(actions::page_printer))
        .route("/api/card", post(cards::card))
        .route("/api/scan", post(actions::scan))
        .route("/api/scanner", post(scanner::scanner))
        // One byte more than is taken, so that it is the scanner's own words that refuse a larger one.
        .route("/api/scanner/file", post(scanner::file).layer(DefaultBodyLimit::max(DROP_BYTES_MAX + 1)))
        .route("/api/scanner/sheets/{name}", get(scanner::sheet))
        .route("/api/scanner/pages/{number}", get(scanner::page))
        .route("/api/fault", post(actions::fault))
        .route("/api/sede", post(actions::sede))
        .route("/api/wire", post(actions::wire))
        .route("/api/power", post(actions::power))
        .fallback(|| async { Failure::of(StatusCode::NOT_FOUND, "there is nothing here") })
        .layer(middleware::from_fn(guard::only_from_here))
        .with_state(panel)
}

fn png(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")], bytes).into_response()
}

async fn screen(State(panel): State<Panel>) -> Result<Response, Failure> {
    let screen = panel.board.lock().await.machine()?.screen().await?;
    Ok(png(screen.png()?))
}

async fn paper(State(panel): State<Panel>, Path(name): Path<String>) -> Result<Response, Failure> {
    picture_of(&panel.printer, &name)
}

async fn page(State(panel): State<Panel>, Path(name): Path<String>) -> Result<Response, Failure> {
    picture_of(&panel.page_printer, &name)
}

/// `1.png` is the first paper; `hanging.png` is what hangs out uncut.
fn picture_of(printer: &Printer, name: &str) -> Result<Response, Failure> {
    let missing = || Failure::of(StatusCode::NOT_FOUND, "there is no such paper");
    let name = name.strip_suffix(".png").ok_or_else(missing)?;
    let bytes = if name == "hanging" {
        printer.unfinished_png()
    } else {
        let number: u64 = name.parse().map_err(|_| missing())?;
        let papers = printer.papers();
        papers.into_iter().find(|paper| paper.number == number).map(|paper| paper.png).ok_or_else(missing)?
    };
    if bytes.is_empty() { Err(missing()) } else { Ok(png(bytes)) }
}

#[derive(Deserialize)]
struct From {
    #[serde(default)]
    from: usize,
}

/// The console's log from a byte on, as text; the header `x-end` is where it ends now.
async fn console(State(panel): State<Panel>, Query(From { from }): Query<From>) -> Result<Response, Failure> {
    let path = panel.board.lock().await.console_log();
    let log = tokio::fs::read(path).await.unwrap_or_default();
    let tail = String::from_utf8_lossy(log.get(from..).unwrap_or_default()).into_owned();
    let kind = (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned());
    let end = (header::HeaderName::from_static("x-end"), log.len().to_string());
    Ok(([kind, end], tail).into_response())
}

/// Pictures are taken at most this often.
const FRAME: Duration = Duration::from_millis(200);
