//! Paints every sample page into a folder, and says how long each took: `pages FOLDER [es|ca|en] [NAME-PART]`.
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::Instant;

use ui::{Kiosk, Language, Options, Rotation, samples};

const SIZE: (u32, u32) = (1080, 1920);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("give a folder")?;
    let language = match arguments.next().as_deref() {
        Some("ca") => Language::Valencian,
        Some("en") => Language::English,
        _ => Language::Spanish,
    };
    let part = arguments.next().unwrap_or_default();
    std::fs::create_dir_all(&folder)?;
    let mut kiosk = Kiosk::new(Options {
        width_px: SIZE.0,
        height_px: SIZE.1,
        width_mm: 398.5,
        rotation: Rotation::R0,
        branding: samples::branding(),
        places: samples::places(),
    })?;
    let mut frame = vec![0; (SIZE.0 * SIZE.1) as usize];
    for (name, view) in samples::all(language).into_iter().filter(|(name, _)| name.contains(&part)) {
        let start = Instant::now();
        kiosk.show(view);
        kiosk.paint(&mut frame);
        println!("{name}: {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
        write(&Path::new(&folder).join(format!("{name}.png")), &frame)?;
    }
    Ok(())
}

fn write(file: &Path, frame: &[u32]) -> Result<(), Box<dyn Error>> {
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(file)?), SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let bytes: Vec<u8> = frame.iter().flat_map(|pixel| pixel.to_be_bytes().into_iter().skip(1)).collect();
    encoder.write_header()?.write_image_data(&bytes)?;
    Ok(())
}
