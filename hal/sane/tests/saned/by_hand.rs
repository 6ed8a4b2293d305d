//! The codec and the page builder without the client: for settings that the client never makes.
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use hal_sane::RawPage;
use hal_sane::options::Options;
use hal_sane::page::{PageBuilder, Shape};
use hal_sane::wire::{
    ControlReply, Decoded, Descriptors, InitReply, OpenReply, ParametersReply, Piece, Records, Reply,
    Request, SaneStatus, StartReply, Text, Value, decode,
};

pub struct ByHand {
    address: SocketAddr,
    stream: TcpStream,
    handle: u32,
    pub descriptors: Descriptors,
    pub options: Options,
}

impl ByHand {
    pub fn open(address: SocketAddr) -> ByHand {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut hand = ByHand {
            address,
            stream,
            handle: 0,
            descriptors: Descriptors::default(),
            options: Options::default(),
        };
        let init: InitReply = hand.call(&Request::Init { user: &"test".into() });
        assert!(init.status == SaneStatus::Good && init.version.fits());
        let open: OpenReply = hand.call(&Request::Open { name: &Text::default() });
        assert_eq!((open.status, open.resource), (SaneStatus::Good, None));
        hand.handle = open.handle;
        hand.reload();
        hand
    }

    pub fn call<R: Reply>(&mut self, request: &Request<'_>) -> R {
        self.ask(request);
        self.answer()
    }

    fn ask(&mut self, request: &Request<'_>) {
        self.stream.write_all(&request.encode()).unwrap();
    }

    fn answer<R: Reply>(&mut self) -> R {
        let mut bytes = Vec::new();
        loop {
            match decode(&bytes).unwrap() {
                Decoded::Whole(reply, used) => {
                    assert_eq!(used, bytes.len());
                    return reply;
                }
                Decoded::More(count) => {
                    let mut part = vec![0; count - bytes.len()];
                    self.stream.read_exact(&mut part).unwrap();
                    bytes.extend(part);
                }
            }
        }
    }

    pub fn reload(&mut self) {
        self.descriptors = self.call(&Request::Descriptors { handle: self.handle });
        self.options = self.descriptors.clone().into();
    }

    pub fn set(&mut self, name: &str, value: &Value) -> ControlReply {
        let (option, descriptor) =
            self.options.settable(name).unwrap_or_else(|| panic!("{name} cannot be set"));
        let (kind, size) = (descriptor.kind, descriptor.size);
        let handle = self.handle;
        let reply: ControlReply = self.call(&Request::Set { handle, option, kind, size, value });
        if reply.info.reload_options() {
            self.reload();
        }
        reply
    }

    pub fn get(&mut self, name: &str) -> Value {
        let (option, descriptor) = self.options.find(name).unwrap_or_else(|| panic!("no {name}"));
        let (kind, size) = (descriptor.kind, descriptor.size);
        let reply: ControlReply = self.call(&Request::Get { handle: self.handle, option, kind, size });
        assert_eq!(reply.status, SaneStatus::Good, "{name}");
        reply.value
    }

    /// A page, however many passes it takes.
    pub fn scan(&mut self, dpi: u16) -> RawPage {
        let mut page: Option<PageBuilder> = None;
        loop {
            let start: StartReply = self.call(&Request::Start { handle: self.handle });
            assert_eq!(start.status, SaneStatus::Good);
            let port = u16::try_from(start.port).unwrap();
            // Of a pass that is over already, this driver tells the parameters of the next one.
            self.ask(&Request::Parameters { handle: self.handle });
            let mut data = TcpStream::connect((self.address.ip(), port)).unwrap();
            let reply: ParametersReply = self.answer();
            let shape = Shape::check(reply.parameters, start.order).unwrap();
            match &mut page {
                Some(page) => page.next_pass(shape).unwrap(),
                None => page = Some(PageBuilder::new(shape).unwrap()),
            }
            let page_now = page.as_mut().unwrap();
            let (mut records, mut buffer, mut end) = (Records::new(), vec![0; 5000], None);
            loop {
                let count = data.read(&mut buffer).unwrap();
                if count == 0 {
                    break;
                }
                let mut input = &buffer[..count];
                while let Some(piece) = records.next(&mut input).unwrap() {
                    match piece {
                        Piece::Image(bytes) => page_now.push(bytes).unwrap(),
                        Piece::End(status) => end = Some(status),
                    }
                }
            }
            assert_eq!(end, Some(SaneStatus::EndOfImage));
            if page_now.end_frame(false).unwrap() {
                return page.unwrap().finish(dpi);
            }
        }
    }
}
