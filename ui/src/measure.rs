//! How wide words are, and where a text is broken into rows.
//!
//! The renderer breaks texts by itself, but does not tell where. A text that is being written is broken here, so that
//! the cursor has its place in a row; a long one, so that it is turned like the pages of a book.
use std::ops::Range;

include!(concat!(env!("OUT_DIR"), "/advances.rs"));

/// Advance of a sign that the font does not have.
const UNKNOWN: u16 = 700;

/// Width of a sheet within its padding, in thousandths of the size of its type; its bolder cut is a little wider than
/// the one that is measured.
pub(crate) const SHEET: u32 = 21_900;
/// Width of a notice beside its icon, in the same.
pub(crate) const NOTICE: u32 = 22_000;
/// Widest name and value that stand side by side on a sheet.
pub(crate) const SIDE_BY_SIDE: u32 = SHEET - 1_500;

/// How far a sign moves the pen, in thousandths of the size of type, in the cut of running text.
pub(crate) fn advance(sign: char) -> u32 {
    let place = ADVANCES.binary_search_by_key(&sign, |(known, _)| *known).ok();
    place.and_then(|place| ADVANCES.get(place)).map_or(UNKNOWN, |(_, advance)| *advance).into()
}

/// Width of words on one row, in thousandths of the size of type.
pub(crate) fn width(signs: &[char]) -> u32 {
    signs.iter().map(|sign| advance(*sign)).fold(0, u32::saturating_add)
}

/// Where a text is broken into rows of at most this width (in thousandths of the size of type): between words, within
/// one that is longer than a row, and at each end of a line. Spaces before a break hang over the edge. Each sign but
/// the ends of lines is in one row; an empty text has one row.
pub(crate) fn rows(signs: &[char], most: u32) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let (mut start, mut used) = (0, 0_u32);
    // Behind the last space of this row, and the width up to there.
    let mut space: Option<(usize, u32)> = None;
    for (place, sign) in signs.iter().enumerate() {
        if *sign == '\n' {
            rows.push(start..place);
            (start, used, space) = (place + 1, 0, None);
            continue;
        }
        let step = advance(*sign);
        // Twice at most: what is left of the word may be too wide with this sign.
        while used.saturating_add(step) > most && *sign != ' ' && place > start {
            let (at, before) = space.take().unwrap_or((place, used));
            rows.push(start..at);
            (start, used) = (at, used.saturating_sub(before));
        }
        used = used.saturating_add(step);
        if *sign == ' ' {
            space = Some((place + 1, used));
        }
    }
    rows.push(start..signs.len());
    rows
}

/// Words that take at most so many rows of this width; what does not fit is left out, and said to be.
pub(crate) fn clipped(words: &str, most: u32, count: usize) -> String {
    let signs: Vec<char> = words.chars().collect();
    let broken = rows(&signs, most);
    if broken.len() <= count {
        return words.to_owned();
    }
    // The last row makes room for the sign that tells it: by a word, by letters where there is but one.
    let last = broken.get(count.saturating_sub(1)).map_or(0..0, Range::clone);
    let fits = |end: &usize| {
        let row = signs.get(last.start..*end).unwrap_or_default();
        width(row).saturating_add(advance('…')) <= most
    };
    let ends = || (last.start + 1..=last.end).rev().filter(fits);
    let is_space = |at: usize| signs.get(at).is_some_and(|sign| sign.is_whitespace());
    let word = ends().find(|end| is_space(*end) && !is_space(end - 1));
    let end = word.or_else(|| ends().next()).unwrap_or(last.start);
    let kept: String = signs.iter().take(end).collect();
    format!("{}…", kept.trim_end())
}

/// The row in which a cursor behind so many signs stands.
pub(crate) fn row_of(rows: &[Range<usize>], cursor: usize) -> usize {
    rows.iter().rposition(|row| row.start <= cursor).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn broken(text: &str, most: u32) -> Vec<String> {
        let signs: Vec<char> = text.chars().collect();
        rows(&signs, most).into_iter().map(|row| signs[row].iter().collect()).collect()
    }

    #[test]
    fn rows_break_between_words_and_at_ends_of_lines() {
        assert_eq!(broken("", 5000), [""]);
        assert_eq!(broken("uno dos tres", 4000), ["uno dos ", "tres"]);
        assert_eq!(broken("uno\n\ndos\n", 9000), ["uno", "", "dos", ""]);
        assert_eq!(broken("uno   ", 1700), ["uno   "], "spaces hang over the edge");
        assert_eq!(broken("WWWWWWWWWW", 3000).concat(), "WWWWWWWWWW");
        assert!(broken("WWWWWWWWWW", 3000).len() > 2, "a word that is longer than a row is parted");
    }

    #[test]
    fn a_cursor_at_a_break_is_in_the_next_row_and_at_the_end_of_a_line_on_it() {
        let signs: Vec<char> = "uno dos tres\nfin".chars().collect();
        let rows = rows(&signs, 4000);
        let at: Vec<usize> = [0, 7, 8, 12, 13, 16].iter().map(|cursor| row_of(&rows, *cursor)).collect();
        assert_eq!(at, [0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn what_takes_too_many_rows_is_left_out_and_said_to_be() {
        assert_eq!(clipped("uno dos tres", 5000, 1), "uno dos…");
        assert_eq!(clipped("uno dos tres", 4000, 1), "uno…", "a word goes as a whole");
        assert_eq!(clipped("uno dos", 4000, 1), "uno dos");
        assert_eq!(clipped(&"W".repeat(40), 4000, 1), "WWW…");
        for words in ["W".repeat(500), "uno ".repeat(200), "a\nb\nc\nd".to_owned(), String::new()] {
            for count in 1..5 {
                let short: Vec<char> = clipped(&words, 6000, count).chars().collect();
                assert!(rows(&short, 6000).len() <= count, "{short:?}");
            }
        }
    }

    #[test]
    fn wide_signs_are_wider_than_narrow_ones() {
        assert!(advance('W') > advance('n') && advance('n') > advance('i'));
        assert_eq!(advance('\u{1f600}'), u32::from(UNKNOWN));
    }

    proptest! {
        #[test]
        fn every_sign_is_in_one_row_and_no_row_is_too_wide(text in "[a-zA-Zñç .,\n]{0,300}", most in 0_u32..20_000) {
            let signs: Vec<char> = text.chars().collect();
            let rows = rows(&signs, most);
            let mut next = 0;
            for row in &rows {
                let ended = next > 0 && row.start == next + 1 && signs[next] == '\n';
                prop_assert!(row.start == next || ended || row.start == 1 && signs[0] == '\n');
                next = row.end;
                let seen = signs[row.clone()].iter().collect::<String>();
                let seen: Vec<char> = seen.trim_end_matches(' ').chars().collect();
                prop_assert!(width(&seen) <= most || seen.len() <= 1);
            }
            prop_assert_eq!(next, signs.len());
            let kept: usize = rows.iter().map(|row| row.len()).sum();
            prop_assert_eq!(kept, signs.iter().filter(|sign| **sign != '\n').count());
            for cursor in 0..=signs.len() {
                let row = &rows[row_of(&rows, cursor)];
                prop_assert!(row.start <= cursor && cursor <= row.end);
            }
        }
    }
}
