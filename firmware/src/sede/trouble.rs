//! From the errors of connection, TLS and HTTP to what the rest of the kiosk has to know of them.
//!
//! Three questions: was it a matter of trust (then retrying does not help, and perhaps the clock is wrong), did
//! the other side break the contract, or is it just away?
use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError};

use super::SedeError;

/// The longest text that is kept from the other side or a library.
const TEXT_MAX: usize = 300;

/// No connection could be made.
pub(super) fn connecting(error: &io::Error) -> SedeError {
    tls_failure(error).map_or_else(|| SedeError::Unreachable(plain(&error.to_string())), untrusted)
}

/// The connection failed in the middle of an exchange.
pub(super) fn exchanging(error: &hyper::Error) -> SedeError {
    if let Some(tls) = tls_failure(error) {
        return untrusted(tls);
    }
    if error.is_parse() {
        return SedeError::Malformed(plain(&format!("no HTTP: {error}")));
    }
    let cause = error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
    SedeError::Unreachable(plain(&cause))
}

/// Text from outside as one bounded line, without characters that act on a terminal or a printer.
pub(super) fn plain(text: &str) -> String {
    text.chars().take(TEXT_MAX).map(|c| if super::check::is_plain(c) { c } else { ' ' }).collect()
}

/// The TLS error in a chain of errors. `io::Error::source` skips the error that it holds, so that one is asked.
fn tls_failure<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(one) = next {
        if let Some(tls) = one.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        if let Some(inner) = one.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && let Some(tls) = tls_failure(inner)
        {
            return Some(tls);
        }
        next = one.source();
    }
    None
}

fn untrusted(error: &rustls::Error) -> SedeError {
    let text = match error {
        rustls::Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => {
            format!("its certificate has expired by this kiosk's clock; check the clock first ({error})")
        }
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => {
            format!("its certificate is not valid yet by this kiosk's clock; check the clock first ({error})")
        }
        rustls::Error::AlertReceived(AlertDescription::CertificateExpired) => {
            "it says that the kiosk's certificate has expired, by the sede's clock; a new one is needed"
                .into()
        }
        rustls::Error::AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateRequired
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::AccessDenied
            // What a sede says that knows an authority of the same name with another key.
            | AlertDescription::DecryptError,
        ) => format!("it does not accept the kiosk's certificate ({error})"),
        other => other.to_string(),
    };
    SedeError::Untrusted(plain(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(error: rustls::Error) -> String {
        connecting(&io::Error::new(io::ErrorKind::InvalidData, error)).to_string()
    }

    #[test]
    fn a_failure_by_dates_sends_the_technician_to_the_clock() {
        for error in [CertificateError::Expired, CertificateError::NotValidYet] {
            let text = said(rustls::Error::InvalidCertificate(error));
            assert!(text.contains("no trusted connection") && text.contains("check the clock"), "{text}");
        }
    }

    #[test]
    fn another_failure_of_trust_does_not_mention_the_clock() {
        let text = said(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer));
        assert!(text.contains("no trusted connection") && !text.contains("clock"), "{text}");
    }

    #[test]
    fn the_end_of_the_kiosks_own_certificate_is_said_as_such() {
        let text = said(rustls::Error::AlertReceived(AlertDescription::CertificateExpired));
        assert!(text.contains("kiosk's certificate has expired"), "{text}");
    }

    #[test]
    fn a_tls_error_is_found_below_other_errors() {
        let tls = io::Error::new(io::ErrorKind::InvalidData, rustls::Error::DecryptError);
        assert!(matches!(connecting(&io::Error::other(tls)), SedeError::Untrusted(_)));
    }

    #[test]
    fn text_from_outside_is_cut_and_cannot_act_on_a_printer() {
        let text = plain(&format!("a\u{1b}@\r\n{}", "x".repeat(1000)));
        assert!(text.starts_with("a @  x"));
        assert_eq!(text.chars().count(), TEXT_MAX);
    }
}
