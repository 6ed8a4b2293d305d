//! A scanner on a port of this host, and a client that speaks HTTP by hand.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::net::SocketAddr;

use simulators::escl::{Scanner, ScannerConfig, Sheet, document};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub struct Office {
    pub scanner: Scanner,
    pub address: SocketAddr,
    served: JoinHandle<()>,
}

impl Drop for Office {
    fn drop(&mut self) {
        self.served.abort();
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
    /// As many bytes as were promised.
    pub whole: bool,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

impl Office {
    pub async fn with(config: ScannerConfig) -> Self {
        let scanner = Scanner::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let device = scanner.clone();
        let served = tokio::spawn(async move {
            let Err(error) = device.serve(listener).await;
            panic!("{error}");
        });
        Self { scanner, address, served }
    }

    pub async fn perfect() -> Self {
        Self::with(ScannerConfig::perfect()).await
    }

    /// Puts all sheets of a document into the tray.
    pub fn load(&self, name: &str) -> Vec<u64> {
        sheets(name).into_iter().map(|sheet| self.scanner.load(sheet).unwrap()).collect()
    }

    pub async fn ask(&self, method: &str, path: &str, body: &str) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(self.address).await?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        let end = bytes.windows(4).position(|it| it == b"\r\n\r\n");
        let end = end.ok_or_else(|| std::io::Error::other("no answer"))?;
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Answer { status, head, body: bytes[end + 4..].to_vec(), whole: true };
        let promised: usize = answer.header("content-length").unwrap().parse().unwrap();
        answer.whole = answer.body.len() == promised;
        Ok(answer)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "").await.unwrap()
    }

    /// A job with this inside its settings.
    pub async fn job(&self, inside: &str) -> Answer {
        self.ask("POST", "/eSCL/ScanJobs", &settings(inside)).await.unwrap()
    }

    /// A job that is accepted; its path.
    pub async fn started(&self, inside: &str) -> String {
        let answer = self.job(inside).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.header("location").unwrap().to_owned()
    }

    pub async fn next(&self, job: &str) -> Answer {
        self.get(&format!("{job}/NextDocument")).await
    }

    /// `pwg:State` and `scan:AdfState`.
    pub async fn state(&self) -> (String, String) {
        let status = self.get("/eSCL/ScannerStatus").await;
        (element(status.text(), "pwg:State"), element(status.text(), "scan:AdfState"))
    }
}

pub const FEEDER: &str = "<pwg:InputSource>Feeder</pwg:InputSource><scan:ColorMode>Grayscale8</scan:ColorMode>\
     <scan:XResolution>100</scan:XResolution><scan:YResolution>100</scan:YResolution>";
pub const DUPLEX: &str = "<pwg:InputSource>Feeder</pwg:InputSource><scan:ColorMode>Grayscale8</scan:ColorMode>\
     <scan:XResolution>100</scan:XResolution><scan:YResolution>100</scan:YResolution><scan:Duplex>true</scan:Duplex>";

/// `scan:ScanSettings` with this inside.
pub fn settings(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><scan:ScanSettings \
         xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\" \
         xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\"><pwg:Version>2.0</pwg:Version>{inside}\
         </scan:ScanSettings>"
    )
}

/// The text of the first element of this name.
pub fn element(xml: &str, name: &str) -> String {
    let start = format!("<{name}>");
    let rest = xml.split_once(&start).unwrap_or_else(|| panic!("no {name} in {xml}")).1;
    rest.split_once("</").unwrap().0.to_owned()
}

pub fn sheets(name: &str) -> Vec<Sheet> {
    document(name).unwrap().sheets().to_vec()
}
