//! Where scans come from: a serial port, or a keyboard that the kernel shows as an event device.
//!
//! The keyboard is grabbed, so that nothing a reader types reaches the pages.
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use evdev::raw_stream::{EventStream, RawDevice, enumerate};
use evdev::{EventType, SynchronizationCode};
use hal_device::Port;

use crate::KeyEvent;

/// What [`KeyStream::next`] returns.
pub type KeyFuture<'a> = Pin<Box<dyn Future<Output = io::Result<KeyEvent>> + Send + 'a>>;
/// What [`KeyPort::open`] returns.
pub type OpenKeys<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn KeyStream>>> + Send + 'a>>;

/// Keys of an open keyboard.
pub trait KeyStream: Send {
    /// The next key; dropping the future loses none.
    fn next(&mut self) -> KeyFuture<'_>;
}

/// A place where a keyboard can be opened, as often as needed.
pub trait KeyPort: Send + Sync {
    /// Opens and grabs it; fails with [`io::ErrorKind::NotFound`] while it is not plugged in.
    fn open(&self) -> OpenKeys<'_>;
    /// What the board file calls it, for logs.
    fn name(&self) -> &str;
}

/// A reader.
#[derive(Clone)]
pub enum Source {
    /// Sends characters on a line.
    Serial(Arc<dyn Port>),
    /// Types.
    Keyboard(Arc<dyn KeyPort>),
}

impl Source {
    /// What the board file calls it.
    pub fn name(&self) -> &str {
        match self {
            Source::Serial(port) => port.name(),
            Source::Keyboard(port) => port.name(),
        }
    }
}

/// A keyboard of the kernel.
#[derive(Clone, Debug)]
pub struct EvdevKeyboard {
    /// Its device file, or the name that the kernel shows for it; the first device of that name is taken.
    pub device: String,
    /// The name in logs.
    pub name: String,
}

impl KeyPort for EvdevKeyboard {
    fn open(&self) -> OpenKeys<'_> {
        Box::pin(async move {
            let mut device = if self.device.starts_with('/') {
                RawDevice::open(&self.device)?
            } else {
                enumerate()
                    .map(|(_, device)| device)
                    .find(|device| device.name() == Some(self.device.as_str()))
                    .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?
            };
            device.grab()?;
            Ok(Box::new(Keys(device.into_event_stream()?)) as Box<dyn KeyStream>)
        })
    }
    fn name(&self) -> &str {
        &self.name
    }
}

struct Keys(EventStream);

impl KeyStream for Keys {
    fn next(&mut self) -> KeyFuture<'_> {
        Box::pin(async move {
            loop {
                let event = self.0.next_event().await?;
                match (event.event_type(), event.value()) {
                    (EventType::KEY, 0) => return Ok(KeyEvent::Key { code: event.code(), down: false }),
                    (EventType::KEY, 1) => return Ok(KeyEvent::Key { code: event.code(), down: true }),
                    (EventType::SYNCHRONIZATION, _) if event.code() == SynchronizationCode::SYN_DROPPED.0 => {
                        return Ok(KeyEvent::Lost);
                    }
                    // A key held down repeats itself; a reader holds none.
                    _ => {}
                }
            }
        })
    }
}
