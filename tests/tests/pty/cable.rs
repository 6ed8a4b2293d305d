//! A cable to a simulator as the kernel shows it: a device file whose number changes with each plugging-in, behind
//! a link that keeps its name, as in `/dev/serial/by-id`.
use std::fs::File;
use std::future::Future;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use hal_device::Line;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::pty::{OpenptyResult, openpty};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::ttyname;
use tokio::net::unix::pipe;
use tokio::task::JoinHandle;

type Serve = dyn Fn(Box<dyn Line>) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// A cable; plugged in while `plugged` holds something.
pub struct Cable {
    link: PathBuf,
    serve: Box<Serve>,
    plugged: Option<Plugged>,
}

struct Plugged {
    device: PathBuf,
    serving: JoinHandle<()>,
    /// Held so that the far end sees no hang-up while the kiosk has the line closed.
    _near: OwnedFd,
}

impl Cable {
    /// A cable that is plugged in; `serve` is the simulator on the far end of each plugging-in.
    pub fn new<F>(link: PathBuf, serve: impl Fn(Box<dyn Line>) -> F + 'static) -> Cable
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let serve = Box::new(move |line| Box::pin(serve(line)) as Pin<Box<dyn Future<Output = ()> + Send>>);
        let mut cable = Cable { link, serve, plugged: None };
        let plugged = cable.make();
        cable.show(plugged);
        cable
    }

    /// Pulls the cable: the line hangs up, and the link is gone.
    pub async fn unplug(&mut self) {
        let Some(plugged) = self.plugged.take() else { return };
        std::fs::remove_file(&self.link).expect("the link");
        plugged.serving.abort();
        // The far end is closed when its task is gone.
        drop(plugged.serving.await);
    }

    /// Pulls the cable and puts it into another socket; returns the device files before and after.
    pub async fn replug(&mut self, between: impl Future<Output = ()>) -> (PathBuf, PathBuf) {
        let before = self.plugged.as_ref().expect("plugged in").device.clone();
        // Made before the other is gone, so that the number is another one.
        let after = self.make();
        self.unplug().await;
        between.await;
        let device = after.device.clone();
        self.show(after);
        (before, device)
    }

    /// The name that stays.
    pub fn link(&self) -> &Path {
        &self.link
    }

    fn make(&self) -> Plugged {
        let OpenptyResult { master, slave } = openpty(None, None).expect("a pseudo terminal");
        // A serial line and a printer's device file carry bytes as they are.
        let mut settings = tcgetattr(&slave).expect("its settings");
        cfmakeraw(&mut settings);
        tcsetattr(&slave, SetArg::TCSANOW, &settings).expect("its settings");
        let device = ttyname(&slave).expect("its name");
        let serving = tokio::spawn((self.serve)(Box::new(far_end(master).expect("a line"))));
        Plugged { device, serving, _near: slave }
    }

    fn show(&mut self, plugged: Plugged) {
        symlink(&plugged.device, &self.link).expect("a link");
        self.plugged = Some(plugged);
    }
}

/// Tokio's pipe ends serve any descriptor that can be polled.
fn far_end(master: OwnedFd) -> io::Result<impl Line> {
    let flags = OFlag::from_bits_retain(fcntl(&master, FcntlArg::F_GETFL)?);
    fcntl(&master, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    let file = File::from(master);
    let reader = pipe::Receiver::from_file_unchecked(file.try_clone()?)?;
    Ok(tokio::io::join(reader, pipe::Sender::from_file_unchecked(file)?))
}
