//! The serial console: all the guest said, in a log too, and a way to wait for a text.
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::watch;
use tokio::time;

use super::PATIENCE;

/// Most that is kept; the whole log is in `console.log`.
const KEPT: usize = 4 << 20;

/// What came over the console since the machine was built.
#[derive(Clone)]
pub struct Console {
    text: Arc<Mutex<String>>,
    length: watch::Receiver<usize>,
}

impl Console {
    /// Reads from the connected socket until it closes, and adds what comes to the file `log`.
    pub fn new(mut stream: impl AsyncRead + Unpin + Send + 'static, log: &Path) -> Result<Console> {
        let mut log = OpenOptions::new().create(true).append(true).open(log)?;
        let text = Arc::new(Mutex::new(String::new()));
        let (changed, length) = watch::channel(0);
        let all = text.clone();
        tokio::spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok(count) = stream.read(&mut buffer).await {
                if count == 0 {
                    break;
                }
                // A full disk must not stop the guest; its log ends there.
                let _ = log.write_all(&buffer[..count]);
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                // The guest is hostile too: what is no text is replaced, and the log is bounded.
                if all.len() < KEPT {
                    all.push_str(&String::from_utf8_lossy(&buffer[..count]));
                }
                changed.send_replace(all.len());
            }
        });
        Ok(Console { text, length })
    }

    /// Everything said so far.
    pub fn text(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where the log ends now; [`Console::wait_for`] can start here.
    pub fn end(&self) -> usize {
        *self.length.borrow()
    }

    /// Waits until `wanted` is said after the place `from`; returns the place behind it.
    pub async fn wait_for(&self, wanted: &str, from: usize) -> Result<usize> {
        let mut length = self.length.clone();
        let search = async {
            loop {
                length.borrow_and_update();
                {
                    let text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(at) = text.get(from..).and_then(|tail| tail.find(wanted)) {
                        return Ok(from + at + wanted.len());
                    }
                }
                length.changed().await.context("the machine is off")?;
            }
        };
        let found: Result<usize> = match time::timeout(PATIENCE, search).await {
            Ok(found) => found,
            Err(late) => Err(late.into()),
        };
        found.with_context(|| {
            let text = self.text();
            let tail: Vec<&str> = text.lines().rev().take(30).collect();
            let tail: Vec<&str> = tail.into_iter().rev().collect();
            format!("the guest did not say {wanted:?}; its last words:\n{}", tail.join("\n"))
        })
    }
}
