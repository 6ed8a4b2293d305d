//! The strip of paper: burning, feeding, and the ways a piece of it comes off
//! (reference 2.2).

use std::time::Duration;

use tokio::time::Instant;

use super::config::DOTS_PER_MM;
use super::engine::{Engine, rows};
use super::paper::{Paper, PaperFate};
use super::typesetter::PrintedLine;

impl Engine {
    pub(super) fn time_for(&self, rows: usize) -> Duration {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        let dots_a_second = u64::from(self.config.speed_mm * DOTS_PER_MM).max(1);
        Duration::from_micros(rows.saturating_mul(1_000_000) / dots_a_second)
    }

    /// The motor turns by one row; false when the paper has ended or crumpled.
    pub(super) fn step(&mut self) -> bool {
        if self.left == 0 || self.jam {
            return false;
        }
        self.left -= 1;
        self.printed_rows += 1;
        if let Some(rows) = &mut self.pending.jam_after_rows {
            *rows = rows.saturating_sub(1);
            if *rows == 0 {
                self.pending.jam_after_rows = None;
                self.jam = true;
            }
        }
        true
    }

    /// Burns a line and feeds; a line begun at the end of the roll is finished on the rest
    /// before the head.
    pub(super) fn print(&mut self, line: &PrintedLine) -> Duration {
        let mut turned = 0;
        for row in &line.rows {
            if !self.step() && self.jam {
                break;
            }
            self.canvas.push_row(row);
            turned += 1;
        }
        if let Some(text) = &line.text {
            self.marks.lines.push((self.canvas.height(), text.clone()));
        }
        self.time_for(turned) + self.feed(line.feed)
    }

    pub(super) fn feed(&mut self, rows: usize) -> Duration {
        let mut turned = 0;
        while turned < rows && self.step() {
            turned += 1;
        }
        self.canvas.feed(turned);
        self.time_for(turned)
    }

    /// Takes the strip, but for `keep` rows still inside, as a piece of paper; its number.
    pub(super) fn finish(&mut self, keep: usize, fate: PaperFate) -> u64 {
        let piece = self.canvas.cut(keep);
        let height = piece.height();
        let split = |marks: &mut Vec<(usize, String)>| {
            let at = marks.partition_point(|(row, _)| *row <= height);
            let inside = marks.split_off(at).into_iter().map(|(row, text)| (row - height, text)).collect();
            std::mem::replace(marks, inside).into_iter().map(|(_, text)| text).collect::<Vec<_>>()
        };
        let lines = split(&mut self.marks.lines);
        let codes = split(&mut self.marks.codes);
        let pictures = self.marks.pictures.iter().filter(|row| **row <= height).count();
        self.marks.pictures.retain(|row| *row > height);
        self.marks.pictures.iter_mut().for_each(|row| *row -= height);
        let torn = fate == PaperFate::Torn;
        self.papers_total += 1;
        self.papers.push(Paper {
            number: self.papers_total,
            png: piece.png(self.config.paper_width),
            text: lines.join("\n").trim_end().to_owned(),
            codes,
            pictures: u32::try_from(pictures).unwrap_or(u32::MAX),
            cut: !torn,
            torn,
            height_mm: u32::try_from(height).unwrap_or(u32::MAX) / DOTS_PER_MM,
            black_dots: piece.black_dots(),
            fate,
        });
        self.papers_total
    }

    /// A person tears off what hangs out. Nothing when the strip is empty.
    pub fn tear(&mut self) {
        // What was led in and never printed on is no piece of paper to anybody.
        if self.is_custom()
            && self.canvas.height() <= self.config.head_to_cutter
            && self.canvas.black_dots() == 0
        {
            drop(self.canvas.cut(0));
        } else if self.canvas.height() > 0 {
            self.finish(0, PaperFate::Torn);
        }
    }

    /// A printer with a presenter leads new paper in up to its cutter.
    pub(super) fn lead_in(&mut self) {
        if self.is_custom() {
            self.canvas.feed(self.config.head_to_cutter);
        }
    }

    /// A new roll: the end of the old one comes out.
    pub fn load_roll(&mut self, mm: u32, now: Instant) {
        self.tear();
        self.lead_in();
        self.left = rows(mm);
        self.near_end_forced = false;
        self.busy_until = self.busy_until.max(now);
    }

    /// A technician takes out the crumpled paper.
    pub fn clear_jam(&mut self, now: Instant) {
        if self.jam {
            self.tear();
            self.lead_in();
            self.jam = false;
            self.busy_until = self.busy_until.max(now);
        }
    }
}
