//! Connections: HTTP/1.1 over any stream, and mutual TLS over TCP, with the faults applied.
use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::bodies;
use crate::faults::{Endpoint, Fault};
use crate::http::{Circumstances, IsKiosk, KEY, Problem, router};
use crate::pki::{self, ServerPki};
use crate::sede::Sede;
use crate::wire::PaymentAnswer;

pub(crate) const GIANT: usize = 8 * 1024 * 1024;

/// The connection is to break without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection breaks, as it was told")]
pub(crate) struct Break;

impl Sede {
    /// Serves one connection until either side ends it.
    pub async fn serve_stream<S>(&self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.serve(stream, None).await;
    }

    /// Serves one connection with mutual TLS; a handshake that fails ends it.
    pub async fn serve_tls_stream<S>(&self, stream: S, pki: &ServerPki)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let config = match self.shared.lock().faults.of_connection() {
            Some(Fault::Refuse) => return,
            Some(Fault::ExpiredCertificate) => pki.expired.clone(),
            Some(Fault::FutureCertificate) => pki.future.clone(),
            _ => pki.valid.clone(),
        };
        let Ok(tls) = TlsAcceptor::from(config).accept(stream).await else { return };
        let certificate = tls.get_ref().1.peer_certificates().and_then(|chain| chain.first()).cloned();
        let name = certificate.as_ref().and_then(|it| pki::name(it));
        let is_kiosk: IsKiosk =
            Arc::new(move |kiosk| certificate.as_ref().is_some_and(|it| pki::is_kiosk(it, kiosk)));
        self.serve(tls, Some((is_kiosk, name))).await;
    }

    /// Serves every connection to the listener with mutual TLS, until the future is dropped; ends with the
    /// listener's own failure only.
    pub async fn serve_tls(&self, listener: TcpListener, pki: ServerPki) -> io::Result<Infallible> {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    let (tcp, _) = accepted?;
                    let (sede, pki) = (self.clone(), pki.clone());
                    connections.spawn(async move { sede.serve_tls_stream(tcp, &pki).await });
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }

    async fn serve<S>(&self, stream: S, kiosk: Option<(IsKiosk, Option<String>)>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let router = router(self.shared.clone());
        let service = service_fn(|request| self.answer(router.clone(), kiosk.clone(), request));
        // An end of the connection by the kiosk or by a fault is nothing to report.
        drop(
            hyper::server::conn::http1::Builder::new()
                .auto_date_header(false)
                .header_read_timeout(None)
                .serve_connection(TokioIo::new(stream), service)
                .await,
        );
    }

    async fn answer(
        &self,
        router: Router,
        kiosk: Option<(IsKiosk, Option<String>)>,
        request: Request<Incoming>,
    ) -> Result<Response, Break> {
        let endpoint = Endpoint::of(request.method().as_str(), request.uri().path());
        let fault = {
            let mut inside = self.shared.lock();
            inside.requests += 1;
            inside.faults.next(endpoint)
        };
        let (kiosk, name) = kiosk.unzip();
        let mut circumstances = Circumstances { kiosk, name: name.flatten(), ..Circumstances::default() };
        match &fault {
            Some(Fault::Refuse) => return Err(Break),
            Some(Fault::Hang) => std::future::pending::<()>().await,
            Some(Fault::Unavailable) => return Ok(self.dated(unavailable())),
            Some(Fault::WrongStatus { status }) => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::IM_A_TEAPOT);
                return Ok(self.dated(status.into_response()));
            }
            Some(Fault::RefusePayment { code, text }) => {
                circumstances.forced =
                    Some(PaymentAnswer::Refused { code: code.clone(), text: text.clone() });
            }
            Some(Fault::RefuseEntry { code }) if endpoint == Some(Endpoint::Enter) => {
                circumstances.refused = Some(code.clone());
            }
            Some(Fault::RefuseCertificate { code })
                if matches!(endpoint, Some(Endpoint::Offers | Endpoint::Certificates)) =>
            {
                circumstances.refused = Some(code.clone());
            }
            Some(Fault::RefusePetition { code }) if endpoint == Some(Endpoint::OpenPetition) => {
                circumstances.refused = Some(code.clone());
            }
            Some(Fault::RefuseRegistration { code }) if endpoint == Some(Endpoint::RegisterPetition) => {
                circumstances.refused = Some(code.clone());
            }
            Some(Fault::RefuseAppointment { code }) if endpoint == Some(Endpoint::BookAppointment) => {
                circumstances.refused = Some(code.clone());
            }
            Some(Fault::SlotTaken) => circumstances.slot_taken = true,
            _ => {}
        }
        let response = act(router, circumstances, request).await;
        let response = match fault {
            Some(Fault::LoseAnswer) => return Err(Break),
            Some(Fault::Slow { millis }) => {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                response
            }
            Some(Fault::CutAnswer) => bodies::cut(response).await,
            Some(Fault::WrongHash) => bodies::wrong_hash(response).await,
            Some(Fault::WrongOffset) => {
                let mut response = response;
                response.headers_mut().insert("upload-offset", HeaderValue::from_static("1"));
                response
            }
            Some(Fault::Truncated) => bodies::truncated(response).await,
            Some(Fault::HugeDocument) => bodies::huge_document(response),
            Some(Fault::Trickle { millis }) => bodies::trickle(response, millis).await,
            Some(Fault::MalformedJson) => replace(response, "{\"answer\":\"boo"),
            Some(Fault::WrongSchema) => replace(response, "{\"answer\":\"perhaps\",\"amount\":\"65,40\"}"),
            Some(Fault::GiantBody) => replace(response, vec![b' '; GIANT]),
            Some(Fault::WrongKey) => {
                let mut response = response;
                response.headers_mut().insert(KEY, HeaderValue::from_static("K99-999999"));
                response
            }
            _ => response,
        };
        Ok(self.dated(response))
    }

    fn dated(&self, mut response: Response) -> Response {
        if let Ok(date) = HeaderValue::from_str(&http_date(self.shared.now())) {
            response.headers_mut().insert(header::DATE, date);
        }
        response
    }
}

async fn act(router: Router, circumstances: Circumstances, mut request: Request<Incoming>) -> Response {
    request.extensions_mut().insert(circumstances);
    match TowerToHyperService::new(router).call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn unavailable() -> Response {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The sede cannot answer now");
    ([(header::RETRY_AFTER, "30")], problem).into_response()
}

fn replace(mut response: Response, body: impl Into<Body>) -> Response {
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = body.into();
    response
}

/// RFC 9110, section 5.6.7.
fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
