//! The town hall of the board: the reference sede on a port of this host, and what the kiosk needs to know of it.
use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::Timestamp;
use reference_sede::{COLLECTING_BODY, Clock, Sede, pki::Pki};
use simulators::cctalk::CashConfig;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::citizens::Citizens;
use crate::image::DataFile;
use crate::qemu::{SEDE_ADDRESS, SEDE_PORT};

/// The name of the sede's server inside the guest.
pub const SEDE_NAME: &str = "sede.pruebas.test";

/// This kiosk.
pub const KIOSK: &str = "K07";

/// Where the kiosk finds what it must know of cards, as a section of its `settings.toml`: the files of [`Citizens`].
pub const IDENTITY_SECTION: &str = r#"
[identity]
roots = "identity/roots.pem"
card-profiles = "identity/card-profiles.toml"
component-parameters = "identity/component-parameters.toml"
"#;

/// The sede, served while this is kept.
pub struct Town {
    /// Its handle: the shelf of bills, faults, bookings.
    pub sede: Sede,
    /// The people who have cards.
    pub citizens: Citizens,
    /// Its port on this host's loopback.
    pub port: u16,
    /// Settings and keys for the kiosk's data partition.
    pub files: Vec<DataFile>,
    server: JoinHandle<()>,
}

impl Town {
    /// Opens the office. `cash` tells what is in the hoppers when the kiosk is set up.
    pub async fn open(seed: u64, cash: &CashConfig) -> Result<Town> {
        let clock: Clock = Arc::new(Timestamp::now);
        let pki = Pki::new(&[SEDE_NAME, SEDE_ADDRESS], clock())?;
        let kiosk = pki.kiosk(KIOSK)?;
        let sede = Sede::new(clock.clone(), seed)?;
        let citizens = Citizens::of(&sede, clock())?;
        let listener = TcpListener::bind("127.0.0.1:0").await.context("the sede finds no free port")?;
        let port = listener.local_addr()?.port();
        let (office, keys) = (sede.clone(), pki.server()?);
        let server = tokio::spawn(async move {
            let Err(error) = office.serve_tls(listener, keys).await;
            eprintln!("the reference sede ended: {error}");
        });
        let file =
            |path: &str, content: String| DataFile { path: path.into(), content: content.into_bytes() };
        let mut files = vec![
            file("settings.toml", settings(cash)),
            file("keys/ca.pem", pki.ca.clone()),
            file("keys/kiosk.pem", kiosk.certificate),
            file("keys/kiosk.key", kiosk.key),
        ];
        files.extend(citizens.files());
        Ok(Town { sede, citizens, port, files, server })
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The kiosk's `settings.toml`. `cash` tells what is in the hoppers when the kiosk is set up.
pub fn settings(cash: &CashConfig) -> String {
    let mut text = format!(
        r#"kiosk = "{KIOSK}"

[sede]
url = "https://{SEDE_NAME}:{SEDE_PORT}"
ca = "keys/ca.pem"
certificate = "keys/kiosk.pem"
key = "keys/kiosk.key"

[branding]
name = "{COLLECTING_BODY}"
initials = "AP"
action_colour = 0x003366
help_line = [
    "Oficina de atención, planta baja. Teléfono 010",
    "Oficina d'atenció, planta baixa. Telèfon 010",
    "Citizens' office, ground floor. Telephone 010",
]
"#
    );
    for (at, hopper) in cash.hoppers.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n[[first-load]]\nhopper = {at}\ncoins = {{ value = {}, count = {} }}\n",
            hopper.cents, hopper.coins
        );
    }
    text.push_str(IDENTITY_SECTION);
    text
}
