//! A card with or without a secure channel around its commands.
//!
//! A channel that broke stays in the way: no command falls back to plain by itself. Only [`Link::drop_channel`] does.
//! Commands are counted: each file and each chain has an end, and many of them together would hold a kiosk for days.
use crate::apdu::{Command, Exchange, Next, Response, StatusWord};
use crate::card::Card;
use crate::secure_messaging::SecureMessaging;

use super::DialogueError;

/// Most commands of a dialogue, GET RESPONSE among them. A genuine one takes 40 to 80; at 50 ms each these are 50 s.
const MOST_COMMANDS: u32 = 1000;
/// Most commands to leave the card, behind those.
const MOST_CLOSING: u32 = 8;

pub(crate) struct Link<'c, C> {
    card: &'c mut C,
    channel: Option<SecureMessaging>,
    /// Commands that may still be sent.
    left: u32,
}

impl<'c, C: Card> Link<'c, C> {
    pub(crate) fn new(card: &'c mut C) -> Link<'c, C> {
        Link { card, channel: None, left: MOST_COMMANDS }
    }

    pub(crate) fn protect(&mut self, channel: SecureMessaging) {
        self.channel = Some(channel);
    }

    /// From here on in plain; the card learns of it by the next SELECT.
    pub(crate) fn drop_channel(&mut self) {
        self.channel = None;
    }

    /// What is sent from here on leaves the card.
    pub(crate) fn begin_closing(&mut self) {
        self.left = MOST_CLOSING;
    }

    /// Sends a command and gives its whole answer, whatever its status.
    pub(crate) async fn send(
        &mut self,
        what: &'static str,
        command: &Command,
    ) -> Result<Response, DialogueError> {
        let lost = |why| DialogueError::ChannelLost { what, why };
        let Some(channel) = &mut self.channel else {
            return exchange(self.card, &mut self.left, what, command).await;
        };
        let protected = channel.protect(command).map_err(lost)?;
        let response = exchange(self.card, &mut self.left, what, &protected).await?;
        channel.open(&response).map_err(lost)
    }

    /// The same, for a command that must succeed.
    pub(crate) async fn require(
        &mut self,
        what: &'static str,
        command: &Command,
    ) -> Result<Response, DialogueError> {
        let response = self.send(what, command).await?;
        if response.status == StatusWord::OK {
            Ok(response)
        } else {
            Err(DialogueError::Refused { what, status: response.status })
        }
    }
}

async fn exchange<C: Card>(
    card: &mut C,
    left: &mut u32,
    what: &'static str,
    command: &Command,
) -> Result<Response, DialogueError> {
    let malformed = |why| DialogueError::malformed(what, why);
    let (mut exchange, mut bytes) = Exchange::begin(command).map_err(malformed)?;
    loop {
        *left = left
            .checked_sub(1)
            .ok_or_else(|| DialogueError::malformed(what, "it takes more commands than any card"))?;
        let answer = zeroize::Zeroizing::new(card.transmit(&bytes).await?);
        match exchange.answer(&answer).map_err(malformed)? {
            Next::Send(next) => bytes = next,
            Next::Done(response) => return Ok(response),
        }
    }
}
