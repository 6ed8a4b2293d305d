//! How fast the pages are, in this process and without a board: painting whole pages, and answering a finger.
//!
//! The same renderer at the size of the reference panel as on the kiosk; what is missing is the copy to the display.
use std::mem::discriminant;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ui::{InputEvent, Intent, Language, Page, Service, View, samples};

use super::statistics::Sample;
use super::table::Table;
use crate::pictures::panel;
use crate::scenario::{Kiosk, World};

/// Points are looked for on a grid of this many pixels; no target is smaller.
const GRID: usize = 40;

/// Between two touches, by the pages' own time: further apart than what they take for one.
const APART: Duration = Duration::from_secs(1);

/// Whole pages are painted so often each.
const PAINTS: usize = 5;

/// Walks from the first page into a payment and back.
const WALKS: usize = 25;

/// The pages with a finger before them.
struct Touched {
    ui: ui::Kiosk,
    frame: Vec<u32>,
    now: Duration,
}

/// How long one tap took.
struct Tap {
    /// From the finger's touch until the button looks pressed.
    pressed: Duration,
    /// What the finger chose when it was lifted, and when that was.
    chosen: (Intent, Instant),
}

impl Touched {
    fn new() -> Result<Touched> {
        let (ui, frame) = panel()?;
        Ok(Touched { ui, frame, now: Duration::ZERO })
    }

    /// Shows and paints.
    fn show(&mut self, view: &View) {
        self.ui.show(view.clone());
        self.ui.paint(&mut self.frame);
    }

    /// Shows as if the citizen came to it just now: a long list at its beginning.
    fn show_anew(&mut self, view: &View) {
        self.ui.show(View { page: Page::OutOfService, ..view.clone() });
        self.show(view);
    }

    /// The middle of the grid's first point that gives each intent of a page.
    fn targets(&mut self, view: &View) -> Result<Vec<(Intent, (i32, i32))>> {
        self.show_anew(view);
        let first = self.ui.script();
        let mut found: Vec<(Intent, (i32, i32))> = Vec::new();
        let points =
            (GRID / 2..1920).step_by(GRID).flat_map(|y| (GRID / 2..1080).step_by(GRID).map(move |x| (x, y)));
        for (x, y) in points {
            let (x, y) = (i32::try_from(x)?, i32::try_from(y)?);
            self.now += APART;
            self.ui.input(InputEvent::Press { x, y }, self.now);
            self.ui.input(InputEvent::Release { x, y }, self.now);
            // A long list was turned: its other parts are not looked at.
            if self.ui.script().entries != first.entries {
                self.show_anew(view);
            }
            for intent in self.ui.intents() {
                if found.iter().all(|(known, _)| *known != intent) {
                    found.push((intent, (x, y)));
                }
            }
        }
        self.ui.paint(&mut self.frame);
        Ok(found)
    }

    fn tap(&mut self, (x, y): (i32, i32)) -> Result<Tap> {
        self.now += APART;
        let touched = Instant::now();
        self.ui.input(InputEvent::Press { x, y }, self.now);
        self.ui.paint(&mut self.frame);
        let pressed = touched.elapsed();
        let lifted = Instant::now();
        self.ui.input(InputEvent::Release { x, y }, self.now + Duration::from_millis(100));
        let intent = self.ui.intents().first().copied().context("a tap chose nothing")?;
        Ok(Tap { pressed, chosen: (intent, lifted) })
    }
}

/// Adds what is measured over all sample pages in all languages.
pub fn measure(table: &mut Table) -> Result<()> {
    let full = full_pages()?;
    table.add(
        "full page painted",
        full.usual_and_worst("ms"),
        format!(
            "{} paints: every sample page in every language, 1080 × 1920, software renderer",
            full.count()
        ),
    );
    let (pressed, shown) = every_target()?;
    table.add(
        "touch to button that looks pressed",
        pressed.usual_and_worst("ms"),
        format!("{} taps: every target of every sample page, painted", pressed.count()),
    );
    table.add(
        "tap to next page painted, pages alone",
        shown.usual_and_worst("ms"),
        "from the lifted finger; the same taps, the next sample page stands for the engine's answer",
    );
    let walked = through_the_engine()?;
    table.add(
        "tap to next page painted, through the engine",
        walked.usual_and_worst("ms"),
        format!(
            "{} taps: first page, menu, scan and back, answered by the wired engine in real time",
            walked.count()
        ),
    );
    Ok(())
}

fn full_pages() -> Result<Sample> {
    let (mut ui, mut frame) = panel()?;
    let mut took = Vec::new();
    for (_, view) in ui::LANGUAGES.into_iter().flat_map(samples::all) {
        ui.show(view);
        for _ in 0..PAINTS {
            ui.repaint();
            let start = Instant::now();
            let painted = ui.paint(&mut frame);
            took.push(start.elapsed());
            ensure!(!painted.is_empty(), "a page was not painted");
        }
    }
    Sample::milliseconds(took)
}

/// Until a button looks pressed, and from the lifted finger until another page is painted.
fn every_target() -> Result<(Sample, Sample)> {
    let mut kiosk = Touched::new()?;
    let (mut pressed, mut shown) = (Vec::new(), Vec::new());
    let samples = samples::all(Language::default());
    for ((_, view), (_, next)) in samples.iter().zip(samples.iter().cycle().skip(1)) {
        for (intent, point) in kiosk.targets(view)? {
            kiosk.show_anew(view);
            let tap = kiosk.tap(point)?;
            kiosk.show(next);
            let (chosen, lifted) = tap.chosen;
            shown.push(lifted.elapsed());
            pressed.push(tap.pressed);
            ensure!(chosen == intent, "the same tap chose {chosen:?} after {intent:?}");
        }
    }
    Ok((Sample::milliseconds(pressed)?, Sample::milliseconds(shown)?))
}

/// The kiosk as it is wired, with the sede and all devices in this process, and the clock running.
fn through_the_engine() -> Result<Sample> {
    let walk = [
        Intent::Language(Language::default()),
        Intent::Service(Service::Payment),
        Intent::Back,
        Intent::Back,
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let world = World::new();
        let mut engine = Kiosk::start(&world);
        engine.until_open().await;
        let mut kiosk = Touched::new()?;
        let mut took = Vec::new();
        for wanted in walk.iter().cycle().take(walk.len() * WALKS) {
            let shown = engine.views.borrow().clone();
            let targets = kiosk.targets(&shown)?;
            let at = targets.iter().find(|(intent, _)| intent == wanted);
            let (_, point) =
                at.with_context(|| format!("{wanted:?} cannot be touched on {:?}", engine.page()))?;
            let before = engine.page();
            let (chosen, lifted) = kiosk.tap(*point)?.chosen;
            engine.wish(chosen).await;
            let view = engine.until_view("another page", |view| another(&view.page, &before)).await;
            kiosk.show(&view);
            took.push(lifted.elapsed());
        }
        Sample::milliseconds(took)
    })
}

fn another(page: &Page, before: &Page) -> bool {
    discriminant(page) != discriminant(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(wanted: &str) -> View {
        let samples = samples::all(Language::default());
        samples.into_iter().find(|(name, _)| name == wanted).unwrap().1
    }

    #[test]
    fn a_touch_means_the_same_again_also_on_a_list_that_is_turned() {
        let mut kiosk = Touched::new().unwrap();
        let view = sample("certificates-many");
        let targets = kiosk.targets(&view).unwrap();
        assert!(targets.len() > 3, "{targets:?}");
        for (intent, point) in targets {
            kiosk.show_anew(&view);
            assert_eq!(kiosk.tap(point).unwrap().chosen.0, intent);
        }
    }

    #[test]
    fn every_wish_of_the_first_page_is_found_by_touch() {
        let mut kiosk = Touched::new().unwrap();
        let targets = kiosk.targets(&sample("attract")).unwrap();
        for language in ui::LANGUAGES {
            let wish = Intent::Language(language);
            let (_, point) =
                targets.iter().find(|(intent, _)| *intent == wish).expect("a button of each language");
            assert_eq!(kiosk.tap(*point).unwrap().chosen.0, wish);
        }
    }
}
