//! The price of a fine's reduction, told before anything is charged.
//!
//! By the traffic law (Real Decreto Legislativo 6/2015, article 94) who pays the reduced amount gives up allegations
//! and administrative appeals. So the page says in plain words what is given up, with both amounts and both days,
//! and the way back is as large as the way on.
use super::Presenter;
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::phrase::Value;
use crate::screen::{Line, Screen, Target};
use crate::texts::Text;
use crate::view::{Amount, Day, Intent, Reduction};

impl Presenter<'_> {
    pub(super) fn waiver(&self, amount: Amount, reduction: &Reduction, last_day: Option<Day>) -> Screen {
        let mut screen = Screen::new(Kind::Waiver, self.text(Text::WaiverHeading)).help(Text::HelpWaiver);
        screen.lead = self.text(Text::WaiverLead);
        screen.figure = Some(self.reduced_amount(amount, reduction));
        screen.lines = vec![self.full_amount(reduction, last_day)];
        let note = |tone, icon, title, text| self.note(tone, icon, self.text(title), self.text(text));
        screen.notes = vec![
            note(Tone::Attention, Icon::AlertTriangle, Text::WaiverGivenUpTitle, Text::WaiverGivenUpText),
            note(Tone::Plain, Icon::InfoCircle, Text::WaiverThenTitle, Text::WaiverThenText),
        ];
        screen.actions = vec![
            Target::new(Intent::Confirm, self.text(Text::WaiverConfirm))
                .text(self.text(Text::WaiverConfirmText))
                .primary(),
            Target::new(Intent::Back, self.text(Text::WaiverBack)).text(self.text(Text::WaiverBackText)),
        ];
        screen
    }

    /// The amount with the reduction, and its last day.
    pub(super) fn reduced_amount(&self, amount: Amount, reduction: &Reduction) -> Line {
        let key = self.fill(Text::BillReduced, &[("day", Value::Day(reduction.until))]);
        Line { key, value: self.value(Value::Amount(amount)) }
    }

    /// The amount without the reduction, and its last day if it has one.
    pub(super) fn full_amount(&self, reduction: &Reduction, last_day: Option<Day>) -> Line {
        let key = match last_day {
            Some(day) => self.fill(Text::BillFullUntil, &[("day", Value::Day(day))]),
            None => self.text(Text::BillFull),
        };
        Line { key, value: self.value(Value::Amount(reduction.full_amount)) }
    }
}
