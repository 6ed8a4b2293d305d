//! One page: START, the data connection, the image's parameters, rows until the end, and what is read away behind it.
use hal_device::Line;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use zeroize::Zeroizing;

use crate::api::RawPage;
use crate::page::{PageBuilder, Shape};
use crate::wire::{ByteOrder, ParametersReply, Piece, Records, Request, SaneStatus, StartReply};

use super::error::ClientError;
use super::session::{Paged, Session};
use super::{BETWEEN_DATA, CONNECT, DRAIN, DRAINED, FIRST_DATA, PAGE};

/// What is read at once.
const CHUNK: usize = 64 << 10;
/// Below them are the ports of services.
const FIRST_PORT: u32 = 1024;

/// Whoever the page is for; gone when the receiver is.
pub(crate) type For<'p> = &'p mpsc::Sender<RawPage>;

/// The times of a page.
#[derive(Clone, Copy)]
struct Times {
    /// The first byte of the frame under way comes before it.
    first: Instant,
    /// The last one of the page comes before it.
    page: Instant,
}

/// How a frame ended.
enum Ended {
    /// With the driver's own word.
    Said(SaneStatus),
    /// Nobody wants it any more.
    Stopped,
}

impl Session {
    /// Gets the next page. `may_be_shorter`: see [`PageBuilder::end_frame`].
    ///
    /// Not to be dropped before its end, as saned would wait for a data connection for ever; it ends soon after
    /// nobody wants the page any more.
    pub(crate) async fn page(&mut self, may_be_shorter: bool, whom: For<'_>) -> Result<Paged, ClientError> {
        let page_end = Instant::now() + PAGE;
        let mut page: Option<PageBuilder> = None;
        while !whom.is_closed() {
            let times = Times { first: Instant::now() + FIRST_DATA, page: page_end };
            let (port, order) = match self.start(times).await {
                Ok(started) => started,
                Err(ClientError::Status { status: SaneStatus::NoDocuments, .. }) if page.is_none() => {
                    return Ok(Paged::NoDocuments);
                }
                Err(error) => return Err(self.cause(error).await),
            };
            let parameters = Request::Parameters { handle: self.handle };
            // Before saned reads the driver: a small image may have ended before the data connection is a moment old,
            // and some drivers tell then what the next one is.
            self.connection.ask_until(&parameters, times.first, FIRST_DATA).await?;
            let mut data = self.connect_data(port).await?;
            let ended = self.frame(&mut *data, order, times, &mut page, whom).await;
            let (status, page_now) = match (ended, page.take()) {
                (Ok(Ended::Said(status)), Some(page)) => (status, page),
                (Ok(Ended::Said(status)), None) => {
                    return Err(ClientError::Status { what: "the image", status });
                }
                (Ok(Ended::Stopped), _) => {
                    // The data connection is open still: saned dies of one that is closed under it.
                    self.cancel().await?;
                    return Ok(Paged::Stopped);
                }
                (Err(error), _) => {
                    // What a second failure would say matters less, unless it is that nobody hears us.
                    return match self.cancel().await {
                        Err(deaf) if deaf.hangs() && !error.hangs() => Err(deaf),
                        _ => Err(error),
                    };
                }
            };
            drop(data);
            let mut builder = page_now;
            match status {
                SaneStatus::EndOfImage => {}
                SaneStatus::NoDocuments if builder.is_untouched() => return Ok(Paged::NoDocuments),
                SaneStatus::NoDocuments => {}
                status => return Err(self.cause(ClientError::Status { what: "the image", status }).await),
            }
            let shorter = may_be_shorter && status == SaneStatus::EndOfImage;
            if builder.end_frame(shorter)? {
                return Ok(Paged::Page(builder.finish(self.dpi)));
            }
            page = Some(builder);
        }
        Ok(Paged::Stopped)
    }

    /// Starts a frame: the port and the byte order of its data.
    async fn start(&mut self, times: Times) -> Result<(u16, Option<ByteOrder>), ClientError> {
        let request = Request::Start { handle: self.handle };
        let StartReply { status, port, order, resource } =
            self.connection.call_until(&request, times.first, FIRST_DATA).await?;
        if resource.is_some() {
            return Err(ClientError::Password { what: "START" });
        }
        // A port comes with every status; it means something with this one only.
        if status != SaneStatus::Good {
            return Err(ClientError::Status { what: "START", status });
        }
        self.engaged = true;
        let within = |port: &u16| {
            let range = self.config.data_ports;
            range.is_none_or(|range| (range.first..=range.last).contains(port))
        };
        match u16::try_from(port).ok().filter(within) {
            Some(fits) if port >= FIRST_PORT => Ok((fits, order)),
            _ => {
                self.connection.give_up();
                Err(ClientError::Port(port))
            }
        }
    }

    /// Connects to the data port at once. A saned whose data connection does not come waits for it for ever, deaf to
    /// everything else: then the connection is given up.
    async fn connect_data(&mut self, port: u16) -> Result<Box<dyn Line>, ClientError> {
        let error = match timeout(CONNECT, self.port.open_data(port)).await {
            Ok(Ok(line)) => return Ok(line),
            Ok(Err(error)) => ClientError::NoData(error),
            Err(_) => ClientError::DeafData,
        };
        self.connection.give_up();
        Err(error)
    }

    /// Receives a frame whose parameters were asked for: before START they are an estimate.
    async fn frame(
        &mut self,
        data: &mut dyn Line,
        order: Option<ByteOrder>,
        times: Times,
        page: &mut Option<PageBuilder>,
        whom: For<'_>,
    ) -> Result<Ended, ClientError> {
        let ParametersReply { status, parameters } =
            self.connection.answer_until("GET_PARAMETERS", times.first, FIRST_DATA).await?;
        if status != SaneStatus::Good {
            return Err(ClientError::Status { what: "GET_PARAMETERS", status });
        }
        let shape = Shape::check(parameters, order)?;
        match page {
            Some(page) => page.next_pass(shape)?,
            None => *page = Some(PageBuilder::new(shape)?),
        }
        match page {
            Some(page) => receive(data, page, times, whom).await,
            None => Ok(Ended::Stopped),
        }
    }

    /// What is really the matter when a page fails: where the scanner tells, a jam is two sheets at once. Then it is
    /// told that the batch is over, which lets go of the paper.
    async fn cause(&mut self, error: ClientError) -> ClientError {
        let jam = matches!(error, ClientError::Status { status: SaneStatus::Jammed, .. });
        // A driver that does not let its switches be read now has said enough.
        let error = match jam && self.is_sound() && self.sensor("double-feed").await.unwrap_or(false) {
            true => ClientError::DoubleFeed,
            false => error,
        };
        match self.cancel().await {
            Err(deaf) if deaf.hangs() => deaf,
            _ => error,
        }
    }
}

/// Receives the data of a frame.
async fn receive(
    data: &mut dyn Line,
    page: &mut PageBuilder,
    times: Times,
    whom: For<'_>,
) -> Result<Ended, ClientError> {
    let mut records = Records::new();
    let mut buffer = Zeroizing::new(vec![0; CHUNK]);
    let (mut end, mut limit) = (times.first, FIRST_DATA);
    loop {
        let read = tokio::select! {
            biased;
            () = whom.closed() => return Ok(Ended::Stopped),
            read = timeout_at(end.min(times.page), data.read(&mut buffer)) => read,
        };
        let count = match read {
            Ok(Ok(0)) => return Err(ClientError::NoEnd),
            Ok(Ok(count)) => count,
            Ok(Err(error)) => return Err(ClientError::Line(error)),
            Err(_) if end > times.page => {
                return Err(ClientError::Deaf { what: "the whole image", limit: PAGE });
            }
            Err(_) => return Err(ClientError::Deaf { what: "the image", limit }),
        };
        let mut input = buffer.get(..count).unwrap_or_default();
        while let Some(piece) = records.next(&mut input)? {
            match piece {
                Piece::Image(bytes) => {
                    page.push(bytes)?;
                    (end, limit) = (Instant::now() + BETWEEN_DATA, BETWEEN_DATA);
                }
                Piece::End(status) => {
                    drain(data, &mut buffer).await;
                    return Ok(Ended::Said(status));
                }
            }
        }
    }
}

/// Reads away what saned sends behind the end, until it closes the connection.
async fn drain(data: &mut dyn Line, buffer: &mut [u8]) {
    let mut left = DRAINED;
    let all = async {
        while let Ok(count @ 1..) = data.read(buffer).await {
            left = left.saturating_sub(count);
            if left == 0 {
                return;
            }
        }
    };
    // Whatever is left after that is not waited for.
    let _ = timeout(DRAIN, all).await;
}
