//! Carries a screen over into the compiled pages. Only what differs is set, so that only that is drawn again, and
//! a finger on a button keeps it while the page around it changes.
use std::rc::Rc;

use slint::{ComponentHandle, Global as _, Model, ModelRc, SharedString, VecModel};

use crate::dashes::dashes;
use crate::generated::{Action, App, Choice, Content, Line, Note, Offer};
use crate::icon::Icon;
use crate::phrase::Phrase;
use crate::screen::{self, Screen, Target};
use crate::script::{line_label, plain};

/// The lists of the page, kept so that a change of one row leaves the others alone.
pub(crate) struct Lists {
    lines: Rc<VecModel<Line>>,
    chips: Rc<VecModel<SharedString>>,
    notes: Rc<VecModel<Note>>,
    offers: Rc<VecModel<Offer>>,
    keys: Rc<VecModel<Action>>,
    choices: Rc<VecModel<Choice>>,
    actions: Rc<VecModel<Action>>,
    bar: Rc<VecModel<Action>>,
}

impl Lists {
    pub fn new(app: &App) -> Self {
        let lists = Self {
            lines: Rc::default(),
            chips: Rc::default(),
            notes: Rc::default(),
            offers: Rc::default(),
            keys: Rc::default(),
            choices: Rc::default(),
            actions: Rc::default(),
            bar: Rc::default(),
        };
        let content = Content::get(app);
        content.set_lines(ModelRc::from(lists.lines.clone()));
        content.set_chips(ModelRc::from(lists.chips.clone()));
        content.set_notes(ModelRc::from(lists.notes.clone()));
        content.set_offers(ModelRc::from(lists.offers.clone()));
        content.set_keys(ModelRc::from(lists.keys.clone()));
        content.set_choices(ModelRc::from(lists.choices.clone()));
        content.set_actions(ModelRc::from(lists.actions.clone()));
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
        sync(&self.lines, screen.lines.iter().map(line));
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
        let keys: Vec<Action> = screen.keys.iter().map(|key| action(key, number(key))).collect();
        let choices: Vec<Choice> = screen.choices.iter().map(|item| choice(item, number(item))).collect();
        let actions: Vec<Action> = screen.actions.iter().map(|item| action(item, number(item))).collect();
        let bar: Vec<Action> = screen.bar.iter().map(|item| action(item, number(item))).collect();
        sync(&self.keys, keys);
        sync(&self.choices, choices);
        sync(&self.actions, actions);
        sync(&self.bar, bar);
        // Last: the page of this kind is made when its words are there.
        content.set_kind(screen.kind);
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
    Line { key: shown(&line.key), value: shown(&line.value), label: label(&line_label(line)) }
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
pub(crate) fn connect(app: &App, activated: Rc<std::cell::RefCell<Vec<i32>>>) {
    let content = app.global::<Content>();
    content.on_activate(move |target| activated.borrow_mut().push(target));
    content.on_dashes(dashes);
}
