//! What TOML cannot say: values that contradict each other or cannot be meant.
use std::collections::BTreeSet;

use super::Board;

/// Something wrong, with its key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {text}")]
pub struct Remark {
    /// The key, as a path.
    pub key: String,
    /// What is wrong with it, and what would be right.
    pub text: String,
}

fn remark(key: impl Into<String>, text: impl Into<String>) -> Remark {
    Remark { key: key.into(), text: text.into() }
}

/// Everything that is wrong with a board; empty when it can be used.
pub fn check(board: &Board) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (key, degrees) in [
        ("display.rotation-degrees", board.display.rotation_degrees),
        ("input.touch-rotation-degrees", board.input.touch_rotation_degrees),
    ] {
        if ![0, 90, 180, 270].contains(&degrees) {
            remarks.push(remark(key, format!("{degrees} is not 0, 90, 180 or 270")));
        }
    }
    if !(50.0..=2000.0).contains(&board.display.width_mm) {
        remarks.push(remark("display.width-mm", "not between 50 and 2000 millimetres"));
    }
    cash(board, &mut remarks);
    for (key, printer) in [("printer", &board.printer), ("page-printer", &board.page_printer)] {
        let Some(printer) = printer else { continue };
        if printer.device.is_some() == printer.port.is_some() {
            remarks.push(remark(key, "give either device or port"));
        }
        if !(256..=2600).contains(&printer.model.width_dots) {
            remarks.push(remark(format!("{key}.model.width-dots"), "not between 256 and 2600 dots"));
        }
        if !(150..=400).contains(&printer.model.dpi) {
            remarks.push(remark(format!("{key}.model.dpi"), "not between 150 and 400 dots an inch"));
        }
    }
    if board.page_printer.as_ref().is_some_and(|printer| printer.model.width_dots < 1500) {
        remarks.push(remark("page-printer.model.width-dots", "too narrow for A4: at least 1500 dots"));
    }
    if board.barcode.as_ref().is_some_and(|barcode| barcode.port.is_some() == barcode.keyboard.is_some()) {
        remarks.push(remark("barcode", "give either port or keyboard"));
    }
    if board.watchdog.as_ref().is_some_and(|watchdog| !(5..=600).contains(&watchdog.timeout_s)) {
        remarks.push(remark("watchdog.timeout-s", "not between 5 and 600 seconds"));
    }
    remarks
}

fn cash(board: &Board, remarks: &mut Vec<Remark>) {
    let Some(cash) = &board.cash else { return };
    let bus = &cash.bus;
    if bus.hoppers.len() > 8 {
        remarks.push(remark("cash.bus.hoppers", "more than eight"));
    }
    let mut addresses = BTreeSet::new();
    let places = bus
        .validator
        .iter()
        .map(|place| ("validator".to_owned(), place.address))
        .chain(bus.coin_acceptor.iter().map(|place| ("coin-acceptor".to_owned(), place.address)))
        .chain(bus.hoppers.iter().enumerate().map(|(at, hopper)| (format!("hoppers[{at}]"), hopper.address)));
    for (name, address) in places {
        if address < 2 {
            remarks.push(remark(format!("cash.bus.{name}.address"), "0 is broadcast and 1 is the kiosk"));
        }
        if !addresses.insert(address) {
            remarks.push(remark(format!("cash.bus.{name}.address"), format!("{address} is used twice")));
        }
    }
    for (at, hopper) in bus.hoppers.iter().enumerate() {
        if ![1, 2, 5, 10, 20, 50, 100, 200].contains(&hopper.coin.0) {
            let text = format!("{} cents is no euro coin", hopper.coin.0);
            remarks.push(remark(format!("cash.bus.hoppers[{at}].coin-cents"), text));
        }
    }
    let mut paths = BTreeSet::new();
    for (at, sorter) in cash.sorter.iter().enumerate() {
        if !paths.insert(sorter.path) || sorter.path == 0 {
            remarks.push(remark(format!("cash.sorter[{at}].path"), "0, or given twice"));
        }
        if usize::from(sorter.hopper) >= bus.hoppers.len() {
            remarks.push(remark(format!("cash.sorter[{at}].hopper"), "no hopper has this index"));
        }
    }
}
