//! One control connection: a process of saned.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, WriteHalf, split};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::door::Stream;
use super::fault::{Call, SanedFault, Spoilt};
use super::requests::Request;
use super::sender::send;
use super::service::Saned;
use super::world::{Frame, OpenDevice};
use super::writer::Writer;

const INVALID: u32 = 4;
const BUSY: u32 = 3;
/// What saned 1.2.1 answers INIT with.
const VERSION: u32 = 0x0101_0003;
const LITTLE_ENDIAN: u32 = 0x1234;
const BIG_ENDIAN: u32 = 0x4321;
/// The name before the first colon, and a random text.
const RESOURCE: &str = "virtual$MD5$6a21f0c7";
/// Until it is clear whether whoever closed the data connection has closed the other one, too.
const BOTH: Duration = Duration::from_secs(1);

pub(super) struct Conversation {
    saned: Saned,
    writer: WriteHalf<Box<dyn Stream>>,
    requests: mpsc::Receiver<io::Result<Request>>,
    _reader: JoinSet<()>,
    address: Option<IpAddr>,
    greeted: bool,
    /// The handle is the place.
    devices: Vec<Option<OpenDevice>>,
}

impl Conversation {
    pub(super) fn new<S>(saned: Saned, stream: S, address: Option<IpAddr>) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let (mut half, writer) = split(Box::new(stream) as Box<dyn Stream>);
        let (sender, requests) = mpsc::channel(1);
        let mut reader = JoinSet::new();
        reader.spawn(async move {
            while let Some(request) = Request::read(&mut half).await.transpose() {
                let last = request.is_err();
                if sender.send(request).await.is_err() || last {
                    break;
                }
            }
        });
        Self { saned, writer, requests, _reader: reader, address, greeted: false, devices: Vec::new() }
    }

    /// The process has ended: what it held open is closed.
    pub(super) fn end(&mut self) {
        if self.devices.iter().any(Option::is_some) {
            self.saned.world().let_go();
        }
    }

    pub(super) async fn run(&mut self) -> io::Result<()> {
        while let Some(request) = self.requests.recv().await {
            let request = request?;
            if request == Request::Exit {
                self.saned.world().seen.exits += 1;
                return Ok(());
            }
            if !std::mem::replace(&mut self.greeted, true) && !matches!(request, Request::Init { .. }) {
                self.wrong(format!("{request:?} before INIT"));
                return Ok(());
            }
            if !self.serve(request).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    fn wrong(&self, what: impl Into<String>) {
        self.saned.world().seen.wrong.push(what.into());
    }

    /// False when the connection is over.
    async fn serve(&mut self, request: Request) -> io::Result<bool> {
        let Some(call) = request.call() else { return Ok(true) };
        match request {
            Request::Start { .. } if self.hangs_up(call) => Ok(false),
            Request::Start { handle } => self.scan(handle).await,
            request => self.respond(call, request).await,
        }
    }

    fn hangs_up(&self, call: Call) -> bool {
        self.saned.world().has(|fault| *fault == SanedFault::Hangup(call))
    }

    /// Anything but START. False when the connection is over.
    async fn respond(&mut self, call: Call, request: Request) -> io::Result<bool> {
        if self.hangs_up(call) {
            return Ok(false);
        }
        match self.answer(request) {
            Some(answer) => self.deliver(call, answer).await,
            // A handle that is not open gets no answer at all.
            None => Ok(true),
        }
    }

    /// Writes an answer, or what the faults make of it. False when the connection is over.
    async fn deliver(&mut self, call: Call, mut answer: Vec<u8>) -> io::Result<bool> {
        let spoilt = self.saned.world().pick(|fault| match fault {
            SanedFault::Spoil(own, how) if *own == call => Some(*how),
            _ => None,
        });
        if self.saned.world().has(|fault| *fault == SanedFault::Deaf(call)) {
            return Ok(true);
        }
        match spoilt {
            Some(Spoilt::Giant) => {
                // Behind the status, where there is one.
                let at = if call == Call::Descriptors { 0 } else { 4 };
                answer.truncate(at);
                answer.extend([0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4]);
            }
            Some(Spoilt::Longer(count)) => answer.extend(vec![0; count]),
            Some(Spoilt::Torn) => {
                answer.truncate(answer.len() / 2);
                self.writer.write_all(&answer).await?;
                return Ok(false);
            }
            Some(Spoilt::Ones) => answer.fill(0xFF),
            Some(Spoilt::Slow(pause)) => {
                for byte in answer {
                    sleep(Duration::from_millis(pause)).await;
                    self.writer.write_all(&[byte]).await?;
                }
                return Ok(true);
            }
            None => {}
        }
        self.writer.write_all(&answer).await?;
        self.writer.flush().await?;
        Ok(true)
    }

    fn password(&self, call: Call) -> Option<&'static str> {
        self.saned.world().has(|fault| *fault == SanedFault::Password(call)).then_some(RESOURCE)
    }

    /// The answer to anything but START; none for a handle that is not open.
    fn answer(&mut self, request: Request) -> Option<Vec<u8>> {
        let mut writer = Writer::default();
        match request {
            Request::Init { version } => {
                if version >> 24 != 1 || version & 0xFFFF != 3 {
                    self.wrong(format!("version {version:08x}"));
                }
                let mut world = self.saned.world();
                let status = world.refused(Call::Init).unwrap_or(0);
                let version = world.pick(|fault| match fault {
                    SanedFault::Version(version) => Some(*version),
                    _ => None,
                });
                writer.word(status).word(if status == 0 { version.unwrap_or(VERSION) } else { 0 });
            }
            Request::Devices => {
                let mut world = self.saned.world();
                let status = world.refused(Call::Devices).unwrap_or(0);
                let config = world.config.clone();
                let listed = (world.plugged && config.listed).then_some(config);
                let list: Vec<_> = listed.into_iter().map(Some).chain([None]).collect();
                writer.word(status).array(&list, |writer, device| match device {
                    None => drop(writer.word(1)),
                    Some(device) => {
                        writer.word(0).text(Some(&device.device)).text(device.vendor.as_deref());
                        let kind = device.vendor.as_ref().map(|_| "flatbed scanner");
                        writer.text(device.model.as_deref()).text(kind);
                    }
                });
            }
            Request::Open { name } => {
                let password = self.password(Call::Open);
                let opened =
                    if password.is_some() { Ok(None) } else { self.saned.world().open(&name).map(Some) };
                match opened {
                    Ok(None) => writer.word(0).word(0).text(password),
                    Ok(device) => {
                        self.devices.push(device);
                        writer.word(0).word(self.devices.len() as u32 - 1).text(None)
                    }
                    Err(status) => writer.word(status).word(0).text(None),
                };
            }
            Request::Close { handle } => {
                if let Some(device) = self.devices.get_mut(handle as usize)
                    && device.take().is_some()
                {
                    self.saned.world().close();
                }
                writer.word(0);
            }
            Request::Descriptors { handle } => return Some(self.device(handle)?.options.describe()),
            Request::Control { handle, option, action, kind, size, value } => {
                let password = self.password(Call::Control);
                let refused = self.saned.world().refused(Call::Control);
                let device = self.device(handle)?;
                let done = match (refused, action) {
                    (Some(status), _) => Err(status),
                    _ if device.scanning && action != 0 => Err(INVALID),
                    (None, 0) => device.options.get(option).map(|value| (0, value, None)),
                    (None, 1) => {
                        let set = device.options.set(option, kind, &value);
                        set.map(|set| (set.info, value.clone(), Some((set.name, set.text))))
                    }
                    _ => Err(INVALID),
                };
                let (status, info, value, set) = match done {
                    Ok((info, value, set)) => (0, info, value, set),
                    Err(status) => (status, 0, value, None),
                };
                self.saned.world().seen.sets.extend(set);
                let (kind, size) = if password.is_some() { (0, 0) } else { (kind, size) };
                writer.word(status).word(info).word(kind).word(size);
                match kind {
                    0..=2 => writer.word(size / 4),
                    3 => writer.word(size),
                    _ => writer.word(0),
                };
                writer.0.extend(value.into_iter().chain(std::iter::repeat(0)).take(size as usize));
                writer.text(password);
            }
            Request::Parameters { handle } => {
                let status = self.saned.world().refused(Call::Parameters).unwrap_or(0);
                // Before a START there are estimates only.
                let parameters = self.device(handle)?.parameters.unwrap_or([0, 1, 70, 70, 99, 8]);
                writer.word(status);
                for word in parameters {
                    writer.int(word);
                }
            }
            Request::Cancel { handle } => {
                let saned = self.saned.clone();
                if let Some(device) = self.device(handle) {
                    saned.world().cancel(device);
                }
                writer.word(0);
            }
            Request::Start { .. } | Request::Exit => {}
        }
        Some(writer.0)
    }

    fn device(&mut self, handle: u32) -> Option<&mut OpenDevice> {
        self.devices.get_mut(handle as usize)?.as_mut()
    }

    /// START, and the data connection until the frame has ended. False when the connection is over.
    async fn scan(&mut self, handle: u32) -> io::Result<bool> {
        let (port, mut door) = self.saned.data_door(self.address).await?;
        let (saned, password) = (self.saned.clone(), self.password(Call::Start));
        let Some(device) = self.device(handle) else { return Ok(true) };
        let started = if password.is_some() { Err(0) } else { saned.world().start(device) };
        let named = saned.world().pick(|fault| match fault {
            SanedFault::Port(port) => Some(*port),
            _ => None,
        });
        let order = if saned.world().config.big_endian { BIG_ENDIAN } else { LITTLE_ENDIAN };
        let mut writer = Writer::default();
        // A port comes with every status.
        let status = started.as_ref().err().copied().unwrap_or(0);
        writer.word(status).word(named.unwrap_or(port.into())).word(order).text(password);
        if !self.deliver(Call::Start, writer.0).await? {
            return Ok(false);
        }
        let Ok(frame) = started else { return Ok(true) };
        // Deaf to everything until somebody comes in.
        let data = door.accept().await?;
        saned.world().seen.data_connections += 1;
        self.transfer(handle, data, &frame).await
    }

    /// Sends a frame, and hears requests meanwhile.
    async fn transfer(&mut self, handle: u32, mut data: Box<dyn Stream>, frame: &Frame) -> io::Result<bool> {
        let saned = self.saned.clone();
        let mut sending = Box::pin(send(&saned, &mut data, frame));
        let sent = loop {
            tokio::select! {
                biased;
                request = self.requests.recv() => match request.transpose()? {
                    None => return Ok(false),
                    Some(Request::Start { .. }) => {
                        self.wrong("START while a page was sent");
                        let mut writer = Writer::default();
                        writer.word(BUSY).word(0).word(LITTLE_ENDIAN).text(None);
                        self.writer.write_all(&writer.0).await?;
                    }
                    Some(request) => {
                        let Some(call) = request.call() else { return Ok(false) };
                        if !self.respond(call, request).await? {
                            return Ok(false);
                        }
                        if call == Call::Cancel {
                            // Closed without an end marker.
                            return Ok(true);
                        }
                    }
                },
                sent = &mut sending => break sent,
            }
        };
        if sent.is_err() {
            // A real one dies of it.
            if !matches!(timeout(BOTH, self.requests.recv()).await, Ok(None)) {
                self.wrong("the data connection was closed under saned");
            }
            return Ok(false);
        }
        if let Some(device) = self.device(handle) {
            device.scanning = false;
        }
        if sent? && frame.last {
            saned.world().seen.pages += 1;
        }
        Ok(true)
    }
}
