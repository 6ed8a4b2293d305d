//! Appointments: what is free, who gets it, and who finds and cancels it.
mod common;

use common::{Client, fits, town};
use jiff::SignedDuration;
use reference_sede::{Endpoint, Fault, Sede};
use serde_json::{Value, json};

async fn ask(client: &mut Client, path: &str, body: &Value, request: &str, answer: &str) -> Value {
    fits(request, body);
    let said = client.post(path, body).await.unwrap();
    assert_eq!(said.status, 200, "{}", said.body);
    fits(answer, &said.json());
    said.json()
}

async fn slots(client: &mut Client, question: Value) -> Value {
    ask(client, "/appointments/slots", &question, "SlotsRequest", "SlotsAnswer").await
}

async fn book(client: &mut Client, order: &Value) -> Value {
    ask(client, "/appointments", order, "AppointmentRequest", "AppointmentAnswer").await
}

async fn find(client: &mut Client, lookup: &Value) -> Vec<Value> {
    let found = ask(client, "/appointments/find", lookup, "AppointmentLookup", "FoundAppointments").await;
    found["appointments"].as_array().unwrap().clone()
}

async fn cancel(client: &mut Client, order: &Value) -> Value {
    ask(client, "/appointments/cancel", order, "AppointmentCancel", "CancelAnswer").await
}

/// The first free slot of a service, as an order.
async fn order(client: &mut Client, request: &str, service: &str, who: Value) -> Value {
    let free = slots(client, json!({ "service": service, "from": "2026-11-25" })).await;
    json!({
        "request": request,
        "service": service,
        "office": free["first"]["office"],
        "start": free["first"]["start"],
        "language": "es",
        "who": who,
    })
}

fn in_session(session: &str) -> Value {
    json!({ "by": "session", "session": session })
}

fn typed(number: &str) -> Value {
    json!({ "by": "typed", "number": number, "name": "Persona Inventada", "phone": "600000000" })
}

fn slip(code: &Value, end: &str) -> Value {
    json!({ "by": "slip", "code": code, "number_end": end })
}

async fn with_number_only(client: &mut Client, number: &str) -> String {
    let session = client.open().await["session"].as_str().unwrap().to_owned();
    let entry = json!({ "session": session, "means": "record", "profile": "x", "number": number });
    assert_eq!(client.post("/sessions/enter", &entry).await.unwrap().json()["level"], "pseudonym");
    session
}

#[tokio::test(start_paused = true)]
async fn what_is_offered_has_a_place() {
    let (sede, _) = town();
    let answer = Client::to(&sede).await.get("/appointments/services").await.unwrap().json();
    fits("AppointmentOffers", &answer);
    assert_eq!(
        (answer["services"].as_array().unwrap().len(), answer["offices"].as_array().unwrap().len()),
        (3, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_free_slot_is_offered_at_once_and_the_month_beside_it() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let free = slots(&mut client, json!({ "service": "padron", "from": "2026-11-25" })).await;
    assert_eq!(free["answer"], "free");
    let days = free["days"].as_array().unwrap();
    assert_eq!(days[0]["day"], free["first"]["start"].as_str().unwrap()[..10]);
    assert_eq!(days[0]["times"][0], free["first"]["start"].as_str().unwrap()[11..16]);
    assert!(free["first"]["start"].as_str().unwrap() > "2026-11-25T11:15:00+01:00", "not in the past");
    let all: Vec<&str> = days.iter().map(|it| it["day"].as_str().unwrap()).collect();
    assert!(all.is_sorted() && all.len() > 8, "{all:?}");
    assert!(all.iter().all(|day| ("2026-11-25".."2026-12-26").contains(day)));
    for day in ["2026-11-28", "2026-11-29", "2026-12-06", "2026-12-08", "2026-12-25"] {
        assert!(!all.contains(&day), "{day} is no working day");
    }
    assert_eq!(free["last_day"], "2027-01-24");
    // The same question at the same time has the same answer; another office has other hours.
    let again =
        slots(&mut client, json!({ "service": "padron", "office": null, "from": "2026-11-25" })).await;
    assert_eq!(again, free);
    let north =
        slots(&mut client, json!({ "service": "padron", "office": "north", "from": "2026-11-25" })).await;
    assert_eq!(north["first"]["office"], "north");
    let first = &north["days"][0]["times"][0];
    assert!(first.as_str().unwrap() >= "16:00", "{first}");
    // A window later on, and one behind the calendar.
    let later = slots(&mut client, json!({ "service": "padron", "from": "2027-01-20" })).await;
    assert!(later["first"]["start"].as_str().unwrap() >= "2027-01-20");
    let never = slots(&mut client, json!({ "service": "padron", "from": "2027-02-01" })).await;
    assert_eq!((&never["answer"], never.get("until")), (&json!("full"), None));
    // A day that is over is taken for today.
    let past = slots(&mut client, json!({ "service": "padron", "from": "2026-01-01" })).await;
    assert_eq!(past["first"], free["first"]);
    hands.advance(SignedDuration::from_hours(24 * 200));
    let summer = slots(&mut client, json!({ "service": "padron", "from": "2027-06-13" })).await;
    assert!(summer["first"]["start"].as_str().unwrap().ends_with("+02:00"), "{}", summer["first"]);
}

#[tokio::test(start_paused = true)]
async fn when_there_is_nothing_the_citizen_is_told_until_when_and_what_else() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let full = slots(&mut client, json!({ "service": "social", "from": "2026-11-25" })).await;
    assert_eq!((&full["answer"], &full["until"]), (&json!("full"), &json!("2026-12-16")));
    assert_eq!(full["channels"].as_array().unwrap().len(), 2);
    let unknown = slots(&mut client, json!({ "service": "moon", "from": "2026-11-25" })).await;
    assert_eq!(unknown["answer"], "full");
    let wanted = json!({
        "request": "K07-A1", "service": "social", "office": "centre", "start": "2026-11-26T09:15:00+01:00",
        "language": "es", "who": typed("00000000T"),
    });
    let refused = book(&mut client, &wanted).await;
    assert_eq!((&refused["answer"], &refused["code"]), (&json!("refused"), &json!("not-offered")));
}

#[tokio::test(start_paused = true)]
async fn an_appointment_takes_its_slot_and_is_on_the_slip_whole() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let wanted = order(&mut client, "K07-A1", "padron", in_session(&session)).await;
    let booked = book(&mut client, &wanted).await;
    assert_eq!(booked["answer"], "booked");
    assert_eq!((&booked["start"], &booked["office"]["office"]), (&wanted["start"], &wanted["office"]));
    assert_eq!((&booked["service_name"]["es"], &booked["ticket"]), (&json!("Padrón"), &json!("A-001")));
    assert!(booked["bring"].as_array().unwrap().len() == 2);
    let free = slots(&mut client, json!({ "service": "padron", "from": "2026-11-25" })).await;
    assert_ne!(free["first"]["start"], wanted["start"]);
    let record = sede.appointments().remove(0);
    assert_eq!((record.number.as_str(), &record.typed, &record.card), ("12345678Z", &None, &None));
    assert_eq!(record.code, booked["code"]);

    let mut late = order(&mut client, "K07-A2", "padron", typed("00000000T")).await;
    late["start"] = wanted["start"].clone();
    let taken = book(&mut client, &late).await;
    assert_eq!(taken["answer"], "slot-taken");
    let next = taken["next"].as_array().unwrap();
    assert!(!next.is_empty() && next.iter().all(|it| it["start"].as_str() > wanted["start"].as_str()));
    // The refusal stays; one of those that are free is another request.
    assert_eq!(book(&mut client, &late).await, taken);
    late["request"] = json!("K07-A3");
    late["start"] = next[0]["start"].clone();
    assert_eq!(book(&mut client, &late).await["answer"], "booked");
}

#[tokio::test(start_paused = true)]
async fn the_same_request_makes_no_second_appointment() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let wanted = order(&mut client, "K07-A1", "taxes", in_session(&session)).await;
    sede.fail_nth(1, Some(Endpoint::BookAppointment), Fault::LoseAnswer);
    assert!(client.post("/appointments", &wanted).await.is_err());
    assert_eq!(sede.appointments().len(), 1);
    let (mut one, mut two) = (Client::to(&sede).await, Client::to(&sede).await);
    let (first, second) =
        tokio::join!(one.post("/appointments", &wanted), two.post("/appointments", &wanted));
    let first = first.unwrap();
    assert_eq!(first.body, second.unwrap().body);
    hands.advance(SignedDuration::from_hours(24 * 400));
    assert_eq!(
        one.post("/appointments", &wanted).await.unwrap().body,
        first.body,
        "the session is long over"
    );
    let mut other = wanted.clone();
    other["language"] = json!("ca");
    let answer = one.post("/appointments", &other).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "request-conflict"));
    other["request"] = json!("K07-A2");
    let answer = one.post("/appointments", &other).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (410, "session-over"));
    assert_eq!(sede.appointments().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn two_people_who_want_the_same_slot_get_one_each() {
    let (sede, _) = town();
    let (mut one, mut two) = (Client::to(&sede).await, Client::to(&sede).await);
    let first = order(&mut one, "K07-A1", "padron", typed("00000000T")).await;
    let mut second = first.clone();
    second["request"] = json!("K07-A2");
    second["who"] = typed("12345678Z");
    let (a, b) = tokio::join!(book(&mut one, &first), book(&mut two, &second));
    let words = [a["answer"].as_str().unwrap(), b["answer"].as_str().unwrap()];
    assert!(words == ["booked", "slot-taken"] || words == ["slot-taken", "booked"], "{words:?}");
    assert_eq!(sede.appointments().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn somebody_else_may_be_faster() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let wanted = order(&mut client, "K07-A1", "padron", typed("00000000T")).await;
    sede.fail_nth(1, Some(Endpoint::BookAppointment), Fault::SlotTaken);
    assert_eq!(book(&mut client, &wanted).await["answer"], "slot-taken");
    let mut again = wanted.clone();
    again["request"] = json!("K07-A2");
    assert_eq!(book(&mut client, &again).await["answer"], "slot-taken", "it is gone for good");
    let next = order(&mut client, "K07-A3", "padron", typed("00000000T")).await;
    assert_ne!(next["start"], wanted["start"]);
    assert!(sede.take_slot("padron", next["office"].as_str().unwrap(), next["start"].as_str().unwrap()));
    assert!(!sede.take_slot("padron", "centre", "2026-12-01T09:15:00+02:00"), "no time of Madrid");
    assert_eq!(book(&mut client, &next).await["answer"], "slot-taken");
    sede.fail_nth(1, Some(Endpoint::BookAppointment), Fault::RefuseAppointment { code: "ordered".into() });
    let refused = order(&mut client, "K07-A4", "padron", typed("00000000T")).await;
    assert_eq!(book(&mut client, &refused).await["code"], "ordered");
    assert!(sede.appointments().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_no_slot_is_not_given() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let good = order(&mut client, "K07-A1", "padron", typed("00000000T")).await;
    for (number, (field, value)) in [
        ("start", json!("2026-11-25T09:15:00+01:00")),
        ("start", json!("2026-11-28T09:15:00+01:00")),
        ("start", json!("2026-12-08T09:15:00+01:00")),
        ("start", json!("2026-11-26T09:16:00+01:00")),
        ("start", json!("2026-11-26T03:00:00+01:00")),
        ("start", json!("2027-03-01T09:15:00+01:00")),
        ("start", json!("2026-11-26T09:15:00+02:00")),
        ("office", json!("elsewhere")),
        ("service", json!("moon")),
    ]
    .into_iter()
    .enumerate()
    {
        let mut wanted = good.clone();
        wanted["request"] = json!(format!("K07-X{number}"));
        wanted[field] = value;
        let answer = book(&mut client, &wanted).await;
        assert_eq!(
            (&answer["answer"], &answer["code"]),
            (&json!("refused"), &json!("not-offered")),
            "{wanted}"
        );
    }
    for (pointer, value) in [
        ("/request", json!("k07")),
        ("/service", json!("../x")),
        ("/language", json!("fr")),
        ("/who/number", json!("00000000X")),
        ("/who/number", json!("B12345674")),
        ("/who/name", json!("")),
        ("/who/name", json!("a\nb")),
        ("/who/phone", json!("6000")),
        ("/who/by", json!("rumour")),
    ] {
        let mut wanted = good.clone();
        *wanted.pointer_mut(pointer).unwrap() = value;
        let answer = client.post("/appointments", &wanted).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (422, "invalid-content"),
            "{pointer}"
        );
    }
    assert!(sede.appointments().is_empty());
}

#[tokio::test(start_paused = true)]
async fn where_a_card_is_needed_a_typed_number_is_not_enough() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let mut catalogue = sede.snapshot().catalogue;
    catalogue.appointments.without_card = false;
    sede.set_catalogue(catalogue);
    let wanted = order(&mut client, "K07-A1", "padron", typed("00000000T")).await;
    assert_eq!(book(&mut client, &wanted).await["code"], "card-needed");
    let session = with_number_only(&mut client, "7700001234567894").await;
    let wanted = order(&mut client, "K07-A2", "padron", in_session(&session)).await;
    assert_eq!(book(&mut client, &wanted).await["answer"], "booked");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_told_of_somebody_whose_number_was_only_typed() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let first = order(&mut client, "K07-A1", "padron", in_session(&session)).await;
    assert_eq!(book(&mut client, &first).await["answer"], "booked");
    let second = order(&mut client, "K07-A2", "padron", in_session(&session)).await;
    assert_eq!(book(&mut client, &second).await["code"], "already-booked");
    // A stranger who types the number is not told that its owner has one already.
    let stranger = order(&mut client, "K07-A3", "padron", typed("12345678Z")).await;
    let answer = book(&mut client, &stranger).await;
    assert_eq!(answer["answer"], "booked");
    assert!(!answer.to_string().contains("Prueba,") && !answer.to_string().contains("Vecina"));
}

#[tokio::test(start_paused = true)]
async fn everybody_finds_their_own_and_nobody_elses() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let session = client.identified(&sede, "12345678Z").await;
    let mut codes = Vec::new();
    for (request, service) in [("K07-A1", "taxes"), ("K07-A2", "padron")] {
        let wanted = order(&mut client, request, service, in_session(&session)).await;
        codes.push(book(&mut client, &wanted).await["code"].clone());
    }
    let found = find(&mut client, &in_session(&session)).await;
    assert_eq!(found.len(), 2);
    assert!(found[0]["start"].as_str() <= found[1]["start"].as_str());
    let neighbour = client.identified(&sede, "00000000T").await;
    assert!(find(&mut client, &in_session(&neighbour)).await.is_empty());
    let stolen = json!({ "by": "session", "session": neighbour, "code": codes[0] });
    assert_eq!(cancel(&mut client, &stolen).await["code"], "appointment-unknown");

    // The card with a number alone is no proof: it opens what was made with it.
    let card = with_number_only(&mut client, "7700001234567894").await;
    assert!(find(&mut client, &in_session(&card)).await.is_empty());
    assert_eq!(
        cancel(&mut client, &json!({ "by": "session", "session": card, "code": codes[0] })).await["code"],
        "appointment-unknown"
    );
    let mut wanted = order(&mut client, "K07-A3", "padron", in_session(&card)).await;
    wanted["office"] = json!("north");
    let north =
        slots(&mut client, json!({ "service": "padron", "office": "north", "from": "2026-11-25" })).await;
    wanted["start"] = north["first"]["start"].clone();
    let made = book(&mut client, &wanted).await;
    assert_eq!((&made["answer"], &made["ticket"]), (&json!("booked"), &json!("B-001")));
    assert_eq!(find(&mut client, &in_session(&card)).await.len(), 1);
    let session = client.identified(&sede, "12345678Z").await;
    assert_eq!(
        find(&mut client, &in_session(&session)).await.len(),
        3,
        "a certificate proves whose they all are"
    );

    hands.advance(SignedDuration::from_hours(24 * 61));
    let session = client.identified(&sede, "12345678Z").await;
    assert!(find(&mut client, &in_session(&session)).await.is_empty(), "they are over");
}

#[tokio::test(start_paused = true)]
async fn a_slip_finds_its_appointment_and_cancels_it_once() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let wanted = order(&mut client, "K07-A1", "padron", typed("X1234567L")).await;
    let made = book(&mut client, &wanted).await;
    let own = slip(&made["code"], "567L");
    let found = find(&mut client, &own).await;
    assert_eq!((found.len(), &found[0]["code"], &found[0]["start"]), (1, &made["code"], &made["start"]));
    assert!(found[0].get("name").is_none() && !found[0].to_string().contains("Inventada"));

    let cancelled = cancel(&mut client, &own).await;
    assert_eq!(cancelled, json!({ "answer": "cancelled", "cancelled_at": "2026-11-25T10:15:00Z" }));
    hands.advance(SignedDuration::from_mins(3));
    assert_eq!(cancel(&mut client, &own).await, cancelled, "the first answer");
    assert!(find(&mut client, &own).await.is_empty());
    assert!(sede.appointments()[0].cancelled_at.is_some());
    let free = slots(&mut client, json!({ "service": "padron", "from": "2026-11-25" })).await;
    assert_eq!(free["first"]["start"], wanted["start"], "the slot is free again");

    let wanted = order(&mut client, "K07-A2", "padron", typed("X1234567L")).await;
    let made = book(&mut client, &wanted).await;
    assert_ne!(made["code"], found[0]["code"]);
    hands.advance(SignedDuration::from_hours(24 * 30));
    assert_eq!(cancel(&mut client, &slip(&made["code"], "567L")).await["code"], "too-late");
}

async fn status(client: &mut Client, path: &str, body: &Value) -> (u16, String) {
    let answer = client.post(path, body).await.unwrap();
    let wait = answer.headers.get("retry-after").map_or("", |it| it.to_str().unwrap()).to_owned();
    if answer.status == 429 {
        assert_eq!(answer.problem(), "too-many-tries");
    }
    (answer.status.as_u16(), wait)
}

/// A code that was made, and one that never was.
async fn made(sede: &Sede, client: &mut Client) -> (Value, Value) {
    let wanted = order(client, "K07-A1", "padron", typed("X1234567L")).await;
    let code = book(client, &wanted).await["code"].clone();
    assert_eq!(sede.appointments().len(), 1);
    (code, json!("ACDEFGHJK"))
}

#[tokio::test(start_paused = true)]
async fn after_five_wrong_tries_none_is_looked_at_for_a_quarter_of_an_hour() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let (code, never) = made(&sede, &mut client).await;
    // A wrong end and a code that never was are answered alike.
    for wrong in [slip(&code, "000T"), slip(&never, "567L"), slip(&code, "568L")] {
        assert!(find(&mut client, &wrong).await.is_empty());
    }
    assert_eq!(cancel(&mut client, &slip(&code, "111H")).await["code"], "appointment-unknown");
    assert_eq!(find(&mut client, &slip(&code, "567L")).await.len(), 1, "a right one is no try");
    assert!(find(&mut client, &slip(&never, "567L")).await.is_empty());
    hands.advance(SignedDuration::from_mins(5));
    for path in ["/appointments/find", "/appointments/cancel"] {
        let stopped = status(&mut client, path, &slip(&code, "567L")).await;
        assert_eq!(stopped, (429, "600".into()), "{path}");
    }
    assert!(sede.appointments()[0].cancelled_at.is_none());
    // Whoever has entered needs no code and is not stopped.
    let session = client.identified(&sede, "X1234567L").await;
    assert_eq!(find(&mut client, &in_session(&session)).await.len(), 1);
    hands.advance(SignedDuration::from_mins(10));
    assert_eq!(find(&mut client, &slip(&code, "567L")).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn codes_that_do_not_check_are_not_tries() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let (code, _) = made(&sede, &mut client).await;
    for _ in 0..3 {
        for (code, end) in
            [("ACDEFGHKJ", "567L"), ("acdefghjk", "567L"), ("ACDEFGHJK", "67L"), ("ACDEFGHJK", "567l")]
        {
            let answer = status(&mut client, "/appointments/find", &slip(&json!(code), end)).await;
            assert_eq!(answer.0, 422, "{code} {end}");
        }
    }
    assert_eq!(find(&mut client, &slip(&code, "567L")).await.len(), 1);
}
