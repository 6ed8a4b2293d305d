//! What the wire asks of any device, so that the bus need not know which one it is.

use tokio::time::Instant;

use super::coin_acceptor::CoinAcceptor;
use super::common::{Answer, LineCounters, Link};
use super::frame::Checksum;
use super::hopper::Hopper;
use super::validator::Validator;
use super::world::World;
use crate::hook::{Decision, Device};

/// What every device on the bus can do.
pub(super) trait BusDevice {
    fn name(&self) -> Device;
    fn checksum(&self) -> Checksum;
    /// Powered, awake and connected.
    fn hears(&self, now: Instant) -> bool;
    fn link(&mut self) -> &mut Link;
    fn line_counters(&mut self) -> &mut LineCounters;
    fn command(&mut self, header: u8, data: &[u8], now: Instant) -> Answer;
    /// Its own fault of losing the reply to this header.
    fn loses_reply(&mut self, header: u8) -> bool;
    fn reset(&mut self, now: Instant);
    fn power(&mut self, on: bool, now: Instant);
}

macro_rules! bus_device {
    ($device:ty, $name:expr, $loses:expr) => {
        impl BusDevice for $device {
            fn name(&self) -> Device {
                let name: fn(&$device) -> Device = $name;
                name(self)
            }
            fn checksum(&self) -> Checksum {
                self.config.checksum
            }
            fn hears(&self, now: Instant) -> bool {
                self.powered && now >= self.deaf_until
            }
            fn link(&mut self) -> &mut Link {
                &mut self.link
            }
            fn line_counters(&mut self) -> &mut LineCounters {
                &mut self.counters
            }
            fn command(&mut self, header: u8, data: &[u8], now: Instant) -> Answer {
                self.command(header, data, now)
            }
            fn loses_reply(&mut self, header: u8) -> bool {
                let loses: fn(&mut $device, u8) -> bool = $loses;
                loses(self, header)
            }
            fn reset(&mut self, now: Instant) {
                self.reset(now);
            }
            fn power(&mut self, on: bool, now: Instant) {
                if on { self.power_on(now) } else { self.power_off(now) }
            }
        }
    };
}

bus_device!(Validator, |_| Device::Validator, |_, _| false);
bus_device!(CoinAcceptor, |_| Device::CoinAcceptor, |_, _| false);
bus_device!(Hopper, |hopper| Device::Hopper(hopper.config.address), |hopper, header| {
    header == 167 && std::mem::take(&mut hopper.pending.lose_dispense_reply)
});

impl World {
    pub(super) fn by_address(&mut self, address: u8) -> Option<&mut dyn BusDevice> {
        if let Some(validator) = self.validator.as_mut().filter(|device| device.config.address == address) {
            return Some(validator);
        }
        if let Some(acceptor) = self.coin_acceptor.as_mut().filter(|device| device.config.address == address)
        {
            return Some(acceptor);
        }
        self.hoppers.get_mut(&address).map(|hopper| hopper as &mut dyn BusDevice)
    }

    pub(super) fn by_name(&mut self, device: Device) -> Option<&mut dyn BusDevice> {
        match device {
            Device::Validator => self.validator.as_mut().map(|device| device as &mut dyn BusDevice),
            Device::CoinAcceptor => self.coin_acceptor.as_mut().map(|device| device as &mut dyn BusDevice),
            Device::Hopper(address) => {
                self.hoppers.get_mut(&address).map(|hopper| hopper as &mut dyn BusDevice)
            }
            Device::Printer => None,
        }
    }

    pub(super) fn addresses(&self) -> Vec<u8> {
        let validator = self.validator.iter().map(|device| device.config.address);
        let acceptor = self.coin_acceptor.iter().map(|device| device.config.address);
        validator.chain(acceptor).chain(self.hoppers.keys().copied()).collect()
    }
}

impl World {
    pub(super) fn restart(&mut self, address: u8, how: Decision, now: Instant) {
        if let Some(device) = self.by_address(address) {
            if how == Decision::PowerCycleDevice {
                device.power(false, now);
                device.power(true, now);
            } else {
                device.reset(now);
            }
        }
        self.settle();
    }
}
