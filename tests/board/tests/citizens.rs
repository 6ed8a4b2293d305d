//! The town's cards and the town hall: who is let in, and under which name.
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use emulated_board::citizens::Citizens;
use jiff::Timestamp;
use reference_sede::{Clock, Sede};
use serde_json::{Value, json};
use simulators::smartcard::{
    CertificateRequest, Citizen, Credential, Hash, Issuer, NumberForm, PrivateKey, Purpose, REVOKED, Validity,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const NOW: &str = "2026-11-25T10:15:00Z";

fn town() -> (Sede, Citizens) {
    let now: Timestamp = NOW.parse().unwrap();
    let clock: Clock = Arc::new(move || now);
    let sede = Sede::new(clock, 7).unwrap();
    let citizens = Citizens::of(&sede, now).unwrap();
    (sede, citizens)
}

fn certified(citizens: &Citizens, serial: u64, issuer: Issuer) -> Credential {
    let key = include_bytes!("../../simulators/data/smartcard/citizen-1.der");
    citizens.pki().issue(&CertificateRequest {
        citizen: Citizen { number: "12345678Z", given_name: "VECINA", surnames: ["DE", "PRUEBA"] },
        form: NumberForm::Classic,
        purpose: Purpose::Authentication,
        validity: Validity::Good,
        issuer,
        serial,
        key: Arc::new(PrivateKey::from_pkcs1(key).unwrap()),
    })
}

async fn post(sede: &Sede, path: &str, body: &str) -> Value {
    let mut stream = sede.connect().unwrap();
    let head = format!(
        "POST /kiosk/v1{path} HTTP/1.1\r\nhost: sede.example\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (_, content) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(content).unwrap_or_else(|_| panic!("{answer}"))
}

/// What the sede says to somebody who signs with this.
async fn enter(sede: &Sede, citizens: &Citizens, credential: &Credential) -> Value {
    let opened = post(sede, "/sessions", "").await;
    let session = opened["session"].as_str().unwrap();
    let challenge = BASE64_STANDARD.decode(opened["challenge"].as_str().unwrap()).unwrap();
    let nonce = [7; 32];
    let start = b"ciberkiosco identification 1\0".as_slice();
    let statement = [start, session.as_bytes(), &[0], &challenge, &nonce].concat();
    let entry = json!({
        "session": session,
        "means": "certificate",
        "certificate": BASE64_STANDARD.encode(&credential.certificate),
        "chain": [BASE64_STANDARD.encode(citizens.pki().intermediate_certificate())],
        "kiosk_nonce": BASE64_STANDARD.encode(nonce),
        "signature": BASE64_STANDARD.encode(credential.key.sign(Hash::Sha256, &statement)),
    });
    post(sede, "/sessions/enter", &entry.to_string()).await
}

#[tokio::test(start_paused = true)]
async fn the_sede_lets_in_who_has_a_card_and_nobody_else_even_after_a_reset() {
    let (sede, citizens) = town();
    for reset in [false, true] {
        if reset {
            sede.reset().unwrap();
            citizens.remind(&sede);
        }
        let good = enter(&sede, &citizens, &certified(&citizens, 1000, Issuer::Intermediate)).await;
        let expected = json!({
            "answer": "identified", "level": "certificate", "name": "Vecina de Prueba", "number": "12345678Z"
        });
        assert_eq!(good, expected, "reset: {reset}");
        for serial in REVOKED {
            let revoked = enter(&sede, &citizens, &certified(&citizens, serial, Issuer::Intermediate)).await;
            assert_eq!(revoked["code"], "revoked", "reset: {reset}");
        }
        let stranger = enter(&sede, &citizens, &certified(&citizens, 5000, Issuer::Stranger)).await;
        assert_eq!(stranger["code"], "untrusted", "reset: {reset}");
    }
}

#[test]
fn a_card_bears_the_name_that_the_padron_has_for_its_number() {
    let (sede, citizens) = town();
    let padron = sede.padron();
    let mut registered = 0;
    for card in citizens.cards() {
        let Some(Citizen { number, given_name, surnames: [first, second] }) = card.citizen else { continue };
        let residents = || padron.dwellings.iter().flat_map(|it| &it.residents);
        let Some(resident) = residents().find(|it| it.number.as_deref() == Some(number)) else { continue };
        let name = format!("{given_name} {first} {second}");
        assert_eq!(resident.name.to_uppercase(), name.to_uppercase(), "{}", card.name);
        registered += 1;
    }
    assert!(registered >= 8, "{registered} of the drawer's people are in the padrón");
}

#[test]
fn the_kiosk_is_given_the_roots_the_towns_cards_and_the_terminals_keys() {
    let (_, citizens) = town();
    let files = citizens.files();
    let text = |name: &str| {
        let file = files.iter().find(|file| file.path == format!("identity/{name}")).unwrap();
        String::from_utf8(file.content.clone()).unwrap()
    };
    let roots = text("roots.pem");
    let certificates = roots.split("-----BEGIN CERTIFICATE-----").skip(1).map(|text| {
        let encoded: String = text.lines().take_while(|line| !line.starts_with('-')).collect();
        BASE64_STANDARD.decode(encoded).unwrap()
    });
    let pki = citizens.pki();
    assert_eq!(certificates.collect::<Vec<_>>(), [pki.root_certificate(), pki.intermediate_certificate()]);
    assert!(roots.lines().all(|line| line.len() <= 64), "{roots}");

    let profiles: toml::Table = text("card-profiles.toml").parse().unwrap();
    let rows = profiles["profile"].as_array().unwrap();
    for (row, card) in [("town-certificate", "pkcs15"), ("town-number", "municipal")] {
        let row = rows.iter().find(|it| it["name"].as_str() == Some(row)).unwrap();
        let atr = citizens.card(card).unwrap().card.atr().unwrap();
        let written = row["atr"].as_str().unwrap();
        let mask = row["mask"].as_str().unwrap();
        assert_eq!(written.len(), atr.len() * 2, "{card}");
        for (at, byte) in atr.iter().enumerate() {
            let of = |text: &str| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap();
            assert_eq!(byte & of(mask), of(written) & of(mask), "{card}, byte {at}");
        }
    }
    let parameters: toml::Table = text("component-parameters.toml").parse().unwrap();
    assert_eq!(parameters["set"].as_array().unwrap().len(), 2);
}

#[test]
fn a_renewed_card_is_new_in_every_hand() {
    let (_, citizens) = town();
    let held = citizens.card("ordinary").unwrap().card.clone();
    held.fault(simulators::smartcard::CardFault::TriesLeft { tries: 0 });
    held.power_on();
    assert_eq!(held.snapshot().tries_left, Some(0));
    assert!(citizens.renew("ordinary").unwrap().card.is(&held));
    let now = held.snapshot();
    assert_eq!((now.tries_left, now.powered, now.counts.power_ons), (Some(3), false, 0));
    assert!(citizens.renew("none-such").is_none());
}

#[test]
fn every_card_of_the_drawer_says_what_it_is() {
    let (_, citizens) = town();
    let words: std::collections::BTreeSet<&str> = citizens.cards().map(|it| it.description).collect();
    assert!(!words.contains("") && words.len() == citizens.cards().count(), "{words:?}");
}
