//! The kiosk's face: owns window, focus and current view.
//!
//! Keys never reach the renderer: the focus is a number kept here, the ring is drawn from it, the speech reads it.
//! Up and down go round through everything that can be chosen (over a keyboard, row by row), what cannot be used now
//! included, so that its reason is heard. The focus changes nothing by itself.
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use slint::platform::software_renderer::MinimalSoftwareWindow;
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{Color, ComponentHandle, LogicalPosition, PhysicalSize, SharedString};

use crate::branding::{channels, shield, usable_colour};
use crate::content::{Lists, connect};
use crate::error::UiError;
use crate::focus::{self, Step, covers};
use crate::generated::{App, Content, Kind, Theme};
use crate::input::{Finger, InputEvent, Key};
use crate::local::{CHANGE, Kept, Local, TURN, TURN_BACK, covers_page, kept};
use crate::options::{Options, unit};
use crate::pages::present;
use crate::phrase::{is_known, printable};
use crate::screen::Screen;
use crate::script::{Script, script};
use crate::texts::Text;
use crate::view::{Intent, Language, Page, PinKeys, View, WriteKeys};
use canvas::{Canvas, LARGEST, Rect, SMALLEST};

/// The pages on their panel. Lives on the thread that made it.
pub struct Kiosk {
    app: App,
    window: Rc<MinimalSoftwareWindow>,
    lists: Lists,
    canvas: Canvas,
    options: Options,
    view: View,
    screen: Screen,
    /// Counts the pages shown, so that a press on one cannot act on the next.
    page: u64,
    /// Help for the page beneath help, languages and the idle warning.
    beneath: Text,
    focus: Option<usize>,
    /// What is kept of this page, and of which one that is.
    local: Local,
    kept: Option<Kept>,
    /// Where the focus was on the page beneath.
    left: Option<(Kind, Intent)>,
    finger: Finger,
    activated: Rc<RefCell<Vec<i32>>>,
    intents: Vec<Intent>,
}

impl Kiosk {
    /// Makes the window. Settings of the town hall that cannot be used ([`Branding::check`]) are replaced by our own.
    ///
    /// # Errors
    /// The panel's size makes no sense, or this thread has another renderer.
    pub fn new(options: Options) -> Result<Self, UiError> {
        let (width, height, millimetres) = (options.width_px, options.height_px, options.width_mm);
        let sides = SMALLEST..=LARGEST;
        if !sides.contains(&width) || !sides.contains(&height) || !(50.0..=5000.0).contains(&millimetres) {
            return Err(UiError::Panel { width, height, millimetres });
        }
        canvas::prepare_thread()?;
        let app = App::new()?;
        // The window is made when it is first asked for.
        let _ = app.window();
        let window = canvas::latest_window()?;
        let canvas = Canvas::new(width, height, options.rotation);
        let (page_width, page_height) = canvas.page_size();
        app.global::<Theme>().set_unit(unit(&options, page_width, page_height));
        let lists = Lists::new(&app);
        let activated = Rc::new(RefCell::new(Vec::new()));
        connect(&app, activated.clone());
        window.set_size(PhysicalSize::new(page_width, page_height));
        app.show()?;
        window.dispatch_event(WindowEvent::WindowActiveChanged(true));
        let view = View {
            language: Language::default(),
            step: None,
            page: Page::OutOfService,
            idle_warning: None,
            back: false,
        };
        let beneath = Text::HelpGeneral;
        let screen = present(&view, &options.branding, &options.places, beneath, Local::default());
        let kiosk = Self {
            app,
            window,
            lists,
            canvas,
            options,
            view,
            screen,
            page: 0,
            beneath,
            local: Local::default(),
            kept: None,
            focus: None,
            left: None,
            finger: Finger::default(),
            activated,
            intents: Vec::new(),
        };
        kiosk.dress();
        kiosk.apply();
        Ok(kiosk)
    }

    /// The town hall's looks.
    fn dress(&self) {
        let branding = &self.options.branding;
        let [red, green, blue] = channels(usable_colour(branding));
        // The plates: one part of the colour in nine.
        let soft = |channel: u8| u8::MAX - (u8::MAX - channel) / 9;
        let theme = self.app.global::<Theme>();
        theme.set_action(Color::from_rgb_u8(red, green, blue));
        theme.set_action_soft(Color::from_rgb_u8(soft(red), soft(green), soft(blue)));
        let content = self.app.global::<Content>();
        content.set_town(SharedString::from(printable(&branding.name)));
        content.set_initials(printable(&branding.initials).chars().take(2).collect::<String>().into());
        match branding.shield_png.as_deref().map(shield) {
            Some(Ok(picture)) => {
                content.set_shield(picture);
                content.set_has_shield(true);
            }
            Some(Err(fault)) => tracing::warn!("{fault}"),
            None => {}
        }
    }

    /// Shows a view. The focus stays on what it was on while the question is the same, if that is still there.
    pub fn show(&mut self, view: View) {
        if view == self.view {
            return;
        }
        let before = self.screen.kind;
        if !covers(before) {
            self.beneath = self.screen.help;
        }
        if !covers_page(&view.page) && kept(&view.page) != self.kept {
            self.local = Local::default();
            self.kept = kept(&view.page);
        }
        let screen = self.made(&view);
        let focused = self.focus.and_then(|focus| self.screen.names().get(focus).copied());
        let same_question = screen.kind == before
            && std::mem::discriminant(&view.page) == std::mem::discriminant(&self.view.page)
            && screen.heading.shown == self.screen.heading.shown;
        let same_page = same_question && other_keys(&view.page) == other_keys(&self.view.page);
        let place = |intent: Intent| screen.names().iter().position(|name| *name == intent);
        let focus = if same_question {
            focused.and_then(place).or_else(|| focused.and_then(|_| focus::first(&screen)))
        } else {
            if covers(screen.kind) && !covers(before) {
                // The key that was last pressed is not kept where it is a sign of a secret.
                let secret = matches!(before, Kind::Pin | Kind::Write);
                self.left = focused.filter(|_| !secret).map(|intent| (before, intent));
            }
            let back = self.left.filter(|(kind, _)| *kind == screen.kind && covers(before));
            back.and_then(|(_, intent)| place(intent)).or_else(|| focus::first(&screen))
        };
        if !same_page {
            self.page += 1;
            self.finger.forget();
        }
        self.view = view;
        self.screen = screen;
        self.focus = focus;
        self.apply();
    }

    fn made(&self, view: &View) -> Screen {
        present(view, &self.options.branding, &self.options.places, self.beneath, self.local)
    }

    /// What was chosen: for the engine, or a matter of the pages alone.
    fn choose(&mut self, intent: Intent) {
        let Local { turned, changing } = self.local;
        self.local = match intent {
            TURN => Local { turned: turned.wrapping_add(1), changing },
            TURN_BACK => Local { turned: turned.wrapping_sub(1), changing },
            CHANGE => Local { turned: 0, changing: true },
            Intent::Back if changing => Local::default(),
            _ => {
                self.intents.push(intent);
                return;
            }
        };
        self.screen = self.made(&self.view);
        self.page += 1;
        self.focus = self.focus.map(|_| 0);
        self.apply();
    }

    fn apply(&self) {
        // Never negative.
        let turn = i32::try_from(self.page % 0x1_0000).unwrap_or_default();
        self.app.global::<Content>().set_turn(turn);
        self.lists.show(&self.app, &self.screen);
        self.show_focus();
    }

    fn show_focus(&self) {
        let focus = self.focus.and_then(|focus| i32::try_from(focus).ok()).unwrap_or(-1);
        self.app.global::<Content>().set_focus(focus);
    }

    /// Takes a touch or key. `now` is the time since the start of the program.
    pub fn input(&mut self, event: InputEvent, now: Duration) {
        canvas::tell_time(now);
        match event {
            InputEvent::Key(key) => self.key(key, now),
            InputEvent::Press { x, y } => {
                if self.finger.press(now, self.page) {
                    self.set_focus(None);
                    self.point(x, y, |position| WindowEvent::PointerPressed {
                        position,
                        button: PointerEventButton::Left,
                    });
                }
            }
            InputEvent::Move { x, y } => {
                if self.finger.press.is_some_and(|press| press.counts) {
                    self.point(x, y, |position| WindowEvent::PointerMoved { position });
                }
            }
            InputEvent::Release { x, y } => self.release(x, y, now),
        }
    }

    fn release(&mut self, x: i32, y: i32, now: Duration) {
        let Some(press) = self.finger.release() else { return };
        self.point(x, y, |position| WindowEvent::PointerReleased {
            position,
            button: PointerEventButton::Left,
        });
        self.window.dispatch_event(WindowEvent::PointerExited);
        let activated = self.activated.take();
        if self.view.idle_warning.is_some() && self.screen.kind == Kind::Idle {
            // Any touch is a sign of life.
            if self.finger.choose(press, now, self.page, Intent::StillHere) {
                self.intents.push(Intent::StillHere);
            }
            return;
        }
        let intents = self.screen.intents();
        for target in activated {
            let intent =
                usize::try_from(target).ok().and_then(|target| intents.get(target).copied().flatten());
            if let Some(intent) = intent
                && self.finger.choose(press, now, self.page, intent)
            {
                self.choose(intent);
            }
        }
    }

    fn point(&self, x: i32, y: i32, event: impl FnOnce(LogicalPosition) -> WindowEvent) {
        let (x, y) = self.canvas.to_page(x, y);
        self.window.dispatch_event(event(LogicalPosition::new(x as f32, y as f32)));
    }

    fn key(&mut self, key: Key, now: Duration) {
        let kind = self.screen.kind;
        if kind == Kind::Idle {
            self.intents.push(Intent::StillHere);
            return;
        }
        let typing = matches!(kind, Kind::Type | Kind::Pin | Kind::Write);
        match key {
            Key::Up => self.step_focus(Step::Above),
            Key::Down => self.step_focus(Step::Below),
            Key::Left if self.cursor_moves(false) => self.intents.push(Intent::CursorBack),
            Key::Right if self.cursor_moves(true) => self.intents.push(Intent::CursorForward),
            Key::Left => self.step_focus(Step::Previous),
            Key::Right | Key::Next => self.step_focus(Step::Next),
            Key::Select => self.select(now),
            Key::Back if self.view.back || self.local.changing => self.choose(Intent::Back),
            Key::Back => {}
            Key::Help => self.intents.push(Intent::Help),
            Key::Language if kind != Kind::Attract => self.intents.push(Intent::Languages),
            Key::Language => self.step_focus(Step::Next),
            Key::Cancel => self.intents.extend(focus::cancel(kind, self.view.back)),
            Key::Clear if typing => self.intents.push(Intent::Erase),
            Key::Digit(digit) if typing && digit <= 9 => self.intents.push(Intent::Digit(digit)),
            Key::Character(sign) => self.intents.extend(typed(kind, sign)),
            Key::Clear | Key::Digit(_) => {}
        }
    }

    fn step_focus(&mut self, step: Step) {
        if let Some(focus) = focus::moved(&self.screen, self.focus, step) {
            self.set_focus(Some(focus));
        }
    }

    /// The focus is on a text that is being written, and its cursor can go that way.
    fn cursor_moves(&self, forward: bool) -> bool {
        let Page::Write { text, cursor, .. } = &self.view.page else { return false };
        let on_text = self.screen.kind == Kind::Write && self.focus == Some(0);
        on_text && if forward { usize::from(*cursor) < text.chars().count() } else { *cursor > 0 }
    }

    /// Chooses what has the focus; without a focus it only comes up, so that nothing is chosen unheard.
    fn select(&mut self, now: Duration) {
        let intents = self.screen.intents();
        let Some(focus) = self.focus else {
            let first = focus::first(&self.screen).or((!intents.is_empty()).then_some(0));
            self.set_focus(first);
            return;
        };
        if let Some(intent) = intents.get(focus).copied().flatten()
            && self.finger.select(now, self.page, intent)
        {
            self.choose(intent);
        }
    }

    fn set_focus(&mut self, focus: Option<usize>) {
        self.focus = focus;
        self.show_focus();
    }

    /// What the citizen wants since the last call.
    pub fn intents(&mut self) -> Vec<Intent> {
        std::mem::take(&mut self.intents)
    }

    /// Draws what has changed into the panel's memory (0x00RRGGBB, row by row) and says where; nothing if nothing
    /// has. The memory must keep what was painted before; after showing other memory call [`Self::repaint`].
    pub fn paint(&mut self, frame: &mut [u32]) -> Vec<Rect> {
        slint::platform::update_timers_and_animations();
        self.canvas.paint(&self.window, frame)
    }

    /// The next [`Self::paint`] paints everything: the memory is another one, or something else has been in it.
    pub fn repaint(&mut self) {
        self.canvas.forget();
    }

    /// When to call [`Self::paint`] again without an input; `None`: nothing moves.
    #[must_use]
    pub fn wake_after(&self) -> Option<Duration> {
        slint::platform::duration_until_next_timer_update()
    }

    /// What the page says: the same words as on the screen.
    #[must_use]
    pub fn script(&self) -> Script {
        script(&self.screen, &printable(&self.options.branding.name), self.view.language, self.focus)
    }

    /// The window's component, for tests that compare its accessible tree with the script.
    #[doc(hidden)]
    #[must_use]
    pub fn component(&self) -> &impl ComponentHandle {
        &self.app
    }
}

/// Other keys in the same places are another page to a finger that shakes: a double tap must not press what comes up
/// beneath it. Capital letters are no other keys: touched twice, they stay.
fn other_keys(page: &Page) -> Option<(PinKeys, bool)> {
    match page {
        Page::Pin { keys, .. } => Some((*keys, false)),
        Page::Write { keys, .. } => Some((PinKeys::default(), *keys == WriteKeys::Symbols)),
        _ => None,
    }
}

/// What a character of a keyboard is on this page.
fn typed(kind: Kind, sign: char) -> Option<Intent> {
    match (kind, sign) {
        (Kind::Type | Kind::Pin | Kind::Write, '0'..='9') => {
            sign.to_digit(10).and_then(|digit| u8::try_from(digit).ok()).map(Intent::Digit)
        }
        (Kind::Pin, 'a'..='z' | 'A'..='Z') => Some(Intent::Letter(sign)),
        (Kind::Write, sign) if is_known(sign) && sign != '\u{a0}' => Some(Intent::Letter(sign)),
        _ => None,
    }
}
