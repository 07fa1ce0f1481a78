// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What crosses between C++ and Rust: one bridge, from which both sides' code is generated.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

use crate::handle::{
    Engine, applied, collect, forget_password, init, repeat_status, saved, send, shutdown, watch,
};
use crate::qr::qr_code;
use crate::status::SyncStatusRust;

#[cxx_qt::bridge(namespace = "xmppsync")]
pub mod bridge {
    /// Kind of a bookmark item.
    enum ItemKind {
        Folder,
        Link,
        Separator,
    }

    /// One item of the browser's tree. `parent` is the token of a folder, or 1 toolbar, 2 menu, 3 other.
    struct HostItem {
        token: u64,
        parent: u64,
        kind: ItemKind,
        title: String,
        url: String,
        description: String,
        keyword: String,
    }

    /// Something that is wrong: the engine's name of it, a sentence for a person, and the cause where there is one.
    #[derive(Clone)]
    struct SyncProblem {
        kind: String,
        text: String,
        cause: String,
    }

    /// What an edit does; which fields of [`HostEdit`] count.
    enum EditKind {
        /// All fields.
        Insert,
        /// `token`, `parent`, `index`.
        Move,
        /// `token` and the four texts.
        Update,
        /// `token`.
        Remove,
    }

    /// One edit for the browser's tree.
    struct HostEdit {
        edit: EditKind,
        token: u64,
        parent: u64,
        /// Position among the parent's children; for a move: without the item itself.
        index: u32,
        kind: ItemKind,
        title: String,
        url: String,
        description: String,
        keyword: String,
    }

    /// Where the connection stands.
    enum SyncState {
        Offline,
        Connecting,
        Authenticating,
        Online,
        /// Lost or refused for now; tried again by itself.
        Waiting,
        /// Needs the user.
        Failed,
    }

    /// How far the synchronisation is; see [`engine::client::Phase`].
    enum SyncPhase {
        Offline,
        Starting,
        WaitingForDevice,
        Syncing,
        UpToDate,
        Off,
        NeedsYou,
    }

    unsafe extern "C++" {
        include!("bridge/xmppsync/message_sink.h");
        type MessageSink;
        #[rust_name = "on_message"]
        fn onMessage(self: &MessageSink, json: &[u8]);
        #[rust_name = "apply_edits"]
        fn applyEdits(self: &MessageSink, number: u64, generation: u64, edits: &[HostEdit]);
    }

    extern "Rust" {
        type Engine;

        /// Starts an engine. `config_json`: see [`crate::config`]. Throws with a sentence for the user.
        fn init(config_json: &str, sink: SharedPtr<MessageSink>) -> Result<Box<Engine>>;
        /// Lets `status` follow the engine. Once for each engine, on the thread of `status`.
        fn watch(engine: &Engine, status: Pin<&mut SyncStatus>) -> Result<()>;
        /// Tells the status object `times` times, from a thread of its own, that nothing has changed. For tests of the
        /// object's end only: the plugin is linked without it.
        #[cxx_name = "repeatStatus"]
        fn repeat_status(engine: &Engine, times: u64) -> Result<()>;
        /// Hands over one command as a JSON object; throws if it is none, or if the engine has stopped.
        fn send(engine: &Engine, message: &[u8]) -> Result<()>;
        /// Hands over the whole tree, in pre-order. Throws if the engine has stopped.
        fn collect(engine: &Engine, generation: u64, items: Vec<HostItem>) -> Result<()>;
        /// All edits of a batch are done.
        fn applied(engine: &Engine, number: u64) -> Result<()>;
        /// The browser's file holds the tree of that collection, and the batches applied on it.
        fn saved(engine: &Engine, generation: u64) -> Result<()>;
        /// Removes the account's password from the user's password store, if it is there, without waiting for it. Throws if
        /// the address is none.
        #[cxx_name = "forgetPassword"]
        fn forget_password(account: &str) -> Result<()>;
        /// Stops the engine within the limit, in ms; false if it had to be left behind. May be called again.
        fn shutdown(engine: &Engine, limit_ms: u32) -> bool;

        /// The dark modules of a QR code of `text` as ones, row by row, without the quiet zone; empty if it is too long.
        #[cxx_name = "qrCode"]
        fn qr_code(text: &str) -> Vec<u8>;
    }

    extern "RustQt" {
        #[qobject]
        #[qproperty(SyncState, state, READ, NOTIFY = changed)]
        #[qproperty(SyncPhase, phase, READ, NOTIFY = changed)]
        #[qproperty(u64, bookmarks, READ, NOTIFY = changed)]
        #[qproperty(u64, replicas, READ, NOTIFY = changed)]
        #[qproperty(u64, unpublished, READ, NOTIFY = changed)]
        #[qproperty(u64, missing, READ, NOTIFY = changed)]
        #[qproperty(u64, retry_in_ms, cxx_name = "retryInMs", READ, NOTIFY = changed)]
        type SyncStatus = super::SyncStatusRust;

        /// Something changed. Connect queued: this is emitted under a lock that the destructor takes.
        #[qsignal]
        fn changed(self: Pin<&mut SyncStatus>);

        /// The full address that the server bound; empty unless online.
        fn address(self: &SyncStatus) -> String;
        /// Why the connection is not there, unless it is or is being made for the first time; then what else is wrong and stays wrong
        /// until it is mended.
        fn problems(self: &SyncStatus) -> Vec<SyncProblem>;
    }

    impl cxx_qt::Threading for SyncStatus {}
}
