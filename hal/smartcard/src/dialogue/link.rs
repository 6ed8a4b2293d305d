//! A card with or without a secure channel around its commands.
//!
//! A channel that broke stays in the way: no command falls back to plain by itself. Only [`Link::drop_channel`] does.
use crate::apdu::{Command, Exchange, Next, Response, StatusWord};
use crate::card::Card;
use crate::secure_messaging::SecureMessaging;

use super::DialogueError;

pub(crate) struct Link<'c, C> {
    card: &'c mut C,
    channel: Option<SecureMessaging>,
}

impl<'c, C: Card> Link<'c, C> {
    pub(crate) fn new(card: &'c mut C) -> Link<'c, C> {
        Link { card, channel: None }
    }

    pub(crate) fn protect(&mut self, channel: SecureMessaging) {
        self.channel = Some(channel);
    }

    /// From here on in plain; the card learns of it by the next SELECT.
    pub(crate) fn drop_channel(&mut self) {
        self.channel = None;
    }

    /// Sends a command and gives its whole answer, whatever its status.
    pub(crate) async fn send(
        &mut self,
        what: &'static str,
        command: &Command,
    ) -> Result<Response, DialogueError> {
        let lost = |why| DialogueError::ChannelLost { what, why };
        let Some(channel) = &mut self.channel else { return exchange(self.card, what, command).await };
        let protected = channel.protect(command).map_err(lost)?;
        let response = exchange(self.card, what, &protected).await?;
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
    what: &'static str,
    command: &Command,
) -> Result<Response, DialogueError> {
    let malformed = |why| DialogueError::malformed(what, why);
    let (mut exchange, mut bytes) = Exchange::begin(command).map_err(malformed)?;
    loop {
        let answer = zeroize::Zeroizing::new(card.transmit(&bytes).await?);
        match exchange.answer(&answer).map_err(malformed)? {
            Next::Send(next) => bytes = next,
            Next::Done(response) => return Ok(response),
        }
    }
}
