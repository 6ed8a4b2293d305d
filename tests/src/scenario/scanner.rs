//! A scan service in memory.
use hal_device::{Line, OpenFuture};
use hal_sane::SanePort;
use simulators::saned::Saned;

/// The way to a simulated saned.
pub struct MemoryScanner(pub Saned);

impl SanePort for MemoryScanner {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move { Ok(Box::new(self.0.connect()?) as Box<dyn Line>) })
    }

    fn open_data(&self, port: u16) -> OpenFuture<'_> {
        Box::pin(async move { Ok(Box::new(self.0.connect_data(port).await?) as Box<dyn Line>) })
    }

    fn name(&self) -> &str {
        "memory"
    }
}
