//! One page, drawn in grey at a placement, with the form values over it.
use hayro::hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};

use super::Head;
use super::budget::Rehearsal;
use super::fit::Placement;
use super::halftone::Grey;

/// The page's points as dots of the placement.
fn transform(page: &Page<'_>, placed: Placement, head: Head) -> Affine {
    let scale = placed.scale * f64::from(head.dpi) / 72.0;
    let upright = page.initial_transform(true).to_kurbo();
    let (_, height) = page.render_dimensions();
    // A quarter to the right: the left edge becomes the upper one.
    let turn = if placed.turned {
        Affine::new([0.0, 1.0, -1.0, 0.0, f64::from(height), 0.0])
    } else {
        Affine::IDENTITY
    };
    Affine::scale(scale) * turn * upright
}

/// Interprets a page without painting it.
pub(super) fn rehearse<'a>(
    page: &'a Page<'a>,
    mut rehearsal: Rehearsal,
    placed: Placement,
    settings: &InterpreterSettings,
    interpreter: &InterpreterCache<'a>,
    head: Head,
) -> bool {
    let target = Rect::new(0.0, 0.0, f64::from(placed.width), f64::from(placed.rows));
    let mut context =
        Context::new(transform(page, placed, head), target, interpreter, page.xref(), settings.clone());
    interpret_page(page, &mut context, &mut rehearsal);
    rehearsal.ink
}

/// Draws pages over each other, as one.
pub(super) fn draw<'a>(
    layers: &[(&'a Page<'a>, &RenderCache<'a>)],
    placed: Placement,
    settings: &InterpreterSettings,
    head: Head,
) -> Grey {
    let mut context = RenderContext::new(placed.width, placed.rows);
    // Half covered is black: no grey edges on text and lines.
    let render = RenderSettings { aliasing_threshold: Some(127), ..RenderSettings::default() };
    for (page, cache) in layers {
        render_into(page, cache, settings, &render, &mut context, transform(page, placed, head));
    }
    context.flush();
    let mut pixels = Pixmap::new(placed.width, placed.rows);
    let target =
        RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() };
    context.render_with(&mut pixels, &mut Resources::default(), target);
    let dots = pixels
        .data()
        .iter()
        .map(|pixel| {
            // On white, and so opaque.
            let [red, green, blue] = [pixel.r, pixel.g, pixel.b].map(u32::from);
            u8::try_from((red * 299 + green * 587 + blue * 114 + 500) / 1000).unwrap_or(255)
        })
        .collect();
    Grey { width: usize::from(placed.width), dots }
}
