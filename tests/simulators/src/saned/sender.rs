//! Sending a frame: records, the end marker, the status, and what real ones send behind it.

use std::future::pending;
use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::time::sleep;

use super::door::Stream;
use super::fault::SanedFault;
use super::service::Saned;
use super::world::Frame;

const END: u32 = 0xFFFF_FFFF;
/// The scanner has gone.
const DEVICE_ERROR: u8 = 9;
/// What a real saned sends behind a good end.
const RUBBISH: usize = 4;

/// Sends a frame, or what the faults make of it. True when it was sent whole.
pub(super) async fn send(saned: &Saned, data: &mut Box<dyn Stream>, frame: &Frame) -> io::Result<bool> {
    let faults: Vec<SanedFault> = saned.world().faults.iter().map(|(fault, _)| *fault).collect();
    let pick = |pick: &dyn Fn(&SanedFault) -> Option<usize>| faults.iter().find_map(pick);
    let has = |wanted: SanedFault| faults.contains(&wanted);
    let torn = pick(&|fault| match fault {
        SanedFault::CloseInsideRecord { after } => Some(*after),
        _ => None,
    });
    let silent = pick(&|fault| match fault {
        SanedFault::Silent { after } => Some(*after),
        _ => None,
    });
    let empty = pick(&|fault| match fault {
        SanedFault::EmptyRecords { count } => Some(*count as usize),
        _ => None,
    });
    let pause = pick(&|fault| match fault {
        SanedFault::Slow { milliseconds } => Some(*milliseconds as usize),
        _ => None,
    });
    while has(SanedFault::OnlyEmptyRecords) {
        data.write_all(&[0; 4]).await?;
        sleep(Duration::from_millis(100)).await;
    }
    let record = saned.world().config.record;
    let mut sent = 0;
    for (number, part) in frame.bytes.chunks(record).enumerate() {
        if !saned.world().plugged {
            data.write_all(&END.to_be_bytes()).await?;
            data.write_all(&[DEVICE_ERROR]).await?;
            return Ok(false);
        }
        if let Some(pause) = pause {
            sleep(Duration::from_millis(pause as u64)).await;
        }
        data.write_all(&vec![0; empty.unwrap_or(0) * 4]).await?;
        if number == 1 && has(SanedFault::GiantRecord) {
            data.write_all(&0x4000_0000_u32.to_be_bytes()).await?;
            return pending().await;
        }
        data.write_all(&(part.len() as u32).to_be_bytes()).await?;
        let cut = torn.or(silent).map(|after| after.saturating_sub(sent)).filter(|after| *after < part.len());
        data.write_all(&part[..cut.unwrap_or(part.len())]).await?;
        data.flush().await?;
        match cut {
            Some(_) if torn.is_some() => return Ok(false),
            Some(_) => return pending().await,
            None => sent += part.len(),
        }
    }
    if silent.is_some() {
        return pending().await;
    }
    if torn.is_some() || has(SanedFault::NoMarker) {
        return Ok(false);
    }
    data.write_all(&END.to_be_bytes()).await?;
    data.write_all(&[frame.end]).await?;
    let junk = pick(&|fault| match fault {
        SanedFault::Junk { bytes } => Some(*bytes),
        _ => None,
    });
    data.write_all(&vec![0xEE; junk.unwrap_or(RUBBISH)]).await?;
    data.flush().await?;
    Ok(true)
}
