//! Everything the panel shows beside the screen, as one value.
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use super::answer::Failure;
use super::{Panel, scanner};
use crate::qemu::Wire;

/// `GET /api/state`
pub async fn state(State(panel): State<Panel>) -> Result<Json<Value>, Failure> {
    Ok(Json(panel.state().await?))
}

impl Panel {
    /// The state now.
    pub(super) async fn state(&self) -> anyhow::Result<Value> {
        let board = {
            let mut board = self.board.lock().await;
            let wires: Map<String, Value> = Wire::ALL
                .into_iter()
                .map(|wire| (wire.name().to_owned(), Value::from(board.is_plugged(wire))))
                .collect();
            let (width, height) = board.display();
            json!({
                "on": board.is_on(),
                "wires": wires,
                "network": board.network(),
                "accelerator": board.accelerator().name(),
                "width": width,
                "height": height,
            })
        };
        let sede = self.sede.snapshot();
        Ok(json!({
            "board": board,
            "cash": self.cash.snapshot(),
            "cash_wrong": self.cash.check_conservation().err(),
            "printer": self.printer.snapshot(),
            "page_printer": self.page_printer.snapshot(),
            "cards": self.desk.shown(),
            "barcode": self.barcode.snapshot(),
            "scanner": scanner::shown(&self.scanner)?,
            "sede": sede,
        }))
    }
}
