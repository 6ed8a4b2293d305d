//! Mutual TLS: who is let in and who is not, by either side.
mod common;

use std::io;
use std::sync::Arc;

use common::{Client, order, town};
use jiff::{ToSpan, civil::date};
use reference_sede::pki::{Identity, Pki};
use reference_sede::{Fault, Sede};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::DuplexStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

fn pki() -> Pki {
    // TLS judges by the machine's clock.
    Pki::new(&["sede.example", "127.0.0.1"], jiff::Timestamp::now()).unwrap()
}

fn config(ca: &str, kiosk: Option<&Identity>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .unwrap()
        .with_root_certificates(roots);
    match kiosk {
        None => config.with_no_client_auth(),
        Some(kiosk) => {
            let certificate = CertificateDer::from_pem_slice(kiosk.certificate.as_bytes()).unwrap();
            let key = PrivateKeyDer::from_pem_slice(kiosk.key.as_bytes()).unwrap();
            config.with_client_auth_cert(vec![certificate], key).unwrap()
        }
    }
}

async fn handshake(
    sede: &Sede,
    pki: &Pki,
    config: ClientConfig,
    name: &str,
) -> io::Result<TlsStream<DuplexStream>> {
    let (near, far) = tokio::io::duplex(64 * 1024);
    let (sede, server) = (sede.clone(), pki.server().unwrap());
    tokio::spawn(async move { sede.serve_tls_stream(far, &server).await });
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, near).await
}

/// The reason why the client's side failed.
fn reason(result: io::Result<TlsStream<DuplexStream>>) -> String {
    result.map(|_| ()).unwrap_err().to_string()
}

/// The reason why the server let nobody in: with TLS 1.3 the client hears of it with its first read.
async fn refusal(mut stream: TlsStream<DuplexStream>) -> String {
    let mut byte = [0];
    let read = tokio::io::AsyncReadExt::read(&mut stream, &mut byte).await;
    read.unwrap_err().to_string()
}

#[tokio::test]
async fn a_kiosk_of_the_town_is_let_in() {
    let ((sede, _), pki) = (town(), pki());
    for name in ["sede.example", "127.0.0.1"] {
        let config = config(&pki.ca, Some(&pki.kiosk("K07").unwrap()));
        let mut client = Client::over(handshake(&sede, &pki, config, name).await.unwrap()).await;
        assert_eq!(client.get("/catalogue").await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn a_kiosk_speaks_of_its_own_operations_only() {
    let ((sede, _), pki) = (town(), pki());
    let config = config(&pki.ca, Some(&pki.kiosk("K07").unwrap()));
    let mut client = Client::over(handshake(&sede, &pki, config, "sede.example").await.unwrap()).await;
    let quote = client.quote(&sede, "vehicle-tax").await;
    let strange = client.pay(&order("K08-000001", &quote)).await.unwrap();
    assert_eq!((strange.status.as_u16(), strange.problem().as_str()), (403, "kiosk-not-allowed"));
    assert_eq!(client.get("/payments/K08-000001").await.unwrap().problem(), "kiosk-not-allowed");
    assert_eq!(sede.bookings(), vec![]);
    assert_eq!(client.pay(&order("K07-000001", &quote)).await.unwrap().json()["answer"], "booked");
}

#[tokio::test]
async fn nobody_is_let_in_without_a_certificate() {
    let ((sede, _), pki) = (town(), pki());
    let stream = handshake(&sede, &pki, config(&pki.ca, None), "sede.example").await.unwrap();
    let reason = refusal(stream).await;
    assert!(reason.contains("CertificateRequired"), "{reason}");
    assert_eq!(sede.requests(), 0);
}

#[tokio::test]
async fn a_kiosk_of_another_authority_is_not_let_in() {
    let ((sede, _), pki, other) = (town(), pki(), self::pki());
    let stream = handshake(&sede, &pki, config(&pki.ca, Some(&other.kiosk("K07").unwrap())), "sede.example")
        .await
        .unwrap();
    let reason = refusal(stream).await;
    assert!(reason.contains("received fatal alert"), "{reason}");
    assert_eq!(sede.requests(), 0);
}

#[tokio::test]
async fn a_kiosk_whose_certificate_has_expired_is_not_let_in() {
    let ((sede, _), pki) = (town(), pki());
    let old = pki.kiosk_between("K07", date(2020, 1, 1), date(2021, 1, 1)).unwrap();
    let stream = handshake(&sede, &pki, config(&pki.ca, Some(&old)), "sede.example").await.unwrap();
    let reason = refusal(stream).await;
    assert!(reason.contains("CertificateExpired"), "{reason}");
}

#[tokio::test]
async fn a_certificate_of_a_sede_is_none_of_a_kiosk() {
    let ((sede, _), pki) = (town(), pki());
    let stream =
        handshake(&sede, &pki, config(&pki.ca, Some(&pki.sede().unwrap())), "sede.example").await.unwrap();
    let reason = refusal(stream).await;
    assert!(reason.contains("received fatal alert"), "{reason}");
}

#[tokio::test]
async fn a_kiosk_trusts_no_other_authority_and_no_other_name() {
    let ((sede, _), pki, other) = (town(), pki(), self::pki());
    let kiosk = pki.kiosk("K07").unwrap();
    let wrong_ca = reason(handshake(&sede, &pki, config(&other.ca, Some(&kiosk)), "sede.example").await);
    assert!(wrong_ca.contains("invalid peer certificate"), "{wrong_ca}");
    let wrong_name = reason(handshake(&sede, &pki, config(&pki.ca, Some(&kiosk)), "other.example").await);
    assert!(wrong_name.contains("not valid for name"), "{wrong_name}");
}

#[tokio::test]
async fn a_certificate_outside_its_dates_is_shown_when_told() {
    let ((sede, _), pki) = (town(), pki());
    let kiosk = pki.kiosk("K07").unwrap();
    sede.set_fault(Some(Fault::ExpiredCertificate));
    let expired = reason(handshake(&sede, &pki, config(&pki.ca, Some(&kiosk)), "sede.example").await);
    assert!(expired.contains("expired"), "{expired}");
    sede.set_fault(Some(Fault::FutureCertificate));
    let future = reason(handshake(&sede, &pki, config(&pki.ca, Some(&kiosk)), "sede.example").await);
    assert!(future.contains("not valid yet"), "{future}");
    sede.set_fault(None);
    assert!(handshake(&sede, &pki, config(&pki.ca, Some(&kiosk)), "sede.example").await.is_ok());
}

#[tokio::test]
async fn the_sede_serves_a_tcp_port_and_ends_with_its_future() {
    let ((sede, _), pki) = (town(), pki());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (handle, server) = (sede.clone(), pki.server().unwrap());
    let serving = tokio::spawn(async move { handle.serve_tls(listener, server).await });
    let connect = async || {
        let tcp = tokio::net::TcpStream::connect(address).await?;
        let config = config(&pki.ca, Some(&pki.kiosk("K07").unwrap()));
        TlsConnector::from(Arc::new(config)).connect(ServerName::from(address.ip()), tcp).await
    };
    let mut client = Client::over(connect().await.unwrap()).await;
    assert_eq!(client.get("/catalogue").await.unwrap().status, 200);
    sede.set_fault(Some(Fault::Refuse));
    assert!(connect().await.is_err());
    serving.abort();
    drop(serving.await);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[test]
fn the_files_are_written_under_their_names() {
    let pki = pki();
    let folder = std::env::temp_dir().join(format!("reference-sede-pki-{}", std::process::id()));
    let kiosk =
        pki.kiosk_between("K07", date(2026, 1, 1), date(2026, 1, 1).saturating_add(1.year())).unwrap();
    pki.write(&folder, &[("kiosk", &kiosk)]).unwrap();
    assert_eq!(std::fs::read_to_string(folder.join("ca.pem")).unwrap(), pki.ca);
    assert_eq!(std::fs::read_to_string(folder.join("kiosk.key")).unwrap(), kiosk.key);
    std::fs::remove_dir_all(folder).unwrap();
}
