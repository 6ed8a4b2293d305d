//! Makes the RSA keys of `data/smartcard` anew, with OpenSSL: the keys of the test cards and their issuers.
//!
//! They are kept, as making keys takes long; they open nothing outside the tests.

use std::fs;
use std::path::Path;
use std::process::Command;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/smartcard");
    fs::create_dir_all(&folder)?;
    let mut keys: Vec<(String, u32)> = Vec::new();
    for set in 1..=2 {
        for owner in ["root", "ca", "card", "user", "pin"] {
            keys.push((format!("component-{set}-{owner}"), 1024));
        }
    }
    for owner in ["root", "intermediate", "ocsp", "stranger"] {
        keys.push((format!("pki-{owner}"), 2048));
    }
    for citizen in 1..=6 {
        keys.push((format!("citizen-{citizen}"), 2048));
    }
    keys.push(("citizen-1920".to_owned(), 1920));
    for (name, bits) in keys {
        let pem = Command::new("openssl").args(["genrsa", "-traditional", &bits.to_string()]).output()?;
        let path = folder.join(format!("{name}.pem"));
        fs::write(&path, pem.stdout)?;
        let mut to_der = Command::new("openssl");
        to_der.args(["rsa", "-traditional", "-outform", "DER", "-in"]).arg(&path);
        fs::write(folder.join(format!("{name}.der")), to_der.output()?.stdout)?;
        fs::remove_file(path)?;
    }
    Ok(())
}
