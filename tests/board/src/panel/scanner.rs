//! The scanner: papers of the shelf and of dropped files, where each sheet lies, and the pages that were scanned.
use anyhow::anyhow;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use simulators::escl::{Place, SHELF, Scanner, ScannerError, Sheet, document, sheets_of};

use super::answer::{Done, Failure, done, done_with};
use super::{Panel, png};

/// Pixels of a thumbnail's longer side.
const THUMBNAIL: u32 = 300;

/// Where a person puts paper.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::panel) enum To {
    Tray,
    Glass,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum AtScanner {
    /// A document of the shelf, by its name; of several sheets the first goes onto the glass.
    Load {
        document: String,
        to: To,
    },
    /// Everything from a place into the hand; out of the path this clears a jam.
    Take {
        from: Place,
    },
    /// What is in the hand, on top of the tray again.
    FeedAgain,
    /// What is in the hand is thrown away.
    Discard,
    OpenCover,
    CloseCover,
}

/// `POST /api/scanner {"do": "load", "document": "letter", "to": "tray"}`, `{"do": "take", "from": "output"}`,
/// `{"do": "open-cover"}`, …; the result is the numbers of the sheets, or how many there were.
pub async fn scanner(State(panel): State<Panel>, Json(action): Json<AtScanner>) -> Done {
    let scanner = panel.scanner;
    match action {
        AtScanner::Load { document: name, to } => {
            let document =
                document(&name).ok_or_else(|| anyhow!("no document on the shelf is called {name}"))?;
            // Drawn the first time: a moment of work.
            let sheets = tokio::task::spawn_blocking(|| document.sheets().to_vec()).await?;
            done_with(lay(&scanner, sheets, to)?)
        }
        AtScanner::Take { from } => done_with(scanner.take(from)),
        AtScanner::FeedAgain => done_with(scanner.feed_again()),
        AtScanner::Discard => done_with(scanner.discard()),
        AtScanner::OpenCover => {
            scanner.open_cover();
            done()
        }
        AtScanner::CloseCover => {
            scanner.close_cover();
            done()
        }
    }
}

fn lay(scanner: &Scanner, sheets: Vec<Sheet>, to: To) -> Result<Vec<u64>, ScannerError> {
    match to {
        To::Tray => sheets.into_iter().map(|sheet| scanner.load(sheet)).collect(),
        To::Glass => sheets.into_iter().take(1).map(|sheet| scanner.put_on_glass(sheet)).collect(),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Dropped {
    name: String,
    to: To,
    #[serde(default)]
    two_sided: bool,
}

/// `POST /api/scanner/file?name=plano.pdf&to=tray&two-sided=true` with the bytes of a PDF, PNG or JPEG file.
pub async fn file(State(panel): State<Panel>, Query(dropped): Query<Dropped>, bytes: Bytes) -> Done {
    let sheets = sheets_of(&dropped.name, bytes.into(), dropped.two_sided).await?;
    done_with(lay(&panel.scanner, sheets, dropped.to)?)
}

/// `GET /api/scanner/sheets/3-front.png`, `3-back.png`: what is printed on a sheet, small.
pub async fn sheet(State(panel): State<Panel>, Path(name): Path<String>) -> Result<Response, Failure> {
    let missing = || Failure::of(StatusCode::NOT_FOUND, "there is no such sheet");
    let name = name.strip_suffix(".png").ok_or_else(missing)?;
    let (number, side) = name.split_once('-').ok_or_else(missing)?;
    let back = match side {
        "front" => false,
        "back" => true,
        _ => return Err(missing()),
    };
    let number = number.parse().map_err(|_| missing())?;
    let print = panel.scanner.print(number, back).ok_or_else(missing)?;
    let small = tokio::task::spawn_blocking(move || print.thumbnail(THUMBNAIL)).await??;
    Ok(png(small.png().to_vec()))
}

/// `GET /api/scanner/pages/1`: a page as it was sent.
pub async fn page(State(panel): State<Panel>, Path(number): Path<u64>) -> Result<Response, Failure> {
    let missing = || Failure::of(StatusCode::NOT_FOUND, "there is no such page any more");
    let page = panel.scanner.deliveries().into_iter().find(|it| it.number == number).ok_or_else(missing)?;
    let image = panel.scanner.image(number).ok_or_else(missing)?;
    let kind = (header::CONTENT_TYPE, page.format.mime());
    Ok(([kind, (header::CACHE_CONTROL, "no-store")], image).into_response())
}

/// The scanner now, with the shelf beside it.
pub fn shown(scanner: &Scanner) -> anyhow::Result<Value> {
    let mut shown = serde_json::to_value(scanner.snapshot())?;
    let shelf: Vec<Value> =
        SHELF.iter().map(|it| json!({"name": it.name, "description": it.description})).collect();
    if let Value::Object(fields) = &mut shown {
        fields.insert("shelf".into(), shelf.into());
    }
    Ok(shown)
}
