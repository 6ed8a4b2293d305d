//! What the board is made of, as QEMU's arguments.
//!
//! Every USB device has its own port and serial number, so that its name below `/dev/…/by-id` never changes.
use std::path::{Path, PathBuf};

use super::{Accelerator, SHELL_UNIT};
use crate::image::Base;

/// The address of the town hall's server inside the guest. Beside the scanner, the guest's network reaches nothing else.
pub const SEDE_ADDRESS: &str = "10.0.2.100";
/// Its port inside the guest.
pub const SEDE_PORT: u16 = 8443;

/// The address of the scanner on the cabinet's network.
pub const SCANNER_ADDRESS: &str = "10.0.2.101";
/// Its port there.
pub const SCANNER_PORT: u16 = 80;
/// Its name for saned inside the guest: sane-airscan takes the address out of it, and no file of the guest has it.
pub const SCANNER_DEVICE: &str = "airscan:escl:KioskScan:http://10.0.2.101/eSCL";

/// The data partition's disk.
#[derive(Clone, Debug)]
pub enum DataDisk {
    /// A power cut loses everything that the guest had not flushed.
    LosesUnflushed(PathBuf),
    /// A power cut loses nothing that the guest had written. Quicker.
    PlainFile(PathBuf),
}

/// A wire between the board and a peripheral outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wire {
    /// The ccTalk bus, by a USB serial adapter.
    Cctalk,
    /// The barcode reader, by a USB serial adapter.
    Barcode,
    /// The receipt printer, USB printer class.
    Printer,
    /// The page printer, USB printer class.
    PagePrinter,
    /// The smart card reader, USB CCID class.
    CardReader,
}

impl Wire {
    /// All of them.
    pub const ALL: [Wire; 5] =
        [Wire::Cctalk, Wire::Barcode, Wire::Printer, Wire::PagePrinter, Wire::CardReader];

    /// The name in the API of the panel.
    pub fn name(self) -> &'static str {
        match self {
            Wire::Cctalk => "cctalk",
            Wire::Barcode => "barcode",
            Wire::Printer => "printer",
            Wire::PagePrinter => "page-printer",
            Wire::CardReader => "card-reader",
        }
    }

    /// The wire with this name.
    pub fn from_name(name: &str) -> Option<Wire> {
        Wire::ALL.into_iter().find(|wire| wire.name() == name)
    }

    /// The name of its socket in the machine's folder.
    pub(super) fn socket_name(self) -> &'static str {
        match self {
            Wire::Cctalk => "cctalk.sock",
            Wire::Barcode => "barcode.sock",
            Wire::Printer => "printer.sock",
            Wire::PagePrinter => "page-printer.sock",
            Wire::CardReader => "card-reader.sock",
        }
    }

    fn device(self) -> &'static str {
        match self {
            Wire::Cctalk => "usb-serial,id=cctalk,chardev=cctalk,bus=xhci.0,port=3,serial=CCTALK01",
            Wire::Barcode => "usb-serial,id=barcode,chardev=barcode,bus=xhci.0,port=4,serial=BARCODE01",
            Wire::Printer => "usb-redir,id=printer,chardev=printer,bus=xhci.0,port=5",
            Wire::PagePrinter => "usb-redir,id=page-printer,chardev=page-printer,bus=xhci.0,port=6",
            Wire::CardReader => "usb-redir,id=card-reader,chardev=card-reader,bus=xhci.0,port=7",
        }
    }
}

/// A board.
#[derive(Clone, Debug)]
pub struct MachineConfig {
    /// Kernel and initramfs.
    pub base: Base,
    /// The root file system; never written to.
    pub root: PathBuf,
    /// The data partition.
    pub data: DataDisk,
    /// How it runs.
    pub accelerator: Accelerator,
    /// The port on the host's loopback that the guest reaches as the town hall's server.
    pub sede_port: Option<u16>,
    /// The same for the scanner.
    pub scanner_port: Option<u16>,
    /// Pixels across and down.
    pub display: (u32, u32),
    /// The real-time clock at power-on, as `2026-03-01T09:00:00`; the host's time without it.
    pub clock: Option<String>,
    /// A root shell on a second serial line; the image must have [`super::SHELL_UNIT`].
    pub shell: bool,
    /// More words for the kernel's command line.
    pub kernel_words: Vec<String>,
}

/// The guest's console goes to the serial line, the journal too; nothing is drawn on the screen but the kiosk.
const KERNEL_WORDS: &str = "console=ttyS0 ro panic=10 loglevel=4 vt.global_cursor_default=0 \
    systemd.show_status=0 systemd.getty_auto=0 systemd.journald.forward_to_console=1 \
    module.sig_enforce=1 lockdown=integrity";

impl MachineConfig {
    /// The arguments of QEMU for a machine whose sockets are in `folder`.
    pub(super) fn arguments(&self, folder: &Path) -> Vec<String> {
        let path = |path: &Path| path.to_string_lossy().replace(',', ",,");
        let mut out: Vec<String> = Vec::new();
        let mut add = |words: &[&str]| out.extend(words.iter().map(|word| (*word).to_owned()));
        add(&["-nodefaults", "-no-user-config", "-display", "none", "-vga", "none", "-S"]);
        add(&["-machine", &format!("q35,i8042=off,accel={}", self.accelerator.name())]);
        add(&["-cpu", "max", "-smp", "2", "-m", "512"]);
        add(&["-rtc", &format!("base={}", self.clock.as_deref().unwrap_or("utc"))]);
        add(&["-kernel", &path(&self.base.kernel), "-initrd", &path(&self.base.initramfs)]);
        let shell = if self.shell { format!("systemd.wants={SHELL_UNIT} ") } else { String::new() };
        let words = format!("{KERNEL_WORDS} {shell}{}", self.kernel_words.join(" "));
        add(&["-append", words.trim()]);

        let socket = |name: &str, file: &str| {
            format!("socket,id={name},path={},server=on,wait=off", path(&folder.join(file)))
        };
        add(&["-chardev", &socket("qmp", "qmp.sock"), "-mon", "chardev=qmp,mode=control"]);
        add(&["-chardev", &socket("console", "console.sock"), "-serial", "chardev:console"]);
        if self.shell {
            add(&["-chardev", &socket("shell", "shell.sock"), "-serial", "chardev:shell"]);
        }

        // The root first: the first virtio disk is /dev/vda.
        add(&["-drive", &format!("id=root,if=none,format=raw,readonly=on,file={}", path(&self.root))]);
        add(&["-device", "virtio-blk-pci,drive=root"]);
        let data = match &self.data {
            DataDisk::LosesUnflushed(_) => {
                format!("nbd+unix:///?socket={},cache=none", path(&folder.join("data.sock")))
            }
            DataDisk::PlainFile(image) => path(image),
        };
        add(&["-drive", &format!("id=data,if=none,format=raw,file={data}")]);
        add(&["-device", "virtio-blk-pci,drive=data"]);

        let (width, height) = self.display;
        add(&["-device", &format!("bochs-display,xres={width},yres={height}")]);
        add(&["-device", "qemu-xhci,id=xhci,p2=15,p3=15"]);
        add(&["-device", "usb-tablet,id=touch,bus=xhci.0,port=1,serial=TOUCH01"]);
        add(&["-device", "usb-kbd,id=keypad,bus=xhci.0,port=2,serial=KEYPAD01"]);
        for wire in Wire::ALL {
            add(&["-chardev", &socket(wire.name(), wire.socket_name()), "-device", wire.device()]);
        }
        add(&["-device", "i6300esb", "-action", "watchdog=reset"]);

        let reached = |address: &str, port: u16, here: Option<u16>| {
            here.map_or(String::new(), |here| {
                // What it complains about must not reach the guest as the server's words.
                let relay = format!("exec /bin/busybox nc 127.0.0.1 {here} 2>/dev/null");
                format!(",guestfwd=tcp:{address}:{port}-cmd:/bin/busybox sh -c '{relay}'")
            })
        };
        let sede = reached(SEDE_ADDRESS, SEDE_PORT, self.sede_port);
        let scanner = reached(SCANNER_ADDRESS, SCANNER_PORT, self.scanner_port);
        add(&["-netdev", &format!("user,id=net0,restrict=on{sede}{scanner}")]);
        add(&["-device", "virtio-net-pci,netdev=net0"]);
        out
    }
}
