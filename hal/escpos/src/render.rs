//! A document as the bytes that print and cut it, in pieces that each end where a command ends: a job that is
//! stopped between two pieces leaves the printer ready for the next command.
use crate::codepage::{self, HORIZONTAL, UNBREAKABLE};
use crate::{Align, Block, Document, PrintError, PrinterConfig, PrinterModel, Size, layout, qr};

/// Most bytes of a piece. The status is asked between pieces, so it also bounds what is sent blindly.
pub const PIECE_LIMIT: usize = 512;
/// Dots of a character of font A.
const CHARACTER_DOTS: u16 = 12;
/// Widths of heads that exist: 58 mm paper up to KPM216 at 300 dots an inch.
const WIDTHS: std::ops::RangeInclusive<u16> = 360..=2464;
/// Longest job: about two metres of text. More is a mistake.
const JOB_LIMIT: usize = 128 * 1024;
/// Everything the printer reports by itself but the drawer: on/offline, errors, paper.
const REPORTS: u8 = 0x0E;

/// A rendered document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What is sent, in order; each of at most [`PIECE_LIMIT`] bytes and complete in itself.
    pub pieces: Vec<Vec<u8>>,
}

/// Renders a document, cut included.
///
/// # Errors
/// [`PrintError::Unprintable`] for a character that the code page lacks, a QR code that does not fit, a document
/// without end or a head of impossible width.
pub fn render(config: &PrinterConfig, document: &Document) -> Result<Job, PrintError> {
    if !WIDTHS.contains(&config.width_dots) {
        return Err(PrintError::Unprintable(format!("no head has {} dots", config.width_dots)));
    }
    let mut writer = Writer { pieces: Vec::new(), columns: usize::from(config.width_dots / CHARACTER_DOTS) };
    writer.command(&preamble(config));
    for block in &document.blocks {
        writer.block(config, block)?;
        if writer.pieces.len() * PIECE_LIMIT > JOB_LIMIT {
            return Err(PrintError::Unprintable("the document is too long".to_owned()));
        }
    }
    writer.command(&cut(config));
    Ok(Job { pieces: writer.pieces })
}

/// Known modes before the first text: the code page too, as a job before may have left another. `ESC @` turns the
/// automatic status off, so it is turned on again at once.
pub(crate) fn preamble(config: &PrinterConfig) -> Vec<u8> {
    let mut bytes = vec![0x1B, b'@', 0x1B, b't', config.code_page, 0x1B, b'R', 0];
    if config.model == PrinterModel::Epson {
        bytes.extend_from_slice(&enable_reports());
    }
    bytes
}

/// `GS a`: automatic status back.
pub(crate) fn enable_reports() -> [u8; 3] {
    [0x1D, b'a', REPORTS]
}

/// Feeds to the cutter and cuts; a presenter then holds the ticket out.
pub(crate) fn cut(config: &PrinterConfig) -> Vec<u8> {
    match config.model {
        PrinterModel::Epson => vec![0x1D, b'V', 65, 0],
        // Not `ESC i`: it cuts where the paper stands, and the last 20 mm would come out with the next sheet.
        PrinterModel::Custom => vec![0x1D, b'V', 65, 0, 0x1D, b'e', 3, config.present_steps],
    }
}

struct Writer {
    pieces: Vec<Vec<u8>>,
    columns: usize,
}

impl Writer {
    /// Adds what must not be torn: to the last piece if it fits, else as a new one.
    fn command(&mut self, bytes: &[u8]) {
        match self.pieces.last_mut() {
            Some(piece) if piece.len() + bytes.len() <= PIECE_LIMIT => piece.extend_from_slice(bytes),
            _ => self.pieces.push(bytes.to_vec()),
        }
    }

    fn block(&mut self, config: &PrinterConfig, block: &Block) -> Result<(), PrintError> {
        match block {
            Block::Text { text, bold, size, align } => {
                let (columns, scale) = match size {
                    Size::Normal => (self.columns, 0x00),
                    Size::Tall => (self.columns, 0x01),
                    Size::Double => (self.columns / 2, 0x11),
                };
                self.command(&[
                    0x1B,
                    b'a',
                    alignment(*align),
                    0x1B,
                    b'E',
                    u8::from(*bold),
                    0x1D,
                    b'!',
                    scale,
                ]);
                for line in layout::wrap(&codepage::encode(text)?, columns) {
                    self.line(&line);
                }
                self.command(&[0x1D, b'!', 0, 0x1B, b'E', 0, 0x1B, b'a', 0]);
            }
            Block::Row { label, value, bold } => {
                let (label, value) = (codepage::encode(label)?, codepage::encode(value)?);
                for line in layout::row(&label, &value, self.columns) {
                    let mut bytes = line.label;
                    if *bold && !line.value.is_empty() {
                        bytes.extend_from_slice(&[0x1B, b'E', 1]);
                        bytes.extend_from_slice(&line.value);
                        bytes.extend_from_slice(&[0x1B, b'E', 0]);
                    } else {
                        bytes.extend_from_slice(&line.value);
                    }
                    self.line(&bytes);
                }
            }
            Block::Rule => self.line(&vec![HORIZONTAL; self.columns]),
            Block::Feed(0) => {}
            Block::Feed(lines) => self.command(&[0x1B, b'd', *lines]),
            Block::Qr(text) => {
                for command in qr::commands(text, usize::from(config.width_dots), config.qr_command)? {
                    self.command(&command);
                }
            }
        }
        Ok(())
    }

    fn line(&mut self, bytes: &[u8]) {
        let mut line: Vec<u8> =
            bytes.iter().map(|&byte| if byte == UNBREAKABLE { b' ' } else { byte }).collect();
        line.push(b'\n');
        self.command(&line);
    }
}

fn alignment(align: Align) -> u8 {
    match align {
        Align::Left => 0,
        Align::Centre => 1,
        Align::Right => 2,
    }
}
