//! Petitions as a kiosk sends them, and their parts.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use reference_sede::Sede;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::cards::Card;
use super::{Answer, Client, fits, request};

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A document of so many bytes, the same for the same seed.
pub fn document(seed: u8, length: usize) -> Vec<u8> {
    (0..length).map(|at| seed.wrapping_add((at % 251) as u8)).collect()
}

/// A petition with these documents.
pub fn petition(session: &str, number: &str, documents: &[Vec<u8>]) -> Value {
    let attachment = |(at, bytes): (usize, &Vec<u8>)| {
        json!({
            "name": format!("documento-{}.pdf", at + 1),
            "media_type": "application/pdf",
            "pages": at + 1,
            "bytes": bytes.len(),
            "sha256": hex(&sha256(bytes)),
            "captured_at": super::NOW,
            "origin": "citizen",
            "state": "EE99",
            "document_type": "TD99",
        })
    };
    let attachments: Vec<Value> = documents.iter().enumerate().map(attachment).collect();
    let petition = json!({
        "session": session,
        "request": number,
        "language": "es",
        "body": "L01030149",
        "notifications": { "channel": "electronic" },
        "alert": { "phone": "600000000" },
        "facts": "La farola está rota.\nDesde ayer.",
        "asks": "Que se repare.",
        "attachments": attachments,
        "clock_sure": true,
    });
    fits("Petition", &petition);
    petition
}

/// A part, with the headers that it should have or others.
pub struct Part<'a> {
    pub offset: String,
    pub complete: &'a str,
    pub digest: String,
    pub kind: &'a str,
    pub bytes: &'a [u8],
}

pub fn digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(sha256(bytes)))
}

pub fn part(whole: &[u8], offset: usize, end: usize) -> Part<'_> {
    let bytes = &whole[offset..end];
    Part {
        offset: offset.to_string(),
        complete: if end == whole.len() { "?1" } else { "?0" },
        digest: digest(bytes),
        kind: "application/partial-upload",
        bytes,
    }
}

impl Client {
    /// Opens a draft; its number.
    pub async fn draft(&mut self, petition: &Value) -> String {
        let answer = self.post("/petitions", petition).await.unwrap().json();
        fits("DraftAnswer", &answer);
        assert_eq!(answer["answer"], "accepted", "{answer}");
        answer["draft"].as_str().unwrap().to_owned()
    }

    pub async fn patch(
        &mut self,
        draft: &str,
        number: usize,
        part: &Part<'_>,
    ) -> Result<Answer, hyper::Error> {
        let request = request("PATCH", &format!("/petitions/{draft}/attachments/{number}"))
            .header("content-type", part.kind)
            .header("upload-offset", &part.offset)
            .header("upload-complete", part.complete)
            .header("content-digest", &part.digest);
        self.send(request.body(Full::from(part.bytes.to_vec())).unwrap()).await
    }

    /// Status, offset and whether it is complete.
    pub async fn progress(&mut self, draft: &str, number: usize) -> (u16, String, String) {
        let path = format!("/petitions/{draft}/attachments/{number}");
        let answer = self.send(request("HEAD", &path).body(Full::default()).unwrap()).await.unwrap();
        assert!(answer.bytes.is_empty());
        if answer.status == 204 {
            assert_eq!(answer.headers["cache-control"], "no-store");
            assert!(answer.headers.contains_key("upload-length"));
        }
        let header = |name| answer.headers.get(name).map_or("", |it| it.to_str().unwrap()).to_owned();
        (answer.status.as_u16(), header("upload-offset"), header("upload-complete"))
    }

    /// Sends a whole document in parts of this length.
    pub async fn upload(&mut self, draft: &str, number: usize, whole: &[u8], length: usize) {
        for offset in (0..whole.len()).step_by(length) {
            let end = whole.len().min(offset + length);
            let answer = self.patch(draft, number, &part(whole, offset, end)).await.unwrap();
            assert_eq!(answer.status, 204, "{}", answer.body);
            assert_eq!(answer.headers["upload-offset"], end.to_string().as_str());
        }
    }

    pub async fn register(&mut self, petition: &Value, draft: &str, will: &Value) -> Answer {
        let order = registration(petition, draft, will);
        self.post("/petitions/register", &order).await.unwrap()
    }

    /// A session of `number`, a draft with the documents in it, and all of them uploaded.
    pub async fn uploaded(
        &mut self,
        sede: &Sede,
        number: &str,
        request: &str,
        documents: &[Vec<u8>],
    ) -> (Value, String) {
        let session = self.identified(sede, number).await;
        let petition = petition(&session, request, documents);
        let draft = self.draft(&petition).await;
        for (at, document) in documents.iter().enumerate() {
            self.upload(&draft, at + 1, document, 300_000).await;
        }
        (petition, draft)
    }
}

pub fn registration(petition: &Value, draft: &str, will: &Value) -> Value {
    let order = json!({
        "session": petition["session"], "request": petition["request"], "draft": draft, "will": will
    });
    fits("PetitionRegistration", &order);
    order
}

pub fn consent() -> Value {
    json!({ "means": "consent", "version": "2026-1", "language": "es" })
}

/// The text of a petition, as the contract hashes it.
pub fn text_sha256(petition: &Value) -> [u8; 32] {
    let paths = [
        "/request",
        "/language",
        "/body",
        "/represented/document/kind",
        "/represented/document/number",
        "/represented/name",
        "/represented/surnames",
        "/notifications/channel",
        "/notifications/address/street",
        "/notifications/address/postal_code",
        "/notifications/address/town",
        "/alert/email",
        "/alert/phone",
        "/facts",
        "/asks",
    ];
    let mut text = b"ciberkiosco petition text 1\0".to_vec();
    for path in paths {
        text.extend(petition.pointer(path).and_then(Value::as_str).unwrap_or_default().as_bytes());
        text.push(0);
    }
    sha256(&text)
}

/// The card's signature under a petition.
pub fn signature(card: &Card, petition: &Value, draft: &str, documents: &[Vec<u8>]) -> Value {
    let mut statement = format!("ciberkiosco petition 1\0{draft}\0").into_bytes();
    statement.extend(text_sha256(petition));
    statement.push(u8::try_from(documents.len()).unwrap());
    statement.extend(documents.iter().flat_map(|document| sha256(document)));
    let will = json!({
        "means": "signature",
        "certificate": STANDARD.encode(&card.certificate),
        "chain": card.chain.iter().map(|it| STANDARD.encode(it)).collect::<Vec<_>>(),
        "signature": STANDARD.encode(card.sign(&statement)),
    });
    fits("Will", &will);
    will
}
