//! The WebSocket: pictures and state to the page, touches and keys from it.
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::time::{self, MissedTickBehavior};

use super::{FRAME, Panel};
use crate::qemu::Screen;

/// The last picture of the screen, as PNG; empty while the board is off.
#[derive(Clone, Debug, Default)]
pub struct Picture(Arc<Vec<u8>>);

/// What the page sends.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum FromPage {
    /// A finger, in pixels of the display.
    Touch { x: u32, y: u32, down: bool },
    /// A key, by QEMU's name.
    Key { key: String, down: bool },
}

/// Looks at the screen while anybody watches, and keeps the picture when it has changed.
pub async fn paint(panel: Panel) {
    let mut beat = time::interval(FRAME);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Outside: whether one was taken at all; inside: none while the board is off.
    let mut last: Option<Option<Screen>> = None;
    loop {
        beat.tick().await;
        if panel.pictures.receiver_count() == 0 {
            last = None;
            continue;
        }
        let now = match panel.board.lock().await.machine() {
            Ok(machine) => machine.screen().await.ok(),
            Err(_) => None,
        };
        if last.as_ref() == Some(&now) {
            continue;
        }
        let png = now.as_ref().map_or(Ok(Vec::new()), Screen::png).unwrap_or_default();
        last = Some(now);
        panel.pictures.send_replace(Picture(Arc::new(png)));
    }
}

/// `GET /api/live`
pub async fn live(State(panel): State<Panel>, upgrade: WebSocketUpgrade) -> Response {
    // A finger's move is a hundred bytes.
    upgrade.max_message_size(4096).on_upgrade(|socket| serve(panel, socket))
}

async fn serve(panel: Panel, socket: WebSocket) {
    let (mut to_page, mut from_page) = socket.split();
    let mut pictures = panel.pictures.subscribe();
    pictures.mark_changed();
    let mut beat = time::interval(FRAME);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = String::new();
    loop {
        let message = tokio::select! {
            changed = pictures.changed() => {
                if changed.is_err() {
                    return;
                }
                let picture = pictures.borrow_and_update().clone();
                Some(Message::Binary(Bytes::copy_from_slice(&picture.0)))
            }
            _ = beat.tick() => match panel.state().await {
                Ok(state) => {
                    let now = state.to_string();
                    let new = now != told;
                    told = now;
                    new.then(|| Message::text(told.clone()))
                }
                Err(_) => None,
            },
            message = from_page.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    obey(&panel, text.as_str()).await;
                    None
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_))) => None,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
        };
        if let Some(message) = message
            && to_page.send(message).await.is_err()
        {
            return;
        }
    }
}

/// A touch on a board that is off does nothing, as on glass without a kiosk behind it.
async fn obey(panel: &Panel, text: &str) {
    let board = panel.board.lock().await;
    let done = match serde_json::from_str(text) {
        Ok(FromPage::Touch { x, y, down }) => board.touch(x, y, down).await,
        Ok(FromPage::Key { key, down }) => match board.machine() {
            Ok(machine) => machine.qmp().key(&key, down).await,
            Err(off) => Err(off),
        },
        Err(error) => Err(error.into()),
    };
    if let Err(error) = done {
        eprintln!("panel: {error:#}");
    }
}
