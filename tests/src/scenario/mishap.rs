//! What can happen around a citizen: faults of devices, lines, paper, the sede and the power; and the technician
//! who puts all of it right.
//!
//! Only what a device or its counters can tell: a coin more than was counted, or money that a device invents, no
//! kiosk can know of.
use std::time::Duration;

use fastrand::Rng;
use reference_sede::Fault as SedeFault;
use simulators::cctalk::{CoinFault, HopperFault, HopperFaultAt, Jam, LinkFault, NoteFate, ValidatorFault};
use simulators::escpos::PrinterFault;
use tokio::time::sleep;

use super::{Kill, Kiosk, World};

/// One mishap.
#[derive(Clone, Debug)]
pub enum Mishap {
    /// Of the bill validator.
    Validator(ValidatorFault),
    /// Of the coin acceptor.
    Coins(CoinFault),
    /// Of a hopper.
    Hopper(HopperFaultAt),
    /// Of the printer.
    Printer(PrinterFault),
    /// Of the town hall; `None`: it is back.
    Sede(Option<SedeFault>),
    /// The cable of the cash devices is pulled for so long.
    CashUnplugged(Duration),
    /// That of the printer.
    PrinterUnplugged(Duration),
    /// That of the barcode reader.
    ReaderUnplugged(Duration),
    /// The kiosk's clock is wrong by so many seconds.
    Clock(i64),
    /// The process is killed, and started again after so long.
    Killed(Duration),
}

impl Mishap {
    /// One of them.
    pub fn any(dice: &mut Rng) -> Mishap {
        match dice.u32(0..20) {
            0..4 => Mishap::Validator(validator(dice)),
            4..6 => Mishap::Coins(coins(dice)),
            6..10 => Mishap::Hopper(HopperFaultAt { address: dice.u8(3..7), what: hopper(dice) }),
            10..13 => Mishap::Printer(printer(dice)),
            13..15 => Mishap::Sede(sede(dice)),
            15 => Mishap::CashUnplugged(while_(dice)),
            16 => Mishap::PrinterUnplugged(while_(dice)),
            17 => Mishap::ReaderUnplugged(while_(dice)),
            18 => Mishap::Clock(dice.i64(-900_000_000..300_000_000)),
            _ => Mishap::Killed(while_(dice)),
        }
    }

    /// Happens; returns the kiosk that runs then.
    pub async fn strike(self, world: &World, kiosk: Kiosk) -> Kiosk {
        match self {
            Mishap::Validator(fault) => world.cash.validator_fault(fault).expect("fitted"),
            Mishap::Coins(fault) => world.cash.coin_fault(fault).expect("fitted"),
            Mishap::Hopper(fault) => world.cash.hopper_fault(fault).expect("fitted"),
            Mishap::Printer(fault) => world.printer.fault(fault),
            Mishap::Sede(fault) => world.sede.set_fault(fault),
            Mishap::CashUnplugged(time) => {
                world.cash_port.unplug();
                sleep(time).await;
                world.cash_port.plug();
            }
            Mishap::PrinterUnplugged(time) => {
                world.printer_port.unplug();
                sleep(time).await;
                world.printer_port.plug();
            }
            Mishap::ReaderUnplugged(time) => {
                world.barcode_port.unplug();
                sleep(time).await;
                world.barcode_port.plug();
            }
            Mishap::Clock(seconds) => world.kiosk_clock.set_wrong(seconds),
            Mishap::Killed(time) => {
                kiosk.die().await;
                sleep(time).await;
                return Kiosk::start_mortal(world, &Kill::never());
            }
        }
        kiosk
    }

    /// The technician has been here: everything is on, plugged in, filled and free.
    pub fn repair(world: &World) {
        let cash = &world.cash;
        cash.validator_fault(ValidatorFault::Clear).expect("fitted");
        cash.free_jammed_note();
        cash.insert_stacker(true);
        cash.coin_fault(CoinFault::Clear).expect("fitted");
        for address in 3..7 {
            let fault = |what| cash.hopper_fault(HopperFaultAt { address, what }).expect("fitted");
            fault(HopperFault::Clear);
            // What is set on the device is gone when it was off.
            fault(HopperFault::PowerCycle);
        }
        let printer = &world.printer;
        printer.fault(PrinterFault::Clear);
        printer.power(true);
        printer.clear_jam();
        printer.load_roll(60_000);
        printer.close_cover();
        world.sede.set_fault(None);
        world.kiosk_clock.set_wrong(0);
    }
}

/// From a blink to the patience of everybody.
fn while_(dice: &mut Rng) -> Duration {
    Duration::from_millis([100, 3_000, 20_000, 90_000, 400_000][dice.usize(0..5)])
}

fn link(dice: &mut Rng) -> LinkFault {
    match dice.u32(0..5) {
        0 => LinkFault::Silent,
        1 => LinkFault::Slow { ms: dice.u32(1..400) },
        2 => LinkFault::DropReply { n: dice.u32(1..8) },
        3 => LinkFault::DropCommand { n: dice.u32(1..8) },
        _ => LinkFault::GarbleReply { n: dice.u32(1..8), byte: dice.u32(0..8) },
    }
}

fn validator(dice: &mut Rng) -> ValidatorFault {
    match dice.u32(0..14) {
        0 => ValidatorFault::Reset,
        1 => ValidatorFault::NoteAtReset(if dice.bool() { NoteFate::Stacked } else { NoteFate::Returned }),
        2 => ValidatorFault::PowerCycle,
        3 => ValidatorFault::Jam([Jam::Unsafe, Jam::Safe, Jam::Stacker][dice.usize(0..3)]),
        4 => ValidatorFault::StackerFull,
        5 => ValidatorFault::StackerRemoved,
        6 => ValidatorFault::StayInhibited { times: dice.u32(1..4) },
        7 => ValidatorFault::EnableLate { reads: dice.u32(1..4) },
        8 => ValidatorFault::StayInhibitedForEver,
        9 => ValidatorFault::RejectAll,
        10 => ValidatorFault::UnknownCode,
        11 => ValidatorFault::EscrowTimeout,
        12 => ValidatorFault::RouteFails { times: dice.u32(1..4) },
        _ => ValidatorFault::Link(link(dice)),
    }
}

fn coins(dice: &mut Rng) -> CoinFault {
    match dice.u32(0..7) {
        0 => CoinFault::Reset,
        1 => CoinFault::PowerCycle,
        2 => CoinFault::SixCoins { cents: [5, 10, 50, 200][dice.usize(0..4)] },
        3 => CoinFault::SorterBlocked,
        4 => CoinFault::RejectAll,
        5 => CoinFault::LeverOpen,
        _ => CoinFault::Link(link(dice)),
    }
}

fn hopper(dice: &mut Rng) -> HopperFault {
    let after = dice.u32(0..5);
    match dice.u32(0..12) {
        0 => HopperFault::Reset,
        1 => HopperFault::PowerCycle,
        2 => HopperFault::EmptyAfter { after },
        3 => HopperFault::Jam { after },
        4 => HopperFault::JamReplyLost { after },
        5 => HopperFault::ResetInPayout { after },
        6 => HopperFault::PowerCutInPayout { after },
        7 => HopperFault::Nak { times: 1 + after },
        8 => HopperFault::DispenseReplyLost,
        9 => HopperFault::PowerLostFlag,
        10 => HopperFault::Disabled,
        _ => HopperFault::Link(link(dice)),
    }
}

fn printer(dice: &mut Rng) -> PrinterFault {
    let mm = dice.u32(0..120);
    match dice.u32(0..12) {
        0 => PrinterFault::PaperLeft { mm },
        1 => PrinterFault::PaperNearEnd,
        2 => PrinterFault::PaperEnd,
        3 => PrinterFault::CoverOpen,
        4 => PrinterFault::Jam,
        5 => PrinterFault::JamAfter { mm },
        6 => PrinterFault::CutterError,
        7 => PrinterFault::HeadHot,
        8 => PrinterFault::Silent,
        9 => PrinterFault::NoProof,
        10 => PrinterFault::PowerCycle,
        _ => PrinterFault::PowerCutAfter { bytes: 20 * mm },
    }
}

fn sede(dice: &mut Rng) -> Option<SedeFault> {
    Some(match dice.u32(0..10) {
        0 => SedeFault::Refuse,
        1 => SedeFault::Hang,
        2 => SedeFault::Slow { millis: dice.u64(100..15_000) },
        3 => SedeFault::LoseAnswer,
        4 => SedeFault::CutAnswer,
        5 => SedeFault::MalformedJson,
        6 => SedeFault::Unavailable,
        7 => SedeFault::WrongKey,
        8 => SedeFault::RefusePayment { code: "already-paid".into(), text: "Ya está pagado.".into() },
        _ => return None,
    })
}
