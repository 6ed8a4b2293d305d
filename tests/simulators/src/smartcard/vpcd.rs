//! The wire to vpcd, the virtual reader of a real pcscd (reference 2.1).
//!
//! Frames of a length (2 bytes, big endian) and a content. A connection is a card in the slot; its end takes the card
//! out. Only APDUs and the question for the ATR are answered. The protocol has no word for a card that is present and
//! mute: a card without an ATR leaves the question open, and the reader waits.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::sleep;

use super::card::{Reply, VirtualCard};
use super::reader::VirtualReader;
use crate::unplugged;

const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GET_ATR: u8 = 4;

/// Serves whatever is in the reader's slot to the vpcd at this address, until the task is dropped.
///
/// # Errors
/// When nobody listens at the address.
pub async fn serve_vpcd(reader: &VirtualReader, vpcd: SocketAddr) -> io::Result<()> {
    let mut slot = reader.watch();
    loop {
        let card = slot.borrow_and_update().clone();
        let Some(card) = card else {
            if slot.changed().await.is_err() {
                return Ok(());
            }
            continue;
        };
        let stream = TcpStream::connect(vpcd).await?;
        stream.set_nodelay(true)?;
        unplugged(speak(&card, stream, &mut slot).await)?;
        card.power_off();
        if card.is_pulled() {
            reader.remove();
        } else if reader.card().is_some_and(|inside| inside.is(&card)) {
            // vpcd has hung up and the card is still in: it is asked for no more until it is moved.
            if slot.changed().await.is_err() {
                return Ok(());
            }
        }
    }
}

/// One card in the slot, until it is taken out, pulled, or the other side hangs up.
async fn speak<S>(
    card: &VirtualCard,
    mut stream: S,
    slot: &mut watch::Receiver<Option<VirtualCard>>,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        tokio::select! {
            moved = slot.changed() => {
                let _ended_or_moved = moved;
                return Ok(());
            }
            served = serve_one(card, &mut stream) => {
                if !served? {
                    return Ok(());
                }
            }
        }
    }
}

/// False when the card has left the slot.
async fn serve_one<S>(card: &VirtualCard, stream: &mut S) -> io::Result<bool>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let length = usize::from(stream.read_u16().await?);
    let mut frame = vec![0; length];
    stream.read_exact(&mut frame).await?;
    let answer = match *frame.as_slice() {
        [] => return Ok(true),
        [POWER_OFF] => {
            card.power_off();
            return Ok(true);
        }
        [POWER_ON] => {
            card.power_on();
            return Ok(true);
        }
        [RESET] => {
            card.reset();
            return Ok(true);
        }
        [GET_ATR] => match card.atr() {
            Some(atr) => atr,
            None => return Ok(true),
        },
        [_] => return Ok(true),
        _ => match card.transmit(&frame) {
            Reply::Answer { bytes, after } => {
                sleep(after).await;
                bytes
            }
            Reply::Mute => return Ok(true),
            Reply::Pulled => return Ok(false),
        },
    };
    let length = u16::try_from(answer.len()).map_err(io::Error::other)?;
    stream.write_all(&[length.to_be_bytes().as_slice(), &answer].concat()).await?;
    stream.flush().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The card speaks at one end of this stream, the test is vpcd at the other.
    async fn ask(stream: &mut tokio::io::DuplexStream, frame: &[u8]) {
        stream.write_u16(frame.len() as u16).await.unwrap();
        stream.write_all(frame).await.unwrap();
    }

    async fn answer(stream: &mut tokio::io::DuplexStream) -> Vec<u8> {
        let mut out = vec![0; usize::from(stream.read_u16().await.unwrap())];
        stream.read_exact(&mut out).await.unwrap();
        out
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_atr_and_commands_are_answered_and_taking_the_card_out_ends_the_stream() {
        let reader = VirtualReader::new();
        let card = VirtualCard::municipal("7");
        reader.insert(card.clone());
        let mut slot = reader.watch();
        slot.mark_unchanged();
        let (ours, mut vpcd) = tokio::io::duplex(256);
        let spoken = tokio::spawn(async move { speak(&card, ours, &mut slot).await });
        for control in [POWER_ON, RESET, GET_ATR] {
            ask(&mut vpcd, &[control]).await;
        }
        assert_eq!(answer(&mut vpcd).await[..4], [0x3B, 0x88, 0x80, 1]);
        ask(&mut vpcd, &[0, 0xB2, 1, 0x0C]).await;
        assert_eq!(answer(&mut vpcd).await, [0x69, 0x85]);
        assert!(reader.remove().is_some());
        spoken.await.unwrap().unwrap();
        assert_eq!(vpcd.read(&mut [0]).await.unwrap(), 0);
    }
}
