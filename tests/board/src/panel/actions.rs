//! What a person does at the kiosk or in its workshop, one request each.
use axum::Json;
use axum::extract::State;
use reference_sede::Rule;
use serde::Deserialize;
use simulators::Fault;
use simulators::escpos::Printer;

use super::Panel;
use super::answer::{Done, done, done_with};
use crate::qemu::Wire;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touch {
    x: u32,
    y: u32,
    down: bool,
}

/// `POST /api/touch {"x": 540, "y": 960, "down": true}`: a finger goes down, moves or comes up.
pub async fn touch(State(panel): State<Panel>, Json(touch): Json<Touch>) -> Done {
    panel.board.lock().await.touch(touch.x, touch.y, touch.down).await?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    x: u32,
    y: u32,
}

/// `POST /api/tap {"x": 540, "y": 960}`: down and up.
pub async fn tap(State(panel): State<Panel>, Json(place): Json<Place>) -> Done {
    panel.board.lock().await.tap(place.x, place.y).await?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    key: String,
    down: Option<bool>,
}

/// `POST /api/key {"key": "kp_5"}`: down and up; with `"down"` only that.
pub async fn key(State(panel): State<Panel>, Json(key): Json<Key>) -> Done {
    let board = panel.board.lock().await;
    match key.down {
        Some(down) => board.machine()?.qmp().key(&key.key, down).await?,
        None => board.key(&key.key).await?,
    }
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    cents: u32,
}

/// `POST /api/note {"cents": 2000}`: pushed into the mouth; the result is whether it was pulled in.
pub async fn note(State(panel): State<Panel>, Json(money): Json<Money>) -> Done {
    done_with(panel.cash.insert_note(money.cents))
}

/// `POST /api/coin {"cents": 200}`: dropped into the slot.
pub async fn coin(State(panel): State<Panel>, Json(money): Json<Money>) -> Done {
    panel.cash.insert_coin(money.cents);
    done()
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Cash {
    TakeTray,
    PullJammedNote,
    FreeJammedNote,
    RemoveStacker,
    InsertStacker { emptied: bool },
    EmptyCashBox,
    FillHopper { address: u8, coins: u64 },
    EmptyHopper { address: u8 },
    ClearHopper { address: u8 },
    Power { on: bool },
    Echo { on: bool },
}

/// `POST /api/cash {"do": "take-tray"}`, `{"do": "fill-hopper", "address": 3, "coins": 100}`, …
pub async fn cash(State(panel): State<Panel>, Json(action): Json<Cash>) -> Done {
    let cash = &panel.cash;
    match action {
        Cash::TakeTray => done_with(cash.take_tray()),
        Cash::PullJammedNote => done_with(cash.pull_jammed_note()),
        Cash::FreeJammedNote => done_with(cash.free_jammed_note()),
        Cash::RemoveStacker => {
            cash.remove_stacker();
            done()
        }
        Cash::InsertStacker { emptied } => done_with(cash.insert_stacker(emptied)),
        Cash::EmptyCashBox => done_with(cash.empty_cash_box()),
        Cash::FillHopper { address, coins } => done_with(cash.fill_hopper(address, coins)?),
        Cash::EmptyHopper { address } => done_with(cash.empty_hopper(address)?),
        Cash::ClearHopper { address } => {
            cash.clear_hopper(address)?;
            done()
        }
        Cash::Power { on } => {
            cash.power_all(on);
            done()
        }
        Cash::Echo { on } => {
            cash.set_echo(on);
            done()
        }
    }
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum AtPrinter {
    TakePaper,
    Tear,
    OpenCover,
    CloseCover,
    LoadRoll { mm: u32 },
    ClearJam,
    Power { on: bool },
}

/// `POST /api/printer {"do": "load-roll", "mm": 80000}`, …
pub async fn printer(State(panel): State<Panel>, Json(action): Json<AtPrinter>) -> Done {
    at_printer(&panel.printer, action)
}

/// `POST /api/page-printer {"do": "take-paper"}`, …: the same at the other printer.
pub async fn page_printer(State(panel): State<Panel>, Json(action): Json<AtPrinter>) -> Done {
    at_printer(&panel.page_printer, action)
}

fn at_printer(printer: &Printer, action: AtPrinter) -> Done {
    match action {
        AtPrinter::TakePaper => return done_with(printer.take_presented()),
        AtPrinter::Tear => printer.tear(),
        AtPrinter::OpenCover => printer.open_cover(),
        AtPrinter::CloseCover => printer.close_cover(),
        AtPrinter::LoadRoll { mm } => printer.load_roll(mm),
        AtPrinter::ClearJam => printer.clear_jam(),
        AtPrinter::Power { on } => printer.power(on),
    }
    done()
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Scan {
    /// A bill of the sede's shelf, by its name.
    Bill(String),
    /// Any code.
    Code(String),
}

/// `POST /api/scan {"bill": "vehicle-tax"}` or `{"code": "90521…"}`: held under the reader's window.
pub async fn scan(State(panel): State<Panel>, Json(scan): Json<Scan>) -> Done {
    let code = match scan {
        Scan::Code(code) => code,
        Scan::Bill(name) => panel
            .sede
            .digits(&name)
            .ok_or_else(|| anyhow::anyhow!("no bill on the shelf is called {name}"))?,
    };
    panel.barcode.scan(code.as_bytes());
    done_with(code)
}

/// `POST /api/fault {"device": "validator", "fault": "reset"}`, …: a fault of a peripheral.
pub async fn fault(State(panel): State<Panel>, Json(fault): Json<Fault>) -> Done {
    panel.board.lock().await.fault(fault)?;
    done()
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum AtSede {
    /// All requests fail like this; `null` ends all faults.
    Fault { fault: Option<reference_sede::Fault> },
    /// Adds a rule.
    Rule { rule: Rule },
    /// Forgets everything but whom it trusts and which certificates were revoked.
    Reset,
}

/// `POST /api/sede {"do": "fault", "fault": {"fault": "slow", "millis": 5000}}`, …
pub async fn sede(State(panel): State<Panel>, Json(action): Json<AtSede>) -> Done {
    match action {
        AtSede::Fault { fault } => panel.sede.set_fault(fault),
        AtSede::Rule { rule } => panel.sede.add_fault(rule),
        AtSede::Reset => {
            panel.sede.reset()?;
            panel.desk.citizens.remind(&panel.sede);
        }
    }
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plug {
    wire: String,
    plugged: bool,
}

/// `POST /api/wire {"wire": "printer", "plugged": false}`; `"network"` is the board's network cable, `"scanner"` the
/// scanner's.
pub async fn wire(State(panel): State<Panel>, Json(plug): Json<Plug>) -> Done {
    if plug.wire == "scanner" {
        panel.scanner.plug(plug.plugged);
        return done();
    }
    let mut board = panel.board.lock().await;
    if plug.wire == "network" {
        board.set_network(plug.plugged).await?;
        return done();
    }
    let wire =
        Wire::from_name(&plug.wire).ok_or_else(|| anyhow::anyhow!("there is no wire {}", plug.wire))?;
    if plug.plugged {
        board.plug(wire).await?;
    } else {
        board.unplug(wire).await;
    }
    done()
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Power {
    On,
    Cut,
    Reset,
}

/// `POST /api/power {"do": "cut"}`, `on`, `reset`: of the board; the peripherals keep theirs.
pub async fn power(State(panel): State<Panel>, Json(power): Json<Power>) -> Done {
    let mut board = panel.board.lock().await;
    match power {
        Power::On => board.power_on().await?,
        Power::Cut => board.power_cut().await?,
        Power::Reset => board.reset().await?,
    }
    done()
}
