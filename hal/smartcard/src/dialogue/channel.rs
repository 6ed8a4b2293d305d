//! Opening the channel of CWA-14890 on a card of the DNIe's family (DGP's command manual; CWA 14890-1 section 8.4).
//!
//! The card's number and certificates are read before the first step: any other command in between makes the card
//! forget which keys were chosen. A refused step is final: parameters that do not fit do not fit better the next time.
use crate::apdu::{Command, Response, StatusWord};
use crate::card::Card;
use crate::certificate_file;
use crate::component_chain;
use crate::cwa14890::{self, CwaError, PADDING_BYTES, PublicKey, Secret};
use crate::parameters::{ComponentParameters, ParameterSet, Terminal};
use crate::random::RandomSource;
use crate::secure_messaging::{MacLength, SecureMessaging};

use super::link::Link;
use super::{ChannelRefusal, DialogueError};

/// The root key of the component certificates, in the card.
const ROOT_KEY: [u8; 4] = [0x83, 0x02, 0x02, 0x0F];
/// The card's own key.
const CARD_KEY: [u8; 4] = [0x84, 0x02, 0x02, 0x1F];
const INTERMEDIATE_FILE: [u8; 2] = [0x60, 0x20];
const COMPONENT_FILE: [u8; 2] = [0x60, 0x1F];
/// Tries with other random bytes when a signature does not fit. Each fits at least half of the time.
const MOST_TRIES: usize = 64;

/// What the card said of itself in plain.
pub(crate) struct Component<'p> {
    key: PublicKey,
    serial: [u8; 8],
    pub(crate) set: &'p ParameterSet,
}

impl<C: Card> Link<'_, C> {
    /// Reads the card's number and certificates, chooses the parameters, and verifies the certificates.
    pub(crate) async fn component<'p>(
        &mut self,
        name: &[u8],
        parameters: &'p ComponentParameters,
    ) -> Result<Component<'p>, DialogueError> {
        const SERIAL: &str = "the number of the chip";
        let response = self.require(SERIAL, &Command::new(0x90, 0xB8, 0x00, 0x00).expecting(7)).await?;
        let &[a, b, c, d, e, f, g] = response.data.as_slice() else {
            return Err(DialogueError::malformed(SERIAL, "it is not 7 bytes"));
        };
        let intermediate =
            self.component_file("the issuer's component certificate", name, INTERMEDIATE_FILE).await?;
        let component = self.component_file("the component certificate", name, COMPONENT_FILE).await?;
        let units = component_chain::issuer_units(&intermediate).map_err(ChannelRefusal::from)?;
        let set = parameters.for_units(&units).ok_or(ChannelRefusal::UnknownRoot(units))?;
        let key = component_chain::verify(&set.root_modulus, &set.root_exponent, &intermediate, &component)
            .map_err(ChannelRefusal::from)?;
        Ok(Component { key, serial: [0, a, b, c, d, e, f, g], set })
    }

    async fn component_file(
        &mut self,
        what: &'static str,
        name: &[u8],
        identifier: [u8; 2],
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, DialogueError> {
        self.select_below(what, name, identifier).await?;
        let file = self.read_file(what).await?;
        certificate_file::decode(&file).map_err(|why| DialogueError::malformed(what, why))
    }

    /// Opens a channel with this terminal, and closes the one before.
    pub(crate) async fn open_channel(
        &mut self,
        name: &[u8],
        component: &Component<'_>,
        terminal: &Terminal,
        mac: MacLength,
        random: &mut dyn RandomSource,
    ) -> Result<(), DialogueError> {
        self.select_plain(name).await?;
        let set = component.set;
        self.step("choosing the root key", manage(0x81, 0xB6, &ROOT_KEY)).await?;
        self.step("the authority's certificate", verify_certificate(&set.ca_certificate)).await?;
        let authority = [&[0x83, 0x08], &set.ca_reference[..]].concat();
        self.step("choosing the authority's key", manage(0x81, 0xB6, &authority)).await?;
        self.step("the terminal's certificate", verify_certificate(&terminal.certificate)).await?;
        let keys = [&[0x83, 0x0C, 0, 0, 0, 0], &terminal.serial[..], &CARD_KEY].concat();
        self.step("choosing the keys", manage(0xC1, 0xA4, &keys)).await?;

        let mut random_ifd = [0; 8];
        random.fill(&mut random_ifd)?;
        let data = cwa14890::internal_authenticate_data(&random_ifd, &terminal.serial);
        let internal = Command::new(0x00, 0x88, 0x00, 0x00).with_data(&data).expecting(0x80);
        let token = self.step("proving its key", internal).await?.data;
        let secret_icc =
            cwa14890::verify_internal(&token, &terminal.key, &component.key, &random_ifd, &terminal.serial)
                .map_err(ChannelRefusal::from)?;

        let challenge =
            self.step("giving a challenge", Command::new(0x00, 0x84, 0x00, 0x00).expecting(8)).await?;
        let random_icc = <[u8; 8]>::try_from(challenge.data.as_slice())
            .map_err(|_| DialogueError::malformed("the challenge", "it is not 8 bytes"))?;
        let (token, secret_ifd) = terminal_token(component, terminal, &random_icc, random)?;
        let external = Command::new(0x00, 0x82, 0x00, 0x00).with_data(&token);
        self.step("the terminal's proof", external).await?;
        let keys = cwa14890::session_keys(&secret_icc, &secret_ifd, &random_icc, &random_ifd);
        self.protect(SecureMessaging::new(keys, mac));
        Ok(())
    }

    async fn step(&mut self, step: &'static str, command: Command) -> Result<Response, DialogueError> {
        let response = self.send(step, &command).await?;
        match response.status {
            StatusWord::OK => Ok(response),
            status => Err(ChannelRefusal::Step { step, status }.into()),
        }
    }
}

fn manage(p1: u8, p2: u8, data: &[u8]) -> Command {
    Command::new(0x00, 0x22, p1, p2).with_data(data)
}

fn verify_certificate(certificate: &[u8]) -> Command {
    Command::new(0x00, 0x2A, 0x00, 0xAE).with_data(certificate)
}

fn terminal_token(
    component: &Component<'_>,
    terminal: &Terminal,
    random_icc: &[u8; 8],
    random: &mut dyn RandomSource,
) -> Result<(cwa14890::Block, Secret), DialogueError> {
    for _ in 0..MOST_TRIES {
        let mut padding = [0; PADDING_BYTES];
        let mut secret = Secret::default();
        random.fill(&mut padding)?;
        random.fill(&mut *secret)?;
        match cwa14890::external_authenticate_data(
            &padding,
            &secret,
            random_icc,
            &component.serial,
            &terminal.key,
            &component.key,
        ) {
            Ok(token) => return Ok((token, secret)),
            Err(CwaError::DoesNotFit) => {}
            Err(error) => return Err(ChannelRefusal::from(error).into()),
        }
    }
    Err(ChannelRefusal::from(CwaError::DoesNotFit).into())
}
