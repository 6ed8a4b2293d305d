//! Offers and documents of the padrón: who gets what, the same once and again, and archived by its CSV.
mod common;

use common::{Client, fits, town};
use reference_sede::{Endpoint, Fault, Sede};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn order(session: &str, request: &str, kind: &str, language: &str) -> Value {
    let order = json!({ "session": session, "request": request, "type": kind, "language": language });
    fits("CertificateRequest", &order);
    order
}

async fn offers(sede: &Sede, number: &str) -> Vec<(String, Value)> {
    let mut client = Client::to(sede).await;
    let session = client.identified(sede, number).await;
    let answer = client.post("/certificates/offers", &json!({ "session": session })).await.unwrap().json();
    fits("CertificateOffers", &answer);
    let offer = |it: &Value| (it["type"].as_str().unwrap().to_owned(), it["issue"].clone());
    answer["offers"].as_array().unwrap().iter().map(offer).collect()
}

async fn fetch(client: &mut Client, session: &str, issued: &Value) -> common::Answer {
    let request = json!({ "session": session, "certificate": issued["certificate"] });
    fits("DocumentRequest", &request);
    client.post("/certificates/document", &request).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn each_citizen_of_the_seeds_is_offered_what_the_seeds_say() {
    let (sede, _) = town();
    let issue = |all: &[(String, Value)], kind: &str| {
        all.iter().find(|(it, _)| it == kind).map(|(_, issue)| issue.clone()).unwrap()
    };
    let all = offers(&sede, "12345678Z").await;
    assert_eq!(all.len(), 5);
    assert_eq!(issue(&all, "volante-individual"), json!({ "how": "at-once" }));
    assert_eq!(issue(&all, "certificado-colectivo"), json!({ "how": "at-once" }));
    assert_eq!(issue(&all, "certificado-historico"), json!({ "how": "queued", "working_days": 5 }));
    let all = offers(&sede, "X1234567L").await;
    let only = json!({ "how": "consenting-only", "shown": 2, "registered": 3 });
    assert_eq!(issue(&all, "certificado-colectivo"), only);
    assert_eq!(issue(&all, "certificado-individual"), json!({ "how": "at-once" }));
    // Whoever does not agree is still on the document that is asked for by that person.
    assert_eq!(issue(&offers(&sede, "Y1234567X").await, "volante-colectivo"), json!({ "how": "at-once" }));
    for (_, issue) in offers(&sede, "X1234581X").await {
        assert_eq!(
            (issue["how"].as_str(), issue["code"].as_str()),
            (Some("refused"), Some("renewal-pending"))
        );
        for language in ["es", "ca", "en"] {
            assert!(issue["next"][language].as_str().unwrap().len() > 10);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_pseudonym_is_offered_nothing_and_told_why() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.open().await["session"].as_str().unwrap().to_owned();
    let entry =
        json!({ "session": session, "means": "record", "profile": "x", "number": "7700001234567894" });
    client.post("/sessions/enter", &entry).await.unwrap();
    let answer = client.post("/certificates/offers", &json!({ "session": session })).await.unwrap().json();
    fits("CertificateOffers", &answer);
    assert_eq!((&answer["offers"], &answer["nothing"]["code"]), (&json!([]), &json!("certificate-needed")));
    let wanted = order(&session, "K07-C000001", "volante-individual", "es");
    let refused = client.post("/certificates", &wanted).await.unwrap().json();
    fits("CertificateAnswer", &refused);
    assert_eq!((&refused["answer"], &refused["code"]), (&json!("refused"), &json!("certificate-needed")));
    assert!(sede.certificates().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_issued_is_archived_and_fetched_byte_for_byte() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let answer = client
        .post("/certificates", &order(&session, "K07-C1", "certificado-individual", "es"))
        .await
        .unwrap();
    let issued = answer.json();
    fits("CertificateAnswer", &issued);
    assert_eq!(issued["answer"], "issued");
    for _ in 0..2 {
        let document = fetch(&mut client, &session, &issued).await;
        assert_eq!(
            (document.status.as_u16(), &document.headers["content-type"]),
            (200, &"application/pdf".parse().unwrap())
        );
        assert!(document.bytes.starts_with(b"%PDF-"));
        assert_eq!(Value::from(document.bytes.len()), issued["bytes"]);
        let sha256: String = Sha256::digest(&document.bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(Value::from(sha256), issued["sha256"]);
        let record = sede.certificates().remove(0);
        assert_eq!(*sede.archived(&record.csv).unwrap(), document.bytes);
    }
    assert_eq!(sede.certificates()[0].fetched, 2);
    assert!(sede.archived("AAAAAA-AAAAAA-AAAAAA-AAAAAA").is_none());
}

#[tokio::test(start_paused = true)]
async fn the_same_request_gets_the_same_document_in_its_session_and_in_no_other() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let wanted = order(&session, "K07-C1", "volante-individual", "ca");
    let first = client.post("/certificates", &wanted).await.unwrap();
    let again = Client::to(&sede).await.post("/certificates", &wanted).await.unwrap();
    assert_eq!(first.body, again.body);
    assert_eq!(sede.certificates().len(), 1);
    let other = order(&session, "K07-C1", "volante-individual", "es");
    assert_eq!(client.post("/certificates", &other).await.unwrap().problem(), "request-conflict");

    let next = client.identified(&sede, "00000000T").await;
    let stolen = order(&next, "K07-C1", "volante-individual", "ca");
    assert_eq!(client.post("/certificates", &stolen).await.unwrap().problem(), "request-conflict");
    let unknown = fetch(&mut client, &next, &first.json()).await;
    assert_eq!((unknown.status.as_u16(), unknown.problem().as_str()), (404, "certificate-unknown"));
    let over = fetch(&mut client, &session, &first.json()).await;
    assert_eq!((over.status.as_u16(), over.problem().as_str()), (410, "session-over"));
    assert_eq!(client.post("/certificates", &wanted).await.unwrap().problem(), "session-over");
}

#[tokio::test(start_paused = true)]
async fn two_copies_at_the_same_time_are_one_document() {
    let (sede, _) = town();
    let mut one = Client::to(&sede).await;
    let mut two = Client::to(&sede).await;
    let session = one.identified(&sede, "12345678Z").await;
    let wanted = order(&session, "K07-C1", "volante-individual", "es");
    let (first, second) =
        tokio::join!(one.post("/certificates", &wanted), two.post("/certificates", &wanted));
    assert_eq!(first.unwrap().body, second.unwrap().body);
    assert_eq!(sede.certificates().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn every_document_has_a_csv_of_its_own() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let mut csvs = std::collections::BTreeSet::new();
    for number in 0..5 {
        let wanted = order(&session, &format!("K07-C{number}"), "volante-individual", "es");
        assert_eq!(client.post("/certificates", &wanted).await.unwrap().json()["answer"], "issued");
    }
    for record in sede.certificates() {
        assert_eq!(record.csv.len(), 27);
        assert!(csvs.insert(record.csv[..7].to_owned()), "no two begin alike");
    }
    assert_eq!(csvs.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_issued_at_once_is_queued_or_refused() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "00000000T").await;
    let queued =
        client.post("/certificates", &order(&session, "K07-C1", "certificado-historico", "es")).await;
    let queued = queued.unwrap().json();
    fits("CertificateAnswer", &queued);
    assert_eq!(queued, json!({ "answer": "queued", "reference": "EXP-2026-000001", "working_days": 5 }));
    let none = client.post("/certificates", &order(&session, "K07-C2", "certificado-lunar", "es")).await;
    let none = none.unwrap().json();
    fits("CertificateAnswer", &none);
    assert_eq!(none["code"], "not-offered");
    let language =
        client.post("/certificates", &order(&session, "K07-C3", "certificado-historico", "en")).await;
    assert_eq!(language.unwrap().problem(), "invalid-content");
    let session = client.identified(&sede, "X1234581X").await;
    let refused = client.post("/certificates", &order(&session, "K07-C4", "volante-individual", "es")).await;
    let refused = refused.unwrap().json();
    fits("CertificateAnswer", &refused);
    assert_eq!(refused["code"], "renewal-pending");
    assert!(sede.certificates().is_empty());
}

#[tokio::test(start_paused = true)]
async fn names_over_more_than_one_page_make_two() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "11111111H").await;
    let one =
        client.post("/certificates", &order(&session, "K07-C1", "volante-individual", "es")).await.unwrap();
    let two = client
        .post("/certificates", &order(&session, "K07-C2", "certificado-colectivo", "es"))
        .await
        .unwrap();
    assert_eq!((&one.json()["pages"], &two.json()["pages"]), (&json!(1), &json!(2)));
}

#[tokio::test(start_paused = true)]
async fn the_ways_to_spoil_a_document_do_what_they_say() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let wanted = order(&session, "K07-C1", "volante-individual", "es");
    sede.fail_nth(1, Some(Endpoint::Certificates), Fault::RefuseCertificate { code: "ordered".into() });
    let refused = client
        .post("/certificates", &order(&session, "K07-C0", "volante-individual", "es"))
        .await
        .unwrap()
        .json();
    fits("CertificateAnswer", &refused);
    assert_eq!(refused["code"], "ordered");
    sede.fail_nth(1, Some(Endpoint::Certificates), Fault::Unavailable);
    assert_eq!(client.post("/certificates", &wanted).await.unwrap().status, 503);
    assert!(sede.certificates().is_empty());
    sede.fail_nth(1, Some(Endpoint::Certificates), Fault::WrongHash);
    let wrong = client.post("/certificates", &wanted).await.unwrap().json();
    fits("CertificateAnswer", &wrong);
    let issued = client.post("/certificates", &wanted).await.unwrap().json();
    assert_ne!(wrong["sha256"], issued["sha256"]);
    assert_eq!(wrong["certificate"], issued["certificate"]);

    let whole = fetch(&mut client, &session, &issued).await.bytes;
    sede.fail_nth(1, Some(Endpoint::Document), Fault::Truncated);
    assert_eq!(fetch(&mut client, &session, &issued).await.bytes, whole[..whole.len() / 2]);
    sede.fail_nth(1, Some(Endpoint::Document), Fault::HugeDocument);
    assert_eq!(fetch(&mut client, &session, &issued).await.bytes.len(), 8 * 1024 * 1024 + 1);
    sede.fail_nth(1, Some(Endpoint::Document), Fault::Trickle { millis: 500 });
    let begun = tokio::time::Instant::now();
    assert_eq!(fetch(&mut client, &session, &issued).await.bytes, whole);
    assert!(begun.elapsed().as_millis() >= 8_000, "{:?}", begun.elapsed());

    sede.fail_nth(1, Some(Endpoint::Certificates), Fault::LoseAnswer);
    let lost = order(&session, "K07-C2", "volante-individual", "es");
    assert!(client.post("/certificates", &lost).await.is_err());
    assert_eq!(sede.certificates().len(), 2, "it was issued");
    let found = Client::to(&sede).await.post("/certificates", &lost).await.unwrap().json();
    assert_eq!(found["answer"], "issued");
    assert_eq!(sede.certificates().len(), 2);
}
