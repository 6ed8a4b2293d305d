//! The rule of the first finger across devices: while one device is pressed, presses of all others are ignored.
//! Pure.
use crate::event::InputEvent;

/// Lets one device at a time touch. Keys and the jack always pass.
#[derive(Clone, Debug, Default)]
pub struct Arbiter {
    owner: Option<u32>,
}

impl Arbiter {
    /// Whether an event of a device goes on to the user interface.
    pub fn admit(&mut self, device: u32, event: InputEvent) -> bool {
        match event {
            InputEvent::Press { .. } if self.owner.is_none() => {
                self.owner = Some(device);
                true
            }
            InputEvent::Press { .. } => false,
            InputEvent::Move { .. } => self.owner == Some(device),
            InputEvent::Release { .. } => {
                let owned = self.owner == Some(device);
                if owned {
                    self.owner = None;
                }
                owned
            }
            InputEvent::Key(_) | InputEvent::Character(_) | InputEvent::Headphones(_) => true,
        }
    }
}
