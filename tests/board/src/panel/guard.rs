//! Only pages of this panel may drive it: another page in the same browser could reach loopback too.
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::answer::Failure;

/// Refuses what comes under another name than loopback (rebinding) or from a page of another origin.
pub async fn only_from_here(request: Request, next: Next) -> Response {
    if is_from_here(request.headers()) {
        next.run(request).await
    } else {
        Failure::of(StatusCode::FORBIDDEN, "the panel is driven from its own page or from this host only")
            .into_response()
    }
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(header::HOST) else { return false };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !matches!(name, "127.0.0.1" | "localhost") {
        return false;
    }
    text(header::ORIGIN).is_none_or(|origin| origin.strip_prefix("http://") == Some(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        is_from_here(&headers)
    }

    #[test]
    fn only_the_own_page_and_tools_of_this_host_are_let_in() {
        assert!(asked("127.0.0.1:8470", None));
        assert!(asked("localhost:8470", Some("http://localhost:8470")));
        assert!(!asked("127.0.0.1:8470", Some("http://example.org")));
        assert!(!asked("127.0.0.1:8470", Some("http://127.0.0.1:9999")));
        assert!(!asked("kiosk.example.org:8470", None));
    }
}
