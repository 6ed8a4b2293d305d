//! Samples of appointments.
use super::Add;
use crate::view::*;

const SERVICE: &str = "Padrón y censo";
const LONG_SERVICE: &str =
    "Servicios Sociales: primera entrevista de valoración de la dependencia y ayudas a domicilio";
const OFFICE: &str = "Oficina central";
const LONG_OFFICE: &str = "Centro municipal de atención a la ciudadanía del distrito Marítimo, planta baja";
const ADDRESS: &str = "C/ Mayor, 1, 46000 Villamar";
const LONG_ADDRESS: &str =
    "Avenida de la Constitución y del Mediterráneo, s/n, esquina con C/ Mayor, 46000 Villamar";
const WHEN: &str = "miércoles 2 de diciembre de 2026, 9:30";
const LONG_WHEN: &str = "miércoles 30 de septiembre de 2026, 12:45";
const BRING: &str = "Su DNI o NIE y, si vive de alquiler, el contrato y el último recibo pagado.";

fn words(words: &str) -> String {
    words.to_owned()
}

fn next(count: usize) -> Vec<Item> {
    let hours = ["9:45", "10:00", "10:15", "10:30", "10:45", "11:00"];
    let item = |hour: &str| Item {
        title: format!("miércoles 2 de diciembre de 2026, {hour}"),
        text: words("Oficina central"),
        off: false,
    };
    hours.into_iter().take(count).map(item).collect()
}

pub(super) fn appointments(add: Add<'_>) {
    add("appointment-start", Some((1, 4)), true, Page::AppointmentStart);
    add("who-is", Some((2, 4)), true, Page::WhoIs);
    add("number-confirm", Some((2, 4)), true, Page::NumberConfirm { shown: words("00000014Z") });
    for (name, service, office, address, when) in [
        ("", SERVICE, OFFICE, ADDRESS, WHEN),
        ("-longest", LONG_SERVICE, LONG_OFFICE, LONG_ADDRESS, LONG_WHEN),
        ("-bare", "Multas", "Sede", "", "hoy, 9:30"),
    ] {
        let (service, office, address, when) = (words(service), words(office), words(address), words(when));
        add(
            &format!("appointment-first{name}"),
            Some((3, 4)),
            true,
            Page::AppointmentFirst { service: service.clone(), office: office.clone(), when: when.clone() },
        );
        add(
            &format!("appointment-check{name}"),
            Some((4, 4)),
            true,
            Page::AppointmentCheck {
                service: service.clone(),
                office: office.clone(),
                address: address.clone(),
                when: when.clone(),
            },
        );
        add(
            &format!("own-appointment{name}"),
            None,
            true,
            Page::OwnAppointment {
                service: service.clone(),
                office: office.clone(),
                address: address.clone(),
                when: when.clone(),
                code: if address.is_empty() { String::new() } else { words("K7M2-XR4") },
            },
        );
        add(
            &format!("appointment-cancel{name}"),
            None,
            true,
            Page::AppointmentCancel { service: service.clone(), when: when.clone() },
        );
        add(
            &format!("appointment-cancelled{name}"),
            None,
            false,
            Page::AppointmentCancelled { service, when },
        );
    }
    for (name, slip, longest, bring) in [
        ("", Slip::Printed, false, BRING),
        ("-printing", Slip::Printing, false, ""),
        ("-longest", Slip::Printed, true, BRING),
        ("-no-slip", Slip::Impossible, true, BRING),
    ] {
        let page = Page::Appointed {
            code: words("K7M2-XR4"),
            service: words(if longest { LONG_SERVICE } else { SERVICE }),
            office: words(if longest { LONG_OFFICE } else { OFFICE }),
            address: words(if longest { LONG_ADDRESS } else { ADDRESS }),
            when: words(if longest { LONG_WHEN } else { WHEN }),
            bring: words(bring),
            slip,
        };
        add(&format!("appointed{name}"), None, false, page);
    }
    let until = Some(Day { year: 2026, month: 12, day: 31 });
    let channels = "Llame al 010 de 9 a 14 h o pregunte en la oficina central, C/ Mayor, 1, sin cita.";
    for (name, service, until, channels) in
        [("", SERVICE, until, channels), ("-longest", LONG_SERVICE, until, channels), ("-bare", "", None, "")]
    {
        let page = Page::NoAppointments { service: words(service), until, channels: words(channels) };
        add(&format!("no-appointments{name}"), Some((3, 4)), true, page);
    }
    for count in [0, 1, 3] {
        let page = Page::AppointmentTaken { when: words(LONG_WHEN), next: next(count) };
        add(&format!("appointment-taken-{count}"), Some((3, 4)), true, page);
    }
    let refused = AppointmentTrouble::Refused {
        text: words("Ya tiene una cita para este servicio el miércoles 2 de diciembre, a las 9:30."),
        next: words("Si quiere otra hora, anule primero la que tiene."),
    };
    for (name, trouble) in [
        ("not-booked", AppointmentTrouble::NotBooked),
        ("booked-unknown", AppointmentTrouble::BookedUnknown),
        ("cancelled-unknown", AppointmentTrouble::CancelledUnknown),
        ("none", AppointmentTrouble::None),
        ("refused", refused),
        ("refused-bare", AppointmentTrouble::Refused { text: String::new(), next: String::new() }),
    ] {
        add(&format!("appointment-trouble-{name}"), None, true, Page::AppointmentTrouble { trouble });
    }
}
