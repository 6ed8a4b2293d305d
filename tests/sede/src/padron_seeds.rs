//! The people that the town's padrón begins with. None of them exists.
//!
//! | number | what happens |
//! |---|---|
//! | `12345678Z`, `00000014Z` | one dwelling, all agree: everything at once |
//! | `X1234567L`, `Y1234567X`, `Z1234576X` | one dwelling, the second does not agree: consenting only |
//! | `00000000T` | alone |
//! | `11111111H` | sixteen people with long names: two pages |
//! | `X1234581X` | renewal pending: everything is refused |
//! | `22222222J`, `66666666Q` | alone; the second is a child who has a number |
//! | `87654321X` | not registered here |
//! | card `7700001234567894` | `12345678Z` as a pseudonym |
//! | card `0000012345678` | the same, on another kind of card |
//! | card `7700009876543219` | cancelled |
use jiff::civil::{Date, date};

use crate::padron::{Dwelling, MunicipalCard, Padron, Resident};

pub(crate) fn padron() -> Padron {
    let dwellings = vec![
        dwelling(
            "all-agree",
            "C/ Mayor, 1, 3.º B, 30149 Villa de Prueba",
            vec![
                resident("12345678Z", "Vecina de Prueba", date(2011, 3, 14)),
                resident("00000014Z", "Vecino Ejemplo Inventado", date(2011, 3, 14)),
                child("Criatura Ejemplo Prueba", date(2021, 6, 2)),
            ],
        ),
        dwelling(
            "one-does-not-agree",
            "Av. de l'Exemple, 25, esc. A, 1.º 2.ª, 30149 Villa de Prueba",
            vec![
                resident("X1234567L", "Resident d'Exemple i Prova", date(2019, 9, 1)),
                Resident {
                    consents: false, ..resident("Y1234567X", "Íñigo Ñu Ficticio", date(2020, 1, 20))
                },
                resident("Z1234576X", "Inquilina de Muestra", date(2022, 2, 28)),
            ],
        ),
        dwelling(
            "alone",
            "Plaza de Felipe VI, 12, bajo, 30149 Villa de Prueba",
            vec![resident("00000000T", "Empadronada Sintética Núñez", date(1999, 12, 31))],
        ),
        dwelling("crowded", "Camí del Col·legi Fictici, s/n, 30149 Villa de Prueba", crowd()),
        dwelling(
            "renewal-pending",
            "C/ de la Renovación, 2, 30149 Villa de Prueba",
            vec![Resident {
                renewal_pending: true,
                ..resident("X1234581X", "Persona Pendiente de Muestra", date(2023, 5, 5))
            }],
        ),
        dwelling(
            "revoked",
            "C/ de la Revocación, 4, 30149 Villa de Prueba",
            vec![resident("22222222J", "Revocado Vecino de Prueba", date(2005, 7, 7))],
        ),
        dwelling(
            "child",
            "C/ de la Infancia, 6, 30149 Villa de Prueba",
            vec![resident("66666666Q", "Menor Vecino de Prueba", date(2015, 8, 8))],
        ),
    ];
    let card = |number: &str, holder: &str, cancelled| MunicipalCard {
        number: number.into(),
        holder: holder.into(),
        cancelled,
    };
    Padron {
        dwellings,
        cards: vec![
            card("7700001234567894", "12345678Z", false),
            card("0000012345678", "12345678Z", false),
            card("7700009876543219", "00000000T", true),
        ],
    }
}

/// A holder and fifteen others whose names are as long as names get.
fn crowd() -> Vec<Resident> {
    let names = [
        "María de los Ángeles Inmaculada",
        "Íñigo Maximiliano",
        "Ruperta Concepción",
        "Çelia Núria",
        "Gal·la Estefanía",
        "Pánfilo Eustaquio",
        "Wenceslao Ümit",
        "Àngels Remei",
    ];
    let surnames = ["Fernández-Villaverde y Ortiz de Zárate", "Muñoz-Alonso de la Cierva Inventada"];
    let others = surnames.iter().flat_map(|surname| {
        names.iter().map(move |name| child(&format!("{name} {surname}"), date(2018, 4, 1)))
    });
    let holder = resident("11111111H", "Col·laborador Fictici Muñoz", date(2018, 4, 1));
    std::iter::once(holder).chain(others.take(15)).collect()
}

fn dwelling(name: &str, address: &str, residents: Vec<Resident>) -> Dwelling {
    Dwelling { name: name.into(), address: address.into(), residents }
}

fn resident(number: &str, name: &str, registered_on: Date) -> Resident {
    Resident { number: Some(number.into()), ..child(name, registered_on) }
}

/// Somebody without a number; who has custody agrees.
fn child(name: &str, registered_on: Date) -> Resident {
    Resident { number: None, name: name.into(), registered_on, consents: true, renewal_pending: false }
}
