//! Standing between the wire and the devices, and the address poll.

mod host;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use host::{Host, SILENCE, bus, simple};
use simulators::{CommandSeen, Decision, Device, Phase};
use tokio::io::AsyncReadExt;
use tokio::time::sleep;

#[tokio::test(start_paused = true)]
async fn each_command_is_shown_before_and_after_with_its_numbers() {
    let bus = bus();
    let seen: Arc<Mutex<Vec<CommandSeen>>> = Arc::default();
    let (log, inside) = (seen.clone(), bus.clone());
    bus.on_command(move |command| {
        // The hook may look at the machine.
        assert!(inside.snapshot().commands >= command.index);
        log.lock().unwrap().push(command.clone());
        Decision::Proceed
    });
    let mut host = Host::plug(&bus);
    host.ack(2, 254, &[]).await;
    host.ack(40, 228, &[1]).await;
    host.ack(2, 254, &[]).await;
    let seen = seen.lock().unwrap();
    let facts: Vec<_> =
        seen.iter().map(|seen| (seen.device, seen.header, seen.index, seen.nth, seen.phase)).collect();
    let both = |device, header, index, nth| {
        [(device, header, index, nth, Phase::Before), (device, header, index, nth, Phase::After)]
    };
    let expected = [
        both(Device::CoinAcceptor, 254, 1, 1),
        both(Device::Validator, 228, 2, 1),
        both(Device::CoinAcceptor, 254, 3, 2),
    ];
    assert_eq!(facts, expected.concat());
    assert_eq!(seen[2].data, [1]);
}

#[tokio::test(start_paused = true)]
async fn the_nth_command_can_be_lost_refused_unanswered_late_or_garbled() {
    let poll = simple(2, 254, &[]);
    let ack = [1, 0, 2, 0, 253];
    let cases: [(Decision, &[u8]); 5] = [
        (Decision::DropCommand, &[]),
        (Decision::Nak, &[1, 0, 2, 5, 248]),
        (Decision::ProceedDropReply, &[]),
        (Decision::Delay(Duration::from_millis(200)), &ack),
        (Decision::ProceedGarbleReply(3), &[1, 0, 2, 0x55, 253]),
    ];
    for (decision, second) in cases {
        let bus = bus();
        bus.on_command(move |seen| {
            if seen.nth == 2 && seen.phase == Phase::Before { decision } else { Decision::Proceed }
        });
        let mut host = Host::plug(&bus);
        assert_eq!(host.raw(&poll).await, ack);
        assert_eq!(host.raw(&poll).await, second, "{decision:?}");
        assert_eq!(host.raw(&poll).await, ack);
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_command_does_nothing_and_a_dropped_reply_hides_what_was_done() {
    for (decision, phase, done) in [
        (Decision::DropCommand, Phase::Before, 0),
        (Decision::ProceedDropReply, Phase::Before, 2),
        (Decision::ProceedDropReply, Phase::After, 2),
        (Decision::Nak, Phase::Before, 0),
        (Decision::Nak, Phase::After, 2),
    ] {
        let bus = bus();
        bus.on_command(
            move |seen| {
                if seen.header == 167 && seen.phase == phase { decision } else { Decision::Proceed }
            },
        );
        let mut host = Host::plug(&bus);
        host.ack(3, 164, &[165]).await;
        let reply = host.ask(3, 167, &[2]).await;
        assert_eq!(reply.is_some(), decision == Decision::Nak);
        bus.wait_until_still().await;
        assert_eq!(bus.truth().coins_paid_out.of(10), done, "{decision:?} {phase:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reset_after_the_route_command_still_stacks_or_returns_and_nobody_is_told() {
    let bus = bus();
    bus.on_command(|seen| {
        let struck = seen.header == 154 && seen.phase == Phase::After;
        if struck { Decision::ResetDevice } else { Decision::Proceed }
    });
    let mut host = Host::plug(&bus);
    host.enable_bills().await;
    bus.insert_note(500);
    host.poll_for(Duration::from_secs(2)).await;
    assert_eq!(host.ask_crc(40, 154, &[1]).await, None);
    assert_eq!(host.poll_bills().await, [0; 11]);
    assert_eq!(bus.truth().notes_returned.of(500), 1);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn freezing_holds_the_line_silent_until_thawed() {
    let bus = bus();
    bus.on_command(|seen| if seen.index == 2 { Decision::Freeze } else { Decision::Proceed });
    let mut host = Host::plug(&bus);
    let poll = simple(2, 254, &[]);
    assert_eq!(host.raw(&poll).await.len(), 5);
    assert_eq!(host.raw(&poll).await, SILENCE);
    assert_eq!(host.raw(&poll).await, SILENCE);
    bus.thaw();
    assert_eq!(host.raw(&poll).await.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn cutting_the_line_ends_the_stream_and_the_devices_stay_powered() {
    let bus = bus();
    bus.on_command(|seen| {
        let now = seen.header == 254 && seen.phase == Phase::After;
        if now { Decision::CutLine } else { Decision::Proceed }
    });
    let mut host = Host::plug(&bus);
    host.enable_coins().await;
    let frame = simple(2, 254, &[]);
    tokio::io::AsyncWriteExt::write_all(&mut host.stream, &frame).await.unwrap();
    let mut rest = Vec::new();
    host.stream.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, frame, "the echo, then the end");
    bus.clear_hook();
    let mut host = Host::plug(&bus);
    assert_eq!(host.data(2, 230, &[]).await, [255, 255]);
}

#[tokio::test(start_paused = true)]
async fn the_address_poll_gives_bare_addresses_in_their_slots() {
    let bus = bus();
    let mut host = Host::plug(&bus).without_echo();
    bus.set_echo(false);
    tokio::io::AsyncWriteExt::write_all(&mut host.stream, &simple(0, 253, &[])).await.unwrap();
    sleep(Duration::from_millis(300)).await;
    let mut bytes = [0; 16];
    let count = host.stream.read(&mut bytes).await.unwrap();
    assert_eq!(bytes[..count], [2, 3, 4, 5, 6], "the CRC validator cannot read this frame");
}

#[tokio::test(start_paused = true)]
async fn without_power_nothing_answers_and_the_note_falls_out_when_it_returns() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_bills().await;
    bus.insert_note(1000);
    host.poll_for(Duration::from_secs(2)).await;
    bus.power_all(false);
    assert_eq!(host.ask_crc(40, 254, &[]).await, None);
    assert!(!bus.insert_note(500));
    bus.check_conservation().unwrap();
    bus.power_all(true);
    assert_eq!(host.ask_crc(40, 254, &[]).await, None, "starting");
    sleep(Duration::from_secs(2)).await;
    assert_eq!(host.poll_bills().await, [0; 11]);
    assert_eq!(bus.truth().notes_returned.of(1000), 1);
    bus.check_conservation().unwrap();
}
