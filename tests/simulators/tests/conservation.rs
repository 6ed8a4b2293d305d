//! Whatever people, hosts and faults do in whatever order: no note and no coin appears or
//! disappears, and what the devices count is never more than what they really moved.

mod host;

use std::time::Duration;

use host::Host;
use proptest::prelude::*;
use simulators::cctalk::{
    CashBus, CashConfig, CoinAcceptorConfig, CoinFault, HopperFault, HopperFaultAt, Jam, LinkFault, NoteFate,
    ValidatorFault,
};
use simulators::{Decision, Device, Fault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// One step of somebody.
#[derive(Clone, Debug)]
enum Step {
    Note(u32),
    Coin(u32),
    Wait(u64),
    Bills(u8, Vec<u8>),
    Coins(u8, Vec<u8>),
    Hopper(u8, u8, Vec<u8>),
    Fault(Fault),
    Power(Device, bool),
    TakeTray,
    PullNote,
    FreeNote,
    PullBack,
    Stacker { remove: bool, emptied: bool },
    Fill(u8, u64),
    ClearHopper(u8),
    EmptyHopper(u8),
    EmptyCashBox,
}

fn link() -> impl Strategy<Value = LinkFault> {
    prop_oneof![
        (1..3_u32).prop_map(|n| LinkFault::DropReply { n }),
        (1..3_u32).prop_map(|n| LinkFault::DropCommand { n }),
        (1..3_u32, 0..8_u32).prop_map(|(n, byte)| LinkFault::GarbleReply { n, byte }),
        (1..400_u32).prop_map(|ms| LinkFault::Slow { ms }),
        Just(LinkFault::Silent),
        Just(LinkFault::Clear),
    ]
}

fn validator_fault() -> impl Strategy<Value = ValidatorFault> {
    prop_oneof![
        Just(ValidatorFault::Reset),
        Just(ValidatorFault::PowerCycle),
        Just(ValidatorFault::NoteAtReset(NoteFate::Stacked)),
        Just(ValidatorFault::NoteAtReset(NoteFate::Returned)),
        Just(ValidatorFault::Jam(Jam::Unsafe)),
        Just(ValidatorFault::Jam(Jam::Safe)),
        Just(ValidatorFault::Jam(Jam::Stacker)),
        Just(ValidatorFault::StackerFull),
        Just(ValidatorFault::StackerRemoved),
        (0..3_u32).prop_map(|times| ValidatorFault::StayInhibited { times }),
        Just(ValidatorFault::RejectAll),
        Just(ValidatorFault::UnknownCode),
        Just(ValidatorFault::EscrowTimeout),
        (0..3_u32).prop_map(|times| ValidatorFault::RouteFails { times }),
        Just(ValidatorFault::Clear),
        link().prop_map(ValidatorFault::Link),
    ]
}

fn coin_fault() -> impl Strategy<Value = CoinFault> {
    prop_oneof![
        Just(CoinFault::Reset),
        Just(CoinFault::PowerCycle),
        Just(CoinFault::SixCoins { cents: 50 }),
        any::<bool>().prop_map(|reported| CoinFault::SwallowCoin { reported }),
        Just(CoinFault::SorterBlocked),
        Just(CoinFault::RejectAll),
        Just(CoinFault::Clear),
        link().prop_map(CoinFault::Link),
    ]
}

fn hopper_fault() -> impl Strategy<Value = HopperFault> {
    let after = 0..4_u32;
    prop_oneof![
        Just(HopperFault::Reset),
        Just(HopperFault::PowerCycle),
        after.clone().prop_map(|after| HopperFault::EmptyAfter { after }),
        after.clone().prop_map(|after| HopperFault::Jam { after }),
        after.clone().prop_map(|after| HopperFault::JamReplyLost { after }),
        after.clone().prop_map(|after| HopperFault::ResetInPayout { after }),
        after.prop_map(|after| HopperFault::PowerCutInPayout { after }),
        Just(HopperFault::DoubleCoin),
        (0..3_u32).prop_map(|times| HopperFault::Nak { times }),
        Just(HopperFault::Disabled),
        Just(HopperFault::Clear),
        link().prop_map(HopperFault::Link),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let note = prop::sample::select(vec![500_u32, 1000, 2000, 5000, 50_000, 777, 0]);
    let coin = prop::sample::select(vec![1_u32, 5, 10, 20, 50, 100, 200, 3, 0]);
    let hopper = 3..7_u8;
    prop_oneof![
        6 => note.prop_map(Step::Note),
        6 => coin.prop_map(Step::Coin),
        8 => (1..3000_u64).prop_map(Step::Wait),
        1 => (20_000..40_000_u64).prop_map(Step::Wait),
        3 => Just(Step::Bills(228, vec![1])),
        2 => Just(Step::Bills(231, vec![255, 255])),
        1 => (0..4_u8).prop_map(|mode| Step::Bills(153, vec![mode])),
        6 => prop::sample::select(vec![0_u8, 1, 1, 255]).prop_map(|route| Step::Bills(154, vec![route])),
        2 => Just(Step::Bills(159, vec![])),
        1 => Just(Step::Bills(1, vec![])),
        3 => Just(Step::Coins(229, vec![])),
        2 => Just(Step::Coins(231, vec![255, 255])),
        1 => Just(Step::Coins(1, vec![])),
        3 => hopper.clone().prop_map(|hopper| Step::Hopper(hopper, 164, vec![165])),
        6 => (hopper.clone(), 0..9_u8).prop_map(|(hopper, count)| Step::Hopper(hopper, 167, vec![count])),
        1 => hopper.clone().prop_map(|hopper| Step::Hopper(hopper, 172, vec![])),
        1 => hopper.clone().prop_map(|hopper| Step::Hopper(hopper, 1, vec![])),
        3 => validator_fault().prop_map(|fault| Step::Fault(Fault::Validator(fault))),
        3 => coin_fault().prop_map(|fault| Step::Fault(Fault::CoinAcceptor(fault))),
        4 => (hopper.clone(), hopper_fault())
            .prop_map(|(address, what)| Step::Fault(Fault::Hopper(HopperFaultAt { address, what }))),
        1 => any::<bool>().prop_map(|on| Step::Power(Device::Validator, on)),
        1 => any::<bool>().prop_map(|on| Step::Power(Device::CoinAcceptor, on)),
        1 => (hopper.clone(), any::<bool>()).prop_map(|(hopper, on)| Step::Power(Device::Hopper(hopper), on)),
        1 => Just(Step::TakeTray),
        1 => Just(Step::PullNote),
        1 => Just(Step::FreeNote),
        1 => Just(Step::PullBack),
        2 => any::<(bool, bool)>().prop_map(|(remove, emptied)| Step::Stacker { remove, emptied }),
        1 => (hopper.clone(), 0..600_u64).prop_map(|(hopper, coins)| Step::Fill(hopper, coins)),
        1 => hopper.clone().prop_map(Step::ClearHopper),
        1 => hopper.prop_map(Step::EmptyHopper),
        1 => Just(Step::EmptyCashBox),
    ]
}

fn machine() -> CashBus {
    let mut acceptor = CoinAcceptorConfig::default();
    for coin in &mut acceptor.coins {
        coin.path = u8::from(matches!(coin.cents, 10 | 50));
    }
    let mut config = CashConfig { coin_acceptor: Some(acceptor), ..CashConfig::default() };
    for hopper in &mut config.hoppers {
        (hopper.coins, hopper.capacity) = (6, 9);
    }
    CashBus::new(config)
}

async fn act(bus: &CashBus, host: &mut Host, step: &Step) {
    match step {
        Step::Note(cents) => {
            bus.insert_note(*cents);
        }
        Step::Coin(cents) => bus.insert_coin(*cents),
        Step::Wait(ms) => tokio::time::sleep(Duration::from_millis(*ms)).await,
        Step::Bills(header, data) => send(host, host::crc(40, *header, data)).await,
        Step::Coins(header, data) => send(host, host::simple(2, *header, data)).await,
        Step::Hopper(address, header, data) => send(host, host::simple(*address, *header, data)).await,
        Step::Fault(fault) => bus.fault(*fault).unwrap(),
        Step::Power(device, on) => bus.power(*device, *on).unwrap(),
        Step::TakeTray => {
            bus.take_tray();
        }
        Step::PullNote => {
            bus.pull_jammed_note();
        }
        Step::FreeNote => {
            bus.free_jammed_note();
        }
        Step::PullBack => {
            bus.pull_note_back();
        }
        Step::Stacker { remove: true, .. } => bus.remove_stacker(),
        Step::Stacker { remove: false, emptied } => {
            bus.insert_stacker(*emptied);
        }
        Step::Fill(address, coins) => {
            bus.fill_hopper(*address, *coins).unwrap();
        }
        Step::ClearHopper(address) => bus.clear_hopper(*address).unwrap(),
        Step::EmptyHopper(address) => {
            bus.empty_hopper(*address).unwrap();
        }
        Step::EmptyCashBox => {
            bus.empty_cash_box();
        }
    }
}

/// Replies may be lost or garbled in these runs, so nobody looks at them.
async fn send(host: &mut Host, frame: Vec<u8>) {
    host.stream.write_all(&frame).await.unwrap();
    let mut reply = [0; 512];
    while let Ok(Ok(count)) = timeout(Duration::from_millis(450), host.stream.read(&mut reply)).await {
        assert_ne!(count, 0, "the bus ended");
    }
}

/// Runs the steps; after each one every piece must be somewhere.
fn run(steps: &[Step], mut decide: impl FnMut(u64) -> Decision + Send + 'static) -> String {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let bus = machine();
        bus.on_command(move |seen| decide(seen.index));
        let (stream, far) = tokio::io::duplex(1 << 16);
        let devices = bus.clone();
        tokio::spawn(async move { devices.run(far).await });
        bus.set_echo(false);
        let mut host = Host::over(stream).without_echo();
        for step in steps {
            act(&bus, &mut host, step).await;
            if let Err(difference) = bus.check_conservation() {
                panic!("after {step:?}: {difference}");
            }
        }
        bus.wait_until_still().await;
        bus.check_conservation().unwrap();
        let seen = bus.snapshot();
        for hopper in &seen.hoppers {
            let counted = u64::from(hopper.lifetime - 1000);
            assert!(counted <= seen.truth.coins_paid_out.of(hopper.cents), "{hopper:?}");
        }
        format!("{seen:?}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_appears_or_disappears(
        steps in prop::collection::vec(step(), 1..60),
        struck in 1..12_u64,
        decision in prop::sample::select(vec![
            Decision::Proceed,
            Decision::DropCommand,
            Decision::ProceedDropReply,
            Decision::Nak,
            Decision::ResetDevice,
            Decision::PowerCycleDevice,
        ]),
    ) {
        let decide = move |index: u64| if index.is_multiple_of(struck) { decision } else { Decision::Proceed };
        let first = run(&steps, decide);
        // The same actions at the same times give the same machine.
        prop_assert_eq!(first, run(&steps, decide));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_on_the_wire_do_no_harm(
        portions in prop::collection::vec(
            prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(vec![0_u8, 1, 2, 3, 40])], 0..40),
            0..20,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let bus = machine();
            let (stream, far) = tokio::io::duplex(1 << 16);
            let devices = bus.clone();
            tokio::spawn(async move { devices.run(far).await });
            let mut host = Host::over(stream);
            for portion in portions {
                send(&mut host, portion).await;
            }
            // Whatever came before, after a silence the bus understands again.
            tokio::time::sleep(Duration::from_secs(3)).await;
            host.ack(2, 254, &[]).await;
            bus.check_conservation().unwrap();
        });
    }
}
