//! What people do at the machine: customers, technicians, and whoever plays with the faults.

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep_until};

use super::bus::{CashBus, NoSuchDevice};
use super::fault::{CoinFault, HopperFaultAt, ValidatorFault};
use super::hopper::Hopper;
use super::validator::{Transport, Validator};
use super::world::{Tray, Truth, World};
use crate::fault::Fault;
use crate::hook::Device;
use crate::locked;
use crate::pile::Pile;

/// Where a note ended for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotePlace {
    /// The mouth was shut or busy: it never left the hand.
    InHand,
    Returned,
    Escrow,
    Stacked,
    Jammed,
}

/// Where a coin ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoinPlace {
    Returned,
    CashBox,
    Hopper,
    NoAcceptor,
}

impl CashBus {
    fn act<T>(&self, action: impl FnOnce(&mut World, Instant) -> T) -> T {
        let now = Instant::now();
        let mut world = locked(&self.world);
        world.advance(now);
        let result = action(&mut world, now);
        world.settle();
        result
    }

    /// Pushes a note in. True when the mechanism pulled it in; false when it stayed in the hand.
    pub fn insert_note(&self, cents: u32) -> bool {
        self.act(|world, now| {
            let taken = world.validator.as_mut().is_some_and(|validator| validator.insert(cents, now));
            if taken {
                world.truth.notes_inserted.add(cents);
            }
            taken
        })
    }

    /// Pushes a note in and waits until it lies still.
    pub async fn insert_note_and_wait(&self, cents: u32) -> NotePlace {
        let returned = self.truth().notes_returned.pieces();
        if !self.insert_note(cents) {
            return NotePlace::InHand;
        }
        loop {
            let (place, due) = self.act(|world, _| {
                let Some(validator) = &world.validator else { return (Some(NotePlace::InHand), None) };
                let place = match validator.transport {
                    Transport::Escrow { .. } => Some(NotePlace::Escrow),
                    Transport::Jammed { .. } => Some(NotePlace::Jammed),
                    Transport::Empty if world.truth.notes_returned.pieces() > returned => {
                        Some(NotePlace::Returned)
                    }
                    Transport::Empty => Some(NotePlace::Stacked),
                    Transport::Validating { .. }
                    | Transport::Stacking { .. }
                    | Transport::Returning { .. } => None,
                };
                (place, validator.next_due())
            });
            match (place, due) {
                (Some(place), _) => return place,
                (None, Some(due)) => sleep_until(due).await,
                // Switched off in mid-movement: the note stays where it is.
                (None, None) => return NotePlace::Jammed,
            }
        }
    }

    /// Drops a coin in.
    pub fn insert_coin(&self, cents: u32) {
        self.act(|world, now| {
            if let Some(acceptor) = &mut world.coin_acceptor {
                world.truth.coins_inserted.add(cents);
                acceptor.insert(cents, now);
            }
        });
    }

    /// Drops a coin in and waits until all coins have fallen.
    pub async fn insert_coin_and_wait(&self, cents: u32) -> CoinPlace {
        let before = self.truth();
        self.insert_coin(cents);
        while let Some(due) = self.act(|world, _| world.coin_acceptor.as_ref()?.next_due()) {
            sleep_until(due).await;
        }
        let after = self.truth();
        if after.coins_returned.of(cents) > before.coins_returned.of(cents) {
            CoinPlace::Returned
        } else if after.coins_to_hoppers.of(cents) > before.coins_to_hoppers.of(cents) {
            CoinPlace::Hopper
        } else if after.coins_to_cash_box.of(cents) > before.coins_to_cash_box.of(cents) {
            CoinPlace::CashBox
        } else {
            CoinPlace::NoAcceptor
        }
    }

    /// Waits until no note and no coin moves; a note in escrow lies still.
    pub async fn wait_until_still(&self) {
        while let Some(due) = self.act(|world, _| world.next_due()) {
            sleep_until(due).await;
        }
    }

    /// The person takes everything from the tray and the mouth.
    pub fn take_tray(&self) -> Tray {
        self.act(|world, _| {
            let taken = std::mem::take(&mut world.tray);
            world.truth.notes_taken = world.truth.notes_taken.with(&taken.notes);
            world.truth.coins_taken = world.truth.coins_taken.with(&taken.coins);
            taken
        })
    }

    /// A customer pulls an unsafely jammed note out; true when one was in reach.
    pub fn pull_jammed_note(&self) -> bool {
        self.act(|world, _| {
            let Some(validator) = &mut world.validator else { return false };
            if !matches!(validator.transport, Transport::Jammed { code: 6, .. }) {
                return false;
            }
            let Some(cents) = validator.clear_jam() else { return false };
            validator.moves.returned.push(cents);
            true
        })
    }

    /// A customer changes his mind while the note is being pulled in; true when it came back.
    pub fn pull_note_back(&self) -> bool {
        self.act(|world, _| world.validator.as_mut().is_some_and(Validator::pull_back))
    }

    /// A technician opens the validator and takes out a jammed note; its value in cents.
    pub fn free_jammed_note(&self) -> Option<u32> {
        self.act(|world, _| {
            let cents = world.validator.as_mut()?.clear_jam()?;
            world.truth.notes_freed.add(cents);
            Some(cents)
        })
    }

    pub fn remove_stacker(&self) {
        self.act(|world, _| {
            if let Some(validator) = &mut world.validator {
                validator.remove_stacker();
            }
        });
    }

    /// Puts the cassette in; the notes it held when `emptied`.
    pub fn insert_stacker(&self, emptied: bool) -> Pile {
        self.act(|world, _| {
            let Some(validator) = &mut world.validator else { return Pile::default() };
            let taken = validator.insert_stacker(emptied);
            world.truth.notes_collected = world.truth.notes_collected.with(&taken);
            taken
        })
    }

    /// Pours coins into a hopper; returns how many found no room.
    ///
    /// # Errors
    /// No such hopper.
    pub fn fill_hopper(&self, address: u8, coins: u64) -> Result<u64, NoSuchDevice> {
        self.act(|world, _| {
            let hopper = hopper(world, address)?;
            let cents = hopper.config.cents;
            let left = hopper.fill(coins);
            world.truth.coins_filled.add_many(cents, coins - left);
            Ok(left)
        })
    }

    /// Takes all coins out of a hopper; how many there were.
    ///
    /// # Errors
    /// No such hopper.
    pub fn empty_hopper(&self, address: u8) -> Result<u64, NoSuchDevice> {
        self.act(|world, _| {
            let hopper = hopper(world, address)?;
            let (cents, coins) = (hopper.config.cents, std::mem::take(&mut hopper.coins));
            world.truth.coins_collected.add_many(cents, coins);
            Ok(coins)
        })
    }

    /// Frees the exit of a hopper and stirs its coins.
    ///
    /// # Errors
    /// No such hopper.
    pub fn clear_hopper(&self, address: u8) -> Result<(), NoSuchDevice> {
        self.act(|world, _| hopper(world, address).map(Hopper::clear))
    }

    pub fn empty_cash_box(&self) -> Pile {
        self.act(|world, _| {
            let taken = std::mem::take(&mut world.cash_box);
            world.truth.coins_collected = world.truth.coins_collected.with(&taken);
            taken
        })
    }

    /// Cuts or restores the supply of one device.
    ///
    /// # Errors
    /// No such device.
    pub fn power(&self, device: Device, on: bool) -> Result<(), NoSuchDevice> {
        self.act(|world, now| {
            world.by_name(device).ok_or(NoSuchDevice(device))?.power(on, now);
            Ok(())
        })
    }

    /// Cuts or restores the supply of the whole bus.
    pub fn power_all(&self, on: bool) {
        self.act(|world, now| {
            for address in world.addresses() {
                if let Some(device) = world.by_address(address) {
                    device.power(on, now);
                }
            }
        });
    }

    /// Ends the silence that `Decision::Freeze` began.
    pub fn thaw(&self) {
        locked(&self.world).frozen = false;
    }

    /// Local echo on or off, as on adapters without it.
    pub fn set_echo(&self, on: bool) {
        locked(&self.world).echo = on;
    }

    /// # Errors
    /// The fault belongs to a device that is not on this bus.
    pub fn fault(&self, fault: Fault) -> Result<(), NoSuchDevice> {
        match fault {
            Fault::Validator(fault) => self.validator_fault(fault),
            Fault::CoinAcceptor(fault) => self.coin_fault(fault),
            Fault::Hopper(fault) => self.hopper_fault(fault),
            Fault::Printer(_)
            | Fault::PagePrinter(_)
            | Fault::Barcode(_)
            | Fault::Line(_)
            | Fault::Scanner(_)
            | Fault::Card(_) => Err(NoSuchDevice(Device::Printer)),
        }
    }

    /// # Errors
    /// No validator on this bus.
    pub fn validator_fault(&self, fault: ValidatorFault) -> Result<(), NoSuchDevice> {
        self.act(|world, now| {
            let validator = world.validator.as_mut().ok_or(NoSuchDevice(Device::Validator))?;
            validator.fault(fault, now);
            Ok(())
        })
    }

    /// # Errors
    /// No coin acceptor on this bus.
    pub fn coin_fault(&self, fault: CoinFault) -> Result<(), NoSuchDevice> {
        self.act(|world, now| {
            let acceptor = world.coin_acceptor.as_mut().ok_or(NoSuchDevice(Device::CoinAcceptor))?;
            if let CoinFault::SixCoins { cents } = fault {
                world.truth.coins_inserted.add_many(cents, 6);
            }
            acceptor.fault(fault, now);
            Ok(())
        })
    }

    /// # Errors
    /// No hopper at that address.
    pub fn hopper_fault(&self, fault: HopperFaultAt) -> Result<(), NoSuchDevice> {
        self.act(|world, now| {
            hopper(world, fault.address)?.fault(fault.what, now);
            Ok(())
        })
    }

    /// What really happened so far.
    #[must_use]
    pub fn truth(&self) -> Truth {
        self.act(|world, _| world.truth.clone())
    }

    /// Every note and coin accounted for, now.
    ///
    /// # Errors
    /// The sum that does not come out, with both sides.
    pub fn check_conservation(&self) -> Result<(), String> {
        self.act(|world, _| world.check_conservation())
    }
}

fn hopper(world: &mut World, address: u8) -> Result<&mut Hopper, NoSuchDevice> {
    world.hoppers.get_mut(&address).ok_or(NoSuchDevice(Device::Hopper(address)))
}
