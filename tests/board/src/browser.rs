//! A headless Chromium, driven by its debugging protocol: enough to open a page, look and click.
//!
//! A test's tool: it panics where anything but the page is at fault.
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::{SinkExt, StreamExt};
use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const PATIENCE: Duration = Duration::from_secs(300);

/// A running browser with at most one page open.
pub struct Browser {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    next: u64,
    chromium: Child,
    group: Group,
}

/// All processes of the browser; killed when it is dropped.
struct Group(Pid);

impl Group {
    fn of(leader: &Child) -> Group {
        Group(Pid::from_raw(leader.id().unwrap().try_into().unwrap()))
    }

    fn is_gone(&self) -> bool {
        killpg(self.0, None) == Err(Errno::ESRCH)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Gone already: as well.
        let _ = killpg(self.0, Signal::SIGKILL);
    }
}

impl Browser {
    /// Starts it with its profile in `folder`.
    pub async fn start(folder: &Path) -> Browser {
        let profile = folder.join("chromium");
        let chromium = Command::new("chromium")
            .args(["--headless=new", "--disable-gpu", "--hide-scrollbars", "--window-size=1600,1000"])
            // As root, as on machines that build, its own sandbox does not start; it sees nothing but our page.
            .args(["--no-sandbox", "--remote-debugging-port=0", "about:blank"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // It is many processes, which end together.
            .process_group(0)
            .spawn()
            .unwrap();
        let group = Group::of(&chromium);
        let port_file = profile.join("DevToolsActivePort");
        let mut beat = time::interval(Duration::from_millis(50));
        let address = time::timeout(PATIENCE, async {
            loop {
                beat.tick().await;
                let text = std::fs::read_to_string(&port_file).unwrap_or_default();
                if let Some((port, path)) = text.trim().split_once('\n') {
                    return format!("ws://127.0.0.1:{port}{path}");
                }
            }
        })
        .await
        .unwrap();
        let (socket, _) = connect_async(address).await.unwrap();
        Browser { socket, session: None, next: 0, chromium, group }
    }

    /// Ends it and waits until it writes nothing any more.
    pub async fn close(mut self) {
        killpg(self.group.0, Signal::SIGKILL).unwrap();
        self.chromium.wait().await.unwrap();
        let mut beat = time::interval(Duration::from_millis(20));
        let ending = async {
            while !self.group.is_gone() {
                beat.tick().await;
            }
        };
        time::timeout(PATIENCE, ending).await.unwrap();
    }

    async fn command(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = session.clone().into();
        }
        self.socket.send(Message::text(message.to_string())).await.unwrap();
        loop {
            let received = time::timeout(PATIENCE, self.socket.next()).await;
            let received = received.unwrap_or_else(|_| panic!("no answer to {message}")).unwrap().unwrap();
            let Message::Text(text) = received else { continue };
            let answer: Value = serde_json::from_str(&text).unwrap();
            if answer["id"] == self.next {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    /// Opens a page, and waits until its scripts have run and it was painted: Chromium drops what is clicked earlier.
    pub async fn open(&mut self, address: &str) {
        let target = self.command("Target.createTarget", json!({"url": address})).await;
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = self.command("Target.attachToTarget", attach).await;
        self.session = attached["sessionId"].as_str().map(str::to_owned);
        // The blank page that is there before is complete as well.
        let loaded = "location.href !== 'about:blank' && document.readyState === 'complete' \
             && performance.getEntriesByType('paint').length > 0";
        self.wait_for(loaded).await;
    }

    /// What an expression of the page gives.
    pub async fn evaluate(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let result = self.command("Runtime.evaluate", params).await;
        assert!(result["exceptionDetails"].is_null(), "{expression}: {}", result["exceptionDetails"]);
        result["result"]["value"].clone()
    }

    /// Waits until an expression of the page is true.
    pub async fn wait_for(&mut self, expression: &str) {
        // What is not on the page yet is not true yet.
        let expression = format!("(() => {{ try {{ return {expression}; }} catch {{ return false; }} }})()");
        let mut beat = time::interval(Duration::from_millis(100));
        let waiting = async {
            loop {
                beat.tick().await;
                if self.evaluate(&expression).await == true {
                    return;
                }
            }
        };
        time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("never: {expression}"));
    }

    /// Clicks the middle of the element with this `data-testid`, with a real pointer.
    pub async fn click(&mut self, testid: &str) {
        self.click_at(testid, 0.5, 0.5).await;
    }

    /// Clicks at a place of the element, in parts of its width and height, as soon as it is there, has come to rest and
    /// nothing lies above it.
    pub async fn click_at(&mut self, testid: &str, across: f64, down: f64) {
        let clicking = async {
            loop {
                let place = self.press_at(testid, across, down).await;
                self.pointer("mouseReleased", &place).await;
                // Answered, and yet dropped on the way: Chromium does so with a page that is new.
                if self.evaluate("window.clicked").await == true {
                    return;
                }
            }
        };
        time::timeout(PATIENCE, clicking).await.unwrap_or_else(|_| panic!("never clicked: {testid}"));
    }

    /// Presses the middle of the element with this `data-testid` and holds it; the place, for [`Browser::release`].
    pub async fn press(&mut self, testid: &str) -> Value {
        self.press_at(testid, 0.5, 0.5).await
    }

    /// Lets go of what was pressed.
    pub async fn release(&mut self, place: &Value) {
        self.pointer("mouseReleased", place).await;
    }

    async fn press_at(&mut self, testid: &str, across: f64, down: f64) -> Value {
        let find = format!(
            "new Promise((found) => {{
                let last = [];
                const look = () => {{
                    const it = document.querySelector('[data-testid=\"{testid}\"]');
                    it?.scrollIntoView({{ block: 'center' }});
                    const box = it?.getBoundingClientRect();
                    const place = box ? [box.left + box.width * {across}, box.top + box.height * {down}] : [];
                    const rests = box && place.every((at, axis) => at === last[axis]);
                    if (rests && it.contains(document.elementFromPoint(...place))) {{
                        window.clicked = false;
                        const arrived = (event) => window.clicked = it.contains(event.target);
                        addEventListener('click', arrived, {{ capture: true, once: true }});
                        return found(place);
                    }}
                    last = place;
                    setTimeout(look, 50);
                }};
                look();
            }})"
        );
        let place = self.evaluate(&find).await;
        self.pointer("mousePressed", &place).await;
        place
    }

    async fn pointer(&mut self, kind: &str, place: &Value) {
        let event = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
        self.command("Input.dispatchMouseEvent", event).await;
    }

    /// Keeps a picture of the page as a PNG file.
    pub async fn picture(&mut self, path: &Path) {
        let picture = self.command("Page.captureScreenshot", json!({"format": "png"})).await;
        let png = BASE64_STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, png).unwrap();
    }

    /// The text of the element with this `data-testid`.
    pub async fn text(&mut self, testid: &str) -> String {
        let text = self
            .evaluate(&format!("document.querySelector('[data-testid=\"{testid}\"]')?.textContent"))
            .await;
        text.as_str().unwrap_or_default().to_owned()
    }
}
