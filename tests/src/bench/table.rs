//! The table that is printed: what, how much, and how it was measured.
use std::fmt;

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    what: String,
    value: String,
    how: String,
}

/// Figures under one heading, as Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// Adds a line, and tells it at once to whoever waits.
    pub fn add(&mut self, what: impl Into<String>, value: impl Into<String>, how: impl Into<String>) {
        let row = Row { what: what.into(), value: value.into(), how: how.into() };
        eprintln!("{}: {}", row.what, row.value);
        self.rows.push(row);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| figure | measured | how |")?;
        writeln!(f, "|---|---|---|")?;
        for row in &self.rows {
            writeln!(f, "| {} | {} | {} |", cell(&row.what), cell(&row.value), cell(&row.how))?;
        }
        Ok(())
    }
}

/// A bar would begin another cell, a new line another row.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_cannot_break_the_table() {
        let mut table = Table::default();
        table.add("boot", "26 s", "one | two\nthree");
        let text = table.to_string();
        assert_eq!(text.lines().count(), 3);
        assert!(text.ends_with("| boot | 26 s | one \\| two three |\n"), "{text}");
    }
}
