//! What a sede answers: any bytes at all, and any JSON in an answer that is well-formed HTTP.
use std::sync::Arc;
use std::time::Duration;

use ciberkiosco::sede::{
    Connect, ConnectFuture, DebtAnswer, OperationId, PaymentAnswer, PaymentOrder, Sede, SedeError, Stream,
    Timeouts,
};
use hal_device::Cents;
use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::{sede_petition, simulate};

/// A sede that says the same to everybody, and then closes or keeps the line.
struct Parrot {
    says: Vec<u8>,
    closes: bool,
}

impl Connect for Parrot {
    fn connect(&self) -> ConnectFuture<'_> {
        Box::pin(async move {
            let (near, mut far) = tokio::io::duplex(64 * 1024);
            let (says, closes) = (self.says.clone(), self.closes);
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = far.read(&mut request).await;
                let _ = far.write_all(&says).await;
                while !closes && matches!(far.read(&mut request).await, Ok(1..)) {}
            });
            Ok(Box::new(near) as Box<dyn Stream>)
        })
    }
}

/// The first byte chooses the call (bits 0, 1, 5 and 6), whether HTTP is put around the rest (bit 2), its status (bits 3
/// and 4), and whether the line closes (bit 7).
pub fn sede_answer(data: &[u8]) {
    let [first, rest @ ..] = data else { return };
    let first = *first;
    let says = if first & 4 == 0 {
        rest.to_vec()
    } else {
        let status =
            ["200 OK", "201 Created", "404 Not Found", "503 Unavailable"][usize::from(first >> 3 & 3)];
        let kind = if first & 16 == 0 { "application/json" } else { "application/problem+json" };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nidempotency-key: K07-000412\r\n\
            content-length: {}\r\n\r\n",
            rest.len()
        );
        [head.as_bytes(), rest].concat()
    };
    let sede = Sede::new(
        Arc::new(Parrot { says, closes: first & 0x80 != 0 }),
        "sede.example".into(),
        Timeouts::default(),
    );
    simulate(async move {
        let (error, texts) =
            timeout(Duration::from_secs(600), ask(&sede, first & 3 | first >> 3 & 12)).await.expect("an end");
        let texts = texts.into_iter().chain(error.map(|error| error.to_string()));
        for text in texts {
            assert!(text.len() < 4096 && !text.chars().any(char::is_control), "{text:?}");
        }
    });
}

/// One call: its error, or the texts in its answer.
async fn ask(sede: &Sede, call: u8) -> (Option<SedeError>, Vec<String>) {
    match call {
        0 => match sede.catalogue().await {
            Ok(catalogue) => (None, catalogue.services),
            Err(error) => (Some(error), Vec::new()),
        },
        1 => match sede.debt("905210301490000123456651200266324000123450").await {
            Ok(DebtAnswer::Payable(quote)) => {
                assert!(quote.amount.is_positive() && quote.expires_at > quote.issued_at);
                (
                    None,
                    vec![
                        quote.quote,
                        quote.concept,
                        quote.masked_name,
                        quote.reference,
                        quote.collecting_body,
                    ],
                )
            }
            Ok(DebtAnswer::NotPayableHere { collector, advice }) => (None, vec![collector, advice]),
            Ok(DebtAnswer::Lapsed { .. } | DebtAnswer::Unknown | DebtAnswer::AlreadyPaid { .. }) => {
                (None, Vec::new())
            }
            Err(error) => (Some(error), Vec::new()),
        },
        2 => match sede.pay(&order()).await {
            Ok(answer) => (None, words(answer)),
            Err(error) => (Some(error), Vec::new()),
        },
        3 => match sede.payment(&order().operation).await {
            Ok(answer) => (None, answer.map(words).unwrap_or_default()),
            Err(error) => (Some(error), Vec::new()),
        },
        other => match sede_petition::ask(sede, other).await {
            Ok(texts) => (None, texts),
            Err(error) => (Some(error), Vec::new()),
        },
    }
}

fn words(answer: PaymentAnswer) -> Vec<String> {
    match answer {
        PaymentAnswer::Booked(booking) => vec![booking.payment, booking.csv, booking.verification_url],
        PaymentAnswer::Refused { code, text } => vec![code, text],
    }
}

fn order() -> PaymentOrder {
    PaymentOrder {
        operation: OperationId("K07-000412".into()),
        quote: "Q-1".into(),
        debt: "D-1".into(),
        amount: Cents(65_40),
        means: "cash".into(),
        inserted: Cents(70_00),
        taken_at: Timestamp::UNIX_EPOCH,
        clock_sure: true,
    }
}
