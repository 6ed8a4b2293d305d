//! A pcscd of our own, and a card in its virtual reader (protocol of vpcd: length, then a control byte or a command).
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use simulators::smartcard::{Reply, VirtualCard};

const SOCKET: &str = "/run/pcscd/pcscd.comm";
const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GET_ATR: u8 = 4;

pub struct Pcscd {
    child: Child,
    port: u16,
    _folder: Folder,
}

struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Pcscd {
    pub fn start() -> Pcscd {
        assert!(UnixStream::connect(SOCKET).is_err(), "another pcscd runs on this machine");
        let driver = [DRIVER, "/usr/lib/x86_64-linux-gnu/pcsc/drivers/serial/libifdvpcd.so"]
            .into_iter()
            .find(|path| Path::new(path).exists())
            .expect("vsmartcard-vpcd is installed");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = std::env::temp_dir().join(format!("pcscd-test-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let text = format!(
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x{port:X}\nLIBPATH {driver}\nCHANNELID 0x{port:X}\n"
        );
        let config = folder.join("reader.conf");
        std::fs::write(&config, text).unwrap();
        std::fs::create_dir_all("/run/pcscd").unwrap();
        let child = Command::new("pcscd")
            .arg("--foreground")
            .arg("--config")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pcscd is installed");
        Pcscd { child, port, _folder: Folder(folder) }
    }

    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(done.unwrap().success());
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A card in the virtual reader; dropped, it is pulled.
pub struct Inserted {
    stream: TcpStream,
    thread: Option<JoinHandle<()>>,
}

impl Inserted {
    pub fn new(pcscd: &Pcscd, card: &VirtualCard) -> Inserted {
        let stream = (0..200)
            .find_map(|_| {
                let stream = TcpStream::connect(("127.0.0.1", pcscd.port)).ok();
                if stream.is_none() {
                    thread::sleep(Duration::from_millis(50));
                }
                stream
            })
            .expect("the virtual reader listens");
        let (mut line, card) = (stream.try_clone().unwrap(), card.clone());
        let thread = thread::spawn(move || {
            while serve(&mut line, &card).is_some() {}
            let _ = line.shutdown(std::net::Shutdown::Both);
        });
        Inserted { stream, thread: Some(thread) }
    }
}

impl Drop for Inserted {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// One message; `None` when the card is out.
fn serve(line: &mut TcpStream, card: &VirtualCard) -> Option<()> {
    let mut length = [0; 2];
    line.read_exact(&mut length).ok()?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    line.read_exact(&mut message).ok()?;
    let answer = match message[..] {
        [POWER_OFF] => {
            card.power_off();
            return Some(());
        }
        [POWER_ON] => {
            card.power_on();
            return Some(());
        }
        [RESET] => {
            card.reset();
            return Some(());
        }
        [GET_ATR] => card.atr()?,
        _ => match card.transmit(&message) {
            Reply::Answer { bytes, .. } => bytes,
            Reply::Mute => return Some(()),
            Reply::Pulled => return None,
        },
    };
    line.write_all(&u16::try_from(answer.len()).unwrap().to_be_bytes()).ok()?;
    line.write_all(&answer).ok()
}
