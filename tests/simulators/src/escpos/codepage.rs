//! Code pages: what `ESC t n` selects (reference 2.3; the numbers are Epson's).

/// A selectable table for the bytes 0x80..=0xFF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodePage {
    /// The page at start.
    #[default]
    Pc437,
    Pc850,
    Pc858,
    Windows1252,
    Latin9,
}

impl CodePage {
    /// `None` for a page this printer has not got.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Pc437),
            2 => Some(Self::Pc850),
            16 => Some(Self::Windows1252),
            19 => Some(Self::Pc858),
            40 => Some(Self::Latin9),
            _ => None,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pc437 => "PC437",
            Self::Pc850 => "PC850",
            Self::Pc858 => "PC858",
            Self::Windows1252 => "WPC1252",
            Self::Latin9 => "ISO8859-15",
        }
    }

    /// The character a byte prints as; U+FFFD where the page has a hole.
    #[must_use]
    pub fn decode(self, byte: u8) -> char {
        let Some(index) = byte.checked_sub(0x80) else { return char::from(byte) };
        let table = match self {
            Self::Pc437 => PC437,
            Self::Pc850 => PC850,
            Self::Pc858 if byte == 0xD5 => return '€',
            Self::Pc858 => PC850,
            Self::Windows1252 => WINDOWS_1252,
            Self::Latin9 => LATIN_9,
        };
        table.chars().nth(usize::from(index)).unwrap_or('\u{fffd}')
    }
}

const PC437: &str = concat!(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ",
    "áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐",
    "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀",
    "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
);

const PC850: &str = concat!(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ",
    "áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
    "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀",
    "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
);

const WINDOWS_1252: &str = concat!(
    "€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ",
    "\u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿",
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß",
    "àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
);

const LATIN_9: &str = concat!(
    "\u{80}\u{81}\u{82}\u{83}\u{84}\u{85}\u{86}\u{87}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{8d}\u{8e}\u{8f}\u{90}\u{91}\u{92}\u{93}\u{94}\u{95}\u{96}\u{97}\u{98}\u{99}\u{9a}\u{9b}\u{9c}\u{9d}\u{9e}\u{9f}",
    "\u{a0}¡¢£€¥Š§š©ª«¬\u{ad}®¯°±²³Žµ¶·ž¹º»ŒœŸ¿",
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß",
    "àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_euro_sits_where_the_document_says() {
        assert_eq!(CodePage::Pc858.decode(0xD5), '€');
        assert_eq!(CodePage::Windows1252.decode(0x80), '€');
        assert_eq!(CodePage::Latin9.decode(0xA4), '€');
        assert_eq!(CodePage::Pc437.decode(0xD5), '╒');
        assert_eq!(CodePage::Pc858.decode(0xFA), '·');
        assert_eq!(CodePage::Pc858.decode(0xA4), 'ñ');
    }

    #[test]
    fn every_page_has_128_entries() {
        for table in [PC437, PC850, WINDOWS_1252, LATIN_9] {
            assert_eq!(table.chars().count(), 128);
        }
    }
}
