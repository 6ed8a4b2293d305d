//! The peripherals that a board file describes, as simulators with the same addresses, coins and checksums.
//!
//! The file is read here on its own, as a mechanic would: the wiring of the cabinet must match it.
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use simulators::cctalk::{CashConfig, Checksum, CoinAcceptorConfig, HopperConfig, Security, ValidatorConfig};
use simulators::escpos::PrinterConfig;
use toml::{Table, Value};

/// Deeper inheritance is a circle.
const DEEPEST: usize = 8;

/// What is mounted in a cabinet.
#[derive(Clone, Debug)]
pub struct Cabinet {
    /// The cash devices.
    pub cash: CashConfig,
    /// The receipt printer.
    pub printer: PrinterConfig,
    /// The page printer.
    pub page_printer: Option<PrinterConfig>,
}

impl Cabinet {
    /// The cabinet of a board file.
    pub fn of(board_file: &Path) -> Result<Cabinet> {
        let board = Value::Table(read(board_file, 0)?);
        let file = board_file.display();
        let bus = get(&board, &["cash", "bus"]);
        let validator = bus.and_then(|bus| bus.get("validator")).map(place).transpose()?;
        let acceptor = bus.and_then(|bus| bus.get("coin-acceptor")).map(place).transpose()?;
        let mut hoppers = Vec::new();
        for hopper in list(bus, "hoppers") {
            let (address, checksum) = place(hopper)?;
            let cents = number(hopper, "coin-cents").with_context(|| format!("{file}: a hopper"))?;
            let security = match hopper.get("security").and_then(Value::as_str) {
                Some("none") => Security::None,
                None | Some("serial-number") => Security::Serial,
                Some("any-after-key") => Security::AnyAfterKey,
                Some(other) => bail!("{file}: a hopper with the security {other}"),
            };
            hoppers.push(HopperConfig { checksum, security, ..HopperConfig::new(address, cents) });
        }
        let mut coins = CoinAcceptorConfig::default().coins;
        for sorter in list(get(&board, &["cash"]), "sorter") {
            let (path, at): (u8, usize) = (number(sorter, "path")?, number(sorter, "hopper")?);
            let hopper = hoppers.get(at).with_context(|| format!("{file}: there is no hopper {at}"))?;
            coins.iter_mut().filter(|coin| coin.cents == hopper.cents).for_each(|coin| coin.path = path);
        }
        let echo = bus.and_then(|bus| bus.get("echo")).and_then(Value::as_str) != Some("off");
        let cash = CashConfig {
            validator: validator.map(|(address, checksum)| ValidatorConfig {
                address,
                checksum,
                ..ValidatorConfig::default()
            }),
            coin_acceptor: acceptor.map(|(address, checksum)| CoinAcceptorConfig {
                address,
                checksum,
                coins,
                ..CoinAcceptorConfig::default()
            }),
            hoppers,
            echo,
        };
        let model = get(&board, &["printer", "model"]);
        let mut printer = match model.and_then(|model| model.get("model")).and_then(Value::as_str) {
            Some("custom") => PrinterConfig::custom(),
            _ => PrinterConfig::epson(),
        };
        if let Some(model) = model {
            printer.width = number(model, "width-dots").with_context(|| format!("{file}: the printer"))?;
        }
        let mut page_printer = None;
        if let Some(model) = get(&board, &["page-printer", "model"]) {
            let width = number(model, "width-dots").with_context(|| format!("{file}: the page printer"))?;
            page_printer = Some(PrinterConfig { width, ..PrinterConfig::page() });
        }
        Ok(Cabinet { cash, printer, page_printer })
    }
}

fn read(path: &Path, depth: usize) -> Result<Table> {
    if depth > DEEPEST {
        bail!("{}: inherits in a circle", path.display());
    }
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut own: Table = toml::from_str(&text).with_context(|| path.display().to_string())?;
    let mut table = Table::new();
    if let Some(Value::Array(names)) = own.remove("inherit") {
        for name in names.iter().filter_map(Value::as_str) {
            merge(&mut table, read(&path.with_file_name(name), depth + 1)?);
        }
    }
    merge(&mut table, own);
    Ok(table)
}

fn merge(into: &mut Table, over: Table) {
    for (key, value) in over {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (_, value) => drop(into.insert(key, value)),
        }
    }
}

fn get<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().try_fold(value, |value, key| value.get(key))
}

fn list<'a>(value: Option<&'a Value>, key: &str) -> &'a [Value] {
    value.and_then(|value| value.get(key)).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn number<T: TryFrom<i64>>(value: &Value, key: &str) -> Result<T> {
    let number = value.get(key).and_then(Value::as_integer).with_context(|| format!("no number {key}"))?;
    T::try_from(number).ok().with_context(|| format!("{key} cannot be {number}"))
}

fn place(device: &Value) -> Result<(u8, Checksum)> {
    let checksum = match device.get("checksum").and_then(Value::as_str) {
        None | Some("simple") => Checksum::Simple,
        Some("crc16") => Checksum::Crc16,
        Some(other) => bail!("a device with the checksum {other}"),
    };
    Ok((number(device, "address")?, checksum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    #[test]
    fn the_emulated_board_has_the_devices_of_its_file() {
        let file = Places::of_workspace().board_files().join("qemu-x86_64.toml");
        let cabinet = Cabinet::of(&file).unwrap();
        let validator = cabinet.cash.validator.unwrap();
        assert_eq!((validator.address, validator.checksum), (40, Checksum::Crc16));
        let hoppers: Vec<(u8, u32)> = cabinet.cash.hoppers.iter().map(|it| (it.address, it.cents)).collect();
        assert_eq!(hoppers, [(3, 200), (4, 50), (5, 10), (6, 5)]);
        let coins = cabinet.cash.coin_acceptor.unwrap().coins;
        let path = |cents| coins.iter().find(|coin| coin.cents == cents).unwrap().path;
        assert_eq!((path(200), path(5), path(100)), (1, 4, 0), "one euro goes into the cash box");
        assert_eq!((cabinet.printer.width, cabinet.page_printer.unwrap().width), (576, 1600));
    }
}
