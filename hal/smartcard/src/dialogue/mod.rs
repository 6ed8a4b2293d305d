//! Dialogues with a known card, from its selection to a signed challenge or a number.
//!
//! [`begin`] does all that needs no PIN: it leaves whatever channel another program left open, proves the card's chip,
//! opens the channel and asks for the tries left. [`SigningCard::sign`] takes the typed PIN, sends it once, and signs
//! once: one login, one signature, whatever it is for ([`Purpose`]). After a wrong PIN begin again: the tries are asked
//! anew each time. Every end of a dialogue, good or bad, closes the channel; a card that is gone needs none closed.
mod channel;
mod error;
mod files;
mod keys;
mod link;
mod number;
mod pin;
mod signing;

pub use error::{ChannelRefusal, DialogueError};
pub use keys::Purpose;
pub use number::CardNumber;
pub use pin::{LastTry, Pin, PinRules};
pub use signing::{Signed, SigningCard};

use crate::apdu::StatusWord;
use crate::card::Card;
use crate::parameters::ComponentParameters;
use crate::pkcs15;
use crate::profile::{ChannelKind, Profile, Select, Source};
use crate::random::RandomSource;
use crate::secure_messaging::MacLength;

use channel::Component;
use link::Link;

const SUPPORT_NUMBER_FILE: [u8; 2] = [0x00, 0x06];
const OBJECT_DIRECTORY: [u8; 2] = [0x50, 0x31];
/// Longest support number that is shown; a real one has 9 characters.
const LONGEST_SUPPORT_NUMBER: usize = 32;

/// A card with which a dialogue has begun.
pub enum Opened<'c, C> {
    /// It can sign, once its PIN is typed.
    Signs(Box<SigningCard<'c, C>>),
    /// It gave its number: a pseudonym.
    Number(CardNumber),
}

/// Begins with a card of this profile, right after it was powered. `parameters` are needed for a card with a channel.
///
/// # Errors
/// See [`DialogueError`]; [`DialogueError::PinBlocked`] at once when no try is left.
pub async fn begin<'c, C: Card>(
    card: &'c mut C,
    profile: &'c Profile,
    parameters: Option<&'c ComponentParameters>,
    random: &'c mut (dyn RandomSource + 'c),
) -> Result<Opened<'c, C>, DialogueError> {
    if let Some(why) = &profile.unsupported {
        return Err(DialogueError::Unsupported(why.clone()));
    }
    let (Some(select), Some(source)) = (&profile.select, &profile.source) else {
        return Err(DialogueError::Unsupported("its profile is not whole".to_owned()));
    };
    let mut link = Link::new(card);
    if !matches!(source, Source::Pkcs15 { .. }) {
        link.select_plain(select.name()).await?;
        let rule = profile.number.unwrap_or(crate::profile::NumberRule::Alphanumeric);
        return Ok(Opened::Number(link.card_number(source, rule).await?));
    }
    match prepare(&mut link, profile, select, parameters, random).await {
        Ok(prepared) => Ok(Opened::Signs(Box::new(SigningCard { link, profile, select, random, prepared }))),
        Err(error) => {
            close(&mut link, profile, select, Some(&error)).await;
            Err(error)
        }
    }
}

/// What is known of a card before its PIN.
pub(crate) struct Prepared<'c> {
    component: Option<Component<'c>>,
    rules: PinRules,
    tries: Option<u8>,
    support_number: Option<String>,
}

async fn prepare<'c, C: Card>(
    link: &mut Link<'_, C>,
    profile: &Profile,
    select: &Select,
    parameters: Option<&'c ComponentParameters>,
    random: &mut dyn RandomSource,
) -> Result<Prepared<'c>, DialogueError> {
    let name = select.name();
    link.select_plain(name).await?;
    let (mut component, mut support_number) = (None, None);
    if let Some(mac) = mac_length(profile) {
        let parameters = parameters.ok_or(ChannelRefusal::NoParameters)?;
        support_number = read_support_number(link, name).await?;
        let card = link.component(name, parameters).await?;
        let terminal = match mac {
            MacLength::Four => &card.set.user,
            MacLength::Eight => card.set.pin.as_ref().ok_or(ChannelRefusal::NoPinTerminal)?,
        };
        link.open_channel(name, &card, terminal, mac, random).await?;
        component = Some(card);
    }
    let rules = pin_rules(link, profile).await?;
    let asks = profile.pin.is_some_and(|pin| pin.tries_query);
    let tries = if asks { link.tries_left(rules.reference).await? } else { None };
    if tries == Some(0) {
        return Err(DialogueError::PinBlocked);
    }
    Ok(Prepared { component, rules, tries, support_number })
}

/// The checksums' length of a card with a channel.
fn mac_length(profile: &Profile) -> Option<MacLength> {
    match profile.channel {
        ChannelKind::None => None,
        ChannelKind::Cwa => Some(MacLength::Four),
        ChannelKind::CwaWithPinChannel => Some(MacLength::Eight),
    }
}

/// Leaves the card without channel, for whoever comes next. What it answers does not change how the dialogue ended.
async fn close<C: Card>(
    link: &mut Link<'_, C>,
    profile: &Profile,
    select: &Select,
    error: Option<&DialogueError>,
) {
    let gone = matches!(error, Some(DialogueError::Card(_)));
    if profile.channel != ChannelKind::None && !gone {
        link.begin_closing();
        let _ = link.select_plain(select.name()).await;
    }
}

/// The number printed on the card (IDESP); not every card has the file.
async fn read_support_number<C: Card>(
    link: &mut Link<'_, C>,
    name: &[u8],
) -> Result<Option<String>, DialogueError> {
    const WHAT: &str = "the support number";
    match link.select_below(WHAT, name, SUPPORT_NUMBER_FILE).await {
        Ok(()) => {}
        Err(DialogueError::Refused { status: StatusWord::NOT_FOUND, .. }) => return Ok(None),
        Err(error) => return Err(error),
    }
    let file = link.read_file(WHAT).await?;
    let text = file.iter().take(LONGEST_SUPPORT_NUMBER).filter(|byte| byte.is_ascii_alphanumeric());
    Ok(Some(text.copied().map(char::from).collect()))
}

async fn pin_rules<C: Card>(link: &mut Link<'_, C>, profile: &Profile) -> Result<PinRules, DialogueError> {
    const WHAT: &str = "the directory of PINs";
    let Some(pin) = profile.pin else {
        return Err(DialogueError::Unsupported("its profile has no PIN".to_owned()));
    };
    let rules =
        PinRules { reference: pin.reference, minimum: pin.minimum, maximum: pin.maximum, padding: None };
    if !pin.from_aodf {
        return Ok(rules);
    }
    let directory = link.object_directory(profile).await?;
    for path in &directory.authentication {
        link.select_path(WHAT, profile, path).await?;
        let file = link.read_file(WHAT).await?;
        let pins = pkcs15::pins(&file).map_err(|why| DialogueError::malformed(WHAT, why))?;
        if let Some(object) = pins.into_iter().find(|object| !object.unblocks) {
            return Ok(PinRules {
                reference: object.reference,
                // A card that says nothing sensible is believed no more than its profile.
                minimum: object.minimum.max(1),
                maximum: object.maximum.max(object.minimum.max(1)),
                padding: object.padding.map(|byte| (byte, object.stored)),
            });
        }
    }
    Ok(rules)
}

impl<C: Card> Link<'_, C> {
    pub(crate) async fn object_directory(
        &mut self,
        profile: &Profile,
    ) -> Result<pkcs15::ObjectDirectory, DialogueError> {
        const WHAT: &str = "the object directory";
        self.select_path(WHAT, profile, &pkcs15::Path::file(OBJECT_DIRECTORY)).await?;
        let file = self.read_file(WHAT).await?;
        pkcs15::object_directory(&file).map_err(|why| DialogueError::malformed(WHAT, why))
    }
}
