//! Documents for a petition: laying sheets on, looking at them, and the documents that are there.
use super::Presenter;
use super::list::even;
use crate::format;
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::local::ENTRIES;
use crate::measure::clipped;
use crate::phrase::{Phrase, Value, printable};
use crate::screen::{ACROSS, Line, Note, Screen, Target};
use crate::speech;
use crate::texts::Text;
use crate::view::{Attachment, Intent, Page, ScanProblem, Unavailable};

/// Widest name of a document on a row of the list, in thousandths of its size of type.
const ROW: u32 = 14_000;
/// Rows within reach above the large buttons, and how many where one of them turns the list.
const ROWS: usize = 5;
/// Space for other documents that is called little: a sheet in colour.
const LITTLE: u32 = 1_000_000;

impl Presenter<'_> {
    pub(super) fn scan_from(
        &self,
        feeder: bool,
        flatbed: bool,
        pages: u16,
        problem: Option<ScanProblem>,
    ) -> Screen {
        let heading = if pages == 0 { Text::ScanFromHeading } else { Text::ScanFromHeadingMore };
        let mut screen = Screen::new(Kind::ScanFrom, self.text(heading)).help(Text::HelpScanFrom);
        let place = self.place(&self.places.scanner, Text::ScanFromPlace);
        screen.lead = place;
        screen.problem = problem.map(|problem| self.scan_problem(problem));
        if pages > 0 {
            let (title, text) = (self.sheets_so_far(pages), self.text(Text::ScanFromKept));
            screen.notes = vec![self.note(Tone::Ok, Icon::FileCheck, title, text)];
        }
        let source = |place, icon, title, text, works: bool| {
            let way = self.answer(place, icon, title, text);
            if works { way } else { way.text(self.reason(Unavailable::DeviceOut)).usable(false) }
        };
        screen.choices = vec![
            source(0, Icon::Files, Text::ScanFromFeeder, Text::ScanFromFeederText, feeder),
            source(1, Icon::Book2, Text::ScanFromGlass, Text::ScanFromGlassText, flatbed),
        ];
        if pages > 0 {
            screen.actions = vec![Target::new(Intent::Confirm, self.text(Text::ScanFromDone)).primary()];
        }
        screen
    }

    fn sheets_so_far(&self, pages: u16) -> Phrase {
        match pages {
            1 => self.text(Text::ScanFromSoFarOne),
            _ => self.fill(Text::ScanFromSoFarMany, &[("pages", Value::Number(pages.into()))]),
        }
    }

    fn scan_problem(&self, problem: ScanProblem) -> Note {
        let (title, text) = match problem {
            ScanProblem::FeederEmpty => (Text::ScanEmptyTitle, Text::ScanEmptyText),
            ScanProblem::Jam => (Text::ScanJamTitle, Text::ScanJamText),
            ScanProblem::DoubleFeed => (Text::ScanDoubleTitle, Text::ScanDoubleText),
            ScanProblem::CoverOpen => (Text::ScanCoverTitle, Text::ScanCoverText),
            ScanProblem::Busy => (Text::ScanBusyTitle, Text::ScanBusyText),
            ScanProblem::WarmingUp => (Text::ScanWarmTitle, Text::ScanBusyText),
            ScanProblem::Failed => (Text::ScanFailedTitle, Text::ScanFailedText),
            ScanProblem::TooLarge => (Text::ScanLargeTitle, Text::ScanLargeText),
            ScanProblem::TooManyPages => (Text::ScanManyTitle, Text::ScanManyText),
        };
        self.note(Tone::Attention, Icon::AlertTriangle, self.text(title), self.text(text))
    }

    pub(super) fn scanned_page(&self, page: &Page) -> Screen {
        let Page::ScannedPage { picture, page, pages, blank, more } = page else {
            return self.out_of_service();
        };
        let mut screen = Screen::new(Kind::Scanned, self.text(Text::ScannedHeading)).help(Text::HelpScanned);
        let values = [("page", Value::Number((*page).into())), ("pages", Value::Number((*pages).into()))];
        screen.lead = self.fill(Text::ScannedPage, &values);
        if *blank {
            let (title, text) = (self.text(Text::ScannedBlankTitle), self.text(Text::ScannedBlankText));
            screen.problem = Some(self.note(Tone::Attention, Icon::AlertTriangle, title, text));
        }
        screen.preview = Some(picture.clone());
        let tool = |intent, name| Target::new(intent, self.text(name));
        let mut row = 0;
        let (half, third) = (ACROSS / 2, ACROSS / 3);
        if *pages > 1 {
            let back = tool(Intent::PageBack, Text::PageBack).usable(*page > 1);
            let on = tool(Intent::PageForward, Text::PageForward).usable(page < pages);
            screen.keys.extend([back.at(row, 0, half), on.at(row, half, half)]);
            row += 1;
        }
        screen.keys.extend([
            tool(Intent::Turn, Text::ScannedTurn).at(row, 0, third),
            tool(Intent::ScanAgain, Text::ScannedAgain).at(row, third, third),
            tool(Intent::RemovePage, Text::ScannedRemove).at(row, 2 * third, third),
        ]);
        if *more {
            screen.keys.push(tool(Intent::AddPage, Text::ScannedAdd).at(row + 1, 0, ACROSS));
        }
        screen.actions = vec![Target::new(Intent::Confirm, self.text(Text::ScannedDone)).primary()];
        screen
    }

    pub(super) fn more_sheets(&self, pages: u16, blanks: u16) -> Screen {
        let mut screen = Screen::new(Kind::Told, self.text(Text::MoreSheetsHeading))
            .mark(Tone::Plain, Icon::Files)
            .help(Text::HelpMoreSheets);
        screen.lead = match pages {
            1 => self.text(Text::MoreSheetsOne),
            _ => self.fill(Text::MoreSheetsMany, &[("pages", Value::Number(pages.into()))]),
        };
        let note = |tone, icon, title, text| self.note(tone, icon, self.text(title), self.text(text));
        screen.notes =
            vec![note(Tone::Plain, Icon::InfoCircle, Text::MoreSheetsCountTitle, Text::MoreSheetsCountText)];
        screen.actions = vec![
            Target::new(Intent::Confirm, self.text(Text::MoreSheetsAll)).primary(),
            Target::new(Intent::AddPage, self.text(Text::MoreSheetsAdd)),
        ];
        // Both sides were read: what has nothing on it is most often the back of a sheet.
        if blanks > 0 && blanks < pages {
            let count = [("blanks", Value::Number(blanks.into()))];
            screen.notes = vec![self.note(
                Tone::Attention,
                Icon::InfoCircle,
                self.text(Text::MoreSheetsBlankTitle),
                self.fill(Text::MoreSheetsBlankText, &count),
            )];
            screen.actions.push(Target::new(Intent::RemoveBlank, self.text(Text::MoreSheetsBlankRemove)));
        }
        screen
    }

    pub(super) fn attachments(&self, items: &[Attachment], most: u8, bytes_left: u32) -> Screen {
        let mut screen =
            Screen::new(Kind::Attachments, self.text(Text::AttachmentsHeading)).help(Text::HelpAttachments);
        let room = usize::from(most).saturating_sub(items.len());
        let room = if bytes_left == 0 { 0 } else { room };
        screen.lead = match (items.is_empty(), room) {
            (true, _) => self.fill(Text::AttachmentsNone, &[("most", Value::Number(most.into()))]),
            (false, 0) => self.text(Text::AttachmentsFull),
            (false, 1) => self.text(Text::AttachmentsOneMore),
            (false, _) => {
                let count = Value::Number(u32::try_from(room).unwrap_or(u32::MAX));
                self.fill(Text::AttachmentsMore, &[("count", count)])
            }
        };
        if room > 0 && bytes_left < LITTLE {
            let values = [("size", Value::Phrase(&self.size(bytes_left)))];
            let (title, text) =
                (self.text(Text::AttachmentsLittleTitle), self.fill(Text::AttachmentsLittleText, &values));
            screen.notes = vec![self.note(Tone::Attention, Icon::AlertTriangle, title, text)];
        }
        let cards: Vec<Target> = (0..ENTRIES)
            .zip(items)
            .map(|(place, item)| {
                let name = self.value(Value::Words(&clipped(&printable(&item.name), ROW, 1)));
                Target::new(Intent::Choose(place), name)
                    .icon(Icon::Files)
                    .text(self.sheets(item.pages))
                    .private()
            })
            .collect();
        let count = cards.len();
        self.part(&mut screen, cards, &even(count, ROWS, ROWS - 1), (Text::ListMore, Text::ListFirst));
        let add = Target::new(Intent::AddAttachment, self.text(Text::AttachmentsAdd));
        let add = if room > 0 { add } else { add.text(self.text(Text::AttachmentsNoRoom)).usable(false) };
        let go_on = if items.is_empty() { Text::AttachmentsWithout } else { Text::TypeConfirm };
        screen.actions = vec![add, Target::new(Intent::Confirm, self.text(go_on)).primary()];
        screen
    }

    pub(super) fn attachment(&self, name: &str, pages: u16, bytes: u32, parts: u8) -> Screen {
        let mut screen =
            Screen::new(Kind::Facts, self.text(Text::AttachmentHeading)).help(Text::HelpAttachment);
        screen.lines = vec![
            self.fact(Text::WriteAttachmentName, name, 2),
            Line { key: self.text(Text::AttachmentSheets), value: self.sheets(pages) },
            Line { key: self.text(Text::AttachmentSize), value: self.size(bytes) },
        ];
        let split = parts > 1;
        if split {
            let values = [("parts", Value::Number(parts.into()))];
            let (title, text) =
                (self.text(Text::AttachmentPartsTitle), self.fill(Text::AttachmentPartsText, &values));
            screen.notes = vec![self.note(Tone::Attention, Icon::AlertTriangle, title, text)];
        }
        let third = ACROSS / 3;
        let tool = |intent, name, at| Target::new(intent, self.text(name)).at(0, at, third);
        screen.keys = vec![
            tool(Intent::Rename, Text::AttachmentRename, 0),
            tool(Intent::ScanAgain, Text::ScannedAgain, third),
            tool(Intent::RemoveAttachment, Text::ScannedRemove, 2 * third),
        ];
        let confirm = if split { Text::AttachmentPartsConfirm } else { Text::AttachmentConfirm };
        screen.actions = vec![Target::new(Intent::Confirm, self.text(confirm)).primary()];
        screen
    }

    /// A size of files, in megabytes with one decimal.
    fn size(&self, bytes: u32) -> Phrase {
        let shown = format::megabytes(self.language, bytes);
        Phrase { spoken: speech::spoken_megabytes(self.language, bytes), shown }
    }
}
