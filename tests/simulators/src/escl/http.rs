//! The resources below `/eSCL`.

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use hyper::{Method, Request, Response, StatusCode};
use tokio::time::{Instant, sleep_until};

use super::body::{Answer, Broken};
use super::capabilities::capabilities;
use super::encode::{EncodeError, encode};
use super::engine::{Refusal, Task, due};
use super::job::JobState;
use super::picture::PictureError;
use super::scanner::Scanner;
use super::settings::Settings;
use super::status::status;

/// Settings are a kilobyte.
const BODY_MAX: usize = 64 * 1024;
/// What stands in for an image that is none.
const NO_IMAGE: &[u8] = b"GIF89a, but not really";

type Answered = Result<Response<Answer>, Broken>;

#[derive(Debug, thiserror::Error)]
enum ScanError {
    #[error(transparent)]
    Picture(#[from] PictureError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Answers one request. An error breaks the connection.
pub(super) async fn answer(scanner: Scanner, request: Request<Incoming>) -> Answered {
    scanner.act(|engine, _| engine.requests += 1);
    hears(&scanner).await?;
    let answered = route(&scanner, request).await?;
    hears(&scanner).await?;
    Ok(answered)
}

/// A deaf scanner lets everybody wait, and has forgotten them when it hears again.
async fn hears(scanner: &Scanner) -> Result<(), Broken> {
    let mut line = scanner.line();
    if !line.borrow_and_update().deaf {
        return Ok(());
    }
    // The scanner outlives its connections.
    let _heard = line.wait_for(|line| !line.deaf).await;
    Err(Broken)
}

async fn route(scanner: &Scanner, request: Request<Incoming>) -> Answered {
    let path = request.uri().path().trim_end_matches('/').to_owned();
    let Some(path) = path.strip_prefix("/eSCL/") else { return plain(StatusCode::NOT_FOUND) };
    let parts: Vec<&str> = path.split('/').collect();
    match (request.method(), parts.as_slice()) {
        (&Method::GET, ["ScannerCapabilities"]) => xml(scanner.act(|engine, _| capabilities(&engine.config))),
        (&Method::GET, ["ScannerStatus"]) => xml(scanner.act(|engine, now| status(engine, now))),
        (&Method::POST, ["ScanJobs"]) => start(scanner, request).await,
        (&Method::GET, ["ScanJobs", number, "NextDocument"]) => match number.parse() {
            Ok(number) => next_document(scanner, number).await,
            Err(_) => plain(StatusCode::NOT_FOUND),
        },
        (&Method::DELETE, ["ScanJobs", number]) => {
            let known = number.parse().is_ok_and(|number| cancel(scanner, number));
            plain(if known { StatusCode::OK } else { StatusCode::NOT_FOUND })
        }
        (_, ["ScannerCapabilities" | "ScannerStatus" | "ScanJobs", ..]) => {
            plain(StatusCode::METHOD_NOT_ALLOWED)
        }
        _ => plain(StatusCode::NOT_FOUND),
    }
}

fn cancel(scanner: &Scanner, number: u64) -> bool {
    scanner.act(|engine, _| {
        engine.end(number, JobState::Canceled);
        engine.job(number).is_some()
    })
}

fn plain(status: StatusCode) -> Answered {
    with(status, &[], Answer::default())
}

fn xml(text: String) -> Answered {
    let kind = (CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=UTF-8"));
    with(StatusCode::OK, &[kind], Answer::text(text))
}

fn with(status: StatusCode, headers: &[(HeaderName, HeaderValue)], body: Answer) -> Answered {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().extend(headers.iter().cloned());
    Ok(response)
}

fn refused(refusal: Refusal) -> Answered {
    match refusal {
        Refusal::NotFound => plain(StatusCode::NOT_FOUND),
        Refusal::Conflict => plain(StatusCode::CONFLICT),
        Refusal::Unavailable => {
            let later = (RETRY_AFTER, HeaderValue::from_static("1"));
            with(StatusCode::SERVICE_UNAVAILABLE, &[later], Answer::default())
        }
    }
}

async fn start(scanner: &Scanner, request: Request<Incoming>) -> Answered {
    let Ok(body) = Limited::new(request.into_body(), BODY_MAX).collect().await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let bytes = body.to_bytes();
    let parsed = std::str::from_utf8(&bytes)
        .map_err(|error| error.to_string())
        .and_then(|text| Settings::parse(text).map_err(|error| error.to_string()));
    let settings = match parsed {
        Ok(settings) => settings,
        Err(why) => {
            scanner.act(|engine, _| engine.oddities.push(format!("settings: {why}")));
            return plain(StatusCode::BAD_REQUEST);
        }
    };
    match scanner.act(|engine, now| engine.start_job(settings, now)) {
        Ok(number) => match HeaderValue::try_from(format!("/eSCL/ScanJobs/{number}")) {
            Ok(place) => with(StatusCode::CREATED, &[(LOCATION, place)], Answer::default()),
            Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR),
        },
        Err(refusal) => refused(refusal),
    }
}

/// A page under the lamp. When the client goes away meanwhile, its job ends.
struct UnderLamp<'a> {
    scanner: &'a Scanner,
    task: Option<Task>,
}

impl Drop for UnderLamp<'_> {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            self.scanner.act(|engine, _| engine.abandoned(&task));
        }
    }
}

async fn next_document(scanner: &Scanner, number: u64) -> Answered {
    let mut moved = scanner.moved();
    let task = match scanner.act(|engine, now| engine.next_page(number, now)) {
        Ok(task) => task,
        Err(refusal) => return refused(refusal),
    };
    let done = Instant::now() + task.takes;
    let (exposure, format) = (task.exposure.clone(), task.order.format);
    let mut lamp = UnderLamp { scanner, task: Some(task) };
    let work = move || -> Result<_, ScanError> {
        let seen = exposure.see()?;
        Ok((encode(&seen, format)?, (seen.width, seen.height)))
    };
    let Ok(Ok((image, size))) = tokio::task::spawn_blocking(work).await else {
        return plain(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut wait = std::pin::pin!(sleep_until(done));
    loop {
        tokio::select! {
            () = &mut wait => break,
            _ = moved.changed() => {
                // An open cover stops the lamp at once.
                let over = scanner.act(|engine, _| engine.job(number).is_none_or(|job| job.is_over()));
                if over {
                    break;
                }
            }
        }
    }
    let Some(task) = lamp.task.take() else { return plain(StatusCode::INTERNAL_SERVER_ERROR) };
    deliver(scanner, &task, image, size)
}

fn deliver(scanner: &Scanner, task: &Task, image: Vec<u8>, size: (u32, u32)) -> Answered {
    let scanned = scanner.act(|engine, now| {
        let spoilt = due(&mut engine.pending.spoilt);
        let image = if spoilt { NO_IMAGE.to_vec() } else { image };
        let number = engine.scanned(task, image.clone(), size)?;
        if let Some(job) = engine.job(task.job) {
            job.asked = now;
        }
        Ok((number, due(&mut engine.pending.cut), image))
    });
    let (number, breaks, image) = match scanned {
        Ok(scanned) => scanned,
        Err(refusal) => return refused(refusal),
    };
    let sender = scanner.clone();
    let body = Answer::image(image, breaks, move || {
        sender.act(|engine, _| {
            if let Some(sent) = engine.deliveries.iter_mut().find(|it| it.number == number) {
                sent.whole = true;
            }
        });
    });
    let kind = (CONTENT_TYPE, HeaderValue::from_static(task.order.format.mime()));
    let place = HeaderValue::try_from(format!("/eSCL/ScanJobs/{}/NextDocument", task.job));
    let mut headers = vec![kind];
    headers.extend(place.ok().map(|place| (hyper::header::CONTENT_LOCATION, place)));
    with(StatusCode::OK, &headers, body)
}
