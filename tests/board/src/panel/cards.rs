//! The card reader's slot and the drawer of the citizens' cards.
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use simulators::smartcard::{CardSnapshot, DrawerCard, VirtualReader};

use super::Panel;
use super::answer::{Done, Failure, done, done_with};
use crate::citizens::Citizens;

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum AtReader {
    /// A card of the drawer, by its name; what was in comes out first.
    Insert {
        card: String,
    },
    TakeOut,
    /// A new card in place of one that is used up; out of the reader if it was in.
    Renew {
        card: String,
    },
}

/// `POST /api/card {"do": "insert", "card": "ordinary"}`, `{"do": "take-out"}`, `{"do": "renew", "card": "ordinary"}`;
/// the result of `take-out` is whether a card was in.
pub async fn card(State(panel): State<Panel>, Json(action): Json<AtReader>) -> Done {
    panel.desk.act(action)
}

/// A slot and the cards beside it.
#[derive(Clone)]
pub struct CardDesk {
    pub reader: VirtualReader,
    pub citizens: Arc<Citizens>,
}

/// What the panel shows of cards.
#[derive(Serialize)]
pub struct Cards {
    reader: Option<Inside>,
    drawer: Vec<InDrawer>,
}

/// What is printed on a card, and what its holder knows.
#[derive(Serialize)]
struct Face {
    name: &'static str,
    description: &'static str,
    holder: Option<String>,
    number: Option<&'static str>,
    pin: Option<&'static str>,
}

/// The card in the reader.
#[derive(Serialize)]
struct Inside {
    /// `None` of a card that is not of the drawer.
    #[serde(flatten)]
    face: Option<Face>,
    #[serde(flatten)]
    snapshot: CardSnapshot,
}

/// A card of the drawer, wherever it is.
#[derive(Serialize)]
struct InDrawer {
    #[serde(flatten)]
    face: Face,
    tries_left: Option<u8>,
    in_reader: bool,
}

impl Face {
    fn of(card: &DrawerCard) -> Face {
        let name = |it: &simulators::smartcard::Citizen| {
            let [first, second] = it.surnames;
            format!("{} {first} {second}", it.given_name)
        };
        Face {
            name: card.name,
            description: card.description,
            holder: card.citizen.as_ref().map(name),
            number: card.citizen.map(|it| it.number),
            pin: card.pin,
        }
    }
}

impl CardDesk {
    fn act(&self, action: AtReader) -> Done {
        match action {
            AtReader::Insert { card } => {
                let drawn = self.drawn(&card)?.card.clone();
                self.reader.remove();
                self.reader.insert(drawn);
            }
            AtReader::TakeOut => return done_with(self.reader.remove().is_some()),
            AtReader::Renew { card } => {
                let drawn = self.drawn(&card)?;
                if self.reader.card().is_some_and(|inside| inside.is(&drawn.card)) {
                    self.reader.remove();
                }
                self.citizens.renew(drawn.name);
            }
        }
        done()
    }

    fn drawn(&self, name: &str) -> Result<&DrawerCard, Failure> {
        let card = self.citizens.card(name);
        Ok(card.ok_or_else(|| anyhow::anyhow!("no card in the drawer is called {name}"))?)
    }

    /// Slot and drawer now.
    pub fn shown(&self) -> Cards {
        let inside = self.reader.card();
        let is_inside = |card: &DrawerCard| inside.as_ref().is_some_and(|it| it.is(&card.card));
        let reader = inside.as_ref().map(|card| Inside {
            face: self.citizens.cards().find(|it| is_inside(it)).map(Face::of),
            snapshot: card.snapshot(),
        });
        let drawer = self.citizens.cards().map(|card| InDrawer {
            face: Face::of(card),
            tries_left: card.card.snapshot().tries_left,
            in_reader: is_inside(card),
        });
        Cards { reader, drawer: drawer.collect() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use reference_sede::Sede;
    use serde_json::{Value, json};
    use simulators::smartcard::CardFault;

    use super::*;

    fn desk() -> CardDesk {
        let now: Timestamp = "2026-11-25T10:15:00Z".parse().unwrap();
        let sede = Sede::new(Arc::new(move || now), 7).unwrap();
        let citizens = Arc::new(Citizens::of(&sede, now).unwrap());
        CardDesk { reader: VirtualReader::new(), citizens }
    }

    /// What the page gets, after the request that it sent.
    fn after(desk: &CardDesk, request: Value) -> Value {
        let _result = desk.act(serde_json::from_value(request).unwrap()).unwrap();
        serde_json::to_value(desk.shown()).unwrap()
    }

    fn in_drawer(shown: &Value, name: &str) -> Value {
        shown["drawer"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap().clone()
    }

    #[test]
    fn a_card_goes_into_the_slot_and_the_next_one_pushes_it_out() {
        let desk = desk();
        let shown = after(&desk, json!({"do": "insert", "card": "ordinary"}));
        let inside = &shown["reader"];
        let face = ["name", "holder", "number", "pin"].map(|key| inside[key].as_str().unwrap());
        assert_eq!(face, ["ordinary", "VECINA DE PRUEBA", "12345678Z", "Prueba2026"]);
        assert_eq!((&inside["powered"], &inside["tries_left"]), (&json!(false), &json!(3)));
        let first = desk.reader.card().unwrap();
        first.power_on();
        assert_eq!(serde_json::to_value(desk.shown()).unwrap()["reader"]["powered"], true);

        let shown = after(&desk, json!({"do": "insert", "card": "municipal"}));
        assert_eq!(
            (&shown["reader"]["name"], &shown["reader"]["holder"]),
            (&json!("municipal"), &json!(null))
        );
        assert_eq!(in_drawer(&shown, "ordinary")["in_reader"], false);
        assert_eq!(in_drawer(&shown, "municipal")["in_reader"], true);
        assert!(!first.snapshot().powered, "a card outside the reader has no power");

        let shown = after(&desk, json!({"do": "take-out"}));
        assert_eq!(shown["reader"], Value::Null);
        let again = desk.act(AtReader::TakeOut).unwrap();
        assert_eq!(again.0["result"], false, "there was none to take out");
    }

    #[test]
    fn a_card_whose_tries_are_used_up_is_replaced_and_lies_in_the_drawer() {
        let desk = desk();
        after(&desk, json!({"do": "insert", "card": "ordinary"}));
        desk.reader.card().unwrap().fault(CardFault::TriesLeft { tries: 0 });
        let shown = serde_json::to_value(desk.shown()).unwrap();
        assert_eq!(in_drawer(&shown, "ordinary")["tries_left"], 0);

        let shown = after(&desk, json!({"do": "renew", "card": "ordinary"}));
        assert_eq!(shown["reader"], Value::Null);
        assert_eq!(in_drawer(&shown, "ordinary")["tries_left"], 3);

        after(&desk, json!({"do": "insert", "card": "fnmt"}));
        let shown = after(&desk, json!({"do": "renew", "card": "ordinary"}));
        assert_eq!(shown["reader"]["name"], "fnmt", "another card stays in");
    }

    #[test]
    fn a_card_from_elsewhere_is_shown_without_a_name() {
        let desk = desk();
        desk.reader.insert(simulators::smartcard::VirtualCard::unknown());
        let shown = serde_json::to_value(desk.shown()).unwrap();
        assert_eq!((&shown["reader"]["profile"], shown["reader"].get("name")), (&json!("unknown"), None));
    }

    #[test]
    fn a_card_that_nobody_has_is_refused() {
        let desk = desk();
        for action in ["insert", "renew"] {
            let action = serde_json::from_value(json!({"do": action, "card": "none-such"})).unwrap();
            assert!(format!("{:?}", desk.act(action).unwrap_err()).contains("none-such"));
        }
        assert!(
            serde_json::from_value::<AtReader>(json!({"do": "insert", "card": "x", "pin": "1"})).is_err()
        );
    }
}
