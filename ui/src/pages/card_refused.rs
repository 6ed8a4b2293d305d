//! A card, or the citizen behind it, cannot go on here: what is the case, what to do, and where.
use super::Presenter;
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::phrase::{Phrase, Value};
use crate::screen::{Screen, Target};
use crate::texts::Text;
use crate::view::{CardRefusal, Intent};

impl Presenter<'_> {
    pub(super) fn card_refused(&self, refusal: &CardRefusal) -> Screen {
        let words = |heading, lead, advice| (self.text(heading), self.text(lead), self.text(advice));
        let nothing = Text::CardRefusedNothingDone;
        let (heading, lead, advice) = match refusal {
            CardRefusal::UnknownCard => {
                words(Text::CardRefusedUnknownHeading, nothing, Text::CardRefusedUseOther)
            }
            CardRefusal::DeadCard => words(Text::CardRefusedDeadHeading, nothing, Text::CardRefusedDeadText),
            CardRefusal::PinBlocked { dnie } => {
                let advice = if *dnie { Text::CardRefusedBlockedDnie } else { Text::CardRefusedBlockedOther };
                words(Text::CardRefusedBlockedHeading, Text::CardRefusedBlockedLead, advice)
            }
            CardRefusal::NoCertificates => {
                words(Text::CardRefusedNoneHeading, Text::CardRefusedNoneLead, Text::CardRefusedNoneText)
            }
            CardRefusal::CertificatesExpired { on, dnie } => {
                let (heading, lead, advice) = if *dnie {
                    (
                        Text::CardRefusedExpiredDnieHeading,
                        Text::CardRefusedExpiredDnieLead,
                        Text::CardRefusedExpiredDnieText,
                    )
                } else {
                    (
                        Text::CardRefusedExpiredHeading,
                        Text::CardRefusedExpiredLead,
                        Text::CardRefusedExpiredText,
                    )
                };
                (self.text(heading), self.fill(lead, &[("day", Value::Day(*on))]), self.text(advice))
            }
            CardRefusal::NotYetValid => {
                words(Text::CardRefusedNotYetHeading, nothing, Text::CardRefusedNotYetText)
            }
            CardRefusal::Revoked => {
                words(Text::CardRefusedRevokedHeading, nothing, Text::CardRefusedRevokedText)
            }
            CardRefusal::RevocationUnknown => words(
                Text::CardRefusedUncheckedHeading,
                Text::CardRefusedUncheckedLead,
                Text::CardRefusedUncheckedText,
            ),
            CardRefusal::Untrusted => {
                words(Text::CardRefusedUntrustedHeading, nothing, Text::CardRefusedUseOther)
            }
            CardRefusal::NotRegistered => words(
                Text::CardRefusedNotRegisteredHeading,
                Text::CardRefusedNotRegisteredLead,
                Text::CardRefusedNotRegisteredText,
            ),
            CardRefusal::CardCancelled => words(
                Text::CardRefusedCancelledHeading,
                Text::CardRefusedCancelledLead,
                Text::CardRefusedCancelledText,
            ),
            CardRefusal::NeedsCertificate => words(
                Text::CardRefusedNeedsDnieHeading,
                Text::CardRefusedNeedsDnieLead,
                Text::CardRefusedNeedsDnieText,
            ),
            CardRefusal::NothingOffered { text, next } => {
                let heading = Text::CertificatesNoneHeading;
                return self.refused_in_words(Kind::CardRefused, heading, "", text, next);
            }
            CardRefusal::Other => words(Text::CardRefusedOtherHeading, nothing, Text::CardRefusedOtherText),
        };
        self.told(Kind::CardRefused, heading, lead, advice)
    }

    /// A page that tells what cannot be, what to do and where to ask. What it says of a citizen's card is not for
    /// the loudspeaker, beyond the heading.
    pub(super) fn told(&self, kind: Kind, heading: Phrase, lead: Phrase, advice: Phrase) -> Screen {
        let mut screen = Screen::new(kind, heading).mark(Tone::Attention, Icon::AlertTriangle);
        screen.lead = lead;
        let mut what = self.note(Tone::Plain, Icon::InfoCircle, self.text(Text::RefusedWhatToDo), advice);
        what.private = true;
        screen.notes = vec![what, self.where_to_ask()];
        screen.actions = vec![Target::new(Intent::Confirm, self.text(Text::RefusedUnderstood)).primary()];
        screen
    }
}
