//! Prints what the inputs of the machine give: `touches [WIDTH HEIGHT]`. Ends when its own input ends.
use std::os::fd::AsFd;

use hal_input::{InputConfig, Inputs};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

fn main() {
    let numbers: Vec<u32> = std::env::args().skip(1).filter_map(|number| number.parse().ok()).collect();
    let screen = if let [width, height] = numbers[..] { (width, height) } else { (1080, 1920) };
    let mut inputs = match Inputs::open(&InputConfig::new(screen)) {
        Ok(inputs) => inputs,
        Err(error) => {
            eprintln!("touches: {error}");
            std::process::exit(1);
        }
    };
    let mut devices = Vec::new();
    loop {
        for event in inputs.read_ready() {
            println!("touches: {event:?}");
        }
        if devices != inputs.devices() {
            devices = inputs.devices();
            println!("touches: devices {devices:?}");
        }
        let stdin = std::io::stdin();
        let mut fds: Vec<PollFd> =
            inputs.fds().into_iter().map(|fd| PollFd::new(fd, PollFlags::POLLIN)).collect();
        fds.push(PollFd::new(stdin.as_fd(), PollFlags::POLLIN));
        if poll(&mut fds, PollTimeout::NONE).is_err() || fds.last().and_then(|fd| fd.any()) == Some(true) {
            return;
        }
    }
}
