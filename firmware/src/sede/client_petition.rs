//! The calls of a petition: what is possible, draft, upload in parts, registration.
//!
//! The upload follows the manner of the IETF's resumable uploads (draft-ietf-httpbis-resumable-upload) with digests of
//! RFC 9530. A part that arrives twice changes nothing, so a lost answer is repeated like every other; where the
//! sede goes on is asked by [`Sede::uploaded`]. A draft's number stands in the path and is kept out of logs.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use hyper::{Method, StatusCode};
use private::PrivateText;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::api::DRAFT_UNKNOWN;
use super::citizen::InSession;
use super::client::{done, failed, get, not_sent, post, problem, read};
use super::client_citizen::private;
use super::http::{Answer, Call};
use super::petition::{InDraft, Registration};
use super::{
    AttachmentPart, Draft, DraftAnswer, OperationId, PartAnswer, Petition, PetitionEntry,
    PetitionOptionsAnswer, RegistrationAnswer, Sede, SedeError, Uploaded, Will, check, check_citizen,
    check_petition,
};

/// What a log shows of a draft's path.
const SHOWN: &str = "/petitions/{draft}/attachments";

impl Sede {
    /// Whether the citizen can present a petition, to whom, and what the sede knows for notifications.
    pub async fn petition_options(&self, session: &PrivateText) -> Result<PetitionOptionsAnswer, SedeError> {
        check_citizen::session(session).map_err(not_sent)?;
        let call = post("/petitions/options", None, &InSession { session })?;
        self.ask_privately(call, &check_petition::options).await
    }

    /// Opens a draft. To be repeated with the same petition until there is an answer.
    pub async fn open_petition(&self, petition: &Petition) -> Result<DraftAnswer, SedeError> {
        check_petition::petition(petition).map_err(not_sent)?;
        let call = post("/petitions", None, petition)?;
        self.ask_privately(call, &check_petition::draft_answer).await
    }

    /// Sends a part of an attachment, and keeps the session alive. To be repeated with the same part until there is an
    /// answer. The deadline is that of every call: on a line that does not carry such a part in it, smaller ones do.
    pub async fn upload_part(
        &self,
        draft: &Draft,
        part: &AttachmentPart<'_>,
    ) -> Result<PartAnswer, SedeError> {
        check_petition::part(draft, part).map_err(not_sent)?;
        let digest = STANDARD.encode(Sha256::digest(part.bytes));
        let mut call = attachment(Method::PATCH, draft, part.number);
        call.content_type = "application/partial-upload";
        call.headers = vec![
            ("upload-offset", part.offset.to_string()),
            ("upload-complete", if part.is_last() { "?1" } else { "?0" }.into()),
            ("content-digest", format!("sha-256=:{digest}:")),
        ];
        // The caller's bytes end when it wants; these, with the last handle of them.
        call.body = Some(Bytes::from_owner(Zeroizing::new(part.bytes.to_vec())));
        self.run(call, &|call, answer| part_answer(call, answer, part)).await
    }

    /// How much of an attachment of `whole` bytes the sede has; keeps the session alive.
    pub async fn uploaded(&self, draft: &Draft, number: u8, whole: u32) -> Result<Uploaded, SedeError> {
        check_petition::draft(draft).map_err(not_sent)?;
        check_petition::number(number).map_err(not_sent)?;
        let call = attachment(Method::HEAD, draft, number);
        self.run(call, &|call, answer| match answer.status {
            StatusCode::NO_CONTENT => uploaded(answer, whole),
            // A problem document is a body, and an answer to HEAD has none.
            StatusCode::NOT_FOUND => Err(SedeError::Rejected { status: 404, text: DRAFT_UNKNOWN.into() }),
            _ => Err(failed(call, answer)),
        })
        .await
    }

    /// Discards a draft with all that was uploaded. It dies with its session, so a failure loses nothing.
    pub async fn discard_petition(&self, session: &PrivateText, draft: &Draft) -> Result<(), SedeError> {
        check_citizen::session(session).map_err(not_sent)?;
        check_petition::draft(draft).map_err(not_sent)?;
        let body = InDraft { session, draft: &draft.draft };
        self.run(private(post("/petitions/discard", None, &body)?), &done).await
    }

    /// Registers a petition whose attachments are all uploaded. To be repeated with the same will until there is an
    /// answer. A receipt for another text, body or document than the petition's is outside the contract.
    pub async fn register_petition(
        &self,
        petition: &Petition,
        draft: &Draft,
        will: &Will,
    ) -> Result<RegistrationAnswer, SedeError> {
        check_petition::petition(petition).map_err(not_sent)?;
        check_petition::draft(draft).map_err(not_sent)?;
        check_petition::will(will).map_err(not_sent)?;
        let Petition { session, request, .. } = petition;
        let call =
            post("/petitions/register", None, &Registration { session, request, draft: &draft.draft, will })?;
        self.ask_privately(call, &|it| check_petition::registration(petition, it)).await
    }

    /// What is in the registry of a petition; `None` when it was not registered.
    pub async fn registered_petition(
        &self,
        request: &OperationId,
    ) -> Result<Option<PetitionEntry>, SedeError> {
        check::operation(request).map_err(not_sent)?;
        let call = private(get(format!("/petitions/{}", request.0)));
        self.run(call, &|call, answer| {
            if answer.status == StatusCode::NOT_FOUND && problem(answer).code == "petition-unknown" {
                return Ok(None);
            }
            read(call, answer, &check_petition::entry).map(Some)
        })
        .await
    }
}

fn attachment(method: Method, draft: &Draft, number: u8) -> Call {
    let path = format!("/petitions/{}/attachments/{number}", draft.draft.as_str());
    Call { shown: Some(SHOWN), ..private(Call::new(method, path)) }
}

fn part_answer(call: &Call, answer: &Answer, part: &AttachmentPart<'_>) -> Result<PartAnswer, SedeError> {
    let end = u32::try_from(part.bytes.len()).unwrap_or(u32::MAX).saturating_add(part.offset);
    match (answer.status, problem(answer).code.as_str()) {
        (StatusCode::NO_CONTENT, _) => {
            let uploaded = uploaded(answer, part.whole)?;
            if uploaded.offset < end {
                return Err(SedeError::Malformed("a part that was taken and is not there".into()));
            }
            Ok(PartAnswer::Stored(uploaded))
        }
        (StatusCode::CONFLICT, "mismatching-upload-offset") => {
            let offset = offset(answer, part.whole)?;
            if offset == part.offset {
                return Err(SedeError::Malformed("an offset that is refused and expected".into()));
            }
            Ok(PartAnswer::OtherOffset(offset))
        }
        (StatusCode::BAD_REQUEST, "digest-mismatching-values") => Ok(PartAnswer::Damaged),
        (StatusCode::UNPROCESSABLE_ENTITY, "attachment-differs") => Ok(PartAnswer::AnotherDocument),
        _ => Err(failed(call, answer)),
    }
}

/// What the headers say; whole and complete is the same.
fn uploaded(answer: &Answer, whole: u32) -> Result<Uploaded, SedeError> {
    let offset = offset(answer, whole)?;
    let complete = match answer.headers.get("upload-complete").map(|it| it.as_bytes()) {
        Some(b"?1") => true,
        Some(b"?0") => false,
        _ => return Err(SedeError::Malformed("`Upload-Complete` is outside its limits".into())),
    };
    if complete != (offset == whole) {
        return Err(SedeError::Malformed(
            "`Upload-Complete` and `Upload-Offset` contradict each other".into(),
        ));
    }
    Ok(Uploaded { offset, complete })
}

fn offset(answer: &Answer, whole: u32) -> Result<u32, SedeError> {
    let text = answer.headers.get("upload-offset").and_then(|it| it.to_str().ok()).unwrap_or_default();
    let digits = (1..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let offset = text.parse().ok().filter(|offset| digits && *offset <= whole);
    offset.ok_or_else(|| SedeError::Malformed("`Upload-Offset` is outside its limits".into()))
}
