//! A plug: the firmware's end of an in-memory line, a simulator at the other.
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use hal_device::{Line, OpenFuture, Port};
use tokio::io::DuplexStream;
use tokio::task::JoinHandle;

type Serve = dyn Fn(DuplexStream) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

/// A port whose cable can be pulled.
#[derive(Clone)]
pub struct MemoryPort {
    name: &'static str,
    serve: Arc<Serve>,
    state: Arc<Mutex<State>>,
}

struct State {
    plugged: bool,
    serving: Option<JoinHandle<()>>,
}

impl MemoryPort {
    /// `serve` is the simulator on the far end of each new line.
    pub fn new<F>(name: &'static str, serve: impl Fn(DuplexStream) -> F + Send + Sync + 'static) -> MemoryPort
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let serve =
            Arc::new(move |stream| Box::pin(serve(stream)) as Pin<Box<dyn Future<Output = ()> + Send>>);
        let state = Arc::new(Mutex::new(State { plugged: true, serving: None }));
        MemoryPort { name, serve, state }
    }

    /// Pulls the cable: the line ends, and cannot be opened.
    pub fn unplug(&self) {
        let mut state = self.state.lock().expect("no panic under the lock");
        state.plugged = false;
        if let Some(serving) = state.serving.take() {
            serving.abort();
        }
    }

    /// Puts it back.
    pub fn plug(&self) {
        self.state.lock().expect("no panic under the lock").plugged = true;
    }
}

impl Port for MemoryPort {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move {
            let mut state = self.state.lock().expect("no panic under the lock");
            if !state.plugged {
                return Err(io::ErrorKind::NotFound.into());
            }
            let (near, far) = tokio::io::duplex(4096);
            if let Some(before) = state.serving.replace(tokio::spawn((self.serve)(far))) {
                before.abort();
            }
            Ok(Box::new(near) as Box<dyn Line>)
        })
    }

    fn name(&self) -> &str {
        self.name
    }
}
