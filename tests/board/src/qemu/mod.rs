//! The board itself: QEMU, its disks, its display, and the sockets its peripherals are plugged into.
//!
//! The machine is built stopped; it runs when [`Machine::power_on`] is called, after everything is plugged in. A
//! power cut ends QEMU and the disk's server at once; what the guest had not flushed is lost then.

mod accelerator;
mod command_line;
mod console;
mod process;
mod qmp;
mod screen;
mod shell;

pub use accelerator::Accelerator;
pub use command_line::{
    DataDisk, MachineConfig, SCANNER_ADDRESS, SCANNER_DEVICE, SCANNER_PORT, SEDE_ADDRESS, SEDE_PORT, Wire,
};
pub use console::Console;
pub use process::KilledChild;
pub use qmp::{Event, Qmp, QmpError};
pub use screen::Screen;
pub use shell::{SHELL_UNIT, SHELL_UNIT_TEXT, Shell};

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tokio::net::UnixStream;
use tokio::process::Command;
use tokio::time;

/// Under emulation on a busy host everything may be slow; a machine that has not done a step by then is dead.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// A running (or stopped) machine. Dropping it cuts the power.
pub struct Machine {
    folder: PathBuf,
    qemu: KilledChild,
    disk: Option<KilledChild>,
    qmp: Qmp,
    console: Console,
    shell: Option<Shell>,
}

impl Machine {
    /// Builds the machine in `folder`, which must be short enough for socket names; it does not run yet.
    pub async fn build(config: &MachineConfig, folder: &Path) -> Result<Machine> {
        let disk = match &config.data {
            DataDisk::LosesUnflushed(image) => Some(serve_disk(image, folder).await?),
            DataDisk::PlainFile(_) => None,
        };
        for name in
            ["qmp.sock", "console.sock", "shell.sock"].into_iter().chain(Wire::ALL.map(Wire::socket_name))
        {
            remove_old(&folder.join(name))?;
        }
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "qemu-system-x86_64"]).args(config.arguments(folder));
        let mut qemu = KilledChild::spawn(command, &folder.join("qemu.log"))?;
        let qmp = connect(&folder.join("qmp.sock"), &mut qemu).await?;
        let qmp = Qmp::new(qmp).await?;
        let console = Console::new(
            connect(&folder.join("console.sock"), &mut qemu).await?,
            &folder.join("console.log"),
        )?;
        let shell = if config.shell {
            let line = connect(&folder.join("shell.sock"), &mut qemu).await?;
            Some(Shell::new(line, &folder.join("shell.log"))?)
        } else {
            None
        };
        Ok(Machine { folder: folder.to_owned(), qemu, disk, qmp, console, shell })
    }

    /// Lets it run: the first time, and after [`Machine::pause`].
    pub async fn power_on(&self) -> Result<()> {
        self.qmp.execute("cont", json!({})).await?;
        Ok(())
    }

    /// Stops its processors and its clock.
    pub async fn pause(&self) -> Result<()> {
        self.qmp.execute("stop", json!({})).await?;
        Ok(())
    }

    /// The reset button: the guest starts again, the disk keeps what the guest wrote, the devices enumerate again.
    pub async fn reset(&self) -> Result<()> {
        self.qmp.execute("system_reset", json!({})).await?;
        Ok(())
    }

    /// The network cable of the board, in or out.
    pub async fn set_network(&self, plugged: bool) -> Result<()> {
        self.qmp.execute("set_link", json!({"name": "net0", "up": plugged})).await?;
        Ok(())
    }

    /// The control connection.
    pub fn qmp(&self) -> &Qmp {
        &self.qmp
    }

    /// What the guest says on its serial line.
    pub fn console(&self) -> &Console {
        &self.console
    }

    /// The root shell, of a machine that was built with it.
    pub fn shell(&self) -> Result<&Shell> {
        self.shell.as_ref().context("the board has no shell")
    }

    /// The socket of a wire; connecting to it is plugging it in.
    pub fn socket(&self, wire: Wire) -> PathBuf {
        self.folder.join(wire.socket_name())
    }

    /// Connects to a wire's socket.
    pub async fn plug(&mut self, wire: Wire) -> Result<UnixStream> {
        let socket = self.socket(wire);
        connect(&socket, &mut self.qemu).await
    }

    /// The picture on the display now.
    pub async fn screen(&self) -> Result<Screen> {
        Screen::dump(&self.qmp, &self.folder).await
    }

    /// Waits for a picture that is as wanted; it is looked at five times a second.
    pub async fn wait_for_screen(&self, mut wanted: impl FnMut(&Screen) -> bool) -> Result<Screen> {
        let mut beat = time::interval(Duration::from_millis(200));
        let search = async {
            loop {
                beat.tick().await;
                let screen = self.screen().await?;
                if wanted(&screen) {
                    return Ok(screen);
                }
            }
        };
        time::timeout(PATIENCE, search).await.context("the wanted picture does not appear")?
    }

    /// The mains plug is pulled: nothing is flushed, nobody is told.
    pub async fn power_cut(mut self) -> Result<()> {
        if let Some(disk) = &mut self.disk {
            disk.kill().await?;
        }
        self.qemu.kill().await
    }

    /// True while QEMU runs.
    pub fn is_running(&mut self) -> bool {
        self.qemu.is_running()
    }
}

fn remove_old(socket: &Path) -> Result<()> {
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// nbdkit's cache filter writes to the file on a flush only; killed, it takes the rest with it.
async fn serve_disk(image: &Path, folder: &Path) -> Result<KilledChild> {
    let socket = folder.join("data.sock");
    remove_old(&socket)?;
    let mut command = Command::new("nbdkit");
    command
        .args(["--foreground", "--exit-with-parent", "--filter=cache", "--unix"])
        .arg(&socket)
        .arg("file")
        .arg(image)
        .arg("cache=writeback");
    let mut child = KilledChild::spawn(command, &folder.join("nbdkit.log"))?;
    drop(connect(&socket, &mut child).await?);
    Ok(child)
}

/// Connects to a socket that `child` is about to listen on.
async fn connect(socket: &Path, child: &mut KilledChild) -> Result<UnixStream> {
    let mut beat = time::interval(Duration::from_millis(20));
    let attempts = async {
        loop {
            beat.tick().await;
            match UnixStream::connect(socket).await {
                Ok(stream) => return Ok(stream),
                Err(_) if child.is_running() => {}
                Err(_) => bail!("{}", child.last_words()),
            }
        }
    };
    time::timeout(PATIENCE, attempts)
        .await
        .with_context(|| format!("{} does not appear", socket.display()))?
}
