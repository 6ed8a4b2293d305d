//! The kiosk dies, or its printer does, at every command that the printer carries out for a payment.
use simulators::Decision;

use super::*;

/// Pays; at the printer's n-th command the kiosk is killed, or the decision strikes the printer. `None`: there was no
/// such command.
async fn pay_until(nth: u64, strike: Decision) -> Option<()> {
    let (world, kill) = (World::new(), Kill::at(nth));
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    let counted = kill.clone();
    world.printer.on_command(move |_| if counted.count() { strike } else { Decision::Proceed });
    let reached = match strike {
        // What the printer has done it has done; who asked for it is gone.
        Decision::Proceed => {
            let reached = pay_or_die(&world, &mut kiosk, &kill).await.is_none();
            kiosk.die().await;
            kiosk = revive(&world).await;
            reached
        }
        _ => {
            kiosk.pay(&world).await;
            kill.counted() >= nth
        }
    };
    if !reached {
        return None;
    }
    println!("{strike:?} at command {nth}");
    kiosk.until_open().await;
    world.check_end();
    assert_eq!(world.cash.truth().coins_paid_out.cents(), 460);
    assert_eq!(world.sede.bookings().len(), 1);
    let whole = |paper: &simulators::escpos::Paper| paper.text.contains("PAGADO") && !paper.torn;
    assert!(world.printer.papers().iter().any(whole), "a whole receipt: {:?}", world.printer.papers());
    Some(())
}

async fn at_every_command(strike: Decision) {
    let mut nth = 1;
    while pay_until(nth, strike).await.is_some() {
        nth += 1;
    }
    println!("{strike:?}: {} cases", nth - 1);
    assert!(nth > 3, "a receipt takes more commands");
}

#[tokio::test(start_paused = true)]
async fn the_kiosk_is_killed_at_every_command_of_the_printer() {
    at_every_command(Decision::Proceed).await;
}

#[tokio::test(start_paused = true)]
async fn the_printer_loses_its_power_at_every_command() {
    at_every_command(Decision::PowerCycleDevice).await;
}

#[tokio::test(start_paused = true)]
async fn the_line_of_the_printer_is_cut_at_every_command() {
    at_every_command(Decision::CutLine).await;
}

/// Not only between commands: in the middle of a line of text, of the code, of the cut.
#[tokio::test(start_paused = true)]
async fn the_printer_loses_its_power_after_so_many_bytes() {
    let mut cases = 0;
    for bytes in (1..).step_by(61) {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        kiosk.to_cash(&world, "vehicle-tax").await;
        let before = world.printer.snapshot().received;
        world.printer.fault(simulators::escpos::PrinterFault::PowerCutAfter { bytes });
        kiosk.insert_note(&world, 5000).await;
        kiosk.insert_note(&world, 2000).await;
        kiosk.until_over().await;
        let received = world.printer.snapshot().received - before;
        kiosk.until_open().await;
        world.check_end();
        let whole = |paper: &simulators::escpos::Paper| paper.text.contains("PAGADO") && !paper.torn;
        assert!(world.printer.papers().iter().any(whole), "{bytes}: {:?}", world.printer.papers());
        assert_eq!(world.cash.truth().coins_paid_out.cents(), 460);
        if received < u64::from(bytes) {
            break;
        }
        cases += 1;
    }
    println!("power cut after some bytes: {cases} cases");
    assert!(cases > 10, "{cases}");
}
