//! Cards: the data files that provisioning writes.
use std::collections::HashSet;
use std::sync::LazyLock;

use hal_smartcard::dialogue::{Opened, begin};
use hal_smartcard::parameters::{ComponentParameters, MOST_SETS};
use hal_smartcard::profile::{Level, MOST_PROFILES, Profile, ProfileTable, Recognition, SHIPPED, Source};
use hal_smartcard::{Card, CardError};
use simulators::smartcard::terminal_parameters;

use super::card_world::Seeded;
use super::simulate;

/// Digits of a key that may be seen in an error by chance.
const FEW: usize = 16;

/// Any text as the component parameters. What is refused is told without a digit of a private key.
pub fn component_parameters(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match ComponentParameters::parse(text) {
        Ok(parameters) => {
            let units: Vec<&str> = parameters.units().collect();
            assert!((1..=MOST_SETS).contains(&units.len()));
            for unit in units {
                let set = parameters.for_units(&["another".to_owned(), unit.to_owned()]).expect("its set");
                assert!(set.root_unit == unit && !unit.trim().is_empty());
            }
        }
        Err(error) => {
            let error = error.to_string();
            let told = error.as_bytes().windows(FEW).any(|digits| PRIVATE.contains(digits));
            assert!(!told, "an error tells of a key: {error}");
            readable(&error);
        }
    }
}

/// All pieces of the private keys in the seeds.
static PRIVATE: LazyLock<HashSet<Vec<u8>>> = LazyLock::new(|| {
    let text = terminal_parameters();
    let keys = text.lines().filter_map(|line| line.strip_prefix("private_exponent = \""));
    keys.flat_map(|key| key.trim_end_matches('"').as_bytes().windows(FEW).map(<[u8]>::to_vec)).collect()
});

/// Any text as a table of cards; then each of its rows before a card that says yes to everything.
pub fn card_profiles(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let table = match ProfileTable::parse(text) {
        Ok(table) => table,
        Err(error) => return readable(&error.to_string()),
    };
    assert!(table.profiles().len() <= MOST_PROFILES);
    for profile in table.profiles() {
        let atr = &profile.atr.0;
        if let Recognition::Known(row) | Recognition::Dead(row, _) = table.recognise(Some(atr)) {
            assert!(row.fits(atr));
        }
        if profile.unsupported.is_none() {
            sensible(profile);
            simulate(yes_to_everything(profile));
        }
    }
    let both = table.clone().followed_by(ProfileTable::parse(SHIPPED).expect("what is shipped"));
    assert_eq!(both.profiles().get(..table.profiles().len()), Some(table.profiles()));
}

fn sensible(profile: &Profile) {
    match profile.source {
        Some(Source::Pkcs15 { .. }) => {}
        Some(Source::Record { .. } | Source::Data { .. }) => assert_eq!(profile.level, Level::Pseudonym),
        None => panic!("a card in use without anything to read"),
    }
    match profile.pin {
        Some(pin) => assert!(1 <= pin.minimum && pin.minimum <= pin.maximum && pin.maximum <= 32),
        None => assert_eq!(profile.level, Level::Pseudonym),
    }
}

struct Yes;

impl Card for Yes {
    async fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, CardError> {
        Ok([&[b'7'; 200][..], &[0x90, 0x00]].concat())
    }
}

async fn yes_to_everything(profile: &Profile) {
    let mut random = Seeded(1);
    if let Ok(Opened::Number(number)) = begin(&mut Yes, profile, None, &mut random).await {
        assert!((1..=64).contains(&number.as_str().len()), "a number of a length that the table allows");
    }
}

/// A line of a log.
fn readable(error: &str) {
    assert!(!error.is_empty() && error.len() < 4096 && !error.chars().any(char::is_control), "{error:?}");
}
