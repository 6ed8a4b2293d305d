//! A guest program that proves the board's devices, in place of the firmware: it says what it sees on the journal,
//! which the console shows, and obeys lines of text that come over the barcode reader's wire.
//!
//! One file without dependencies, compiled by `rustc` alone to a static program.
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{env, thread};

unsafe extern "C" {
    safe fn ioctl(fd: i32, request: u64, ...) -> i32;
}

const LPGETSTATUS: u64 = 0x060b;
const FBIOGET_VSCREENINFO: u64 = 0x4600;
const FBIOPUT_VSCREENINFO: u64 = 0x4601;
/// Where `struct fb_var_screeninfo` has its field `activate`, and the value that sets the mode in any case.
const ACTIVATE: usize = 21;
const ACTIVATE_FORCE: u32 = 128;
const O_NONBLOCK: i32 = 0o4000;
const CCTALK: &str = "/dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL_CCTALK01-if00-port0";
const BARCODE: &str = "/dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL_BARCODE01-if00-port0";
const TOUCH: &str = "/dev/input/by-id/usb-QEMU_QEMU_USB_Tablet_TOUCH01-event-mouse";
const KEYPAD: &str = "/dev/input/by-id/usb-QEMU_QEMU_USB_Keyboard_KEYPAD01-event-kbd";

static FEED: AtomicBool = AtomicBool::new(true);

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    println!("arguments {}", arguments.join(" "));
    println!("as {}", fs::read_to_string("/proc/self/status").unwrap().lines().find(|l| l.starts_with("Uid")).unwrap());
    let mut files: Vec<String> =
        fs::read_dir("/data").unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    println!("data {}", files.join(" "));
    println!("root is read-only: {}", File::create("/usr/x").is_err());
    watchdog();
    input("touch", TOUCH);
    input("keypad", KEYPAD);
    paint();
    echo();
    thread::spawn(printer);
    thread::spawn(network);
    notify("READY=1");
    thread::spawn(|| {
        loop {
            notify("WATCHDOG=1");
            thread::sleep(Duration::from_secs(5));
        }
    });
    commands();
}

fn notify(text: &str) {
    let socket = UnixDatagram::unbound().unwrap();
    socket.send_to(text.as_bytes(), env::var("NOTIFY_SOCKET").unwrap()).unwrap();
}

fn watchdog() {
    let mut device = OpenOptions::new().write(true).open("/dev/ciberkiosco/watchdog").unwrap();
    println!("watchdog open");
    thread::spawn(move || {
        loop {
            if FEED.load(Ordering::Relaxed) {
                device.write_all(b"\0").unwrap();
            }
            thread::sleep(Duration::from_secs(1));
        }
    });
}

fn input(name: &'static str, path: &str) {
    let mut device = loop {
        match File::open(path) {
            Ok(device) => break device,
            // Enumerated later than this program starts, as on any board.
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    };
    println!("{name} open");
    thread::spawn(move || {
        let mut event = [0; 24];
        while device.read_exact(&mut event).is_ok() {
            let kind = u16::from_le_bytes([event[16], event[17]]);
            let code = u16::from_le_bytes([event[18], event[19]]);
            let value = i32::from_le_bytes(event[20..24].try_into().unwrap());
            println!("{name} event {kind} {code} {value}");
        }
        println!("{name} gone");
    });
}

fn paint() {
    // First this: whoever has the card open owns the display, and nothing drawn on fb0 is shown meanwhile.
    println!("card0 opens: {}", OpenOptions::new().read(true).write(true).open("/dev/dri/card0").is_ok());
    let mut screen = OpenOptions::new().write(true).open("/dev/fb0").unwrap();
    // Without a console on the screen nobody has set a mode yet.
    let mut mode = [0_u32; 40];
    assert_eq!(ioctl(screen.as_raw_fd(), FBIOGET_VSCREENINFO, mode.as_mut_ptr()), 0);
    println!("mode {} x {}", mode[0], mode[1]);
    mode[ACTIVATE] = ACTIVATE_FORCE;
    println!("mode set: {}", ioctl(screen.as_raw_fd(), FBIOPUT_VSCREENINFO, mode.as_mut_ptr()));
    // Blue, green, red, nothing.
    let row = [0x20, 0x80, 0xf0, 0].repeat(1080);
    for _ in 0..1920 {
        screen.write_all(&row).unwrap();
    }
    println!("painted");
}

fn serial(path: &str) -> Option<File> {
    let done = Command::new("stty").args(["-F", path, "9600", "raw", "-echo"]).status().ok()?;
    if !done.success() {
        return None;
    }
    OpenOptions::new().read(true).write(true).open(path).ok()
}

/// Everything that comes over the ccTalk wire goes back; opened again for ever.
fn echo() {
    thread::spawn(|| {
        loop {
            if let Some(mut line) = serial(CCTALK) {
                println!("cctalk open");
                let mut buffer = [0; 256];
                while let Ok(count) = line.read(&mut buffer) {
                    if count == 0 || line.write_all(&buffer[..count]).is_err() {
                        break;
                    }
                }
                println!("cctalk gone");
            }
            thread::sleep(Duration::from_millis(200));
        }
    });
}

/// Each line of text the printer sends is printed, after its status.
fn printer() {
    loop {
        let opened = OpenOptions::new().read(true).write(true).custom_flags(O_NONBLOCK).open("/dev/usb/lp0");
        if let Ok(mut printer) = opened {
            println!("printer open");
            let mut buffer = [0; 256];
            loop {
                match printer.read(&mut buffer) {
                    Ok(count) if count > 0 => {
                        let mut status = 0_i32;
                        ioctl(printer.as_raw_fd(), LPGETSTATUS, &raw mut status);
                        let text = format!("status {status:#x} after {}", String::from_utf8_lossy(&buffer[..count]));
                        if printer.write_all(text.as_bytes()).is_err() {
                            break;
                        }
                    }
                    Ok(_) => thread::sleep(Duration::from_millis(50)),
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                        thread::sleep(Duration::from_millis(50));
                    }
                    Err(_) => break,
                }
            }
            println!("printer gone");
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// The one server that can be reached, and one that cannot.
fn network() {
    let reach = |address: &str| {
        let address = address.parse().unwrap();
        std::net::TcpStream::connect_timeout(&address, Duration::from_secs(5))
    };
    loop {
        if let Ok(mut sede) = reach("10.0.2.100:8443") {
            let mut text = String::new();
            sede.write_all(b"kiosk\n").unwrap();
            sede.read_to_string(&mut text).unwrap();
            println!("the sede says {}", text.trim());
            break;
        }
        thread::sleep(Duration::from_millis(500));
    }
    println!("the host is out of reach: {}", reach("10.0.2.2:8443").is_err());
}

fn commands() {
    loop {
        if let Some(line) = serial(BARCODE) {
            println!("barcode open");
            let mut answers = line.try_clone().unwrap();
            for command in BufReader::new(line).lines().map_while(Result::ok) {
                obey(&command);
                println!("done {command}");
                if writeln!(answers, "done {command}").is_err() {
                    break;
                }
            }
            println!("barcode gone");
        }
        thread::sleep(Duration::from_millis(200));
    }
}

fn obey(command: &str) {
    match command.split_once(' ') {
        Some(("synced", name)) => {
            let mut file = File::create(format!("/data/{name}")).unwrap();
            file.write_all(b"kept").unwrap();
            file.sync_all().unwrap();
            File::open("/data").unwrap().sync_all().unwrap();
        }
        Some(("unsynced", name)) => fs::write(format!("/data/{name}"), b"lost").unwrap(),
        Some(("watchdog", "starve")) => FEED.store(false, Ordering::Relaxed),
        Some(("sockets", kind)) => {
            // The header is one line; what listens has a line each. ProcSubset hides nothing of these.
            let table = fs::read_to_string(format!("/proc/self/net/{kind}")).unwrap_or_default();
            let listening = table.lines().skip(1).filter(|l| l.split_whitespace().nth(3) == Some("0A")).count();
            println!("listening {kind} {listening}");
        }
        _ => println!("what is {command}?"),
    }
}
