//! Jobs among random mishaps: whatever happens, "printed" means printed once and whole, and nothing on paper passes
//! for a ticket that is none. A failing seed replays itself.
use std::time::Duration;

use hal_escpos::{Align, Block, Document, PrintError, Size};
use tokio::time::sleep;

use super::peer::{Peer, beside, epson, ready};

/// Each answer takes a little, so that mishaps fall into the jobs.
const LAG: Duration = Duration::from_millis(4);

/// A small generator (xorshift), so that a seed is all that a replay needs.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn ticket(job: usize, lines: u64) -> (Document, String) {
    let texts: Vec<String> =
        (1..=lines).map(|line| format!("ticket {job} linea {line} de {lines}")).collect();
    let block = |text: &String| Block::Text {
        text: text.clone(),
        bold: false,
        size: Size::Normal,
        align: Align::Left,
    };
    (Document { blocks: texts.iter().map(block).collect() }, texts.join("\n") + "\n")
}

async fn mishap(peer: &Peer, dice: &mut Dice) {
    sleep(Duration::from_millis(dice.roll(40))).await;
    match dice.roll(7) {
        0 => {
            let at = peer.script().processed.len() + usize::try_from(dice.roll(1500)).unwrap();
            peer.script().paper_ends_at = Some(at);
        }
        1 => {
            peer.script().status = [0x1A, 0x16, 0x12, 0x12];
            peer.say(&[0x38, 0, 0, 0]);
        }
        2 => peer.unplug(),
        3 => peer.script().answers = false,
        4 => peer.script().proves = false,
        5 => peer.script().lag = Duration::from_millis(dice.roll(1500)),
        _ => peer.say(&[0x72, 0x16, 0x00, 0x37]),
    }
}

fn heal(peer: &Peer) {
    {
        let mut script = peer.script();
        script.refill();
        script.answers = true;
        script.proves = true;
        script.lag = LAG;
    }
    peer.plug();
    peer.say(&[]);
}

/// Printed, torn, unknown and refused jobs.
type Outcomes = [u32; 4];

async fn day(seed: u64, outcomes: &mut Outcomes) {
    let mut dice = Dice((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let (printer, mut task, peer) = epson();
    peer.script().knows_clear = dice.roll(2) == 0;
    peer.script().holds_offline = dice.roll(2) == 0;
    peer.script().lag = LAG;
    let mut jobs = Vec::new();
    beside(&mut task, async {
        for job in 0..12 {
            ready(&printer).await;
            let (document, text) = ticket(job, 1 + dice.roll(40));
            let (result, ()) = tokio::join!(printer.print(document), mishap(&peer, &mut dice));
            jobs.push((text, result));
            sleep(Duration::from_millis(dice.roll(5000))).await;
            heal(&peer);
        }
        ready(&printer).await;
    })
    .await;
    let paper = peer.script().paper();
    let tickets: Vec<&str> = paper.split_inclusive('~').collect();
    for (text, result) in &jobs {
        let whole = tickets.iter().filter(|ticket| ticket.strip_suffix('~') == Some(text)).count();
        outcomes[match result {
            Ok(()) => 0,
            Err(PrintError::Torn(_)) => 1,
            Err(PrintError::Unknown(_)) => 2,
            Err(_) => 3,
        }] += 1;
        match result {
            Ok(()) => assert_eq!(whole, 1, "seed {seed}: printed is printed once\n{paper}"),
            Err(PrintError::NotReady(_)) => {
                assert_eq!(whole, 0, "seed {seed}: nothing was sent\n{paper}");
            }
            // Torn just behind the cut, or the proof was lost: at most once.
            Err(PrintError::Torn(_) | PrintError::Unknown(_)) => assert!(whole <= 1, "seed {seed}\n{paper}"),
            Err(other) => panic!("seed {seed}: {other:?}"),
        }
    }
    for ticket in tickets {
        let whole = jobs.iter().any(|(text, _)| ticket.strip_suffix('~') == Some(text));
        assert!(
            whole || ticket.ends_with("VOID ***\n~"),
            "seed {seed}: {ticket:?} passes for a ticket\n{paper}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn printed_is_printed_once_and_whole_whatever_happens() {
    let mut outcomes = Outcomes::default();
    for seed in 0..150 {
        day(seed, &mut outcomes).await;
    }
    assert!(outcomes.iter().all(|&count| count > 50), "each outcome is tried: {outcomes:?}");
}
