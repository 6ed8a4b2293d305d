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
    safe fn mmap(address: *mut u8, size: usize, protection: i32, flags: i32, fd: i32, offset: i64) -> *mut u8;
}

const LPGETSTATUS: u64 = 0x060b;
const O_NONBLOCK: i32 = 0o4000;
const O_NOCTTY: i32 = 0o400;
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
    thread::spawn(names);
    watchdog();
    input("touch", TOUCH);
    input("keypad", KEYPAD);
    paint();
    echo();
    thread::spawn(printer);
    thread::spawn(network);
    thread::spawn(scanning);
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

/// Sets the first mode of the first connector and fills a dumb buffer, as the firmware does it, by the ioctls of
/// `drm_mode.h`. The card stays open: whoever has it open owns the display.
fn paint() {
    let card = OpenOptions::new().read(true).write(true).open("/dev/dri/card0").unwrap();
    let fd = card.as_raw_fd();
    let call = |request: u64, words: &mut [u32], what: &str| {
        assert_eq!(ioctl(fd, request, words.as_mut_ptr()), 0, "{what}: {}", std::io::Error::last_os_error());
    };
    let address = |words: &mut [u32]| {
        let address = words.as_mut_ptr() as u64;
        (address as u32, (address >> 32) as u32)
    };
    let (mut crtcs, mut connectors, mut modes) = ([0_u32; 1], [0_u32; 1], [0_u32; 17 * 64]);
    let mut resources = [0_u32; 16];
    (resources[2], resources[3]) = address(&mut crtcs);
    (resources[4], resources[5]) = address(&mut connectors);
    (resources[9], resources[10]) = (1, 1);
    call(0xC040_64A0, &mut resources, "MODE_GETRESOURCES");
    let mut connector = [0_u32; 20];
    (connector[2], connector[3]) = address(&mut modes);
    connector[8] = 64;
    connector[12] = connectors[0];
    call(0xC050_64A7, &mut connector, "MODE_GETCONNECTOR");
    let [width, height] = [modes[1] & 0xFFFF, modes[3] >> 16];
    println!("{} modes, the first {width} x {height}", connector[8]);
    let mut dumb = [height, width, 32, 0, 0, 0, 0, 0];
    call(0xC020_64B2, &mut dumb, "MODE_CREATE_DUMB");
    let (handle, pitch, size) = (dumb[4], dumb[5], dumb[6] as usize);
    let mut buffer = [0, width, height, pitch, 32, 24, handle];
    call(0xC01C_64AE, &mut buffer, "MODE_ADDFB");
    let mut place = [handle, 0, 0, 0];
    call(0xC010_64B3, &mut place, "MODE_MAP_DUMB");
    let offset = i64::from(place[2]) | i64::from(place[3]) << 32;
    // Readable and writable, shared.
    let memory = mmap(std::ptr::null_mut(), size, 3, 1, fd, offset);
    assert_ne!(memory as isize, -1, "mmap: {}", std::io::Error::last_os_error());
    // SAFETY: the kernel has just mapped `size` bytes there, and nothing else uses them.
    let pixels = unsafe { std::slice::from_raw_parts_mut(memory.cast::<u32>(), size / 4) };
    let mut set = [0_u32; 26];
    (set[0], set[1]) = address(&mut connectors);
    (set[2], set[3], set[4], set[8]) = (1, crtcs[0], buffer[0], 1);
    set[9..].copy_from_slice(&modes[..17]);
    call(0xC068_64A2, &mut set, "MODE_SETCRTC");
    pixels.fill(0x00F0_8020);
    println!("painted");
    std::mem::forget(card);
}

/// `ends`: how ends of lines are treated, as `stty` calls it.
fn serial(path: &str, ends: &str) -> Option<File> {
    if fs::metadata(path).is_err() {
        return None;
    }
    let done = Command::new("stty").args(["-F", path, "9600", "raw", "-echo", ends]).status().ok()?;
    if !done.success() {
        return None;
    }
    // Not as the terminal that controls this process: its unplugging would hang the process up.
    OpenOptions::new().read(true).write(true).custom_flags(O_NOCTTY).open(path).ok()
}

/// Everything that comes over the ccTalk wire goes back; opened again for ever.
fn echo() {
    thread::spawn(|| {
        loop {
            if let Some(mut line) = serial(CCTALK, "-icrnl") {
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

/// The scanner's service, as soon as it listens.
fn scanning() {
    while std::net::TcpStream::connect("127.0.0.1:6566").is_err() {
        thread::sleep(Duration::from_millis(200));
    }
    println!("saned open");
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
            let asked = sede.write_all(b"kiosk\n").and_then(|()| sede.read_to_string(&mut text));
            println!("the sede says {} ({asked:?})", text.trim());
            if !text.is_empty() {
                break;
            }
        }
        thread::sleep(Duration::from_millis(500));
    }
    println!("the host is out of reach: {}", reach("10.0.2.2:8443").is_err());
}

fn commands() {
    loop {
        if let Some(line) = serial(BARCODE, "icrnl") {
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

/// What udev has named, when that changes.
fn names() {
    let mut before = String::new();
    loop {
        let mut found = Vec::new();
        for folder in ["/dev/serial/by-id", "/dev/input/by-id", "/dev/usb", "/dev/ciberkiosco", "/sys/bus/usb/devices"] {
            let entries = fs::read_dir(folder).into_iter().flatten();
            found.extend(entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()));
        }
        found.sort();
        let now = found.join(" ");
        if now != before {
            println!("devices: {now}");
            before = now;
        }
        thread::sleep(Duration::from_millis(500));
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
            // The header is one line; what listens has a line each, with its address in hexadecimal digits.
            let table = fs::read_to_string(format!("/proc/self/net/{kind}")).unwrap();
            let columns = table.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
            let listening: Vec<&str> = columns.filter(|line| line[3] == "0A").map(|line| line[1]).collect();
            println!("listening {kind} {listening:?}");
        }
        _ => println!("what is {command}?"),
    }
}
