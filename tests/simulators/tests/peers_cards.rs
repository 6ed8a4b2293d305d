//! Cards in a real pcscd, read by OpenSC's programs; certificates and signatures judged by OpenSSL.

mod terminal;

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use simulators::smartcard::{
    CardFault, CitizenPki, DrawerCard, Hash, OcspFault, Pcscd, VirtualReader, from_drawer, serve_vpcd,
};
use terminal::{Set, close, open, read};
use tokio::process::Command;
use tokio::task::JoinHandle;

const NOW: u64 = 1_774_000_000;

/// OpenSC's own generic driver: it knows ISO 7816 and no maker.
const GENERIC: &str = "app default {
  card_drivers = default;
  enable_default_driver = true;
  framework pkcs15 { use_file_caching = false; }
}
";
/// The driver that people with a DNIe have.
const DNIE: &str = "app default {
  card_drivers = dnie;
  framework pkcs15 { use_file_caching = false; }
}
";

struct Desk {
    pcscd: Pcscd,
    reader: VirtualReader,
    drawn: DrawerCard,
    served: JoinHandle<std::io::Result<()>>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.served.abort();
    }
}

impl Desk {
    async fn with(name: &str, settings: &str) -> Self {
        let pcscd = Pcscd::start().await.unwrap();
        std::fs::write(pcscd.folder().join("opensc.conf"), settings).unwrap();
        let reader = VirtualReader::new();
        let drawn = from_drawer(&CitizenPki::at(NOW), name).unwrap();
        reader.insert(drawn.card.clone());
        let (slot, address) = (reader.clone(), pcscd.vpcd());
        let served = tokio::spawn(async move { serve_vpcd(&slot, address).await });
        Self { pcscd, reader, drawn, served }
    }

    async fn run(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = self.pcscd.command(program);
        command.env("OPENSC_CONF", self.pcscd.folder().join("opensc.conf"));
        text(&command.args(arguments).output().await.unwrap())
    }

    /// Until the list of readers says this of the first slot.
    async fn until_the_slot_has(&self, card: &str) {
        let seen = async {
            while !self.run("opensc-tool", &["--list-readers"]).await.contains(&format!("0    {card}")) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), seen).await.unwrap();
    }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn opensc_reads_the_citizen_card_and_logs_in() {
    let desk = Desk::with("pkcs15", GENERIC).await;
    let listed = desk.run("pkcs15-tool", &["--wait", "--list-certificates"]).await;
    for part in
        ["[Certificado del ciudadano]", "Path           : 3f0050154301", "Encoded serial : 02 02 2EE0"]
    {
        assert!(listed.contains(part), "{part} in {listed}");
    }
    let dumped = desk.run("pkcs15-tool", &["--dump"]).await;
    for part in [
        "PKCS#15 Card [Tarjeta ciudadana]",
        "min_len:4, max_len:8",
        "Reference      : 129 (0x81)",
        "Private RSA Key [Clave de autenticacion]",
        "ModLength      : 2048",
        "Key ref        : 3 (0x03)",
    ] {
        assert!(dumped.contains(part), "{part} in {dumped}");
    }
    let file = desk.pcscd.folder().join("citizen.pem");
    desk.run("pkcs15-tool", &["--read-certificate", "45", "--output", file.to_str().unwrap()]).await;
    let subject = openssl(&["x509", "-noout", "-subject", "-nameopt", "utf8", "-in"], &[&file]).await;
    assert!(subject.contains("serialNumber=IDCES-12345678Z"), "{subject}");

    assert_eq!(desk.drawn.card.snapshot().counts.verifies, 0, "reading asks for no PIN");
    let wrong = desk.run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "1357"]).await;
    let snapshot = desk.drawn.card.snapshot();
    assert_eq!((snapshot.counts.wrong_pins, snapshot.tries_left), (1, Some(2)), "{wrong}");
    desk.run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "2468"]).await;
    let snapshot = desk.drawn.card.snapshot();
    assert_eq!((snapshot.counts.right_pins, snapshot.tries_left), (1, Some(3)));
}

#[tokio::test]
async fn opensc_knows_the_dnie_and_its_directories() {
    for (name, serial, path) in [
        ("ordinary", "065b00000003e8", "3f0060817006"),
        ("first-generation", "102c00000007d0", "3f0060617004"),
    ] {
        let desk = Desk::with(name, DNIE).await;
        assert!(desk.run("opensc-tool", &["--wait", "--name"]).await.starts_with("dnie"));
        let information = desk.run("pkcs15-tool", &["--list-info"]).await;
        assert!(information.contains(serial) && information.contains("DGP-FNMT"), "{information}");
        let listed = desk.run("pkcs15-tool", &["--list-certificates"]).await;
        assert!(listed.contains("[CertAutenticacion]") && listed.contains(path), "{listed}");
        let counts = desk.drawn.card.snapshot().counts;
        // Its terminal keys are DGP's, not ours: no channel.
        assert_eq!((counts.verifies, counts.channels_opened), (0, 0));
    }
}

#[tokio::test]
async fn a_card_comes_and_goes_by_hand_and_by_fault() {
    let desk = Desk::with("municipal", GENERIC).await;
    desk.until_the_slot_has("Yes").await;
    let card = desk.reader.remove().unwrap();
    desk.until_the_slot_has("No").await;
    card.fault(CardFault::Pulled { command: 1, acted: false });
    desk.reader.insert(card.clone());
    desk.until_the_slot_has("Yes").await;
    desk.run("opensc-tool", &["--send-apdu", "00A4040000"]).await;
    desk.until_the_slot_has("No").await;
    assert!(card.is_pulled() && desk.reader.card().is_none());
    desk.reader.insert(card);
    desk.until_the_slot_has("Yes").await;
}

async fn openssl(arguments: &[&str], files: &[&PathBuf]) -> String {
    let output = Command::new("openssl").args(arguments).args(files).output().await.unwrap();
    text(&output)
}

fn kept(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[tokio::test]
async fn openssl_trusts_the_chains_and_the_signature() {
    // Installs OpenSSL among the rest.
    let pcscd = Pcscd::start().await.unwrap();
    let folder = pcscd.folder();
    let pki = CitizenPki::at(NOW);
    let drawn = from_drawer(&pki, "ordinary").unwrap();
    drawn.card.power_on();
    let set = Set::number(1);

    let (component, _) = read(&drawn.card, &[0x601F]);
    let (authority, _) = read(&drawn.card, &[0x6020]);
    let component = kept(folder, "component.der", &component);
    let authority = kept(folder, "authority.der", &authority);
    let at = NOW.to_string();
    // The root of the components is known by its key alone: the chain begins below it.
    let part = ["verify", "-attime", &at, "-auth_level", "0", "-partial_chain", "-trusted"];
    let said = openssl(&part, &[&authority, &component]).await;
    assert!(said.contains("component.der: OK"), "{said}");

    let mut channel = open(&drawn.card, &set, "pin").unwrap();
    assert_eq!(channel.verify(drawn.pin.unwrap()), 0x9000);
    close(&drawn.card);
    let mut channel = open(&drawn.card, &set, "user").unwrap();
    let (file, _) = channel.read(&[0x6081, 0x7006]);
    let mut certificate = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&file[8..]), &mut certificate).unwrap();
    let message = b"thirty-two bytes from the office";
    let (signature, _) = channel.sign(1, &Hash::Sha256.digest_info(message));

    let certificate = kept(folder, "citizen.der", &certificate);
    let root = kept(folder, "root.der", &pki.root_certificate());
    let intermediate = kept(folder, "intermediate.der", &pki.intermediate_certificate());
    let whole = ["verify", "-attime", &at, "-x509_strict", "-trusted"];
    let untrusted = PathBuf::from("-untrusted");
    let said = openssl(&whole, &[&root, &untrusted, &intermediate, &certificate]).await;
    assert!(said.contains("citizen.der: OK"), "{said}");
    let shown = openssl(&["x509", "-noout", "-text", "-nameopt", "utf8", "-in"], &[&certificate]).await;
    for part in [
        "serialNumber=12345678Z",
        "(AUTENTICACIÓN)",
        "OCSP - URI:http://ocsp.dnie.es",
        "Digital Signature",
        "TLS Web Client Authentication",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let key = kept(folder, "key.pem", &[]);
    let key_text = openssl(&["x509", "-noout", "-pubkey", "-in"], &[&certificate]).await;
    std::fs::write(&key, key_text).unwrap();
    let (message, signature) = (kept(folder, "message", message), kept(folder, "signature", &signature));
    let arguments = ["dgst", "-sha256", "-verify"];
    let said = openssl(&arguments, &[&key, &PathBuf::from("-signature"), &signature, &message]).await;
    assert!(said.contains("Verified OK"), "{said}");

    let ocsp = kept(folder, "ocsp.der", &pki.ocsp_certificate());
    let said = openssl(&["x509", "-noout", "-purpose", "-in"], &[&ocsp]).await;
    assert!(said.contains("OCSP helper : Yes"), "{said}");
}

/// The request and the judgement are OpenSSL's.
#[tokio::test]
async fn openssl_understands_the_validation_authority() {
    let pcscd = Pcscd::start().await.unwrap();
    let folder = pcscd.folder();
    // `openssl ocsp -respin` knows no other moment than the host's.
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let pki = CitizenPki::at(now);
    let root = kept(folder, "root.der", &pki.root_certificate());
    let intermediate = kept(folder, "intermediate.der", &pki.intermediate_certificate());
    let mut pem = Vec::new();
    for file in [&root, &intermediate] {
        let path = file.with_extension("pem");
        openssl(&["x509", "-in"], &[file, &PathBuf::from("-out"), &path]).await;
        pem.push(path);
    }
    let request = folder.join("request");
    for (serial, fault, verified, status) in [
        ("0x3E8", None, true, ": good"),
        ("0xFA0", None, true, ": revoked"),
        ("0x3E8", Some(OcspFault::ForeignSignature), false, ": good"),
        ("0x3E8", Some(OcspFault::Stale), true, "Status times invalid"),
        ("0x3E8", Some(OcspFault::WrongNonce), true, ": good"),
        ("0x3E8", Some(OcspFault::OtherCertificate), true, "No Status found"),
        ("0x3E8", Some(OcspFault::TryLater), false, "trylater"),
    ] {
        let named = |path: &Path| path.to_str().unwrap().to_owned();
        let (root, issuer, request_file) = (named(&pem[0]), named(&pem[1]), named(&request));
        openssl(&["ocsp", "-issuer", &issuer, "-serial", serial, "-reqout", &request_file], &[]).await;
        let answer = pki.ocsp_answer(&std::fs::read(&request).unwrap(), now, fault);
        let answer = named(&kept(folder, "answer", &answer));
        // OpenSSL would ask with a new nonce, which no answer of a file can have: the nonce is looked at here.
        let asked = std::fs::read(&request).unwrap();
        let nonce = asked.get(asked.len() - 16..).unwrap();
        let kept_nonce = std::fs::read(&answer).unwrap().windows(16).any(|window| window == nonce);
        assert_eq!(kept_nonce, !matches!(fault, Some(OcspFault::WrongNonce | OcspFault::TryLater)));
        let judge = ["ocsp", "-no_nonce", "-issuer", &issuer, "-serial", serial, "-reqin", &request_file];
        let with = ["-CAfile", &root, "-verify_other", &issuer, "-respin", &answer];
        let said = openssl(&[judge.as_slice(), &with].concat(), &[]).await;
        assert_eq!(said.contains("Response verify OK"), verified, "{fault:?}: {said}");
        assert!(said.contains(status), "{fault:?}: {said}");
    }
    assert_eq!(pki.ocsp_answer(b"no request", now, None), [0x30, 3, 0x0A, 1, 1]);
}
