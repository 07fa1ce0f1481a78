// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The functions behind the bridge. Every one of them is guarded: a panic becomes an error.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cxx::SharedPtr;
use cxx_qt::{CxxQtThread, Threading};
use engine::client::{self, HostInput};
use engine::{ConnectionState, Event};

use crate::error::BridgeError;
use crate::ffi::bridge::{HostItem, MessageSink, SyncStatus};
use crate::guard::guard;
use crate::{config, convert, status};

/// One running engine, as C++ holds it.
pub(crate) struct Engine {
    engine: engine::Engine,
    status: Arc<Follower>,
}

/// The status object that follows the engine, and what it has missed before it did.
#[derive(Default)]
struct Follower {
    // A lock, because the engine's thread reads what the Qt thread sets; held for a few instructions.
    state: Mutex<Following>,
}

enum Following {
    Nobody(Vec<Event>),
    Object(CxxQtThread<SyncStatus>),
}

impl Default for Following {
    fn default() -> Following {
        Following::Nobody(Vec::new())
    }
}

impl Follower {
    fn lock(&self) -> MutexGuard<'_, Following> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, event: Event) {
        match &mut *self.lock() {
            Following::Nobody(missed) => missed.push(event),
            Following::Object(thread) => queue(thread, event),
        }
    }

    fn follow(&self, thread: CxxQtThread<SyncStatus>) {
        let mut state = self.lock();
        if let Following::Nobody(missed) = &mut *state {
            for event in missed.drain(..) {
                queue(&thread, event);
            }
        }
        *state = Following::Object(thread);
    }
}

fn queue(thread: &CxxQtThread<SyncStatus>, event: Event) {
    // An error says that the object is gone: then nobody wants to know.
    let _ = thread.queue(move |object| {
        let _ = guard(|| status::show(object, event));
    });
}

pub(crate) fn init(config_json: &str, sink: SharedPtr<MessageSink>) -> Result<Box<Engine>, BridgeError> {
    guard(|| {
        let config = config::parse(config_json)?;
        let status = Arc::new(Follower::default());
        let follower = Arc::clone(&status);
        let engine = engine::Engine::start(config, move |event| {
            let _ = guard(|| forward(&sink, &follower, event));
        })?;
        engine.host(HostInput::Started)?;
        Ok(Box::new(Engine { engine, status }))
    })?
}

/// On the engine's thread.
fn forward(sink: &SharedPtr<MessageSink>, follower: &Follower, event: Event) {
    let Some(sink) = sink.as_ref() else { return };
    if let Event::Client(client::Event::HostEdits(batch)) = event {
        sink.apply_edits(batch.number, batch.generation, &convert::edits(batch.edits));
        return;
    }
    match serde_json::to_vec(&event) {
        Ok(json) => sink.on_message(&json),
        Err(error) => tracing::error!(%error, "an event cannot be written as JSON"),
    }
    if status::concerns(&event) {
        follower.take(event);
    }
}

pub(crate) fn watch(engine: &Engine, status: Pin<&mut SyncStatus>) -> Result<(), BridgeError> {
    Ok(guard(|| engine.status.follow(status.qt_thread()))?)
}

pub(crate) fn repeat_status(engine: &Engine, times: u64) -> Result<(), BridgeError> {
    guard(|| {
        let follower = Arc::clone(&engine.status);
        std::thread::spawn(move || {
            for _ in 0..times {
                follower.take(Event::Connection(ConnectionState::Connecting));
            }
        });
    })?;
    Ok(())
}

pub(crate) fn send(engine: &Engine, message: &[u8]) -> Result<(), BridgeError> {
    guard(|| Ok(engine.engine.command(serde_json::from_slice(message)?)?))?
}

pub(crate) fn collect(engine: &Engine, generation: u64, items: Vec<HostItem>) -> Result<(), BridgeError> {
    guard(|| Ok(engine.engine.host(convert::tree(generation, items))?))?
}

pub(crate) fn applied(engine: &Engine, number: u64) -> Result<(), BridgeError> {
    guard(|| Ok(engine.engine.host(HostInput::Applied { number })?))?
}

pub(crate) fn saved(engine: &Engine, generation: u64) -> Result<(), BridgeError> {
    guard(|| Ok(engine.engine.host(HostInput::Saved { generation })?))?
}

pub(crate) fn forget_password(account: &str) -> Result<(), BridgeError> {
    guard(|| {
        engine::forget_password(config::address(account)?);
        Ok(())
    })?
}

pub(crate) fn shutdown(engine: &Engine, limit_ms: u32) -> bool {
    guard(|| engine.engine.stop(Duration::from_millis(limit_ms.into()))).unwrap_or(false)
}
