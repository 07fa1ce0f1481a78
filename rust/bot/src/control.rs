// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! How other commands talk to the process that holds the state: one request on a Unix socket in the state folder, and
//! the replies to it, each a line of JSON. The socket and its folder are closed to other users.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use engine::ConnectionState;
use engine::client::{self, Status};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;

use crate::failure::{Code, Failure};

/// Version of what is spoken on the socket.
const VERSION: u32 = 1;

/// The socket's name in the state folder.
pub(crate) const SOCKET: &str = "control";

/// Longest line, in bytes: an import of a few hundred thousand bookmarks fits.
const MAX_LINE_BYTES: u64 = 256 * 1024 * 1024;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Request {
    /// How it goes; one [`Reply::Status`].
    Status,
    /// All devices it knows; one [`Reply::Devices`].
    Devices,
    /// Carry this out; one [`Reply::Event`], the one that answers the command.
    Carry { command: client::Command },
    /// Compare keys with that device; every [`client::Event::Verification`] of it from now on, as [`Reply::Event`].
    Verify { device: u32 },
    /// Everything that comes and everything that is dropped from now on; [`Reply::Listening`], then [`Reply::Event`]s.
    Listen,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Reply {
    Status(Box<Overview>),
    Devices {
        devices: Vec<client::Device>,
    },
    Listening {
        /// Whether messages to the account's bare address come here at all.
        chat: bool,
    },
    Event {
        event: client::Event,
    },
    Failed(Failure),
}

/// How it goes with the process and its client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Overview {
    pub(crate) account: String,
    /// Whether a process holds the state and keeps it connected.
    pub(crate) running: bool,
    pub(crate) connection: ConnectionState,
    pub(crate) device: u32,
    pub(crate) fingerprint: String,
    pub(crate) status: Status,
}

/// A request and where its replies go.
pub(crate) type Asked = (Request, mpsc::UnboundedSender<Reply>);

#[derive(Serialize, Deserialize)]
struct Line {
    v: u32,
    request: Request,
}

/// The socket of the process that holds the state. Dropping it takes it away.
#[derive(Debug)]
pub(crate) struct Server {
    listener: UnixListener,
    path: PathBuf,
}

impl Server {
    /// Opens the socket; to be called by the process that holds the state folder's lock alone.
    pub(crate) fn bind(state_dir: &Path) -> Result<Server, Failure> {
        let path = state_dir.join(SOCKET);
        let failed = |error: io::Error| {
            Failure::new(
                Code::State,
                format!(
                    "cannot open the socket {} for other commands: {error}",
                    path.display()
                ),
            )
        };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            // Ours is the lock: what was there is left from a process that died.
            _ => {}
        }
        let short = ShortPath::open(state_dir).map_err(failed)?;
        let listener = UnixListener::bind(short.socket()).map_err(failed)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600)).map_err(failed)?;
        Ok(Server { listener, path })
    }

    /// Serves until dropped; each request goes to `asked`.
    pub(crate) async fn serve(&self, asked: &mpsc::UnboundedSender<Asked>) -> io::Error {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(converse(stream, asked.clone()))),
                Err(error) => return error,
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone_already = fs::remove_file(&self.path);
    }
}

/// Replies to one request.
#[derive(Debug)]
pub(crate) struct Replies {
    reader: BufReader<OwnedReadHalf>,
    // Closing it would say that the replies are wanted no more.
    _writer: OwnedWriteHalf,
}

/// Asks the process that holds the state; `None` when there is none.
pub(crate) async fn ask(state_dir: &Path, request: Request) -> Result<Option<Replies>, Failure> {
    let Ok(short) = ShortPath::open(state_dir) else {
        return Ok(None);
    };
    let stream = match UnixStream::connect(short.socket()).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => return Err(unanswered(state_dir, &error)),
    };
    let (reader, mut writer) = stream.into_split();
    send(&mut writer, &Line { v: VERSION, request })
        .await
        .map_err(|error| unanswered(state_dir, &error))?;
    Ok(Some(Replies {
        reader: BufReader::new(reader),
        _writer: writer,
    }))
}

impl Replies {
    /// The next reply.
    ///
    /// # Errors
    /// What the process answers as a failure, or that it has gone.
    pub(crate) async fn next(&mut self) -> Result<Reply, Failure> {
        let gone = || Failure::new(Code::Failure, "the running xmppsync-bot has stopped meanwhile");
        match receive(&mut self.reader).await {
            Ok(Some(Reply::Failed(failure))) => Err(failure),
            Ok(Some(reply)) => Ok(reply),
            Ok(None) => Err(gone()),
            Err(error) if error.kind() == ErrorKind::InvalidData => Err(Failure::new(
                Code::Failure,
                format!("the running xmppsync-bot answers in another version ({error}): restart it"),
            )),
            Err(_broken) => Err(gone()),
        }
    }
}

fn unanswered(state_dir: &Path, error: &io::Error) -> Failure {
    let folder = state_dir.display();
    Failure::new(
        Code::State,
        format!("the process that holds the state in {folder} cannot be asked: {error}"),
    )
}

/// One connection: one request, and its replies until there are no more or nobody wants them.
async fn converse(stream: UnixStream, asked: mpsc::UnboundedSender<Asked>) {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let request = match receive::<Line>(&mut reader).await {
        Ok(Some(Line { v: VERSION, request })) => request,
        Ok(None) => return,
        Ok(Some(Line { v, .. })) => {
            return refuse(writer, &format!("it speaks version {v}, not {VERSION}")).await;
        }
        Err(error) => return refuse(writer, &error.to_string()).await,
    };
    let (replies, mut outgoing) = mpsc::unbounded_channel();
    if asked.send((request, replies)).is_err() {
        return;
    }
    loop {
        let reply = tokio::select! {
            reply = outgoing.recv() => reply,
            // Nothing more is expected to be read: this ends when the asking side has gone.
            _ = reader.read_u8() => None,
        };
        match reply {
            Some(reply) if send(&mut writer, &reply).await.is_ok() => {}
            _ => return,
        }
    }
}

async fn refuse(mut writer: OwnedWriteHalf, detail: &str) {
    let text = format!("the running xmppsync-bot does not understand this one ({detail}): restart it");
    let _gone = send(&mut writer, &Reply::Failed(Failure::new(Code::Failure, text))).await;
}

async fn send(writer: &mut OwnedWriteHalf, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    writer.write_all(&line).await
}

async fn receive<T: DeserializeOwned>(reader: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    reader.take(MAX_LINE_BYTES).read_until(b'\n', &mut line).await?;
    if line.is_empty() {
        return Ok(None);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(&line);
    // Folders may nest deeper than serde's limit; the other side is a process of the same user.
    deserializer.disable_recursion_limit();
    T::deserialize(&mut deserializer)
        .map(Some)
        .map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

/// The state folder under a name of a few bytes: a socket's path has room for some hundred only.
struct ShortPath {
    folder: File,
}

impl ShortPath {
    fn open(folder: &Path) -> io::Result<ShortPath> {
        Ok(ShortPath {
            folder: File::open(folder)?,
        })
    }

    fn socket(&self) -> PathBuf {
        PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", self.folder.as_raw_fd()))
    }
}

#[cfg(test)]
mod tests;
