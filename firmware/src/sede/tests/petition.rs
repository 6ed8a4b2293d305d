//! The calls of a petition but the upload: what goes out, what is believed of what comes in, and what is never shown.
use private::PrivateText;
use sha2::{Digest, Sha256};

use super::*;

pub(super) const DOCUMENT: &[u8] = b"attachment one, which is not long";
pub(super) const DRAFT: &str = "D-0f8e7d6c5b4a39281706f5e4d3c2b1a0";
const ACCEPTED: &str =
    r#"{"answer":"accepted","draft":"D-0f8e7d6c5b4a39281706f5e4d3c2b1a0","part_bytes":524288}"#;
pub(super) const OPTIONS: &str = r#"{"answer":"offered",
"bodies":[{"dir3":"L01030149","name":{"es":"Ayuntamiento","ca":"Ajuntament","en":"Town hall"}}],
"known":{"electronic":true,"email":"v*****@c*****.example","phone":null},
"consent":{"version":"2026-1","text":{"es":"Consiento.","ca":"Consent.","en":"I agree."}}}"#;
pub(super) const REFUSED: &str = r#"{"answer":"refused","code":"over-limits","text":{"es":"a","ca":"b","en":"c"},
"next":{"es":"d","ca":"e","en":"f"}}"#;
/// SHA-256 of the text of [`petition`], computed by another program from the words of the contract.
const TEXT: &str = "fc183d94134fe2e49abd8de7855f819d3582f963f667c71099fe8fad01f911e5";
const DOCUMENT_SHA256: &str = "587e8937966573a60d3e31736024081a63edb2edb757d12255c33ac4ea97ecb4";

pub(super) fn private(text: &str) -> PrivateText {
    text.to_owned().into()
}

pub(super) fn petition() -> Petition {
    Petition {
        session: private("S-5f1c0b7a94de42c3"),
        request: OperationId("K07-S000012".into()),
        language: LanguageCode::Es,
        body: "L01030149".into(),
        represented: None,
        notifications: Notifications::Electronic,
        alert: Alert { email: None, phone: Some(private("600000000")) },
        facts: private("La farola está rota.\nDesde ayer."),
        asks: private("Que se repare."),
        attachments: vec![attachment()],
        clock_sure: true,
    }
}

pub(super) fn attachment() -> Attachment {
    Attachment {
        name: private("documento-1.pdf"),
        media_type: MediaType::Pdf,
        pages: 2,
        bytes: u32::try_from(DOCUMENT.len()).unwrap(),
        sha256: Sha256::digest(DOCUMENT).into(),
        captured_at: "2026-11-25T10:12:00Z".parse().unwrap(),
        origin: Origin::Citizen,
        state: DocumentState::Other,
        document_type: DocumentType::Other,
    }
}

pub(super) fn draft() -> Draft {
    Draft { draft: private(DRAFT), part_bytes: 1024 }
}

fn consent() -> Will {
    Will::Consent { version: "2026-1".into(), language: LanguageCode::Ca }
}

/// A receipt for [`petition`].
pub(super) fn registered() -> String {
    format!(
        r#"{{"answer":"registered","number":"2026-E-000123","registered_at":"2026-11-28T10:19:07Z",
"effective_on":"2026-11-30","body":{{"dir3":"L01030149","name":{{"es":"Ayuntamiento","ca":"Ajuntament","en":"Town hall"}}}},
"heading":"Instancia general","csv":"7KQ2M-9XH4T","verification_url":"https://sede.example/csv/7KQ2M-9XH4T",
"text_sha256":"{TEXT}","attachments":[{{"name":"documento-1.pdf","pages":2,"bytes":33,"sha256":"{DOCUMENT_SHA256}"}}]}}"#
    )
}

fn says(text: String) -> (Sede, Peer) {
    Peer::sede(vec![Line::Up(vec![Step::SayAndClose(text)])])
}

fn changed(good: &str, from: &str, to: &str) -> Sede {
    let text = good.replacen(from, to, 1);
    assert_ne!(text, good, "{from}");
    says(ok(&text)).0
}

#[tokio::test(start_paused = true)]
async fn what_is_possible_is_read_as_it_is_meant() {
    let (sede, peer) = says(ok(OPTIONS));
    let Ok(PetitionOptionsAnswer::Offered(options)) =
        sede.petition_options(&private("S-5f1c0b7a94de42c3")).await
    else {
        panic!()
    };
    assert_eq!((options.bodies[0].dir3.as_str(), options.consent.version.as_str()), ("L01030149", "2026-1"));
    assert!(options.known.electronic && options.known.phone.is_none() && options.known.address.is_none());
    assert_eq!(options.known.email.unwrap().as_str(), "v*****@c*****.example");
    let request = peer.requests().remove(0);
    assert!(request.starts_with("POST /kiosk/v1/petitions/options HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with(r#"{"session":"S-5f1c0b7a94de42c3"}"#), "{request}");
    let refused = says(ok(REFUSED)).0.petition_options(&private("S-5f1c0b7a94de42c3")).await;
    assert!(matches!(refused, Ok(PetitionOptionsAnswer::Refused(why)) if why.code == "over-limits"));
}

#[tokio::test(start_paused = true)]
async fn a_petition_goes_out_as_the_contract_writes_it() {
    let (sede, peer) = says(ok(ACCEPTED));
    let answer = sede.open_petition(&petition()).await.unwrap();
    assert_eq!(answer, DraftAnswer::Accepted(Draft { draft: private(DRAFT), part_bytes: 524_288 }));
    let body = format!(
        r#"{{"session":"S-5f1c0b7a94de42c3","request":"K07-S000012","language":"es","body":"L01030149","notifications":{{"channel":"electronic"}},"alert":{{"phone":"600000000"}},"facts":"La farola está rota.\nDesde ayer.","asks":"Que se repare.","attachments":[{{"name":"documento-1.pdf","media_type":"application/pdf","pages":2,"bytes":33,"sha256":"{DOCUMENT_SHA256}","captured_at":"2026-11-25T10:12:00Z","origin":"citizen","state":"EE99","document_type":"TD99"}}],"clock_sure":true}}"#
    );
    let request = peer.requests().remove(0);
    assert!(
        request.starts_with("POST /kiosk/v1/petitions HTTP/1.1\r\n") && request.ends_with(&body),
        "{request}"
    );

    let (sede, peer) = says(ok(REFUSED));
    let represented = Some(represented(DocumentKind::Nie, "X1234567L", "Resident", Some("d'Exemple")));
    let address = PostalAddress {
        street: private("C/ Mayor, 1"),
        postal_code: private("30149"),
        town: private("Villa de Prueba"),
    };
    let notifications = Notifications::Postal { address: Some(address) };
    let other = Petition { represented, notifications, alert: Alert::default(), ..petition() };
    assert!(matches!(sede.open_petition(&other).await, Ok(DraftAnswer::Refused(_))));
    let parts = r#""represented":{"document":{"kind":"nie","number":"X1234567L"},"name":"Resident","surnames":"d'Exemple"},"notifications":{"channel":"postal","address":{"street":"C/ Mayor, 1","postal_code":"30149","town":"Villa de Prueba"}},"alert":{},"#;
    assert!(peer.requests()[0].contains(parts), "{}", peer.requests()[0]);
}

fn represented(kind: DocumentKind, number: &str, name: &str, surnames: Option<&str>) -> Represented {
    let document = PersonDocument { kind, number: private(number) };
    Represented { document, name: private(name), surnames: surnames.map(private) }
}

#[test]
fn the_text_and_the_statement_are_byte_for_byte_those_of_the_contract() {
    let hex = |bytes: [u8; 32]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    assert_eq!(hex(petition().text_sha256()), TEXT);
    let organisation = Petition {
        language: LanguageCode::Ca,
        represented: Some(represented(DocumentKind::Cif, "G12345674", "Associació Fictícia", None)),
        alert: Alert::default(),
        facts: private("Uno."),
        asks: private("Dos."),
        ..petition()
    };
    assert_eq!(
        hex(organisation.text_sha256()),
        "16f722c1933a5285eaf138e03e46eea730db974a503eda9b30e98f850b1dda7f"
    );
    let person = Petition {
        language: LanguageCode::En,
        represented: Some(represented(DocumentKind::Nie, "X1234567L", "Resident", Some("d'Exemple"))),
        notifications: Notifications::Postal {
            address: Some(PostalAddress {
                street: private("C/ Mayor, 1"),
                postal_code: private("30149"),
                town: private("Villa de Prueba"),
            }),
        },
        alert: Alert { email: Some(private("a@b.example")), phone: None },
        ..organisation
    };
    assert_eq!(hex(person.text_sha256()), "3477f4fd746ceaf7a9aa74a01f1b7999016fcc9e5a330e806232db63469cd7e1");
    assert_eq!(petition().statement(&draft()).len(), 123);
    assert_eq!(
        hex(petition().statement_sha256(&draft())),
        "e22d62871721dcbbf20bab241b9730ce396e1aef3997c5cdbcc5ad19f8f6979b"
    );
}

#[test]
fn each_part_of_a_petition_changes_what_is_signed() {
    let one = petition().statement_sha256(&draft());
    let other_document = Attachment { sha256: [0; 32], ..attachment() };
    for other in [
        Petition { request: OperationId("K07-S000013".into()), ..petition() },
        Petition { language: LanguageCode::Ca, ..petition() },
        Petition { body: "L01030150".into(), ..petition() },
        Petition { notifications: Notifications::Postal { address: None }, ..petition() },
        Petition { alert: Alert { email: Some(private("600000000")), phone: None }, ..petition() },
        Petition { facts: private("La farola está rota."), ..petition() },
        Petition {
            facts: private("La farola está rota.\nDesde ayer.Que"),
            asks: private(" se repare."),
            ..petition()
        },
        Petition { attachments: vec![], ..petition() },
        Petition { attachments: vec![other_document], ..petition() },
        Petition { attachments: vec![attachment(), attachment()], ..petition() },
    ] {
        assert_ne!(one, other.statement_sha256(&draft()));
    }
    let draft = Draft { draft: private("D-0f8e7d6c5b4a39281706f5e4d3c2b1a1"), part_bytes: 1024 };
    assert_ne!(one, petition().statement_sha256(&draft));
}

#[tokio::test(start_paused = true)]
async fn what_is_outside_the_limits_is_not_sent() {
    let (sede, peer) = Peer::sede(vec![]);
    let alert = |email: Option<&str>, phone: Option<&str>| Petition {
        alert: Alert { email: email.map(private), phone: phone.map(private) },
        ..petition()
    };
    let for_whom = |kind, number: &str, surnames| Petition {
        represented: Some(represented(kind, number, "Nombre", surnames)),
        ..petition()
    };
    let postal = |street: &str, postal_code: &str, town: &str| Petition {
        notifications: Notifications::Postal {
            address: Some(PostalAddress {
                street: private(street),
                postal_code: private(postal_code),
                town: private(town),
            }),
        },
        ..petition()
    };
    let with = |change: fn(&mut Attachment)| {
        let mut attachment = attachment();
        change(&mut attachment);
        Petition { attachments: vec![attachment], ..petition() }
    };
    for (number, bad) in [
        Petition { session: private("S-1"), ..petition() },
        Petition { request: OperationId("k07-1".into()), ..petition() },
        Petition { body: "L0103014".into(), ..petition() },
        Petition { body: "l01030149".into(), ..petition() },
        Petition { facts: private(""), ..petition() },
        Petition { facts: private(" \n "), ..petition() },
        Petition { facts: private(&"ñ".repeat(4001)), ..petition() },
        Petition { asks: private("a\tb"), ..petition() },
        Petition { asks: private("a\r\nb"), ..petition() },
        Petition { asks: private("\u{202e}"), ..petition() },
        Petition { attachments: vec![attachment(), attachment()], ..petition() },
        alert(Some("nobody"), None),
        alert(Some("a@b"), None),
        alert(Some("a b@c.example"), None),
        alert(Some("a@b..example"), None),
        alert(None, Some("12345678")),
        alert(None, Some("600 000 000")),
        for_whom(DocumentKind::Nif, "00000000X", Some("b")),
        for_whom(DocumentKind::Nif, "X1234567L", Some("b")),
        for_whom(DocumentKind::Nie, "00000000T", Some("b")),
        for_whom(DocumentKind::Nif, "IDCES-00000000T", Some("b")),
        for_whom(DocumentKind::Nif, "00000000T", None),
        for_whom(DocumentKind::Cif, "G12345675", None),
        for_whom(DocumentKind::Cif, "G12345674", Some("b")),
        for_whom(DocumentKind::Passport, "xd0000", Some("b")),
        postal("", "30149", "Villa"),
        postal("Calle", "3014", "Villa"),
        postal("Calle", "30149", "\n"),
        with(|it| it.name = private("../documento.pdf")),
        with(|it| it.name = private(".documento.pdf")),
        with(|it| it.name = private("a/b.pdf")),
        with(|it| it.name = private(&"x".repeat(81))),
        with(|it| it.pages = 0),
        with(|it| it.bytes = 0),
        with(|it| it.bytes = 20_000_001),
    ]
    .into_iter()
    .enumerate()
    {
        let result = sede.open_petition(&bad).await;
        assert!(matches!(result, Err(SedeError::Rejected { status: 422, .. })), "{number}: {result:?}");
    }
    let many: Vec<Attachment> = (0..3)
        .map(|at| Attachment { name: private(&format!("{at}.pdf")), bytes: 20_000_000, ..attachment() })
        .collect();
    assert!(sede.open_petition(&Petition { attachments: many, ..petition() }).await.is_err(), "60 MB in all");
    let short = Draft { draft: private("D-0f8e7d6c5b"), part_bytes: 1024 };
    assert!(sede.register_petition(&petition(), &short, &consent()).await.is_err());
    let will = Will::Consent { version: "a b".into(), language: LanguageCode::Es };
    assert!(sede.register_petition(&petition(), &draft(), &will).await.is_err());
    assert!(sede.discard_petition(&petition().session, &short).await.is_err());
    assert!(sede.registered_petition(&OperationId("../options".into())).await.is_err());
    assert_eq!(peer.requests(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn the_longest_petition_fits_into_a_body_of_the_contract() {
    let attachments = (0..20)
        .map(|at| Attachment { name: private(&format!("{at:02}{}", "𝄞".repeat(78))), ..attachment() })
        .collect();
    let prose = private(&"𝄞".repeat(4000));
    let long = Petition {
        represented: Some(represented(DocumentKind::Other, &"9".repeat(20), &"𝄞".repeat(120), Some("𝄞"))),
        facts: prose.clone(),
        asks: prose,
        attachments,
        ..petition()
    };
    let (sede, peer) = says(ok(ACCEPTED));
    assert!(sede.open_petition(&long).await.is_ok());
    let (_, body) =
        peer.requests()[0].split_once("\r\n\r\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!((32_000..64 * 1024).contains(&body.len()), "{}", body.len());
}

#[tokio::test(start_paused = true)]
async fn answers_outside_the_contract_are_not_believed() {
    for (from, to) in [
        ("L01030149", "L0103014"),
        ("L01030149", "L0103014Ñ"),
        ("\"Ajuntament\"", "\"\""),
        ("v*****@c*****.example", "vecina@correo.example"),
        ("v*****@c*****.example", "*\\u001b"),
        ("\"electronic\":true", "\"electronic\":\"yes\""),
        ("2026-1", "2026 1"),
        ("\"Consent.\"", "\"\\n\""),
        ("\"Consent.\"", &format!("\"{}\"", "x".repeat(1001))),
        ("offered", "perhaps"),
        ("\"bodies\":[", "\"bodies\":[],\"old\":["),
    ] {
        let result = changed(OPTIONS, from, to).petition_options(&petition().session).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}: {result:?}");
    }
    for (from, to) in [
        (DRAFT, "D-0f8e7d6c5b4a3928170"),
        (DRAFT, "D-0f8e7d6c5b4a39281706f5e4/../../../x"),
        (DRAFT, ""),
        ("524288", "524289"),
        ("524288", "1023"),
        ("524288", "-1"),
        ("524288", "1e5"),
    ] {
        let result = changed(ACCEPTED, from, to).open_petition(&petition()).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_registration_says_who_and_what_and_by_which_will() {
    let (sede, peer) = says(ok(&registered()));
    let answer = sede.register_petition(&petition(), &draft(), &consent()).await.unwrap();
    let RegistrationAnswer::Registered(it) = answer else { panic!() };
    assert_eq!((it.number.as_str(), it.csv.as_str()), ("2026-E-000123", "7KQ2M-9XH4T"));
    assert_eq!(it.effective_on.to_string(), "2026-11-30");
    let body = format!(
        r#"{{"session":"S-5f1c0b7a94de42c3","request":"K07-S000012","draft":"{DRAFT}","will":{{"means":"consent","version":"2026-1","language":"ca"}}}}"#
    );
    let request = peer.requests().remove(0);
    assert!(request.starts_with("POST /kiosk/v1/petitions/register HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with(&body), "{request}");

    let (sede, peer) = says(ok(REFUSED));
    let signature = Will::Signature {
        certificate: Base64::of(&[1; 9]),
        chain: vec![Base64::of(&[2; 9])],
        signature: Base64::of(&[3; 9]),
        revocation: None,
    };
    let answer = sede.register_petition(&petition(), &draft(), &signature).await;
    assert!(matches!(answer, Ok(RegistrationAnswer::Refused(_))));
    let will = r#""will":{"means":"signature","certificate":"AQEBAQEBAQEB","chain":["AgICAgICAgIC"],"signature":"AwMDAwMDAwMD"}}"#;
    assert!(peer.requests()[0].ends_with(will), "{}", peer.requests()[0]);
}

#[tokio::test(start_paused = true)]
async fn a_receipt_for_something_else_is_none() {
    for (from, to) in [
        ("L01030149", "L01030150"),
        (TEXT, DOCUMENT_SHA256),
        ("\"pages\":2", "\"pages\":3"),
        ("\"bytes\":33", "\"bytes\":34"),
        (DOCUMENT_SHA256, TEXT),
        ("documento-1.pdf", "documento-2.pdf"),
        ("\"attachments\":[", "\"attachments\":[],\"old\":["),
        ("2026-E-000123", ""),
        ("2026-11-30", "2026-11-27"),
        ("2026-11-30", "2026-12-30"),
        ("2026-11-30", "30-11-2026"),
        ("2026-11-28T10:19:07Z", "9999-12-30T23:59:59Z"),
        ("Instancia general", "\\u0007"),
        ("\"7KQ2M-9XH4T\"", "\"7KQ 2M-9XH4T\""),
        ("https://", "http://"),
    ] {
        let sede = changed(&registered(), from, to);
        let result = sede.register_petition(&petition(), &draft(), &consent()).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{from} -> {to}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn whether_it_was_registered_is_a_question_of_its_own() {
    let entry = r#"{"number":"2026-E-000123","registered_at":"2026-11-28T10:19:07Z"}"#;
    let (sede, peer) = says(ok(entry));
    let found = sede.registered_petition(&petition().request).await.unwrap().unwrap();
    assert_eq!(found.number, "2026-E-000123");
    assert!(peer.requests()[0].starts_with("GET /kiosk/v1/petitions/K07-S000012 HTTP/1.1\r\n"));
    let (sede, _) = says(problem("404 Not Found", "petition-unknown"));
    assert_eq!(sede.registered_petition(&petition().request).await, Ok(None));
    for text in [problem("404 Not Found", "not-found"), answer("404 Not Found", &[], "")] {
        let result = says(text).0.registered_petition(&petition().request).await;
        assert!(matches!(result, Err(SedeError::Rejected { status: 404, .. })), "{result:?}");
    }
    let (sede, peer) = says(answer("204 No Content", &[], ""));
    assert_eq!(sede.discard_petition(&petition().session, &draft()).await, Ok(()));
    let body = format!(r#"{{"session":"S-5f1c0b7a94de42c3","draft":"{DRAFT}"}}"#);
    assert!(peer.requests()[0].ends_with(&body));
}

#[tokio::test(start_paused = true)]
async fn the_catalogue_says_what_a_petition_may_hold() {
    let limits = r#"{"services":[],"cash_max_per_debt":0,"coin_limit":0,
"petitions":{"attachments":3,"total_bytes":9000000},"appointments":{"without_card":true}}"#;
    let catalogue = says(ok(limits)).0.catalogue().await.unwrap();
    let expected = PetitionLimits { attachments: 3, total_bytes: 9_000_000, ..PetitionLimits::default() };
    assert_eq!((catalogue.petitions, catalogue.appointments.without_card), (expected, true));
    let catalogue = says(ok(CATALOGUE)).0.catalogue().await.unwrap();
    assert_eq!(catalogue.petitions, PetitionLimits::default());
    assert!(!catalogue.appointments.without_card);
    for (from, to) in [("3,", "21,"), ("9000000", "50000001"), ("9000000", "0"), ("3,", "300,")] {
        let result = changed(limits, from, to).catalogue().await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_text_holds_what_was_written_or_what_opens_it() {
    let body = r#"{"code":"La farola","title":"600000000","detail":"D-0f8e7d6c5b4a39281706f5e4d3c2b1a0"}"#;
    let hostile = answer("422 Unprocessable Entity", &["content-type: application/problem+json"], body);
    let whole = Petition {
        represented: Some(represented(DocumentKind::Nif, "00000000T", "Empadronada", Some("Sintética"))),
        ..petition()
    };
    let mut texts = vec![
        format!("{:?} {:?} {:?}", whole, draft(), consent()),
        format!("{:?}", says(ok(ACCEPTED)).0.open_petition(&petition()).await),
        format!("{:?}", says(ok(OPTIONS)).0.petition_options(&petition().session).await),
        format!("{:?}", says(ok(&registered())).0.register_petition(&petition(), &draft(), &consent()).await),
    ];
    for sede in
        [says(hostile.clone()).0, says(ok("[\"La farola\"]")).0, changed(ACCEPTED, "524288", "\"La farola\"")]
    {
        let error = sede.open_petition(&petition()).await.unwrap_err();
        texts.push(format!("{error} {error:?} {:?}", sede.reachable().borrow()));
    }
    for text in texts {
        for secret in [
            "farola",
            "repare",
            "600000000",
            "0f8e7d6c",
            "00000000T",
            "Sintética",
            "v***",
            "documento",
            "7KQ2M",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
