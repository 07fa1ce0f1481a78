// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What a client wants done, and what it tells.

use std::collections::BTreeMap;
use std::fmt;

use minidom::Element;
use omemo::{DeviceId, TrustLevel};
use replica::visits::{Seen, VisitEdit};
use replica::{Batch, ItemId, JoinMode, JoinPreview};
use serde::{Deserialize, Serialize};

use crate::{
    Change, Copy, DeviceTabs, Differing, Need, Problem, Progress, RefusalKind, SentTabs, Tab, Transfer,
    VerificationState,
};

/// What the caller does next, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Store all of these in one transaction before the next action.
    Persist(Vec<Change>),
    /// Send this stanza.
    Send(Element),
    /// Move this file, and tell how it went by [`crate::Client::handle_transferred`], whatever becomes of the stream.
    Transfer(Transfer),
    /// Tell the host and its user.
    Notify(Event),
}

/// What the host and its user are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Edits for the host to apply; answered by [`crate::HostInput::Applied`], or by another tree.
    HostEdits(Batch),
    /// A decrypted chat message of a trusted device.
    Message {
        /// The sender's bare address.
        from: String,
        /// The sender's device.
        device: DeviceId,
        /// That device's fingerprint.
        fingerprint: String,
        /// How far its key is trusted.
        trust: TrustLevel,
        /// The OMEMO namespace that it came in.
        namespace: String,
        /// The text.
        body: String,
        /// When the sender wrote it, in milliseconds since the Unix epoch, if it says so.
        time: Option<u64>,
    },
    /// Something that came was not acted upon.
    Dropped {
        /// Why.
        reason: DropReason,
        /// Who sent it: an address.
        from: String,
        /// The sender's device, where known.
        device: Option<DeviceId>,
        /// What is wrong, in words, without any content.
        detail: String,
    },
    /// How it goes, whenever that changed.
    Status(Status),
    /// All known devices of the own account and of partners, whenever that changed.
    Devices {
        /// This device first, then the own account's, then others'.
        devices: Vec<Device>,
    },
    /// The server took a chat message.
    Sent {
        /// [`crate::Command::SendChat`]'s.
        id: String,
    },
    /// A chat message will not be delivered.
    SendFailed {
        /// [`crate::Command::SendChat`]'s.
        id: String,
        /// Why, in words.
        reason: String,
    },
    /// Bookmarks changed: by others, by a partner's request, or here.
    BookmarksChanged {
        /// How many are new.
        added: u64,
        /// How many changed or moved.
        changed: u64,
        /// How many are gone.
        removed: u64,
        /// Whether others did it.
        remote: bool,
    },
    /// An edit was done.
    Edited {
        /// [`crate::Command::Edit`]'s.
        id: String,
        /// The item.
        item: ItemId,
    },
    /// An import was done.
    Imported {
        /// [`crate::Command::Import`]'s.
        id: String,
        /// How many items were added.
        added: u64,
        /// How many were there already.
        matched: u64,
    },
    /// This device's bookmarks and the account's have met, for the first time or again.
    Joined {
        /// [`crate::Command::Join`]'s; empty where nobody had to be asked.
        id: String,
        /// What became of what only one side had.
        mode: JoinMode,
        /// What there was, and what a merge of both would do.
        preview: JoinPreview,
    },
    /// This device has caught up after it was away for longer than deletions are remembered. What was deleted elsewhere
    /// meanwhile is deleted here, or waits for the user's answer; what was added or changed here lives.
    Returned {
        /// For how many days.
        days: u64,
    },
    /// The server has taken this device out of the account's device lists.
    Left {
        /// [`crate::Command::Leave`]'s.
        id: String,
    },
    /// The answer to a question about what is held was taken.
    HeldAnswered {
        /// [`crate::Command::AnswerHeld`]'s.
        id: String,
        /// Whether the items are deleted, or put back.
        accept: bool,
        /// How many there are.
        items: u64,
        /// How many of them another device had added although they are here already. With these it is the other way round:
        /// accepted they are shown, refused they are deleted.
        #[serde(default)]
        doubled: u64,
    },
    /// The dated copies of the bookmarks.
    History {
        /// [`crate::Command::History`]'s.
        id: String,
        /// Newest first.
        copies: Vec<Copy>,
    },
    /// What is different now from what it was in a copy.
    HistoryDiff {
        /// [`crate::Command::HistoryDiff`]'s.
        id: String,
        /// The copy.
        at: u64,
        /// How many items differ.
        total: u64,
        /// The first of them.
        differences: Vec<Differing>,
    },
    /// The bookmarks are again what they were in a copy.
    Restored {
        /// [`crate::Command::Restore`]'s.
        id: String,
        /// The copy.
        at: u64,
        /// How many items are there again.
        added: u64,
        /// How many changed or moved.
        changed: u64,
        /// How many are gone that were not in the copy.
        removed: u64,
    },
    /// What the account's other devices have open, whenever that changed.
    Tabs {
        /// [`crate::Command::Tabs`]'s; empty where nobody had asked.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        id: String,
        /// The latest first.
        devices: Vec<DeviceTabs>,
    },
    /// What has become of the tabs that this device has sent to others, whenever that changed.
    SentTabs {
        /// [`crate::Command::SendTabs`]'s or [`crate::Command::SentTabs`]'s; empty where nobody had asked.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        id: String,
        /// The latest first.
        sent: Vec<SentTabs>,
    },
    /// Another device has sent tabs, to be opened here. Answered by [`crate::Command::TabsOpened`].
    TabsCame {
        /// Names them.
        name: String,
        /// The device.
        device: DeviceId,
        /// The name that it gave itself.
        label: String,
        /// When it sent them, in milliseconds since the Unix epoch, by its own clock but never in the future.
        at: u64,
        /// Pages of the web.
        tabs: Vec<Tab>,
    },
    /// The host is to list its history ([`crate::Command::Visited`] with all): once in each run.
    VisitsWanted {
        /// What was visited since then, in milliseconds since the Unix epoch.
        since: u64,
    },
    /// Edits for the host's history, to be made in one transaction. What of these rows its user has changed is told before
    /// ([`crate::Command::Visited`]). Answered by [`crate::Command::VisitsApplied`].
    VisitEdits {
        /// Names the batch.
        number: u64,
        /// What to do.
        edits: Vec<VisitEdit>,
    },
    /// The history is deleted.
    VisitsCleared {
        /// [`crate::Command::ClearVisits`]'s.
        id: String,
    },
    /// The pages that were visited last.
    Visits {
        /// [`crate::Command::Visits`]'s.
        id: String,
        /// The latest first.
        pages: Vec<Seen>,
    },
    /// How far a comparison by emoji with another own device is, whenever that changed.
    Verification {
        /// The other device.
        device: DeviceId,
        /// Its name, where it gave itself one.
        label: Option<String>,
        /// How far.
        verification: VerificationState,
    },
    /// What a URI said of keys holds from now on.
    UriTaken {
        /// [`crate::Command::TrustUri`]'s.
        uri: String,
        /// The keys' owner.
        jid: String,
        /// How many keys are authenticated by it.
        trusted: u64,
        /// How many are distrusted by it.
        distrusted: u64,
    },
    /// This device's link.
    OwnUri {
        /// [`crate::Command::OwnUri`]'s.
        id: String,
        /// See [`crate::Client::trust_uri`].
        uri: String,
    },
    /// A command was not carried out; nothing is changed.
    CommandFailed {
        /// The command's id, or its type where it has none.
        id: String,
        /// Why, for programs.
        kind: RefusalKind,
        /// Why, in words.
        reason: String,
    },
}

/// Why something that came was not acted upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// It was not encrypted.
    Unencrypted,
    /// The key that encrypted it is not trusted.
    Untrusted,
    /// It could not be decrypted.
    Undecryptable,
    /// Someone claims to be someone else: another account's node, another device's replica, another sender in the envelope.
    WrongSender,
    /// It is not what the protocol says.
    Malformed,
    /// It has a version that this release does not know.
    UnknownVersion,
    /// Its sender may not do that.
    NotAllowed,
}

/// Why something is not acted upon, and what is told of it.
pub(crate) type NotTaken = (DropReason, String);

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DropReason::Unencrypted => "not encrypted",
            DropReason::Untrusted => "from a device that is not trusted",
            DropReason::Undecryptable => "could not be decrypted",
            DropReason::WrongSender => "not from whom it claims to be",
            DropReason::Malformed => "malformed",
            DropReason::UnknownVersion => "of a version that this release does not know",
            DropReason::NotAllowed => "asks for what its sender may not do",
        })
    }
}

/// A device as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its owner's bare address.
    pub jid: String,
    /// Its number.
    pub id: DeviceId,
    /// Its name, where it gave itself one.
    pub label: Option<String>,
    /// Its fingerprint, once its key is known: eight groups of eight hex digits.
    pub fingerprint: Option<String>,
    /// How far its key is trusted.
    pub trust: TrustLevel,
    /// Whether it is in its owner's device list.
    pub active: bool,
    /// Whether there is a session with it.
    pub has_session: bool,
    /// Whether it is this device.
    pub this: bool,
    /// Whether it shares bookmarks.
    pub replica: bool,
    /// When a message of it was last decrypted, in milliseconds since the Unix epoch.
    pub last_seen: Option<u64>,
    /// Whether nothing was heard of it for as long as [`crate::Config::stale_after_days`] says; nothing is encrypted for it
    /// then, until it says something.
    #[serde(default)]
    pub stale: bool,
    /// Whether it opens tabs that are sent to it.
    #[serde(default)]
    pub takes_tabs: bool,
}

/// How far the synchronisation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// There is no connection.
    #[default]
    Offline,
    /// The account's devices and bookmarks are being fetched, and this device is entered among them.
    Starting,
    /// Another device has to share the bookmarks with this new one.
    WaitingForDevice,
    /// Something that others have is still missing here, or the other way round.
    Syncing,
    /// A question waits for the user; apart from that, as `UpToDate`.
    NeedsYou,
    /// Everything is the same everywhere, as far as the server knows.
    UpToDate,
    /// Bookmarks are not synchronised.
    Off,
}

/// How it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// How far the synchronisation is.
    pub phase: Phase,
    /// The same in a sentence for people.
    pub text: String,
    /// Whether this replica has met the account's bookmarks.
    pub joined: bool,
    /// How many bookmarks, folders and separators there are.
    pub bookmarks: u64,
    /// How many edits made here are not published yet.
    pub unpublished: u64,
    /// How many updates of others are known to exist and are not here yet.
    pub missing: u64,
    /// What is on its way as a whole: at a first join, and after large changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// How many other devices share these bookmarks.
    pub replicas: u64,
    /// How many visited pages are known, where the history is shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visits: Option<u64>,
    /// How much was dropped since the start, by reason.
    pub dropped: BTreeMap<DropReason, u64>,
    /// What is wrong and stays wrong until it is mended.
    pub problems: Vec<Problem>,
    /// Questions that wait for the user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serialized_form_is_stable() {
        let message = Event::Message {
            from: "juliet@example.org".into(),
            device: 7,
            fingerprint: "00000000 00000001".into(),
            trust: TrustLevel::Authenticated,
            namespace: omemo::NS_OMEMO_2.into(),
            body: "hi".into(),
            time: Some(1),
        };
        insta::assert_snapshot!(serde_json::to_string(&message).unwrap(), @r#"{"type":"message","from":"juliet@example.org","device":7,"fingerprint":"00000000 00000001","trust":"authenticated","namespace":"urn:xmpp:omemo:2","body":"hi","time":1}"#);
        let dropped = Event::Dropped {
            reason: DropReason::Untrusted,
            from: "juliet@example.org".into(),
            device: Some(7),
            detail: "its key is manually distrusted".into(),
        };
        insta::assert_snapshot!(serde_json::to_string(&dropped).unwrap(), @r#"{"type":"dropped","reason":"untrusted","from":"juliet@example.org","device":7,"detail":"its key is manually distrusted"}"#);
        let status = Status {
            dropped: [(DropReason::Unencrypted, 2)].into(),
            ..Status::default()
        };
        insta::assert_snapshot!(serde_json::to_string(&Event::Status(status)).unwrap(), @r#"{"type":"status","phase":"offline","text":"","joined":false,"bookmarks":0,"unpublished":0,"missing":0,"replicas":0,"dropped":{"unencrypted":2},"problems":[]}"#);
    }
}
