//! Against somebody else's host (`cc_talk_host`): what it would send for each command, and what it reads in the
//! answers. Where the two differ on purpose a test says so.
use cc_talk_core::cc_talk::{
    BillRouteCode, BillRoutingError, BitMask, Category, CurrencyToken, HopperDispenseStatus,
};
use cc_talk_host::command::Command as PeerCommand;
use cc_talk_host::core::core_commands as core;
use cc_talk_host::core_plus::core_plus_commands as plus;
use cc_talk_host::device::device_commands as device;
use hal_cctalk::codec::{Data, Frame, HOST};
use hal_cctalk::command::{Command, Reply, RouteCode, Security};
use hal_cctalk::ids::{Scaling, coin_value, note_value};
use proptest::collection::vec;
use proptest::prelude::*;

fn same(ours: &Command, theirs: &impl PeerCommand) {
    assert_eq!(ours.header(), theirs.header() as u8, "{ours:?}");
    assert_eq!(ours.data().as_slice(), theirs.data(), "{ours:?}");
}

fn reply(command: &Command, data: &[u8]) -> Option<Reply> {
    let data = Data::from_slice(data).unwrap();
    command.parse(3, &Frame { destination: HOST, source: Some(3), header: 0, data }).ok()
}

fn mask<const N: usize>(bits: u32) -> BitMask<N> {
    let mut mask = BitMask::new(8 * N).unwrap();
    for bit in (0..8 * N).filter(|bit| bits >> bit & 1 == 1) {
        mask.set_bit(bit, true).unwrap();
    }
    mask
}

#[test]
fn the_peer_sends_the_same_bytes_for_every_question_and_order() {
    same(&Command::SimplePoll, &core::SimplePollCommand);
    same(&Command::Manufacturer, &core::RequestManufacturerIdCommand);
    same(&Command::Category, &core::RequestEquipementCategoryIdCommand);
    same(&Command::Product, &core::RequestProductCodeCommand);
    same(&Command::Serial, &plus::RequestSerialNumberCommand);
    same(&Command::Reset, &plus::ResetDeviceCommand);
    same(&Command::RequestStatus, &device::RequestStatusCommand);
    same(&Command::VariableSet, &device::RequestVariableSetCommand);
    same(&Command::SelfCheck, &device::PerformSelfCheckCommand);
    same(&Command::RequestInhibits { bytes: 2 }, &device::RequestInhibitStatusCommand::<2>);
    same(&Command::RequestMaster, &device::RequestMasterInhibitStatusCommand::<1>);
    same(&Command::CoinEvents, &device::ReadBufferedCreditOrErrorCodeCommand::new(0));
    same(&Command::BillEvents, &device::ReadBufferedBillEventsCommand::new(0));
    same(&Command::PayoutLevel, &device::RequestpayoutHighLowStatusCommand);
    same(&Command::EmergencyStop, &device::EmergencyStopCommand);
    same(&Command::HopperCoin, &device::RequestHopperCoinCommand);
    same(&Command::DispensedCount, &device::RequestHopperDispenseCountCommand);
    same(&Command::HopperStatus, &device::RequestHopperStatusCommand);
    same(&Command::TestHopper, &device::TestHopperCommand);
    same(&Command::CipherKey, &device::RequestCipherKeyCommand);
    same(&Command::RequestBillMode, &device::RequestBillOperatingModeCommand);
    for on in [true, false] {
        same(&Command::EnableHopper(on), &device::EnableHopperCommand::new(on));
        let master = device::ModifyMasterInhibitStatusCommand::<1>::build(mask(u32::from(on))).unwrap();
        same(&Command::ModifyMaster(on), &master);
        same(
            &Command::ModifyBillMode(2 | u8::from(on)),
            &device::ModifyBillOperatingModeCommand::new(on, true),
        );
    }
    for position in 1..=32 {
        same(&Command::CoinId(position), &device::RequestCoinIdCommand::new(position));
        same(&Command::BillId(position), &device::RequestBillIdCommand::new(position));
    }
    for (ours, theirs) in [
        (RouteCode::Return, BillRouteCode::Return),
        (RouteCode::Stack, BillRouteCode::Stack),
        (RouteCode::Extend, BillRouteCode::ExtendEscrow),
    ] {
        same(&Command::RouteBill(ours), &device::RouteBillCommand::new(theirs));
    }
}

proptest! {
    #[test]
    fn the_peer_enables_the_same_types(bits: u16) {
        let theirs = device::ModifyInhibitStatusCommand::<2>::build(mask(bits.into())).unwrap();
        same(&Command::ModifyInhibits { mask: bits.into(), bytes: 2 }, &theirs);
        let read = device::RequestInhibitStatusCommand::<2>.parse_response(&bits.to_le_bytes()).unwrap();
        let Some(Reply::Mask(ours)) = reply(&Command::RequestInhibits { bytes: 2 }, &read) else { panic!() };
        prop_assert_eq!(ours, u32::from(bits));
    }

    #[test]
    fn the_peer_orders_the_same_coins(coins in 1u8.., security in vec(any::<u8>(), 0..=8)) {
        let theirs = device::DispenseHopperCoinsCommand::new_with_data(coins, &security);
        let security = Security::from_slice(&security).unwrap();
        same(&Command::Dispense { security, coins }, &theirs);
    }

    #[test]
    fn the_peer_reads_the_same_counters_of_a_hopper(data in vec(any::<u8>(), 0..=6)) {
        let theirs = device::RequestHopperStatusCommand.parse_response(&data).ok();
        let ours = reply(&Command::HopperStatus, &data);
        match (ours, theirs) {
            (Some(Reply::Hopper { counter, remaining, paid, unpaid }), Some(theirs)) => {
                let HopperDispenseStatus { event_counter, coins_remaining, paid: p, unpaid: u } = theirs;
                prop_assert_eq!((counter, remaining, paid, unpaid), (event_counter, coins_remaining, p, u));
            }
            (ours, theirs) => prop_assert!(ours.is_none() && theirs.is_none(), "{ours:?}, {theirs:?}"),
        }
        let theirs = device::RequestHopperDispenseCountCommand.parse_response(&data).ok();
        let ours = reply(&Command::DispensedCount, &data);
        prop_assert_eq!(ours, theirs.map(Reply::Number));
    }

    #[test]
    fn the_peer_reads_the_same_answer_to_a_dispense_and_a_route(data in vec(any::<u8>(), 0..=1)) {
        let theirs = device::DispenseHopperCoinsCommand::new(1).parse_response(&data).unwrap();
        let dispense = Command::Dispense { security: Security::new(), coins: 1 };
        prop_assert_eq!(reply(&dispense, &data), Some(theirs.map_or(Reply::Ack, Reply::Taken)));

        let theirs = device::RouteBillCommand::new(BillRouteCode::Stack).parse_response(&data).unwrap();
        let wanted = match (theirs, data.as_slice()) {
            (Some(BillRoutingError::EscrowEmpty), _) => Some(Reply::EscrowEmpty),
            (Some(BillRoutingError::FailedToRoute), _) => Some(Reply::RouteFailed),
            (None, []) => Some(Reply::Ack),
            // The peer takes a code that nobody has defined for an ACK; here it is a lost answer.
            (None, _) => None,
        };
        prop_assert_eq!(reply(&Command::RouteBill(RouteCode::Stack), &data), wanted);
    }

    #[test]
    fn an_identifier_that_is_money_here_is_the_same_money_to_the_peer(
        id in "(EU|GB|TK|\\.\\.|US)[0-9.KMm]{3,4}[A-Z.]",
    ) {
        let ours = match id.len() {
            6 => coin_value(id.as_bytes()),
            _ => note_value(id.as_bytes(), Scaling { factor: 100, decimals: 2 }),
        };
        if let Some(cents) = ours {
            let Ok(CurrencyToken::Currency(theirs)) = CurrencyToken::build(&id) else {
                panic!("the peer does not read {id}")
            };
            prop_assert_eq!(i64::from(theirs.smallest_unit_value()), cents.0, "{}", id);
            prop_assert_eq!(theirs.country_code(), "EU");
        }
    }
}

#[test]
fn every_euro_coin_and_note_has_the_value_that_the_peer_gives_it() {
    let value = |id: &str| match CurrencyToken::build(id) {
        Ok(CurrencyToken::Currency(value)) => i64::from(value.smallest_unit_value()),
        other => panic!("{id}: {other:?}"),
    };
    for cents in [1, 2, 5, 10, 20, 50, 100, 200] {
        let id = format!("EU{cents:03}A");
        assert_eq!(coin_value(id.as_bytes()).map(|value| value.0), Some(value(&id)), "{id}");
    }
    for euro in [5, 10, 20, 50, 100, 200, 500] {
        let id = format!("EU{euro:04}A");
        let ours = note_value(id.as_bytes(), Scaling { factor: 100, decimals: 2 });
        assert_eq!(ours.map(|value| value.0), Some(value(&id)), "{id}");
    }
}

#[test]
fn a_point_or_a_multiplier_that_the_peer_reads_as_money_is_no_money_here() {
    // To the document `.50` is half a cent; the peer makes it 50 cents, and so do some devices.
    for id in ["EU.50A", "EU1K0A", "EU2M5A"] {
        assert!(matches!(CurrencyToken::build(id), Ok(CurrencyToken::Currency(_))), "{id}");
        assert_eq!(coin_value(id.as_bytes()), None, "{id}");
    }
}

#[test]
fn the_peer_knows_the_categories_by_the_same_words() {
    for (text, wanted) in [
        ("Bill Validator", Category::BillValidator),
        ("Coin Acceptor", Category::CoinAcceptor),
        ("Payout", Category::Payout),
    ] {
        let theirs = core::RequestEquipementCategoryIdCommand.parse_response(text.as_bytes()).unwrap();
        assert_eq!(theirs, wanted);
        assert_eq!(reply(&Command::Category, text.as_bytes()), Some(Reply::Text(text.to_owned())));
    }
}
