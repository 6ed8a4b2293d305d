//! Any citizen: sees the pages as they are painted, touches what they offer, and has a purse. A seed says what he
//! does; the same seed does the same.
//!
//! He knows no engine and no device: a page is its pixels and its labelled elements, money goes into slots.
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use i_slint_backend_testing::ElementHandle;
use tokio::time::{Instant, sleep};
use ui::{InputEvent, Key, Language, Options, Rotation, Text, View};

use super::{Kiosk, Mishap, World};
use crate::model::buttons;

/// The panel: upright as the cabinet's, with fewer pixels.
const PANEL: (u32, u32, f32) = (540, 960, 398.5);

/// Notes of a purse, in cents; one that no kiosk takes among them.
const NOTES: [u32; 6] = [500, 1000, 2000, 5000, 10_000, 20_000];

/// Coins of a purse, in cents.
const COINS: [u32; 8] = [1, 2, 5, 10, 20, 50, 100, 200];

/// What he did and saw, line by line; shared, so that it outlives a panic.
pub type Story = Arc<Mutex<Vec<String>>>;

/// A citizen before a kiosk.
pub struct Citizen {
    dice: Rng,
    /// How many of a hundred steps are a mishap.
    misfortune: u32,
    /// How many of a hundred times he does what leads on to paying.
    earnest: u32,
    pages: ui::Kiosk,
    frame: Vec<u32>,
    /// Of the pixels.
    picture: u64,
    start: Instant,
    story: Story,
}

impl Citizen {
    /// Comes with a seed; two of three bring misfortune, and most want to pay something.
    pub fn new(seed: u64, world: &World, story: Story) -> Citizen {
        let mut dice = Rng::with_seed(seed);
        let (width_px, height_px, width_mm) = PANEL;
        let (branding, places) = (world.settings.branding.clone(), world.board.places.clone());
        let pages = ui::Kiosk::new(Options {
            width_px,
            height_px,
            width_mm,
            rotation: Rotation::R0,
            branding,
            places,
        })
        .expect("the pages");
        let frame = vec![0; (width_px * height_px) as usize];
        let misfortune = if dice.u32(0..3) > 0 { dice.u32(2..15) } else { 0 };
        let earnest = dice.u32(0..100);
        Citizen { dice, misfortune, earnest, pages, frame, picture: 0, start: Instant::now(), story }
    }

    /// Plays with the kiosk for a while and walks away. The kiosk may be another process afterwards.
    pub async fn visit(&mut self, world: &World, mut kiosk: Kiosk) -> Kiosk {
        for _ in 0..self.dice.u32(20..70) {
            self.look(&mut kiosk);
            if self.dice.u32(0..100) < self.misfortune {
                let mishap = Mishap::any(&mut self.dice);
                self.tell(&format!("{mishap:?}"));
                kiosk = mishap.strike(world, kiosk).await;
            }
            self.act(world);
            for intent in self.pages.intents() {
                kiosk.wish(intent).await;
            }
            let distracted = self.dice.u32(0..100) < 4;
            let pause = if distracted { self.dice.u64(5_000..120_000) } else { self.dice.u64(50..2_500) };
            sleep(Duration::from_millis(pause)).await;
        }
        kiosk
    }

    /// Looks at the page as it is now, and tells what is seen.
    pub fn look(&mut self, kiosk: &mut Kiosk) {
        let view: View = kiosk.views.borrow_and_update().clone();
        let seen = format!("{view:?}");
        self.pages.show(view);
        if !self.pages.paint(&mut self.frame).is_empty() {
            let mut hasher = DefaultHasher::new();
            self.frame.hash(&mut hasher);
            self.picture = hasher.finish();
        }
        self.tell(&format!("sees {:016x} {seen}", self.picture));
    }

    /// A line of the story.
    pub fn tell(&self, what: &str) {
        let at = self.start.elapsed().as_millis();
        self.story.lock().expect("no panic under the lock").push(format!("{at:>8} ms {what}"));
    }

    fn heading(&self) -> String {
        let entries = self.pages.script().entries;
        entries.into_iter().find(|entry| entry.role == ui::Role::Heading).map_or(String::new(), |of| of.label)
    }

    fn act(&mut self, world: &World) {
        let language = self.pages.script().language;
        let heading = self.heading();
        let reads = |id| heading == ui::text(language, id);
        let (pays, scans) = (reads(Text::CashHeading), reads(Text::ScanHeading));
        if pays && self.dice.u32(0..100) < 70 {
            return self.pay(world);
        }
        if scans && self.dice.u32(0..100) < 45 {
            return self.scan(world);
        }
        if self.dice.u32(0..100) < self.earnest && self.touch_what_leads_on(language) {
            return;
        }
        match self.dice.u32(0..100) {
            0..55 => self.touch_something(),
            55..62 => self.touch_anywhere(),
            62..72 => self.press_a_key(),
            72..80 => self.scan(world),
            80..84 => self.pay(world),
            84..88 => {
                self.tell("empties the tray");
                drop(world.cash.take_tray());
                world.printer.tear();
            }
            _ => self.tell("hesitates"),
        }
    }

    /// The button of this page that brings a payment further, if there is one.
    fn touch_what_leads_on(&mut self, language: Language) -> bool {
        let ways = [Text::ServicePaymentTitle, Text::BillCash, Text::TermsAccept];
        let ways = ways.map(|id| ui::text(language, id).replace('\u{a0}', " "));
        let leads = |button: &ElementHandle| {
            let label = button.accessible_label().unwrap_or_default().replace('\u{a0}', " ");
            ways.iter().any(|way| label.starts_with(way))
        };
        let button = buttons(&self.pages).into_iter().find(leads);
        if let Some(button) = &button {
            self.touch_button(button);
        }
        button.is_some()
    }

    /// One of the labelled buttons, usable or not.
    fn touch_something(&mut self) {
        let buttons = buttons(&self.pages);
        if buttons.is_empty() {
            return self.touch_anywhere();
        }
        let button = self.dice.usize(0..buttons.len());
        self.touch_button(&buttons[button]);
    }

    fn touch_button(&mut self, button: &ElementHandle) {
        let (place, size) = (button.absolute_position(), button.size());
        // A finger is not exact.
        let within = |dice: &mut Rng| 0.1 + 0.8 * dice.f32();
        let x = place.x + size.width * within(&mut self.dice);
        let y = place.y + size.height * within(&mut self.dice);
        self.tell(&format!("touches {:?}", button.accessible_label().unwrap_or_default()));
        self.touch(x as i32, y as i32);
    }

    fn touch_anywhere(&mut self) {
        let (width, height, _) = PANEL;
        let (x, y) = (self.dice.u32(0..width), self.dice.u32(0..height));
        self.tell(&format!("touches {x},{y}"));
        self.touch(x as i32, y as i32);
    }

    fn touch(&mut self, x: i32, y: i32) {
        let now = self.start.elapsed();
        self.pages.input(InputEvent::Press { x, y }, now);
        self.pages.input(InputEvent::Release { x, y }, now + Duration::from_millis(40));
    }

    fn press_a_key(&mut self) {
        let keys = [
            Key::Up,
            Key::Down,
            Key::Left,
            Key::Right,
            Key::Select,
            Key::Select,
            Key::Back,
            Key::Help,
            Key::Language,
            Key::Cancel,
            Key::Clear,
            Key::Digit(self.dice.u8(0..10)),
        ];
        let key = keys[self.dice.usize(0..keys.len())];
        self.tell(&format!("presses {key:?}"));
        self.pages.input(InputEvent::Key(key), self.start.elapsed());
    }

    /// A bill of the shelf, or a barcode of something else.
    fn scan(&mut self, world: &World) {
        let shelf = world.sede.shelf();
        let code = match self.dice.u32(0..10) {
            0 => "8410055050018".to_owned(),
            1 => (0..self.dice.usize(1..60)).map(|_| self.dice.digit(10)).collect(),
            2..6 => world.sede.digits("vehicle-tax").unwrap_or_default(),
            6..8 => world.sede.digits("coins-only").unwrap_or_default(),
            _ => shelf[self.dice.usize(0..shelf.len())].digits.clone(),
        };
        self.tell(&format!("holds {code} under the reader"));
        world.barcode.scan(code.as_bytes());
    }

    fn pay(&mut self, world: &World) {
        if self.dice.u32(0..10) < 7 {
            let cents = NOTES[self.dice.usize(0..NOTES.len())];
            let taken = world.cash.insert_note(cents);
            self.tell(&format!("inserts a note of {cents}, pulled in: {taken}"));
        } else {
            let cents = COINS[self.dice.usize(0..COINS.len())];
            self.tell(&format!("inserts a coin of {cents}"));
            world.cash.insert_coin(cents);
        }
    }
}
