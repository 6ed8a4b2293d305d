//! What the tests share: a kiosk on the reference panel, and the elements of its page.
use std::time::Duration;

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use ui::{InputEvent, Key, Kiosk, LANGUAGES, Language, Options, Rotation, View, samples};

pub const WIDTH: u32 = 1080;
pub const HEIGHT: u32 = 1920;
/// Pixels of a millimetre.
pub const MM: f32 = 1080.0 / 398.5;

pub fn options() -> Options {
    Options {
        width_px: WIDTH,
        height_px: HEIGHT,
        width_mm: 398.5,
        rotation: Rotation::R0,
        branding: samples::branding(),
        places: samples::places(),
    }
}

pub fn kiosk() -> Kiosk {
    Kiosk::new(options()).expect("the pages start")
}

pub fn frame() -> Vec<u32> {
    vec![0; (WIDTH * HEIGHT) as usize]
}

/// Every sample in every language.
pub fn every(mut look: impl FnMut(&mut Kiosk, &str, &View)) {
    let mut kiosk = kiosk();
    for language in LANGUAGES {
        for (name, view) in samples::all(language) {
            kiosk.show(view.clone());
            look(&mut kiosk, &format!("{name} in {language:?}"), &view);
        }
    }
}

/// A sample by its name.
pub fn sample(language: Language, name: &str) -> View {
    let mut all = samples::all(language).into_iter();
    all.find(|(known, _)| known == name).map(|(_, view)| view).expect("there is such a sample")
}

#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    pub role: Option<AccessibleRole>,
    pub label: String,
    pub value: String,
    pub text: bool,
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Element {
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    pub fn holds(&self, other: &Self) -> bool {
        let slack = 1.0;
        other.x >= self.x - slack
            && other.y >= self.y - slack
            && other.right() <= self.right() + slack
            && other.bottom() <= self.bottom() + slack
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        let slack = 0.5;
        self.x + slack < other.right()
            && other.x + slack < self.right()
            && self.y + slack < other.bottom()
            && other.y + slack < self.bottom()
    }
}

/// All elements of the page, in the order of the accessible tree.
pub fn elements(kiosk: &Kiosk) -> Vec<Element> {
    ElementQuery::from_root(kiosk.component()).find_all().iter().map(element).collect()
}

fn element(handle: &ElementHandle) -> Element {
    let (position, size) = (handle.absolute_position(), handle.size());
    let plain = |words: slint::SharedString| words.replace('\u{a0}', " ");
    let mut names: Vec<String> = handle.bases().into_iter().flatten().map(|base| base.to_string()).collect();
    names.extend(handle.type_name().map(|name| name.to_string()));
    Element {
        role: handle.accessible_role().filter(|role| *role != AccessibleRole::None),
        label: handle.accessible_label().map(plain).unwrap_or_default(),
        value: handle.accessible_value().map(plain).unwrap_or_default(),
        text: names.iter().any(|name| name == "Text"),
        x: position.x,
        y: position.y,
        width: size.width,
        height: size.height,
    }
}

/// What is spoken: the elements with a role and words.
pub fn spoken(kiosk: &Kiosk) -> Vec<Element> {
    elements(kiosk)
        .into_iter()
        .filter(|element| {
            let known = matches!(
                element.role,
                Some(AccessibleRole::Text | AccessibleRole::Button | AccessibleRole::TextInput)
            );
            known && !element.label.is_empty()
        })
        .collect()
}

/// What can be chosen.
pub fn targets(kiosk: &Kiosk) -> Vec<Element> {
    elements(kiosk).into_iter().filter(|element| element.role == Some(AccessibleRole::Button)).collect()
}

/// A target by its label.
pub fn target(kiosk: &Kiosk, label: &str) -> Element {
    let found = targets(kiosk).into_iter().find(|element| element.label == label);
    found.unwrap_or_else(|| panic!("no target {label:?} among {:?}", labels(&targets(kiosk))))
}

pub fn labels(elements: &[Element]) -> Vec<&str> {
    elements.iter().map(|element| element.label.as_str()).collect()
}

pub fn at(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

pub fn press_key(kiosk: &mut Kiosk, key: Key, milliseconds: u64) {
    kiosk.input(InputEvent::Key(key), at(milliseconds));
}

/// The middle of an element.
pub fn middle(element: &Element) -> (i32, i32) {
    ((element.x + element.width / 2.0) as i32, (element.y + element.height / 2.0) as i32)
}

/// Touches the middle of an element, for a tenth of a second.
pub fn tap(kiosk: &mut Kiosk, element: &Element, milliseconds: u64) {
    let (x, y) = middle(element);
    kiosk.input(InputEvent::Press { x, y }, at(milliseconds));
    kiosk.input(InputEvent::Release { x, y }, at(milliseconds + 100));
}
