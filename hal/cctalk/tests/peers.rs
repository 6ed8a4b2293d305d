//! Against somebody else's reading of the same documents (`cc_talk_core`): frames, counters, codes, flags.
mod common;

use std::time::Duration;

use cc_talk_core::cc_talk::{
    BillEvent, BillValidatorPollResult, Category, ChecksumType, CoinAcceptorError, Device as PeerDevice,
    HopperFlag, Packet, deserializer::deserialize, serializer::serialize,
};
use common::kiosk::{Kiosk, simulate};
use hal_cctalk::codec::{Data, Frame, decode, encode};
use hal_cctalk::events::{Since, since};
use hal_cctalk::hopper::Flags;
use hal_cctalk::{Anomaly, CashEvent, Checksum, HopperModel};
use proptest::collection::vec;
use proptest::prelude::*;

fn checksums(crc: bool) -> (Checksum, ChecksumType) {
    if crc { (Checksum::Crc16, ChecksumType::Crc16) } else { (Checksum::Simple, ChecksumType::Crc8) }
}

proptest! {
    #[test]
    fn the_peer_reads_our_frames_and_we_read_its(
        destination: u8, source: u8, header: u8, data in vec(any::<u8>(), 0..=240), crc: bool,
    ) {
        let (ours, theirs) = checksums(crc);
        let frame = Frame {
            destination,
            source: (!crc).then_some(source),
            header,
            data: Data::from_slice(&data).unwrap(),
        };
        let bytes = encode(&frame, ours);
        let mut packet = Packet::new(bytes.to_vec());
        prop_assert_eq!(deserialize(&mut packet, theirs), Ok(if crc { 1 } else { source }));
        prop_assert_eq!(packet.get_destination().unwrap(), destination);
        prop_assert_eq!(packet.get_data().unwrap(), &data[..]);

        let mut raw = vec![destination, data.len() as u8, source, header];
        raw.extend_from_slice(&data);
        raw.push(0);
        let mut packet = Packet::new(raw);
        serialize(&PeerDevice::new(destination, Category::Unknown, theirs), &mut packet).unwrap();
        prop_assert_eq!(packet.as_slice(), &bytes[..]);
        prop_assert_eq!(decode(packet.as_slice(), ours), Ok(Some((frame, bytes.len()))));
    }

    #[test]
    fn the_peer_counts_new_and_lost_events_as_we_do(last: u8, now in 1u8..=255) {
        // The peer's formula does not know that 0 comes before 1 only once, after a reset.
        prop_assume!(last != 0 || now <= 254);
        let mut reply = [0u8; 11];
        reply[0] = now;
        let theirs = BillValidatorPollResult::try_from((&reply[..], last)).unwrap();
        let ours = match since(last, now) {
            Since::Nothing => (0, 0),
            Since::New(count) => (usize::from(count), 0),
            Since::Lost(lost) => (5, lost),
            Since::Reset => panic!("not from {last} to {now}"),
        };
        prop_assert_eq!((theirs.events.len(), theirs.lost_events), ours);
    }

    #[test]
    fn the_peer_names_the_flags_that_ask_for_a_reset(one: u8, two: u8, three: u8) {
        use HopperFlag::*;
        let named = HopperFlag::parse_hopper_flags_heapless(&[one, two, three]);
        let any = |flags: &[HopperFlag]| named.iter().any(|flag| flags.contains(flag));
        let ours = Flags([one, two, three]);
        let model = HopperModel::Generic;
        prop_assert_eq!(ours.timed_out(), any(&[PayoutTimeoutOccurred]));
        prop_assert_eq!(ours.powered_up(model), any(&[PowerUpDetected]));
        prop_assert_eq!(ours.power_lost(model), any(&[PowerDownDuringPayout]));
        prop_assert_eq!(ours.untrusted(model), any(&[NVMemoryChecksumError]));
        prop_assert_eq!(
            ours.needs_reset(model),
            any(&[
                AbsoluteMaximumCurrentExceeded,
                OptoFraudPathBlockedDuringIdle,
                OptoFraudShortCircuitDuringIdle,
                OptoBlockedPermanentlyDuringPayout,
                OptoFraudPathBlockedDuringPayout,
                OptoFraudAttemptFinger,
                MotorReverseLimitReached,
                InductiveCoilFault,
                PowerDownDuringPayout,
                UnknownCoinTypePaid,
                PinNumberIncorrect,
                IncorrectCipherKey,
            ])
        );
    }
}

#[test]
fn the_peer_classes_each_event_of_a_validator_as_we_do() {
    for code in 2..=30 {
        simulate(async {
            let mut kiosk = Kiosk::ready().await;
            kiosk.bill(|b| b.events.push(0, code));
            let told = kiosk.events_of(Duration::from_secs(1)).await;
            let class = |wanted| {
                told.iter().any(|e| matches!(e, CashEvent::Anomaly { class, .. } if *class == wanted))
            };
            let rejected = told.iter().any(|e| matches!(e, CashEvent::Rejected { .. }));
            let [fraud, fatal, unknown] = [Anomaly::Fraud, Anomaly::Fatal, Anomaly::Unknown].map(class);
            let theirs = BillEvent::from_result(0, code);
            assert_eq!(rejected, matches!(theirs, Some(BillEvent::Reject(_))), "{code}");
            assert_eq!(fraud, matches!(theirs, Some(BillEvent::FraudAttempt(_))), "{code}");
            assert_eq!(fatal, matches!(theirs, Some(BillEvent::FatalError(_))), "{code}");
            assert_eq!(unknown, theirs.is_none(), "{code}");
        });
    }
}

#[test]
fn the_peer_calls_the_same_coins_refused() {
    for code in 1..=255u8 {
        // Inhibited types, and the codes that the peer leaves out.
        if (128..=159).contains(&code) {
            continue;
        }
        simulate(async {
            let mut kiosk = Kiosk::ready().await;
            kiosk.coin(|c| c.events.push(0, code));
            let told = kiosk.events_of(Duration::from_secs(1)).await;
            let rejected = told.iter().any(|e| matches!(e, CashEvent::Rejected { .. }));
            let has = |wanted| {
                told.iter().any(|e| matches!(e, CashEvent::Anomaly { class, .. } if *class == wanted))
            };
            match CoinAcceptorError::try_from(code) {
                Ok(theirs) => {
                    assert_eq!(rejected, theirs.is_coin_rejected(), "{code}");
                    if theirs.is_possible_rejection() {
                        assert!(has(Anomaly::Dispute), "{code}");
                    }
                    assert!(!has(Anomaly::Unknown), "{code}");
                }
                Err(_) => assert!(has(Anomaly::Unknown) && !rejected, "{code}: {told:?}"),
            }
        });
    }
}
