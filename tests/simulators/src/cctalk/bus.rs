//! The wire: bytes to frames, frames to devices, replies back in their time (reference 1.1, 1.2).
//!
//! Unplugged (end of the stream) `run` returns and the devices live on; it can be run again.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, sleep_until};

use super::coin_acceptor::{CoinAcceptor, CoinAcceptorConfig};
use super::common::{Answer, ReplyFate};
use super::frame;
use super::hopper::Hopper;
use super::hopper_config::HopperConfig;
use super::validator::Validator;
use super::validator_config::ValidatorConfig;
use super::world::{Tray, Truth, World};
use crate::hook::{CommandSeen, Decision, Device, Hook, Phase};
use crate::pile::Pile;
use crate::{locked, unplugged};

/// A partial frame is forgotten after this much silence.
const GAP: Duration = Duration::from_millis(50);
/// A device turns the line around in about this time.
const TURNAROUND: Duration = Duration::from_millis(2);

/// No device of that name is on this bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no {0:?} on this bus; see its configuration")]
pub struct NoSuchDevice(pub Device);

/// Which devices hang on the bus.
#[derive(Clone, Debug)]
pub struct CashConfig {
    pub validator: Option<ValidatorConfig>,
    pub coin_acceptor: Option<CoinAcceptorConfig>,
    /// At most eight are used.
    pub hoppers: Vec<HopperConfig>,
    /// What the host sends comes back to it.
    pub echo: bool,
}

impl Default for CashConfig {
    /// Validator, coin acceptor, and hoppers of 10 c, 20 c, 50 c and 1 € at 3..=6.
    fn default() -> Self {
        let values = [10, 20, 50, 100];
        Self {
            validator: Some(ValidatorConfig::default()),
            coin_acceptor: Some(CoinAcceptorConfig::default()),
            hoppers: (3..).zip(values).map(|(address, cents)| HopperConfig::new(address, cents)).collect(),
            echo: true,
        }
    }
}

/// A handle on the bus, its devices and the money around them. Clones share one state.
#[derive(Clone)]
pub struct CashBus {
    pub(super) world: Arc<Mutex<World>>,
    hook: Arc<Mutex<Option<Hook>>>,
}

/// What a frame leads to.
enum Outcome {
    Nothing,
    Replies(Vec<(Instant, Vec<u8>)>),
    Cut,
}

impl CashBus {
    #[must_use]
    pub fn new(config: CashConfig) -> Self {
        let now = Instant::now();
        let mut truth = Truth::default();
        let hoppers: BTreeMap<u8, Hopper> = config
            .hoppers
            .into_iter()
            .take(8)
            .map(|hopper| {
                truth.coins_filled.add_many(hopper.cents, hopper.coins);
                (hopper.address, Hopper::new(hopper, now))
            })
            .collect();
        let world = World {
            validator: config.validator.map(|config| Validator::new(config, now)),
            coin_acceptor: config.coin_acceptor.map(|config| CoinAcceptor::new(config, now)),
            hoppers,
            tray: Tray::default(),
            cash_box: Pile::default(),
            truth,
            echo: config.echo,
            frozen: false,
            commands: 0,
            seen: BTreeMap::new(),
        };
        Self { world: Arc::new(Mutex::new(world)), hook: Arc::new(Mutex::new(None)) }
    }

    /// Calls `hook` before and after each command a device understood. The hook may use this
    /// handle; it must not install or clear a hook.
    pub fn on_command(&self, hook: impl FnMut(&CommandSeen) -> Decision + Send + 'static) {
        *locked(&self.hook) = Some(Box::new(hook));
    }

    pub fn clear_hook(&self) {
        *locked(&self.hook) = None;
    }

    /// Speaks on this line until it is unplugged.
    ///
    /// # Errors
    /// What the stream reports besides its end.
    pub async fn run<S>(&self, stream: S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        unplugged(self.speak(stream).await)
    }

    async fn speak<S>(&self, mut stream: S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let mut partial: Vec<u8> = Vec::new();
        let mut last_byte = Instant::now();
        let mut outgoing: Vec<(Instant, Vec<u8>)> = Vec::new();
        let mut buffer = [0_u8; 256];
        loop {
            let due = outgoing.iter().map(|(at, _)| *at).min();
            tokio::select! {
                biased;
                () = sleep_until(due.unwrap_or(last_byte)), if due.is_some() => {
                    let now = Instant::now();
                    let ready = outgoing.extract_if(.., |(at, _)| *at <= now).collect::<Vec<_>>();
                    for (_, bytes) in ready {
                        stream.write_all(&bytes).await?;
                    }
                    stream.flush().await?;
                }
                read = stream.read(&mut buffer) => {
                    let count = read?;
                    if count == 0 {
                        return Ok(());
                    }
                    let now = Instant::now();
                    let bytes = buffer.get(..count).unwrap_or_default();
                    if locked(&self.world).echo {
                        stream.write_all(bytes).await?;
                        stream.flush().await?;
                    }
                    if now >= last_byte + GAP {
                        partial.clear();
                    }
                    last_byte = now;
                    partial.extend_from_slice(bytes);
                    while let Some(length) = frame::length(&partial).filter(|length| *length <= partial.len()) {
                        let bytes: Vec<u8> = partial.drain(..length).collect();
                        match self.frame(&bytes, now) {
                            Outcome::Nothing => {}
                            Outcome::Replies(replies) => outgoing.extend(replies),
                            Outcome::Cut => return Ok(()),
                        }
                    }
                }
                () = sleep_until(last_byte + GAP), if !partial.is_empty() => {
                    partial.clear();
                    let mut world = locked(&self.world);
                    for address in world.addresses() {
                        if let Some(device) = world.by_address(address) {
                            let counters = device.line_counters();
                            counters.timeouts = counters.timeouts.saturating_add(1);
                        }
                    }
                }
            }
        }
    }

    fn frame(&self, bytes: &[u8], now: Instant) -> Outcome {
        let mut world = locked(&self.world);
        world.advance(now);
        let Some(address) = bytes.first().copied().filter(|_| !world.frozen) else { return Outcome::Nothing };
        if address == 0 {
            return Self::broadcast(&mut world, bytes, now);
        }
        let Some(device) = world.by_address(address).filter(|device| device.hears(now)) else {
            return Outcome::Nothing;
        };
        let Some(frame) = frame::decode(device.checksum(), bytes) else {
            let counters = device.line_counters();
            counters.bad_checksums = counters.bad_checksums.saturating_add(1);
            return Outcome::Nothing;
        };
        if !device.link().hears() {
            return Outcome::Nothing;
        }
        let name = device.name();
        world.commands += 1;
        let index = world.commands;
        let nth = world.seen.entry((address, frame.header)).or_default();
        *nth += 1;
        let mut seen = CommandSeen {
            device: name,
            header: frame.header,
            data: frame.data.clone(),
            index,
            nth: *nth,
            phase: Phase::Before,
        };
        drop(world);

        let before = self.ask(&seen);
        let mut world = locked(&self.world);
        let mut late = Duration::ZERO;
        let mut answer = match before {
            Decision::DropCommand => return Outcome::Nothing,
            Decision::CutLine => return Outcome::Cut,
            Decision::Freeze => {
                world.frozen = true;
                return Outcome::Nothing;
            }
            Decision::ResetDevice | Decision::PowerCycleDevice => {
                world.restart(address, before, now);
                return Outcome::Nothing;
            }
            Decision::Nak => Answer::Nak,
            Decision::Delay(_)
            | Decision::Proceed
            | Decision::ProceedDropReply
            | Decision::ProceedGarbleReply(_) => match world.by_address(address) {
                Some(device) => device.command(frame.header, &frame.data, now),
                None => return Outcome::Nothing,
            },
        };
        world.settle();
        let (mut fate, slow) = match world.by_address(address) {
            Some(device) if answer != Answer::Silence => {
                let lost = device.loses_reply(frame.header);
                let fate = device.link().reply_fate();
                (if lost { ReplyFate::Lost } else { fate }, device.link().slow_ms)
            }
            _ => (ReplyFate::Lost, 0),
        };
        drop(world);

        seen.phase = Phase::After;
        let after = self.ask(&seen);
        for decision in [before, after] {
            match decision {
                Decision::Proceed => {}
                Decision::DropCommand | Decision::ProceedDropReply => fate = ReplyFate::Lost,
                Decision::ProceedGarbleReply(byte) => fate = ReplyFate::Garbled(byte),
                Decision::Delay(by) => late += by,
                Decision::Nak => answer = Answer::Nak,
                Decision::ResetDevice | Decision::PowerCycleDevice => {
                    locked(&self.world).restart(address, decision, now);
                    fate = ReplyFate::Lost;
                }
                Decision::CutLine => return Outcome::Cut,
                Decision::Freeze => {
                    locked(&self.world).frozen = true;
                    fate = ReplyFate::Lost;
                }
            }
        }
        let mut at = now + TURNAROUND + late + Duration::from_millis(u64::from(slow));
        while let Answer::Late(by, inner) = answer {
            at += by;
            answer = *inner;
        }
        let (header, data) = match answer {
            Answer::Ack => (frame::REPLY, Vec::new()),
            Answer::Nak => (frame::NAK, Vec::new()),
            Answer::Data(data) => (frame::REPLY, data),
            Answer::Silence | Answer::Late(..) => return Outcome::Nothing,
        };
        let checksum = match locked(&self.world).by_address(address) {
            Some(device) => device.checksum(),
            None => return Outcome::Nothing,
        };
        let mut reply = if frame.header == 253 {
            vec![address]
        } else {
            frame::encode(checksum, frame.source, address, header, &data)
        };
        match fate {
            ReplyFate::Sent => {}
            ReplyFate::Lost => return Outcome::Nothing,
            ReplyFate::Garbled(byte) => {
                let place = byte.min(reply.len().saturating_sub(1));
                if let Some(byte) = reply.get_mut(place) {
                    *byte ^= 0x55;
                }
            }
        }
        Outcome::Replies(vec![(at, reply)])
    }

    /// Only the address poll makes sense to all at once: each says its address in its own slot.
    fn broadcast(world: &mut World, bytes: &[u8], now: Instant) -> Outcome {
        let mut replies = Vec::new();
        for address in world.addresses() {
            let Some(device) = world.by_address(address).filter(|device| device.hears(now)) else { continue };
            let asked = frame::decode(device.checksum(), bytes).is_some_and(|frame| frame.header == 253);
            if asked && device.link().hears() {
                replies.push((now + Duration::from_millis(4 * u64::from(address)), vec![address]));
            }
        }
        Outcome::Replies(replies)
    }

    /// The hook is taken out while it runs, so that it may use this handle.
    fn ask(&self, seen: &CommandSeen) -> Decision {
        let Some(mut hook) = locked(&self.hook).take() else { return Decision::Proceed };
        let decision = hook(seen);
        locked(&self.hook).get_or_insert(hook);
        decision
    }
}
