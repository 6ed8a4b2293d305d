//! Somebody on the wire between a driver and its simulated device, who twists what the device says.
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use hal_device::{Line, OpenFuture, Port};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, copy, split};

/// The bytes of the fuzzer, eaten one by one; when none are left, answers pass as they are.
#[derive(Clone)]
pub struct Answers(Arc<Mutex<VecDeque<u8>>>);

impl Answers {
    pub fn new(bytes: &[u8]) -> Answers {
        Answers(Arc::new(Mutex::new(bytes.iter().copied().collect())))
    }

    fn next(&self) -> Option<u8> {
        self.0.lock().expect("one thread").pop_front()
    }

    fn take(&self, count: usize) -> Vec<u8> {
        std::iter::from_fn(|| self.next()).take(count).collect()
    }

    /// What becomes of one answer.
    fn twist(&self, mut answer: Vec<u8>) -> Vec<u8> {
        let place = |answer: &[u8], byte: u8| usize::from(byte) % answer.len().max(1);
        match self.next() {
            None | Some(0..=127) => {}
            Some(128..=143) => answer.clear(),
            Some(144..=159) => {
                let (at, bits) = (self.next().unwrap_or(0), self.next().unwrap_or(1));
                let at = place(&answer, at);
                answer.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bits);
            }
            Some(160..=175) => answer.truncate(place(&answer, self.next().unwrap_or(0))),
            Some(op @ 176..=191) => answer = self.take(usize::from(op - 176)),
            Some(op @ 192..=207) => answer.extend(self.take(usize::from(op - 192))),
            // Well-formed ccTalk with other content: a device that lies. A simple checksum where it was right before.
            Some(op @ 208..=239) => lie(&mut answer, &self.take(usize::from(op - 208))),
            Some(240..=255) => answer.extend_from_within(..),
        }
        answer
    }
}

/// Changes the data of the last whole frame in `bytes`, keeps its head, and puts its checksum right.
fn lie(bytes: &mut Vec<u8>, data: &[u8]) {
    let mut start = 0;
    while let Some(length) = bytes.get(start + 1).map(|length| usize::from(*length) + 5)
        && start + length < bytes.len()
    {
        start += length;
    }
    let frame = bytes.split_off(start);
    let &[destination, _, third, header, ..] = frame.as_slice() else { return bytes.extend(frame) };
    let simple = frame.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) == 0;
    let checksum =
        if simple { simulators::cctalk::Checksum::Simple } else { simulators::cctalk::Checksum::Crc16 };
    bytes.extend(simulators::cctalk::encode(checksum, destination, third, header, data));
}

/// A port whose far side is a device, with [`Answers`] in between.
pub struct Middle<S> {
    answers: Answers,
    serve: S,
}

impl<S: Fn(DuplexStream) + Send + Sync> Middle<S> {
    pub fn new(answers: Answers, serve: S) -> Middle<S> {
        Middle { answers, serve }
    }
}

impl<S: Fn(DuplexStream) + Send + Sync> Port for Middle<S> {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move {
            let (near, ours) = tokio::io::duplex(1024);
            let (far, device) = tokio::io::duplex(1024);
            (self.serve)(device);
            let (mut from_driver, mut to_driver) = split(ours);
            let (mut from_device, mut to_device) = split(far);
            let answers = self.answers.clone();
            tokio::spawn(async move {
                let _ = copy(&mut from_driver, &mut to_device).await;
                let _ = to_device.shutdown().await;
            });
            tokio::spawn(async move {
                let mut buffer = [0; 512];
                while let Ok(count @ 1..) = from_device.read(&mut buffer).await {
                    let answer = answers.twist(buffer.iter().take(count).copied().collect());
                    if to_driver.write_all(&answer).await.is_err() {
                        break;
                    }
                }
            });
            Ok(Box::new(near) as Box<dyn Line>)
        })
    }

    fn name(&self) -> &str {
        "twisted"
    }
}
