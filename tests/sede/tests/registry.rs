//! Petitions into the registry: who can, when, in which order, once, and by which will.
mod common;

use common::cards::{KEY_1920, Pki, Wish};
use common::petitions::{consent, document, hex, petition, registration, sha256, signature, text_sha256};
use common::{Client, fits, town};
use jiff::SignedDuration;
use rcgen::KeyUsagePurpose;
use reference_sede::{Contact, Endpoint, Fault, Revocation, Sede};
use serde_json::{Value, json};

/// What a good certificate for signatures has.
fn for_signatures() -> Wish {
    Wish { usage: KeyUsagePurpose::ContentCommitment, purpose: None, serial: 3000, ..Wish::default() }
}

async fn registered(client: &mut Client, petition: &Value, draft: &str, will: &Value) -> Value {
    let answer = client.register(petition, draft, will).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    fits("RegistrationAnswer", &answer.json());
    answer.json()
}

#[tokio::test(start_paused = true)]
async fn what_is_registered_is_what_was_sent() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let documents = [document(1, 700_000), document(2, 10)];
    let (petition, draft) = client.uploaded(&sede, "12345678Z", "K07-S1", &documents).await;
    let entry = registered(&mut client, &petition, &draft, &consent()).await;
    assert_eq!(
        (&entry["answer"], &entry["number"], &entry["registered_at"], &entry["effective_on"]),
        (&json!("registered"), &json!("2026-E-000001"), &json!("2026-11-25T10:15:00Z"), &json!("2026-11-25"))
    );
    assert_eq!(entry["text_sha256"], hex(&text_sha256(&petition)));
    for (at, document) in documents.iter().enumerate() {
        let expected = json!({
            "name": format!("documento-{}.pdf", at + 1), "pages": at + 1, "bytes": document.len(),
            "sha256": hex(&sha256(document)),
        });
        assert_eq!(entry["attachments"][at], expected);
        assert_eq!(*sede.petition_file("K07-S1", at + 1).unwrap(), *document);
    }
    assert!(sede.petition_file("K07-S1", 3).is_none() && sede.petition_file("K07-S1", 0).is_none());
    let record = sede.petitions().remove(0);
    assert_eq!((record.holder.as_str(), record.will.as_str()), ("12345678Z", "consent 2026-1"));
    assert_eq!((record.facts.as_str(), record.files.len()), ("La farola está rota.\nDesde ayer.", 2));
    assert_eq!(sede.drafts(), 0);
    assert_eq!(client.progress(&draft, 1).await.0, 404, "nothing more goes into it");

    let found = client.get("/petitions/K07-S1").await.unwrap();
    fits("PetitionEntry", &found.json());
    assert_eq!(found.json(), json!({ "number": "2026-E-000001", "registered_at": "2026-11-25T10:15:00Z" }));
    let none = client.get("/petitions/K07-S2").await.unwrap();
    assert_eq!((none.status.as_u16(), none.problem().as_str()), (404, "petition-unknown"));
    let bad = client.get("/petitions/k07").await.unwrap();
    assert_eq!((bad.status.as_u16(), bad.problem().as_str()), (422, "invalid-content"));
}

#[tokio::test(start_paused = true)]
async fn entries_are_numbered_in_order_of_arrival_and_count_from_a_working_day() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    // Wednesday, quarter past eleven; Friday, ten minutes before midnight; Saturday; Monday before a holiday; the
    // holiday; New Year's Eve; New Year's Day, in Madrid first.
    for (hours, minutes, number, at, effective) in [
        (0, 0, "2026-E-000001", "2026-11-25T10:15:00Z", "2026-11-25"),
        (60, 35, "2026-E-000002", "2026-11-27T22:50:00Z", "2026-11-27"),
        (0, 15, "2026-E-000003", "2026-11-27T23:05:00Z", "2026-11-30"),
        (238, 55, "2026-E-000004", "2026-12-07T22:00:00Z", "2026-12-07"),
        (1, 30, "2026-E-000005", "2026-12-07T23:30:00Z", "2026-12-09"),
        (575, 0, "2026-E-000006", "2026-12-31T22:30:00Z", "2026-12-31"),
        (1, 0, "2027-E-000001", "2026-12-31T23:30:00Z", "2027-01-04"),
    ] {
        hands.advance(SignedDuration::from_mins(hours * 60 + minutes));
        let request = format!("K07-S{}", number.replace('-', ""));
        let (petition, draft) = client.uploaded(&sede, "12345678Z", &request, &[]).await;
        let entry = registered(&mut client, &petition, &draft, &consent()).await;
        assert_eq!(
            (&entry["number"], &entry["registered_at"], &entry["effective_on"]),
            (&json!(number), &json!(at), &json!(effective))
        );
    }
    let csvs: std::collections::BTreeSet<String> = sede.petitions().into_iter().map(|it| it.csv).collect();
    assert_eq!(csvs.len(), 7);
}

#[tokio::test(start_paused = true)]
async fn the_same_registration_gets_the_same_answer_for_a_year_and_more() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let (petition, draft) = client.uploaded(&sede, "12345678Z", "K07-S1", &[document(1, 10)]).await;
    sede.fail_nth(1, Some(Endpoint::RegisterPetition), Fault::LoseAnswer);
    let order = registration(&petition, &draft, &consent());
    assert!(client.post("/petitions/register", &order).await.is_err());
    assert_eq!(sede.petitions().len(), 1, "it was registered");
    let mut client = Client::to(&sede).await;
    let first = client.register(&petition, &draft, &consent()).await;
    assert_eq!(first.json()["answer"], "registered");
    hands.advance(SignedDuration::from_hours(24 * 400));
    assert_eq!(sede.sessions(), 0);
    let again = client.register(&petition, &draft, &consent()).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    let other = json!({ "means": "consent", "version": "2026-1", "language": "ca" });
    let answer = client.register(&petition, &draft, &other).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "request-conflict"));
    assert_eq!(sede.petitions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn two_copies_at_the_same_time_are_one_entry() {
    let (sede, _) = town();
    let mut one = Client::to(&sede).await;
    let mut two = Client::to(&sede).await;
    let session = one.identified(&sede, "12345678Z").await;
    let order = petition(&session, "K07-S1", &[]);
    let (first, second) = tokio::join!(one.post("/petitions", &order), two.post("/petitions", &order));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.body, second.body);
    assert_eq!(sede.drafts(), 1);
    let draft = first.json()["draft"].as_str().unwrap().to_owned();
    let card = Pki::of(&sede).issue("12345678Z", for_signatures());
    // The revocation service takes its time, and both copies wait for it.
    sede.set_revocation(None, Revocation::Delayed { millis: 3_000 });
    let order = registration(&order, &draft, &signature(&card, &order, &draft, &[]));
    let (first, second) =
        tokio::join!(one.post("/petitions/register", &order), two.post("/petitions/register", &order));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    assert_eq!(first.json()["answer"], "registered", "{}", first.body);
    assert_eq!(sede.petitions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_is_asked_for_again_is_the_same_and_never_comes_back() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let order = petition(&session, "K07-S1", &[document(1, 10)]);
    let first = client.post("/petitions", &order).await.unwrap();
    let mut other = order.clone();
    other["asks"] = json!("Otra cosa.");
    let answer = client.post("/petitions", &other).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "request-conflict"));
    let draft = first.json()["draft"].as_str().unwrap().to_owned();
    client.post("/petitions/discard", &json!({ "session": session, "draft": draft })).await.unwrap();
    let again = client.post("/petitions", &order).await.unwrap();
    assert_eq!(again.body, first.body);
    assert_eq!((client.progress(&draft, 1).await.0, sede.drafts()), (404, 0));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_registered_before_everything_is_there() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let documents = [document(1, 1000), document(2, 1000)];
    let order = petition(&session, "K07-S1", &documents);
    let draft = client.draft(&order).await;
    client.upload(&draft, 1, &documents[0], 1000).await;
    let answer = client.register(&order, &draft, &consent()).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "upload-incomplete"));
    client.upload(&draft, 2, &documents[1], 400).await;
    let mut other = order.clone();
    other["request"] = json!("K07-S2");
    let answer = client.register(&other, &draft, &consent()).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "draft-unknown"));
    assert_eq!(registered(&mut client, &order, &draft, &consent()).await["answer"], "registered");
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_over_registers_nothing() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let (petition, draft) = client.uploaded(&sede, "12345678Z", "K07-S1", &[document(1, 10)]).await;
    hands.advance(SignedDuration::from_secs(300));
    let answer = client.register(&petition, &draft, &consent()).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (410, "session-over"));
    assert_eq!(client.post("/petitions", &petition).await.unwrap().problem(), "session-over");
    assert_eq!((sede.petitions().len(), sede.drafts()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_card_signs_what_was_sent() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let documents = [document(1, 1000), document(2, 20)];
    let (petition, draft) = client.uploaded(&sede, "12345678Z", "K07-S1", &documents).await;
    let card = Pki::of(&sede).issue("IDCES-12345678Z", for_signatures());
    let will = signature(&card, &petition, &draft, &documents);
    assert_eq!(registered(&mut client, &petition, &draft, &will).await["answer"], "registered");
    assert_eq!(sede.petitions()[0].will, "signature");
}

#[tokio::test(start_paused = true)]
async fn a_signature_that_is_not_the_holders_or_not_of_this_registers_nothing() {
    let (sede, _) = town();
    let pki = Pki::of(&sede);
    let mut client = Client::to(&sede).await;
    let documents = [document(1, 1000)];
    let good = for_signatures();
    sede.set_revocation(
        Some(&4000_u64.to_be_bytes()),
        Revocation::Revoked { since: common::NOW.parse().unwrap() },
    );
    sede.set_revocation(Some(&5000_u64.to_be_bytes()), Revocation::Unavailable);
    let card = |wish: Wish| pki.issue("12345678Z", wish);
    for (number, (card, code)) in [
        (card(Wish { usage: KeyUsagePurpose::DigitalSignature, ..good }), "wrong-usage"),
        (card(Wish { purpose: Some(2), ..good }), "wrong-usage"),
        (card(Wish { purpose: Some(4), ..good }), "registered"),
        (card(Wish { years: [2020, 2025], ..good }), "expired"),
        (card(Wish { years: [2027, 2030], ..good }), "not-yet-valid"),
        (card(Wish { serial: 4000, ..good }), "revoked"),
        (card(Wish { serial: 5000, ..good }), "revocation-unknown"),
        (pki.issue("00000000T", good), "not-the-holder"),
        (Pki::new().issue("12345678Z", good), "untrusted"),
        (common::cards::Card { key: KEY_1920, ..card(good) }, "signature"),
    ]
    .into_iter()
    .enumerate()
    {
        let request = format!("K07-S{number}");
        let (petition, draft) = client.uploaded(&sede, "12345678Z", &request, &documents).await;
        let will = signature(&card, &petition, &draft, &documents);
        let answer = registered(&mut client, &petition, &draft, &will).await;
        let said = answer["code"].as_str().or(answer["answer"].as_str()).unwrap();
        assert_eq!(said, code, "{number}");
        assert_eq!(registered(&mut client, &petition, &draft, &will).await, answer, "it stays so");
        assert_eq!(client.progress(&draft, 1).await.0, 404, "the draft is over");
    }
    assert_eq!(sede.petitions().len(), 1);
    // Another draft, another text, another document: each is something else than what was signed.
    let (petition, draft) = client.uploaded(&sede, "12345678Z", "K07-S20", &documents).await;
    let mut other = petition.clone();
    other["asks"] = json!("Que no se repare.");
    let signer = card(good);
    for (number, will) in [
        signature(&signer, &other, &draft, &documents),
        signature(&signer, &petition, "D-0f8e7d6c5b4a39281706f5e4d3c2b1a0", &documents),
        signature(&signer, &petition, &draft, &[document(2, 1000)]),
        signature(&signer, &petition, &draft, &[]),
    ]
    .into_iter()
    .enumerate()
    {
        let request = format!("K07-S3{number}");
        let (petition, draft) = client.uploaded(&sede, "12345678Z", &request, &documents).await;
        assert_eq!(registered(&mut client, &petition, &draft, &will).await["code"], "signature");
    }
}

#[tokio::test(start_paused = true)]
async fn a_consent_of_yesterday_is_none() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let (petition, draft) = client.uploaded(&sede, "12345678Z", "K07-S1", &[]).await;
    let old = json!({ "means": "consent", "version": "2025-9", "language": "es" });
    assert_eq!(registered(&mut client, &petition, &draft, &old).await["code"], "consent-outdated");
    assert!(sede.petitions().is_empty());
}

async fn options(client: &mut Client, session: &str) -> Value {
    let answer = client.post("/petitions/options", &json!({ "session": session })).await.unwrap().json();
    fits("PetitionOptions", &answer);
    answer
}

#[tokio::test(start_paused = true)]
async fn what_is_known_of_the_citizen_is_told_masked() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let told = options(&mut client, &session).await;
    assert_eq!(told["known"]["electronic"], true);
    assert_eq!(told["known"]["email"], "v*****@c*****.example");
    assert_eq!(told["known"]["phone"], "*** *** *12");
    assert_eq!(told["bodies"].as_array().unwrap().len(), 3);
    let text = told.to_string();
    for whole in ["vecina@", "6000", "Mayor", "12345678Z"] {
        assert!(!text.contains(whole), "{whole} in {text}");
    }
    let session = client.identified(&sede, "00000000T").await;
    let told = options(&mut client, &session).await;
    assert_eq!((&told["known"]["electronic"], told["known"].get("email")), (&json!(false), None));
    sede.set_contact("00000000T", Contact { electronic: true, email: None, phone: Some("600000099".into()) });
    assert_eq!(options(&mut client, &session).await["known"]["phone"], "*** *** *99");
    let none = client.post("/petitions/options", &json!({ "session": "S-0123456789abcdef" })).await.unwrap();
    assert_eq!((none.status.as_u16(), none.problem().as_str()), (410, "session-over"));
}

#[tokio::test(start_paused = true)]
async fn a_pseudonym_presents_nothing() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = pseudonym(&mut client).await;
    assert_eq!(options(&mut client, &session).await["code"], "certificate-needed");
    let answer = client.post("/petitions", &petition(&session, "K07-S1", &[])).await.unwrap().json();
    fits("DraftAnswer", &answer);
    assert_eq!(answer["code"], "certificate-needed");
    assert_eq!(sede.drafts(), 0);
}

async fn pseudonym(client: &mut Client) -> String {
    let session = client.open().await["session"].as_str().unwrap().to_owned();
    let entry =
        json!({ "session": session, "means": "record", "profile": "x", "number": "7700001234567894" });
    client.post("/sessions/enter", &entry).await.unwrap();
    session
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_presented_is_refused_with_words() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let mut catalogue = sede.snapshot().catalogue;
    catalogue.petitions.attachments = 2;
    catalogue.petitions.attachment_bytes = 1000;
    catalogue.petitions.total_bytes = 1500;
    catalogue.petitions.asks = 20;
    sede.set_catalogue(catalogue);
    let good = petition(&session, "K07-S1", &[document(1, 1000), document(2, 500)]);
    let with = |field: &str, value: Value| {
        let mut order = good.clone();
        order[field] = value;
        order
    };
    let cif = json!({ "document": { "kind": "cif", "number": "G12345674" }, "name": "Asociación Ficticia" });
    let mut on_paper = with("represented", cif);
    on_paper["notifications"] = json!({ "channel": "postal" });
    for (number, (order, code)) in [
        (petition(&session, "K07-S9", &[document(1, 1001)]), "over-limits"),
        (petition(&session, "K07-S9", &[document(1, 800), document(2, 701)]), "over-limits"),
        (petition(&session, "K07-S9", &[document(1, 1), document(2, 1), document(3, 1)]), "over-limits"),
        (with("asks", json!("x".repeat(21))), "over-limits"),
        (with("body", json!("L01030999")), "body-unknown"),
        (on_paper, "electronic-required"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut order = order;
        order["request"] = json!(format!("K07-X{number}"));
        let answer = client.post("/petitions", &order).await.unwrap().json();
        fits("DraftAnswer", &answer);
        assert_eq!((&answer["answer"], &answer["code"]), (&json!("refused"), &json!(code)), "{number}");
    }
    client.draft(&good).await;
    assert_eq!(sede.drafts(), 1);
}

#[tokio::test(start_paused = true)]
async fn petitions_outside_their_limits_are_not_looked_at() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let good = petition(&session, "K07-S1", &[document(1, 10), document(2, 10)]);
    for (pointer, value) in [
        ("/session", json!("short")),
        ("/request", json!("k07-1")),
        ("/language", json!("fr")),
        ("/body", json!("L0103014")),
        (
            "/represented",
            json!({ "document": { "kind": "nif", "number": "00000000X" }, "name": "a", "surnames": "b" }),
        ),
        ("/represented", json!({ "document": { "kind": "cif", "number": "G12345675" }, "name": "a" })),
        ("/represented", json!({ "document": { "kind": "nie", "number": "X1234567L" }, "name": "a" })),
        ("/notifications", json!({ "channel": "pigeon" })),
        (
            "/notifications",
            json!({ "channel": "postal", "address": { "street": "", "postal_code": "30149", "town": "a" } }),
        ),
        ("/alert", json!({ "email": "nobody" })),
        ("/alert", json!({ "phone": "600 000 000" })),
        ("/facts", json!("")),
        ("/facts", json!("x".repeat(4001))),
        ("/asks", json!("a\tb")),
        ("/asks", json!("\u{202e}")),
        ("/attachments", json!(null)),
        ("/attachments/0/name", json!("../x.pdf")),
        ("/attachments/0/name", json!("documento-2.pdf")),
        ("/attachments/0/pages", json!(0)),
        ("/attachments/0/bytes", json!(20_000_001)),
        ("/attachments/0/sha256", json!("E3B0")),
        ("/attachments/0/media_type", json!("text/html")),
        ("/attachments/0/origin", json!("administration")),
        ("/attachments/0/state", json!("EE02")),
        ("/attachments/0/document_type", json!("TD00")),
        ("/attachments/0/captured_at", json!("yesterday")),
        ("/clock_sure", json!("yes")),
    ] {
        let mut order = good.clone();
        match order.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => order["represented"] = value,
        }
        let answer = client.post("/petitions", &order).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (422, "invalid-content"),
            "{pointer}"
        );
    }
    assert_eq!(sede.drafts(), 0);
    client.draft(&good).await;
}

#[tokio::test(start_paused = true)]
async fn the_ways_to_spoil_a_petition_do_what_they_say() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let documents = [document(1, 1000)];
    sede.fail_nth(1, Some(Endpoint::OpenPetition), Fault::RefusePetition { code: "ordered".into() });
    let refused = client.post("/petitions", &petition(&session, "K07-S0", &documents)).await.unwrap().json();
    fits("DraftAnswer", &refused);
    assert_eq!(refused["code"], "ordered");
    sede.fail_nth(1, Some(Endpoint::PetitionOptions), Fault::Unavailable);
    let later = client.post("/petitions/options", &json!({ "session": session })).await.unwrap();
    assert_eq!(later.status, 503);

    let order = petition(&session, "K07-S1", &documents);
    let draft = client.draft(&order).await;
    sede.fail_nth(1, Some(Endpoint::UploadOffset), Fault::WrongOffset);
    assert_eq!(client.progress(&draft, 1).await, (204, "1".into(), "?0".into()));
    sede.fail_nth(1, Some(Endpoint::UploadPart), Fault::WrongStatus { status: 302 });
    let part = common::petitions::part(&documents[0], 0, 1000);
    assert_eq!(client.patch(&draft, 1, &part).await.unwrap().status, 302);
    assert_eq!(client.progress(&draft, 1).await.1, "0", "it did not act");
    sede.fail_nth(1, Some(Endpoint::UploadPart), Fault::Slow { millis: 12_000 });
    let begun = tokio::time::Instant::now();
    assert_eq!(client.patch(&draft, 1, &part).await.unwrap().status, 204);
    assert!(begun.elapsed().as_secs() >= 12);

    sede.fail_nth(1, Some(Endpoint::RegisterPetition), Fault::WrongHash);
    let wrong = client.register(&order, &draft, &consent()).await.json();
    fits("RegistrationAnswer", &wrong);
    let entry = registered(&mut client, &order, &draft, &consent()).await;
    assert_ne!(wrong["text_sha256"], entry["text_sha256"]);
    assert_eq!(wrong["number"], entry["number"]);
    for fault in [Fault::MalformedJson, Fault::Truncated] {
        sede.fail_nth(1, Some(Endpoint::Petition), fault);
        let body = client.get("/petitions/K07-S1").await.unwrap().body;
        assert!(serde_json::from_str::<Value>(&body).is_err(), "{body}");
    }

    let (order, draft) = client.uploaded(&sede, "12345678Z", "K07-S2", &documents).await;
    sede.fail_nth(1, Some(Endpoint::RegisterPetition), Fault::RefuseRegistration { code: "ordered".into() });
    assert_eq!(registered(&mut client, &order, &draft, &consent()).await["code"], "ordered");
    assert_eq!(registered(&mut client, &order, &draft, &consent()).await["code"], "ordered");
    assert_eq!(sede.petitions().len(), 1);
    assert_eq!((sede.snapshot().petitions.len(), sede.snapshot().drafts), (1, 0));
}

/// Nobody's petition is in the panel's copy but what the registry has.
#[tokio::test(start_paused = true)]
async fn a_new_town_has_an_empty_registry() {
    let (sede, _): (Sede, _) = town();
    let mut client = Client::to(&sede).await;
    let (petition, draft) = client.uploaded(&sede, "12345678Z", "K07-S1", &[]).await;
    registered(&mut client, &petition, &draft, &consent()).await;
    sede.reset().unwrap();
    assert!(sede.petitions().is_empty() && sede.appointments().is_empty());
}
