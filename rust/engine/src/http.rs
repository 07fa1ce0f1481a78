// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Moves files over HTTP (XEP-0363): one connection and one request for each, over TLS with the account's own trust.
//!
//! What a server answers is bounded in size and time; redirections are not followed, since only the address itself was
//! found to belong to the account's service.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use client::{Transfer, TransferKind};
use futures::stream;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Empty, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsConnector;
use url::{Position, Url};

use self::counted::Counted;
use crate::session::{Security, SessionError, Trust, addresses, ascii, client_config, handshake_error, race};

mod counted;
#[cfg(test)]
mod tests;

/// Bytes of a file that may be on their way to the server. The operating system sends no more than this before the network has
/// taken it, so that on an uplink of 10 kB/s a live edit, on its own connection, waits for a second or two of it. At
/// 50 ms to the server it still lets 300 kB through each second.
const SEND_WINDOW: u32 = 16 * 1024;

/// The same for what is fetched: downlinks are faster.
const RECEIVE_WINDOW: u32 = 64 * 1024;

/// Bytes of a file that are handed over at once.
const PIECE: usize = 16 * 1024;

/// How often it is told how much has moved.
const LOOK: Duration = Duration::from_millis(500);

/// Time-outs of a transfer.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Until the connection stands and is encrypted.
    connect: Duration,
    /// Without a single byte either way.
    silence: Duration,
    /// For all of it: 6 MB at 10 kB/s. Whoever waits for the file has the chunks to come.
    whole: Duration,
}

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(30),
    silence: Duration::from_secs(30),
    whole: Duration::from_secs(600),
};

/// Why a file was not moved. Addresses of files are not in it: whoever knows one can fetch it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("its address cannot be used")]
    Address,
    #[error("its address asks for a connection without encryption, which is allowed to this computer alone")]
    PlaintextRefused,
    #[error("{0}")]
    Connection(#[from] SessionError),
    #[error("the upload service cannot be reached ({0})")]
    Unreachable(std::io::Error),
    #[error("the upload service took longer than {} s", .0.as_secs())]
    TimedOut(Duration),
    #[error("the connection to the upload service broke ({0})")]
    Http(#[from] hyper::Error),
    #[error("the upload service answered {0}")]
    Status(StatusCode),
    #[error("the file has not the {expected} bytes that it should have")]
    Size { expected: u64 },
    #[error("a request could not be made ({0})")]
    Request(#[from] hyper::http::Error),
}

type Body = BoxBody<Bytes, Infallible>;

/// Moves files with the settings of one account.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    security: Security,
    name_server: Option<SocketAddr>,
    limits: Limits,
}

impl Http {
    pub(crate) fn new(security: Security, name_server: Option<SocketAddr>) -> Http {
        Http {
            security,
            name_server,
            limits: LIMITS,
        }
    }

    /// Moves a file; gives the transfer's number and the bytes that were fetched. Ends within [`LIMITS`]. Meanwhile `moving` is
    /// told how many bytes have moved either way.
    pub(crate) async fn carry_out(
        self,
        transfer: Transfer,
        moving: impl Fn(u64),
    ) -> (u64, Result<Vec<u8>, HttpError>) {
        let number = transfer.number;
        let whole = self.limits.whole;
        let moved = timeout(whole, self.exchange(transfer, moving)).await;
        (number, moved.unwrap_or(Err(HttpError::TimedOut(whole))))
    }

    async fn exchange(&self, transfer: Transfer, moving: impl Fn(u64)) -> Result<Vec<u8>, HttpError> {
        let url = Url::parse(&transfer.url).map_err(|_| HttpError::Address)?;
        let size = match &transfer.kind {
            TransferKind::Put { .. } => None,
            TransferKind::Get { size } => Some(*size),
        };
        let request = request(&url, transfer.kind)?;
        let tcp = within(self.limits.connect, self.connect(&url)).await?;
        let moved = Arc::new(AtomicU64::new(0));
        let tcp = Counted::new(tcp, Arc::clone(&moved));
        let exchange = async {
            if url.scheme() == "http" {
                return converse(tcp, request, size).await;
            }
            let connector = TlsConnector::from(self.tls().await?);
            let name = host(&url)?.trim_matches(['[', ']']);
            let name = ServerName::try_from(ascii(name)?).map_err(|_| HttpError::Address)?;
            let tls = connector.connect(name, tcp).await.map_err(handshake_error)?;
            converse(tls, request, size).await
        };
        tokio::select! {
            result = exchange => result,
            () = watch(&moved, self.limits.silence, moving) => Err(HttpError::TimedOut(self.limits.silence)),
        }
    }

    async fn connect(&self, url: &Url) -> Result<TcpStream, HttpError> {
        let plain = match url.scheme() {
            "https" => false,
            "http" => true,
            _ => return Err(HttpError::Address),
        };
        let port = url.port_or_known_default().ok_or(HttpError::Address)?;
        if plain && !matches!(self.security, Security::PlaintextOnLoopback) {
            return Err(HttpError::PlaintextRefused);
        }
        let addresses = addresses(host(url)?, self.name_server).await?;
        if plain && !addresses.iter().all(IpAddr::is_loopback) {
            return Err(HttpError::PlaintextRefused);
        }
        race(&addresses, |address| connect(SocketAddr::new(address, port)))
            .await
            .map_err(HttpError::Unreachable)
    }

    async fn tls(&self) -> Result<Arc<tokio_rustls::rustls::ClientConfig>, HttpError> {
        let trust = match &self.security {
            Security::Tls(trust) => trust.clone(),
            Security::PlaintextOnLoopback => Trust::System,
        };
        let read = tokio::task::spawn_blocking(move || client_config(&trust, false)).await;
        let read = read.map_err(|error| SessionError::Internal {
            detail: error.to_string(),
        })?;
        Ok(read?)
    }
}

fn host(url: &Url) -> Result<&str, HttpError> {
    url.host_str().ok_or(HttpError::Address)
}

async fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_send_buffer_size(SEND_WINDOW)?;
    socket.set_recv_buffer_size(RECEIVE_WINDOW)?;
    socket.connect(address).await
}

async fn within<T>(
    limit: Duration,
    future: impl Future<Output = Result<T, HttpError>>,
) -> Result<T, HttpError> {
    timeout(limit, future)
        .await
        .unwrap_or(Err(HttpError::TimedOut(limit)))
}

/// Tells how much has moved, and returns once nothing has for so long.
async fn watch(moved: &AtomicU64, silence: Duration, tell: impl Fn(u64)) {
    let mut before = None;
    let mut since = Instant::now();
    loop {
        let now = moved.load(Ordering::Relaxed);
        if before != Some(now) {
            before = Some(now);
            since = Instant::now();
            tell(now);
        } else if since.elapsed() >= silence {
            return;
        }
        sleep(LOOK.min(silence)).await;
    }
}

fn request(url: &Url, kind: TransferKind) -> Result<Request<Body>, HttpError> {
    // RFC 9112 section 3.2.1 and 3.2: the path on its own, and the host with a port that is not the scheme's.
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let authority = &url[Position::BeforeHost..Position::AfterPort];
    let builder = Request::builder().uri(path).header(HOST, authority);
    match kind {
        TransferKind::Get { .. } => {
            let builder = builder.method(Method::GET);
            Ok(builder.body(Empty::new().boxed())?)
        }
        TransferKind::Put { headers, bytes } => {
            let mut builder = builder
                .method(Method::PUT)
                .header(CONTENT_LENGTH, bytes.len())
                .header(CONTENT_TYPE, "application/octet-stream");
            for (name, value) in headers {
                let name = HeaderName::try_from(name).map_err(hyper::http::Error::from)?;
                let mut value = HeaderValue::try_from(value).map_err(hyper::http::Error::from)?;
                value.set_sensitive(true);
                builder = builder.header(name, value);
            }
            let bytes = Bytes::from(bytes);
            let pieces = (0..bytes.len()).step_by(PIECE).map(move |start| {
                let end = start.saturating_add(PIECE).min(bytes.len());
                Ok(Frame::data(bytes.slice(start..end)))
            });
            let body = StreamBody::new(stream::iter(pieces.collect::<Vec<_>>()));
            Ok(builder.body(BodyExt::boxed(body))?)
        }
    }
}

/// One request and its answer; with `size`, the answer's body has to have so many bytes.
async fn converse(
    pipe: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    request: Request<Body>,
    size: Option<u64>,
) -> Result<Vec<u8>, HttpError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(pipe)).await?;
    // Ended with this function, by whatever way it ends.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let response = sender.send_request(request).await?;
    match (size, response.status()) {
        (None, StatusCode::OK | StatusCode::CREATED) => Ok(Vec::new()),
        (Some(size), StatusCode::OK) => read(response, size).await,
        (_, status) => Err(HttpError::Status(status)),
    }
}

async fn read(response: Response<Incoming>, size: u64) -> Result<Vec<u8>, HttpError> {
    let wrong = || HttpError::Size { expected: size };
    let limit = usize::try_from(size).map_err(|_| wrong())?;
    let collected = Limited::new(response.into_body(), limit).collect().await;
    let bytes = match collected {
        Ok(collected) => collected.to_bytes(),
        Err(error) => {
            return Err(match error.downcast::<hyper::Error>() {
                Ok(error) => HttpError::Http(*error),
                Err(_limit) => wrong(),
            });
        }
    };
    if bytes.len() == limit {
        Ok(Vec::from(bytes))
    } else {
        Err(wrong())
    }
}
