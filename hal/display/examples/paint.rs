//! Paints on the screen of the machine it runs on, and says how long frames take.
//!
//! `paint [DEVICE] [FRAMES]`: bars over the whole screen, then a square that moves across it, with the damage of
//! the square only. Ends with `paint: ok`, or with the error and status 1. On a console without a keyboard
//! (a guest in an emulator) its output goes to where it was started.
use std::time::Instant;

use hal_display::{Device, Display, DisplayConfig, Rect};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let device =
        arguments.next().filter(|d| d != "auto").map_or(Device::Auto, |path| Device::Path(path.into()));
    let frames: u32 = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(60);
    if let Err(error) = paint(device, frames) {
        eprintln!("paint: {error}");
        std::process::exit(1);
    }
}

fn paint(device: Device, frames: u32) -> Result<(), hal_display::DisplayError> {
    let mut display = Display::open(&DisplayConfig { device, ..DisplayConfig::default() })?;
    let (width, height) = display.size();
    println!("paint: {} {width}x{height} {:?}", display.path().display(), display.physical_mm());
    let colours = [0x00ff_ffff, 0x00ff_0000, 0x0000_ff00, 0x0000_00ff, 0x0000_0000];
    let background = |y: u32| colours[(y * 5 / height) as usize];
    let mut frame: Vec<u32> = (0..height).flat_map(|y| (0..width).map(move |_| background(y))).collect();
    let start = Instant::now();
    display.present(&frame, &[])?;
    println!("paint: the first frame took {:?}", start.elapsed());

    let side = 64.min(width).min(height);
    let fill = |frame: &mut [u32], rect: Rect, colour: Option<u32>| {
        for y in rect.y..rect.y + rect.height {
            let row = (y * width + rect.x) as usize;
            frame[row..row + rect.width as usize].fill(colour.unwrap_or_else(|| background(y)));
        }
    };
    let mut last = Rect::default();
    let start = Instant::now();
    for number in 0..frames {
        let at = number * (width - side) / frames.max(1);
        let square = Rect::new(at, height / 2, side, side);
        fill(&mut frame, last, None);
        fill(&mut frame, square, Some(0x00ff_00ff));
        display.present(&frame, &[last, square])?;
        last = square;
    }
    let each = start.elapsed() / frames.max(1);
    display.check()?;
    println!("paint: {frames} frames, {each:?} each, flips: {}", display.flips());
    println!("paint: ok");
    // A picture to look at: the program holds the screen until its input ends.
    let _ = std::io::stdin().read_line(&mut String::new());
    Ok(())
}
