//! Switching acceptance on and off, believed only when it was read back (headers 227, 228, 230, 231, and for a
//! validator its operating mode, 152 and 153).
//!
//! The mask is what holds coins back: some coin acceptors come back from a reset with the master inhibit open,
//! and one knows no master inhibit at all.
use std::collections::BTreeSet;
use std::time::Duration;

use hal_device::Cents;

use crate::acceptor::Setting;
use crate::api::{CashError, Device};
use crate::bus::Lost;
use crate::command::{Command, Reply};
use crate::polling::does_not_obey;
use crate::task::{CashTask, Context};

/// Tries of an order that is acknowledged and not obeyed.
const TRIES: u32 = 3;
/// Between two tries: three of them within 2 s.
const BETWEEN_TRIES: Duration = Duration::from_millis(600);
/// Stacker and escrow are both used.
pub(crate) const STACKER_AND_ESCROW: u8 = 0b11;

impl CashTask {
    /// Makes one device take exactly these values.
    pub(crate) async fn apply(
        &mut self,
        device: Device,
        values: &BTreeSet<Cents>,
        context: &Context<'_>,
    ) -> Result<(), CashError> {
        let absent = || if values.is_empty() { Ok(()) } else { Err(CashError::Absent(device)) };
        let Some(index) = self.acceptors.iter().position(|a| a.device == device) else { return absent() };
        let Some(acceptor) = self.acceptors.get_mut(index) else { return absent() };
        if !acceptor.running() {
            // Whatever it still accepts is inhibited as soon as it answers.
            acceptor.halt();
            return absent();
        }
        if let (Some(fault), false) = (&acceptor.fault, values.is_empty()) {
            return Err(CashError::OutOfService(device, fault.reason.detail.clone()));
        }
        let mask = acceptor.ids.as_ref().map_or(0, |ids| ids.mask(values));
        let setting = Setting { mask, master: mask != 0 };
        acceptor.wanted = setting;
        acceptor.stop = false;
        for try_number in 0..TRIES {
            if try_number > 0 {
                self.pause(BETWEEN_TRIES, context).await;
            }
            let obeyed = match try_number {
                0 => self.write(index, setting, context).await,
                _ => self.write_unless_set(index, setting, context).await,
            };
            let now = self.now();
            let Some(acceptor) = self.acceptors.get_mut(index) else { return absent() };
            match obeyed {
                Ok(true) if acceptor.running() && acceptor.wanted == setting => return Ok(()),
                Ok(_) => {}
                Err(_) => {
                    acceptor.lose(now);
                    return absent();
                }
            }
            // A poll may have found a fault, a reset or lost events meanwhile.
            if let (Some(fault), false) = (&acceptor.fault, values.is_empty()) {
                return Err(CashError::OutOfService(device, fault.reason.detail.clone()));
            }
            if !acceptor.running() || acceptor.wanted != setting {
                return absent();
            }
        }
        let now = self.now();
        let text = if setting.master { "it stays off" } else { "it stays on" };
        if let Some(acceptor) = self.acceptors.get_mut(index) {
            acceptor.halt();
            acceptor.raise(does_not_obey(text), now);
        }
        Err(CashError::Disobeyed(device, text.to_owned()))
    }

    /// Writes a setting again, unless the device has come round to it meanwhile.
    async fn write_unless_set(
        &mut self,
        index: usize,
        setting: Setting,
        context: &Context<'_>,
    ) -> Result<bool, Lost> {
        let found = self.read_setting(index, context).await?;
        let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
        // The escrow must be in use as well, which the first try has seen to or has failed for.
        if found == setting && acceptor.device != Device::Validator {
            acceptor.read_back(found);
            return Ok(true);
        }
        if found == setting && self.escrow_in_use(index, context).await? {
            let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
            acceptor.read_back(found);
            return Ok(true);
        }
        self.write(index, setting, context).await
    }

    /// Writes a setting once and reads it back; true when the device obeys.
    pub(crate) async fn write(
        &mut self,
        index: usize,
        setting: Setting,
        context: &Context<'_>,
    ) -> Result<bool, Lost> {
        let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
        let bytes = acceptor.ids.as_ref().map_or(2, crate::ids::Ids::mask_bytes);
        let (has_master, validator) = (acceptor.has_master, acceptor.device == Device::Validator);
        // From the first byte on, what the device is set to is not sure.
        acceptor.written = None;
        if has_master && !setting.master {
            self.order(index, Command::ModifyMaster(false), context).await?;
        }
        if validator && setting.master && !self.escrow_in_use(index, context).await? {
            return Ok(false);
        }
        self.order(index, Command::ModifyInhibits { mask: setting.mask, bytes }, context).await?;
        if has_master && setting.master {
            self.order(index, Command::ModifyMaster(true), context).await?;
        }
        let found = self.read_setting(index, context).await?;
        let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
        let found = if has_master { found } else { Setting { master: setting.master, ..found } };
        acceptor.read_back(found);
        if found != setting {
            acceptor.accepting.clear();
        }
        Ok(found == setting)
    }

    /// An order that a device refuses counts as not obeyed, which the read-back will show.
    async fn order(&mut self, index: usize, command: Command, context: &Context<'_>) -> Result<(), Lost> {
        match self.ask(index, command, context).await {
            Ok(_) | Err(Lost::Refused) => Ok(()),
            Err(lost) => Err(lost),
        }
    }

    /// Makes the validator use its escrow, which a reset may have undone.
    pub(crate) async fn escrow_in_use(&mut self, index: usize, context: &Context<'_>) -> Result<bool, Lost> {
        self.order(index, Command::ModifyBillMode(STACKER_AND_ESCROW), context).await?;
        match self.ask(index, Command::RequestBillMode, context).await? {
            Reply::Byte(mode) => Ok(mode & STACKER_AND_ESCROW == STACKER_AND_ESCROW),
            _ => Ok(false),
        }
    }

    /// What the device says that it is set to.
    pub(crate) async fn read_setting(
        &mut self,
        index: usize,
        context: &Context<'_>,
    ) -> Result<Setting, Lost> {
        let Some(acceptor) = self.acceptors.get(index) else { return Err(Lost::Silent) };
        let bytes = acceptor.ids.as_ref().map_or(2, crate::ids::Ids::mask_bytes);
        let has_master = acceptor.has_master;
        let Reply::Mask(mask) = self.ask(index, Command::RequestInhibits { bytes }, context).await? else {
            return Err(Lost::Silent);
        };
        if !has_master {
            return Ok(Setting { mask, master: mask != 0 });
        }
        match self.ask(index, Command::RequestMaster, context).await? {
            Reply::Byte(byte) => Ok(Setting { mask, master: byte & 1 == 1 }),
            _ => Err(Lost::Silent),
        }
    }
}
