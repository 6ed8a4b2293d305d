//! Pages told apart on the emulated board's display, by the colour at places where only they have buttons.
use emulated_board::qemu::Screen;

/// The action colour of the board's town hall.
pub const ACTION: [u8; 3] = [0x00, 0x33, 0x66];

/// Places of the first page with payments offered that have the action colour: its head, and the last two languages.
pub const OPEN: [(u32, u32); 3] = [(20, 20), (150, 1500), (150, 1700)];

/// True when the display has the action colour at this place.
pub fn is_action(screen: &Screen, (x, y): (u32, u32)) -> bool {
    screen.pixel(x, y) == Some(ACTION)
}

/// The first page with payments offered: three languages as buttons, and the head in the town's colour.
pub fn is_open(screen: &Screen) -> bool {
    OPEN.into_iter().all(|place| is_action(screen, place))
}
