//! Connections to the scanner: it listens while its cable is in.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::http::answer;
use super::scanner::Scanner;

/// Somebody else may have taken the port meanwhile, for a moment.
const AGAIN: Duration = Duration::from_millis(100);

impl Scanner {
    /// Serves every connection to this address, until the future is dropped. While the cable is out nothing listens,
    /// and connections are reset; after it the same address is taken again.
    ///
    /// # Errors
    /// The listener's own failure.
    pub async fn serve(&self, listener: TcpListener) -> io::Result<std::convert::Infallible> {
        let address = listener.local_addr()?;
        let mut line = self.line();
        let mut listener = Some(listener);
        loop {
            // The scanner is kept by this future: its line never ends.
            let pulls = line.wait_for(|line| line.plugged).await.map_or(0, |line| line.pulls);
            let open = match listener.take() {
                Some(open) => open,
                None => bind(address).await,
            };
            self.accept(open, pulls).await?;
        }
    }

    /// Until the cable is pulled once more.
    async fn accept(&self, listener: TcpListener, pulls: u64) -> io::Result<()> {
        let mut line = self.line();
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                _ = line.wait_for(|line| line.pulls != pulls) => break,
                accepted = listener.accept() => {
                    let (stream, _) = accepted?;
                    let scanner = self.clone();
                    connections.spawn(async move { scanner.speak(stream, pulls).await });
                }
                Some(_) = connections.join_next() => {}
            }
        }
        drop(listener);
        // Each sees the pulled cable by itself, and resets.
        while connections.join_next().await.is_some() {}
        Ok(())
    }

    /// One connection, until either side ends it or the cable is pulled.
    async fn speak(&self, stream: TcpStream, pulls: u64) {
        let mut line = self.line();
        let service = service_fn(|request| answer(self.clone(), request));
        let mut connection = hyper::server::conn::http1::Builder::new()
            .auto_date_header(false)
            .header_read_timeout(None)
            .serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            // An end of the connection by the client or by a fault is nothing to report.
            _ended = &mut connection => {}
            _ = line.wait_for(|line| line.pulls != pulls) => {
                let stream = connection.into_parts().io.into_inner();
                // A stream that is gone already cannot be reset.
                let _reset = stream.set_zero_linger();
            }
        }
    }
}

async fn bind(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => sleep(AGAIN).await,
        }
    }
}
