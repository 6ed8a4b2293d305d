//! The bill validator's byte dialogues (reference 1.1, 1.3, 1.4, 1.6, field case 1).

mod host;

use std::time::Duration;

use host::{Host, SILENCE, bus, crc};
use simulators::Fault;
use simulators::cctalk::{NotePlace, ValidatorFault};
use tokio::time::sleep;

fn fault(json: &str) -> Fault {
    serde_json::from_str(json).unwrap()
}

#[tokio::test(start_paused = true)]
async fn reset_and_simple_poll_are_the_documents_bytes() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    assert_eq!(host.raw(&[40, 0, 182, 254, 33]).await, [1, 0, 48, 0, 55]);
    assert_eq!(host.raw(&[40, 0, 70, 1, 63]).await, [1, 0, 48, 0, 55]);
    assert_eq!(host.raw(&[40, 0, 182, 254, 33]).await, SILENCE, "deaf while it restarts");
    sleep(Duration::from_secs(1)).await;
    assert_eq!(host.raw(&[40, 0, 182, 254, 33]).await, [1, 0, 48, 0, 55]);
}

#[tokio::test(start_paused = true)]
async fn field_case_1_acknowledged_but_off_twice_then_on() {
    let bus = bus();
    bus.fault(fault(r#"{"device":"validator","fault":{"stay-inhibited":{"times":2}}}"#)).unwrap();
    let mut host = Host::plug(&bus);
    let enable = [0x28, 0x01, 0xEA, 0xE4, 0x01, 0x49];
    let read = [0x28, 0x00, 0x2A, 0xE3, 0xE2];
    for expected in [[1, 1, 0x84, 0, 0, 0x41], [1, 1, 0x84, 0, 0, 0x41], [1, 1, 0xA5, 0, 1, 0x51]] {
        assert_eq!(host.raw(&enable).await, [0x01, 0x00, 0x30, 0x00, 0x37]);
        assert_eq!(host.raw(&read).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn field_case_1_read_back_says_off_twice_after_one_enable() {
    let bus = bus();
    bus.fault(fault(r#"{"device":"validator","fault":{"enable-late":{"reads":2}}}"#)).unwrap();
    let mut host = Host::plug(&bus);
    host.ack(40, 228, &[1]).await;
    for on in [0, 0, 1] {
        assert_eq!(host.data(40, 227, &[]).await, [on]);
    }
    bus.fault(fault(r#"{"device":"validator","fault":"stay-inhibited-for-ever"}"#)).unwrap();
    host.ack(40, 228, &[0]).await;
    for _ in 0..10 {
        host.ack(40, 228, &[1]).await;
        assert_eq!(host.data(40, 227, &[]).await, [0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_note_goes_to_escrow_and_counts_only_when_it_is_stacked() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_bills().await;
    assert_eq!(host.poll_bills().await, [0; 11]);
    assert!(bus.insert_note(2000));
    sleep(Duration::from_millis(1400)).await;
    assert_eq!(host.poll_bills().await[0], 0, "still on its way");
    sleep(Duration::from_millis(150)).await;
    // Twenty euros are type 3: (3,1) held.
    assert_eq!(host.poll_bills().await[..3], [1, 3, 1]);
    assert_eq!(bus.snapshot().validator.unwrap().escrow_cents, Some(2000));
    host.ack(40, 154, &[255]).await;
    host.ack(40, 154, &[1]).await;
    assert_eq!(host.poll_bills().await[..3], [1, 3, 1]);
    assert_eq!(host.data(40, 154, &[1]).await, [254], "nothing is in escrow any more");
    sleep(Duration::from_secs(1)).await;
    assert_eq!(host.poll_bills().await[..5], [2, 3, 0, 3, 1]);
    assert_eq!(bus.snapshot().validator.unwrap().stacker.of(2000), 1);
    assert_eq!(bus.truth().notes_stacked.cents(), 2000);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_note_is_given_back_on_command_and_by_the_escrow_timeout() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_bills().await;
    assert!(bus.insert_note(500));
    host.poll_for(Duration::from_secs(2)).await;
    host.ack(40, 154, &[0]).await;
    host.poll_for(Duration::from_secs(1)).await;
    assert_eq!(host.poll_bills().await[..5], [2, 0, 1, 1, 1]);
    assert_eq!(bus.take_tray().notes.of(500), 1);

    assert!(bus.insert_note(500));
    host.poll_for(Duration::from_secs(30)).await;
    assert_eq!(host.poll_bills().await[..3], [3, 1, 1]);
    host.poll_for(Duration::from_secs(3)).await;
    assert_eq!(host.poll_bills().await[..3], [4, 0, 1]);
    assert_eq!(bus.take_tray().notes.of(500), 1);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn extending_keeps_the_note_for_another_half_minute() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_bills().await;
    bus.insert_note(500);
    host.poll_for(Duration::from_secs(20)).await;
    host.ack(40, 154, &[255]).await;
    host.poll_for(Duration::from_secs(28)).await;
    assert_eq!(host.poll_bills().await[..3], [1, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn not_polled_for_five_seconds_it_inhibits_itself_until_told_again() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_bills().await;
    host.poll_bills().await;
    sleep(Duration::from_millis(4900)).await;
    assert_eq!(host.data(40, 227, &[]).await, [1]);
    sleep(Duration::from_millis(200)).await;
    assert_eq!(host.data(40, 227, &[]).await, [0]);
    assert_eq!(host.poll_bills().await[..3], [1, 0, 0]);
    host.poll_for(Duration::from_secs(1)).await;
    assert_eq!(host.data(40, 227, &[]).await, [0], "polling alone does not lift it");
    host.ack(40, 228, &[1]).await;
    assert_eq!(host.data(40, 227, &[]).await, [1]);
}

#[tokio::test(start_paused = true)]
async fn a_full_stacker_is_reported_after_the_last_note_and_refuses_until_emptied() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_bills().await;
    bus.fault(fault(r#"{"device":"validator","fault":"stacker-full"}"#)).unwrap();
    assert_eq!(host.poll_bills().await[..3], [1, 0, 14]);
    assert_eq!(host.data(40, 232, &[]).await, [45]);
    host.ack(40, 228, &[1]).await;
    assert_eq!(host.data(40, 227, &[]).await, [0]);
    bus.remove_stacker();
    assert_eq!(host.poll_bills().await[..3], [2, 0, 11]);
    bus.insert_stacker(true);
    assert_eq!(host.poll_bills().await[..3], [3, 0, 12]);
    host.ack(40, 228, &[1]).await;
    assert_eq!(host.data(40, 227, &[]).await, [1]);
}

#[tokio::test(start_paused = true)]
async fn inhibited_unknown_and_unwanted_notes_come_back_with_their_codes() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    assert_eq!(bus.insert_note_and_wait(1000).await, NotePlace::Returned);
    assert_eq!(host.poll_bills().await[..3], [1, 0, 0]);
    host.ack(40, 231, &[0b101, 0]).await;
    host.ack(40, 228, &[1]).await;
    for (cents, code) in [(1000, 4), (777, 2), (0, 2)] {
        assert!(bus.insert_note(cents));
        host.poll_for(Duration::from_secs(3)).await;
        assert_eq!(host.poll_bills().await[1..3], [0, code], "{cents}");
    }
    bus.fault(fault(r#"{"device":"validator","fault":"reject-all"}"#)).unwrap();
    bus.insert_note(500);
    host.poll_for(Duration::from_secs(3)).await;
    assert_eq!(host.poll_bills().await[1..3], [0, 2]);
    assert_eq!(bus.take_tray().notes.pieces(), 5);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_second_note_stays_in_the_hand_while_one_is_inside() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_bills().await;
    assert!(bus.insert_note(500));
    assert!(!bus.insert_note(500));
    host.poll_for(Duration::from_secs(2)).await;
    assert!(!bus.insert_note(500));
    assert_eq!(bus.truth().notes_inserted.pieces(), 1);
}

#[tokio::test(start_paused = true)]
async fn jams_are_reported_by_where_the_note_is() {
    for (jam, code, reachable) in [("unsafe", 6, true), ("safe", 16, false), ("stacker", 15, false)] {
        let bus = bus();
        let mut host = Host::plug(&bus);
        host.enable_bills().await;
        bus.fault(fault(&format!(r#"{{"device":"validator","fault":{{"jam":"{jam}"}}}}"#))).unwrap();
        bus.insert_note(500);
        host.poll_for(Duration::from_secs(2)).await;
        if !reachable {
            host.ack(40, 154, &[1]).await;
            host.poll_for(Duration::from_secs(2)).await;
        }
        assert_eq!(host.poll_bills().await[1..3], [0, code], "{jam}");
        assert_ne!(host.data(40, 232, &[]).await, [0]);
        assert_eq!(bus.pull_jammed_note(), reachable);
        assert_eq!(bus.free_jammed_note().is_some(), !reachable);
        assert_eq!(host.data(40, 232, &[]).await, [0]);
        bus.check_conservation().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_reset_with_a_note_in_escrow_forgets_it_and_the_note_goes_where_it_was_told() {
    for (fate, stacked) in [("returned", 0), ("stacked", 1)] {
        let bus = bus();
        let mut host = Host::plug(&bus);
        host.enable_bills().await;
        bus.fault(fault(&format!(r#"{{"device":"validator","fault":{{"note-at-reset":"{fate}"}}}}"#)))
            .unwrap();
        bus.insert_note(5000);
        host.poll_for(Duration::from_secs(2)).await;
        bus.fault(fault(r#"{"device":"validator","fault":"reset"}"#)).unwrap();
        sleep(Duration::from_secs(2)).await;
        assert_eq!(host.poll_bills().await, [0; 11]);
        assert_eq!(host.data(40, 230, &[]).await, [0, 0]);
        assert_eq!(host.data(40, 227, &[]).await, [0]);
        assert_eq!(bus.truth().notes_stacked.pieces(), stacked);
        assert_eq!(bus.truth().notes_returned.pieces(), 1 - stacked);
        bus.check_conservation().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn it_tells_its_identity_its_bills_and_its_country() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    assert_eq!(host.data(40, 245, &[]).await, b"Bill Validator");
    assert_eq!(host.data(40, 247, &[]).await, [16, 1]);
    assert_eq!(host.data(40, 157, &[1]).await, b"EU0005A");
    assert_eq!(host.data(40, 157, &[7]).await, b"EU0500A");
    assert_eq!(host.data(40, 157, &[8]).await, b".......");
    assert_eq!(host.data(40, 156, b"EU").await, [100, 0, 2]);
    assert_eq!(host.data(40, 156, b"GB").await, [0, 0, 0]);
    assert_eq!(host.data(40, 155, b"EU").await, [0x7F, 0]);
    assert_eq!(host.data(40, 242, &[]).await.len(), 3);
    assert_eq!(host.data(40, 249, &[]).await, [2, 20]);
    assert_eq!(host.data(40, 4, &[]).await, [1, 4, 7]);
    assert_eq!(host.data(40, 232, &[]).await, [0]);
    assert_eq!(host.data(40, 152, &[]).await, [3]);
}

#[tokio::test(start_paused = true)]
async fn wrong_check_wrong_address_unknown_header_and_wrong_length_get_silence() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    assert_eq!(host.raw(&host::simple(40, 254, &[])).await, SILENCE, "simple checksum to a CRC device");
    assert_eq!(host.raw(&crc(41, 254, &[])).await, SILENCE);
    assert_eq!(host.raw(&crc(40, 99, &[])).await, SILENCE);
    assert_eq!(host.raw(&crc(40, 154, &[])).await, SILENCE);
    assert_eq!(host.raw(&crc(40, 159, &[1])).await, SILENCE);
    assert_eq!(host.data(40, 3, &[]).await[2], 1, "one bad checksum was counted");
    host.ack(40, 2, &[]).await;
    assert_eq!(host.data(40, 3, &[]).await, [0, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_partial_frame_is_dropped_after_fifty_milliseconds() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.stream.write_all(&[40, 200, 1]).await.unwrap();
    let mut echo = [0; 3];
    host.stream.read_exact(&mut echo).await.unwrap();
    sleep(Duration::from_millis(51)).await;
    assert_eq!(host.raw(&[40, 0, 182, 254, 33]).await, [1, 0, 48, 0, 55]);
    // A pause below the limit does not hurt.
    host.stream.write_all(&[40, 0]).await.unwrap();
    host.stream.read_exact(&mut echo[..2]).await.unwrap();
    sleep(Duration::from_millis(40)).await;
    assert_eq!(host.raw(&[182, 254, 33]).await, [1, 0, 48, 0, 55]);
}

#[tokio::test(start_paused = true)]
async fn silent_slow_lost_and_garbled_replies_can_be_switched() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    let poll = [40, 0, 182, 254, 33];
    let ack = [1, 0, 48, 0, 55];
    bus.fault(fault(r#"{"device":"validator","fault":"silent"}"#)).unwrap();
    assert_eq!(host.raw(&poll).await, SILENCE);
    bus.fault(fault(r#"{"device":"validator","fault":{"slow":{"ms":250}}}"#)).unwrap();
    assert_eq!(host.raw(&poll).await, SILENCE, "still silent");
    bus.validator_fault(ValidatorFault::Clear).unwrap();
    bus.fault(fault(r#"{"device":"validator","fault":{"drop-reply":{"n":2}}}"#)).unwrap();
    assert_eq!(host.raw(&poll).await, ack);
    assert_eq!(host.raw(&poll).await, SILENCE);
    assert_eq!(host.raw(&poll).await, ack);
    bus.fault(fault(r#"{"device":"validator","fault":{"garble-reply":{"n":1,"byte":4}}}"#)).unwrap();
    assert_eq!(host.raw(&poll).await, [1, 0, 48, 0, 55 ^ 0x55]);
    bus.fault(fault(r#"{"device":"validator","fault":{"slow":{"ms":250}}}"#)).unwrap();
    let before = tokio::time::Instant::now();
    assert_eq!(host.raw(&poll).await, ack);
    assert!(before.elapsed() >= Duration::from_millis(250));
}

#[tokio::test(start_paused = true)]
async fn an_unplugged_bus_lives_on_and_can_be_plugged_in_again() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_bills().await;
    bus.insert_note(1000);
    host.poll_for(Duration::from_secs(2)).await;
    drop(host);
    sleep(Duration::from_secs(40)).await;
    let mut host = Host::plug(&bus);
    // Watchdog first, then the note that the escrow gave back by itself.
    assert_eq!(host.poll_bills().await[..7], [3, 0, 1, 0, 0, 2, 1]);
    assert_eq!(bus.snapshot().tray.notes.of(1000), 1);
}

#[tokio::test(start_paused = true)]
async fn a_note_pulled_back_is_reported_as_such() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_bills().await;
    bus.insert_note(1000);
    assert!(bus.pull_note_back());
    assert!(!bus.pull_note_back());
    assert_eq!(host.poll_bills().await[..3], [1, 0, 8]);
    assert_eq!(bus.take_tray().notes.of(1000), 1);
    bus.check_conservation().unwrap();
}
