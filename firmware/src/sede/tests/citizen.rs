//! The calls about a citizen: what goes out, what is believed of what comes in, and what stays out of every text.
use private::PrivateText;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::*;

const OPENED: &str = r#"{"session":"S-5f1c0b7a94de42c3","challenge":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
"expires_at":"2026-11-25T10:20:00Z"}"#;
const IDENTIFIED: &str =
    r#"{"answer":"identified","level":"certificate","name":"VECINA DE PRUEBA","number":"00000000T"}"#;
const OFFERS: &str = r#"{"offers":[{"type":"volante-individual","title":{"es":"Volante","ca":"Volant","en":"Note"},
"legal_value":"informative","scope":"individual","languages":["es","ca"],"issue":{"how":"at-once"}},
{"type":"certificado-colectivo","title":{"es":"a","ca":"b","en":"c"},"legal_value":"authoritative",
"scope":"collective","languages":["es"],"issue":{"how":"consenting-only","shown":2,"registered":3}}]}"#;
const REFUSED: &str = r#"{"answer":"refused","code":"renewal-pending","text":{"es":"a","ca":"b","en":"c"},
"next":{"es":"d","ca":"e","en":"f"}}"#;
const PDF: &[u8] = b"%PDF-1.7 not much of a document";

fn session() -> PrivateText {
    "S-5f1c0b7a94de42c3".to_owned().into()
}

fn issued() -> IssuedCertificate {
    IssuedCertificate {
        certificate: "C-2026-000017".into(),
        sha256: Sha256::digest(PDF).into(),
        bytes: u32::try_from(PDF.len()).unwrap(),
        pages: 1,
        issued_at: "2026-11-25T10:17:02Z".parse().unwrap(),
    }
}

fn pdf(body: &[u8]) -> String {
    answer("200 OK", &["content-type: application/pdf"], std::str::from_utf8(body).unwrap())
}

fn says(text: String) -> (Sede, Peer) {
    Peer::sede(vec![Line::Up(vec![Step::SayAndClose(text)])])
}

fn entry() -> Entry {
    Entry::Certificate {
        session: session(),
        certificate: Base64::of(&[1; 1000]),
        chain: vec![Base64::of(&[2; 1000])],
        kiosk_nonce: Challenge([3; 32]),
        signature: Base64::of(&[4; 256]),
        revocation: None,
    }
}

fn record() -> Entry {
    Entry::Record {
        session: session(),
        profile: "tarjeta-ciudadana".into(),
        number: "7700001234567894".to_owned().into(),
    }
}

fn request() -> CertificateRequest {
    CertificateRequest {
        session: session(),
        request: OperationId("K07-C000031".into()),
        kind: "volante-individual".into(),
        language: LanguageCode::Ca,
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_is_opened_with_nothing_in_the_request() {
    let (sede, peer) = says(ok(OPENED));
    let opened = sede.open_session().await.unwrap();
    assert_eq!(opened.session.as_str(), "S-5f1c0b7a94de42c3");
    assert_eq!(opened.challenge.0[..3], [0, 1, 2]);
    let request = peer.requests().remove(0);
    assert!(
        request.starts_with("POST /kiosk/v1/sessions HTTP/1.1\r\n") && request.ends_with("\r\n\r\n"),
        "{request}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_entry_goes_in_the_body_as_the_contract_writes_it() {
    let (sede, peer) = says(ok(IDENTIFIED));
    let EntryAnswer::Identified { level, name, number } = sede.enter(&record()).await.unwrap() else {
        panic!()
    };
    assert_eq!((level, name.as_str()), (Level::Certificate, "VECINA DE PRUEBA"));
    assert_eq!(number.unwrap().as_str(), "00000000T");
    let body = r#"{"means":"record","session":"S-5f1c0b7a94de42c3","profile":"tarjeta-ciudadana","number":"7700001234567894"}"#;
    let request = peer.requests().remove(0);
    assert!(
        request.starts_with("POST /kiosk/v1/sessions/enter HTTP/1.1\r\n") && request.ends_with(body),
        "{request}"
    );

    let (sede, peer) = says(ok(r#"{"answer":"refused","code":"revoked"}"#));
    assert_eq!(sede.enter(&entry()).await, Ok(EntryAnswer::Refused { code: "revoked".into() }));
    let request = peer.requests().remove(0);
    assert!(request.contains(r#""kiosk_nonce":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=""#), "{request}");
    assert!(!request.contains("revocation"), "{request}");
}

#[tokio::test(start_paused = true)]
async fn what_is_outside_the_limits_is_not_sent() {
    let (sede, peer) = Peer::sede(vec![]);
    let long = |len: usize| Base64::of(&vec![1; len]);
    let Entry::Certificate { session: number, certificate, chain, kiosk_nonce, signature, .. } = entry()
    else {
        panic!()
    };
    let with = |certificate: Base64, chain: Vec<Base64>, signature: Base64, revocation: Option<Base64>| {
        let (session, kiosk_nonce) = (number.clone(), kiosk_nonce.clone());
        Entry::Certificate { session, certificate, chain, kiosk_nonce, signature, revocation }
    };
    for bad in [
        with(long(8193), chain.clone(), signature.clone(), None),
        with(long(0), chain.clone(), signature.clone(), None),
        with(certificate.clone(), vec![long(9); 5], signature.clone(), None),
        with(certificate.clone(), chain.clone(), long(513), None),
        with(certificate, chain, signature, Some(long(8193))),
        Entry::Record { session: session(), profile: "Any".into(), number: "1234".to_owned().into() },
        Entry::Record { session: session(), profile: "any".into(), number: "12 34".to_owned().into() },
        Entry::Record {
            session: "S-1".to_owned().into(),
            profile: "any".into(),
            number: "1234".to_owned().into(),
        },
    ] {
        assert!(matches!(sede.enter(&bad).await, Err(SedeError::Rejected { status: 422, .. })));
    }
    assert!(sede.revocation(&[0; 8193]).await.is_err());
    assert!(sede.offers(&"S 5f1c0b7a94de42c3".to_owned().into()).await.is_err());
    assert!(sede.issue(&CertificateRequest { kind: "Volante".into(), ..request() }).await.is_err());
    assert!(sede.document(&session(), &IssuedCertificate { bytes: 8_388_609, ..issued() }).await.is_err());
    assert!(peer.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn answers_outside_the_contract_are_not_believed() {
    let bad = |good: &str, from: &str, to: &str| {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good);
        says(ok(&text)).0
    };
    for (from, to) in [
        ("S-5f1c0b7a94de42c3", "S-5f1c0b7a94"),
        ("S-5f1c0b7a94de42c3", "S-5f1c0b7a94 de42c3"),
        ("AAEC", "AAE"),
        ("Hh8=", "Hh8g"),
        ("AAEC", "%%%%"),
        ("2026-11-25T10:20:00Z", "soon"),
    ] {
        let result = bad(OPENED, from, to).open_session().await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}: {result:?}");
    }
    for (from, to) in [
        ("VECINA", "\\u202e"),
        ("VECINA DE PRUEBA", ""),
        ("VECINA DE PRUEBA", &"Ñ".repeat(121)),
        ("00000000T", "00000000X"),
        ("00000000T", "IDCES-00000000T"),
        ("00000000T", "K1234567L"),
        ("\"level\":\"certificate\"", "\"level\":\"pseudonym\""),
        ("\"level\":\"certificate\"", "\"level\":\"mayor\""),
    ] {
        let result = bad(IDENTIFIED, from, to).enter(&record()).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}");
    }
    for (from, to) in [
        ("volante-individual", "Volante"),
        ("\"Volante\"", "\"\\n\""),
        ("\"Volante\"", &format!("\"{}\"", "x".repeat(201))),
        ("[\"es\",\"ca\"]", "[]"),
        ("[\"es\",\"ca\"]", "[\"es\",\"fr\"]"),
        ("\"shown\":2", "\"shown\":4"),
        ("\"shown\":2", "\"shown\":0"),
        ("\"registered\":3", "\"registered\":300"),
        ("at-once", "perhaps"),
        ("\"offers\":[", "\"others\":["),
    ] {
        let result = bad(OFFERS, from, to).offers(&session()).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}: {result:?}");
    }
    let queued = r#"{"answer":"queued","reference":"EXP-1","working_days":5}"#;
    for (good, from, to) in [
        (queued, "EXP-1", ""),
        (queued, "5}", "366}"),
        (REFUSED, "renewal-pending", "renewal pending"),
        (REFUSED, "\"d\"", "\"\\u0007\""),
    ] {
        let result = bad(good, from, to).issue(&request()).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}: {result:?}");
    }
    let issued = serde_json::to_string(&issued()).unwrap().replacen('{', "{\"answer\":\"issued\",", 1);
    assert!(says(ok(&issued)).0.issue(&request()).await.is_ok());
    for (from, to) in [
        ("\"pages\":1", "\"pages\":0"),
        ("\"pages\":1", "\"pages\":41"),
        ("\"bytes\":31", "\"bytes\":0"),
        ("\"bytes\":31", "\"bytes\":8388609"),
        ("\"sha256\":\"", "\"sha256\":\"0"),
        ("\"sha256\":\"", "\"sha256\":\"ZZ"),
        ("C-2026-000017", "../C"),
    ] {
        let result = bad(&issued, from, to).issue(&request()).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn offers_and_decisions_are_read_as_they_are_meant() {
    let (sede, peer) = says(ok(OFFERS));
    let offers = sede.offers(&session()).await.unwrap();
    assert_eq!(offers.offers[0].title.in_language(LanguageCode::Ca), "Volant");
    assert_eq!(offers.offers[1].issue, Issue::ConsentingOnly { shown: 2, registered: 3 });
    assert!(peer.requests()[0].ends_with(r#"{"session":"S-5f1c0b7a94de42c3"}"#));
    let nothing = r#"{"offers":[],"nothing":{"code":"certificate-needed","text":{"es":"a","ca":"b","en":"c"},"next":{"es":"d","ca":"e","en":"f"}}}"#;
    let offers = says(ok(nothing)).0.offers(&session()).await.unwrap();
    assert_eq!(offers.nothing.unwrap().code, "certificate-needed");
    let (sede, peer) = says(ok(REFUSED));
    let Ok(CertificateAnswer::Refused(why)) = sede.issue(&request()).await else { panic!() };
    assert_eq!((why.code.as_str(), why.next.en.as_str()), ("renewal-pending", "f"));
    let body = r#"{"session":"S-5f1c0b7a94de42c3","request":"K07-C000031","type":"volante-individual","language":"ca"}"#;
    assert!(peer.requests()[0].ends_with(body), "{}", peer.requests()[0]);
}

#[tokio::test(start_paused = true)]
async fn a_document_is_the_one_that_was_announced_or_none() {
    let (sede, peer) = says(pdf(PDF));
    assert_eq!(sede.document(&session(), &issued()).await.unwrap().as_slice(), PDF);
    let request = peer.requests().remove(0);
    assert!(request.contains("\r\naccept: application/pdf, application/problem+json\r\n"), "{request}");
    let mut other = PDF.to_vec();
    other[10] ^= 1;
    for (text, reason) in [
        (pdf(&other), "another SHA-256"),
        (pdf(&PDF[..20]), "another length"),
        (pdf(&[PDF, b" "].concat()), "over 31 bytes"),
        (ok("{}"), "no application/pdf"),
        (answer("204 No Content", &[], ""), "status 204"),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\ncontent-length: 9000000\r\n\r\n%PDF".into(),
            "over 31",
        ),
    ] {
        let error = says(text).0.document(&session(), &issued()).await.unwrap_err();
        assert!(matches!(&error, SedeError::Malformed(text) if text.contains(reason)), "{reason}: {error}");
    }
    // Without a length, and cut: less than was announced.
    let cut =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\nconnection: close\r\n\r\n{}", "%PDF");
    let error = says(cut).0.document(&session(), &issued()).await.unwrap_err();
    assert!(error.to_string().contains("another length"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_document_that_does_not_end_is_given_up_after_ten_seconds() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\ncontent-length: 31\r\n\r\n%PDF";
    let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::SayAndStop(head.into())])]);
    let begun = Instant::now();
    let error = sede.document(&session(), &issued()).await.unwrap_err();
    assert!(matches!(&error, SedeError::Unreachable(text) if text.contains("10s")), "{error}");
    assert_eq!(begun.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_revocation_service_that_is_away_is_no_fault_of_the_sede() {
    let (sede, peer) = says(ok(r#"{"response":"MAMKAQM="}"#));
    let response = RevocationAnswer::Response(vec![0x30, 3, 10, 1, 3]);
    assert_eq!(sede.revocation(&[0x30, 3, 2, 1, 0]).await, Ok(response));
    assert!(peer.requests()[0].ends_with(r#"{"request":"MAMCAQA="}"#));
    let (sede, _) = says(problem("503 Service Unavailable", "responder-unavailable"));
    assert_eq!(sede.revocation(&[1]).await, Ok(RevocationAnswer::ResponderUnavailable));
    assert_eq!(sede.reachable().borrow().contact, Contact::Answering);
    let (sede, _) = says(problem("503 Service Unavailable", "unavailable"));
    assert_eq!(sede.revocation(&[1]).await, Err(SedeError::Unavailable(503)));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_over_is_told_as_such() {
    let (sede, _) = says(problem("410 Gone", "session-over"));
    let error = sede.offers(&session()).await.unwrap_err();
    assert!(error.is_session_over());
    assert_eq!(error.to_string(), "the sede refused the call: status 410, session-over");
    let (sede, _) = says(problem("404 Not Found", "certificate-unknown"));
    assert!(!sede.document(&session(), &issued()).await.unwrap_err().is_session_over());
    let (sede, _) = says(answer("204 No Content", &[], ""));
    assert_eq!(sede.end_session(&session()).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn no_text_holds_a_name_a_number_or_a_session() {
    let body = r#"{"code":"00000000T VECINA","title":"VECINA","detail":"S-5f1c0b7a94de42c3 00000000T"}"#;
    let hostile = answer("422 Unprocessable Entity", &["content-type: application/problem+json"], body);
    let mut texts = vec![
        format!("{:?}", says(ok(OPENED)).0.open_session().await),
        format!("{:?}", says(ok(IDENTIFIED)).0.enter(&record()).await),
        format!("{:?} {:?} {:?} {:?}", entry(), record(), request(), session()),
        format!("{:?}", says(pdf(PDF)).0.document(&session(), &issued()).await),
    ];
    let sede = says(hostile.clone()).0;
    let error = sede.enter(&record()).await.unwrap_err();
    texts.push(format!("{error} {error:?} {:?}", sede.reachable().borrow()));
    let error = says(hostile).0.document(&session(), &issued()).await.unwrap_err();
    texts.push(format!("{error} {error:?}"));
    let error = says(ok(&IDENTIFIED.replace("certificate", "VECINA"))).0.enter(&record()).await.unwrap_err();
    texts.push(format!("{error} {error:?}"));
    for text in texts {
        for secret in ["VECINA", "00000000", "5f1c0b7a", "77000012", "%PDF"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
