//! The kiosk's own client against the reference sede, over TCP and mutual TLS: who trusts whom, and what each
//! failure is called. TLS judges dates by this machine's clock, so these run in real time.
mod town;

use ciberkiosco::sede::{
    CertificateRequest, Contact, Entry, EntryAnswer, LanguageCode, OperationId, PaymentAnswer, PaymentOrder,
    Quote, Sede, SedeAddress, SedeError, TcpTls,
};
use jiff::{Timestamp, ToSpan};
use private::PrivateText;
use reference_sede::pki::Pki;
use reference_sede::{Endpoint, Fault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use town::{Town, client, pki, today};

fn order(quote: &Quote) -> PaymentOrder {
    PaymentOrder {
        operation: OperationId("K07-000001".into()),
        quote: quote.quote.clone(),
        debt: quote.debt.clone(),
        amount: quote.amount,
        means: "cash".into(),
        inserted: quote.amount,
        taken_at: Timestamp::now(),
        clock_sure: true,
    }
}

/// A call fails for want of trust; its text.
async fn untrusted(kiosk: &Sede) -> String {
    let error = kiosk.catalogue().await.unwrap_err();
    assert_eq!(kiosk.reachable().borrow().contact, Contact::Failing(error.clone()));
    match error {
        SedeError::Untrusted(text) => text,
        other => panic!("no matter of trust: {other}"),
    }
}

#[tokio::test]
async fn a_debt_is_quoted_paid_and_booked_once_however_often_it_is_told() {
    let town = Town::open().await;
    let kiosk = town.kiosk();
    kiosk.catalogue().await.unwrap();
    let quote = town.quote(&kiosk).await;
    assert_eq!(quote.amount.0, 6540);
    let order = order(&quote);
    assert_eq!(kiosk.payment(&order.operation).await, Ok(None), "nothing is known of it yet");
    let first = kiosk.pay(&order).await.unwrap();
    assert!(matches!(first, PaymentAnswer::Booked(_)), "{first:?}");
    assert_eq!(kiosk.pay(&order).await.unwrap(), first);
    assert_eq!(kiosk.payment(&order.operation).await.unwrap(), Some(first.clone()));
    // A kiosk that was started again is another client with the same papers.
    assert_eq!(town.kiosk().pay(&order).await.unwrap(), first);
    assert_eq!(town.sede.bookings().len(), 1);
    assert_eq!(kiosk.reachable().borrow().contact, Contact::Answering);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_found_again() {
    let town = Town::open().await;
    let order = order(&town.quote(&town.kiosk()).await);
    let kiosk = town.kiosk();
    town.sede.fail_nth(1, Some(Endpoint::Pay), Fault::LoseAnswer);
    let lost = kiosk.pay(&order).await.unwrap_err();
    assert!(matches!(lost, SedeError::Unreachable(_)), "{lost}");
    // Over a connection that was kept, the same goes on unseen: it may just have been closed by the other side.
    kiosk.catalogue().await.unwrap();
    town.sede.fail_nth(1, Some(Endpoint::Pay), Fault::LoseAnswer);
    assert!(matches!(kiosk.pay(&order).await.unwrap(), PaymentAnswer::Booked(_)));
    assert_eq!((town.sede.bookings().len(), town.sede.orders_received("K07-000001")), (1, 3));
}

#[tokio::test]
async fn another_kiosks_operation_is_refused() {
    let town = Town::open().await;
    let kiosk = town.kiosk_with(&town.pki.ca, &town.pki.kiosk("K08").unwrap());
    let order = order(&town.quote(&kiosk).await);
    let refused = kiosk.pay(&order).await.unwrap_err();
    assert!(matches!(&refused, SedeError::Rejected { status: 403, .. }), "{refused}");
    assert!(town.sede.bookings().is_empty());
}

#[tokio::test]
async fn each_kiosk_has_a_session_of_its_own_and_no_number_of_another() {
    let town = Town::open().await;
    let (seventh, eighth) = (town.kiosk(), town.kiosk_with(&town.pki.ca, &town.pki.kiosk("K08").unwrap()));
    let enter = async |kiosk: &Sede, session: &PrivateText| {
        let number = "7700001234567894".to_owned().into();
        kiosk.enter(&Entry::Record { session: session.clone(), profile: "any".into(), number }).await
    };
    let first = seventh.open_session().await.unwrap().session;
    let second = eighth.open_session().await.unwrap().session;
    assert_eq!(town.sede.sessions(), 2);
    assert!(enter(&eighth, &first).await.unwrap_err().is_session_over(), "it is the other kiosk's");
    assert!(matches!(enter(&seventh, &first).await, Ok(EntryAnswer::Identified { .. })));
    assert!(matches!(enter(&eighth, &second).await, Ok(EntryAnswer::Identified { .. })));
    // The word of another kiosk ends nothing.
    eighth.end_session(&first).await.unwrap();
    assert!(seventh.offers(&first).await.is_ok());
    let request = CertificateRequest {
        session: second,
        request: OperationId("K07-C000001".into()),
        kind: "volante-individual".into(),
        language: LanguageCode::Es,
    };
    let refused = eighth.issue(&request).await.unwrap_err();
    assert!(matches!(&refused, SedeError::Rejected { status: 403, .. }), "{refused}");
}

#[tokio::test]
async fn a_kiosk_with_a_certificate_of_another_authority_is_told_whose_is_at_fault() {
    let town = Town::open().await;
    let told = untrusted(&town.kiosk_with(&town.pki.ca, &pki().kiosk("K07").unwrap())).await;
    assert!(told.contains("does not accept the kiosk's certificate") && !told.contains("clock"), "{told}");
    assert_eq!(town.sede.requests(), 0);
}

#[tokio::test]
async fn a_kiosk_whose_own_certificate_has_expired_is_told_that_it_needs_a_new_one() {
    let town = Town::open().await;
    let old = town.pki.kiosk_between("K07", today() - 2.years(), today() - 1.day()).unwrap();
    let told = untrusted(&town.kiosk_with(&town.pki.ca, &old)).await;
    assert!(told.contains("kiosk's certificate has expired, by the sede's clock"), "{told}");
    assert_eq!(town.sede.requests(), 0);
}

#[tokio::test]
async fn a_kiosk_without_its_certificate_is_not_set_up() {
    let town = Town::open().await;
    let address = SedeAddress { url: format!("https://localhost:{}", town.port) };
    let own = town.pki.kiosk("K07").unwrap();
    let other = town.pki.kiosk("K08").unwrap();
    let setup = |certificate: &str, key: &str| {
        let made = TcpTls::new(&address, town.pki.ca.as_bytes(), certificate.as_bytes(), key.as_bytes());
        made.map(|_| ()).unwrap_err().to_string()
    };
    assert!(setup("", &own.key).contains("kiosk's certificate cannot be used"));
    assert!(setup(&own.certificate, "").contains("kiosk's key cannot be used"));
    assert!(setup(&own.certificate, &other.key).contains("kiosk's certificate or key cannot be used"));
    assert_eq!(town.sede.requests(), 0);
}

#[tokio::test]
async fn a_sede_of_another_authority_gets_no_byte_of_the_payment() {
    let (town, mine) = (Town::open().await, pki());
    let kiosk = town.kiosk_with(&mine.ca, &mine.kiosk("K07").unwrap());
    let told = untrusted(&kiosk).await;
    assert!(!told.contains("clock"), "{told}");
    // A quote of better days is at hand, and the money is inside.
    let quote = town.quote(&town.kiosk()).await;
    let before = town.sede.requests();
    assert!(matches!(kiosk.pay(&order(&quote)).await, Err(SedeError::Untrusted(_))));
    assert_eq!((town.sede.requests(), town.sede.orders().len()), (before, 0));
}

#[tokio::test]
async fn a_sede_of_another_name_is_not_the_sede() {
    let town = Town::open().await;
    let elsewhere = Pki::new(&["elsewhere.test"], Timestamp::now()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (office, keys) = (town.sede.clone(), elsewhere.server().unwrap());
    let server = tokio::spawn(async move { office.serve_tls(listener, keys).await });
    let told = untrusted(&client(port, &elsewhere.ca, &elsewhere.kiosk("K07").unwrap())).await;
    assert!(told.contains("localhost"), "{told}");
    assert_eq!(town.sede.requests(), 0);
    server.abort();
}

#[tokio::test]
async fn a_certificate_of_the_sede_outside_its_dates_sends_the_technician_to_the_clock() {
    let town = Town::open().await;
    for (fault, told) in [
        (Fault::ExpiredCertificate, "has expired by this kiosk's clock; check the clock first"),
        (Fault::FutureCertificate, "is not valid yet by this kiosk's clock; check the clock first"),
    ] {
        town.sede.set_fault(Some(fault));
        let kiosk = town.kiosk();
        let said = untrusted(&kiosk).await;
        assert!(said.contains(told), "{said}");
        assert_eq!(town.sede.requests(), 0);
        town.sede.set_fault(None);
        kiosk.catalogue().await.unwrap();
        assert_eq!(kiosk.reachable().borrow().contact, Contact::Answering, "it heals by itself");
        town.sede.reset().unwrap();
    }
}

#[tokio::test]
async fn a_listener_that_is_no_sede_hears_a_greeting_and_no_document() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mine = pki();
    let kiosk = client(port, &mine.ca, &mine.kiosk("K07").unwrap());
    let digits = "905210301490000123456651200266324000123450";
    let listening = async {
        let (mut tcp, _) = listener.accept().await.unwrap();
        tcp.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let mut heard = Vec::new();
        // The kiosk hangs up, perhaps with a reset.
        drop(tcp.read_to_end(&mut heard).await);
        heard
    };
    let (heard, called) = tokio::join!(listening, kiosk.debt(digits));
    assert!(matches!(&called, Err(SedeError::Untrusted(_))), "{called:?}");
    assert_eq!(heard.first(), Some(&0x16), "a TLS handshake");
    assert!(!heard.windows(digits.len()).any(|part| part == digits.as_bytes()));
}

#[tokio::test]
async fn a_port_that_nobody_serves_is_no_matter_of_trust() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mine = pki();
    let error = client(port, &mine.ca, &mine.kiosk("K07").unwrap()).catalogue().await.unwrap_err();
    assert!(matches!(error, SedeError::Unreachable(_)), "{error}");
}
