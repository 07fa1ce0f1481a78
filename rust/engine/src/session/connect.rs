// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! From an endpoint to an open stream whose features are known: TCP, TLS or STARTTLS (RFC 6120 section 5), header.

use std::borrow::Cow;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::stream::FuturesUnordered;
use futures::{SinkExt, StreamExt};
use minidom::Element;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, BufReader, BufWriter, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, ProtocolVersion};
use tokio_xmpp::xmlstream::{
    InitiatingStream, PendingFeaturesRecv, ReadError, StreamHeader, Timeouts, XmlStream, initiate_stream,
};

use super::Timing;
use super::dns::{Endpoint, addresses, ascii};
use super::element::Incoming;
use super::error::{NS_STREAM, SessionError, Step, StreamError, within};
use super::limits::{HEADER_TIMEOUT, TCP_STAGGER, TCP_TIMEOUT, TLS_TIMEOUT};
use super::tls;

/// Namespace of STARTTLS.
const NS_TLS: &str = "urn:ietf:params:xml:ns:xmpp-tls";
/// Namespace of a client's stanzas.
pub(super) const NS_CLIENT: &str = "jabber:client";
/// Bytes that are gathered before they become one TLS record: the largest that TLS has.
const WRITE_BUFFER: usize = 16 * 1024;
/// Bytes read at once.
const READ_BUFFER: usize = 16 * 1024;
/// Label of the exporter for channel binding (RFC 9266 section 4).
const EXPORTER_LABEL: &[u8] = b"EXPORTER-Channel-Binding";

/// A connection, encrypted or not.
pub(crate) trait Pipe: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Pipe for T {}

/// A buffered connection. Writes are gathered until the stream is flushed.
pub(crate) type Transport = BufReader<BufWriter<Noting<Box<dyn Pipe>>>>;
/// An open stream.
pub(crate) type Stream = XmlStream<Transport, Incoming>;

/// A connection that notes its end. XML parsers take an early end for malformed data, which it is not: a connection that
/// breaks can be resumed.
pub(crate) struct Noting<P> {
    pipe: P,
    ended: bool,
}

impl<P: AsyncRead + Unpin> AsyncRead for Noting<P> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        std::task::ready!(Pin::new(&mut self.pipe).poll_read(context, buffer))?;
        self.ended = buffer.filled().len() == before && buffer.remaining() > 0;
        Poll::Ready(Ok(()))
    }
}

impl<P: AsyncWrite + Unpin> AsyncWrite for Noting<P> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.pipe).poll_shutdown(context)
    }
}

/// How the connection is protected.
#[derive(Debug, Clone)]
pub(crate) enum Protection {
    Plaintext,
    ByTls(Arc<ClientConfig>),
}

/// An open stream and what is known of it.
pub(crate) struct Connected {
    pub(crate) stream: Stream,
    /// The server's `<stream:features/>`.
    pub(crate) features: Element,
    /// Key material that binds SASL to this TLS 1.3 connection (RFC 9266); None where there is none.
    pub(crate) exporter: Option<Vec<u8>>,
}

/// Opens a stream to `domain` at `endpoint`.
///
/// # Errors
/// Whatever fails first; each step has its own time-out.
pub(crate) async fn open(
    domain: &str,
    endpoint: &Endpoint,
    protection: &Protection,
    timing: &Timing,
    name_server: Option<SocketAddr>,
) -> Result<Connected, SessionError> {
    let addresses = addresses(&endpoint.host, name_server).await?;
    if matches!(protection, Protection::Plaintext) && !addresses.iter().all(IpAddr::is_loopback) {
        return Err(SessionError::PlaintextRefused {
            host: endpoint.host.clone(),
        });
    }
    let tcp = within(TCP_TIMEOUT, Step::Connect, async {
        let attempt = |address| TcpStream::connect(SocketAddr::new(address, endpoint.port));
        let tcp = race(&addresses, attempt)
            .await
            .map_err(|error| SessionError::Unreachable {
                host: endpoint.host.clone(),
                detail: error.to_string(),
            })?;
        // Stanzas are small and wait for each other: Nagle's algorithm would cost 40 ms on each round trip.
        tcp.set_nodelay(true).map_err(SessionError::from)?;
        Ok(tcp)
    })
    .await?;
    match protection {
        Protection::Plaintext => {
            let (stream, features) = greet(Box::new(tcp), domain, timing).await?;
            Ok(Connected {
                stream,
                features,
                exporter: None,
            })
        }
        Protection::ByTls(config) => {
            let pipe: Box<dyn Pipe> = if endpoint.direct_tls {
                Box::new(tcp)
            } else {
                within(HEADER_TIMEOUT, Step::Header, starttls(tcp, domain, timing)).await?
            };
            let (pipe, exporter) =
                within(TLS_TIMEOUT, Step::Tls, encrypt(pipe, domain, Arc::clone(config))).await?;
            let (stream, features) = greet(pipe, domain, timing).await?;
            Ok(Connected {
                stream,
                features,
                exporter,
            })
        }
    }
}

/// Starts the stream over, after SASL, and reads the features again.
///
/// # Errors
/// The connection broke, or the server sent a stream error or no features.
pub(crate) async fn restart(stream: Stream, domain: &str) -> Result<(Stream, Element), SessionError> {
    within(HEADER_TIMEOUT, Step::Header, async {
        let pending = InitiatingStream::send_header(stream.initiate_reset(), header(domain)).await?;
        features(pending).await
    })
    .await
}

/// The next element of the stream's first level. Stream errors, its end and a broken connection are errors.
///
/// # Errors
/// See above.
pub(crate) async fn next_element(stream: &mut Stream) -> Result<Incoming, SessionError> {
    loop {
        match stream.next().await {
            Some(read) => {
                if let Some(incoming) = sort(stream, read)? {
                    return Ok(incoming);
                }
            }
            None => return Err(SessionError::closed()),
        }
    }
}

/// Sorts what was read: None for mere silence.
///
/// # Errors
/// Stream errors, the stream's end, a broken connection.
pub(crate) fn sort(
    stream: &Stream,
    read: Result<Incoming, ReadError>,
) -> Result<Option<Incoming>, SessionError> {
    match read {
        Ok(incoming) => match StreamError::from_element(incoming.head()) {
            Some(error) => Err(SessionError::Stream(error)),
            None => Ok(Some(incoming)),
        },
        Err(ReadError::SoftTimeout) => Ok(None),
        Err(ReadError::HardError(error)) => {
            let xml = error
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<xso::exports::rxml::Error>());
            let ended = stream.get_stream().get_ref().get_ref().ended;
            match xml {
                Some(xso::exports::rxml::Error::InvalidEof(_)) => Err(SessionError::closed()),
                None if ended => Err(SessionError::closed()),
                Some(_) | None => Err(error.into()),
            }
        }
        // The builder of `Incoming` never fails; should it ever, the rest of the stream is intact.
        Err(ReadError::ParseError(_)) => Ok(None),
        Err(ReadError::StreamFooterReceived) => Err(SessionError::closed()),
    }
}

/// Connects to whichever address answers first, each starting a little after the one before (RFC 8305 section 5).
///
/// # Errors
/// None did: what the last one said.
pub(crate) async fn race<F>(addresses: &[IpAddr], attempt: impl Fn(IpAddr) -> F) -> io::Result<TcpStream>
where
    F: Future<Output = io::Result<TcpStream>>,
{
    let attempt = &attempt;
    let mut attempts: FuturesUnordered<_> = interleave(addresses)
        .into_iter()
        .zip(0_u32..)
        .map(|(address, number)| async move {
            tokio::time::sleep(TCP_STAGGER.saturating_mul(number)).await;
            attempt(address).await
        })
        .collect();
    let mut last = io::Error::other("no address");
    while let Some(result) = attempts.next().await {
        match result {
            Ok(tcp) => return Ok(tcp),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// IPv6 and IPv4 in turn, IPv6 first (RFC 8305 section 4).
fn interleave(addresses: &[IpAddr]) -> Vec<IpAddr> {
    let (six, four): (Vec<IpAddr>, Vec<IpAddr>) = addresses.iter().partition(|address| address.is_ipv6());
    let longest = six.len().max(four.len());
    (0..longest)
        .flat_map(|index| [six.get(index), four.get(index)])
        .flatten()
        .copied()
        .collect()
}

async fn starttls(tcp: TcpStream, domain: &str, timing: &Timing) -> Result<Box<dyn Pipe>, SessionError> {
    let (mut stream, features) = greet(Box::new(tcp), domain, timing).await?;
    if !features.has_child("starttls", NS_TLS) {
        return Err(SessionError::NoEncryption);
    }
    stream.send(&Element::bare("starttls", NS_TLS)).await?;
    let answer = next_element(&mut stream).await?;
    if !answer.head().is("proceed", NS_TLS) {
        return Err(SessionError::Tls {
            detail: "the server refused STARTTLS".to_owned(),
        });
    }
    // Whatever was sent in the clear after <proceed/> is not the server's word and must not be read as such.
    if !stream.get_stream().buffer().is_empty() {
        return Err(SessionError::Tls {
            detail: "data was slipped in before the encryption".to_owned(),
        });
    }
    Ok(stream.into_inner().into_inner().into_inner().pipe)
}

async fn encrypt(
    pipe: Box<dyn Pipe>,
    domain: &str,
    config: Arc<ClientConfig>,
) -> Result<(Box<dyn Pipe>, Option<Vec<u8>>), SessionError> {
    let bare = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let name = match bare {
        Some(address) => address.to_owned(),
        None => ascii(domain)?,
    };
    let name = ServerName::try_from(name).map_err(|_| SessionError::NameLookup {
        host: domain.to_owned(),
    })?;
    let tls = TlsConnector::from(config)
        .connect(name, pipe)
        .await
        .map_err(tls::handshake_error)?;
    let connection = tls.get_ref().1;
    let exporter = (connection.protocol_version() == Some(ProtocolVersion::TLSv1_3))
        .then(|| {
            connection
                .export_keying_material(vec![0_u8; 32], EXPORTER_LABEL, Some(b""))
                .ok()
        })
        .flatten();
    Ok((Box::new(tls), exporter))
}

async fn greet(
    pipe: Box<dyn Pipe>,
    domain: &str,
    timing: &Timing,
) -> Result<(Stream, Element), SessionError> {
    let transport = BufReader::with_capacity(
        READ_BUFFER,
        BufWriter::with_capacity(WRITE_BUFFER, Noting { pipe, ended: false }),
    );
    let timeouts = Timeouts {
        read_timeout: timing.keep_alive,
        response_timeout: timing.answer,
    };
    within(HEADER_TIMEOUT, Step::Header, async {
        let pending = initiate_stream(transport, NS_CLIENT, header(domain), timeouts).await?;
        features(pending).await
    })
    .await
}

fn header(domain: &str) -> StreamHeader<'_> {
    // No `from`: before TLS it would tell the network who signs in.
    StreamHeader {
        to: Some(Cow::Borrowed(domain)),
        from: None,
        id: None,
    }
}

// The typed features of xmpp-parsers fail as a whole on one odd child, so they are taken raw.
async fn features(pending: PendingFeaturesRecv<Transport>) -> Result<(Stream, Element), SessionError> {
    let mut stream = pending.skip_features::<Incoming>();
    match next_element(&mut stream).await? {
        Incoming::Whole(features) if features.is("features", NS_STREAM) => Ok((stream, features)),
        other => Err(SessionError::Protocol {
            detail: format!("<{}/> in place of features", other.head().name()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_families_take_turns() {
        let parse = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text.parse().unwrap())
                .collect::<Vec<IpAddr>>()
        };
        let addresses = parse(&["10.0.0.1", "10.0.0.2", "10.0.0.3", "::1"]);
        assert_eq!(
            interleave(&addresses),
            parse(&["::1", "10.0.0.1", "10.0.0.2", "10.0.0.3"])
        );
    }
}
