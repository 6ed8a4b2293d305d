//! The calls of an appointment: what goes out, what is believed of what comes in, and what is never shown.
use std::time::Duration;

use jiff::civil::{date, time};
use private::PrivateText;

use super::*;
use crate::nif::Nif;

const OFFERS: &str = r#"{"services":[{"service":"padron","name":{"es":"a","ca":"b","en":"c"},"offices":["centre"]}],
"offices":[{"office":"centre","name":{"es":"d","ca":"e","en":"f"},"address":"Plaza Mayor, 1"}]}"#;
pub(super) const FREE: &str = r#"{"answer":"free","first":{"office":"centre","start":"2026-11-26T09:15:00+01:00"},
"office":"centre","days":[{"day":"2026-11-26","times":["09:15","12:00"]},{"day":"2026-12-25","times":["13:45"]}],
"last_day":"2027-01-24"}"#;
const FULL: &str = r#"{"answer":"full","until":"2026-12-15","channels":[{"es":"a","ca":"b","en":"c"}]}"#;
const BOOKED: &str = r#"{"answer":"booked","code":"ACDEFGHJK","ticket":"A-042","service":"padron",
"service_name":{"es":"a","ca":"b","en":"c"},
"office":{"office":"centre","name":{"es":"d","ca":"e","en":"f"},"address":"Plaza Mayor, 1"},
"start":"2026-11-26T09:15:00+01:00","bring":[{"es":"g","ca":"h","en":"i"}]}"#;
const TAKEN: &str =
    r#"{"answer":"slot-taken","next":[{"office":"centre","start":"2026-11-26T12:00:00+01:00"}]}"#;

fn private(text: &str) -> PrivateText {
    text.to_owned().into()
}

pub(super) fn question() -> SlotsRequest {
    SlotsRequest { service: "padron".into(), office: None, from: date(2026, 11, 25) }
}

fn typed() -> Applicant {
    let number = Nif::typed("00000000T").unwrap().nif;
    Applicant::Typed { number, name: private("Vecina de Prueba"), phone: private("+34600000000") }
}

fn request() -> AppointmentRequest {
    AppointmentRequest {
        request: OperationId("K07-A000004".into()),
        service: "padron".into(),
        office: "centre".into(),
        start: MadridTime::at(date(2026, 11, 26), time(9, 15, 0, 0)).unwrap(),
        language: LanguageCode::Ca,
        who: Applicant::Session { session: private("S-5f1c0b7a94de42c3") },
    }
}

fn slip() -> AppointmentLookup {
    AppointmentLookup::Slip { code: SlipCode::typed("ACD-EFG-HJK").unwrap(), number_end: private("000T") }
}

fn found() -> String {
    format!(r#"{{"appointments":[{}]}}"#, BOOKED.replacen("\"answer\":\"booked\",", "", 1))
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
async fn what_is_offered_and_free_is_read_as_it_is_meant() {
    let (sede, peer) = says(ok(OFFERS));
    let offers = sede.appointment_offers().await.unwrap();
    assert_eq!(
        (offers.services[0].offices[0].as_str(), offers.offices[0].office.as_str()),
        ("centre", "centre")
    );
    assert!(peer.requests()[0].starts_with("GET /kiosk/v1/appointments/services HTTP/1.1\r\n"));

    let (sede, peer) = says(ok(FREE));
    let SlotsAnswer::Free(free) = sede.free_slots(&question()).await.unwrap() else { panic!() };
    assert_eq!(free.first.start.instant(), "2026-11-26T08:15:00Z".parse().unwrap());
    assert_eq!(free.days[0].times, [time(9, 15, 0, 0), time(12, 0, 0, 0)]);
    assert_eq!(free.days[1].day, date(2026, 12, 25));
    assert!(peer.requests()[0].ends_with(r#"{"service":"padron","from":"2026-11-25"}"#));

    let (sede, peer) = says(ok(FULL));
    let asked = SlotsRequest { office: Some("centre".into()), ..question() };
    let SlotsAnswer::Full { until, channels } = sede.free_slots(&asked).await.unwrap() else { panic!() };
    assert_eq!((until, channels.len()), (Some(date(2026, 12, 15)), 1));
    assert!(peer.requests()[0].ends_with(r#"{"service":"padron","office":"centre","from":"2026-11-25"}"#));
    let open = FULL.replacen("\"until\":\"2026-12-15\",", "", 1);
    assert!(matches!(says(ok(&open)).0.free_slots(&asked).await, Ok(SlotsAnswer::Full { until: None, .. })));
}

#[tokio::test(start_paused = true)]
async fn an_appointment_is_ordered_for_a_session_or_a_typed_number() {
    let (sede, peer) = says(ok(BOOKED));
    let AppointmentAnswer::Booked(made) = sede.book_appointment(&request()).await.unwrap() else { panic!() };
    assert_eq!((made.code.as_str(), made.ticket.as_str()), ("ACDEFGHJK", "A-042"));
    assert_eq!((made.start, made.bring.len()), (request().start, 1));
    let body = r#"{"request":"K07-A000004","service":"padron","office":"centre","start":"2026-11-26T09:15:00+01:00","language":"ca","who":{"by":"session","session":"S-5f1c0b7a94de42c3"}}"#;
    let sent = peer.requests().remove(0);
    assert!(sent.starts_with("POST /kiosk/v1/appointments HTTP/1.1\r\n") && sent.ends_with(body), "{sent}");

    let (sede, peer) = says(ok(TAKEN));
    let answer = sede.book_appointment(&AppointmentRequest { who: typed(), ..request() }).await.unwrap();
    let AppointmentAnswer::SlotTaken { next } = answer else { panic!() };
    assert_eq!(next[0].start.time(), time(12, 0, 0, 0));
    let who =
        r#""who":{"by":"typed","number":"00000000T","name":"Vecina de Prueba","phone":"+34600000000"}}"#;
    assert!(peer.requests()[0].ends_with(who), "{}", peer.requests()[0]);
}

#[tokio::test(start_paused = true)]
async fn an_appointment_is_found_and_cancelled_by_its_slip_or_in_a_session() {
    let (sede, peer) = says(ok(&found()));
    let Tried::Answered(all) = sede.find_appointments(&slip()).await.unwrap() else { panic!() };
    assert_eq!(all.len(), 1);
    let body = r#"{"by":"slip","code":"ACDEFGHJK","number_end":"000T"}"#;
    let sent = peer.requests().remove(0);
    assert!(
        sent.starts_with("POST /kiosk/v1/appointments/find HTTP/1.1\r\n") && sent.ends_with(body),
        "{sent}"
    );
    let session = AppointmentLookup::Session { session: private("S-5f1c0b7a94de42c3") };
    let none = says(ok(r#"{"appointments":[]}"#)).0.find_appointments(&session).await;
    assert_eq!(none, Ok(Tried::Answered(vec![])));

    let cancelled = r#"{"answer":"cancelled","cancelled_at":"2026-11-25T10:30:00Z"}"#;
    let (sede, peer) = says(ok(cancelled));
    let code = SlipCode::typed("ACDEFGHJK").unwrap();
    let cancel = AppointmentCancel::Session { session: private("S-5f1c0b7a94de42c3"), code };
    let at = "2026-11-25T10:30:00Z".parse().unwrap();
    let answer = sede.cancel_appointment(&cancel).await;
    assert_eq!(answer, Ok(Tried::Answered(CancelAnswer::Cancelled { cancelled_at: at })));
    let body = r#"{"by":"session","session":"S-5f1c0b7a94de42c3","code":"ACDEFGHJK"}"#;
    assert!(peer.requests()[0].ends_with(body), "{}", peer.requests()[0]);
}

#[tokio::test(start_paused = true)]
async fn too_many_wrong_tries_stop_one_person_and_nobody_else() {
    let body = r#"{"code":"too-many-tries"}"#;
    let many =
        |wait: &str| answer("429 Too Many Requests", &["content-type: application/problem+json", wait], body);
    for (wait, expected) in [
        ("retry-after: 900", Some(900)),
        ("retry-after: 9999999", Some(3600)),
        ("retry-after: soon", None),
        ("x: y", None),
    ] {
        let (sede, _) = says(many(wait));
        let tried = sede.find_appointments(&slip()).await;
        assert_eq!(tried, Ok(Tried::TooMany { wait: expected.map(Duration::from_secs) }));
        let known = sede.reachable().borrow().clone();
        assert_eq!((known.contact, known.retry_at), (Contact::Answering, None), "{wait}");
    }
    let AppointmentLookup::Slip { code, number_end } = slip() else { panic!() };
    let tried = says(many("x: y")).0.cancel_appointment(&AppointmentCancel::Slip { code, number_end }).await;
    assert_eq!(tried, Ok(Tried::TooMany { wait: None }));
    // Another 429 is the sede's own trouble.
    let (sede, _) = says(problem("429 Too Many Requests", "too-many-requests"));
    assert_eq!(sede.find_appointments(&slip()).await, Err(SedeError::Unavailable(429)));
    assert!(matches!(sede.reachable().borrow().contact, Contact::Failing(_)));
}

#[tokio::test(start_paused = true)]
async fn answers_outside_the_contract_are_not_believed() {
    for (from, to) in [
        ("padron", "pad ron"),
        ("[\"centre\"]", "[]"),
        ("[\"centre\"]", "[\"elsewhere\"]"),
        ("\"office\":\"centre\"", "\"office\":\"\""),
        ("Plaza Mayor, 1", "\\u001b"),
        ("Plaza Mayor, 1", ""),
        ("\"f\"", "\"\""),
    ] {
        let result = changed(OFFERS, from, to).appointment_offers().await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}: {result:?}");
    }
    for (from, to) in [
        ("09:15:00+01:00", "09:15:00+02:00"),
        ("09:15:00+01:00", "08:15:00Z"),
        ("2026-11-26T09", "2026-11-24T09"),
        ("2026-11-26T09", "2027-02-26T09"),
        ("\"office\":\"centre\",\"days\"", "\"office\":\"north\",\"days\""),
        ("\"2026-11-26\"", "\"2026-12-25\""),
        ("\"2026-11-26\"", "\"2026-11-24\""),
        ("\"2026-12-25\"", "\"2026-12-26\""),
        ("[\"09:15\",\"12:00\"]", "[]"),
        ("[\"09:15\",\"12:00\"]", "[\"12:00\",\"09:15\"]"),
        ("[\"09:15\",\"12:00\"]", "[\"09:15\",\"09:15\"]"),
        ("\"09:15\"", "\"9:15\""),
        ("\"09:15\"", "\"09:60\""),
        ("\"09:15\"", "\"+9:15\""),
        ("\"09:15\"", "\"09:15:00\""),
        ("2027-01-24", "2026-11-25"),
    ] {
        let result = changed(FREE, from, to).free_slots(&question()).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{from} -> {to}: {result:?}");
    }
    let north = SlotsRequest { office: Some("north".into()), ..question() };
    assert!(matches!(says(ok(FREE)).0.free_slots(&north).await, Err(SedeError::Malformed(_))));
    for (from, to) in [("2026-12-15", "2026-11-24"), ("[{\"es\":\"a\",\"ca\":\"b\",\"en\":\"c\"}]", "[]")] {
        let result = changed(FULL, from, to).free_slots(&question()).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}: {result:?}");
    }
    for (from, to) in [
        ("ACDEFGHJK", "ACDEFGHKJ"),
        ("ACDEFGHJK", "ACD-EFG-HJK"),
        ("A-042", ""),
        ("A-042", "A-04200000000"),
        ("\"padron\"", "\"taxes\""),
        ("\"office\":\"centre\"", "\"office\":\"north\""),
        ("09:15:00+01:00", "09:30:00+01:00"),
        ("\"g\"", "\"\\n\""),
        ("booked", "perhaps"),
    ] {
        let result = changed(BOOKED, from, to).book_appointment(&request()).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{to}: {result:?}");
    }
    let slot = r#"{"office":"centre","start":"2026-11-26T12:00:00+01:00"}"#;
    let many = TAKEN.replacen(slot, &[slot; 11].join(","), 1);
    assert!(matches!(says(ok(&many)).0.book_appointment(&request()).await, Err(SedeError::Malformed(_))));
}

#[tokio::test(start_paused = true)]
async fn of_other_people_nothing_is_believed() {
    let good = found();
    let other = changed(&good, "ACDEFGHJK", "ACDEFGHJ3").find_appointments(&slip()).await;
    assert!(matches!(other, Err(SedeError::Malformed(_))), "no code: {other:?}");
    // A code that is one, and is not the slip's.
    let other = changed(&good, "ACDEFGHJK", "EXAMPKE4J").find_appointments(&slip()).await;
    assert!(matches!(other, Err(SedeError::Malformed(_))), "{other:?}");
    let one = BOOKED.replacen("\"answer\":\"booked\",", "", 1);
    let two = format!(r#"{{"appointments":[{one},{one}]}}"#);
    assert!(matches!(says(ok(&two)).0.find_appointments(&slip()).await, Err(SedeError::Malformed(_))));
    let session = AppointmentLookup::Session { session: private("S-5f1c0b7a94de42c3") };
    assert!(says(ok(&two)).0.find_appointments(&session).await.is_ok());
    let seventeen = format!(r#"{{"appointments":[{}]}}"#, vec![one; 17].join(","));
    let result = says(ok(&seventeen)).0.find_appointments(&session).await;
    assert!(matches!(result, Err(SedeError::Malformed(_))));
}

#[tokio::test(start_paused = true)]
async fn what_is_outside_the_limits_is_not_sent() {
    let (sede, peer) = Peer::sede(vec![]);
    assert!(sede.free_slots(&SlotsRequest { service: String::new(), ..question() }).await.is_err());
    assert!(sede.free_slots(&SlotsRequest { office: Some("a b".into()), ..question() }).await.is_err());
    let Applicant::Typed { number, .. } = typed() else { panic!() };
    let who = |name: &str, phone: &str| Applicant::Typed {
        number: number.clone(),
        name: private(name),
        phone: private(phone),
    };
    for bad in [
        AppointmentRequest { request: OperationId("K07".into()), ..request() },
        AppointmentRequest { service: "../x".into(), ..request() },
        AppointmentRequest { office: String::new(), ..request() },
        AppointmentRequest { who: Applicant::Session { session: private("S-1") }, ..request() },
        AppointmentRequest { who: who("", "600000000"), ..request() },
        AppointmentRequest { who: who("\u{202e}", "600000000"), ..request() },
        AppointmentRequest { who: who("Vecina", "6000"), ..request() },
        AppointmentRequest { who: who("Vecina", "+"), ..request() },
    ] {
        let result = sede.book_appointment(&bad).await;
        assert!(matches!(result, Err(SedeError::Rejected { status: 422, .. })), "{bad:?}");
    }
    for end in ["", "00T", "0000T", "000t", "ABCT", "00ÑT"] {
        let code = SlipCode::typed("ACDEFGHJK").unwrap();
        let lookup = AppointmentLookup::Slip { code: code.clone(), number_end: private(end) };
        assert!(sede.find_appointments(&lookup).await.is_err(), "{end}");
        let cancel = AppointmentCancel::Slip { code, number_end: private(end) };
        assert!(sede.cancel_appointment(&cancel).await.is_err(), "{end}");
    }
    assert_eq!(peer.requests(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn no_text_holds_a_name_a_number_or_a_code() {
    let body = r#"{"code":"Vecina","title":"600000000","detail":"ACDEFGHJK 00000000T"}"#;
    let hostile = answer("422 Unprocessable Entity", &["content-type: application/problem+json"], body);
    let ordered = AppointmentRequest { who: typed(), ..request() };
    let mut texts = vec![
        format!("{ordered:?} {:?}", slip()),
        format!("{:?}", says(ok(BOOKED)).0.book_appointment(&ordered).await),
        format!("{:?}", says(ok(&found())).0.find_appointments(&slip()).await),
    ];
    for sede in [says(hostile).0, changed(BOOKED, "booked", "Vecina")] {
        let error = sede.book_appointment(&ordered).await.unwrap_err();
        texts.push(format!("{error} {error:?} {:?}", sede.reachable().borrow()));
    }
    for text in texts {
        for secret in ["Vecina", "600000000", "ACDEFGHJK", "00000000T", "000T"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
