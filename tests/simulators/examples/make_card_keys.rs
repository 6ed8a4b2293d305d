//! Makes the RSA keys of `data/smartcard` anew, with OpenSSL: the keys of the test cards and their issuers.
//!
//! They are kept, as making keys takes long; they open nothing outside the tests.

use std::fs;
use std::path::Path;
use std::process::Command;

use num_bigint::BigUint;
use simulators::Rng;

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
    fs::write(folder.join("citizen-roca.der"), roca_key())
}

/// A key as a faulty library of 2012 to 2017 made them (CVE-2017-15361): primes k * M + 65537^a mod M, where M is the
/// product of the first 126 primes. 2048 bits.
fn roca_key() -> Vec<u8> {
    let small = (2_u32..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0)).take(126);
    let product = small.fold(BigUint::from(1_u32), |product, prime| product * prime);
    let e = BigUint::from(65_537_u32);
    let one = BigUint::from(1_u32);
    let mut rng = Rng::new(2017);
    let mut prime = || loop {
        let exponent = BigUint::from(rng.next_u64());
        // The two highest bits of 1024 set, so that the product has 2048.
        let start =
            (BigUint::from(3_u32) << 1022_u32) / &product + &one + BigUint::from(rng.next_u64() >> 13);
        let candidate = start * &product + e.modpow(&exponent, &product);
        if candidate.bits() == 1024 && is_prime(&candidate) && (&candidate - &one) % &e != BigUint::ZERO {
            return candidate;
        }
    };
    let (p, q) = (prime(), prime());
    let order = (&p - &one) * (&q - &one);
    let d = e.modinv(&order).expect("the order has no factor 65537");
    let coefficient = q.modinv(&p).expect("two primes");
    let (dp, dq) = (&d % (&p - &one), &d % (&q - &one));
    let numbers = [BigUint::ZERO, &p * &q, e, d, p, q, dp, dq, coefficient];
    let body: Vec<u8> = numbers.iter().flat_map(|number| object(2, &signed(number))).collect();
    object(0x30, &body)
}

fn signed(number: &BigUint) -> Vec<u8> {
    let digits = number.to_bytes_be();
    if digits.first().is_some_and(|first| *first >= 0x80) { [vec![0], digits].concat() } else { digits }
}

fn object(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = (content.len() as u16).to_be_bytes();
    let length = match content.len() {
        0..=0x7F => vec![low],
        0x80..=0xFF => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [vec![tag], length, content.to_vec()].concat()
}

/// Miller and Rabin, with the first bases.
fn is_prime(number: &BigUint) -> bool {
    let one = BigUint::from(1_u32);
    let less = number - &one;
    let twos = less.trailing_zeros().unwrap_or(0);
    let odd = &less >> twos;
    [2_u32, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37].iter().all(|base| {
        let mut power = BigUint::from(*base).modpow(&odd, number);
        if power == one || power == less {
            return true;
        }
        (1..twos).any(|_| {
            power = &power * &power % number;
            power == less
        })
    })
}
