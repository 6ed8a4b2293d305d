//! Scanned pages: sizes, channels and resolutions of any kind, dots drawn from the bytes, and what is done with them
//! afterwards.
use ::digitisation::{
    About, Colours, DigitisationError, HIGHEST_DPI, LARGEST_PREVIEW, Limits, MOST_PAGES, RawPage, Settings,
    digitise, documents,
};

/// Pages of more dots are refused or take long; the rules are the same for small ones.
const MOST_DOTS: u32 = 200_000;

/// Bytes of the header; the rest are dots.
const HEADER: usize = 16;

/// A page as told, right or wrong.
pub fn digitisation(data: &[u8]) {
    let Some((header, dots)) = data.split_at_checked(HEADER) else { return };
    let Ok(
        [w0, w1, h0, h1, channels, d0, d1, form, askew, colours, quality, turns, bytes, pages, files, crop],
    ) = <[u8; HEADER]>::try_from(header)
    else {
        return;
    };
    let (width, height) = (u32::from(u16::from_le_bytes([w0, w1])), u32::from(u16::from_le_bytes([h0, h1])));
    let dpi = u16::from_le_bytes([d0, d1]);
    let form = Form { kind: form, askew, dots };
    let page = RawPage { width, height, channels, dpi, pixels: form.pixels(width, height, channels) };
    let settings = Settings {
        colours: [Colours::ByContent, Colours::Grey, Colours::Colour][usize::from(colours % 3)],
        quality,
        page_bytes: usize::from(bytes) * 1024,
    };
    let told = (page.width, page.height, page.channels, page.pixels.len());
    let mut page = match digitise(page, &settings) {
        Ok(page) => page,
        Err(error) => {
            assert!(error.to_string().len() < 300);
            assert!(!matches!(error, DigitisationError::Fault(_)), "{error}");
            return;
        }
    };
    assert_eq!(told.3, told.0 as usize * told.1 as usize * usize::from(told.2));
    assert!(page.size() == (width, height) && dpi <= HIGHEST_DPI && page.jpeg().len() <= settings.page_bytes);
    assert!(page.skew().abs() <= 10.0 && (channels == 3 || !page.is_coloured()));
    page.set_quarter_turns(turns);
    page.set_cropped(crop % 2 == 0);
    let layout = page.layout();
    // ISO 19005-2, 6.1.13, in points.
    let points = |dots: f64| dots * 72.0 / f64::from(dpi);
    assert!(
        (3.0..=14_400.0).contains(&points(layout.width)) && (3.0..=14_400.0).contains(&points(layout.height))
    );
    let shown = page.preview(u32::from(pages) * 8).expect("a preview");
    assert!(shown.width <= LARGEST_PREVIEW && shown.height <= LARGEST_PREVIEW);
    assert_eq!(shown.pixels.as_slice().len(), (shown.width * shown.height * 3) as usize);
    let count = usize::from(pages % 4) + 1;
    let limits = Limits {
        file_bytes: usize::from(files) * 1024,
        total_bytes: 1 << 20,
        files: 3,
        pages: usize::from(pages % 5).min(MOST_PAGES),
    };
    match documents(&vec![page; count], &about(dots), &limits) {
        Ok(files) => {
            assert!(files.len() <= limits.files && count <= limits.pages);
            assert!(files.iter().all(|file| file.pdf.as_slice().len() <= limits.file_bytes));
            assert_eq!(
                files.iter().flat_map(|file| file.pages.clone()).collect::<Vec<_>>(),
                (0..count).collect::<Vec<_>>()
            );
        }
        Err(error) => assert!(!matches!(error, DigitisationError::Fault(_)), "{error}"),
    }
}

/// How the dots are drawn.
struct Form<'a> {
    kind: u8,
    askew: u8,
    dots: &'a [u8],
}

impl Form<'_> {
    /// As many as the size asks for, or another number.
    fn pixels(&self, width: u32, height: u32, channels: u8) -> Vec<u8> {
        let dots = width.saturating_mul(height);
        if self.kind & 0x80 != 0 || dots > MOST_DOTS || !matches!(channels, 1 | 3) {
            return self.dots.to_vec();
        }
        let tilt = (f32::from(self.askew) - 128.0) / 256.0;
        (0..dots).flat_map(|at| self.dot(at % width, at / width, tilt, at as usize, channels)).collect()
    }

    fn dot(&self, x: u32, y: u32, tilt: f32, at: usize, channels: u8) -> impl Iterator<Item = u8> {
        let drawn = self.dots.get(at % self.dots.len().max(1)).copied().unwrap_or(255);
        let across = y as f32 - tilt * x as f32;
        let value = match self.kind % 6 {
            // Lines of text that fall.
            0 if across.rem_euclid(9.0) < 4.0 && drawn > 90 => 30,
            0 => 240,
            // Paper on a dark lid.
            1 if across > 12.0 && (x as f32 + tilt * y as f32) > 9.0 => 235 + drawn / 16,
            1 => drawn / 16,
            // Nearly blank.
            2 => 238 + drawn / 16,
            3 => drawn,
            4 if (x / 5 + y / 5).is_multiple_of(2) => 0,
            _ => 255,
        };
        (0..channels).map(move |channel| value.saturating_sub(if channel == 1 { drawn / 32 } else { 0 }))
    }
}

fn about(dots: &[u8]) -> About {
    let title: String = String::from_utf8_lossy(dots).chars().take(12).collect();
    let created = jiff::Timestamp::from_second(1_795_000_000)
        .expect("a time")
        .to_zoned_datetime(jiff::tz::TimeZone::UTC);
    About { title: title.into(), language: "es-ES", part: |part, parts| format!("({part}/{parts})"), created }
}
