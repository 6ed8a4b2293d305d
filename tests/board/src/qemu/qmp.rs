//! QEMU's control protocol (QMP): JSON lines; commands with an id, and events in between.
use std::collections::HashMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::time;

use super::PATIENCE;

/// QEMU refused a command.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct QmpError {
    /// Its class, as `DeviceNotFound`.
    pub class: String,
    /// What it says.
    pub desc: String,
}

impl std::fmt::Display for QmpError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QEMU refused: {} ({})", self.desc, self.class)
    }
}

impl std::error::Error for QmpError {}

/// Something QEMU reports by itself: `RESET`, `WATCHDOG`, `DEVICE_DELETED`, …
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its data.
    pub data: Value,
}

type Answer = oneshot::Sender<Result<Value, QmpError>>;

struct Request {
    command: String,
    arguments: Value,
    answer: Answer,
}

/// A connection that is ready for commands. Clones share it.
#[derive(Clone)]
pub struct Qmp {
    requests: mpsc::Sender<Request>,
    events: broadcast::Sender<Event>,
}

impl Qmp {
    /// Takes the greeting and leaves negotiation mode.
    pub async fn new(stream: UnixStream) -> Result<Qmp> {
        let (reader, writer) = stream.into_split();
        let mut reader = BufReader::new(reader);
        let mut greeting = String::new();
        time::timeout(PATIENCE, reader.read_line(&mut greeting)).await.context("QEMU does not greet")??;
        let (requests, queue) = mpsc::channel(16);
        let (events, _) = broadcast::channel(256);
        tokio::spawn(serve(reader, writer, queue, events.clone()));
        let qmp = Qmp { requests, events };
        qmp.execute("qmp_capabilities", json!({})).await?;
        Ok(qmp)
    }

    /// Runs a command; an error when QEMU refuses it or is gone.
    pub async fn execute(&self, command: &str, arguments: Value) -> Result<Value> {
        let (answer, answered) = oneshot::channel();
        let gone = || format!("QEMU was gone at {command}");
        let request = Request { command: command.to_owned(), arguments, answer };
        self.requests.send(request).await.ok().with_context(gone)?;
        let answer =
            time::timeout(PATIENCE, answered).await.with_context(|| format!("no answer to {command}"))?;
        answer.with_context(gone)?.with_context(|| format!("command {command}"))
    }

    /// Events from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Waits for an event with this name.
    pub async fn wait_for(events: &mut broadcast::Receiver<Event>, name: &str) -> Result<Event> {
        let search = async {
            loop {
                match events.recv().await {
                    Ok(event) if event.name == name => return Ok(event),
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(closed) => return Err(closed.into()),
                }
            }
        };
        time::timeout(PATIENCE, search).await.with_context(|| format!("no event {name}"))?
    }

    /// One group of input events; the guest sees it as one report.
    pub async fn send_input(&self, events: Value) -> Result<()> {
        self.execute("input-send-event", json!({ "events": events })).await?;
        Ok(())
    }

    /// A finger at a place of a display `width` × `height`, down or up. Press and release are two calls.
    pub async fn touch(&self, x: u32, y: u32, width: u32, height: u32, down: bool) -> Result<()> {
        let axis = |name: &str, place: u32, size: u32| {
            // The middle of the pixel, on an axis of 0..=32767.
            let value = (u64::from(place) * 2 + 1) * 32768 / (u64::from(size.max(1)) * 2);
            json!({"type": "abs", "data": {"axis": name, "value": value.min(32767)}})
        };
        self.send_input(json!([
            axis("x", x, width),
            axis("y", y, height),
            {"type": "btn", "data": {"button": "left", "down": down}},
        ]))
        .await
    }

    /// A key of the keypad by QEMU's name (`ret`, `kp_5`, `f1`), down or up.
    pub async fn key(&self, name: &str, down: bool) -> Result<()> {
        let key = json!({"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": name}}});
        self.send_input(json!([key])).await
    }
}

async fn serve(
    reader: BufReader<OwnedReadHalf>,
    mut writer: OwnedWriteHalf,
    mut queue: mpsc::Receiver<Request>,
    events: broadcast::Sender<Event>,
) {
    let mut lines = reader.lines();
    let mut waiting = HashMap::new();
    let mut id = 0_u64;
    loop {
        tokio::select! {
            request = queue.recv() => {
                let Some(Request { command, arguments, answer }) = request else { return };
                id += 1;
                let line = format!("{}\n", json!({"execute": command, "arguments": arguments, "id": id}));
                if writer.write_all(line.as_bytes()).await.is_err() {
                    return;
                }
                waiting.insert(id, answer);
            }
            line = lines.next_line() => {
                let Ok(Some(line)) = line else { return };
                let Ok(message) = serde_json::from_str::<Value>(&line) else { continue };
                take(&message, &mut waiting, &events);
            }
        }
    }
}

fn take(message: &Value, waiting: &mut HashMap<u64, Answer>, events: &broadcast::Sender<Event>) {
    if let Some(name) = message["event"].as_str() {
        // Nobody has to listen.
        let _ = events.send(Event { name: name.to_owned(), data: message["data"].clone() });
        return;
    }
    let Some(answer) = message["id"].as_u64().and_then(|id| waiting.remove(&id)) else { return };
    let outcome = match QmpError::deserialize(&message["error"]) {
        Ok(error) => Err(error),
        Err(_) => Ok(message["return"].clone()),
    };
    // Who asked may have given up.
    let _ = answer.send(outcome);
}
