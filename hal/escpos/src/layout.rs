//! Lines: paragraphs broken at words, and rows of a label and a value.

/// Breaks one paragraph of code page bytes into lines of at most `columns`, at spaces; a word that is longer than a
/// line is cut. Empty text is one empty line.
pub(crate) fn wrap(text: &[u8], columns: usize) -> Vec<Vec<u8>> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split(|&byte| byte == b'\n') {
        let mut line: Vec<u8> = Vec::new();
        for word in paragraph.split(|&byte| byte == b' ').filter(|word| !word.is_empty()) {
            let space = usize::from(!line.is_empty());
            if line.len() + space + word.len() <= columns {
                line.extend(std::iter::repeat_n(b' ', space));
                line.extend_from_slice(word);
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            let mut rest = word;
            while let Some((head, tail)) = rest.split_at_checked(columns).filter(|(_, tail)| !tail.is_empty())
            {
                lines.push(head.to_vec());
                rest = tail;
            }
            line = rest.to_vec();
        }
        lines.push(line);
    }
    lines
}

/// A line of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowLine {
    /// At the left, with the spaces that follow it.
    pub label: Vec<u8>,
    /// At the right.
    pub value: Vec<u8>,
}

/// A label at the left and a value at the right: on one line when both fit with a space between, else the label
/// first and the value below it, at the right.
pub(crate) fn row(label: &[u8], value: &[u8], columns: usize) -> Vec<RowLine> {
    let columns = columns.max(1);
    let one_line = !label.contains(&b'\n') && !value.contains(&b'\n');
    if one_line && label.len() + 1 + value.len() <= columns {
        return vec![padded(label, value, columns)];
    }
    let labels = wrap(label, columns).into_iter().map(|label| RowLine { label, value: Vec::new() });
    let values = wrap(value, columns).into_iter().map(|value| padded(&[], &value, columns));
    labels.chain(values).collect()
}

fn padded(label: &[u8], value: &[u8], columns: usize) -> RowLine {
    let spaces = columns.saturating_sub(label.len() + value.len());
    let mut label = label.to_vec();
    label.extend(std::iter::repeat_n(b' ', spaces));
    RowLine { label, value: value.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, columns: usize) -> Vec<String> {
        wrap(text.as_bytes(), columns).into_iter().map(|line| String::from_utf8(line).unwrap()).collect()
    }

    #[test]
    fn lines_are_broken_at_words() {
        assert_eq!(lines("Tasa de basura 2026", 10), ["Tasa de", "basura", "2026"]);
        assert_eq!(lines("diez letra", 10), ["diez letra"]);
        assert_eq!(lines("", 10), [""]);
        assert_eq!(lines("a\n\nb", 10), ["a", "", "b"]);
    }

    #[test]
    fn a_word_longer_than_the_line_is_cut() {
        assert_eq!(lines("de CSV-ABCDEFGHIJ fin", 8), ["de", "CSV-ABCD", "EFGHIJ", "fin"]);
        assert_eq!(lines("ABCDEFGH", 8), ["ABCDEFGH"], "one that just fits is not");
    }

    #[test]
    fn an_unbreakable_space_keeps_its_words_together() {
        assert_eq!(wrap(b"son 12,34\xFF\xD5", 8), [b"son".to_vec(), b"12,34\xFF\xD5".to_vec()]);
    }

    #[test]
    fn a_row_fills_the_line() {
        assert_eq!(
            row(b"Total", b"12,34", 12),
            [RowLine { label: b"Total  ".to_vec(), value: b"12,34".to_vec() }]
        );
    }

    #[test]
    fn a_row_that_does_not_fit_takes_two_lines() {
        assert_eq!(
            row(b"Importe total", b"12,34", 16),
            [
                RowLine { label: b"Importe total".to_vec(), value: Vec::new() },
                RowLine { label: b"           ".to_vec(), value: b"12,34".to_vec() },
            ]
        );
    }
}
