//! A small ccTalk bus for the tests: devices that answer bytes with bytes, and a script of mishaps on the line.
#![allow(dead_code)]

pub mod acceptors;
pub mod hopper;
pub mod kiosk;
pub mod raw;
pub mod wire;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use hal_cctalk::Checksum;
use hal_device::{Line, OpenFuture, Port};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

/// What a device does with a request; `None` is silence.
pub trait Model: Send {
    fn answer(&mut self, header: u8, data: &[u8]) -> Option<Answer>;
    fn any(&mut self) -> &mut dyn std::any::Any;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Data(Vec<u8>),
    Nak,
}

pub fn ack() -> Option<Answer> {
    Some(Answer::Data(Vec::new()))
}

pub fn data(bytes: &[u8]) -> Option<Answer> {
    Some(Answer::Data(bytes.to_vec()))
}

/// What goes wrong on the line with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The device never hears it.
    RequestLost,
    /// The device acts, its reply is lost.
    ReplyLost,
    /// One byte of the reply is lost.
    ByteLost,
    /// One bit of the reply is wrong.
    BitWrong,
    /// The length byte of the reply is wrong.
    LengthWrong,
    /// A well-formed reply with one byte too many.
    TooLong,
    /// The device never hears it and says NAK.
    Nak,
    /// The device never hears it and says BUSY.
    Busy,
    /// The echo comes back changed.
    Collision,
    /// The reply comes after 1140 ms, when the host no longer waits for it.
    Late,
    /// A stray byte comes 100 ms before the reply.
    StrayByte,
}

pub struct Fault {
    pub address: u8,
    pub header: u8,
    /// Matching requests to let pass first.
    pub skip: u32,
    /// How many requests it hits.
    pub times: u32,
    pub mishap: Mishap,
}

pub struct Bus {
    pub models: BTreeMap<u8, (Checksum, Box<dyn Model>)>,
    pub echo: bool,
    pub faults: Vec<Fault>,
    /// Every request that came over the line: address, header, data.
    pub heard: Vec<(u8, u8, Vec<u8>)>,
    pub plugged: bool,
    pub opens: u32,
}

#[derive(Clone)]
pub struct World(pub Arc<Mutex<Bus>>);

impl World {
    pub fn new(echo: bool) -> World {
        World(Arc::new(Mutex::new(Bus {
            models: BTreeMap::new(),
            echo,
            faults: Vec::new(),
            heard: Vec::new(),
            plugged: true,
            opens: 0,
        })))
    }

    pub fn add(&self, address: u8, checksum: Checksum, model: impl Model + 'static) {
        self.0.lock().unwrap().models.insert(address, (checksum, Box::new(model)));
    }

    pub fn with<M: 'static, R>(&self, address: u8, look: impl FnOnce(&mut M) -> R) -> R {
        let mut bus = self.0.lock().unwrap();
        let (_, model) = bus.models.get_mut(&address).unwrap();
        look(model.any().downcast_mut::<M>().unwrap())
    }

    /// The next `times` requests with this header go wrong.
    pub fn fault(&self, address: u8, header: u8, times: u32, mishap: Mishap) {
        self.fault_after(address, header, 0, times, mishap);
    }

    pub fn fault_after(&self, address: u8, header: u8, skip: u32, times: u32, mishap: Mishap) {
        self.0.lock().unwrap().faults.push(Fault { address, header, skip, times, mishap });
    }

    pub fn count(&self, address: u8, header: u8) -> usize {
        self.0.lock().unwrap().heard.iter().filter(|(a, h, _)| (*a, *h) == (address, header)).count()
    }

    pub fn sent(&self, address: u8, header: u8) -> Vec<Vec<u8>> {
        let bus = self.0.lock().unwrap();
        let ours = bus.heard.iter().filter(|(a, h, _)| (*a, *h) == (address, header));
        ours.map(|(_, _, data)| data.clone()).collect()
    }

    pub fn forget_heard(&self) {
        self.0.lock().unwrap().heard.clear();
    }

    pub fn unplug(&self) {
        self.0.lock().unwrap().plugged = false;
    }

    pub fn plug(&self) {
        self.0.lock().unwrap().plugged = true;
    }

    fn mishap(&self, address: u8, header: u8) -> Option<Mishap> {
        let mut bus = self.0.lock().unwrap();
        let index = bus.faults.iter().position(|f| (f.address, f.header) == (address, header))?;
        let fault = &mut bus.faults[index];
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        fault.times -= 1;
        let mishap = fault.mishap;
        if fault.times == 0 {
            bus.faults.remove(index);
        }
        Some(mishap)
    }

    async fn serve(self, mut line: DuplexStream) {
        let mut received: Vec<u8> = Vec::new();
        let mut buffer = [0u8; 300];
        loop {
            let wait = tokio::time::Duration::from_millis(50);
            let read = match tokio::time::timeout(wait, line.read(&mut buffer)).await {
                Err(_) => {
                    received.clear();
                    if !self.0.lock().unwrap().plugged {
                        return;
                    }
                    continue;
                }
                Ok(Ok(count)) if count > 0 => count,
                Ok(_) => return,
            };
            if !self.0.lock().unwrap().plugged {
                return;
            }
            received.extend_from_slice(&buffer[..read]);
            while received.len() >= 2 && received.len() >= usize::from(received[1]) + 5 {
                let rest = received.split_off(usize::from(received[1]) + 5);
                let frame = std::mem::replace(&mut received, rest);
                for bytes in self.frame(&frame) {
                    if bytes.is_empty() {
                        tokio::time::sleep(tokio::time::Duration::from_millis(60)).await;
                    } else if line.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// What comes back on the line for one request; an empty piece is a silence.
    fn frame(&self, frame: &[u8]) -> Vec<Vec<u8>> {
        let (address, header) = (frame[0], frame[3]);
        let mishap = self.mishap(address, header);
        let mut bus = self.0.lock().unwrap();
        let mut out = Vec::new();
        if bus.echo {
            let mut echo = frame.to_vec();
            if mishap == Some(Mishap::Collision) {
                echo[3] ^= 0x55;
            }
            out.push(echo);
        }
        let data = frame[4..frame.len() - 1].to_vec();
        bus.heard.push((address, header, data.clone()));
        let Some((checksum, model)) = bus.models.get_mut(&address) else { return out };
        let checksum = *checksum;
        if !wire::is_right(frame, checksum) {
            return out;
        }
        let answer = match mishap {
            Some(Mishap::RequestLost | Mishap::Collision) => return out,
            Some(Mishap::Nak) => Some(wire::reply(address, 5, &[], checksum)),
            Some(Mishap::Busy) => Some(wire::reply(address, 6, &[], checksum)),
            _ => match model.answer(header, &data) {
                Some(Answer::Data(mut data)) => {
                    if mishap == Some(Mishap::TooLong) {
                        data.push(0);
                    }
                    Some(wire::reply(address, 0, &data, checksum))
                }
                Some(Answer::Nak) => Some(wire::reply(address, 5, &[], checksum)),
                None => None,
            },
        };
        let Some(mut answer) = answer else { return out };
        match mishap {
            Some(Mishap::ReplyLost) => return out,
            Some(Mishap::ByteLost) => {
                answer.remove(2);
            }
            Some(Mishap::BitWrong) => answer[3] ^= 0x10,
            Some(Mishap::LengthWrong) => answer[1] = answer[1].wrapping_add(40),
            Some(Mishap::Late) => out.extend(vec![Vec::new(); 19]),
            Some(Mishap::StrayByte) => {
                out.push(vec![0x7f]);
                out.push(Vec::new());
            }
            _ => {}
        }
        out.push(answer);
        out
    }
}

impl Port for World {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move {
            let mut bus = self.0.lock().unwrap();
            if !bus.plugged {
                return Err(std::io::ErrorKind::NotFound.into());
            }
            bus.opens += 1;
            let (near, far) = tokio::io::duplex(1024);
            tokio::spawn(self.clone().serve(far));
            Ok(Box::new(near) as Box<dyn Line>)
        })
    }

    fn name(&self) -> &str {
        "cash"
    }
}
