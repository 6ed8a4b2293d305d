//! A pass over everything that a page reaches, before it is drawn: what would be drawn wrong, not at all, or without
//! end is found here.
use std::collections::HashSet;

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};
use hayro::hayro_syntax::page::{Page, Resources};
use hayro::hayro_syntax::{Pdf, xref::XRef};

use super::RasterError;
use super::reading::{Reading, Weights};
use super::streams;

/// Most objects that the pages may reach.
const MOST_OBJECTS: usize = 100_000;
/// Most bytes that all streams may unpack to, but pictures.
const MOST_BYTES: usize = 160 * 1024 * 1024;
/// Most pixels of a picture: A4 at 500 dots an inch.
pub(super) const MOST_PIXELS: u64 = 24_000_000;
const MISSING: RasterError = RasterError::Damaged("a part of a page is missing");

/// Checks a document that was opened; what its letters and patterns weigh.
pub(super) fn check(pdf: &Pdf) -> Result<Weights, RasterError> {
    let mut walk = Walk {
        xref: pdf.xref(),
        seen: HashSet::new(),
        queue: Vec::new(),
        objects: 0,
        bytes: 0,
        reading: Reading::new(),
        blends: false,
    };
    if let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())
        && catalog.get::<bool>("NeedsRendering") == Some(true)
    {
        return Err(RasterError::Unsupported("a dynamic form (XFA)"));
    }
    for page in pdf.pages().iter() {
        // Not the page's own dictionary: it leads to its parent, and so to every other page.
        for dict in [
            &page.resources().x_objects,
            &page.resources().fonts,
            &page.resources().patterns,
            &page.resources().ext_g_states,
            &page.resources().color_spaces,
            &page.resources().shadings,
        ] {
            walk.dict(dict)?;
        }
        walk.enter(page.raw().get_raw("Contents"))?;
        let annotations = page.raw().get::<Array<'_>>("Annots");
        for annotation in annotations.iter().flat_map(|list| list.iter::<Dict<'_>>()) {
            walk.enter(annotation.get_raw("AP"))?;
        }
        walk.finish()?;
        page_content(page)?;
        walk.reading.page(page)?;
    }
    Ok(walk.reading.weights)
}

struct Walk<'a> {
    xref: &'a XRef,
    seen: HashSet<ObjectIdentifier>,
    queue: Vec<Object<'a>>,
    objects: usize,
    bytes: usize,
    reading: Reading,
    /// Something is blended otherwise than by covering.
    blends: bool,
}

impl<'a> Walk<'a> {
    fn finish(&mut self) -> Result<(), RasterError> {
        while let Some(object) = self.queue.pop() {
            match object {
                Object::Dict(dict) => self.dict(&dict)?,
                Object::Array(array) => array.raw_iter().try_for_each(|item| self.follow(item))?,
                Object::Stream(stream) => self.stream(&stream)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn enter(&mut self, object: Option<MaybeRef<Object<'a>>>) -> Result<(), RasterError> {
        object.map_or(Ok(()), |object| self.follow(object))
    }

    fn follow(&mut self, object: MaybeRef<Object<'a>>) -> Result<(), RasterError> {
        self.objects += 1;
        if self.objects > MOST_OBJECTS {
            return Err(RasterError::Complex("too many objects"));
        }
        match object {
            MaybeRef::Ref(reference) => {
                let id = reference.into();
                if self.seen.insert(id)
                    && let Some(object) = self.xref.get::<Object<'a>>(id)
                {
                    self.queue.push(object);
                }
            }
            MaybeRef::NotRef(object @ (Object::Dict(_) | Object::Array(_) | Object::Stream(_))) => {
                self.queue.push(object);
            }
            MaybeRef::NotRef(_) => {}
        }
        Ok(())
    }

    fn dict(&mut self, dict: &Dict<'a>) -> Result<(), RasterError> {
        blending(dict).map(|blends| self.blends |= blends)?;
        soft_mask(dict)?;
        if is(dict, "Subtype", b"Type3") {
            self.reading.font(dict)?;
        }
        for (key, value) in dict.entries() {
            // Form fields lead to their parents, tags to the whole document; neither is drawn.
            if !matches!(key.as_ref(), b"Parent" | b"StructParent" | b"StructParents") {
                self.follow(value)?;
            }
        }
        Ok(())
    }

    fn stream(&mut self, stream: &Stream<'a>) -> Result<(), RasterError> {
        let dict = stream.dict();
        let unpacked = streams::check(stream)?;
        let picture = is(dict, "Subtype", b"Image");
        if picture {
            image(stream)?;
        } else {
            self.bytes = self.bytes.saturating_add(unpacked);
            if self.bytes > MOST_BYTES {
                return Err(RasterError::Complex("its parts unpack to too much"));
            }
            if stream.decoded_data().is_err() {
                return Err(RasterError::Damaged("a stream cannot be unpacked"));
            }
        }
        if dict.contains_key("PatternType") {
            self.reading.pattern(stream)?;
        }
        if is(dict, "Subtype", b"Form") {
            group(dict)?;
            let data = stream.decoded_data().map_err(|_| MISSING)?;
            // Without resources of its own it takes those of whoever draws it: seen when that is drawn.
            if let Some(resources) = dict.get::<Dict<'_>>("Resources") {
                content(TypedIter::new(data.as_ref()), &Resources::new(resources))?;
            }
        }
        self.dict(dict)
    }
}

fn is(dict: &Dict<'_>, key: &str, value: &[u8]) -> bool {
    dict.get::<Name<'_>>(key).is_some_and(|name| name.as_ref() == value)
}

/// A blend mode other than covering.
fn blending(dict: &Dict<'_>) -> Result<bool, RasterError> {
    let plain = |name: &Name<'_>| matches!(name.as_ref(), b"Normal" | b"Compatible");
    let single = dict.get::<Name<'_>>("BM").map(|name| !plain(&name));
    let list = || dict.get::<Array<'_>>("BM").map(|list| list.iter::<Name<'_>>().any(|name| !plain(&name)));
    Ok(single.or_else(list).unwrap_or(false))
}

/// The library draws every group as isolated and none as knockout. The first only matters to blend modes inside it.
fn group(form: &Dict<'_>) -> Result<(), RasterError> {
    let Some(group) = form.get::<Dict<'_>>("Group") else { return Ok(()) };
    if group.get::<bool>("K") == Some(true) {
        return Err(RasterError::Unsupported("knockout groups"));
    }
    if group.get::<bool>("I") == Some(true) {
        return Ok(());
    }
    let states = form.get::<Dict<'_>>("Resources").and_then(|it| it.get::<Dict<'_>>("ExtGState"));
    let blends = states.is_some_and(|states| {
        let mut names = states.keys();
        names.any(|name| {
            states.get::<Dict<'_>>(name.as_ref()).is_some_and(|state| blending(&state) == Ok(true))
        })
    });
    if blends { Err(RasterError::Unsupported("blending in groups that are not isolated")) } else { Ok(()) }
}

/// A mask that the library would leave out shows what was to be hidden.
fn soft_mask(dict: &Dict<'_>) -> Result<(), RasterError> {
    let Some(mask) = dict.get::<Dict<'_>>("SMask") else { return Ok(()) };
    if dict.get::<Stream<'_>>("SMask").is_some() {
        return Ok(());
    }
    let Some(form) = mask.get::<Stream<'_>>("G") else { return Err(MISSING) };
    let space = form.dict().get::<Dict<'_>>("Group").is_some_and(|group| group.contains_key("CS"));
    if is(&mask, "S", b"Luminosity") && !space {
        return Err(RasterError::Unsupported("a luminosity mask without a colour space"));
    }
    Ok(())
}

fn image(stream: &Stream<'_>) -> Result<(), RasterError> {
    let dict = stream.dict();
    let side =
        |long: &str, short: &str| dict.get::<u32>(long).or_else(|| dict.get::<u32>(short)).map(u64::from);
    let (Some(width), Some(height)) = (side("Width", "W"), side("Height", "H")) else { return Err(MISSING) };
    let too_large = RasterError::Complex("a picture has too many dots");
    if width * height > MOST_PIXELS || width > 16_384 || height > 16_384 {
        return Err(too_large);
    }
    if dict.contains_key("Alternates") || dict.contains_key("OPI") {
        return Err(RasterError::Unsupported("alternate pictures"));
    }
    for filter in stream.filters() {
        match filter {
            // Their own headers say how much is unpacked, in ways that only a decoder finds out.
            Filter::Jbig2Decode => return Err(RasterError::Unsupported("JBIG2 pictures")),
            Filter::JpxDecode => {
                let raw = stream.raw_data();
                let most =
                    jpeg_2000_pixels(&raw).ok_or(RasterError::Damaged("a JPEG 2000 picture has no size"))?;
                if most > MOST_PIXELS {
                    return Err(too_large);
                }
            }
            Filter::CcittFaxDecode => {
                let columns = parameters(dict).map_or(1728, |it| it.get::<u32>("Columns").unwrap_or(1728));
                if u64::from(columns) * height > MOST_PIXELS {
                    return Err(too_large);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn parameters<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    let of = |key: &str| {
        let list = || dict.get::<Array<'a>>(key).and_then(|list| list.iter::<Dict<'a>>().last());
        dict.get::<Dict<'a>>(key).or_else(list)
    };
    of("DecodeParms").or_else(|| of("DP"))
}

/// Width × height of the reference grid, from the SIZ marker.
fn jpeg_2000_pixels(data: &[u8]) -> Option<u64> {
    let at = data.windows(4).position(|bytes| bytes == [0xFF, 0x4F, 0xFF, 0x51])?;
    let word =
        |offset: usize| data.get(at + offset..at + offset + 4).and_then(|it| <[u8; 4]>::try_from(it).ok());
    let (width, height) = (u32::from_be_bytes(word(8)?), u32::from_be_bytes(word(12)?));
    u64::from(width).checked_mul(u64::from(height))
}

/// The contents of a page are there and whole: a page whose stream cannot be unpacked would come out blank.
fn page_content(page: &Page<'_>) -> Result<(), RasterError> {
    let streams: Vec<Option<Stream<'_>>> = match page.raw().get::<Object<'_>>("Contents") {
        None if page.raw().contains_key("Contents") => return Err(MISSING),
        None | Some(Object::Null(_)) => Vec::new(),
        Some(Object::Stream(stream)) => vec![Some(stream)],
        Some(Object::Array(list)) => {
            let mut found: Vec<Option<Stream<'_>>> =
                list.iter::<Object<'_>>().map(Object::into_stream).collect();
            // What does not resolve is left out by the iterator.
            found.resize(list.raw_iter().count().max(found.len()), None);
            found
        }
        Some(_) => return Err(MISSING),
    };
    for stream in streams {
        let stream = stream.ok_or(MISSING)?;
        stream
            .decoded_data()
            .map_err(|_| RasterError::Damaged("the contents of a page cannot be unpacked"))?;
    }
    content(page.typed_operations(), page.resources())
}

/// Every part that a content names is there.
fn content(mut operations: TypedIter<'_>, resources: &Resources<'_>) -> Result<(), RasterError> {
    while let Some(operation) = operations.next() {
        match operation {
            TypedInstruction::XObject(name) => {
                let object = resources.get_x_object(name.0).ok_or(MISSING)?;
                let kind = object.dict().get::<Name<'_>>("Subtype");
                match kind.as_ref().map(|name| name.as_ref()) {
                    Some(b"Form" | b"Image") => {}
                    Some(b"PS") => return Err(RasterError::Unsupported("PostScript parts")),
                    _ => return Err(MISSING),
                }
            }
            TypedInstruction::Shading(name) if resources.get_shading(name.0).is_none() => {
                return Err(MISSING);
            }
            _ => {}
        }
    }
    Ok(())
}
