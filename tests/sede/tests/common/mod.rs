//! What the tests share: a town at a fixed instant, an HTTP client that knows nothing, the contract's schemas.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod cards;
pub mod petitions;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper::header::HeaderMap;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use jiff::{SignedDuration, Timestamp};
use reference_sede::{Clock, Sede};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};

/// Wednesday, 25 November 2026, a quarter past eleven in Madrid.
pub const NOW: &str = "2026-11-25T10:15:00Z";

/// A clock that stands still until it is told.
#[derive(Clone)]
pub struct Hands(Arc<Mutex<Timestamp>>);

impl Hands {
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap();
        *now += by;
    }

    pub fn clock(&self) -> Clock {
        let hands = self.clone();
        Arc::new(move || *hands.0.lock().unwrap())
    }
}

pub fn town() -> (Sede, Hands) {
    let hands = Hands(Arc::new(Mutex::new(NOW.parse().unwrap())));
    (Sede::new(hands.clock(), 7).unwrap(), hands)
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The code of a problem document that is as the contract wants it.
    pub fn problem(&self) -> String {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.body);
        let value = self.json();
        fits("Problem", &value);
        assert_eq!(value["status"], self.status.as_u16());
        value["code"].as_str().unwrap().to_owned()
    }
}

pub struct Client(SendRequest<Full<Bytes>>);

impl Client {
    pub async fn to(sede: &Sede) -> Client {
        Client::over(sede.connect().unwrap()).await
    }

    pub async fn over(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Client {
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Client(sender)
    }

    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Answer, hyper::Error> {
        self.0.ready().await?;
        let (head, body) = self.0.send_request(request).await?.into_parts();
        assert!(head.headers.contains_key("date"), "every answer carries the time");
        let bytes = body.collect().await?.to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Answer { status: head.status, headers: head.headers, body, bytes })
    }

    pub async fn get(&mut self, path: &str) -> Result<Answer, hyper::Error> {
        self.send(request("GET", path).body(Full::default()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, body: &Value) -> Result<Answer, hyper::Error> {
        let request = request("POST", path).header("content-type", "application/json");
        self.send(request.body(Full::from(body.to_string())).unwrap()).await
    }

    pub async fn pay(&mut self, order: &Value) -> Result<Answer, hyper::Error> {
        let request = request("POST", "/payments")
            .header("content-type", "application/json")
            .header("idempotency-key", order["operation"].as_str().unwrap());
        self.send(request.body(Full::from(order.to_string())).unwrap()).await
    }

    /// Opens a session and enters it with a good card; the session's number.
    pub async fn identified(&mut self, sede: &Sede, number: &str) -> String {
        let pki = cards::Pki::of(sede);
        let opened = self.open().await;
        let answer = self.post("/sessions/enter", &pki.card(number).entry(&opened)).await.unwrap();
        fits("EntryAnswer", &answer.json());
        assert_eq!(answer.json()["answer"], "identified", "{}", answer.body);
        opened["session"].as_str().unwrap().to_owned()
    }

    /// A session that nobody has entered.
    pub async fn open(&mut self) -> Value {
        let answer = self.send(request("POST", "/sessions").body(Full::default()).unwrap()).await.unwrap();
        assert_eq!(answer.status, 200);
        fits("SessionOpened", &answer.json());
        answer.json()
    }

    /// A quote of a bill, by its name.
    pub async fn quote(&mut self, sede: &Sede, bill: &str) -> Value {
        let digits = sede.digits(bill).unwrap();
        let answer = self.post("/debts/lookup", &json!({ "digits": digits })).await.unwrap().json();
        assert_eq!(answer["answer"], "payable", "{bill}: {answer}");
        answer
    }
}

pub fn request(method: &str, path: &str) -> hyper::http::request::Builder {
    Request::builder().method(method).uri(format!("/kiosk/v1{path}")).header("host", "sede.example")
}

/// An order of the exact money for a quote.
pub fn order(operation: &str, quote: &Value) -> Value {
    json!({
        "operation": operation,
        "quote": quote["quote"],
        "debt": quote["debt"],
        "amount": quote["amount"],
        "means": "cash",
        "inserted": quote["amount"],
        "taken_at": NOW,
        "clock_sure": true,
    })
}

/// The contract, as JSON.
pub static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_saphyr::from_str(include_str!("../../../../firmware/sede-api.yaml")).unwrap());

/// Every schema of the contract, by its name.
static SCHEMAS: LazyLock<(Schemas, BTreeMap<String, SchemaIndex>)> = LazyLock::new(|| {
    let mut compiler = Compiler::new();
    compiler.set_default_draft(Draft::V2020_12);
    compiler.enable_format_assertions();
    compiler.add_resource("https://sede.example/api", CONTRACT.clone()).unwrap();
    let mut schemas = Schemas::new();
    let mut compile = |name: &String| {
        let place = format!("https://sede.example/api#/components/schemas/{name}");
        (name.clone(), compiler.compile(&place, &mut schemas).unwrap())
    };
    let names = CONTRACT["components"]["schemas"].as_object().unwrap().keys();
    let index = names.map(&mut compile).collect();
    (schemas, index)
});

/// What a schema of the contract has against a value; `None` when it fits.
pub fn against(schema: &str, value: &Value) -> Option<String> {
    let (schemas, index) = &*SCHEMAS;
    schemas.validate(value, index[schema]).err().map(|error| error.to_string())
}

pub fn fits(schema: &str, value: &Value) {
    assert_eq!(against(schema, value), None, "{schema}: {value}");
}
