//! A picture of the printer for a panel, plain data that becomes JSON.

use serde::Serialize;
use tokio::time::Instant;

use super::config::{DOTS_PER_MM, Model};
use super::engine::Engine;
use super::paper::{Hand, Paper, PaperFate};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrinterSnapshot {
    pub model: Model,
    pub powered: bool,
    pub online: bool,
    pub cover_open: bool,
    pub paper_end: bool,
    pub near_end: bool,
    pub jam: bool,
    pub cutter_error: bool,
    pub head_hot: bool,
    pub printing: bool,
    /// Bytes in the receive buffer.
    pub buffered: usize,
    /// The code page selected now.
    pub code_page: &'static str,
    pub paper_left_mm: usize,
    /// Millimetres hanging out uncut.
    pub unfinished_mm: usize,
    /// Pieces that nobody has taken away yet.
    pub papers: Vec<Paper>,
    /// Pieces that ever came off.
    pub papers_total: u64,
    pub presented: Option<u64>,
    pub hand: Hand,
    pub cuts: u64,
    pub retracted: u64,
    pub received: u64,
    pub proofs_sent: u64,
    /// What no real unit of this kind would have understood.
    pub oddities: Vec<String>,
    /// Characters the chosen code page lacks.
    pub unprintable: u64,
}

impl PrinterSnapshot {
    pub(super) fn of(engine: &Engine, now: Instant) -> Self {
        let condition = engine.condition(now);
        let dots = usize::try_from(DOTS_PER_MM).unwrap_or(1);
        let presented = engine.papers.iter().find(|paper| paper.fate == PaperFate::Presented);
        Self {
            model: engine.config.model,
            powered: engine.powered,
            online: engine.powered && !condition.offline(),
            cover_open: condition.cover_open,
            paper_end: condition.paper_end,
            near_end: condition.near_end,
            jam: condition.jam,
            cutter_error: condition.cutter_error,
            head_hot: condition.head_hot,
            printing: condition.printing,
            buffered: engine.input.len(),
            code_page: engine.set.page.name(),
            paper_left_mm: engine.left / dots,
            unfinished_mm: engine.canvas.height() / dots,
            papers: engine.papers.clone(),
            papers_total: engine.papers_total,
            presented: presented.map(|paper| paper.number),
            hand: engine.hand,
            cuts: engine.cuts,
            retracted: engine.retracted,
            received: engine.received,
            proofs_sent: engine.proofs_sent,
            oddities: engine.oddities.clone(),
            unprintable: engine.set.unprintable,
        }
    }
}
