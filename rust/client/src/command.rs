// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What the host and its user tell a client.

use jid::BareJid;
use omemo::{DeviceId, TrustLevel};
use replica::visits::HostPage;
use replica::{EditOp, HostTree, JoinMode};
use serde::{Deserialize, Serialize};

use crate::config::bare_jid;
use crate::need::Question;
use crate::{PlainTree, Tab};

/// What the host's bookmarks did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum HostInput {
    /// The host has started: tokens of an earlier run are void.
    Started,
    /// All bookmarks as they are now.
    Tree {
        /// Names this collection; rises with every change that the user makes.
        generation: u64,
        /// The bookmarks.
        tree: HostTree,
    },
    /// The host did all edits of that batch.
    Applied {
        /// [`replica::Batch::number`].
        number: u64,
    },
    /// The host's file holds the tree of that collection, and the batches applied on it.
    Saved {
        /// The collection.
        generation: u64,
    },
}

/// What the user wants. Where a command has an `id`, the events that answer it carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// Sends one encrypted chat message. Answered by [`crate::Event::Sent`] or [`crate::Event::SendFailed`].
    SendChat {
        /// Chosen by the caller.
        id: String,
        /// Whom to.
        #[serde(with = "bare_jid")]
        to: BareJid,
        /// The text.
        body: String,
    },
    /// Sets how far a device's key is trusted. Answered by [`crate::Event::Devices`] or [`crate::Event::CommandFailed`].
    SetTrust {
        /// The device's owner.
        #[serde(with = "bare_jid")]
        jid: BareJid,
        /// The key's fingerprint, in any letter case, with or without spaces.
        fingerprint: String,
        /// From now on.
        trust: TrustLevel,
    },
    /// Takes what an `xmpp:` URI (XEP-0434 §5, or the older form) says of keys; the user trusts where it came from. Answered
    /// by [`crate::Event::UriTaken`] or [`crate::Event::CommandFailed`].
    TrustUri {
        /// The URI, out of a link or a QR code.
        uri: String,
    },
    /// Asks for this device's link: its key and those of the account's authenticated devices. Answered by
    /// [`crate::Event::OwnUri`].
    OwnUri {
        /// Chosen by the caller.
        id: String,
    },
    /// Compares keys with another own device by emoji, or agrees to that device's wish to. Told by
    /// [`crate::Event::Verification`]; answered by [`crate::Event::CommandFailed`] where it cannot begin.
    Verify {
        /// The other device.
        device: DeviceId,
    },
    /// Whether the emoji on both devices are the same. If not, neither trusts the other any more.
    ConfirmEmoji {
        /// The other device.
        device: DeviceId,
        /// What the user says.
        matches: bool,
    },
    /// Ends a comparison, or declines it; nothing is said of the keys.
    CancelVerification {
        /// The other device.
        device: DeviceId,
    },
    /// Takes a device out of the own device list, or forgets another account's. Answered by [`crate::Event::Devices`].
    RemoveDevice {
        /// The device's owner.
        #[serde(with = "bare_jid")]
        jid: BareJid,
        /// The device.
        device: DeviceId,
    },
    /// Takes this device out of its account, for good: nobody encrypts to it any more. The host then stops the engine and
    /// deletes its state. Answered by [`crate::Event::Left`] or [`crate::Event::CommandFailed`].
    Leave {
        /// Chosen by the caller.
        id: String,
    },
    /// Forgets the session with a device, so that a new one is made from its bundle: for when messages cannot be decrypted
    /// and the user has seen why. It is never done by itself (XEP-0384 0.9). Answered by [`crate::Event::Devices`] or
    /// [`crate::Event::CommandFailed`].
    ResetSession {
        /// The device's owner.
        #[serde(with = "bare_jid")]
        jid: BareJid,
        /// The device.
        device: DeviceId,
    },
    /// Edits one bookmark. Answered by [`crate::Event::Edited`] or [`crate::Event::CommandFailed`].
    Edit {
        /// Chosen by the caller.
        id: String,
        /// What to do.
        op: EditOp,
    },
    /// Adds bookmarks; what is there already (the same address and title in the same folder) is not added again.
    /// Answered by [`crate::Event::Imported`] or [`crate::Event::CommandFailed`].
    Import {
        /// Chosen by the caller.
        id: String,
        /// What to add.
        tree: PlainTree,
        /// Only count what it would do.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        dry_run: bool,
    },
    /// Answers [`crate::Need::Held`]. Answered by [`crate::Event::HeldAnswered`] or [`crate::Event::CommandFailed`].
    AnswerHeld {
        /// Chosen by the caller.
        id: String,
        /// Which question; all for `None`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<Question>,
        /// Delete, or put back.
        accept: bool,
    },
    /// Answers [`crate::Need::Join`]. Answered by [`crate::Event::Joined`] or [`crate::Event::CommandFailed`].
    Join {
        /// Chosen by the caller.
        id: String,
        /// What becomes of what only one side has.
        mode: JoinMode,
    },
    /// Tells which dated copies of the bookmarks there are. Answered by [`crate::Event::History`].
    History {
        /// Chosen by the caller.
        id: String,
    },
    /// Tells what is different now from what it was in a copy. Answered by [`crate::Event::HistoryDiff`] or
    /// [`crate::Event::CommandFailed`].
    HistoryDiff {
        /// Chosen by the caller.
        id: String,
        /// The copy: [`crate::Copy::at`].
        at: u64,
    },
    /// Goes back to a copy, on all devices. Answered by [`crate::Event::Restored`] or [`crate::Event::CommandFailed`].
    Restore {
        /// Chosen by the caller.
        id: String,
        /// The copy: [`crate::Copy::at`].
        at: u64,
    },
    /// What the browser has open now, in the order of its windows, without private ones. It is told to the account's other devices
    /// where [`crate::Config::share_tabs`] says so; no answer.
    OpenTabs {
        /// All of it; what is no page of the web is left out.
        tabs: Vec<Tab>,
    },
    /// Asks what the account's other devices have open. Answered by [`crate::Event::Tabs`].
    Tabs {
        /// Chosen by the caller.
        id: String,
    },
    /// Sends tabs to another device of the account, where they are opened once; they wait up to 30 days for it. Answered by
    /// [`crate::Event::SentTabs`] or [`crate::Event::CommandFailed`].
    SendTabs {
        /// Chosen by the caller.
        id: String,
        /// Whom to: one whose [`crate::Device::takes_tabs`] says so.
        device: DeviceId,
        /// At most 50 pages of the web.
        tabs: Vec<Tab>,
    },
    /// Asks what has become of the tabs that this device has sent. Answered by [`crate::Event::SentTabs`].
    SentTabs {
        /// Chosen by the caller.
        id: String,
    },
    /// The host has opened what [`crate::Event::TabsCame`] brought; until then it is told anew at each start. No answer.
    TabsOpened {
        /// The event's.
        name: String,
    },
    /// Rows of the host's history: all that [`crate::Event::VisitsWanted`] asks for, or those that were visited since. They are
    /// read from the host's table after all edits that [`Command::VisitsApplied`] has told of. No answer.
    Visited {
        /// The rows.
        pages: Vec<HostPage>,
        /// Whether these are all of that age.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        all: bool,
        /// Whether more of them follow: a long listing comes in several.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        more: bool,
    },
    /// The user deleted these pages from the host's history: they are deleted on all devices. No answer.
    VisitsDeleted {
        /// Their addresses.
        urls: Vec<String>,
    },
    /// The host's history was emptied; elsewhere it stays, and it is not put back. No answer.
    VisitsEmptied,
    /// The host has made the edits of a batch, all in one transaction; or none of them, and never will. No answer but the next
    /// batch.
    VisitsApplied {
        /// [`crate::Event::VisitEdits`]'s.
        number: u64,
        /// Whether it has.
        done: bool,
    },
    /// Deletes the history on all devices that share it. Answered by [`crate::Event::VisitsCleared`].
    ClearVisits {
        /// Chosen by the caller.
        id: String,
    },
    /// Asks for the pages that were visited last, on all devices. Answered by [`crate::Event::Visits`].
    Visits {
        /// Chosen by the caller.
        id: String,
        /// At most so many.
        limit: usize,
    },
    /// Fetches everything again.
    Refresh,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serialized_form_is_stable() {
        let json = r#"{"type":"send_chat","id":"1","to":"juliet@example.org","body":"hi"}"#;
        let command: Command = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&command).unwrap(), json);
        let json =
            r#"{"type":"set_trust","jid":"juliet@example.org","fingerprint":"ab","trust":"authenticated"}"#;
        assert_eq!(
            serde_json::to_string(&serde_json::from_str::<Command>(json).unwrap()).unwrap(),
            json
        );
        let json = r#"{"type":"edit","id":"2","op":{"op":"add","parent":"menu","kind":"link","fields":{"url":"u"}}}"#;
        assert_eq!(
            serde_json::to_string(&serde_json::from_str::<Command>(json).unwrap()).unwrap(),
            json
        );
        let json = r#"{"type":"answer_held","id":"3","question":"outgoing:000000000000000a","accept":false}"#;
        assert_eq!(
            serde_json::to_string(&serde_json::from_str::<Command>(json).unwrap()).unwrap(),
            json
        );
        let json = r#"{"type":"tree","generation":3,"tree":{"items":[]}}"#;
        assert_eq!(
            serde_json::to_string(&serde_json::from_str::<HostInput>(json).unwrap()).unwrap(),
            json
        );
    }
}
