//! PDF files for the tests, written by hand: what is in them is what a case says, and nothing else.
use std::io::Write as _;

/// A file of numbered objects, the catalog first.
#[derive(Default)]
pub struct File {
    objects: Vec<Vec<u8>>,
}

impl File {
    /// Adds an object; its number.
    pub fn object(&mut self, text: impl AsRef<[u8]>) -> usize {
        self.objects.push(text.as_ref().to_vec());
        self.objects.len()
    }

    /// Adds a stream with these keys, packed.
    pub fn packed(&mut self, keys: &str, data: &[u8]) -> usize {
        let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all(data).unwrap();
        self.stream(&format!("{keys}/Filter/FlateDecode"), &writer.finish().unwrap())
    }

    /// Adds a stream as it is.
    pub fn stream(&mut self, keys: &str, data: &[u8]) -> usize {
        let head = format!("<<{keys}/Length {}>>\nstream\n", data.len());
        self.object([head.as_bytes(), data, b"\nendstream"].concat())
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        for (number, object) in (1..).zip(&self.objects) {
            places.push(out.len());
            out.extend(format!("{number} 0 obj\n").bytes());
            out.extend(object);
            out.extend(b"\nendobj\n");
        }
        let start = out.len();
        out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
        for place in &places {
            out.extend(format!("{place:010} 00000 n \n").bytes());
        }
        let trailer =
            format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", places.len() + 1);
        out.extend(trailer.bytes());
        out
    }
}

/// Fonts that are not inside the file: Helvetica `F1`, Times-Bold `F2`, Courier `F3`, all WinAnsi.
pub const FONTS: &str = "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>\
    /F2<</Type/Font/Subtype/Type1/BaseFont/Times-Bold/Encoding/WinAnsiEncoding>>\
    /F3<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>>>";

/// A page of a document.
#[derive(Default)]
pub struct Page {
    /// Entries of its resources beside the fonts.
    pub resources: String,
    /// Its content.
    pub content: Vec<u8>,
    /// More keys.
    pub keys: String,
    /// Width and height in points; A4 without.
    pub size: Option<(f64, f64)>,
}

/// A document of pages; `more` adds objects behind the catalog and the page tree and gives out the pages.
pub fn document(catalog: &str, more: impl FnOnce(&mut File) -> Vec<Page>) -> Vec<u8> {
    let mut file = File::default();
    file.object(format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"));
    file.object("");
    let mut kids = Vec::new();
    for page in more(&mut file) {
        let content = file.packed("", &page.content);
        let (width, height) = page.size.unwrap_or((595.276, 841.89));
        let Page { resources, keys, .. } = page;
        kids.push(file.object(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Resources<<{FONTS}{resources}>>\
             /Contents {content} 0 R{keys}>>"
        )));
    }
    let list: Vec<String> = kids.iter().map(|kid| format!("{kid} 0 R")).collect();
    file.objects[1] = format!("<</Type/Pages/Count {}/Kids[{}]>>", kids.len(), list.join(" ")).into_bytes();
    file.bytes()
}

/// One page of content.
pub fn page(content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref().to_vec();
    document("", |_| vec![Page { content, ..Page::default() }])
}

/// Text in WinAnsi as a PDF string.
pub fn text(text: &str) -> String {
    let byte = |letter: char| match letter {
        '€' => 0x80,
        other => u8::try_from(u32::from(other)).unwrap(),
    };
    let digits: String = text.chars().map(|letter| format!("{:02X}", byte(letter))).collect();
    format!("<{digits}>")
}

/// Content that draws a QR code with its lower left corner at this place, of modules of so many points.
pub fn qr(code: &str, x: f64, y: f64, module: f64) -> String {
    let code = qrcode::QrCode::with_error_correction_level(code, qrcode::EcLevel::M).unwrap();
    let width = code.width();
    let mut out = String::from("0 g\n");
    for (at, color) in code.to_colors().iter().enumerate() {
        if *color == qrcode::Color::Dark {
            let (column, row) = ((at % width) as f64, (at / width) as f64);
            let down = y + (width as f64 - 1.0 - row) * module;
            out += &format!("{:.3} {down:.3} {module} {module} re f\n", x + column * module);
        }
    }
    out
}
