//! Scripted peers on the far side of an in-memory connection, and the mishaps they play.
//!
//! The clock is paused and the runtime has one thread, so every deadline passes at once and in order.
mod answers;
mod appointment;
mod citizen;
mod clock;
mod events;
mod hostile_answers;
mod lost_line;
mod mutated_answers;
mod petition;
mod statuses;
mod trust;
mod upload;

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use hal_device::Cents;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use super::*;

/// What becomes of one attempt to connect.
enum Line {
    /// Nobody is there.
    Refused,
    /// The attempt never ends.
    Stuck,
    /// TLS fails.
    Tls(rustls::Error),
    /// A connection; one step a request.
    Up(Vec<Step>),
}

/// What the peer does when it has read a request.
enum Step {
    /// Sends this and waits for the next request.
    Say(String),
    /// Sends this and closes.
    SayAndClose(String),
    /// Sends this and reads no more.
    SayAndStop(String),
    /// Closes without a word.
    Close,
    /// Keeps the line open and says nothing.
    Silence,
}

/// Connections as they were planned, and the requests that came over them.
#[derive(Clone)]
struct Peer {
    lines: Arc<Mutex<VecDeque<Line>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    fn sede(lines: Vec<Line>) -> (Sede, Peer) {
        let peer = Peer { lines: Arc::new(Mutex::new(lines.into())), requests: Arc::default() };
        (Sede::new(Arc::new(peer.clone()), "sede.example".into(), Timeouts::default()), peer)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Attempts to connect that are still planned.
    fn unused_lines(&self) -> usize {
        self.lines.lock().unwrap().len()
    }

    async fn play(self, mut stream: DuplexStream, steps: Vec<Step>) {
        for step in steps {
            let Some(request) = read_request(&mut stream).await else { return };
            self.requests.lock().unwrap().push(request);
            match step {
                Step::Say(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                // The client may hang up on a hostile answer before it has all of it.
                Step::SayAndClose(text) => return drop(stream.write_all(text.as_bytes()).await),
                Step::SayAndStop(text) => {
                    stream.write_all(text.as_bytes()).await.unwrap();
                    std::future::pending().await
                }
                Step::Close => return,
                Step::Silence => std::future::pending().await,
            }
        }
    }
}

impl Connect for Peer {
    fn connect(&self) -> ConnectFuture<'_> {
        let line = self.lines.lock().unwrap().pop_front();
        Box::pin(async move {
            match line {
                None | Some(Line::Refused) => Err(io::ErrorKind::ConnectionRefused.into()),
                Some(Line::Stuck) => std::future::pending().await,
                Some(Line::Tls(error)) => Err(io::Error::new(io::ErrorKind::InvalidData, error)),
                Some(Line::Up(steps)) => {
                    let (near, far) = tokio::io::duplex(16 * 1024);
                    tokio::spawn(self.clone().play(far, steps));
                    Ok(Box::new(near) as Box<dyn Stream>)
                }
            }
        })
    }
}

async fn read_request(stream: &mut DuplexStream) -> Option<String> {
    let mut text = Vec::new();
    loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).await.ok()?;
        text.push(byte[0]);
        if text.ends_with(b"\r\n\r\n") {
            break;
        }
    }
    let head = String::from_utf8(text).unwrap();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(head + &String::from_utf8(body).unwrap())
}

/// An answer with these header lines besides those it must have.
fn answer(status: &str, headers: &[&str], body: &str) -> String {
    let more: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    format!(
        "HTTP/1.1 {status}\r\ndate: Wed, 25 Nov 2026 10:15:00 GMT\r\n{more}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn ok(body: &str) -> String {
    answer("200 OK", &["content-type: application/json"], body)
}

fn keyed(body: &str) -> String {
    answer("200 OK", &["content-type: application/json; charset=utf-8", "idempotency-key: K07-000412"], body)
}

fn problem(status: &str, code: &str) -> String {
    let body =
        format!(r#"{{"type":"urn:x","title":"A title","status":0,"code":"{code}","detail":"a detail"}}"#);
    answer(status, &["content-type: application/problem+json"], &body)
}

const CATALOGUE: &str =
    r#"{"services":["payment","of-next-year"],"cash_max_per_debt":99999,"coin_limit":50,"new":1}"#;

const PAYABLE: &str = r#"{"answer":"payable","quote":"Q-1","debt":"D-1","concept":"Impuesto de vehículos 2026",
"masked_name":"V*** D* P***","reference":"0000123456","amount":6540,"last_day":"2026-12-20",
"expires_at":"2026-11-25T10:30:00Z","issued_at":"2026-11-25T10:15:00Z","cash_paid_before":0,
"collecting_body":"Ayuntamiento de Prueba"}"#;

/// A fine at half its amount.
const REDUCED: &str = r#"{"answer":"payable","quote":"Q-2","debt":"D-2","concept":"Sanción de tráfico",
"masked_name":"V*** D* P***","reference":"0000123624","amount":10000,"last_day":"2026-12-20",
"reduction":{"full_amount":20000,"reduced_until":"2026-12-05"},
"expires_at":"2026-11-25T10:30:00Z","issued_at":"2026-11-25T10:15:00Z","cash_paid_before":0,
"collecting_body":"Ayuntamiento de Prueba"}"#;

const BOOKED: &str = r#"{"answer":"booked","payment":"P-9","csv":"7KQ2M-9XH4T",
"verification_url":"https://sede.example/csv/7KQ2M-9XH4T","booked_at":"2026-11-25T10:16:42Z"}"#;

fn order() -> PaymentOrder {
    PaymentOrder {
        operation: OperationId("K07-000412".into()),
        quote: "Q-1".into(),
        debt: "D-1".into(),
        amount: Cents(6540),
        means: "cash".into(),
        inserted: Cents(7000),
        taken_at: "2026-11-25T10:16:40Z".parse().unwrap(),
        clock_sure: true,
    }
}

fn booking() -> PaymentAnswer {
    PaymentAnswer::Booked(Booking {
        payment: "P-9".into(),
        csv: "7KQ2M-9XH4T".into(),
        verification_url: "https://sede.example/csv/7KQ2M-9XH4T".into(),
        booked_at: "2026-11-25T10:16:42Z".parse().unwrap(),
    })
}

fn event(number: usize, detail: &str) -> KioskEvent {
    KioskEvent {
        id: format!("K07-E{number}"),
        at: "2026-11-25T10:20:00Z".parse().unwrap(),
        clock_sure: true,
        kind: "health".into(),
        operation: None,
        amount: None,
        claim: None,
        detail: detail.into(),
    }
}
