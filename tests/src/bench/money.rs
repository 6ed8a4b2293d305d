//! From money in a device to the sum on the screen, in simulated time: what the protocol and the engine need, whatever
//! the machine. Painting and the disk take no simulated time and have figures of their own.
use std::time::Duration;

use anyhow::{Context, Result};
use fastrand::Rng;
use tokio::time::{Instant, sleep, timeout};

use super::statistics::{Sample, number};
use super::table::Table;
use crate::scenario::{Kiosk, World, inserted, takes};

/// Makes the moments at which money is inserted.
const SEED: u64 = 1;

/// Payments, and pieces in each.
const PAYMENTS: usize = 10;
const PIECES: usize = 10;

/// Insertions are spread over this, longer than a period of polls.
const SPREAD_MS: u64 = 400;

/// The devices are looked at so often.
const LOOK: Duration = Duration::from_millis(1);

/// No piece takes so long from the slot to the screen.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Note(u32),
    Coin(u32),
}

/// Adds both.
pub fn measure(table: &mut Table) -> Result<()> {
    for (what, piece) in
        [("note in the stacker", Piece::Note(500)), ("coin in the machine", Piece::Coin(200))]
    {
        let took = over_many(piece)?;
        let [min, median, max] = [took.min(), took.median(), took.max()].map(number);
        table.add(
            format!("{what} to the sum on the screen"),
            format!("{min} / {median} / {max} ms simulated (least, median, most)"),
            format!(
                "{} pieces at random moments, seed {SEED}; paused clock, ±{} ms",
                took.count(),
                LOOK.as_millis()
            ),
        );
    }
    Ok(())
}

fn over_many(piece: Piece) -> Result<Sample> {
    let mut dice = Rng::with_seed(SEED);
    let mut took = Vec::new();
    for _ in 0..PAYMENTS {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
        runtime.block_on(async {
            let world = World::new();
            let mut kiosk = Kiosk::start(&world);
            kiosk.to_cash(&world, "below-cash-limit").await;
            for _ in 0..PIECES {
                sleep(Duration::from_millis(dice.u64(0..SPREAD_MS))).await;
                took.push(one(&world, &mut kiosk, piece).await?);
            }
            anyhow::Ok(())
        })?;
    }
    Sample::milliseconds(took)
}

/// From the device's event until the view has the sum.
async fn one(world: &World, kiosk: &mut Kiosk, piece: Piece) -> Result<Duration> {
    let inside = || {
        let truth = world.cash.truth();
        match piece {
            Piece::Note(_) => truth.notes_stacked.pieces(),
            Piece::Coin(_) => truth.coins_to_cash_box.pieces() + truth.coins_to_hoppers.pieces(),
        }
    };
    let (Piece::Note(cents) | Piece::Coin(cents), before) = (piece, inside());
    let page = kiosk.until("a slot that takes it", |page| takes(page, cents)).await;
    let sum = inserted(&page).context("the page has no sum")? + i64::from(cents);
    match piece {
        Piece::Note(cents) => anyhow::ensure!(world.cash.insert_note(cents), "the note was not taken"),
        Piece::Coin(cents) => world.cash.insert_coin(cents),
    }
    let has_event = async {
        while inside() == before {
            sleep(LOOK).await;
        }
        Instant::now()
    };
    let is_shown = async {
        kiosk.until("the sum", |page| inserted(page) == Some(sum)).await;
        Instant::now()
    };
    let both = async { tokio::join!(has_event, is_shown) };
    let (event, shown) = timeout(PATIENCE, both).await.context("the money is not counted")?;
    Ok(shown.saturating_duration_since(event))
}
