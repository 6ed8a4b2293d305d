//! Every answer of the reference sede is one of `firmware/sede-api.yaml`, and the text's own examples are too.
mod common;

use common::{CONTRACT, Client, against, fits, order, request, town};
use http_body_util::Full;
use serde_json::{Value, json};

fn examples(content: &Value) -> Vec<Value> {
    let several = content["examples"].as_object().into_iter().flatten().map(|(_, it)| it["value"].clone());
    content.get("example").cloned().into_iter().chain(several).collect()
}

fn schema_name(content: &Value) -> &str {
    content["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap()
}

#[test]
fn the_examples_of_the_contract_fit_its_schemas() {
    let mut checked = 0;
    let items = CONTRACT["paths"].as_object().unwrap().values().flat_map(|it| it.as_object().unwrap());
    for (_, operation) in items.filter(|(name, _)| *name != "parameters") {
        let bodies = operation["responses"].as_object().unwrap().values().chain(operation.get("requestBody"));
        for content in bodies.filter_map(|body| body["content"].get("application/json")) {
            for example in examples(content) {
                fits(schema_name(content), &example);
                checked += 1;
            }
        }
    }
    assert!(checked >= 51, "{checked}");
}

#[test]
fn the_schemas_reject_what_would_harm_a_printer_or_a_sum() {
    let answers =
        &CONTRACT["paths"]["/debts/lookup"]["post"]["responses"]["200"]["content"]["application/json"];
    let good = answers["examples"]["payable"]["value"].clone();
    fits("DebtAnswer", &good);
    for (field, bad) in [
        ("amount", json!(-6540)),
        ("amount", json!(0)),
        ("amount", json!(65.4)),
        ("amount", json!("6540")),
        ("concept", json!("\u{1b}i")),
        ("concept", json!("a\nb")),
        ("concept", json!("\u{202e}042 .ciV")),
        ("concept", json!("")),
        ("concept", json!("x".repeat(121))),
        ("quote", json!("../../x")),
        ("expires_at", json!("tomorrow")),
        ("expires_at", json!("2026-11-25T11:30:00+01:00")),
        ("answer", json!("perhaps")),
    ] {
        let mut value = good.clone();
        value[field] = bad;
        assert!(against("DebtAnswer", &value).is_some(), "{field}: {value}");
    }
}

#[test]
fn the_schemas_reject_half_a_reduction() {
    let answers =
        &CONTRACT["paths"]["/debts/lookup"]["post"]["responses"]["200"]["content"]["application/json"];
    let good = answers["examples"]["payable-reduced"]["value"].clone();
    fits("DebtAnswer", &good);
    for reduction in [
        json!({}),
        json!({ "full_amount": 20_000 }),
        json!({ "reduced_until": "2026-12-05" }),
        json!({ "full_amount": 0, "reduced_until": "2026-12-05" }),
        json!({ "full_amount": 200.5, "reduced_until": "2026-12-05" }),
        json!({ "full_amount": "20000", "reduced_until": "2026-12-05" }),
        json!({ "full_amount": 20_000, "reduced_until": "5 de diciembre" }),
        json!({ "full_amount": 20_000, "reduced_until": "2026-12-32" }),
        json!(true),
    ] {
        let mut value = good.clone();
        value["reduction"] = reduction;
        assert!(against("DebtAnswer", &value).is_some(), "{value}");
    }
    for reduction in [json!(null), json!({ "full_amount": 20_000, "reduced_until": "2026-12-05", "new": 1 })]
    {
        let mut value = good.clone();
        value["reduction"] = reduction;
        fits("DebtAnswer", &value);
    }
}

#[tokio::test(start_paused = true)]
async fn every_path_of_the_contract_is_served_and_only_with_its_methods() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let mut served = 0;
    for (path, methods) in CONTRACT["paths"].as_object().unwrap() {
        let path = path
            .replace("{operation}", "K07-000412")
            .replace("{request}", "K07-S000012")
            .replace("{draft}", "D-0f8e7d6c5b4a39281706f5e4d3c2b1a0")
            .replace("{number}", "1");
        // Whatever answers to GET answers to HEAD, which the contract says of one path only.
        let head = path.contains("/attachments/").then_some("HEAD");
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"].into_iter().chain(head) {
            let answer = client.send(request(method, &path).body(Full::default()).unwrap()).await.unwrap();
            let known = methods.get(method.to_ascii_lowercase()).is_some();
            assert_eq!(answer.status != 405, known, "{method} {path}: {}", answer.body);
            let unknown = ["operation-unknown", "petition-unknown", "draft-unknown"];
            let is_known = || method == "HEAD" || unknown.contains(&answer.problem().as_str());
            assert!(answer.status != 404 || is_known(), "{method} {path}");
            served += usize::from(known);
        }
    }
    assert_eq!(served, 24);
}

#[tokio::test(start_paused = true)]
async fn the_catalogue_is_by_the_contract() {
    let (sede, _) = town();
    let answer = Client::to(&sede).await.get("/catalogue").await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["date"], "Wed, 25 Nov 2026 10:15:00 GMT");
    fits("Catalogue", &answer.json());
}

#[tokio::test(start_paused = true)]
async fn each_bill_of_the_shelf_gets_an_answer_by_the_contract() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let mut seen = std::collections::BTreeSet::new();
    for bill in sede.shelf() {
        fits("DebtLookup", &json!({ "digits": bill.digits }));
        let answer = client.post("/debts/lookup", &json!({ "digits": bill.digits })).await.unwrap();
        assert_eq!(answer.status, 200);
        fits("DebtAnswer", &answer.json());
        let word = answer.json()["answer"].as_str().unwrap().to_owned();
        let expected = match serde_json::to_value(bill.state).unwrap().as_str().unwrap() {
            "paid" => "already-paid".to_owned(),
            "elsewhere" => "not-payable-here".to_owned(),
            same => same.to_owned(),
        };
        assert_eq!(word, expected, "{}", bill.name);
        seen.insert(word);
    }
    let all = ["already-paid", "lapsed", "not-payable-here", "payable", "unknown"];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all);
}

#[tokio::test(start_paused = true)]
async fn payments_and_events_are_answered_by_the_contract() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let quote = client.quote(&sede, "vehicle-tax").await;
    assert_eq!((&quote["concept"], &quote["amount"]), (&json!("Impuesto de vehículos 2026"), &json!(6540)));

    let paid = order("K07-000412", &quote);
    fits("PaymentOrder", &paid);
    let booked = client.pay(&paid).await.unwrap();
    assert_eq!(
        (booked.status.as_u16(), &booked.headers["idempotency-key"]),
        (200, &"K07-000412".parse().unwrap())
    );
    fits("PaymentAnswer", &booked.json());
    assert_eq!(booked.json()["answer"], "booked");

    let refused = client.pay(&order("K07-000413", &quote)).await.unwrap();
    fits("PaymentAnswer", &refused.json());
    assert_eq!(refused.json()["code"], "already-paid");

    let events = json!({ "events": [{ "id": "K07-E1", "at": common::NOW, "clock_sure": true, "kind": "health", "detail": "all ready" }] });
    fits("EventBatch", &events);
    let noted = client.post("/events", &events).await.unwrap();
    assert_eq!((noted.status.as_u16(), noted.body.as_str()), (204, ""));
}

#[tokio::test(start_paused = true)]
async fn a_field_that_is_not_known_is_passed_over() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let quote = client.quote(&sede, "one-note").await;
    let mut order = order("K07-000001", &quote);
    order["of_next_year"] = json!({ "any": "thing" });
    assert_eq!(client.pay(&order).await.unwrap().json()["answer"], "booked");
}

#[tokio::test(start_paused = true)]
async fn each_misuse_has_its_problem_document() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let quote = client.quote(&sede, "one-note").await;
    let good = order("K07-000001", &quote);

    let mut check = async |request: hyper::Request<Full<hyper::body::Bytes>>, status: u16, code: &str| {
        let what = format!("{request:?}");
        let answer = client.send(request).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{what}");
        answer
    };
    let post = |path: &str, body: String| {
        request("POST", path).header("content-type", "application/json").body(Full::from(body)).unwrap()
    };
    let pay = |key: &str, body: &Value| {
        request("POST", "/payments")
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Full::from(body.to_string()))
            .unwrap()
    };
    let changed = |field: &str, value: Value| {
        let mut order = good.clone();
        order[field] = value;
        order
    };

    check(request("GET", "/nowhere").body(Full::default()).unwrap(), 404, "not-found").await;
    let answer =
        check(request("GET", "/payments").body(Full::default()).unwrap(), 405, "method-not-allowed").await;
    assert_eq!(answer.headers["allow"], "POST");
    check(request("GET", "/payments/K07-000009").body(Full::default()).unwrap(), 404, "operation-unknown")
        .await;
    check(request("GET", "/payments/k07").body(Full::default()).unwrap(), 422, "invalid-content").await;
    check(post("/debts/lookup", "{\"digits\":".into()), 400, "malformed-request").await;
    check(post("/debts/lookup", "{}".into()), 422, "invalid-content").await;
    check(post("/debts/lookup", json!({ "digits": "90521x" }).to_string()), 422, "invalid-content").await;
    check(post("/debts/lookup", json!({ "digits": "9".repeat(65) }).to_string()), 422, "invalid-content")
        .await;
    check(post("/debts/lookup", " ".repeat(70_000)), 413, "too-large").await;
    let text =
        request("POST", "/events").header("content-type", "text/plain").body(Full::from("{}")).unwrap();
    check(text, 415, "not-json").await;
    check(post("/payments", good.to_string()), 400, "malformed-request").await;
    check(pay("K07-000002", &good), 400, "malformed-request").await;
    check(pay("K07-000001", &changed("amount", json!(0))), 422, "invalid-content").await;
    check(pay("K07-000001", &changed("amount", json!(20.5))), 422, "invalid-content").await;
    check(pay("K07-000001", &changed("inserted", json!(1))), 422, "invalid-content").await;
    check(pay("K07-000001", &changed("taken_at", json!("yesterday"))), 422, "invalid-content").await;
    check(pay("k07", &changed("operation", json!("k07"))), 422, "invalid-content").await;
    check(post("/events", json!({ "events": [] }).to_string()), 422, "invalid-content").await;
    let bad = json!({ "events": [{ "id": "E 1", "at": common::NOW, "clock_sure": true, "kind": "health", "detail": "" }] });
    check(post("/events", bad.to_string()), 422, "invalid-content").await;

    assert_eq!(sede.bookings(), vec![], "nothing of that was acted upon");
    assert_eq!(sede.events(), vec![]);
    assert!(sede.orders().is_empty());
}
