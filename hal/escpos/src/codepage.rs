//! Code page PC858 (number 19 of `ESC t` on Epson and Custom): PC850 with the euro sign at 0xD5. It holds every
//! letter of Spanish and Valencian.
//!
//! Text is brought to NFC first, so that a letter with a combining accent is the same as the letter itself. Marks of
//! typesetting that the page lacks are written with the page's own (curly quotes, dashes, ellipsis, the Catalan
//! `ŀ`); nothing else is replaced, and control characters are never let through: text cannot carry commands.
use unicode_normalization::UnicodeNormalization;

use crate::PrintError;

/// The characters of 0x80 to 0xFF.
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// A space at which no line is broken. Written as a plain space at the end.
pub(crate) const UNBREAKABLE: u8 = 0xFF;
/// The horizontal line `─`.
pub(crate) const HORIZONTAL: u8 = 0xC4;

/// A text as bytes of PC858. Line feeds stay, as `\n`.
///
/// # Errors
/// [`PrintError::Unprintable`] names the first character that the page lacks, by its number: texts may hold names.
pub fn encode(text: &str) -> Result<Vec<u8>, PrintError> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.nfc() {
        match character {
            '\n' | ' '..='~' => bytes.push(ascii(character)),
            '\u{2018}' | '\u{2019}' | '\u{2bc}' => bytes.push(b'\''),
            '\u{201c}' | '\u{201d}' => bytes.push(b'"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => bytes.push(b'-'),
            '\u{2026}' => bytes.extend_from_slice(b"..."),
            '\u{2007}' | '\u{202f}' => bytes.push(UNBREAKABLE),
            '\u{ad}' => {}
            'ŀ' => bytes.extend_from_slice(&[b'l', upper('·').unwrap_or(b'.')]),
            'Ŀ' => bytes.extend_from_slice(&[b'L', upper('·').unwrap_or(b'.')]),
            other => bytes.push(upper(other).ok_or_else(|| {
                PrintError::Unprintable(format!(
                    "the code page of the printer lacks the character U+{:04X}",
                    u32::from(other)
                ))
            })?),
        }
    }
    Ok(bytes)
}

fn ascii(character: char) -> u8 {
    u8::try_from(u32::from(character)).unwrap_or(b'?')
}

fn upper(character: char) -> Option<u8> {
    let place = UPPER.chars().position(|candidate| candidate == character)?;
    u8::try_from(place).ok()?.checked_add(0x80)
}
