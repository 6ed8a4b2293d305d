//! A town hall on a port of the loopback, and kiosks with their papers.
#![allow(dead_code, reason = "each test file uses its part")]
use std::sync::Arc;

use ciberkiosco::sede::{DebtAnswer, Quote, Sede, SedeAddress, TcpTls, Timeouts};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use reference_sede::pki::{Identity, Pki};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A town hall on a port of the loopback.
pub struct Town {
    pub sede: reference_sede::Sede,
    pub pki: Pki,
    pub port: u16,
    server: JoinHandle<()>,
}

pub fn pki() -> Pki {
    Pki::new(&["localhost", "127.0.0.1"], Timestamp::now()).unwrap()
}

pub fn today() -> Date {
    Timestamp::now().to_zoned_datetime(TimeZone::UTC).date()
}

impl Town {
    pub async fn open() -> Town {
        let pki = pki();
        let sede = reference_sede::Sede::new(Arc::new(Timestamp::now), 1).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (office, keys) = (sede.clone(), pki.server().unwrap());
        let server = tokio::spawn(async move {
            let Err(error) = office.serve_tls(listener, keys).await;
            panic!("the sede ended: {error}");
        });
        Town { sede, pki, port, server }
    }

    /// The kiosk with these papers: the authority that it trusts, its own certificate and key.
    pub fn kiosk_with(&self, ca: &str, identity: &Identity) -> Sede {
        client(self.port, ca, identity)
    }

    /// The kiosk as it is set up.
    pub fn kiosk(&self) -> Sede {
        self.kiosk_named("K07")
    }

    /// Another one, or the same.
    pub fn kiosk_named(&self, name: &str) -> Sede {
        self.kiosk_with(&self.pki.ca, &self.pki.kiosk(name).unwrap())
    }

    pub async fn quote(&self, kiosk: &Sede) -> Quote {
        match kiosk.debt(&self.sede.digits("vehicle-tax").unwrap()).await.unwrap() {
            DebtAnswer::Payable(quote) => quote,
            other => panic!("{other:?}"),
        }
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub fn client(port: u16, ca: &str, identity: &Identity) -> Sede {
    let address = SedeAddress { url: format!("https://localhost:{port}") };
    let connect =
        TcpTls::new(&address, ca.as_bytes(), identity.certificate.as_bytes(), identity.key.as_bytes())
            .unwrap();
    let host = connect.host();
    Sede::new(Arc::new(connect), host, Timeouts::default())
}
