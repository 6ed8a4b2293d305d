//! Attachments in parts: interrupted anywhere, twice, out of order, damaged; whole and right in the end, or not there.
mod common;

use common::petitions::{Part, consent, digest, document, part, petition};
use common::{Client, request, town};
use http_body_util::Full;
use jiff::SignedDuration;
use reference_sede::{Endpoint, Fault, Sede};

/// A draft with one document.
async fn draft(sede: &Sede, client: &mut Client, whole: &[u8]) -> String {
    let session = client.identified(sede, "12345678Z").await;
    client.draft(&petition(&session, "K07-S1", &[whole.to_vec()])).await
}

fn at(offset: usize, complete: bool) -> (u16, String, String) {
    (204, offset.to_string(), if complete { "?1" } else { "?0" }.to_owned())
}

const GONE: u16 = 404;

#[tokio::test(start_paused = true)]
async fn an_upload_that_breaks_after_any_part_goes_on_from_there() {
    let whole = document(1, 1000);
    for broken in 0..10 {
        let (sede, _) = town();
        let mut client = Client::to(&sede).await;
        let draft = draft(&sede, &mut client, &whole).await;
        sede.fail_nth(broken + 1, Some(Endpoint::UploadPart), Fault::LoseAnswer);
        let mut offset = 0;
        while offset < whole.len() {
            let end = whole.len().min(offset + 100);
            if client.patch(&draft, 1, &part(&whole, offset, end)).await.is_err() {
                client = Client::to(&sede).await;
                // It was stored, and its answer was lost: asking tells so.
                assert_eq!(client.progress(&draft, 1).await, at(end, end == whole.len()));
            }
            offset = end;
        }
        assert_eq!(client.progress(&draft, 1).await, at(1000, true), "broken at part {broken}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_that_never_arrived_is_not_there() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let whole = document(1, 1000);
    let draft = draft(&sede, &mut client, &whole).await;
    sede.fail_nth(2, Some(Endpoint::UploadPart), Fault::Refuse);
    assert_eq!(client.patch(&draft, 1, &part(&whole, 0, 500)).await.unwrap().status, 204);
    assert!(client.patch(&draft, 1, &part(&whole, 500, 1000)).await.is_err());
    let mut client = Client::to(&sede).await;
    assert_eq!(client.progress(&draft, 1).await, at(500, false));
    assert_eq!(client.patch(&draft, 1, &part(&whole, 500, 1000)).await.unwrap().status, 204);
    assert_eq!(client.progress(&draft, 1).await, at(1000, true));
}

#[tokio::test(start_paused = true)]
async fn a_part_that_comes_twice_changes_nothing() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let whole = document(1, 1000);
    let draft = draft(&sede, &mut client, &whole).await;
    for (offset, end, there) in
        [(0, 400, 400), (0, 400, 400), (400, 700, 700), (0, 400, 700), (400, 700, 700)]
    {
        let answer = client.patch(&draft, 1, &part(&whole, offset, end)).await.unwrap();
        assert_eq!(answer.status, 204);
        assert_eq!(answer.headers["upload-offset"], there.to_string().as_str());
        assert_eq!(answer.headers["upload-complete"], "?0");
    }
    for _ in 0..2 {
        let answer = client.patch(&draft, 1, &part(&whole, 700, 1000)).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), &answer.headers["upload-complete"]),
            (204, &"?1".parse().unwrap())
        );
    }
    // Two copies at the same time are one part.
    let (mut one, mut two) = (Client::to(&sede).await, Client::to(&sede).await);
    let last = part(&whole, 700, 1000);
    let (first, second) = tokio::join!(one.patch(&draft, 1, &last), two.patch(&draft, 1, &last));
    assert_eq!((first.unwrap().status.as_u16(), second.unwrap().status.as_u16()), (204, 204));
    assert_eq!(client.progress(&draft, 1).await, at(1000, true));
}

#[tokio::test(start_paused = true)]
async fn parts_out_of_order_are_told_where_to_go_on() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let whole = document(1, 1000);
    let draft = draft(&sede, &mut client, &whole).await;
    let other = document(9, 1000);
    for (sent, there) in [(part(&whole, 400, 700), 0), (part(&whole, 700, 1000), 0)] {
        let answer = client.patch(&draft, 1, &sent).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "mismatching-upload-offset"));
        assert_eq!(answer.headers["upload-offset"], there.to_string().as_str());
    }
    client.patch(&draft, 1, &part(&whole, 0, 400)).await.unwrap();
    // What overlaps is no repetition, and neither are other bytes at a place that is filled.
    for sent in [part(&whole, 300, 500), part(&other, 0, 400), part(&whole, 399, 401), part(&other, 100, 200)]
    {
        let answer = client.patch(&draft, 1, &sent).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "mismatching-upload-offset"));
        assert_eq!(answer.headers["upload-offset"], "400");
    }
    assert_eq!(client.patch(&draft, 1, &part(&whole, 100, 200)).await.unwrap().status, 204);
    client.patch(&draft, 1, &part(&whole, 400, 1000)).await.unwrap();
    assert_eq!(client.progress(&draft, 1).await, at(1000, true));
}

#[tokio::test(start_paused = true)]
async fn a_damaged_part_is_not_stored() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let whole = document(1, 1000);
    let draft = draft(&sede, &mut client, &whole).await;
    let damaged = document(2, 500);
    let sent = Part { bytes: &damaged, ..part(&whole, 0, 500) };
    let answer = client.patch(&draft, 1, &sent).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (400, "digest-mismatching-values"));
    assert_eq!(client.progress(&draft, 1).await, at(0, false));
    client.upload(&draft, 1, &whole, 500).await;
}

#[tokio::test(start_paused = true)]
async fn a_document_that_is_not_the_announced_one_begins_again() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let (whole, other) = (document(1, 1000), document(2, 1000));
    let draft = draft(&sede, &mut client, &whole).await;
    client.patch(&draft, 1, &part(&other, 0, 500)).await.unwrap();
    let answer = client.patch(&draft, 1, &part(&other, 500, 1000)).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "attachment-differs"));
    assert_eq!(client.progress(&draft, 1).await, at(0, false));
    client.upload(&draft, 1, &whole, 500).await;
    assert_eq!(client.progress(&draft, 1).await, at(1000, true));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_as_the_contract_wants_it_is_refused_by_name() {
    let (sede, _) = town();
    sede.set_part_bytes(2000);
    let mut client = Client::to(&sede).await;
    let whole = document(1, 5000);
    let draft = draft(&sede, &mut client, &whole).await;
    let good = || part(&whole, 0, 1000);
    let sha512 = format!("sha-512=:{}:", "A".repeat(86) + "==");
    for (sent, status, code) in [
        (Part { offset: "-1".into(), ..good() }, 400, "malformed-request"),
        (Part { offset: "one".into(), ..good() }, 400, "malformed-request"),
        (Part { offset: "1.5".into(), ..good() }, 400, "malformed-request"),
        (Part { offset: "99999999999999999999".into(), ..good() }, 400, "malformed-request"),
        (Part { complete: "0", ..good() }, 400, "malformed-request"),
        (Part { complete: "", ..good() }, 400, "malformed-request"),
        (Part { digest: sha512, ..good() }, 400, "malformed-request"),
        (Part { digest: "sha-256=:AAAA:".into(), ..good() }, 400, "malformed-request"),
        (Part { digest: digest(&whole[..1000])[..20].into(), ..good() }, 400, "malformed-request"),
        (Part { kind: "application/octet-stream", ..good() }, 415, "not-partial-upload"),
        (Part { complete: "?1", ..good() }, 400, "inconsistent-upload-length"),
        (Part { offset: "4500".into(), ..good() }, 400, "inconsistent-upload-length"),
        (Part { offset: "4000".into(), ..good() }, 400, "inconsistent-upload-length"),
        (part(&whole, 0, 2001), 413, "too-large"),
    ] {
        let answer = client.patch(&draft, 1, &sent).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{}", sent.offset);
        client = Client::to(&sede).await;
    }
    let bare = request("PATCH", &format!("/petitions/{draft}/attachments/1"));
    let answer = client.send(bare.body(Full::default()).unwrap()).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (415, "not-partial-upload"));
    for (number, status, code) in
        [(0, 422, "invalid-content"), (2, 404, "attachment-unknown"), (21, 422, "invalid-content")]
    {
        let answer = client.patch(&draft, number, &good()).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{number}");
    }
    for (name, status, code) in
        [("D-0f8e7d6c5b4a39281706f5e4d3c2b1a0", 404, "draft-unknown"), ("D-0f8e", 422, "invalid-content")]
    {
        let answer = client.patch(name, 1, &good()).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{name}");
    }
    assert_eq!(client.progress(&draft, 1).await, at(0, false));
}

#[tokio::test(start_paused = true)]
async fn uploading_keeps_the_session_alive_and_ends_with_it() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let whole = document(1, 1000);
    let draft = draft(&sede, &mut client, &whole).await;
    for offset in [0, 100, 200] {
        hands.advance(SignedDuration::from_secs(299));
        let answer = client.patch(&draft, 1, &part(&whole, offset, offset + 100)).await.unwrap();
        assert_eq!(answer.status, 204);
    }
    hands.advance(SignedDuration::from_secs(299));
    assert_eq!(client.progress(&draft, 1).await, at(300, false));
    assert_eq!((sede.sessions(), sede.drafts()), (1, 1));
    hands.advance(SignedDuration::from_secs(300));
    let answer = client.patch(&draft, 1, &part(&whole, 300, 400)).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "draft-unknown"));
    assert_eq!(client.progress(&draft, 1).await.0, GONE);
    assert_eq!((sede.sessions(), sede.drafts()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_draft_is_over_by_the_kiosks_word_and_by_the_next_session() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let whole = document(1, 1000);
    let session = client.identified(&sede, "12345678Z").await;
    let first = client.draft(&petition(&session, "K07-S1", std::slice::from_ref(&whole))).await;
    let second = client.draft(&petition(&session, "K07-S2", std::slice::from_ref(&whole))).await;
    assert_eq!(sede.drafts(), 2);
    for _ in 0..2 {
        let ended = serde_json::json!({ "session": session, "draft": first });
        common::fits("PetitionDiscard", &ended);
        assert_eq!(client.post("/petitions/discard", &ended).await.unwrap().status, 204);
    }
    assert_eq!(client.progress(&first, 1).await.0, GONE);
    assert_eq!(client.progress(&second, 1).await, at(0, false));
    let next = client.identified(&sede, "00000000T").await;
    assert_eq!(client.progress(&second, 1).await.0, GONE);
    assert_eq!(sede.drafts(), 0);
    // What somebody else had opened is not theirs to register either.
    let order = petition(&next, "K07-S2", &[whole]);
    let answer = client.register(&order, &second, &consent()).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "draft-unknown"));
}

#[tokio::test(start_paused = true)]
async fn half_a_megabyte_goes_in_one_part_and_not_a_byte_more() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let whole = document(1, 700_000);
    let draft = draft(&sede, &mut client, &whole).await;
    let answer = client.patch(&draft, 1, &part(&whole, 0, 524_289)).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (413, "too-large"));
    Client::to(&sede).await.upload(&draft, 1, &whole, 524_288).await;
}
