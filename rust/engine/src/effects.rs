// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Does what the client wants, on a thread of its own: saves, and only then sends, acknowledges and tells.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use client::{Change, Loader, Transfer};
use minidom::Element;
use tokio::sync::mpsc::{Receiver, UnboundedSender};

use crate::reason::Reason;
use crate::session::{Sender, SessionId};
use crate::state::{StateError, read_client};
use crate::store::Store;
use crate::{ConnectionState, Event};

/// Effects that are done together: what they save is one transaction.
const BATCH: usize = 256;

/// Something to be done, in order.
pub(crate) enum Effect {
    /// The session to send in, and who moves files, from here on.
    Outlets {
        session: Sender,
        transfers: UnboundedSender<Transfer>,
    },
    Persist(Vec<Change>),
    Send {
        id: SessionId,
        stanza: Element,
    },
    Transfer(Transfer),
    /// All that a stanza led to is before this.
    Handled {
        id: SessionId,
    },
    Tell(Event),
}

/// The host's function.
#[derive(Clone)]
pub(crate) struct Listener(Arc<dyn Fn(Event) + Send + Sync>);

impl Listener {
    pub(crate) fn new(on_event: impl Fn(Event) + Send + Sync + 'static) -> Listener {
        Listener(Arc::new(on_event))
    }

    /// Calls it; a panic in it is the host's, and ends here.
    pub(crate) fn tell(&self, event: Event) {
        if catch_unwind(AssertUnwindSafe(|| (self.0)(event))).is_err() {
            tracing::error!("the host's event function panicked");
        }
    }
}

/// Reads the records, hands them over, then does effects until there are no more, or the disk fails.
pub(crate) fn run(
    mut store: Store,
    loaded: &SyncSender<Result<Loader, StateError>>,
    mut effects: Receiver<Effect>,
    listener: &Listener,
) {
    // Nobody waits for them if the other thread could not be started.
    let prepared = store.prepare().map_err(StateError::from);
    let _nobody = loaded.send(prepared.and_then(|()| read_client(&store)));
    let mut outlets = None;
    let mut batch = Vec::with_capacity(BATCH);
    while effects.blocking_recv_many(&mut batch, BATCH) > 0 {
        // One transaction for all the steps in the batch: the disk is synced once for a hundred stanzas, and each
        // step is still in it whole or not at all.
        let changes = batch.iter().filter_map(|effect| match effect {
            Effect::Persist(changes) => Some(changes),
            _ => None,
        });
        let mut rows = changes
            .flatten()
            .map(|change| (change.table, change.key.as_str(), change.value.as_deref()))
            .peekable();
        if rows.peek().is_some()
            && let Err(error) = store.write(rows)
        {
            // Nothing of the batch is sent or told: the state on the disk is the one before it. Closing the channel
            // stops the client.
            effects.close();
            tracing::error!(%error, "cannot save the state");
            listener.tell(Event::Connection(ConnectionState::Failed {
                reason: Reason::from(&error),
            }));
            return;
        }
        for effect in batch.drain(..) {
            match effect {
                Effect::Outlets { session, transfers } => outlets = Some((session, transfers)),
                Effect::Persist(_saved) => {}
                Effect::Send { id, stanza } => {
                    if let Some((session, _)) = &outlets {
                        session.send(id, stanza);
                    }
                }
                Effect::Transfer(transfer) => {
                    if let Some((_, transfers)) = &outlets {
                        // Nobody takes it any more where the client has ended.
                        let _ended = transfers.send(transfer);
                    }
                }
                Effect::Handled { id } => {
                    if let Some((session, _)) = &outlets {
                        session.handled(id);
                    }
                }
                Effect::Tell(event) => listener.tell(event),
            }
        }
    }
}
