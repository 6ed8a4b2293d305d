//! python-escpos/python-escpos#143: the paper-out byte 114 was misread because its bits were counted from the left.
use hal_device::Status;
use hal_escpos::Condition;

fn after(n: u8, byte: u8) -> Condition {
    let mut condition = Condition::default();
    condition.real_time(n, byte);
    condition
}

#[test]
fn byte_114_is_paper_end() {
    let condition = after(4, 114);
    assert!(condition.paper_end && !condition.paper_near_end);
    assert!(matches!(condition.status(), Status::OutOfService(reason) if reason.id == "paper-end"));
}

#[test]
fn every_bit_of_the_real_time_answers_has_its_meaning() {
    let quiet = Condition::default();
    for n in 1..=4 {
        assert_eq!(after(n, 0x12), quiet, "n = {n}");
    }
    assert_eq!(after(1, 0x16), quiet, "the drawer is no concern here");
    assert!(after(1, 0x1A).offline);
    assert!(after(2, 0x16).cover_open);
    assert_eq!(after(2, 0x1A), quiet, "the feed button");
    assert!(after(2, 0x32).stopped_by_paper);
    assert!(after(3, 0x16).jam);
    assert!(after(3, 0x1A).cutter);
    assert!(after(3, 0x32).unrecoverable);
    assert!(after(3, 0x52).head_hot);
    assert!(after(4, 0x1E).paper_near_end);
    assert!(after(4, 0x7E).paper_end && after(4, 0x7E).paper_near_end);
}

#[test]
fn every_bit_of_the_automatic_status_has_its_meaning() {
    let after = |bytes| {
        let mut condition = Condition::default();
        condition.automatic(bytes);
        condition
    };
    assert_eq!(after([0x14, 0, 0, 0x0F]), Condition::default());
    assert!(after([0x18, 0, 0, 0]).offline);
    assert!(after([0x30, 0, 0, 0]).cover_open);
    assert!(after([0x10, 0x04, 0, 0]).jam);
    assert!(after([0x10, 0x08, 0, 0]).cutter);
    assert!(after([0x10, 0x20, 0, 0]).unrecoverable);
    assert!(after([0x10, 0x40, 0, 0]).head_hot);
    assert!(after([0x10, 0, 0x03, 0]).paper_near_end);
    assert!(after([0x10, 0, 0x0C, 0]).paper_end);
}

#[test]
fn every_bit_of_full_status_has_its_meaning() {
    let after = |place: usize, byte| {
        let mut bytes = [None; 4];
        bytes[place] = Some(byte);
        let mut condition = Condition::default();
        condition.full(bytes);
        condition
    };
    assert!(after(0, 0x01).paper_end && after(0, 0x40).paper_end);
    assert!(after(0, 0x04).paper_near_end);
    assert!(after(0, 0x20).ticket_at_exit);
    assert!(after(1, 0x01).cover_open && after(1, 0x02).cover_open);
    assert!(after(1, 0x04).spooling);
    assert!(after(1, 0x08).motor);
    assert!(after(2, 0x01).head_hot && after(2, 0x08).head_hot);
    assert!(after(3, 0x01).cutter && after(3, 0x02).cutter);
    assert!(after(3, 0x04).unrecoverable && after(3, 0x08).unrecoverable);
}

#[test]
fn the_fault_to_mend_first_is_told_first() {
    let mut condition =
        Condition { cover_open: true, paper_end: true, offline: true, ..Condition::default() };
    assert!(matches!(condition.status(), Status::OutOfService(reason) if reason.id == "cover-open"));
    condition.cover_open = false;
    assert!(matches!(condition.status(), Status::OutOfService(reason) if reason.id == "paper-end"));
    condition.paper_end = false;
    assert!(matches!(condition.status(), Status::OutOfService(reason) if reason.id == "offline"));
}

#[test]
fn what_mends_itself_does_not_tear_a_job() {
    assert_eq!(Condition { head_hot: true, offline: true, ..Condition::default() }.tears(), None);
    assert_eq!(Condition { paper_near_end: true, ..Condition::default() }.tears(), None);
    assert!(Condition { cover_open: true, ..Condition::default() }.tears().is_some());
}
