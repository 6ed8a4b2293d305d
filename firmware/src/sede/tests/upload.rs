//! An attachment on its way, part by part: what goes out, and what is believed of where the sede goes on.
use tokio::time::Instant;

use super::petition::{DOCUMENT, DRAFT, draft};
use super::*;

const WHOLE: u32 = 33;

fn stored(offset: u32, complete: &str) -> String {
    let offset = format!("upload-offset: {offset}");
    answer("204 No Content", &[&offset, &format!("upload-complete: {complete}")], "")
}

fn part(offset: u32, length: u32) -> AttachmentPart<'static> {
    AttachmentPart::next(1, DOCUMENT, offset, length).unwrap()
}

fn says(text: String) -> (Sede, Peer) {
    Peer::sede(vec![Line::Up(vec![Step::SayAndClose(text)])])
}

#[test]
fn the_parts_of_a_document_are_the_document() {
    for length in [1, 2, 10, 32, 33, 34, 1000] {
        let (mut offset, mut whole) = (0, Vec::new());
        while let Some(part) = AttachmentPart::next(3, DOCUMENT, offset, length) {
            assert_eq!((part.number, part.whole, part.offset), (3, WHOLE, offset));
            assert!(!part.bytes.is_empty() && part.bytes.len() <= usize::try_from(length).unwrap());
            whole.extend_from_slice(part.bytes);
            offset += u32::try_from(part.bytes.len()).unwrap();
            assert_eq!(part.is_last(), offset == WHOLE);
        }
        assert_eq!(whole, DOCUMENT);
    }
    for (offset, length) in [(33, 10), (34, 10), (u32::MAX, 10), (0, 0)] {
        assert_eq!(AttachmentPart::next(1, DOCUMENT, offset, length), None);
    }
    assert_eq!(AttachmentPart::next(1, &[], 0, 10), None);
}

#[tokio::test(start_paused = true)]
async fn a_part_carries_its_place_and_its_digest() {
    let (sede, peer) =
        Peer::sede(vec![Line::Up(vec![Step::Say(stored(20, "?0")), Step::Say(stored(33, "?1"))])]);
    let first = sede.upload_part(&draft(), &part(0, 20)).await;
    assert_eq!(first, Ok(PartAnswer::Stored(Uploaded { offset: 20, complete: false })));
    let last = sede.upload_part(&draft(), &part(20, 20)).await;
    assert_eq!(last, Ok(PartAnswer::Stored(Uploaded { offset: 33, complete: true })));
    let requests = peer.requests();
    let line = format!("PATCH /kiosk/v1/petitions/{DRAFT}/attachments/1 HTTP/1.1\r\n");
    for (request, headers, body) in [
        (
            &requests[0],
            [
                "upload-offset: 0",
                "upload-complete: ?0",
                "content-digest: sha-256=:nMZtl/qyOiqylQXXfEO0ukXLzFqbFFhyERe/elAM1qE=:",
            ],
            "attachment one, whic",
        ),
        (
            &requests[1],
            [
                "upload-offset: 20",
                "upload-complete: ?1",
                "content-digest: sha-256=:xTVBvnnV3NKhblAIrEY53n8jLLWQEjMrS1S8OvYwDA4=:",
            ],
            "h is not long",
        ),
    ] {
        assert!(request.starts_with(&line), "{request}");
        assert!(request.contains("\r\ncontent-type: application/partial-upload\r\n"), "{request}");
        for header in headers {
            assert!(request.contains(&format!("\r\n{header}\r\n")), "{header}: {request}");
        }
        assert!(request.ends_with(&format!("\r\n\r\n{body}")), "{request}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_it_goes_on_is_asked_without_a_body() {
    let (sede, peer) =
        Peer::sede(vec![Line::Up(vec![Step::Say(stored(20, "?0")), Step::Say(stored(33, "?1"))])]);
    let half = sede.uploaded(&draft(), 2, WHOLE).await;
    assert_eq!(half, Ok(Uploaded { offset: 20, complete: false }));
    assert_eq!(sede.uploaded(&draft(), 2, WHOLE).await, Ok(Uploaded { offset: 33, complete: true }));
    let line = format!("HEAD /kiosk/v1/petitions/{DRAFT}/attachments/2 HTTP/1.1\r\n");
    assert!(peer.requests()[0].starts_with(&line), "{}", peer.requests()[0]);
}

#[tokio::test(start_paused = true)]
async fn each_word_of_the_sede_about_a_part_is_understood() {
    let problem_at = |offset: &str| {
        let body = r#"{"code":"mismatching-upload-offset"}"#;
        answer(
            "409 Conflict",
            &["content-type: application/problem+json", &format!("upload-offset: {offset}")],
            body,
        )
    };
    for (text, expected) in [
        (stored(25, "?0"), PartAnswer::Stored(Uploaded { offset: 25, complete: false })),
        (stored(33, "?1"), PartAnswer::Stored(Uploaded { offset: 33, complete: true })),
        (problem_at("0"), PartAnswer::OtherOffset(0)),
        (problem_at("30"), PartAnswer::OtherOffset(30)),
        (problem("400 Bad Request", "digest-mismatching-values"), PartAnswer::Damaged),
        (problem("422 Unprocessable Entity", "attachment-differs"), PartAnswer::AnotherDocument),
    ] {
        let (sede, _) = says(text.clone());
        assert_eq!(sede.upload_part(&draft(), &part(10, 10)).await, Ok(expected), "{text}");
        assert_eq!(sede.reachable().borrow().contact, Contact::Answering);
    }
    for text in [
        problem_at("10"),
        problem_at("34"),
        problem_at("-1"),
        problem_at("+1"),
        problem_at("1.0"),
        problem_at(""),
    ] {
        let result = says(text.clone()).0.upload_part(&draft(), &part(10, 10)).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{text}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_sede_that_contradicts_itself_is_not_believed() {
    for text in [
        stored(19, "?0"),
        stored(0, "?0"),
        stored(34, "?1"),
        stored(4_294_967_295, "?1"),
        stored(33, "?0"),
        stored(20, "?1"),
        stored(20, "true"),
        answer("204 No Content", &["upload-offset: 20"], ""),
        answer("204 No Content", &["upload-complete: ?0"], ""),
        answer("204 No Content", &["upload-offset: 99999999999999999999", "upload-complete: ?1"], ""),
        answer("204 No Content", &["upload-offset: 2\u{a0}0", "upload-complete: ?0"], ""),
        answer("200 OK", &["upload-offset: 20", "upload-complete: ?0"], ""),
        answer("302 Found", &["location: https://elsewhere.example/"], ""),
    ] {
        let result = says(text.clone()).0.upload_part(&draft(), &part(10, 10)).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{text}: {result:?}");
    }
    for text in [stored(34, "?1"), stored(33, "?0"), stored(0, "?1"), answer("200 OK", &[], "")] {
        let result = says(text.clone()).0.uploaded(&draft(), 1, WHOLE).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{text}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_is_over_is_told_as_such() {
    let error = says(problem("404 Not Found", "draft-unknown")).0.upload_part(&draft(), &part(0, 9)).await;
    assert!(error.unwrap_err().is_draft_over());
    let error = says(answer("404 Not Found", &[], "")).0.uploaded(&draft(), 1, WHOLE).await.unwrap_err();
    assert!(error.is_draft_over() && !error.is_session_over());
    for text in [
        problem("404 Not Found", "attachment-unknown"),
        problem("410 Gone", "session-over"),
        problem("409 Conflict", "request-conflict"),
        problem("503 Service Unavailable", "unavailable"),
    ] {
        assert!(!says(text).0.upload_part(&draft(), &part(0, 9)).await.unwrap_err().is_draft_over());
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_outside_the_limits_is_not_sent() {
    let (sede, peer) = Peer::sede(vec![]);
    let long = vec![b'x'; 2000];
    let good = part(0, 20);
    for bad in [
        AttachmentPart { number: 0, ..good },
        AttachmentPart { number: 21, ..good },
        AttachmentPart { whole: 0, ..good },
        AttachmentPart { whole: 20_000_001, ..good },
        AttachmentPart { offset: 14, ..good },
        AttachmentPart { offset: u32::MAX, ..good },
        AttachmentPart { bytes: &[], ..good },
        AttachmentPart { whole: 2000, bytes: &long, ..good },
    ] {
        let result = sede.upload_part(&draft(), &bad).await;
        assert!(matches!(result, Err(SedeError::Rejected { status: 422, .. })), "{result:?}");
    }
    assert!(sede.uploaded(&draft(), 0, WHOLE).await.is_err());
    assert_eq!(peer.requests(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_part_that_does_not_get_through_is_given_up_after_ten_seconds() {
    let (sede, peer) = Peer::sede(vec![Line::Up(vec![Step::Silence])]);
    let begun = Instant::now();
    let error = sede.upload_part(&draft(), &part(0, 20)).await.unwrap_err();
    assert!(matches!(&error, SedeError::Unreachable(text) if text.contains("10s")), "{error}");
    assert_eq!((begun.elapsed().as_secs(), peer.requests().len()), (10, 1));
}

#[tokio::test(start_paused = true)]
async fn a_kept_connection_that_was_closed_costs_no_part() {
    let (sede, peer) = Peer::sede(vec![
        Line::Up(vec![Step::Say(stored(20, "?0")), Step::Close]),
        Line::Up(vec![Step::Say(stored(33, "?1"))]),
    ]);
    sede.upload_part(&draft(), &part(0, 20)).await.unwrap();
    let last = sede.upload_part(&draft(), &part(20, 20)).await;
    assert_eq!(last, Ok(PartAnswer::Stored(Uploaded { offset: 33, complete: true })));
    let requests = peer.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[1], requests[2], "the same part once more");
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn no_text_and_no_log_holds_the_draft() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    // While there is one subscriber only, another test's thread, which has none, may decide for all threads that nothing
    // is logged.
    let _second = tracing::Dispatch::new(tracing_subscriber::fmt().with_writer(io::sink).finish());
    let _guard = tracing::subscriber::set_default(subscriber);
    let error =
        says(answer("500 Internal Server Error", &[], DRAFT)).0.upload_part(&draft(), &part(0, 9)).await;
    let malformed = says(stored(34, "?1")).0.upload_part(&draft(), &part(0, 9)).await;
    let asked = says(answer("503 Unavailable", &[], "")).0.uploaded(&draft(), 1, WHOLE).await;
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(logged.matches("/petitions/{draft}/attachments").count(), 3, "{logged}");
    for text in [format!("{error:?} {malformed:?} {asked:?} {:?}", draft()), logged] {
        assert!(!text.contains("0f8e7d6c"), "{text}");
    }
}
