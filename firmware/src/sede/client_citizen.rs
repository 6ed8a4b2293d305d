//! The calls that are about a citizen: session, revocation, certificates and their documents.
//!
//! A document is compared with its announced length and SHA-256 while it comes, and nothing of one that differs is
//! given out. Errors hold the stable code of what the sede said and none of its words, since these calls speak of a
//! person. Bodies that are ours are wiped; those inside the HTTP library's own buffers are not ours.
use hyper::{Method, StatusCode, header};
use private::{PrivateBytes, PrivateText};
use sha2::{Digest, Sha256};

use super::citizen::{Base64, DocumentRequest, InSession, RevocationRequest, RevocationResponse};
use super::client::{done, failed, not_sent, post, problem, read};
use super::http::{Answer, Call};
use super::{
    CertificateAnswer, CertificateRequest, Entry, EntryAnswer, IssuedCertificate, Offers, RevocationAnswer,
    Sede, SedeError, Session, check_citizen,
};

impl Sede {
    /// Opens a session; the one that this kiosk had before ends.
    pub async fn open_session(&self) -> Result<Session, SedeError> {
        self.ask_privately(Call::new(Method::POST, "/sessions".into()), &check_citizen::opened).await
    }

    /// Says who the citizen is. Once a session; may be repeated with the same content.
    pub async fn enter(&self, entry: &Entry) -> Result<EntryAnswer, SedeError> {
        check_citizen::entry(entry).map_err(not_sent)?;
        self.ask_privately(post("/sessions/enter", None, entry)?, &check_citizen::entry_answer).await
    }

    /// Ends a session. It ends by itself after five minutes, so a failure loses nothing.
    pub async fn end_session(&self, session: &PrivateText) -> Result<(), SedeError> {
        check_citizen::session(session).map_err(not_sent)?;
        let call = private(post("/sessions/end", None, &InSession { session })?);
        self.run(call, &done).await
    }

    /// Passes an OCSP request on. The response is not looked at here: `identity::ocsp` does it.
    pub async fn revocation(&self, request: &[u8]) -> Result<RevocationAnswer, SedeError> {
        check_citizen::der("request", request).map_err(not_sent)?;
        let call = private(post("/revocation", None, &RevocationRequest { request: Base64::of(request) })?);
        self.run(call, &|call, answer| {
            if answer.status == StatusCode::SERVICE_UNAVAILABLE
                && problem(answer).code == "responder-unavailable"
            {
                return Ok(RevocationAnswer::ResponderUnavailable);
            }
            let within = |it: &RevocationResponse| check_citizen::der("response", it.response.0.as_slice());
            let response = read(call, answer, &within)?;
            Ok(RevocationAnswer::Response(response.response.0.as_slice().to_vec()))
        })
        .await
    }

    /// What the identified citizen can have.
    pub async fn offers(&self, session: &PrivateText) -> Result<Offers, SedeError> {
        check_citizen::session(session).map_err(not_sent)?;
        let call = post("/certificates/offers", None, &InSession { session })?;
        self.ask_privately(call, &check_citizen::offers).await
    }

    /// Orders a document. To be repeated with the same request until there is an answer.
    pub async fn issue(&self, request: &CertificateRequest) -> Result<CertificateAnswer, SedeError> {
        check_citizen::certificate_request(request).map_err(not_sent)?;
        self.ask_privately(post("/certificates", None, request)?, &check_citizen::certificate_answer).await
    }

    /// Fetches a document: exactly the one that was announced, or none.
    pub async fn document(
        &self,
        session: &PrivateText,
        issued: &IssuedCertificate,
    ) -> Result<PrivateBytes, SedeError> {
        check_citizen::session(session).map_err(not_sent)?;
        check_citizen::issued(issued).map_err(not_sent)?;
        let request = DocumentRequest { session, certificate: &issued.certificate };
        let mut call = private(post("/certificates/document", None, &request)?);
        call.accept = "application/pdf, application/problem+json";
        call.answer_max = usize::try_from(issued.bytes).unwrap_or(usize::MAX);
        self.run(call, &|call, answer| document(call, answer, issued)).await
    }

    pub(super) async fn ask_privately<T: serde::de::DeserializeOwned>(
        &self,
        call: Call,
        check: &(dyn Fn(&T) -> Result<(), super::check::Fault> + Sync),
    ) -> Result<T, SedeError> {
        self.ask(private(call), check).await
    }
}

fn document(call: &Call, answer: &Answer, issued: &IssuedCertificate) -> Result<PrivateBytes, SedeError> {
    if answer.status != StatusCode::OK {
        return Err(failed(call, answer));
    }
    let kind = answer.headers.get(header::CONTENT_TYPE).map(|it| it.as_bytes());
    if !kind.is_some_and(|it| it.eq_ignore_ascii_case(b"application/pdf")) {
        return Err(SedeError::Malformed("a document that is no application/pdf".into()));
    }
    if answer.body.len() != call.answer_max {
        return Err(SedeError::Malformed("a document of another length than was announced".into()));
    }
    if Sha256::digest(&*answer.body).as_slice() != issued.sha256 {
        return Err(SedeError::Malformed("a document with another SHA-256 than was announced".into()));
    }
    Ok(PrivateBytes::from(answer.body.to_vec()))
}

/// Nothing that the sede writes in its own words about this call reaches a log.
pub(super) fn private(call: Call) -> Call {
    Call { private: true, ..call }
}
