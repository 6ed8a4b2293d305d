//! A hopper whose frames and answers somebody else made (`cc_talk_device`), paid from by the driver.
//!
//! The peer answers an order with the event counter before the order, where the document wants the one after it, and
//! with NAK to what it does not know, where the document wants silence. Neither may cost a coin.
mod common;

use std::cell::RefCell;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use cc_talk_core::cc_talk::{
    Category, ChecksumType, DataStorage, Device as PeerDevice, HopperDispenseStatus, HopperStatus,
    Manufacturer, MemoryType, SerialCode,
};
use cc_talk_device::device_impl::{DeviceImpl, SimplePayoutDevice};
use cc_talk_device::payout_device::PayoutDevice;
use common::kiosk::{HOPPER, Kiosk, config, simulate};
use common::raw::Raw;
use hal_cctalk::{BusConfig, Checksum, Dispensed};
use hal_device::Status;

/// What the mechanism under the peer's protocol does.
#[derive(Clone, Debug, Default)]
struct Mechanism {
    coins_inside: u8,
    event: u8,
    remaining: u8,
    paid: u8,
    unpaid: u8,
    life: u32,
    enabled: bool,
    out: u32,
    orders: u32,
    timed_out: bool,
}

impl Mechanism {
    /// A coin for each time that somebody looks.
    fn turn(&mut self) {
        if self.remaining == 0 {
            return;
        }
        if self.coins_inside == 0 {
            (self.unpaid, self.remaining, self.timed_out) = (self.remaining, 0, true);
            return;
        }
        self.coins_inside -= 1;
        self.remaining -= 1;
        self.paid += 1;
        self.life += 1;
        self.out += 1;
    }
}

struct Peer {
    checksum: ChecksumType,
    mechanism: Arc<Mutex<Mechanism>>,
}

impl DeviceImpl for Peer {
    fn manufacturer(&self) -> Manufacturer {
        Manufacturer::Alberici
    }
    fn category(&self) -> Category {
        Category::Payout
    }
    fn checksum_type(&self) -> ChecksumType {
        self.checksum
    }
    fn product_code(&self) -> &str {
        "PEER"
    }
    fn serial_number(&self) -> SerialCode {
        SerialCode::new(0x0A, 0x0B, 0x0C)
    }
    fn software_revision(&self) -> &str {
        "1"
    }
    fn build_code(&self) -> &str {
        "1"
    }
    fn data_storage_availability(&self) -> DataStorage {
        DataStorage {
            memory_type: MemoryType::VolatileOnReset,
            read_blocks: 0,
            read_bytes_per_block: 0,
            write_blocks: 0,
            write_bytes_per_block: 0,
        }
    }
    fn comms_revision(&self) -> (u8, u8, u8) {
        (1, 4, 7)
    }
    async fn reset(&self) {
        let mut mechanism = self.mechanism.lock().unwrap();
        (mechanism.event, mechanism.enabled) = (0, false);
    }
    fn is_for_me(&self, address: u8) -> bool {
        address == HOPPER
    }
    fn address(&self) -> u8 {
        HOPPER
    }
    fn device(&self) -> PeerDevice {
        PeerDevice::new(HOPPER, Category::Payout, self.checksum)
    }
}

impl SimplePayoutDevice for Peer {
    async fn request_sensor_status(&self) -> HopperStatus {
        HopperStatus::from(0b0011_0000)
    }
    async fn emergency_stop(&self) {
        self.mechanism.lock().unwrap().remaining = 0;
    }
    fn request_hopper_coin(&self) -> &str {
        "EU100A"
    }
    async fn request_hopper_dispense_count(&self) -> u32 {
        self.mechanism.lock().unwrap().life
    }
    async fn dispense_hopper_coins(&self, count: u8) {
        let mut mechanism = self.mechanism.lock().unwrap();
        mechanism.orders += 1;
        mechanism.event = if mechanism.event == 255 { 1 } else { mechanism.event + 1 };
        (mechanism.remaining, mechanism.paid, mechanism.unpaid, mechanism.timed_out) = (count, 0, 0, false);
    }
    async fn request_payout_status(&self) -> HopperDispenseStatus {
        let mut mechanism = self.mechanism.lock().unwrap();
        mechanism.turn();
        HopperDispenseStatus {
            event_counter: mechanism.event,
            coins_remaining: mechanism.remaining,
            paid: mechanism.paid,
            unpaid: mechanism.unpaid,
        }
    }
    async fn enable_payout(&self, enable: bool) {
        self.mechanism.lock().unwrap().enabled = enable;
    }
    async fn test(&self) -> (u8, u8, u8) {
        let mechanism = self.mechanism.lock().unwrap();
        (u8::from(mechanism.timed_out) << 1 | u8::from(!mechanism.enabled) << 7, 0, 0)
    }
}

/// The peer waits for nothing, so one look is enough.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the peer waits"),
    }
}

async fn kiosk(coins_inside: u8, crc: bool) -> (Kiosk, Arc<Mutex<Mechanism>>) {
    let mechanism =
        Arc::new(Mutex::new(Mechanism { coins_inside, event: 254, life: 77, ..Mechanism::default() }));
    let checksum = if crc { ChecksumType::Crc16 } else { ChecksumType::Crc8 };
    let device = PayoutDevice::new(Peer { checksum, mechanism: mechanism.clone() });
    let reply = RefCell::new([0u8; 260]);
    let port = Raw::new(move |request| {
        let mut reply = reply.borrow_mut();
        match now(device.on_frame(&mut request.to_vec(), &mut reply[..])) {
            Ok(length) => reply[..length].to_vec(),
            Err(_) => Vec::new(),
        }
    });
    let mut hoppers = config().hoppers;
    hoppers[0].checksum = if crc { Checksum::Crc16 } else { Checksum::Simple };
    let devices = BusConfig { validator: None, coin_acceptor: None, hoppers, ..config() };
    let kiosk = Kiosk::over(Arc::new(port), devices);
    kiosk.settle().await;
    (kiosk, mechanism)
}

#[test]
fn coins_of_the_peer_are_paid_once_each_with_either_checksum() {
    for crc in [false, true] {
        simulate(async {
            let (kiosk, mechanism) = kiosk(100, crc).await;
            assert_eq!(kiosk.status().hoppers[0].device.status, Status::Ready);
            assert_eq!(kiosk.status().hoppers[0].device.serial, Some(0x0A_0B_0C));
            let mut out = 0;
            for coins in [3, 1, 20] {
                let baseline = kiosk.bus.baseline(0).await.unwrap();
                let paid = kiosk.bus.dispense(0, baseline, coins).await;
                assert_eq!(paid, Ok(Dispensed::Paid { coins, short: None }));
                out += u32::from(coins);
                assert_eq!(mechanism.lock().unwrap().out, out);
            }
            assert_eq!(mechanism.lock().unwrap().orders, 3, "the counter went 254, 255, 1 and 2");
        });
    }
}

#[test]
fn a_peer_that_runs_empty_has_paid_what_its_counters_say() {
    simulate(async {
        let (kiosk, mechanism) = kiosk(2, false).await;
        let baseline = kiosk.bus.baseline(0).await.unwrap();
        let paid = kiosk.bus.dispense(0, baseline, 5).await.unwrap();
        assert!(matches!(&paid, Dispensed::Paid { coins: 2, short: Some(_) }), "{paid:?}");
        let mechanism = mechanism.lock().unwrap();
        assert_eq!((mechanism.out, mechanism.orders), (2, 1));
    });
}
