//! Petitions and appointments: the kiosk's own client against the reference sede, over TCP and mutual TLS. A citizen
//! with a DNIe enters, uploads what was scanned, agrees or signs, and takes an appointment.
mod town;

use std::sync::Arc;

use ciberkiosco::identity::statement;
use ciberkiosco::nif::Nif;
use ciberkiosco::sede::{
    Alert, Applicant, Appointment, AppointmentAnswer, AppointmentCancel, AppointmentLookup,
    AppointmentRequest, Attachment, AttachmentPart, Base64, CancelAnswer, Challenge, DocumentState,
    DocumentType, Draft, DraftAnswer, Entry, EntryAnswer, LanguageCode, Level, MadridTime, MediaType,
    Notifications, OperationId, Origin, PartAnswer, Petition, PetitionOptionsAnswer, RegisteredPetition,
    RegistrationAnswer, Sede, SedeError, SlipCode, SlotsAnswer, SlotsRequest, Tried, Uploaded, Will,
};
use jiff::Timestamp;
use private::PrivateText;
use reference_sede::{Endpoint, Fault, Responder};
use sha2::{Digest, Sha256};
use simulators::smartcard::{
    CertificateRequest, Citizen, CitizenPki, Credential, Hash, Issuer, NumberForm, Purpose, Validity,
};
use town::Town;

const NUMBER: &str = "12345678Z";

/// A town whose sede trusts the authorities of the citizens' cards.
async fn town() -> (Town, CitizenPki) {
    let town = Town::open().await;
    let pki = CitizenPki::at(u64::try_from(Timestamp::now().as_second()).unwrap());
    let key = pki.ocsp_key();
    town.sede.trust(&pki.root_certificate()).unwrap();
    let responder = Responder {
        issuer: pki.intermediate_certificate(),
        certificate: pki.ocsp_certificate(),
        sign: Arc::new(move |bytes| key.sign(Hash::Sha256, bytes)),
    };
    town.sede.add_responder(&responder).unwrap();
    (town, pki)
}

/// One of the two certificates of a card.
fn credential(pki: &CitizenPki, number: &'static str, purpose: Purpose) -> Credential {
    pki.issue(&CertificateRequest {
        citizen: Citizen { number, given_name: "VECINA", surnames: ["DE", "PRUEBA"] },
        form: NumberForm::Classic,
        purpose,
        validity: Validity::Good,
        issuer: Issuer::Intermediate,
        serial: 7000,
        key: pki.stranger_key(),
    })
}

async fn enter(kiosk: &Sede, pki: &CitizenPki, number: &'static str) -> PrivateText {
    let opened = kiosk.open_session().await.unwrap();
    let card = credential(pki, number, Purpose::Authentication);
    let nonce = [7; 32];
    let statement = statement::bytes(opened.session.as_str(), &opened.challenge.0, &nonce);
    let entry = Entry::Certificate {
        session: opened.session.clone(),
        certificate: Base64::of(&card.certificate),
        chain: vec![Base64::of(&pki.intermediate_certificate())],
        kiosk_nonce: Challenge(nonce),
        signature: Base64::of(&card.key.sign(Hash::Sha256, &statement)),
        revocation: None,
    };
    let entered = kiosk.enter(&entry).await.unwrap();
    assert!(matches!(entered, EntryAnswer::Identified { level: Level::Certificate, .. }), "{entered:?}");
    opened.session
}

fn document(seed: u8, length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 249).unwrap().wrapping_mul(seed)).collect()
}

fn petition(session: &PrivateText, request: &str, documents: &[Vec<u8>]) -> Petition {
    let attachment = |(at, bytes): (usize, &Vec<u8>)| Attachment {
        name: format!("documento-{}.pdf", at + 1).into(),
        media_type: MediaType::Pdf,
        pages: 2,
        bytes: u32::try_from(bytes.len()).unwrap(),
        sha256: Sha256::digest(bytes).into(),
        captured_at: Timestamp::now(),
        origin: Origin::Citizen,
        state: DocumentState::Other,
        document_type: DocumentType::Other,
    };
    Petition {
        session: session.clone(),
        request: OperationId(request.into()),
        language: LanguageCode::Ca,
        body: "LA0030149".into(),
        represented: None,
        notifications: Notifications::Postal { address: None },
        alert: Alert { email: Some("vecina@correo.example".to_owned().into()), phone: None },
        facts: "Primera línia: «cometes», ñ, 𝄞.\nSegona línia.".to_owned().into(),
        asks: "Que es repare.".to_owned().into(),
        attachments: documents.iter().enumerate().map(attachment).collect(),
        clock_sure: true,
    }
}

async fn open(kiosk: &Sede, petition: &Petition) -> Draft {
    match kiosk.open_petition(petition).await.unwrap() {
        DraftAnswer::Accepted(draft) => draft,
        DraftAnswer::Refused(why) => panic!("{why:?}"),
    }
}

/// Sends a document as the kiosk does: after an answer that was lost it asks where to go on.
async fn upload(kiosk: &Sede, draft: &Draft, number: u8, whole: &[u8], length: u32) -> u32 {
    let (mut offset, mut lost) = (0, 0);
    while let Some(part) = AttachmentPart::next(number, whole, offset, length) {
        offset = match kiosk.upload_part(draft, &part).await {
            Ok(PartAnswer::Stored(it)) => it.offset,
            Ok(PartAnswer::OtherOffset(offset)) => offset,
            Ok(other) => panic!("{other:?}"),
            Err(SedeError::Unreachable(_)) => {
                lost += 1;
                kiosk.uploaded(draft, number, part.whole).await.unwrap().offset
            }
            Err(error) => panic!("{error}"),
        };
    }
    lost
}

fn consent() -> Will {
    Will::Consent { version: "2026-1".into(), language: LanguageCode::Ca }
}

async fn register(kiosk: &Sede, petition: &Petition, draft: &Draft, will: &Will) -> RegisteredPetition {
    match kiosk.register_petition(petition, draft, will).await.unwrap() {
        RegistrationAnswer::Registered(it) => it,
        RegistrationAnswer::Refused(why) => panic!("{why:?}"),
    }
}

#[tokio::test]
async fn what_was_scanned_is_in_the_registry_byte_for_byte() {
    let (town, pki) = town().await;
    let kiosk = town.kiosk();
    let catalogue = kiosk.catalogue().await.unwrap();
    assert_eq!((catalogue.petitions.attachments, catalogue.petitions.total_bytes), (5, 15_000_000));
    let session = enter(&kiosk, &pki, NUMBER).await;
    let PetitionOptionsAnswer::Offered(options) = kiosk.petition_options(&session).await.unwrap() else {
        panic!()
    };
    assert!(options.known.email.is_some_and(|it| it.as_str() == "v*****@c*****.example"));
    let documents = [document(3, 1_300_000), document(5, 1), document(7, 524_288)];
    let petition = petition(&session, "K07-S1", &documents);
    let draft = open(&kiosk, &petition).await;
    assert_eq!(draft.part_bytes, 524_288);
    for (number, document) in (1..).zip(&documents) {
        upload(&kiosk, &draft, number, document, draft.part_bytes).await;
    }
    let will = Will::Consent { version: options.consent.version.clone(), language: LanguageCode::Ca };
    let entry = register(&kiosk, &petition, &draft, &will).await;
    assert_eq!(entry.body.dir3, "LA0030149");
    assert_eq!(entry.heading.as_str(), "Instància general");
    for (number, document) in (1..).zip(&documents) {
        assert_eq!(*town.sede.petition_file("K07-S1", number).unwrap(), *document);
    }
    let record = town.sede.petitions().remove(0);
    assert_eq!(
        (record.facts.as_str(), record.asks.as_str()),
        (petition.facts.as_str(), petition.asks.as_str())
    );
    assert_eq!((record.number, record.csv.as_str()), (entry.number.clone(), entry.csv.as_str()));
    assert_eq!(register(&kiosk, &petition, &draft, &will).await, entry, "the same again");
    assert_eq!(town.sede.petitions().len(), 1);
}

#[tokio::test]
async fn an_upload_survives_every_lost_answer() {
    let (town, pki) = town().await;
    let whole = document(3, 100_000);
    for nth in 1..=5 {
        let kiosk = town.kiosk();
        let session = enter(&kiosk, &pki, NUMBER).await;
        let petition = petition(&session, &format!("K07-S{nth}"), std::slice::from_ref(&whole));
        let draft = open(&kiosk, &petition).await;
        // The kept connection and the new one both lose it, so that the kiosk itself has to ask.
        town.sede.fail_nth(nth, Some(Endpoint::UploadPart), Fault::LoseAnswer);
        town.sede.fail_nth(nth + 1, Some(Endpoint::UploadPart), Fault::LoseAnswer);
        let lost = upload(&kiosk, &draft, 1, &whole, 20_000).await;
        assert_eq!(lost, 1, "at part {nth}");
        let there = kiosk.uploaded(&draft, 1, 100_000).await;
        assert_eq!(there, Ok(Uploaded { offset: 100_000, complete: true }));
        register(&kiosk, &petition, &draft, &consent()).await;
    }
    assert_eq!(town.sede.petitions().len(), 5);
    assert_eq!(*town.sede.petition_file("K07-S5", 1).unwrap(), whole);
}

#[tokio::test]
async fn parts_twice_out_of_order_and_of_another_document_are_told_apart() {
    let (town, pki) = town().await;
    let kiosk = town.kiosk();
    let session = enter(&kiosk, &pki, NUMBER).await;
    let (whole, other) = (document(3, 1000), document(5, 1000));
    let petition = petition(&session, "K07-S1", std::slice::from_ref(&whole));
    let draft = open(&kiosk, &petition).await;
    let send = async |whole: &[u8], offset: u32, length: u32| {
        kiosk.upload_part(&draft, &AttachmentPart::next(1, whole, offset, length).unwrap()).await.unwrap()
    };
    let stored = |offset, complete| PartAnswer::Stored(Uploaded { offset, complete });
    assert_eq!(send(&whole, 500, 500).await, PartAnswer::OtherOffset(0));
    assert_eq!(send(&whole, 0, 400).await, stored(400, false));
    assert_eq!(send(&whole, 0, 400).await, stored(400, false));
    assert_eq!(send(&other, 0, 400).await, PartAnswer::OtherOffset(400));
    assert_eq!(send(&other, 400, 600).await, PartAnswer::AnotherDocument);
    assert_eq!(kiosk.uploaded(&draft, 1, 1000).await, Ok(Uploaded { offset: 0, complete: false }));
    let early = kiosk.register_petition(&petition, &draft, &consent()).await.unwrap_err();
    assert!(
        matches!(&early, SedeError::Rejected { status: 409, text } if text == "upload-incomplete"),
        "{early}"
    );
    assert_eq!(send(&whole, 0, 1000).await, stored(1000, true));
    assert_eq!(send(&whole, 400, 100).await, stored(1000, true));
    town.sede.fail_nth(1, Some(Endpoint::UploadPart), Fault::WrongOffset);
    let part = AttachmentPart::next(1, &whole, 0, 1000).unwrap();
    let hostile = kiosk.upload_part(&draft, &part).await.unwrap_err();
    assert!(matches!(hostile, SedeError::Malformed(_)), "{hostile}");
    register(&kiosk, &petition, &draft, &consent()).await;
}

#[tokio::test]
async fn a_card_signs_the_statement_and_no_other_card_does() {
    let (town, pki) = town().await;
    let kiosk = town.kiosk();
    let documents = [document(3, 1000), document(5, 2000)];
    let sign = |petition: &Petition, draft: &Draft, number, purpose| {
        let card = credential(&pki, number, purpose);
        Will::Signature {
            certificate: Base64::of(&card.certificate),
            chain: vec![Base64::of(&pki.intermediate_certificate())],
            signature: Base64::of(&card.key.sign(Hash::Sha256, &petition.statement(draft))),
            revocation: None,
        }
    };
    for (request, number, purpose, code) in [
        ("K07-S1", NUMBER, Purpose::Authentication, Some("wrong-usage")),
        ("K07-S2", "00000000T", Purpose::Signature, Some("not-the-holder")),
        ("K07-S3", NUMBER, Purpose::Signature, None),
    ] {
        let session = enter(&kiosk, &pki, NUMBER).await;
        let petition = petition(&session, request, &documents);
        let draft = open(&kiosk, &petition).await;
        for (number, document) in (1..).zip(&documents) {
            upload(&kiosk, &draft, number, document, 700).await;
        }
        let will = sign(&petition, &draft, number, purpose);
        let answer = kiosk.register_petition(&petition, &draft, &will).await.unwrap();
        match (&answer, code) {
            (RegistrationAnswer::Registered(_), None) => {}
            (RegistrationAnswer::Refused(why), Some(code)) => assert_eq!(why.code, code),
            _ => panic!("{request}: {answer:?}"),
        }
    }
    assert_eq!(town.sede.petitions().len(), 1);
    assert_eq!(town.sede.petitions()[0].will, "signature");
}

#[tokio::test]
async fn a_kiosk_that_lost_the_answer_and_its_memory_learns_number_and_time() {
    let (town, pki) = town().await;
    let kiosk = town.kiosk();
    let session = enter(&kiosk, &pki, NUMBER).await;
    let petition = petition(&session, "K07-S1", &[]);
    assert_eq!(kiosk.registered_petition(&petition.request).await, Ok(None));
    let draft = open(&kiosk, &petition).await;
    assert_eq!(kiosk.registered_petition(&petition.request).await, Ok(None), "a draft is no entry");
    town.sede.fail_nth(1, Some(Endpoint::RegisterPetition), Fault::LoseAnswer);
    town.sede.fail_nth(2, Some(Endpoint::RegisterPetition), Fault::LoseAnswer);
    let lost = kiosk.register_petition(&petition, &draft, &consent()).await.unwrap_err();
    assert!(matches!(lost, SedeError::Unreachable(_)), "{lost}");
    // The kiosk was started again: another client with the same papers.
    let again = town.kiosk();
    let entry = again.registered_petition(&petition.request).await.unwrap().unwrap();
    assert_eq!(entry.number, town.sede.petitions()[0].number);
    let other = town.kiosk_named("K08").registered_petition(&petition.request).await.unwrap_err();
    assert!(matches!(other, SedeError::Rejected { status: 403, .. }), "{other}");
    // A receipt with another hash is none, and that it is registered is known all the same.
    town.sede.fail_nth(1, Some(Endpoint::RegisterPetition), Fault::WrongHash);
    let wrong = again.register_petition(&petition, &draft, &consent()).await.unwrap_err();
    assert!(matches!(wrong, SedeError::Malformed(_)), "{wrong}");
    assert_eq!(register(&again, &petition, &draft, &consent()).await.number, entry.number);
}

#[tokio::test]
async fn a_draft_is_of_its_kiosk_and_its_session_alone() {
    let (town, pki) = town().await;
    let (seventh, eighth) = (town.kiosk(), town.kiosk_named("K08"));
    let session = enter(&seventh, &pki, NUMBER).await;
    let whole = document(3, 1000);
    let petition = petition(&session, "K07-S1", std::slice::from_ref(&whole));
    let stolen = eighth.open_petition(&petition).await.unwrap_err();
    assert!(matches!(stolen, SedeError::Rejected { status: 403, .. }), "{stolen}");
    let draft = open(&seventh, &petition).await;
    let part = AttachmentPart::next(1, &whole, 0, 500).unwrap();
    assert!(eighth.upload_part(&draft, &part).await.unwrap_err().is_draft_over());
    assert!(eighth.uploaded(&draft, 1, 1000).await.unwrap_err().is_draft_over());
    eighth.discard_petition(&session, &draft).await.unwrap();
    assert!(seventh.upload_part(&draft, &part).await.is_ok(), "another kiosk's word ends nothing");
    // The next citizen's session ends everything of the one before.
    let next = enter(&seventh, &pki, "00000000T").await;
    let rest = AttachmentPart::next(1, &whole, 500, 500).unwrap();
    assert!(seventh.upload_part(&draft, &rest).await.unwrap_err().is_draft_over());
    assert!(seventh.uploaded(&draft, 1, 1000).await.unwrap_err().is_draft_over());
    assert!(seventh.register_petition(&petition, &draft, &consent()).await.unwrap_err().is_session_over());
    let again = self::petition(&next, "K07-S2", &[]);
    let draft = open(&seventh, &again).await;
    seventh.discard_petition(&next, &draft).await.unwrap();
    assert!(seventh.register_petition(&again, &draft, &consent()).await.unwrap_err().is_draft_over());
    assert_eq!((town.sede.drafts(), town.sede.petitions().len()), (0, 0));
}

async fn first_slot(kiosk: &Sede, service: &str) -> (String, MadridTime) {
    let from = MadridTime::of(Timestamp::now()).day();
    let question = SlotsRequest { service: service.into(), office: None, from };
    match kiosk.free_slots(&question).await.unwrap() {
        SlotsAnswer::Free(free) => (free.first.office, free.first.start),
        SlotsAnswer::Full { .. } => panic!("full"),
    }
}

async fn book(kiosk: &Sede, request: &str, service: &str, who: Applicant) -> Appointment {
    let (office, start) = first_slot(kiosk, service).await;
    let (request, language) = (OperationId(request.into()), LanguageCode::Es);
    let order = AppointmentRequest { request, service: service.into(), office, start, language, who };
    match kiosk.book_appointment(&order).await.unwrap() {
        AppointmentAnswer::Booked(made) => made,
        other => panic!("{other:?}"),
    }
}

fn typed() -> Applicant {
    let number = Nif::typed("X1234567L").unwrap().nif;
    Applicant::Typed {
        number,
        name: "Resident d'Exemple".to_owned().into(),
        phone: "600000000".to_owned().into(),
    }
}

#[tokio::test]
async fn an_appointment_is_made_found_and_cancelled() {
    let (town, pki) = town().await;
    let kiosk = town.kiosk();
    let offers = kiosk.appointment_offers().await.unwrap();
    assert_eq!(offers.services.len(), 3);
    let session = enter(&kiosk, &pki, NUMBER).await;
    let by_session = || Applicant::Session { session: session.clone() };
    let own = book(&kiosk, "K07-A1", "padron", by_session()).await;
    let second = book(&kiosk, "K07-A2", "taxes", by_session()).await;
    let strangers = book(&kiosk, "K07-A3", "padron", typed()).await;
    assert_ne!((&own.office.office, &own.start), (&strangers.office.office, &strangers.start));

    let mine = AppointmentLookup::Session { session: session.clone() };
    let Tried::Answered(found) = kiosk.find_appointments(&mine).await.unwrap() else { panic!() };
    let codes: Vec<&SlipCode> = found.iter().map(|it| &it.code).collect();
    assert!(codes.len() == 2 && codes.contains(&&own.code) && codes.contains(&&second.code));

    let code = SlipCode::typed(&strangers.code.grouped().to_lowercase()).unwrap();
    let slip = |end: &str| AppointmentLookup::Slip { code: code.clone(), number_end: end.to_owned().into() };
    assert_eq!(kiosk.find_appointments(&slip("567L")).await, Ok(Tried::Answered(vec![strangers.clone()])));
    for _ in 0..5 {
        assert_eq!(kiosk.find_appointments(&slip("678Z")).await, Ok(Tried::Answered(vec![])));
    }
    let stopped = kiosk.find_appointments(&slip("567L")).await.unwrap();
    assert!(matches!(stopped, Tried::TooMany { wait: Some(wait) } if wait.as_secs() <= 900), "{stopped:?}");
    // The code was tried too often, at whatever kiosk; with a session it is no matter of tries.
    let elsewhere = town.kiosk_named("K08");
    assert!(matches!(elsewhere.find_appointments(&slip("567L")).await, Ok(Tried::TooMany { .. })));
    kiosk.catalogue().await.unwrap();

    let cancel = AppointmentCancel::Session { session: session.clone(), code: own.code.clone() };
    let first = kiosk.cancel_appointment(&cancel).await.unwrap();
    assert!(matches!(first, Tried::Answered(CancelAnswer::Cancelled { .. })), "{first:?}");
    assert_eq!(kiosk.cancel_appointment(&cancel).await.unwrap(), first);
    let not_mine = AppointmentCancel::Session { session, code: strangers.code };
    let refused = kiosk.cancel_appointment(&not_mine).await.unwrap();
    assert!(
        matches!(&refused, Tried::Answered(CancelAnswer::Refused(why)) if why.code == "appointment-unknown")
    );
}

#[tokio::test]
async fn a_slot_that_somebody_else_has_taken_is_told_with_others() {
    let (town, _) = town().await;
    let kiosk = town.kiosk();
    let (office, start) = first_slot(&kiosk, "padron").await;
    let order = AppointmentRequest {
        request: OperationId("K07-A1".into()),
        service: "padron".into(),
        office,
        start,
        language: LanguageCode::Es,
        who: typed(),
    };
    town.sede.fail_nth(1, Some(Endpoint::BookAppointment), Fault::SlotTaken);
    let AppointmentAnswer::SlotTaken { next } = kiosk.book_appointment(&order).await.unwrap() else {
        panic!()
    };
    let another = AppointmentRequest {
        request: OperationId("K07-A2".into()),
        office: next[0].office.clone(),
        start: next[0].start.clone(),
        ..order.clone()
    };
    town.sede.fail_nth(1, Some(Endpoint::BookAppointment), Fault::LoseAnswer);
    town.sede.fail_nth(2, Some(Endpoint::BookAppointment), Fault::LoseAnswer);
    assert!(matches!(kiosk.book_appointment(&another).await, Err(SedeError::Unreachable(_))));
    let (one, two) = tokio::join!(kiosk.book_appointment(&another), kiosk.book_appointment(&another));
    assert_eq!(one, two);
    assert!(matches!(one, Ok(AppointmentAnswer::Booked(_))), "{one:?}");
    assert_eq!(town.sede.appointments().len(), 1);
    let social =
        SlotsRequest { service: "social".into(), office: None, from: MadridTime::of(Timestamp::now()).day() };
    let full = kiosk.free_slots(&social).await.unwrap();
    assert!(
        matches!(&full, SlotsAnswer::Full { until: Some(_), channels } if channels.len() == 2),
        "{full:?}"
    );
}
