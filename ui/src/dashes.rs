//! Dashed edges: the renderer draws solid borders only, so that the dashes are a path.
use std::fmt::Write as _;

use slint::SharedString;

/// The outline of a dashed edge with rounded corners, as path commands: dashes of three, gaps of two and a half
/// line widths.
pub(crate) fn dashes(width: f32, height: f32, radius: f32, line: f32) -> SharedString {
    let (left, top, right, bottom) = (0.0, 0.0, width, height);
    let radius = (radius - line / 2.0).clamp(0.0, (right.min(bottom) / 2.0).max(0.0));
    if !(right > left && bottom > top && line > 0.0) {
        return SharedString::default();
    }
    let sides = [
        (left + radius, top, right - radius, top),
        (right, top + radius, right, bottom - radius),
        (right - radius, bottom, left + radius, bottom),
        (left, bottom - radius, left, top + radius),
    ];
    let corners = [
        (right - radius, top, right, top + radius),
        (right, bottom - radius, right - radius, bottom),
        (left + radius, bottom, left, bottom - radius),
        (left, top + radius, left + radius, top),
    ];
    let mut path = String::new();
    for (x0, y0, x1, y1) in sides {
        let length = (x1 - x0).hypot(y1 - y0);
        let count = (length / (line * 5.5)).floor().clamp(1.0, 400.0);
        let step = length / count;
        let (across, down) = ((x1 - x0) / length.max(1.0), (y1 - y0) / length.max(1.0));
        for dash in 0..count as u32 {
            let from = dash as f32 * step + step * 0.22;
            let to = from + step * 0.56;
            let (x, y, u, v) = (x0 + across * from, y0 + down * from, x0 + across * to, y0 + down * to);
            let _ = write!(path, "M{x:.1} {y:.1}L{u:.1} {v:.1}");
        }
    }
    for (x0, y0, x1, y1) in corners {
        let _ = write!(path, "M{x0:.1} {y0:.1}A{radius:.1} {radius:.1} 0 0 1 {x1:.1} {y1:.1}");
    }
    path.into()
}
