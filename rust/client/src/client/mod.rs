// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The client's face: input in, actions out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jid::FullJid;
use minidom::Element;
use rand_core::CryptoRng;
use replica::visits::{HostPage, Visits};
use replica::{JoinPreview, Replica, ReplicaId, Tree};

use crate::refusal::{Refusal, RefusalKind};
use crate::stanza::{self, Request, StanzaError};
use crate::verify::{Said, Verification};
use crate::{
    Action, Change, Command, Config, Device, DropReason, Event, HostInput, Limits, Problem, Status, disco, ns,
};

mod absence;
mod allowance;
mod announce;
mod archive;
mod catch_up;
mod chat;
mod clock;
mod command;
mod generation;
mod history;
mod hold;
#[cfg(test)]
mod hostile_tests;
mod import;
mod inbound;
mod incoming;
mod items;
mod join;
mod keys;
mod leave;
mod link;
mod links;
mod load;
mod outbound;
mod outgoing;
mod pace;
mod parcels;
mod progress;
#[cfg(test)]
mod protocol_tests;
mod publish;
mod removed;
mod requests;
mod state;
mod status;
#[cfg(test)]
mod stream_tests;
mod tabs;
mod told;
mod trust;
mod upload;
mod verify;
mod visits;

pub use import::ImportError;
use link::{Link, Pending, Timer};
pub use load::Loader;
use progress::Gauge;
use state::State;
use upload::Transfers;

/// Why stored records make no client.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The OMEMO device's records.
    #[error(transparent)]
    Omemo(#[from] omemo::LoadError),
    /// The replica's records.
    #[error(transparent)]
    Replica(#[from] replica::LoadError),
    /// The history's records.
    #[error(transparent)]
    Visits(#[from] replica::visits::LoadError),
    /// The client's own records.
    #[error("{table} record {key:?} is damaged: {reason}")]
    Malformed {
        /// The table.
        table: String,
        /// The record's key.
        key: String,
        /// What is wrong, without any content.
        reason: String,
    },
    /// A part of the records is missing altogether.
    #[error("the state is incomplete, it has no {part}: restore it whole, or start with an empty one")]
    Incomplete {
        /// What is missing.
        part: &'static str,
    },
    /// Written by a newer release.
    #[error(
        "the state was written by a newer release (version {found}, this one knows {known}): update XmppSync"
    )]
    NewerVersion {
        /// The version found.
        found: u32,
        /// The newest version that this release reads.
        known: u32,
    },
}

impl LoadError {
    /// Whether a newer release has written them, and they are sound as far as that can be seen.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        matches!(
            self,
            LoadError::NewerVersion { .. }
                | LoadError::Omemo(omemo::LoadError::NewerVersion { .. })
                | LoadError::Replica(replica::LoadError::Newer { .. })
                | LoadError::Visits(replica::visits::LoadError::Newer { .. })
        )
    }
}

/// One device of one account.
///
/// Feed it with `handle_*`; after each call drain [`Client::poll_action`] and do what it gives, in order: what is to be
/// persisted comes before what is sent or shown because of it. Then call [`Client::handle_timeout`] when
/// [`Client::poll_timeout`] is due. All times are milliseconds since the Unix epoch.
pub struct Client {
    config: Config,
    device: omemo::Device,
    replica: Replica,
    state: State,
    link: Link,
    transfers: Transfers,
    /// Sent and told at the end of the step, after what it changed was persisted.
    sends: Vec<Element>,
    events: Vec<Event>,
    actions: VecDeque<Action>,
    dropped: BTreeMap<DropReason, u64>,
    problems: BTreeMap<&'static str, Problem>,
    /// Something changed that the host may have to be told.
    host_due: bool,
    /// The question how to join, where it waits for the user.
    join_question: Option<JoinPreview>,
    /// When the next daily copy of the tree is due, in milliseconds since the Unix epoch.
    copy_due: u64,
    /// When it is looked next for what died long ago, in milliseconds since the Unix epoch.
    forget_due: u64,
    /// The comparison by emoji under way, and what is still to be said to whom.
    verification: Option<Verification>,
    unsaid: BTreeMap<omemo::DeviceId, Said>,
    gauge: Gauge,
    told_status: Option<Status>,
    told_devices: Option<Vec<Device>>,
    /// What the host has open, where that is shared.
    here: Option<tabs::Here>,
    /// What others have open may have changed, since it was told of so many devices.
    tabs_due: bool,
    fresh_tabs: usize,
    /// Parcels that came and that the host was not told of yet.
    untold: BTreeSet<String>,
    /// What has become of sent tabs has changed.
    sent_due: bool,
    visits: Visits,
    /// How the host's history stands with this run.
    listing: visits::Listing,
    /// What has come of it, while more is to come.
    listed: Vec<HostPage>,
    /// When it is looked next for visits that are too old to be kept, in milliseconds since the Unix epoch.
    visits_forget_due: u64,
    /// The time of the last step, in milliseconds since the Unix epoch; 0 before the first.
    last_step: u64,
}

impl Client {
    /// A new device and replica, with fresh keys. Store what [`Client::poll_action`] gives before anything else.
    #[must_use]
    pub fn create(config: Config, now: u64, rng: &mut impl CryptoRng) -> Client {
        let device = omemo::Device::create(config.account.as_str(), now, rng);
        let replica = Replica::create(ReplicaId::random(rng));
        let visits = Visits::new(device.id());
        let mut client = Client::assemble(config, device, replica, visits, State::new());
        client.finish();
        client
    }

    fn assemble(
        mut config: Config,
        mut device: omemo::Device,
        mut replica: Replica,
        visits: Visits,
        mut state: State,
    ) -> Client {
        match config.share_visits {
            None => config.share_visits = Some(state.core().share_visits),
            Some(share) if share != state.core().share_visits => state.core_mut().share_visits = share,
            Some(_) => {}
        }
        replica.ask_about_doubles(config.ask_about_doubles);
        device.set_stale_after(config.stale_after());
        let copy_due = history::next_copy(&state);
        let tabs_due = !state.tabs_of().is_empty();
        let sent_due = !state.sent().is_empty();
        let claimed = state.came().iter().filter(|(_, came)| came.claimed);
        let untold = claimed.map(|(name, _)| name.clone()).collect();
        // Part of the first step's changes.
        if let Some(policy) = config.trust_policy {
            device.set_trust_policy(policy);
        }
        Client {
            config,
            device,
            replica,
            state,
            link: Link::default(),
            transfers: Transfers::default(),
            sends: Vec::new(),
            events: Vec::new(),
            actions: VecDeque::new(),
            dropped: BTreeMap::new(),
            problems: BTreeMap::new(),
            host_due: false,
            join_question: None,
            copy_due,
            forget_due: 0,
            verification: None,
            unsaid: BTreeMap::new(),
            gauge: Gauge::default(),
            told_status: None,
            told_devices: None,
            here: None,
            tabs_due,
            fresh_tabs: 0,
            untold,
            sent_due,
            visits,
            listing: visits::Listing::default(),
            listed: Vec::new(),
            visits_forget_due: 0,
            last_step: 0,
        }
    }

    /// The stream is up: `resumed` with its earlier state (XEP-0198 §5), or new and bound to `bound`.
    pub fn handle_online(
        &mut self,
        bound: FullJid,
        resumed: bool,
        limits: Limits,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        self.begin_step(now);
        if resumed && self.link.bound.as_ref() == Some(&bound) {
            self.link.resume(now);
        } else {
            let mut prefix = [0; 6];
            rng.fill_bytes(&mut prefix);
            self.link = Link::new(bound, limits, hex::encode(prefix));
            self.problems.clear();
            if self.config.talks() {
                // Where the server knows no such thing, its messages go to the client with the highest priority.
                let enable = Element::bare("enable", ns::CARBONS);
                self.ask(Request::Set, None, enable, Pending::Forget, now);
            }
            self.sends.push(disco::presence(&self.config));
            self.note_edits(now);
        }
        self.end_step(now, rng);
    }

    /// The stream is gone. Nothing is sent until the next [`Client::handle_online`].
    pub fn handle_offline(&mut self, now: u64) {
        self.begin_step(now);
        self.link.up = false;
        let reason = "the connection was lost before the server had answered";
        self.stay(Refusal::new(RefusalKind::NotConnected, reason));
        self.finish();
    }

    /// A message, presence or iq came, in the order of the stream.
    pub fn handle_stanza(&mut self, stanza: Element, now: u64, rng: &mut impl CryptoRng) {
        self.begin_step(now);
        match (stanza.name(), stanza.attr("type")) {
            ("iq", Some("get" | "set")) => self.handle_iq_request(&stanza),
            ("iq", Some("result")) => {
                let payload = stanza.children().next().cloned();
                self.handle_iq_answer(&stanza, Ok(payload), now, rng);
            }
            ("iq", Some("error")) => {
                self.handle_iq_answer(&stanza, Err(StanzaError::of(&stanza)), now, rng);
            }
            ("message", _) => self.handle_message(&stanza, now, rng),
            _ => {}
        }
        self.end_step(now, rng);
    }

    /// So many bytes of a file have moved; more are to come.
    pub fn handle_transferring(&mut self, number: u64, bytes: u64, now: u64) {
        self.begin_step(now);
        self.file_moves(number, bytes);
        self.note_progress(now);
        self.finish();
    }

    /// A file was moved: the bytes of one that was fetched, nothing for one that was put; or why it was not, in words
    /// without its address. A `number` that is no longer known does no harm.
    pub fn handle_transferred(
        &mut self,
        number: u64,
        outcome: Result<Vec<u8>, String>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        self.begin_step(now);
        self.file_moved(number, outcome, now);
        self.end_step(now, rng);
    }

    /// The host's bookmarks did something.
    pub fn handle_host(&mut self, host: HostInput, now: u64, rng: &mut impl CryptoRng) {
        self.begin_step(now);
        if self.config.sync_bookmarks {
            self.take_host_input(host, now, rng);
        }
        self.end_step(now, rng);
    }

    /// The user wants something.
    pub fn handle_command(&mut self, command: Command, now: u64, rng: &mut impl CryptoRng) {
        self.begin_step(now);
        self.take_command(command, now, rng);
        self.end_step(now, rng);
    }

    /// Time has passed; call it when [`Client::poll_timeout`] is due. Calling it earlier does no harm.
    pub fn handle_timeout(&mut self, now: u64, rng: &mut impl CryptoRng) {
        self.begin_step(now);
        self.device.handle_timeout(now, rng);
        if self.link.up {
            for pending in self.link.overdue(now) {
                self.settle(pending, Err(StanzaError::timeout()), now, rng);
            }
        }
        self.end_step(now, rng);
    }

    /// The host is about to end: what waits for more to come is published now. See [`Client::edits_are_out`].
    pub fn handle_leaving(&mut self, now: u64, rng: &mut impl CryptoRng) {
        self.begin_step(now);
        self.link.clear(&Timer::Flush);
        self.link.clear(&Timer::Visits);
        self.end_step(now, rng);
    }

    /// When [`Client::handle_timeout`] is due next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u64> {
        self.link
            .next()
            .into_iter()
            .chain(self.device.poll_timeout())
            .chain(self.copy_due())
            .chain(self.verification.as_ref().map(|running| running.deadline))
            .min()
    }

    /// The next thing to do.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// All bookmarks as they are now.
    #[must_use]
    pub fn bookmarks(&self) -> Tree {
        self.replica.tree()
    }

    /// This device's fingerprint: eight groups of eight hex digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.device.fingerprint().to_string()
    }

    /// This device's number.
    #[must_use]
    pub fn device_id(&self) -> omemo::DeviceId {
        self.device.id()
    }

    /// What the step before told was heard, if everything it wanted was done.
    fn begin_step(&mut self, now: u64) {
        self.watch_clock(now);
        if self.actions.is_empty() {
            self.state.clear_inbox();
        }
    }

    /// Does what is due, then closes the step.
    fn end_step(&mut self, now: u64, rng: &mut impl CryptoRng) {
        self.expire_verification(now);
        if self.link.up {
            self.link.expire(now);
            self.device.handle_present(now);
            if !self.link.waits(&Timer::Present) {
                self.link
                    .set(Timer::Present, now.saturating_add(omemo::PRESENCE_STEP));
            }
            self.fetch_parcels(now);
            self.drive_generation(now, rng);
            self.announce(now, rng);
            if self.may_encrypt() {
                self.fetch_bundles(now);
                self.drive_trust(now, rng);
                self.retry_verification();
                self.drive_verification(now, rng);
                if self.config.sync_bookmarks {
                    self.drive_bookmarks(now, rng);
                }
                self.drive_tabs(now, rng);
                self.drive_parcels(now, rng);
                self.drive_visits(now, rng);
                self.drive_clock(now);
                self.drive_archive(now);
                self.drive_chat(now, rng);
            }
        }
        self.copy_daily(now);
        self.note_progress(now);
        self.tell_tabs(now);
        self.tell_parcels();
        self.tell_visits(now);
        self.finish();
    }

    /// Closes a step: first what is to be persisted, then what is sent, then what is told.
    fn finish(&mut self) {
        self.offer_host_edits();
        let mut changes: Vec<Change> = Vec::new();
        changes.extend(self.device.take_changes().into_iter().map(Change::from));
        changes.extend(self.replica.take_changes().into_iter().map(Change::from));
        changes.extend(self.visits.take_changes().into_iter().map(Change::from));
        changes.extend(self.state.take_changes());
        if !changes.is_empty() {
            self.actions.push_back(Action::Persist(changes));
        }
        self.actions.extend(self.sends.drain(..).map(Action::Send));
        let transfers = self.transfers.due.drain(..);
        self.actions.extend(transfers.map(Action::Transfer));
        self.actions.extend(self.events.drain(..).map(Action::Notify));
        self.tell_status();
    }

    /// Sends a request and notes what its answer will be for. `to` is an address, or the own account for `None`.
    fn ask(&mut self, request: Request, to: Option<&str>, payload: Element, pending: Pending, now: u64) {
        let id = self.link.expect(to.map(str::to_owned), pending, now);
        self.sends.push(stanza::iq(request, &id, to, payload));
    }

    fn handle_iq_request(&mut self, request: &Element) {
        let payload = request.children().next();
        let answer = match payload {
            Some(query) if query.is("query", ns::DISCO_INFO) && request.attr("type") == Some("get") => {
                match disco::answer(&self.config, query) {
                    Some(info) => stanza::iq_result(request, Some(info)),
                    None => stanza::iq_error(request, "cancel", "item-not-found"),
                }
            }
            Some(ping) if ping.is("ping", ns::PING) => stanza::iq_result(request, None),
            Some(_) => stanza::iq_error(request, "cancel", "service-unavailable"),
            None => stanza::iq_error(request, "modify", "bad-request"),
        };
        if self.link.up {
            self.sends.push(answer);
        }
    }

    fn handle_iq_answer(
        &mut self,
        stanza: &Element,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let Some(id) = stanza.attr("id") else { return };
        if let Some(pending) = self.link.answered(id, stanza.attr("from"), &self.config.account) {
            self.settle(pending, answer, now, rng);
        }
    }

    /// Takes the answer to a request, or the lack of one.
    fn settle(
        &mut self,
        pending: Pending,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        match pending {
            Pending::Generation => self.generation_came(answer, now, rng),
            Pending::OwnBundle(namespace) => self.own_bundle_came(namespace, answer, now),
            Pending::OwnList(namespace) => self.own_list_came(namespace, answer, now),
            Pending::List(jid, namespace) => self.list_came(jid, namespace, answer, now),
            Pending::Bundle(jid, id, namespace) => {
                self.bundle_came((&jid, id, namespace), answer, now, rng);
            }
            Pending::Items => self.items_came(answer, now, rng),
            Pending::Trust => self.trust_came(answer, now, rng),
            Pending::Tabs => self.tabs_came(answer, now, rng),
            Pending::Parcels => self.parcels_came(answer, now, rng),
            Pending::Visits => self.visits_came(answer, now, rng),
            Pending::VisitsSegment(device, segment) => self.segment_came(device, segment, answer, now),
            Pending::OwnSegment(segment, number) => self.own_segment_came(segment, number, answer, now),
            Pending::VisitsGone(item) => self.visits_item_is_gone(&item, answer),
            Pending::Claim(name, asked_before) => self.claim_answered(&name, asked_before, answer, now),
            Pending::Expire(name, asked_before) => self.expiry_answered(&name, asked_before, answer, now),
            Pending::Chunk => self.chunk_came(answer, now),
            Pending::Services => self.services_came(answer, now),
            Pending::Service(jid) => self.service_came(&jid, answer),
            Pending::Slot(snapshot) => self.slot_came(snapshot, answer),
            Pending::Publish(publish) => self.publish_answered(*publish, answer, now, rng),
            Pending::Configure(publish) => self.configure_answered(*publish, answer, now, rng),
            Pending::Barrier(orders) => self.barrier_came(&orders, answer, now),
            Pending::ArchiveInfo => self.archive_info_came(answer, now),
            Pending::Archive => self.archive_page_came(answer, now),
            Pending::Time => self.time_came(answer, now),
            Pending::Forget => {}
        }
    }

    /// The own account's bare address.
    fn account(&self) -> String {
        self.config.account.as_str().to_owned()
    }

    /// Counts and tells something that is not acted upon.
    fn drop_input(
        &mut self,
        reason: DropReason,
        from: &str,
        device: Option<omemo::DeviceId>,
        detail: String,
    ) {
        tracing::warn!(%reason, ?device, detail, "dropped");
        let count = self.dropped.entry(reason).or_default();
        *count = count.saturating_add(1);
        self.events.push(Event::Dropped {
            reason,
            from: from.to_owned(),
            device,
            detail,
        });
    }
}

/// A random time between two, in milliseconds, both included.
fn between(low: u64, high: u64, rng: &mut impl CryptoRng) -> u64 {
    let span = high.saturating_sub(low).saturating_add(1);
    low.saturating_add(rng.next_u64().checked_rem(span).unwrap_or(0))
}
