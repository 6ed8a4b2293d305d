//! A page as the presenters make it: words in slots, and what can be chosen. The screen is drawn from it and the
//! speech is read from it, so that both say the same.
use crate::generated::{Kind, Picture, Tone};
use crate::icon::Icon;
use crate::phrase::Phrase;
use crate::texts::Text;
use crate::view::{self, Intent};

/// A name and its value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    pub key: Phrase,
    pub value: Phrase,
}

/// A notice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Note {
    pub tone: Tone,
    pub icon: Icon,
    pub title: Phrase,
    pub text: Phrase,
    /// Holds personal data: not for the loudspeaker.
    pub private: bool,
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    pub intent: Intent,
    pub icon: Option<Icon>,
    pub title: Phrase,
    pub text: Phrase,
    pub usable: bool,
    pub chosen: bool,
    pub primary: bool,
    pub stop: bool,
    /// Cannot be had now, and is chosen only to hear why.
    pub off: bool,
    /// Says something of the citizen: not for the loudspeaker.
    pub private: bool,
    /// Drawn by its icon alone; its words are for the ear. Only the arrows of a keyboard, which stand for themselves.
    pub bare: bool,
    /// Where it lies, if it is a key of a keyboard.
    pub place: Option<Place>,
}

/// Where a key lies: its row, and where across it begins and how much of it it takes, of [`ACROSS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub row: u8,
    pub at: u8,
    pub span: u8,
}

/// Parts of a row of keys.
pub(crate) const ACROSS: u8 = 240;

impl Target {
    pub fn new(intent: Intent, title: Phrase) -> Self {
        Self {
            intent,
            icon: None,
            title,
            text: Phrase::default(),
            usable: true,
            chosen: false,
            primary: false,
            stop: false,
            off: false,
            private: false,
            bare: false,
            place: None,
        }
    }

    pub fn primary(mut self) -> Self {
        self.primary = true;
        self
    }

    pub fn stop(mut self) -> Self {
        self.stop = true;
        self
    }

    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    pub fn text(mut self, text: Phrase) -> Self {
        self.text = text;
        self
    }

    pub fn usable(mut self, usable: bool) -> Self {
        self.usable = usable;
        self.primary &= usable;
        self
    }

    pub fn off(mut self, off: bool) -> Self {
        self.off = off;
        self
    }

    pub fn private(mut self) -> Self {
        self.private = true;
        self
    }

    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }

    pub fn at(mut self, row: u8, at: u8, span: u8) -> Self {
        self.place = Some(Place { row, at, span });
        self
    }

    /// Words that are heard, with an icon that is seen.
    pub fn bare(mut self, icon: Icon) -> Self {
        (self.icon, self.bare) = (Some(icon), true);
        self
    }

    pub fn label(&self) -> Phrase {
        self.title.joined(". ", &self.text)
    }
}

/// What is offered at this kiosk, on the attract page: said, not to be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Offer {
    pub icon: Icon,
    pub title: Phrase,
    pub text: Phrase,
    pub usable: bool,
}

/// The number or the secret that is being typed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub line: Line,
    pub empty: bool,
    /// Signs of a secret: of it only their number is known.
    pub dots: u8,
    /// What choosing the field does: goes on if it is complete, or begins a line.
    pub enter: Option<Intent>,
    /// What is seen of a text, row by row.
    pub rows: Vec<Row>,
}

/// A row of a text that is being written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    /// Up to the cursor if it is in this row, else all of it; without spaces at its end.
    pub before: String,
    /// Width of those spaces, in sizes of type.
    pub gap: f32,
    /// The cursor stands here.
    pub cursor: bool,
    pub after: String,
    /// Not of the text, but about it.
    pub about: bool,
}

/// A page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Screen {
    pub kind: Kind,
    /// What the help page says of it.
    pub help: Text,
    pub step: Phrase,
    pub heading: Phrase,
    pub mark: Tone,
    pub mark_icon: Option<Icon>,
    pub lead: Phrase,
    pub problem: Option<Note>,
    pub figure: Option<Line>,
    pub lines: Vec<Line>,
    /// Each value below its name, however short.
    pub stacked: bool,
    /// How much is done, 0 to 1.
    pub progress: Option<f32>,
    pub chips_title: Phrase,
    pub chips: Vec<Phrase>,
    /// The coins, where only some are taken: on a line of their own.
    pub chips_coins: Phrase,
    pub chips_off: Phrase,
    pub notes: Vec<Note>,
    pub footnote: Phrase,
    pub picture: Picture,
    /// A scanned sheet.
    pub preview: Option<view::Picture>,
    pub offers: Vec<Offer>,
    pub field: Option<Field>,
    pub keys: Vec<Target>,
    pub choices: Vec<Target>,
    pub actions: Vec<Target>,
    pub bar: Vec<Target>,
}

impl Screen {
    pub fn new(kind: Kind, heading: Phrase) -> Self {
        Self {
            kind,
            help: Text::HelpGeneral,
            step: Phrase::default(),
            heading,
            mark: Tone::Plain,
            mark_icon: None,
            lead: Phrase::default(),
            problem: None,
            figure: None,
            lines: Vec::new(),
            stacked: false,
            progress: None,
            chips_title: Phrase::default(),
            chips: Vec::new(),
            chips_coins: Phrase::default(),
            chips_off: Phrase::default(),
            notes: Vec::new(),
            footnote: Phrase::default(),
            picture: Picture::None,
            preview: None,
            offers: Vec::new(),
            field: None,
            keys: Vec::new(),
            choices: Vec::new(),
            actions: Vec::new(),
            bar: Vec::new(),
        }
    }

    pub fn help(mut self, help: Text) -> Self {
        self.help = help;
        self
    }

    pub fn mark(mut self, tone: Tone, icon: Icon) -> Self {
        self.mark = tone;
        self.mark_icon = Some(icon);
        self
    }

    /// What each target does, in the order of the focus: field, keys, choices, actions, bar. `None`: nothing now.
    pub fn intents(&self) -> Vec<Option<Intent>> {
        let field = self.field.iter().map(|field| field.enter);
        let rest = [&self.keys, &self.choices, &self.actions, &self.bar];
        field.chain(rest.into_iter().flatten().map(|target| target.usable.then_some(target.intent))).collect()
    }

    /// What each target stands for, whether it works now or not: by it the focus finds its place again.
    pub fn names(&self) -> Vec<Intent> {
        let field = self.field.iter().map(|_| Intent::Confirm);
        let rest = [&self.keys, &self.choices, &self.actions, &self.bar];
        field.chain(rest.into_iter().flatten().map(|target| target.intent)).collect()
    }
}
