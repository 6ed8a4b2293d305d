//! Bringing an acceptor into use: after power-up, after a reset, after it was unplugged, after a restart of the
//! task (ccTalk generic specification part 1, identification; part 2 and 3, event counters).
//!
//! A device that only was out of reach is known by its serial number and by inhibits that are as they were set:
//! its events since then are told as if nothing had happened. Everything else is a reset: inhibited, identified,
//! its values read again. Events are read before anything is changed.
use crate::accepting::STACKER_AND_ESCROW;
use crate::acceptor::{Phase, RECHECK, Setting};
use crate::api::{CashEvent, Device};
use crate::bus::Lost;
use crate::command::{Command, Reply};
use crate::escrow::Escrow;
use crate::events::{Adoption, READABLE, adopt};
use crate::ids::{Ids, MAX_TYPES, coin_value, note_value};
use crate::outcome::{Clears, Fault, Moment};
use crate::polling::{does_not_obey, events_command};
use crate::task::{CashTask, Context};

/// Positions of a coin acceptor.
const COIN_TYPES: u8 = 16;
/// Types of a validator that does not tell how many it has.
const USUAL_BILL_TYPES: u8 = 16;

impl CashTask {
    /// Tries to bring an acceptor that is away into use.
    pub(crate) async fn set_up(&mut self, index: usize, context: &Context<'_>) {
        let Some(acceptor) = self.acceptors.get(index) else { return };
        let place = acceptor.place;
        if self.bus.ask_times(place, &Command::SimplePoll, 1, context.beat).await.is_err() {
            let now = self.now();
            if let Some(acceptor) = self.acceptors.get_mut(index) {
                acceptor.phase = acceptor.phase.later(now, false);
            }
            return;
        }
        let now = self.now();
        if let Some(acceptor) = self.acceptors.get_mut(index) {
            acceptor.phase = acceptor.phase.later(now, true);
        }
        self.publish();
        let done = match self.reattach(index, context).await {
            Ok(false) => self.set_up_anew(index, context).await,
            Ok(true) => Ok(()),
            Err(lost) => Err(lost),
        };
        if let (Err(lost), Some(acceptor)) = (done, self.acceptors.get(index)) {
            tracing::debug!(device = ?acceptor.device, %lost, "not set up yet");
        }
        self.publish();
    }

    /// Takes up a known device that was out of reach. `Ok(false)`: it was reset, exchanged, or is new.
    async fn reattach(&mut self, index: usize, context: &Context<'_>) -> Result<bool, Lost> {
        let serial = self.serial(index, context).await?;
        let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
        if acceptor.fresh || acceptor.reset {
            return Ok(false);
        }
        let known = acceptor.serial == Some(serial) && acceptor.ids.is_some() && acceptor.mark.is_some();
        if !known {
            let now = self.now();
            let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
            acceptor.was_reset(now, &mut self.outbox);
            return Ok(false);
        }
        // Before the counter is trusted: inhibits that were lost mean a reset.
        let found = self.read_setting(index, context).await?;
        let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
        let kept = acceptor.written.is_none_or(|written| {
            written.mask == found.mask && (written.master || !found.master || !acceptor.has_master)
        });
        if !kept {
            let now = self.now();
            let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
            acceptor.was_reset(now, &mut self.outbox);
            return Ok(false);
        }
        let (counter, pairs) = self.events(index, context).await?;
        let now = self.now();
        let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
        acceptor.phase = Phase::Running;
        acceptor.digest(Moment { now, at_start: false }, counter, &pairs, &mut self.outbox);
        if !acceptor.running() {
            return Ok(false);
        }
        acceptor.next_poll = now;
        // Switches it on again when its own watchdog switched it off, and shows what is on.
        acceptor.recheck = true;
        if acceptor.written != Some(acceptor.wanted) {
            // Its last order was cut short: whoever gave it was told so, and gives it again.
            acceptor.halt();
        }
        Ok(true)
    }

    /// Identifies, adopts or credits, and inhibits a device whose settings are gone.
    async fn set_up_anew(&mut self, index: usize, context: &Context<'_>) -> Result<(), Lost> {
        let now = self.now();
        let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
        let device = acceptor.device;
        let changed = acceptor.fault.take_if(|fault| fault.reason.id != IDS_CHANGED);
        let serial = self.serial(index, context).await?;
        let category = self.text(index, Command::Category, context).await?;
        if !category_fits(device, &category) {
            let detail = format!("a {category:?} answers at the address of the {device:?}");
            let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
            acceptor.raise(Fault::new("wrong-device", detail, Clears::Setup), now);
            return Ok(());
        }
        let maker = self.text(index, Command::Manufacturer, context).await.unwrap_or_default();
        let product = self.text(index, Command::Product, context).await.unwrap_or_default();
        let ids = match device {
            Device::Validator => self.note_ids(index, context).await?,
            _ => self.coin_ids(index, context).await?,
        };
        let place = self.acceptors.get(index).map(|a| a.place).ok_or(Lost::Silent)?;
        // One coin acceptor in its compatibility mode knows no master inhibit and says nothing.
        let master = self.bus.ask_times(place, &Command::RequestMaster, 2, context.beat).await;
        let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
        acceptor.has_master = match (device, master) {
            (_, Ok(_)) => true,
            (Device::CoinAcceptor, Err(Lost::Silent | Lost::Refused)) => false,
            (_, Err(lost)) => return Err(lost),
        };
        acceptor.product = format!("{maker} {product}").trim().to_owned();
        acceptor.serial = Some(serial);
        let same = acceptor.ids.get_or_insert_with(|| ids.clone()) == &ids;
        if !same {
            let detail = "its values are not those that it had before; restart the kiosk to take them over";
            acceptor.raise(Fault::new(IDS_CHANGED, detail, Clears::Setup), now);
        }
        tracing::info!(?device, serial, product = acceptor.product, had = ?changed, "identified");
        let found = self.read_setting(index, context).await?;
        let (counter, pairs) = self.events(index, context).await?;
        let now = self.now();
        self.adopt(index, serial, found.mask == 0, counter, &pairs);
        let check = self.ask(index, Command::SelfCheck, context).await?;
        let escrow = device != Device::Validator || self.escrow_in_use(index, context).await?;
        let obeys = self.write(index, Setting::default(), context).await?;
        let Some(acceptor) = self.acceptors.get_mut(index) else { return Err(Lost::Silent) };
        match check {
            Reply::Fault(0) => {}
            Reply::Fault(code) => {
                let (id, clears) = fault_id(code);
                acceptor.raise(Fault::new(id, format!("self-check says {code}"), clears), now);
            }
            _ => return Err(Lost::Silent),
        }
        if !escrow {
            let detail = format!("it does not use stacker and escrow (mode {STACKER_AND_ESCROW})");
            acceptor.raise(Fault::new("no-escrow", detail, Clears::Setup), now);
        }
        if !obeys {
            acceptor.raise(does_not_obey("it cannot be inhibited"), now);
        }
        acceptor.phase = Phase::Running;
        acceptor.wanted = Setting::default();
        acceptor.stop = !obeys && acceptor.has_master;
        acceptor.recheck = false;
        acceptor.next_poll = now;
        acceptor.next_recheck = now + RECHECK;
        if std::mem::take(&mut acceptor.reset) {
            self.outbox.push_back(CashEvent::DeviceReset { device });
        }
        Ok(())
    }

    /// Takes the first counter over, and tells what the journal says is ours.
    fn adopt(&mut self, index: usize, serial: u32, mask_empty: bool, counter: u8, pairs: &[(u8, u8); 5]) {
        let now = self.now();
        let Some(acceptor) = self.acceptors.get_mut(index) else { return };
        let moment = Moment { now, at_start: true };
        let device = acceptor.device;
        if !acceptor.fresh {
            // It was reset: what it took since then belongs to nobody that we know of.
            let since = pairs.iter().take(usize::from(counter.min(READABLE)));
            let taken = since.filter(|pair| is_credit(device, **pair)).count();
            if let Some(count) = u8::try_from(taken).ok().filter(|count| *count > 0) {
                self.outbox.push_back(CashEvent::EventsLost { device, count });
            }
            acceptor.mark = Some(crate::api::EventMark { serial, counter });
            return;
        }
        if device == Device::Validator
            && let Some((value, route)) = self.resume.escrow.take()
        {
            acceptor.notes.escrow = Some(Escrow::resumed(value, route, now));
        }
        let adoption = adopt(acceptor.mark, serial, counter, mask_empty);
        tracing::info!(?device, ?adoption, counter, "first reading of the events");
        match adoption {
            Adoption::Adopt => {}
            Adoption::Credit(count) => {
                acceptor.work_off(moment, serial, counter, count, pairs, &mut self.outbox);
            }
            Adoption::Lost(count) => {
                self.outbox.push_back(CashEvent::EventsLost { device, count });
                acceptor.work_off(moment, serial, counter, READABLE, pairs, &mut self.outbox);
            }
            Adoption::Gone => {
                self.outbox.push_back(CashEvent::EventsLost { device, count: 0 });
                self.outbox.extend(acceptor.notes.forget("the validator was reset or exchanged"));
            }
        }
        acceptor.mark = Some(crate::api::EventMark { serial, counter });
        acceptor.fresh = false;
        if device == Device::Validator {
            let top = pairs.first().copied().filter(|_| counter != 0);
            let held = top.filter(|(kind, code)| *kind != 0 && *code == 1);
            let continuous = matches!(adoption, Adoption::Credit(_));
            self.settle_note_at_start(index, counter, held.map(|(kind, _)| kind), continuous);
        }
    }

    /// After the first reading: is the note of the journal still in escrow, or one that nobody knows of?
    fn settle_note_at_start(&mut self, index: usize, counter: u8, held: Option<u8>, continuous: bool) {
        let Some(acceptor) = self.acceptors.get_mut(index) else { return };
        let value = held.and_then(|kind| acceptor.ids.as_ref()?.value(kind));
        match (&mut acceptor.notes.escrow, held) {
            (Some(escrow), Some(_)) if value == Some(escrow.value) => escrow.number = Some(counter),
            // No event is missing, so the one that tells is yet to come: while nobody polled it the validator
            // inhibited itself, and gives the note back by its own timer if it is not routed.
            (Some(escrow), _) if escrow.number.is_some() || continuous => {}
            (Some(_), _) => {
                let event = acceptor.notes.give_up("no event tells where the note went");
                self.outbox.extend(event);
            }
            (None, _) => {}
        }
        if let (None, Some(_)) = (&acceptor.notes.escrow, held) {
            acceptor.notes.escrow = Some(Escrow::unannounced(value.unwrap_or_default(), counter));
        }
    }

    async fn serial(&mut self, index: usize, context: &Context<'_>) -> Result<u32, Lost> {
        match self.ask(index, Command::Serial, context).await? {
            Reply::Number(serial) => Ok(serial),
            _ => Err(Lost::Silent),
        }
    }

    async fn events(&mut self, index: usize, context: &Context<'_>) -> Result<(u8, [(u8, u8); 5]), Lost> {
        let acceptor = self.acceptors.get(index).ok_or(Lost::Silent)?;
        match self.ask(index, events_command(acceptor), context).await? {
            Reply::Events { counter, pairs } => Ok((counter, pairs)),
            _ => Err(Lost::Silent),
        }
    }

    async fn text(&mut self, index: usize, command: Command, context: &Context<'_>) -> Result<String, Lost> {
        match self.ask(index, command, context).await? {
            Reply::Text(text) => Ok(printable(&text)),
            _ => Err(Lost::Silent),
        }
    }

    async fn coin_ids(&mut self, index: usize, context: &Context<'_>) -> Result<Ids, Lost> {
        let mut ids = Ids::default();
        for position in 1..=COIN_TYPES {
            match self.ask(index, Command::CoinId(position), context).await {
                Ok(Reply::Text(id)) => ids.push(coin_value(id.as_bytes())),
                // A position that the device does not have.
                Err(Lost::Refused) => ids.push(None),
                Ok(_) => return Err(Lost::Silent),
                Err(lost) => return Err(lost),
            }
        }
        Ok(ids)
    }

    async fn note_ids(&mut self, index: usize, context: &Context<'_>) -> Result<Ids, Lost> {
        let types = match self.ask(index, Command::VariableSet, context).await {
            Ok(Reply::Types(types)) => types,
            // Not every validator knows this header.
            Err(Lost::Silent | Lost::Refused) => USUAL_BILL_TYPES,
            Ok(_) => return Err(Lost::Silent),
            Err(lost) => return Err(lost),
        };
        let Reply::Scaling(scaling) = self.ask(index, Command::CountryScaling, context).await? else {
            return Err(Lost::Silent);
        };
        let mut ids = Ids::default();
        for kind in 1..=types.min(MAX_TYPES) {
            match self.ask(index, Command::BillId(kind), context).await {
                Ok(Reply::Text(id)) => ids.push(note_value(id.as_bytes(), scaling)),
                Err(Lost::Refused) => ids.push(None),
                Ok(_) => return Err(Lost::Silent),
                Err(lost) => return Err(lost),
            }
        }
        Ok(ids)
    }
}

const IDS_CHANGED: &str = "ids-changed";

fn is_credit(device: Device, (a, b): (u8, u8)) -> bool {
    a != 0 && (device != Device::Validator || b == 0)
}

/// Category texts are case exact; a validator may call itself by either name.
fn category_fits(device: Device, category: &str) -> bool {
    match device {
        Device::Validator => matches!(category, "Bill Validator" | "Bill Acceptor"),
        Device::CoinAcceptor => category == "Coin Acceptor",
        Device::Hopper(_) => category == "Payout",
    }
}

/// A text for logs: what is not printable is left out.
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter(|char| (' '..='~').contains(char)).collect()
}

/// What a fault code of the self-check is called, and how it passes.
fn fault_id(code: u8) -> (&'static str, Clears) {
    match code {
        38 => ("stacker-faulty", Clears::SelfCheck),
        39 => ("note-jam", Clears::SelfCheck),
        44 => ("stacker-removed", Clears::SelfCheck),
        45 => ("stacker-full", Clears::SelfCheck),
        51 => ("door-open", Clears::SelfCheck),
        _ => ("self-check", Clears::SelfCheck),
    }
}
