//! TLS fails: this is told apart from a line that is down, and a matter of dates from other matters.
use rustls::{AlertDescription, CertificateError};

use super::*;

async fn against(error: rustls::Error) -> SedeError {
    let (sede, peer) = Peer::sede(vec![Line::Tls(error)]);
    let error = sede.pay(&order()).await.unwrap_err();
    assert_eq!(sede.reachable().borrow().contact, Contact::Failing(error.clone()));
    assert_eq!(peer.requests(), Vec::<String>::new());
    error
}

#[tokio::test(start_paused = true)]
async fn a_certificate_outside_its_dates_sends_the_technician_to_the_clock() {
    for reason in [CertificateError::Expired, CertificateError::NotValidYet] {
        let error = against(rustls::Error::InvalidCertificate(reason)).await;
        assert!(matches!(&error, SedeError::Untrusted(text) if text.contains("check the clock")), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_certificate_of_another_authority_is_no_matter_of_the_clock() {
    let error = against(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)).await;
    assert!(matches!(&error, SedeError::Untrusted(text) if !text.contains("clock")), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_sede_that_does_not_accept_the_kiosk_says_whose_certificate_is_at_fault() {
    for alert in [AlertDescription::UnknownCA, AlertDescription::CertificateExpired] {
        let error = against(rustls::Error::AlertReceived(alert)).await;
        assert!(
            matches!(&error, SedeError::Untrusted(text) if text.contains("kiosk's certificate")),
            "{error}"
        );
    }
}
