//! A card reader's slot: a card is put in or taken out while programs talk to it.
//!
//! The slot knows no wire. [`vpcd`](super::vpcd) brings it to a pcscd on this machine; a USB reader of an emulated
//! board is another way.

use tokio::sync::watch;

use super::card::VirtualCard;

/// A handle on one slot. Clones share it.
#[derive(Clone, Debug)]
pub struct VirtualReader {
    slot: watch::Sender<Option<VirtualCard>>,
}

impl Default for VirtualReader {
    fn default() -> Self {
        Self::new()
    }
}

impl VirtualReader {
    /// An empty slot.
    #[must_use]
    pub fn new() -> Self {
        Self { slot: watch::Sender::new(None) }
    }

    /// Puts a card in, without power; what was in comes out.
    pub fn insert(&self, card: VirtualCard) {
        card.put_in();
        self.slot.send_replace(Some(card));
    }

    /// Takes the card out; it loses its power.
    pub fn remove(&self) -> Option<VirtualCard> {
        let card = self.slot.send_replace(None)?;
        card.power_off();
        Some(card)
    }

    #[must_use]
    pub fn card(&self) -> Option<VirtualCard> {
        self.slot.borrow().clone()
    }

    /// Follows what is in the slot.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Option<VirtualCard>> {
        self.slot.subscribe()
    }
}
