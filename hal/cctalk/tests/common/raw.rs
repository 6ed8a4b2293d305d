//! A line whose far end answers whole frames with bytes: for peers that frame their answers themselves.
use std::sync::{Arc, Mutex};

use hal_device::{Line, OpenFuture, Port};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

/// What the far end says to one request; empty is silence.
pub type Answers = Arc<Mutex<dyn FnMut(&[u8]) -> Vec<u8> + Send>>;

pub struct Raw {
    answers: Answers,
}

impl Raw {
    /// A line with a local echo.
    pub fn new(answer: impl FnMut(&[u8]) -> Vec<u8> + Send + 'static) -> Raw {
        Raw { answers: Arc::new(Mutex::new(answer)) }
    }
}

impl Port for Raw {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move {
            let (near, far) = tokio::io::duplex(1024);
            tokio::spawn(serve(self.answers.clone(), far));
            Ok(Box::new(near) as Box<dyn Line>)
        })
    }

    fn name(&self) -> &str {
        "raw"
    }
}

async fn serve(answers: Answers, mut line: DuplexStream) {
    let mut received: Vec<u8> = Vec::new();
    let mut buffer = [0u8; 300];
    while let Ok(count @ 1..) = line.read(&mut buffer).await {
        received.extend_from_slice(&buffer[..count]);
        while received.len() >= 2 && received.len() >= usize::from(received[1]) + 5 {
            let rest = received.split_off(usize::from(received[1]) + 5);
            let frame = std::mem::replace(&mut received, rest);
            let reply = answers.lock().unwrap()(&frame);
            if line.write_all(&[frame, reply].concat()).await.is_err() {
                return;
            }
        }
    }
}
