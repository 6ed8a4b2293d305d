//! Every fault a panel can set, as one value that travels as JSON.

use serde::{Deserialize, Serialize};

use crate::barcode::BarcodeFault;
use crate::cctalk::{CoinFault, HopperFaultAt, ValidatorFault};
use crate::escl::ScannerFault;
use crate::escpos::PrinterFault;
use crate::line::LineFault;
use crate::smartcard::CardFault;

/// `{"device":"validator","fault":"reset"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "device", content = "fault", rename_all = "kebab-case")]
pub enum Fault {
    Validator(ValidatorFault),
    CoinAcceptor(CoinFault),
    Hopper(HopperFaultAt),
    Printer(PrinterFault),
    PagePrinter(PrinterFault),
    Scanner(ScannerFault),
    Barcode(BarcodeFault),
    Line(LineFault),
    /// Of the card in the reader.
    Card(CardFault),
}
