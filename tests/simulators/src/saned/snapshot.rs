//! What really happened.

/// Counted since the service was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SanedSnapshot {
    /// Control connections.
    pub connections: u32,
    /// Those that are open now.
    pub open_connections: u32,
    /// Data connections.
    pub data_connections: u32,
    /// Requests.
    pub opens: u32,
    pub closes: u32,
    pub starts: u32,
    pub cancels: u32,
    pub exits: u32,
    /// Options that were set, in order, with their values as text.
    pub sets: Vec<(String, String)>,
    /// Pages that were sent whole.
    pub pages: u32,
    /// Sheets left in the feeder.
    pub sheets_left: usize,
    /// The scanner is open.
    pub open: bool,
    /// Between START and CANCEL: the feeder holds on to its paper.
    pub engaged: bool,
    /// What the other side did that no client may do.
    pub wrong: Vec<String>,
}

impl SanedSnapshot {
    /// The values an option was set to, in order.
    #[must_use]
    pub fn set(&self, name: &str) -> Vec<&str> {
        self.sets.iter().filter(|(option, _)| option == name).map(|(_, value)| value.as_str()).collect()
    }
}
