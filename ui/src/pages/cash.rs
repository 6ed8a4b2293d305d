//! Paying with notes and coins: the terms, and the money going in.
use super::Presenter;
use crate::format;
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::phrase::{Phrase, Value};
use crate::screen::{Line, Note, Screen, Target};
use crate::speech;
use crate::texts::Text;
use crate::view::{Amount, Denomination, Intent, Page};

impl Presenter<'_> {
    pub(super) fn terms(
        &self,
        amount: Amount,
        taken: &[Denomination],
        coins: u32,
        exact_only: bool,
    ) -> Screen {
        let mut screen = Screen::new(Kind::Terms, self.text(Text::TermsHeading)).help(Text::HelpCash);
        screen.figure = Some(self.money(Text::CashToPay, amount));
        self.chips(&mut screen, taken);
        if exact_only {
            let (title, text) = (self.text(Text::TermsExactTitle), self.text(Text::TermsExactText));
            screen.notes.push(self.note(Tone::Attention, Icon::AlertTriangle, title, text));
        }
        let mut text = self.fill(Text::TermsCoins, &[("coins", Value::Number(coins))]);
        if !exact_only {
            text = text.joined(" ", &self.text(Text::TermsChange));
        }
        text = text.joined(" ", &self.text(Text::TermsCancel));
        screen.notes.push(self.note(Tone::Plain, Icon::InfoCircle, self.text(Text::TermsGoodTitle), text));
        screen.actions = vec![
            Target::new(Intent::Confirm, self.text(Text::TermsAccept)).primary(),
            Target::new(Intent::Cancel, self.text(Text::Cancel)).stop(),
        ];
        screen
    }

    pub(super) fn cash(&self, page: &Page) -> Screen {
        let Page::Cash { amount, inserted, denominations, checking, rejected, returnable } = page else {
            return self.out_of_service();
        };
        let missing = Amount(amount.0.saturating_sub(inserted.0).max(0));
        let mut screen = Screen::new(Kind::Cash, self.text(Text::CashHeading)).help(Text::HelpCash);
        screen.lead = self.slots();
        if *checking {
            let text = self.text(Text::CashChecking);
            screen.problem = Some(self.note(Tone::Plain, Icon::Hourglass, Phrase::default(), text));
        } else if *rejected {
            let (title, text) = (self.text(Text::CashRejectedTitle), self.text(Text::CashRejectedText));
            screen.problem = Some(self.note(Tone::Attention, Icon::ArrowBackUp, title, text));
        }
        screen.figure = Some(self.money(Text::CashMissing, missing));
        screen.lines = vec![self.money(Text::CashToPay, *amount), self.money(Text::CashInserted, *inserted)];
        screen.progress = Some(part(*inserted, *amount));
        self.chips(&mut screen, denominations);
        if missing.0 == 0 {
            // Nothing more is wanted: that is the reason then, and not the change.
            screen.chips_off = Phrase::default();
        }
        screen.notes = vec![self.if_cancelled(*inserted, *returnable)];
        let cancel = if inserted.0 > 0 { Text::CashCancel } else { Text::Cancel };
        screen.actions = vec![Target::new(Intent::Cancel, self.text(cancel)).stop()];
        screen
    }

    /// Where the slots are, from the board's configuration.
    fn slots(&self) -> Phrase {
        let (notes, coins) = (self.setting(&self.places.notes), self.setting(&self.places.coins));
        if notes.is_empty() || coins.is_empty() {
            return self.text(Text::CashOneNote);
        }
        self.fill(Text::CashPlaces, &[("notes", Value::Phrase(&notes)), ("coins", Value::Phrase(&coins))])
    }

    fn if_cancelled(&self, inserted: Amount, returnable: Amount) -> Note {
        let given = Amount(returnable.0.clamp(0, inserted.0.max(0)));
        let rest = Amount(inserted.0.max(0) - given.0);
        let id = match (given.0, rest.0) {
            (0, 0) => Text::CashReturnsNothing,
            (_, 0) => Text::CashReturnsAll,
            (0, _) => Text::CashReturnsSlip,
            _ => Text::CashReturnsPart,
        };
        let text = self.fill(id, &[("amount", Value::Amount(given)), ("rest", Value::Amount(rest))]);
        let tone = if rest.0 > 0 { Tone::Attention } else { Tone::Plain };
        Note { private: true, ..self.note(tone, Icon::ArrowBackUp, Phrase::default(), text) }
    }

    /// What is taken now, notes one by one, coins together; and what is not, with the reason.
    fn chips(&self, screen: &mut Screen, denominations: &[Denomination]) {
        let pick = |coin, accepted| -> Vec<Amount> {
            denominations
                .iter()
                .filter(|item| item.coin == coin && item.accepted == accepted)
                .map(|item| item.value)
                .collect()
        };
        let (notes, coins) = (pick(false, true), pick(true, true));
        let (no_notes, no_coins) = (pick(false, false), pick(true, false));
        screen.chips = notes.iter().map(|value| self.amounts(&[*value])).collect();
        match (coins.is_empty(), no_coins.is_empty()) {
            (true, _) => {}
            // The few are named: those that are taken here, or those that are not, below.
            (false, _) if coins.len() >= no_coins.len() => screen.chips.push(self.text(Text::CashCoins)),
            (false, _) => screen.chips_coins = self.coins(Text::CashCoinsSome, &coins),
        }
        let nothing = screen.chips.is_empty() && coins.is_empty();
        screen.chips_title = self.text(if nothing { Text::CashNothingAccepted } else { Text::CashAccepted });
        let refused_coins = match (coins.is_empty(), no_coins.is_empty()) {
            (_, true) => Phrase::default(),
            (true, false) => self.text(Text::CashCoinsRefused),
            (false, false) => self.coins(Text::CashCoinsRefusedSome, &no_coins),
        };
        let list = self.amounts(&no_notes).joined(", ", &refused_coins);
        if !list.is_empty() {
            screen.chips_off = self.fill(Text::CashRefused, &[("list", Value::Phrase(&list))]);
        }
    }

    fn coins(&self, id: Text, values: &[Amount]) -> Phrase {
        self.fill(id, &[("list", Value::Phrase(&self.amounts(values)))])
    }

    /// Values one after the other: "5 €, 10 €".
    fn amounts(&self, values: &[Amount]) -> Phrase {
        values.iter().fold(Phrase::default(), |list, value| {
            let name = Phrase {
                shown: format::denomination(self.language, *value).replace(' ', "\u{a0}"),
                spoken: speech::spoken_amount(self.language, *value),
            };
            list.joined(", ", &name)
        })
    }

    pub(super) fn money(&self, name: Text, amount: Amount) -> Line {
        Line { key: self.text(name), value: self.value(Value::Amount(amount)) }
    }
}

/// How much of the whole is there, 0 to 1.
pub(super) fn part(done: Amount, whole: Amount) -> f32 {
    if whole.0 <= 0 {
        return 1.0;
    }
    let thousandths = i128::from(done.0.max(0)) * 1000 / i128::from(whole.0);
    thousandths.min(1000) as f32 / 1000.0
}
