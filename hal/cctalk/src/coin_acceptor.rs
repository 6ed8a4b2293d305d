//! What the events of a coin acceptor mean (ccTalk generic specification part 2, header 229; error table in
//! appendix 3).
//!
//! Credit only ever comes from a pair whose first byte is not 0. After a power-up some models report a null or
//! "inhibited" event, which is harmless; a jam puts the acceptor out of service until its self-check is clean.
use crate::api::{Anomaly, CashEvent, Device, EventMark};
use crate::ids::Ids;
use crate::outcome::{Clears, Fault, Outcome};

const DEVICE: Device = Device::CoinAcceptor;

/// How a code is looked at: given back to the citizen, kinds of anomaly, text for the log.
struct Meaning(bool, &'static [Anomaly], &'static str);

const FRAUD_AND_DISPUTE: &[Anomaly] = &[Anomaly::Fraud, Anomaly::Dispute];
const FRAUD: &[Anomaly] = &[Anomaly::Fraud];
const DISPUTE: &[Anomaly] = &[Anomaly::Dispute];
const NOTE: &[Anomaly] = &[Anomaly::Note];
const FATAL: &[Anomaly] = &[Anomaly::Fatal];

fn meaning(code: u8) -> Option<Meaning> {
    Some(match code {
        1 => Meaning(true, &[], "coin refused"),
        2 => Meaning(true, &[], "coin inhibited"),
        3 => Meaning(true, &[], "coin matches several windows"),
        4 => Meaning(false, DISPUTE, "wake-up timeout"),
        5 => Meaning(false, DISPUTE, "validation timeout"),
        6 => Meaning(false, DISPUTE, "credit sensor timeout"),
        7 => Meaning(false, DISPUTE, "sorter opto timeout"),
        8 => Meaning(true, &[], "second coin too close"),
        9 => Meaning(true, NOTE, "accept gate not ready"),
        10 => Meaning(true, NOTE, "credit sensor not ready"),
        11 => Meaning(true, NOTE, "sorter not ready"),
        12 => Meaning(true, NOTE, "reject coin not cleared"),
        13 => Meaning(true, NOTE, "validation sensor not ready"),
        14 => Meaning(true, FATAL, "credit sensor blocked"),
        15 => Meaning(true, FATAL, "sorter opto blocked"),
        16 => Meaning(false, FRAUD_AND_DISPUTE, "credit sequence error"),
        17 => Meaning(false, FRAUD_AND_DISPUTE, "coin going backwards"),
        18 => Meaning(false, FRAUD_AND_DISPUTE, "coin too fast over the credit sensor"),
        19 => Meaning(false, FRAUD_AND_DISPUTE, "coin too slow over the credit sensor"),
        20 => Meaning(false, FRAUD_AND_DISPUTE, "coin on a string"),
        21 => Meaning(false, DISPUTE, "dual entry error"),
        22 => Meaning(true, NOTE, "dual entry error"),
        23 => Meaning(false, FRAUD_AND_DISPUTE, "coin reached the credit sensor too early"),
        24 => Meaning(true, FRAUD, "refused coin entered again and again"),
        25 => Meaning(true, FRAUD, "slug"),
        26 => Meaning(false, FATAL, "reject sensor blocked"),
        27 => Meaning(false, NOTE, "games overload"),
        28 => Meaning(false, NOTE, "too many pulses of the meter"),
        29 => Meaning(false, NOTE, "accept gate open, not closed"),
        30 => Meaning(true, NOTE, "accept gate closed, not open"),
        31 => Meaning(false, DISPUTE, "manifold opto timeout"),
        32 => Meaning(true, FATAL, "manifold opto blocked"),
        33 => Meaning(true, NOTE, "manifold not ready"),
        34 => Meaning(false, DISPUTE, "security status changed"),
        35 => Meaning(false, DISPUTE, "motor exception"),
        36 => Meaning(false, FRAUD_AND_DISPUTE, "swallowed coin"),
        37 => Meaning(true, NOTE, "coin too fast over the validation sensor"),
        38 => Meaning(true, NOTE, "coin too slow over the validation sensor"),
        39 => Meaning(false, DISPUTE, "coin sorted wrongly"),
        40 => Meaning(false, FRAUD_AND_DISPUTE, "light attack"),
        128..=159 => Meaning(true, &[], "coin type inhibited"),
        253 => Meaning(false, NOTE, "data block request"),
        254 => Meaning(false, FATAL, "coin return lever pressed"),
        255 => Meaning(false, NOTE, "unspecified alarm"),
        _ => return None,
    })
}

/// What one pair means. `mark` is the point it stands for.
pub fn coin_event(pair: (u8, u8), ids: &Ids, mark: EventMark) -> Outcome {
    let mut outcome = Outcome::default();
    let anomaly = |class, code, text| CashEvent::Anomaly { device: DEVICE, class, code, text };
    match pair {
        (0, 0) => {}
        (0, code) => match meaning(code) {
            Some(Meaning(rejected, classes, text)) => {
                if rejected {
                    outcome.events.push(CashEvent::Rejected { device: DEVICE, code });
                }
                outcome.events.extend(classes.iter().map(|class| anomaly(*class, code, text)));
                if classes.contains(&Anomaly::Fatal) {
                    let clears = if code == 254 { Clears::Lever } else { Clears::SelfCheck };
                    let id = if code == 254 { "coin-return-lever" } else { "coin-acceptor-blocked" };
                    outcome.stop = true;
                    outcome.fault = Some(Fault::new(id, format!("event {code}: {text}"), clears));
                }
                outcome.recheck = code == 2 || (128..=159).contains(&code);
            }
            None => {
                let text = "an event that the documents do not list";
                outcome.events.push(anomaly(Anomaly::Unknown, code, text));
                outcome.stop = true;
                outcome.fault =
                    Some(Fault::new("unknown-event", format!("event 0, {code}: {text}"), Clears::Setup));
            }
        },
        (position, path) => match ids.value(position) {
            Some(value) => outcome.events.push(CashEvent::CoinAccepted { value, path, mark }),
            None => {
                let text = "a coin was taken whose position has no euro value";
                outcome.events.push(anomaly(Anomaly::Unknown, position, text));
                outcome.stop = true;
                outcome.fault =
                    Some(Fault::new("unknown-event", format!("coin {position}: {text}"), Clears::Setup));
            }
        },
    }
    outcome
}
