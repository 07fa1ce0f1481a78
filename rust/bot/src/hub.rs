// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The process that holds the state: keeps the client connected, tells what happens, and serves other commands.

use engine::Event;
use engine::client::{self, Command, PlainTree};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot};
use tokio::time::interval;

use crate::commands::now;
use crate::control::{Overview, Reply, Request, Server};
use crate::exports::{Exports, LOOK_EVERY};
use crate::failure::{Code, Failure};
use crate::live::{Live, outcome};
use crate::printer::Printer;
use crate::settings::{Role, Settings};
use crate::words;

/// Holds the state until a signal comes, the printer has had enough, or the connection fails for good.
pub(crate) async fn hold(
    settings: &Settings,
    role: Role,
    exports: Option<Exports>,
    printer: &mut Printer,
) -> Result<(), Failure> {
    let on_signal = |kind| signal(kind).map_err(|error| Failure::new(Code::Failure, error));
    let (mut terminate, mut interrupt) = (
        on_signal(SignalKind::terminate())?,
        on_signal(SignalKind::interrupt())?,
    );
    let config = settings.engine(role)?;
    // First the engine, for it takes the folder's lock: the socket belongs to whoever has that.
    let mut hub = Hub {
        live: Live::start(config)?,
        account: settings.account.to_string(),
        chat: settings.client(role).priority() >= 0,
        pending: Vec::new(),
        listeners: Vec::new(),
        verifiers: Vec::new(),
    };
    let server = Server::bind(&settings.state_dir)?;
    let (asked, mut requests) = mpsc::unbounded_channel();
    let mut look = interval(LOOK_EVERY);
    let result = loop {
        tokio::select! {
            event = hub.live.next() => match event {
                Ok(event) => hub.event(&event, printer),
                Err(failure) => break Err(failure),
            },
            _ = look.tick(), if exports.is_some() => {
                if let Some(exports) = &exports && let Err(failure) = hub.export(exports).await {
                    // Bookmarks are kept in sync all the same.
                    printer.say(&format!("Today's export was not written: {failure}."));
                }
            }
            Some((request, replies)) = requests.recv() => hub.request(request, replies),
            error = server.serve(&asked) => {
                break Err(Failure::new(Code::Failure, format!("cannot serve other commands any more: {error}")));
            }
            _ = terminate.recv() => break Ok(()),
            _ = interrupt.recv() => break Ok(()),
        }
        if printer.is_done() {
            break Ok(());
        }
    };
    drop(server);
    hub.live.stop();
    printer.say("Stopped.");
    result
}

/// One task owns it all; the socket's connections send it requests.
struct Hub {
    live: Live,
    account: String,
    /// Whether messages to the account's bare address come here.
    chat: bool,
    /// Commands that wait for their answer.
    pending: Vec<(Command, mpsc::UnboundedSender<Reply>)>,
    listeners: Vec<mpsc::UnboundedSender<Reply>>,
    /// Who compares keys with which device.
    verifiers: Vec<(u32, mpsc::UnboundedSender<Reply>)>,
}

impl Hub {
    fn event(&mut self, event: &Event, printer: &mut Printer) {
        match event {
            Event::Connection(state) => printer.say(&words::connection(state)),
            // The bot's password is in a file of its owner's.
            Event::PasswordKept { .. } => {}
            Event::Client(event) => {
                printer.event(event);
                self.answer(event);
            }
        }
    }

    /// Writes today's file, where it is not there yet and this replica has the account's bookmarks.
    async fn export(&self, exports: &Exports) -> Result<(), Failure> {
        let Some(path) = exports.due(now()) else {
            return Ok(());
        };
        let (sender, receiver) = oneshot::channel();
        self.live.inspect(move |client| {
            let tree = client
                .status()
                .joined
                .then(|| PlainTree::from(&client.bookmarks()));
            let _gone = sender.send(tree);
        })?;
        match receiver.await {
            Ok(Some(tree)) => exports.write(&path, &tree),
            _ => Ok(()),
        }
    }

    fn answer(&mut self, event: &client::Event) {
        self.pending.retain(|(command, replies)| {
            let Some(outcome) = outcome(command, event) else {
                return !replies.is_closed();
            };
            let reply = match outcome {
                Ok(()) => Reply::Event { event: event.clone() },
                Err(failure) => Reply::Failed(failure),
            };
            // The asking side may have given up.
            let _gone = replies.send(reply);
            false
        });
        if let client::Event::Verification { device, .. } = event {
            self.verifiers.retain(|(of, replies)| {
                of != device || replies.send(Reply::Event { event: event.clone() }).is_ok()
            });
        }
        if let client::Event::CommandFailed { id, reason, .. } = event
            && id == "verify"
        {
            for (_, replies) in self.verifiers.drain(..) {
                let failure = Failure::new(Code::Failure, reason);
                let _gone = replies.send(Reply::Failed(failure));
            }
        }
        if matches!(
            event,
            client::Event::Message { .. } | client::Event::Dropped { .. }
        ) {
            self.listeners
                .retain(|listener| listener.send(Reply::Event { event: event.clone() }).is_ok());
        }
    }

    fn request(&mut self, request: Request, replies: mpsc::UnboundedSender<Reply>) {
        let result = match request {
            Request::Status => self.status(replies.clone()),
            Request::Devices => {
                let replies = replies.clone();
                self.live.inspect(move |client| {
                    let _gone = replies.send(Reply::Devices {
                        devices: client.devices(),
                    });
                })
            }
            Request::Carry { command } => {
                self.pending.push((command.clone(), replies.clone()));
                self.live.command(command)
            }
            Request::Verify { device } => {
                self.verifiers.push((device, replies.clone()));
                self.live.command(Command::Verify { device })
            }
            Request::Listen => {
                let _gone = replies.send(Reply::Listening { chat: self.chat });
                self.listeners.push(replies.clone());
                Ok(())
            }
        };
        if let Err(failure) = result {
            let _gone = replies.send(Reply::Failed(failure));
        }
    }

    fn status(&self, replies: mpsc::UnboundedSender<Reply>) -> Result<(), Failure> {
        let (account, connection) = (self.account.clone(), self.live.connection().clone());
        self.live.inspect(move |client| {
            let overview = Overview {
                account,
                running: true,
                connection,
                device: client.device_id(),
                fingerprint: client.fingerprint(),
                status: client.status(),
            };
            let _gone = replies.send(Reply::Status(Box::new(overview)));
        })
    }
}
