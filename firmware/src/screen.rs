//! The main thread: pages onto the display, touches and keys into the pages.
//!
//! The loop sleeps in `poll` on the inputs, the display and a wake-up by the engine. When the display goes away
//! it is opened again, every second, and the whole page is painted; the session goes on meanwhile.
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use hal_display::{Display, DisplayConfig};
use hal_input::{InputConfig, InputEvent, Inputs, Keycode};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};
use tokio::sync::{mpsc, watch};
use ui::{Branding, Intent, Key, Kiosk, Options, Rotation, View};

use crate::board::Board;
use crate::supervisor::Beat;

/// The loop turns at least so often, to beat.
const TURN: Duration = Duration::from_millis(500);

/// Between two attempts to open a display.
const REOPEN: Duration = Duration::from_secs(1);

/// Why the screen cannot be run at all.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    /// No display was found within the time.
    #[error("no display: {0}")]
    Display(#[from] hal_display::DisplayError),
    /// The inputs cannot be watched.
    #[error("no inputs: {0}")]
    Inputs(#[from] hal_input::InputError),
    /// The pages cannot be made.
    #[error("the pages cannot be made: {0}")]
    Pages(#[from] ui::UiError),
    /// The system refused something.
    #[error("the system refused: {0}")]
    System(#[from] nix::Error),
}

/// Wakes the loop when there is a new view; for the engine's thread.
pub struct Waker(std::sync::Arc<EventFd>);

impl Waker {
    /// Forwards every change of the view, until the engine ends.
    pub async fn forward(self, mut views: watch::Receiver<View>) {
        while views.changed().await.is_ok() {
            // A full counter means that the loop has not looked yet: it will.
            let _ = self.0.write(1);
        }
    }
}

/// The screen, before its loop.
pub struct Screen {
    display: Option<Display>,
    config: DisplayConfig,
    inputs: Inputs,
    kiosk: Kiosk,
    frame: Vec<u32>,
    size: (u32, u32),
    wake: std::sync::Arc<EventFd>,
    start: Instant,
    reopen_at: Instant,
    /// The display has shown a frame.
    shown: bool,
}

impl Screen {
    /// Opens display and inputs, and makes the pages.
    pub fn open(board: &Board, branding: Branding) -> Result<(Screen, Waker), ScreenError> {
        let Board { display, input, places, .. } = board;
        let device = display.device.clone().map_or(hal_display::Device::Auto, hal_display::Device::Path);
        let config = DisplayConfig { device, ..DisplayConfig::default() };
        let opened = Display::open(&config)?;
        let size = opened.size();
        let mut inputs = InputConfig::new(size);
        inputs.devices = input
            .devices
            .iter()
            .map(|path| hal_input::DeviceRule { path: path.clone(), touch: None })
            .collect();
        // A barcode reader that types is read by its own driver, whichever of both comes first.
        inputs.ignored = board.barcode.iter().filter_map(|barcode| barcode.keyboard.clone()).collect();
        inputs.touch.rotation =
            hal_input::Rotation::from_degrees(input.touch_rotation_degrees).unwrap_or_default();
        let inputs = Inputs::open(&inputs)?;
        let rotation = match display.rotation_degrees {
            90 => Rotation::R90,
            180 => Rotation::R180,
            270 => Rotation::R270,
            _ => Rotation::R0,
        };
        let (width_px, height_px) = size;
        let places = places.clone();
        let options = Options { width_px, height_px, width_mm: display.width_mm, rotation, branding, places };
        let kiosk = Kiosk::new(options)?;
        let frame = vec![0; usize::try_from(u64::from(width_px) * u64::from(height_px)).unwrap_or(0)];
        let flags = EfdFlags::EFD_NONBLOCK | EfdFlags::EFD_CLOEXEC;
        let wake = std::sync::Arc::new(EventFd::from_value_and_flags(0, flags)?);
        let waker = Waker(std::sync::Arc::clone(&wake));
        let now = Instant::now();
        let screen = Screen {
            display: Some(opened),
            config,
            inputs,
            kiosk,
            frame,
            size,
            wake,
            start: now,
            reopen_at: now,
            shown: false,
        };
        Ok((screen, waker))
    }

    /// Runs until the engine ends, and shows its last word. An error is one that only a new process can mend.
    pub fn run(
        mut self,
        mut views: watch::Receiver<View>,
        intents: &mpsc::Sender<Intent>,
        beat: &Beat,
    ) -> Result<(), ScreenError> {
        self.kiosk.show(views.borrow_and_update().clone());
        loop {
            beat.beat();
            self.paint();
            self.wait()?;
            match views.has_changed() {
                Ok(true) => self.kiosk.show(views.borrow_and_update().clone()),
                Ok(false) => {}
                Err(_) => {
                    self.kiosk.show(views.borrow().clone());
                    self.paint();
                    return Ok(());
                }
            }
            let now = self.start.elapsed();
            for event in self.inputs.read_ready() {
                if let Some(event) = translate(event) {
                    self.kiosk.input(event, now);
                }
            }
            for intent in self.kiosk.intents() {
                // A full queue means that the engine is not keeping up with a person: a wish more or less.
                if let Err(error) = intents.try_send(intent) {
                    tracing::warn!(%error, "a wish was dropped");
                }
            }
        }
    }

    /// Sleeps until there is something to do.
    fn wait(&mut self) -> Result<(), ScreenError> {
        let timeout = self.kiosk.wake_after().map_or(TURN, |after| after.min(TURN));
        let timeout = PollTimeout::try_from(timeout).unwrap_or(PollTimeout::ZERO);
        {
            let wake: BorrowedFd<'_> = self.wake.as_fd();
            let display = self.display.as_ref().and_then(Display::fd);
            let fds = self.inputs.fds();
            let mut polled: Vec<PollFd<'_>> = std::iter::once(wake)
                .chain(fds)
                .chain(display)
                .map(|fd| PollFd::new(fd, PollFlags::POLLIN))
                .collect();
            match poll(&mut polled, timeout) {
                Ok(_) | Err(nix::Error::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // Only the wake-up matters, not how often it was given.
        let _ = self.wake.read();
        if let Some(display) = &mut self.display
            && let Err(error) = display.poll_events().and_then(|_| display.check())
        {
            self.lose(&error);
        }
        Ok(())
    }

    fn lose(&mut self, error: &hal_display::DisplayError) {
        tracing::error!(%error, "the display is gone; opening again");
        self.display = None;
        self.reopen_at = Instant::now() + REOPEN;
    }

    fn paint(&mut self) {
        if self.display.is_none() && Instant::now() >= self.reopen_at {
            self.reopen_at = Instant::now() + REOPEN;
            // Another size would need other pages: that is a new process's business.
            self.display = Display::open(&self.config).ok().filter(|display| display.size() == self.size);
            self.kiosk.repaint();
        }
        let Some(display) = &mut self.display else { return };
        let damage: Vec<hal_display::Rect> =
            self.kiosk.paint(&mut self.frame).into_iter().map(rectangle).collect();
        if damage.is_empty() {
            return;
        }
        match display.present(&self.frame, &damage) {
            Ok(()) if !self.shown => {
                self.shown = true;
                tracing::info!("the first frame is on the screen");
            }
            Ok(()) => {}
            Err(error) => self.lose(&error),
        }
    }
}

fn rectangle(rect: ui::Rect) -> hal_display::Rect {
    hal_display::Rect { x: rect.x, y: rect.y, width: rect.width, height: rect.height }
}

fn translate(event: InputEvent) -> Option<ui::InputEvent> {
    Some(match event {
        InputEvent::Press { x, y } => ui::InputEvent::Press { x: pixel(x), y: pixel(y) },
        InputEvent::Move { x, y } => ui::InputEvent::Move { x: pixel(x), y: pixel(y) },
        InputEvent::Release { x, y } => ui::InputEvent::Release { x: pixel(x), y: pixel(y) },
        InputEvent::Key(code) => ui::InputEvent::Key(key(code)?),
        InputEvent::Character(character) => ui::InputEvent::Key(Key::Character(character)),
        InputEvent::Headphones(_) => return None,
    })
}

fn pixel(of: u32) -> i32 {
    i32::try_from(of).unwrap_or(i32::MAX)
}

fn key(code: Keycode) -> Option<Key> {
    Some(match code {
        Keycode::Digit(digit) => Key::Digit(digit),
        Keycode::Up => Key::Up,
        Keycode::Down => Key::Down,
        Keycode::Tab => Key::Next,
        Keycode::Left => Key::Left,
        Keycode::Right => Key::Right,
        Keycode::Enter => Key::Select,
        Keycode::Escape => Key::Cancel,
        Keycode::Backspace => Key::Clear,
        Keycode::Help => Key::Help,
        Keycode::Language => Key::Language,
        // Speech and screen privacy have no page of their own.
        Keycode::VolumeUp
        | Keycode::VolumeDown
        | Keycode::RateUp
        | Keycode::RateDown
        | Keycode::Pause
        | Keycode::Repeat
        | Keycode::HideScreen => return None,
    })
}
