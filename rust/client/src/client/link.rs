// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What belongs to one stream and is forgotten with it: requests under way, timers, what was fetched.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jid::{BareJid, FullJid};
use minidom::Element;
use omemo::{DeviceId, Namespace};
use replica::ReplicaId;

use super::allowance::Allowance;
use super::archive::Archive;
use super::pace::Pace;
use super::parcels::Saying;
use super::state::TabsMark;
use super::upload::Uploads;
use super::visits::VisitsNote;
use crate::Limits;
use crate::body::{Gaps, Missing, Sending, SnapshotInfo};
use crate::pubsub::{MaxItems, Node};
use crate::ring::Publication;
use crate::verify::Said;

/// How long an answer may take, in milliseconds; over a slow uplink (3 kB/s, ejabberd's default) a chunk of a snapshot
/// alone takes a minute.
const ANSWER_MS: u64 = 120_000;

/// What is due at a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// Edits have been quiet for a while.
    Flush,
    /// Whether the own device lists still hold this device.
    SecondLook,
    /// A device list may be published again.
    Announce(Namespace),
    /// The bundle may be published again.
    Bundle,
    /// An own bundle or device list may be fetched again.
    Own,
    /// The bookmarks node may be fetched again.
    Node,
    /// The head may be published.
    Head,
    /// An item of the bookmarks may be published again.
    Item,
    /// A snapshot may be published (again).
    Snapshot,
    /// A chunk of a snapshot may be published again.
    Chunk,
    /// An upload service has not answered.
    Upload,
    /// Missing deltas have not come by themselves.
    CatchUp,
    /// They may be asked for again.
    Request,
    /// Another replica's request is to be answered, if nobody else did.
    Answer(DeviceId),
    /// A new device is to be given the state, if nobody else did.
    Welcome(DeviceId),
    /// The generation may be read again, or is to be drawn anew.
    Generation,
    /// It is noted that others can be heard.
    Present,
    /// Chat messages wait too long.
    Chat,
    /// The server is asked again whether it has taken all chat messages.
    Barrier,
    /// What was said to that device in a comparison may be published again.
    Verify(DeviceId),
    /// The node of tabs may be fetched, or published to, again.
    Tabs,
    /// Tabs that have not changed are told again.
    TabsAgain,
    /// The node of sent tabs may be fetched, or what is in it asked for, again.
    Parcels,
    /// A parcel may be published again.
    ParcelsOut,
    /// The parcel of that name, which this device sends, may be encrypted or taken back again.
    Parcel(String),
    /// The node of sent tabs is fetched once more.
    ParcelsAgain,
    /// This device may say again whether it takes tabs.
    Takes,
    /// The node of the history may be fetched again.
    VisitsNode,
    /// This device's history may be published again.
    Visits,
    /// This device waits no longer for others' history before it lists its own.
    VisitsListing,
    /// Segments of others that could not be read are fetched once more.
    VisitsFailed,
    /// It is looked again whether the server has a segment of this device.
    VisitsCheck,
    /// The node of trust may be fetched, or published to, again.
    Trust,
    /// The message archive may be asked again.
    Archive,
    /// The server's time is asked for again.
    Clock,
}

/// How far something that is fetched once is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Fetch {
    #[default]
    Wanted,
    Asked,
    Done,
}

/// What a request was for.
#[derive(Clone, Debug)]
pub(super) enum Pending {
    Generation,
    OwnBundle(Namespace),
    OwnList(Namespace),
    List(BareJid, Namespace),
    Bundle(String, DeviceId, Namespace),
    Items,
    /// What the own devices say of trust.
    Trust,
    /// What the own devices have open.
    Tabs,
    /// What the own devices have sent to each other.
    Parcels,
    /// What the own devices have visited lately.
    Visits,
    /// A segment of what that device has visited before.
    VisitsSegment(DeviceId, u32),
    /// This device's segment, of that number.
    OwnSegment(u32, u64),
    /// That item of the history is deleted.
    VisitsGone(String),
    /// The parcel of that name is asked for, and was before.
    Claim(String, bool),
    /// The parcel of that name is taken back, which was asked for before.
    Expire(String, bool),
    Chunk,
    /// Which services the account's server names.
    Services,
    /// What the service of this address can do.
    Service(String),
    /// A slot for the snapshot of this id, or only to learn where files are.
    Slot(Option<String>),
    Publish(Box<Publish>),
    /// The node is configured, then that is published again.
    Configure(Box<Publish>),
    /// Once answered, the server has taken these chat messages.
    Barrier(Vec<u64>),
    /// Whether the account has a message archive.
    ArchiveInfo,
    /// A page of the message archive.
    Archive,
    /// The server's time.
    Time,
    /// Whatever the answer is.
    Forget,
}

/// One item to publish.
#[derive(Clone, Debug)]
pub(super) struct Publish {
    pub(super) node: Node,
    pub(super) item: String,
    pub(super) payload: Element,
    pub(super) purpose: Purpose,
    /// Repairs of the node that were tried.
    pub(super) repairs: u8,
}

/// What a publication was for.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    Generation,
    Bundle(Namespace),
    List(Namespace),
    /// A device list without this device.
    LastList(Namespace),
    Update(Publication),
    Head(HeadNote),
    Chunk,
    /// This device's decisions, by their digest.
    Decisions(String),
    /// What is open here.
    Tabs(TabsMark),
    /// Whether tabs can be sent to this device.
    Takes(bool),
    /// What was visited here.
    Visits(VisitsNote),
    /// The parcel of that name, which the server may have been given before.
    Parcel(String, bool),
    /// What is said to a device in a comparison.
    Verification(DeviceId, Said),
}

/// This device is leaving the account.
#[derive(Debug)]
pub(super) struct Leaving {
    /// The command's.
    pub(super) id: String,
    /// Those that still name it.
    pub(super) lists: BTreeSet<Namespace>,
}

/// What a head said when it was published.
#[derive(Clone, Debug)]
pub(super) struct HeadNote {
    pub(super) readers: BTreeSet<DeviceId>,
    pub(super) snapshot: Option<SnapshotInfo>,
    /// The snapshot is new with this head.
    pub(super) new_snapshot: bool,
    /// Its readers are given all that there is, or what there was when the snapshot was begun.
    pub(super) whole: bool,
}

/// A request that waits for its answer.
#[derive(Debug)]
struct Waiting {
    to: Option<String>,
    pending: Pending,
    deadline: u64,
}

/// A chunk of a snapshot that the server has not confirmed.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChunkUnderWay {
    pub(super) bytes: usize,
    /// When it was sent, in milliseconds since the Unix epoch.
    pub(super) since: u64,
}

/// How this device's announcements in one wire form stand.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub(super) bundle: Fetch,
    pub(super) list: Fetch,
    /// The server holds no bundle of this device, or an old one.
    pub(super) bundle_missing: bool,
    pub(super) bundle_publishing: bool,
    /// What was published last.
    pub(super) published: Option<Element>,
    /// The published list lacks this device.
    pub(super) missing: bool,
    pub(super) list_publishing: bool,
    /// When the list was published lately.
    pub(super) list_times: Vec<u64>,
}

/// As at the beginning of a stream.
static NOTHING: Own = Own {
    bundle: Fetch::Wanted,
    list: Fetch::Wanted,
    bundle_missing: false,
    bundle_publishing: false,
    published: None,
    missing: false,
    list_publishing: false,
    list_times: Vec::new(),
};

/// One stream.
#[derive(Default)]
pub(super) struct Link {
    pub(super) up: bool,
    pub(super) bound: Option<FullJid>,
    pub(super) limits: Limits,
    prefix: String,
    counter: u64,
    waiting: BTreeMap<String, Waiting>,
    timers: BTreeMap<Timer, u64>,
    /// Timers that have come.
    due: BTreeSet<Timer>,
    pub(super) max_items: Option<MaxItems>,
    /// While this device leaves its account, it does nothing else.
    pub(super) leaving: Option<Leaving>,

    /// Whether this state was found to be the newest with its keys.
    pub(super) generation: Fetch,
    /// How this device's own announcements stand, in each wire form.
    pub(super) own: BTreeMap<Namespace, Own>,
    /// The account's device list was seen with this device in it.
    pub(super) announced: bool,
    /// Others' device lists, and when they were asked for.
    pub(super) lists: BTreeMap<(BareJid, Namespace), (Fetch, u64)>,
    pub(super) bundles: BTreeSet<(String, DeviceId)>,

    /// The server has told its time, or does not.
    pub(super) clock_told: bool,
    /// Own devices that encrypt for others and not for this one.
    pub(super) left_out_by: BTreeSet<DeviceId>,
    /// Own devices of which something new was read on this stream.
    pub(super) heard: BTreeSet<DeviceId>,
    /// Own devices of which nothing was heard for long.
    pub(super) stale: BTreeSet<DeviceId>,
    /// Devices that are to hear of a new session by an empty message.
    pub(super) greet: BTreeSet<(String, DeviceId)>,
    /// The node of tabs.
    pub(super) tabs: Fetch,
    /// When the own tabs were sent that the server has not confirmed, in milliseconds since the Unix epoch.
    pub(super) tabs_sent_at: Option<u64>,
    /// The node of sent tabs, and the items that are known to be in it.
    pub(super) parcels: Fetch,
    pub(super) parcel_items: BTreeSet<String>,
    /// The node was read on this stream.
    pub(super) parcels_read: bool,
    /// Some of its items were passed over before the account's devices were known.
    pub(super) parcels_skipped: bool,
    /// Devices that were not in the account's list when some of its items were passed over for that.
    pub(super) parcels_unlisted: BTreeSet<DeviceId>,
    /// Devices of which some were left there, for too many are kept here.
    pub(super) parcels_left: BTreeSet<DeviceId>,
    /// The server has not confirmed that this device takes tabs, or does not.
    pub(super) saying_if_taking: bool,
    /// When that was said last, and that it was deleted since.
    pub(super) takes_said: Option<Saying>,
    pub(super) takes_lost: bool,
    /// A parcel was sent that the server has not confirmed.
    pub(super) parcel_sending: bool,
    /// How often the server has refused which.
    pub(super) parcels_refused: BTreeMap<String, u32>,
    /// Parcels of this device that the server has no more, until it is known what has become of them.
    pub(super) parcels_gone: BTreeSet<String>,
    /// Parcels that the server was asked for on this stream, and those that it is to take back.
    pub(super) claiming: BTreeSet<String>,
    pub(super) expiring: BTreeSet<String>,
    /// The node of the history.
    pub(super) visits: Fetch,
    /// When something of the own history was sent that the server has not confirmed, in milliseconds since the Unix epoch.
    pub(super) visits_sent_at: Option<u64>,
    /// When the last recent items of it were sent.
    pub(super) visits_times: VecDeque<u64>,
    /// A segment of another device's history was asked for; those that could not be read.
    pub(super) fetching_segment: bool,
    pub(super) failed_segments: BTreeSet<(DeviceId, u32)>,
    /// Whether this device has begun to wait for what is told there.
    pub(super) visits_awaited: bool,
    /// Devices whose recent item could not be read, and those that are in no list.
    pub(super) visits_unread: BTreeSet<DeviceId>,
    pub(super) visits_unlisted: BTreeSet<DeviceId>,
    /// Items of the history that the server was asked to delete on this stream.
    pub(super) visits_deleting: BTreeSet<String>,
    /// Whether it was asked for a segment of this device, and for which one last.
    pub(super) checking_segment: bool,
    pub(super) checked_segment: Option<u32>,
    /// The node of trust.
    pub(super) trust: Fetch,
    /// This device's decisions are in it.
    pub(super) decisions_there: bool,
    pub(super) decisions_publishing: bool,
    /// To whom something of a comparison is being published, or failed to be lately.
    pub(super) verifying: BTreeSet<DeviceId>,

    pub(super) node: Fetch,
    /// The bookmarks node was read at least once.
    pub(super) node_read: bool,
    pub(super) node_asked_at: u64,
    /// Items that are known to be there, and who encrypted them.
    pub(super) items: BTreeMap<String, DeviceId>,
    /// Hashes of items that were dropped, so that each is told once.
    pub(super) told_dropped: BTreeSet<[u8; 8]>,
    /// An item of the bookmarks node is being published.
    pub(super) publishing: bool,
    /// Devices that the head was published for while this replica waits to join.
    pub(super) met: BTreeSet<DeviceId>,
    pub(super) head_due: bool,
    /// Whose entries of the version vector the last head told.
    pub(super) told: BTreeSet<ReplicaId>,
    pub(super) snapshot_due: bool,
    pub(super) chunk: Option<ChunkUnderWay>,
    /// When others were last told how far the snapshot is.
    pub(super) told_progress: u64,
    /// How far others' snapshots are, as they said, and when.
    pub(super) sendings: BTreeMap<ReplicaId, (Sending, u64)>,
    pub(super) pace: Pace,
    /// A chunk of somebody's snapshot was asked for.
    pub(super) fetching: bool,
    /// Ids of snapshots that could not be fetched in chunks, and addresses of those that could not be as files.
    pub(super) failed_snapshots: BTreeSet<String>,
    pub(super) uploads: Uploads,
    pub(super) gap_since: Option<u64>,
    pub(super) request: Option<Missing>,
    pub(super) requests: u32,
    pub(super) answers: BTreeMap<DeviceId, Gaps>,
    pub(super) allowance: Allowance,

    /// Chat messages that were sent on this stream.
    pub(super) sent: BTreeSet<u64>,
    /// Since when this stream has tried to send a chat message.
    pub(super) tried: BTreeMap<u64, u64>,
    pub(super) barrier: bool,
    pub(super) archive: Archive,
    /// All that was stored while this device was away has been read.
    pub(super) caught_up: bool,
    /// The last stanzas that the server took, and the commands that they were sent for.
    pub(super) delivered: Vec<(String, String)>,
}

impl Link {
    pub(super) fn new(bound: FullJid, limits: Limits, prefix: String) -> Link {
        Link {
            up: true,
            bound: Some(bound),
            limits,
            prefix,
            ..Link::default()
        }
    }

    /// The same stream is up again: answers have their full time once more.
    pub(super) fn resume(&mut self, now: u64) {
        self.up = true;
        for waiting in self.waiting.values_mut() {
            waiting.deadline = now.saturating_add(ANSWER_MS);
        }
    }

    /// Notes a request; gives its id.
    pub(super) fn expect(&mut self, to: Option<String>, pending: Pending, now: u64) -> String {
        let id = self.fresh();
        let deadline = now.saturating_add(ANSWER_MS);
        self.waiting.insert(
            id.clone(),
            Waiting {
                to,
                pending,
                deadline,
            },
        );
        id
    }

    /// Whether a request is not answered yet.
    pub(super) fn awaits_answers(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// A name that this stream has not used yet.
    pub(super) fn fresh(&mut self) -> String {
        self.counter = self.counter.saturating_add(1);
        format!("{}-{}", self.prefix, self.counter)
    }

    /// What an answer belongs to. One from somebody else than was asked belongs to nothing (RFC 6120 §8.1.2.1).
    pub(super) fn answered(&mut self, id: &str, from: Option<&str>, account: &BareJid) -> Option<Pending> {
        let fits = match self.waiting.get(id)?.to.as_deref() {
            Some(to) => from == Some(to) || (from.is_none() && to == account.as_str()),
            None => match from {
                None => true,
                Some(from) => {
                    from == account.as_str()
                        || from == account.domain().as_str()
                        || self.bound.as_ref().is_some_and(|bound| bound.as_str() == from)
                }
            },
        };
        if fits {
            self.waiting.remove(id).map(|waiting| waiting.pending)
        } else {
            None
        }
    }

    /// Requests whose answers are overdue.
    pub(super) fn overdue(&mut self, now: u64) -> Vec<Pending> {
        let ids: Vec<String> = self
            .waiting
            .iter()
            .filter(|(_, waiting)| waiting.deadline <= now)
            .map(|(id, _)| id.clone())
            .collect();
        ids.iter()
            .filter_map(|id| self.waiting.remove(id))
            .map(|waiting| waiting.pending)
            .collect()
    }

    /// Sets a timer, in place of what it was set to.
    pub(super) fn set(&mut self, timer: Timer, at: u64) {
        self.due.remove(&timer);
        self.timers.insert(timer, at);
    }

    pub(super) fn clear(&mut self, timer: &Timer) {
        self.timers.remove(timer);
        self.due.remove(timer);
    }

    /// Notes which timers have come. They wake nobody again, whether or not somebody looks at them.
    pub(super) fn expire(&mut self, now: u64) {
        let due = &mut self.due;
        self.timers.retain(|timer, at| {
            let waits = *at > now;
            if !waits {
                due.insert(timer.clone());
            }
            waits
        });
    }

    /// Whether the timer was set, come or not, and nobody has taken it.
    pub(super) fn is_set(&self, timer: &Timer) -> bool {
        self.waits(timer) || self.due.contains(timer)
    }

    /// Whether the timer is set and has not come.
    pub(super) fn waits(&self, timer: &Timer) -> bool {
        self.timers.contains_key(timer)
    }

    /// Whether the timer has come; it is taken with that.
    pub(super) fn is_due(&mut self, timer: &Timer) -> bool {
        self.due.remove(timer)
    }

    /// The head is published as soon as possible.
    pub(super) fn head_now(&mut self) {
        self.head_due = true;
        self.clear(&Timer::Head);
    }

    /// The next time at which something is due.
    pub(super) fn next(&self) -> Option<u64> {
        if !self.up {
            return None;
        }
        let deadlines = self.waiting.values().map(|waiting| waiting.deadline);
        self.timers.values().copied().chain(deadlines).min()
    }

    /// How the own announcements of a wire form stand.
    pub(super) fn own(&self, namespace: Namespace) -> &Own {
        self.own.get(&namespace).unwrap_or(&NOTHING)
    }

    pub(super) fn own_mut(&mut self, namespace: Namespace) -> &mut Own {
        self.own.entry(namespace).or_default()
    }

    /// Whether the account's devices are known: the newest wire form's list is there, and no other is on its way.
    pub(super) fn own_lists_came(&self) -> bool {
        self.own(Namespace::Omemo2).list == Fetch::Done
            && self.own.values().all(|own| own.list != Fetch::Asked)
    }

    /// Whether any device list of that owner is being fetched.
    pub(super) fn fetches_list_of(&self, jid: &str) -> bool {
        let asked = |((owner, _), (fetch, _)): (&(BareJid, _), &(Fetch, _))| {
            owner.as_str() == jid && *fetch == Fetch::Asked
        };
        self.lists.iter().any(asked)
    }

    /// Whether any bundle of that owner is being fetched.
    pub(super) fn fetches_bundles_of(&self, jid: &str) -> bool {
        self.bundles.iter().any(|(owner, _)| owner == jid)
    }

    pub(super) fn max_items(&self) -> MaxItems {
        self.max_items.unwrap_or(MaxItems::Max)
    }
}
