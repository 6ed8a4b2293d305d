//! Carries a screen over into the compiled pages. Only what differs is set, so that only that is drawn again, and
//! a finger on a button keeps it while the page around it changes.
use std::cell::RefCell;
use std::rc::Rc;

use slint::{ComponentHandle, Global as _, Model, ModelRc, SharedString, VecModel};

use crate::dashes::dashes;
use crate::focus::pair;
use crate::generated::{Action, App, BoardKey, Choice, Content, Kind, Line, Note, Offer, Theme, TypedRow};
use crate::icon::Icon;
use crate::measure::{SIDE_BY_SIDE, width};
use crate::phrase::Phrase;
use crate::preview::fitted;
use crate::screen::{self, Place, Screen, Target};
use crate::script::{line_label, plain};
use crate::view::Picture;

/// The lists of the page, kept so that a change of one row leaves the others alone.
pub(crate) struct Lists {
    lines: Rc<VecModel<Line>>,
    chips: Rc<VecModel<SharedString>>,
    notes: Rc<VecModel<Note>>,
    offers: Rc<VecModel<Offer>>,
    rows: Rc<VecModel<TypedRow>>,
    keys: Rc<VecModel<Action>>,
    board: Rc<VecModel<BoardKey>>,
    choices: Rc<VecModel<Choice>>,
    short: Rc<VecModel<Choice>>,
    tiles: Rc<VecModel<Choice>>,
    actions: Rc<VecModel<Action>>,
    pair: Rc<VecModel<Action>>,
    bar: Rc<VecModel<Action>>,
    /// The sheet that is shown, and whether there is less room for it: made smaller once, not with every key.
    preview: RefCell<Option<(Picture, bool)>>,
}

impl Lists {
    pub fn new(app: &App) -> Self {
        let lists = Self {
            lines: Rc::default(),
            chips: Rc::default(),
            notes: Rc::default(),
            offers: Rc::default(),
            rows: Rc::default(),
            keys: Rc::default(),
            board: Rc::default(),
            choices: Rc::default(),
            short: Rc::default(),
            tiles: Rc::default(),
            actions: Rc::default(),
            pair: Rc::default(),
            bar: Rc::default(),
            preview: RefCell::default(),
        };
        let content = Content::get(app);
        content.set_lines(ModelRc::from(lists.lines.clone()));
        content.set_chips(ModelRc::from(lists.chips.clone()));
        content.set_notes(ModelRc::from(lists.notes.clone()));
        content.set_offers(ModelRc::from(lists.offers.clone()));
        content.set_rows(ModelRc::from(lists.rows.clone()));
        content.set_keys(ModelRc::from(lists.keys.clone()));
        content.set_board(ModelRc::from(lists.board.clone()));
        content.set_choices(ModelRc::from(lists.choices.clone()));
        content.set_short_choices(ModelRc::from(lists.short.clone()));
        content.set_tiles(ModelRc::from(lists.tiles.clone()));
        content.set_actions(ModelRc::from(lists.actions.clone()));
        content.set_pair(ModelRc::from(lists.pair.clone()));
        content.set_bar(ModelRc::from(lists.bar.clone()));
        lists
    }

    pub fn show(&self, app: &App, screen: &Screen) {
        let content = Content::get(app);
        content.set_step(shown(&screen.step));
        content.set_heading(shown(&screen.heading));
        content.set_mark(screen.mark);
        content.set_mark_icon(outline(screen.mark_icon));
        content.set_lead(shown(&screen.lead));
        content.set_problem(screen.problem.as_ref().map(note).unwrap_or_default());
        content.set_figure(screen.figure.as_ref().map(line).unwrap_or_default());
        content.set_progress(screen.progress.unwrap_or(-1.0));
        content.set_chips_title(shown(&screen.chips_title));
        content.set_chips_coins(shown(&screen.chips_coins));
        content.set_chips_off(shown(&screen.chips_off));
        content.set_footnote(shown(&screen.footnote));
        content.set_picture(screen.picture);
        self.show_preview(app, screen);
        sync(
            &self.lines,
            screen.lines.iter().map(|words| Line {
                stacked: screen.stacked || long(words),
                running: screen.stacked,
                ..line(words)
            }),
        );
        sync(&self.chips, screen.chips.iter().map(shown));
        sync(&self.notes, screen.notes.iter().map(note));
        sync(&self.offers, screen.offers.iter().map(offer));
        let mut target = 0;
        if let Some(field) = &screen.field {
            content.set_field(line(&field.line));
            content.set_field_empty(field.empty);
            content.set_field_dots(i32::from(field.dots));
            content.set_field_target(target);
            target += 1;
        } else {
            content.set_field_target(-2);
            content.set_field(Line::default());
            content.set_field_dots(0);
        }
        let mut number = |_: &Target| {
            target += 1;
            target - 1
        };
        let mut keys = Vec::new();
        let mut board = Vec::new();
        for target in &screen.keys {
            let action = action(target, number(target));
            match target.place {
                Some(place) => board.push(key(target, place, action)),
                None => keys.push(action),
            }
        }
        let choices: Vec<Choice> = screen.choices.iter().map(|item| choice(item, number(item))).collect();
        let actions: Vec<Action> = screen.actions.iter().map(|item| action(item, number(item))).collect();
        let bar: Vec<Action> = screen.bar.iter().map(|item| action(item, number(item))).collect();
        let lowest = board.iter().map(|key| key.row).max();
        content.set_board_rows(lowest.map_or(0, |row| row + 1));
        let field = screen.field.as_ref();
        sync(&self.rows, field.into_iter().flat_map(|field| &field.rows).map(row));
        sync(&self.keys, keys);
        sync(&self.board, board);
        let (mut cards, mut short, mut tiles) = (Vec::new(), Vec::new(), Vec::new());
        match screen.kind {
            Kind::Rows | Kind::Attachments => short = choices,
            Kind::Hours | Kind::Certificate => tiles = choices,
            _ => cards = choices,
        }
        sync(&self.choices, cards);
        sync(&self.short, short);
        sync(&self.tiles, tiles);
        let (below, beside) = if pair(screen) { (Vec::new(), actions) } else { (actions, Vec::new()) };
        sync(&self.actions, below);
        sync(&self.pair, beside);
        sync(&self.bar, bar);
        // Last: the page of this kind is made when its words are there.
        content.set_kind(screen.kind);
    }

    /// The scanned sheet, as large as it can be on its page.
    fn show_preview(&self, app: &App, screen: &Screen) {
        let wanted = screen.preview.clone().map(|picture| (picture, screen.problem.is_some()));
        if *self.preview.borrow() == wanted {
            return;
        }
        let theme = app.global::<Theme>();
        // Never negative, and no panel is so large.
        let pixels = |length: f32| length.clamp(1.0, 8192.0) as u32;
        let image = wanted.as_ref().and_then(|(picture, low)| {
            let height = if *low { theme.get_preview_low() } else { theme.get_preview_height() };
            fitted(picture, (pixels(theme.get_preview_width()), pixels(height)))
        });
        let image = image.unwrap_or_default();
        app.global::<Content>().set_preview(image);
        *self.preview.borrow_mut() = wanted;
    }
}

/// Makes a list equal to the rows, touching only those that differ.
fn sync<T: Clone + PartialEq + 'static>(list: &VecModel<T>, rows: impl IntoIterator<Item = T>) {
    let mut count = 0;
    for row in rows {
        match list.row_data(count) {
            Some(old) if old == row => {}
            Some(_) => list.set_row_data(count, row),
            None => list.push(row),
        }
        count += 1;
    }
    while list.row_count() > count {
        list.remove(list.row_count() - 1);
    }
}

fn shown(phrase: &Phrase) -> SharedString {
    SharedString::from(&phrase.shown)
}

fn label(phrase: &Phrase) -> SharedString {
    SharedString::from(plain(&phrase.shown))
}

fn outline(icon: Option<Icon>) -> SharedString {
    icon.map(Icon::outline).unwrap_or_default().into()
}

fn line(line: &screen::Line) -> Line {
    let (key, value, label) = (shown(&line.key), shown(&line.value), label(&line_label(line)));
    Line { key, value, label, ..Line::default() }
}

fn note(note: &screen::Note) -> Note {
    Note {
        tone: note.tone,
        icon: note.icon.outline().into(),
        title: shown(&note.title),
        text: shown(&note.text),
        label: label(&note.title.joined(". ", &note.text)),
    }
}

fn offer(offer: &screen::Offer) -> Offer {
    Offer {
        icon: offer.icon.outline().into(),
        title: shown(&offer.title),
        text: shown(&offer.text),
        label: label(&offer.title.joined(". ", &offer.text)),
        usable: offer.usable,
    }
}

/// Name and value do not fit side by side on a sheet.
fn long(line: &screen::Line) -> bool {
    let signs: Vec<char> = line.key.shown.chars().chain(line.value.shown.chars()).collect();
    width(&signs) > SIDE_BY_SIDE
}

fn row(row: &screen::Row) -> TypedRow {
    TypedRow {
        before: SharedString::from(&row.before),
        gap: row.gap,
        cursor: row.cursor,
        after: SharedString::from(&row.after),
        about: row.about,
    }
}

fn key(target: &Target, place: Place, action: Action) -> BoardKey {
    BoardKey {
        row: place.row.into(),
        at: place.at.into(),
        span: place.span.into(),
        word: target.title.shown.chars().count() > 1,
        bare: target.bare,
        chosen: target.chosen,
        action,
    }
}

fn choice(item: &Target, target: i32) -> Choice {
    Choice {
        target,
        icon: outline(item.icon),
        title: shown(&item.title),
        text: shown(&item.text),
        label: label(&item.label()),
        usable: item.usable,
        chosen: item.chosen,
        off: item.off,
    }
}

fn action(item: &Target, target: i32) -> Action {
    Action {
        target,
        icon: outline(item.icon),
        title: shown(&item.title),
        text: shown(&item.text),
        label: label(&item.label()),
        usable: item.usable,
        primary: item.primary,
        stop: item.stop,
    }
}

/// What the pages ask for: a target was activated, an edge is to be dashed.
pub(crate) fn connect(app: &App, activated: Rc<RefCell<Vec<i32>>>) {
    let content = app.global::<Content>();
    content.on_activate(move |target| activated.borrow_mut().push(target));
    content.on_dashes(dashes);
}
