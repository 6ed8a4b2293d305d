//! Good answers with random damage, by seed: whatever comes, the client ends within its deadlines, and what it
//! believes is within the limits.
use std::time::Duration;

use tokio::time::Instant;

use super::*;
use crate::dice::Dice;

const TRIES: u64 = 1500;

impl Dice {
    fn damage_text(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(3) {
            let at = self.below(letters.len());
            match self.below(5) {
                0 => drop(letters.remove(at)),
                1 => letters.insert(at, letters[at]),
                2 => letters.truncate(at.max(letters.len() / 2)),
                3 => {
                    letters[at] =
                        ['0', '9', '-', '"', '}', '\u{0}', '\u{1b}', '\n', '\u{202e}', 'x'][self.below(10)]
                }
                _ => letters.swap(at, at / 2),
            }
        }
        letters.into_iter().collect()
    }

    /// One or two digits become others: what is left is an answer, and only its numbers, days and hashes are wrong.
    fn damage_numbers(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        let digits: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_ascii_digit()).collect();
        for _ in 0..=self.below(2) {
            letters[digits[self.below(digits.len())]] = char::from(b'0' + self.below(10) as u8);
        }
        letters.into_iter().collect()
    }

    fn damage(&mut self, text: &str) -> String {
        if self.below(2) == 0 { self.damage_numbers(text) } else { self.damage_text(text) }
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_comes_the_client_ends_in_time_and_believes_nothing_outside_the_limits() {
    let (mut believed, mut refused) = (0, 0);
    for seed in 0..TRIES {
        let mut dice = Dice(seed);
        let good = [PAYABLE, REDUCED][dice.below(2)];
        let whole = dice.below(2) == 0;
        let text = if whole { dice.damage_text(&ok(good)) } else { ok(&dice.damage_text(good)) };
        let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::SayAndStop(text)])]);
        let begun = Instant::now();
        match sede.debt("905210301490000123456").await {
            Ok(DebtAnswer::Payable(quote)) => {
                believed += 1;
                assert!((1..=9_999_999_999).contains(&quote.amount.0), "seed {seed}: {quote:?}");
                let texts = [&quote.concept, &quote.masked_name, &quote.reference, &quote.collecting_body];
                assert!(texts.iter().all(|text| text.chars().all(check::is_plain)), "seed {seed}: {quote:?}");
                assert!(quote.expires_at > quote.issued_at, "seed {seed}: {quote:?}");
                let less = |reduction: Reduction| reduction.full_amount > quote.amount;
                assert!(quote.reduction.is_none_or(less), "seed {seed}: {quote:?}");
            }
            Ok(other) => panic!("seed {seed}: {other:?}"),
            Err(error) => {
                refused += 1;
                assert!(error.to_string().chars().all(check::is_plain), "seed {seed}: {error:?}");
            }
        }
        assert!(begun.elapsed() <= Duration::from_millis(10_110), "seed {seed}: {:?}", begun.elapsed());
    }
    assert!(believed > TRIES / 20 && refused > TRIES / 2, "{believed} believed, {refused} refused");
}

#[tokio::test(start_paused = true)]
async fn a_damaged_receipt_is_the_receipt_of_the_petition_or_none() {
    let (petition, draft) = (super::petition::petition(), super::petition::draft());
    let will = Will::Consent { version: "2026-1".into(), language: LanguageCode::Es };
    let good = super::petition::registered();
    let (mut believed, mut refused) = (0, 0);
    for seed in 0..TRIES {
        let mut dice = Dice(seed);
        let text = ok(&dice.damage(&good));
        let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::SayAndStop(text)])]);
        match sede.register_petition(&petition, &draft, &will).await {
            Ok(RegistrationAnswer::Registered(it)) => {
                believed += 1;
                assert_eq!(
                    (&it.body.dir3, it.text_sha256),
                    (&petition.body, petition.text_sha256()),
                    "seed {seed}"
                );
                assert_eq!(it.attachments.len(), 1, "seed {seed}");
                assert_eq!(it.attachments[0].sha256, petition.attachments[0].sha256, "seed {seed}");
                let texts =
                    [it.number.as_str(), it.heading.as_str(), it.csv.as_str(), it.verification_url.as_str()];
                assert!(
                    texts.iter().all(|text| !text.is_empty() && text.chars().all(check::is_plain)),
                    "seed {seed}"
                );
                assert!(it.effective_on >= MadridTime::of(it.registered_at).day(), "seed {seed}");
            }
            Ok(other) => panic!("seed {seed}: {other:?}"),
            Err(error) => {
                refused += 1;
                assert!(error.to_string().chars().all(check::is_plain), "seed {seed}: {error:?}");
            }
        }
    }
    assert!(believed > TRIES / 20 && refused > TRIES / 2, "{believed} believed, {refused} refused");
}

#[tokio::test(start_paused = true)]
async fn damaged_slots_are_in_order_and_within_their_days_or_none() {
    let question = super::appointment::question();
    let (mut believed, mut refused) = (0, 0);
    for seed in 0..TRIES {
        let mut dice = Dice(seed);
        let text = ok(&dice.damage(super::appointment::FREE));
        let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::SayAndStop(text)])]);
        match sede.free_slots(&question).await {
            Ok(SlotsAnswer::Free(it)) => {
                believed += 1;
                assert!(
                    it.days.len() <= 31 && it.days.is_sorted_by_key(|one| one.day),
                    "seed {seed}: {it:?}"
                );
                assert!(
                    it.days.iter().all(|one| one.day >= question.from && !one.times.is_empty()),
                    "seed {seed}"
                );
                assert!(it.first.start.day() >= question.from && it.first.office == it.office, "seed {seed}");
            }
            Ok(other) => panic!("seed {seed}: {other:?}"),
            Err(error) => {
                refused += 1;
                assert!(error.to_string().chars().all(check::is_plain), "seed {seed}: {error:?}");
            }
        }
    }
    assert!(believed > TRIES / 20 && refused > TRIES / 2, "{believed} believed, {refused} refused");
}
