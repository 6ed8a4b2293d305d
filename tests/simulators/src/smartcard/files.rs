//! The files of a card (ISO 7816-4): a tree, what is chosen in it, and who may read.

use super::apdu::{Answer, Command, sw};
use super::der;

/// Who may read a file (first access byte of its control information).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Free,
    /// Inside the user's channel, or after the PIN on cards without a channel.
    Channel,
    /// After the PIN.
    Pin,
    Never,
}

impl Access {
    fn number(self) -> u8 {
        match self {
            Access::Free => 0,
            Access::Pin => 0x10,
            Access::Channel => 0x40,
            Access::Never => 0xF0,
        }
    }
}

/// Type byte of the control information.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Folder,
    File,
    Key,
    Compressed,
}

#[derive(Clone, Debug)]
pub(super) struct File {
    pub id: u16,
    /// Name of a folder (application).
    pub name: Vec<u8>,
    pub kind: Kind,
    pub content: Vec<u8>,
    pub read: Access,
    /// Without a login it looks empty (reference 6, case 6).
    pub hidden: bool,
    folder: usize,
}

/// The tree; the first file is the MF.
#[derive(Clone, Debug)]
pub(super) struct Files {
    all: Vec<File>,
    folder: usize,
    file: Option<usize>,
    /// Control information of ISO 7816-4 instead of the DNIe's own.
    iso: bool,
}

impl Files {
    pub fn new(name: &[u8]) -> Self {
        let root = File {
            id: 0x3F00,
            name: name.to_vec(),
            kind: Kind::Folder,
            content: Vec::new(),
            read: Access::Free,
            hidden: false,
            folder: 0,
        };
        Self { all: vec![root], folder: 0, file: None, iso: false }
    }

    pub fn use_iso_control_information(&mut self) {
        self.iso = true;
    }

    /// The number of the new folder below `folder`.
    pub fn add_folder(&mut self, folder: usize, id: u16, name: &[u8]) -> usize {
        let number = self.add(folder, id, Vec::new(), Access::Free);
        self.all[number].kind = Kind::Folder;
        self.all[number].name = name.to_vec();
        number
    }

    pub fn add(&mut self, folder: usize, id: u16, content: Vec<u8>, read: Access) -> usize {
        let name = Vec::new();
        self.all.push(File { id, name, kind: Kind::File, content, read, hidden: false, folder });
        self.all.len() - 1
    }

    pub fn get_mut(&mut self, number: usize) -> &mut File {
        &mut self.all[number]
    }

    /// As after power-on: the MF is chosen.
    pub fn reset(&mut self) {
        (self.folder, self.file) = (0, None);
    }

    /// SELECT by name (P1 04), by identifier (P1 00), by path from the MF (P1 08, where `by_path`).
    pub fn select(&mut self, command: &Command, by_path: bool) -> Answer {
        let data = command.data.as_slice();
        let found = match command.p1 {
            _ if !matches!(command.p2, 0 | 4 | 0x0C) => return sw::PARAMETERS_WRONG.into(),
            4 if data.is_empty() => return sw::DATA_WRONG.into(),
            4 => self.all.iter().position(|file| file.kind == Kind::Folder && file.name == data),
            0 => match *data {
                [] => Some(0),
                [high, low] => self.near(u16::from_be_bytes([high, low])),
                _ => return sw::LENGTH_WRONG.into(),
            },
            8 if by_path => match data.as_chunks::<2>() {
                (ids, []) => ids
                    .iter()
                    .map(|id| u16::from_be_bytes(*id))
                    .filter(|id| *id != 0x3F00)
                    .try_fold(0, |folder, id| {
                        self.all
                            .iter()
                            .skip(1)
                            .position(|file| file.folder == folder && file.id == id)
                            .map(|at| at + 1)
                    }),
                _ => return sw::LENGTH_WRONG.into(),
            },
            _ => return sw::PARAMETERS_WRONG.into(),
        };
        let Some(found) = found else { return sw::NOT_FOUND.into() };
        if self.all[found].kind == Kind::Folder {
            (self.folder, self.file) = (found, None);
        } else {
            (self.folder, self.file) = (self.all[found].folder, Some(found));
        }
        if command.p2 == 0x0C { sw::OK.into() } else { Answer::data(self.control_information(found)) }
    }

    /// The MF, the chosen folder itself, or what lies in it.
    fn near(&self, id: u16) -> Option<usize> {
        if id == 0x3F00 {
            return Some(0);
        }
        let in_folder =
            |(number, file): &(usize, &File)| *number != 0 && file.folder == self.folder && file.id == id;
        let itself = (self.all[self.folder].id == id).then_some(self.folder);
        self.all.iter().enumerate().find(in_folder).map(|(number, _)| number).or(itself)
    }

    fn control_information(&self, number: usize) -> Vec<u8> {
        let file = &self.all[number];
        if self.iso {
            return iso_control_information(file);
        }
        let kind = match file.kind {
            Kind::Folder => 0x38,
            Kind::File => 0x01,
            Kind::Key => 0x15,
            Kind::Compressed => 0x24,
        };
        let ([id_high, id_low], [size_high, size_low]) =
            (file.id.to_be_bytes(), (file.content.len() as u16).to_be_bytes());
        let [read, other] = [file.read.number(), Access::Never.number()];
        let property = [kind, id_high, id_low, size_high, size_low, read, other, other, other, other];
        let name = if file.name.is_empty() { Vec::new() } else { der::tlv(0x84, &file.name) };
        der::nest(0x6F, &[name, der::tlv(0x85, &property)])
    }

    /// The chosen file.
    pub fn chosen(&self) -> Result<&File, u16> {
        self.file.map(|number| &self.all[number]).ok_or(sw::NO_FILE_CHOSEN)
    }
}

fn iso_control_information(file: &File) -> Vec<u8> {
    let descriptor = if file.kind == Kind::Folder { 0x38 } else { 0x01 };
    let name = if file.name.is_empty() { Vec::new() } else { der::tlv(0x84, &file.name) };
    let size = der::tlv(0x80, &(file.content.len() as u16).to_be_bytes());
    let id = der::tlv(0x83, &file.id.to_be_bytes());
    // Operational, activated.
    der::nest(0x6F, &[size, der::tlv(0x82, &[descriptor]), id, name, der::tlv(0x8A, &[5])])
}

/// READ BINARY of a content. In the channel (`lenient`) a shorter rest is given as it is; outside, the card wants
/// the exact length.
pub(super) fn read_binary(content: &[u8], command: &Command, lenient: bool) -> Answer {
    if command.p1 & 0x80 != 0 {
        return sw::PARAMETERS_WRONG.into();
    }
    let offset = usize::from(u16::from_be_bytes([command.p1, command.p2]));
    let rest = content.get(offset..).unwrap_or_default();
    let Some(wanted) = command.le else { return sw::LENGTH_WRONG.into() };
    if rest.is_empty() {
        sw::BEYOND_END.into()
    } else if wanted <= rest.len() {
        Answer::data(rest[..wanted].to_vec())
    } else if lenient {
        Answer::data(rest.to_vec())
    } else {
        (sw::REPEAT_WITH + rest.len() as u16).into()
    }
}
