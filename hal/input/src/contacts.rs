//! The fingers on one device, and the rule of the first finger: who touches first is followed, everybody else
//! is ignored until the screen is free again, as a leaning palm must not press what lies under it. Pure.

/// More than any panel tracks; a device that names a higher slot is ignored there.
const SLOTS: usize = 16;

/// Not touching, in the protocol's own number.
const UP: i32 = -1;

#[derive(Clone, Copy, Debug)]
struct Contact {
    /// The tracking identifier, [`UP`] without a finger.
    id: i32,
    x: i32,
    y: i32,
    /// Came and went since the last report.
    tapped: bool,
}

/// Who is being followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finger {
    /// Nobody touches.
    Free,
    /// This one.
    Followed { slot: usize, id: i32, at: (i32, i32) },
    /// The followed one is gone, others still touch.
    Blocked,
}

/// What a report means; positions are in the device's units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    Press(i32, i32),
    Move(i32, i32),
    Release(i32, i32),
}

#[derive(Clone, Debug)]
pub(crate) struct Contacts {
    slots: [Contact; SLOTS],
    /// The slot that the next values belong to; `None` while the device names one that does not exist.
    current: Option<usize>,
    finger: Finger,
    /// Fingers touch whose slots are unknown, since events were lost.
    blind: bool,
    /// Tracking identifiers for devices without their own.
    next_id: i32,
}

impl Contacts {
    /// Nobody touches; `x` and `y` are the device's last position.
    pub(crate) fn new(x: i32, y: i32) -> Contacts {
        let contact = Contact { id: UP, x, y, tapped: false };
        Contacts { slots: [contact; SLOTS], current: Some(0), finger: Finger::Free, blind: false, next_id: 0 }
    }

    pub(crate) fn select(&mut self, slot: i32) {
        self.current = usize::try_from(slot).ok().filter(|slot| *slot < SLOTS);
    }

    fn with_current(&mut self, change: impl FnOnce(&mut Contact)) {
        if let Some(contact) = self.current.and_then(|slot| self.slots.get_mut(slot)) {
            change(contact);
        }
    }

    pub(crate) fn set_x(&mut self, x: i32) {
        self.with_current(|contact| contact.x = x);
    }

    pub(crate) fn set_y(&mut self, y: i32) {
        self.with_current(|contact| contact.y = y);
    }

    /// A tracking identifier; negative when the finger left.
    pub(crate) fn track(&mut self, id: i32) {
        let id = id.max(UP);
        self.with_current(|contact| {
            contact.tapped = id == UP && (contact.tapped || contact.id != UP);
            contact.id = id;
        });
    }

    /// A button instead of an identifier.
    pub(crate) fn button(&mut self, down: bool) {
        let is_down =
            self.current.and_then(|slot| self.slots.get(slot)).is_some_and(|contact| contact.id != UP);
        if down && is_down {
            // A second button of the same pointer is no second finger.
        } else if down {
            self.next_id = if self.next_id == i32::MAX { 0 } else { self.next_id + 1 };
            self.track(self.next_id);
        } else {
            self.track(UP);
        }
    }

    /// The device says that nobody touches at all.
    pub(crate) fn all_up(&mut self) {
        self.blind = false;
        for contact in &mut self.slots {
            contact.tapped |= contact.id != UP;
            contact.id = UP;
        }
    }

    /// Events were lost: whoever was followed is released, and if somebody touches, nobody is followed until the
    /// device says that all are up.
    pub(crate) fn forget(&mut self, touching: bool) -> Option<Touch> {
        for contact in &mut self.slots {
            contact.id = UP;
            contact.tapped = false;
        }
        self.blind = touching;
        let before =
            std::mem::replace(&mut self.finger, if touching { Finger::Blocked } else { Finger::Free });
        match before {
            Finger::Followed { at: (x, y), .. } => Some(Touch::Release(x, y)),
            Finger::Free | Finger::Blocked => None,
        }
    }

    /// How a slot stands after [`Contacts::forget`]; a finger in it is known, but not followed.
    pub(crate) fn restore(&mut self, slot: usize, id: i32, x: i32, y: i32) {
        if let Some(contact) = self.slots.get_mut(slot) {
            *contact = Contact { id: id.max(UP), x, y, tapped: false };
            if contact.id != UP {
                self.finger = Finger::Blocked;
            }
        }
    }

    fn first_down(&self) -> Option<(usize, Contact)> {
        self.slots.iter().copied().enumerate().find(|(_, contact)| contact.id != UP)
    }

    /// A report is complete. At most a release, a press and its release come of one.
    pub(crate) fn report(&mut self) -> impl Iterator<Item = Touch> + use<> {
        let mut touches = [None; 3];
        if let Finger::Followed { slot, id, at } = self.finger {
            match self.slots.get(slot) {
                Some(contact) if contact.id == id => {
                    let now = (contact.x, contact.y);
                    if now != at {
                        self.finger = Finger::Followed { slot, id, at: now };
                        touches = [Some(Touch::Move(now.0, now.1)), None, None];
                    }
                    self.end_report();
                    return touches.into_iter().flatten();
                }
                _ => {
                    touches = [Some(Touch::Release(at.0, at.1)), None, None];
                    let others = self.slots.iter().enumerate().any(|(n, c)| n != slot && c.id != UP);
                    // The tap is over with this release, unless another finger used the slot since.
                    if let Some(contact) = self.slots.get_mut(slot) {
                        contact.tapped = false;
                    }
                    self.finger = if others || self.blind { Finger::Blocked } else { Finger::Free };
                }
            }
        }
        match (self.finger, self.first_down()) {
            (Finger::Free, Some((slot, contact))) => {
                let at = (contact.x, contact.y);
                self.finger = Finger::Followed { slot, id: contact.id, at };
                touches = [touches.into_iter().flatten().next(), Some(Touch::Press(at.0, at.1)), None];
            }
            (Finger::Free, None) => {
                if let Some(contact) = self.slots.iter().find(|contact| contact.tapped) {
                    let (x, y) = (contact.x, contact.y);
                    let before = touches.into_iter().flatten().next();
                    touches = [before, Some(Touch::Press(x, y)), Some(Touch::Release(x, y))];
                }
            }
            (Finger::Blocked, None) if !self.blind => self.finger = Finger::Free,
            (Finger::Blocked | Finger::Followed { .. }, _) => {}
        }
        self.end_report();
        touches.into_iter().flatten()
    }

    fn end_report(&mut self) {
        for contact in &mut self.slots {
            contact.tapped = false;
        }
    }
}
