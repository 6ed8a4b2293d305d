//! Shows what the card reader of this machine reports, until it is stopped: `cargo run -p hal-smartcard --features pcsc
//! --example cards [PART OF THE READER'S NAME]`. Nothing but the answer to reset is asked of a card.
use std::sync::Arc;

use hal_smartcard::profile::{ProfileTable, Recognition, SHIPPED};
use hal_smartcard::reader::{CardEvent, Cards, PcscPort, ReaderConfig};
use tokio::sync::mpsc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let table = ProfileTable::parse(SHIPPED)?;
    let config = ReaderConfig { name: std::env::args().nth(1) };
    let (cards, mut task) = Cards::new(Arc::new(PcscPort::new("cards")), config);
    let (sender, mut events) = mpsc::channel(8);
    let mut status = cards.status();
    let runs = task.run(&sender, &|| {});
    tokio::pin!(runs);
    loop {
        tokio::select! {
            end = &mut runs => return Err(end.map(|never| match never {}).err().map_or_else(|| "ended".into(), Into::into)),
            Ok(()) = status.changed() => println!("status: {:?}", *status.borrow_and_update()),
            Some(event) = events.recv() => match event {
                CardEvent::Inserted { atr } => {
                    let what = match table.recognise(Some(&atr)) {
                        Recognition::Known(profile) => profile.name.clone(),
                        Recognition::Dead(profile, cycle) => format!("{}, not in use: {cycle:?}", profile.name),
                        Recognition::Unknown => "not known".to_owned(),
                        Recognition::Mute => "mute".to_owned(),
                    };
                    println!("card: {what}, {atr:02X?}");
                }
                other => println!("card: {other:?}"),
            },
        }
    }
}
