//! A ccTalk bus with its devices, written from reference 1 (generic specification issue 4.7).
//!
//! A bill validator with escrow, a coin acceptor and up to eight hoppers share one line with
//! local echo. The devices go on living while the line is unplugged.

mod actions;
mod bus;
mod bus_device;
mod coin_acceptor;
mod common;
mod events;
mod fault;
mod frame;
mod hopper;
mod hopper_commands;
mod hopper_config;
mod snapshot;
mod validator;
mod validator_commands;
mod validator_config;
mod world;

pub use actions::{CoinPlace, NotePlace};
pub use bus::{CashBus, CashConfig, NoSuchDevice};
pub use coin_acceptor::{CoinAcceptorConfig, CoinType};
pub use common::{Identity, LineCounters, LinkFault};
pub use fault::{CoinFault, HopperFault, HopperFaultAt, ValidatorFault};
pub use frame::{Checksum, Frame, crc16, decode, encode};
pub use hopper_config::{DispenseReply, HopperConfig, Security, flags};
pub use snapshot::{CashSnapshot, CoinAcceptorSnapshot, HopperSnapshot, ValidatorSnapshot};
pub use validator_config::{BillType, Jam, NoteFate, ValidatorConfig};
pub use world::{Tray, Truth};
