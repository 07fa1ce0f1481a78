// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Several clients joined in memory by one server: everything that happens follows from a seed.

use std::collections::{BTreeMap, VecDeque};

use client::{
    Action, Client, Command, Config, Event, HostInput, Kind, Limits, PlainTree, Root, Transfer, TrustLevel,
};
use jid::{BareJid, FullJid};
use minidom::Element;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

mod history;
mod host;
pub mod older;
mod server;
pub mod sharing;

pub use history::History;
pub use host::{Host, RandomEdit};
#[allow(unused_imports)] // not every test uses files
pub use server::Files;
pub use server::Server;

/// When every run starts: a day in 2026, in milliseconds since the Unix epoch.
const START: u64 = 1_790_000_000_000;
/// Steps after which a run that does not come to rest is a failure.
const MAX_STEPS: usize = 400_000;

/// What may go wrong on the way, each as the chance in a thousand.
#[derive(Clone, Copy, Default)]
pub struct Faults {
    /// A stream breaks, and what is in flight both ways is lost.
    pub drop_stream: u32,
    /// A notification comes twice.
    pub double: u32,
    /// Two notifications that lie next to each other change places.
    pub reorder: u32,
    /// A process dies right after something was stored, before it is sent or shown.
    pub crash: u32,
}

/// One device: a client, its disk, and a host where it has one.
pub struct Device {
    pub full: FullJid,
    pub config: Config,
    client: Option<Client>,
    /// What the database holds: what survives a crash.
    pub disk: BTreeMap<(String, String), Vec<u8>>,
    pub host: Option<Host>,
    pub events: Vec<Event>,
    online: bool,
    /// Bytes a second that the server takes of this device; all at once for `None`.
    pub uplink: Option<u64>,
    /// What is on its way to the server, and when it is there.
    sending: VecDeque<(u64, Element)>,
    /// The most bytes that were on their way at once, and all that were sent.
    pub most_unsent: usize,
    pub sent_bytes: usize,
    /// The user keeps this device off.
    pub switched_off: bool,
    reconnect_at: u64,
    /// How often the device stored something.
    pub persists: usize,
    /// Dies at this store.
    pub crash_at: Option<usize>,
    pub crashes: usize,
    from_host: VecDeque<HostInput>,
    /// Files that are being moved, and when they are there.
    moving: Vec<(u64, Transfer)>,
    /// Addresses of pages that others sent and that the browser has opened, and those of parcels that it is about to open.
    pub opened: Vec<String>,
    opening: VecDeque<(String, Vec<String>)>,
    /// The browser's history.
    pub history: History,
    /// What it tells of it.
    from_history: VecDeque<Command>,
    /// How far its clock is off, in milliseconds.
    pub skew: i64,
}

fn skewed(now: u64, skew: i64) -> u64 {
    now.saturating_add_signed(skew)
}

pub struct World {
    pub server: Server,
    pub devices: Vec<Device>,
    pub now: u64,
    pub rng: StdRng,
    pub faults: Faults,
    pub max_stanza: usize,
}

#[allow(clippy::disallowed_methods)] // the environment, which a test may read
fn seeds(usual: u64) -> Vec<u64> {
    let number = |name| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse().expect("a number"))
    };
    match number("XMPPSYNC_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("XMPPSYNC_SEEDS").unwrap_or(usual)).collect(),
    }
}

/// Runs `body` for as many seeds as usual, or as `XMPPSYNC_SEEDS` says, or for that of `XMPPSYNC_SEED` alone; a failure names
/// the seed to run it again with.
pub fn for_each_seed(usual: u64, body: impl Fn(u64) + std::panic::RefUnwindSafe) {
    for seed in seeds(usual) {
        if let Err(panic) = std::panic::catch_unwind(|| body(seed)) {
            eprintln!("failed with seed {seed}: run it alone with XMPPSYNC_SEED={seed}");
            std::panic::resume_unwind(panic);
        }
    }
}

impl World {
    pub fn new(seed: u64) -> World {
        World {
            server: Server::default(),
            devices: Vec::new(),
            now: START,
            rng: StdRng::seed_from_u64(seed),
            faults: Faults::default(),
            max_stanza: client::SAFE_STANZA_BYTES,
        }
    }

    /// A new browser of `account`.
    pub fn browser(&mut self, account: &str) -> usize {
        self.add(account, Kind::Desktop, Some(Host::new()), &[])
    }

    /// A new browser that has bookmarks already.
    pub fn browser_with(&mut self, account: &str, host: Host) -> usize {
        self.add(account, Kind::Desktop, Some(host), &[])
    }

    /// A new bot of `account`, which has no host, and takes chat messages.
    pub fn bot(&mut self, account: &str, partners: &[&str]) -> usize {
        self.add(account, Kind::Bot, None, partners)
    }

    fn add(&mut self, account: &str, kind: Kind, host: Option<Host>, partners: &[&str]) -> usize {
        let number = self.devices.len();
        let config = Config {
            account: BareJid::new(account).unwrap(),
            label: format!("Device {number}"),
            kind,
            partners: partners.iter().map(|jid| BareJid::new(jid).unwrap()).collect(),
            sync_bookmarks: true,
            join: client::JoinPolicy::default(),
            ask_about_doubles: kind == Kind::Desktop,
            share_tabs: kind == Kind::Desktop,
            take_tabs: kind == Kind::Desktop,
            share_visits: None,
            trust_policy: None,
            chat: kind == Kind::Bot,
            file_links: kind == Kind::Bot,
            stale_after_days: client::STALE_AFTER_DAYS,
        };
        self.devices.push(Device {
            full: FullJid::new(&format!("{account}/device{number}")).unwrap(),
            client: None,
            config,
            disk: BTreeMap::new(),
            host,
            events: Vec::new(),
            online: false,
            uplink: None,
            sending: VecDeque::new(),
            most_unsent: 0,
            sent_bytes: 0,
            switched_off: false,
            reconnect_at: 0,
            persists: 0,
            crash_at: None,
            crashes: 0,
            from_host: VecDeque::new(),
            moving: Vec::new(),
            opened: Vec::new(),
            opening: VecDeque::new(),
            history: History::default(),
            from_history: VecDeque::new(),
            skew: 0,
        });
        self.start(number);
        number
    }

    pub fn client(&self, device: usize) -> &Client {
        self.devices[device].client.as_ref().unwrap()
    }

    pub fn host(&mut self, device: usize) -> &mut Host {
        self.devices[device].host.as_mut().unwrap()
    }

    /// The user's edits are noticed: what Falkon's signals and the collector's quiet time do.
    pub fn collect(&mut self, device: usize) {
        let device = &mut self.devices[device];
        if device.client.is_some() {
            let input = device.host.as_mut().unwrap().collect();
            device.from_host.push_back(input);
        }
    }

    /// The user of a browser adds a bookmark to the menu, which is noticed.
    pub fn add_link(&mut self, device: usize, name: &str) {
        let url = format!("https://{name}.example/");
        self.host(device).add(Root::Menu.token(), name, &url);
        self.collect(device);
    }

    /// The same, and time for it to reach those who are on.
    pub fn add_link_and_run(&mut self, device: usize, name: &str) {
        self.add_link(device, name);
        self.run(3_000);
    }

    pub fn save(&mut self, device: usize) {
        let device = &mut self.devices[device];
        if device.client.is_some() {
            device.from_host.extend(device.host.as_mut().unwrap().save());
        }
    }

    /// The user of a browser does something to something there.
    pub fn edit_at_random(&mut self, device: usize, name: &str) -> RandomEdit {
        self.devices[device]
            .host
            .as_mut()
            .unwrap()
            .edit_at_random(name, &mut self.rng)
    }

    /// One device decides on the key of another one of its account.
    pub fn set_trust(&mut self, by: usize, of: usize, trust: TrustLevel) {
        let jid = self.devices[by].config.account.clone();
        let fingerprint = self.client(of).fingerprint();
        self.command(
            by,
            Command::SetTrust {
                jid,
                fingerprint,
                trust,
            },
        );
    }

    pub fn command(&mut self, device: usize, command: Command) {
        let now = skewed(self.now, self.devices[device].skew);
        self.devices[device]
            .client
            .as_mut()
            .unwrap()
            .handle_command(command, now, &mut self.rng);
        self.drain(device);
    }

    /// The process starts: from its disk where there is anything.
    pub fn start(&mut self, number: usize) {
        let (now, device) = (
            skewed(self.now, self.devices[number].skew),
            &mut self.devices[number],
        );
        let records = device
            .disk
            .iter()
            .map(|((table, key), value)| (table.clone(), key.clone(), value.clone()));
        let loaded = Client::load(device.config.clone(), records).expect("what was stored can be loaded");
        device.client =
            Some(loaded.unwrap_or_else(|| Client::create(device.config.clone(), now, &mut self.rng)));
        device.from_host.clear();
        if let Some(host) = &mut device.host {
            device.from_host.push_back(HostInput::Started);
            device.from_host.push_back(host.collect());
        }
        self.drain(number);
    }

    /// The process ends without a word, and its host with it, which goes back to its file.
    pub fn kill(&mut self, number: usize) {
        self.break_stream(number);
        let device = &mut self.devices[number];
        device.client = None;
        device.moving.clear();
        device.opening.clear();
        device.history.crash();
        device.from_history.clear();
        if let Some(host) = &mut device.host {
            host.crash();
        }
    }

    pub fn restart(&mut self, number: usize) {
        self.kill(number);
        self.start(number);
    }

    pub fn break_stream(&mut self, number: usize) {
        let device = &mut self.devices[number];
        if device.online {
            device.online = false;
            device.sending.clear();
            device.reconnect_at = self.now + 500;
            self.server.disconnect(device.full.as_str());
            if let Some(client) = &mut device.client {
                client.handle_offline(skewed(self.now, device.skew));
            }
            self.drain(number);
        }
    }

    /// The user takes the device off the network, or back on.
    pub fn switch(&mut self, number: usize, on: bool) {
        self.devices[number].switched_off = !on;
        if !on {
            self.break_stream(number);
        }
    }

    /// Lets `ms` milliseconds pass.
    pub fn run(&mut self, ms: u64) {
        let end = self.now + ms;
        for _ in 0..MAX_STEPS {
            if self.step() {
                continue;
            }
            let Some(next) = self.next_time().filter(|next| *next <= end) else {
                self.now = end;
                return;
            };
            assert!(next <= end);
            self.now = self.now.max(next);
            self.time_passes();
        }
        panic!("after {MAX_STEPS} steps there is still something to do");
    }

    /// Faults end, every device is on, everything is collected and saved, and half an hour goes by.
    pub fn heal(&mut self) {
        self.faults = Faults::default();
        for number in 0..self.devices.len() {
            self.devices[number].crash_at = None;
            self.switch(number, true);
            if self.devices[number].client.is_none() {
                self.start(number);
            }
        }
        for _ in 0..3 {
            self.run(600_000);
            for number in 0..self.devices.len() {
                if self.devices[number].host.is_some() {
                    self.collect(number);
                    self.save(number);
                }
            }
        }
        self.run(10_000);
    }

    pub fn plain(&self, device: usize) -> PlainTree {
        PlainTree::from(&self.client(device).bookmarks())
    }

    /// All devices of an account hold the same tree, ids and order among it, and so do their hosts.
    pub fn assert_equal(&self, note: &str) {
        let first = self.plain(0);
        let lines = self
            .devices
            .iter()
            .find_map(|device| device.host.as_ref())
            .map(Host::lines);
        for (number, device) in self.devices.iter().enumerate() {
            assert_eq!(
                serde_json::to_string_pretty(&self.plain(number)).unwrap(),
                serde_json::to_string_pretty(&first).unwrap(),
                "{note}: device {number} has another tree than device 0; {:?}",
                self.client(number).status()
            );
            if let (Some(host), Some(lines)) = (&device.host, &lines) {
                assert_eq!(host.lines(), *lines, "{note}: host {number} differs");
            }
        }
    }

    fn next_time(&self) -> Option<u64> {
        let of = |device: &Device| {
            let timer = device.client.as_ref().and_then(Client::poll_timeout);
            let timer = timer.map(|at| at.saturating_add_signed(-device.skew));
            let reconnect = (!device.online && !device.switched_off && device.client.is_some())
                .then_some(device.reconnect_at);
            let arrival = device.sending.front().map(|(at, _)| *at);
            let file = device.moving.iter().map(|(at, _)| *at).min();
            let of_client = timer.into_iter().chain(reconnect);
            of_client.chain(arrival).chain(file).min()
        };
        self.devices.iter().filter_map(of).min()
    }

    fn time_passes(&mut self) {
        let now = self.now;
        for number in 0..self.devices.len() {
            let device = &mut self.devices[number];
            while device.sending.front().is_some_and(|(at, _)| *at <= now) {
                let (_, stanza) = device.sending.pop_front().unwrap();
                self.server.receive(device.full.as_str(), stanza);
            }
            self.move_files(number);
            let device = &mut self.devices[number];
            let Some(client) = &mut device.client else {
                continue;
            };
            let theirs = skewed(now, device.skew);
            if client.poll_timeout().is_some_and(|due| due <= theirs) {
                client.handle_timeout(theirs, &mut self.rng);
                self.drain(number);
            }
            let device = &mut self.devices[number];
            if let Some(client) = &mut device.client
                && !device.online
                && !device.switched_off
                && device.reconnect_at <= now
            {
                device.online = true;
                self.server.connect(device.full.as_str());
                let limits = Limits {
                    max_stanza: self.max_stanza,
                };
                client.handle_online(
                    device.full.clone(),
                    false,
                    limits,
                    skewed(now, device.skew),
                    &mut self.rng,
                );
                self.drain(number);
            }
        }
    }

    /// Carries out what has come to its end of one device's transfers.
    fn move_files(&mut self, number: usize) {
        let now = self.now;
        let moving = &mut self.devices[number].moving;
        if let Some(index) = moving.iter().position(|(at, _)| *at <= now) {
            let (_, transfer) = moving.remove(index);
            let of = transfer.number;
            let outcome = self.server.files.as_mut().unwrap().carry_out(transfer);
            let client = self.devices[number].client.as_mut().unwrap();
            client.handle_transferred(of, outcome, now, &mut self.rng);
            self.drain(number);
            self.move_files(number);
        }
    }

    /// Delivers one thing to one device; false when nothing lies anywhere.
    fn step(&mut self) -> bool {
        let busy: Vec<usize> = (0..self.devices.len())
            .filter(|number| self.has_input(*number))
            .collect();
        if busy.is_empty() {
            return false;
        }
        let number = busy[self.rng.random_range(0..busy.len())];
        if self.chance(self.faults.drop_stream) {
            self.break_stream(number);
            return true;
        }
        let now = skewed(self.now, self.devices[number].skew);
        let device = &mut self.devices[number];
        if let Some((name, urls)) = device.opening.pop_front() {
            device.opened.extend(urls);
            let command = Command::TabsOpened { name };
            let client = device.client.as_mut().unwrap();
            client.handle_command(command, now, &mut self.rng);
        } else if let Some(command) = device.from_history.pop_front() {
            let client = device.client.as_mut().unwrap();
            client.handle_command(command, now, &mut self.rng);
        } else if device.history.is_busy() {
            let told = device.history.work();
            device.from_history.extend(told);
        } else if let Some(input) = device.from_host.pop_front() {
            device
                .client
                .as_mut()
                .unwrap()
                .handle_host(input, now, &mut self.rng);
        } else {
            self.disturb(number);
            let device = &mut self.devices[number];
            if let Some(stanza) = self.server.deliver(device.full.as_str()) {
                device
                    .client
                    .as_mut()
                    .unwrap()
                    .handle_stanza(stanza, now, &mut self.rng);
            }
        }
        self.drain(number);
        true
    }

    fn has_input(&mut self, number: usize) -> bool {
        let device = &self.devices[number];
        if device.client.is_none() {
            return false;
        }
        !device.from_host.is_empty()
            || !device.opening.is_empty()
            || !device.from_history.is_empty()
            || device.history.is_busy()
            || self
                .server
                .inbox(device.full.as_str())
                .is_some_and(|inbox| !inbox.is_empty())
    }

    fn disturb(&mut self, number: usize) {
        let (double, reorder) = (self.chance(self.faults.double), self.chance(self.faults.reorder));
        let Some(inbox) = self.server.inbox(self.devices[number].full.as_str()) else {
            return;
        };
        let is_event = |index: usize| {
            inbox
                .get(index)
                .is_some_and(|stanza| stanza.attr("type") == Some("headline"))
        };
        let (first, second) = (is_event(0), is_event(1));
        if double && first {
            inbox.push_back(inbox[0].clone());
        }
        if reorder && first && second {
            inbox.swap(0, 1);
        }
    }

    fn chance(&mut self, per_mille: u32) -> bool {
        per_mille > 0 && self.rng.random_range(0..1000) < per_mille
    }

    fn send(&mut self, number: usize, stanza: Element) {
        let device = &mut self.devices[number];
        if !device.online {
            return;
        }
        let bytes = String::from(&stanza).len();
        device.sent_bytes += bytes;
        let Some(uplink) = device.uplink else {
            self.server.receive(device.full.as_str(), stanza);
            return;
        };
        let free = device.sending.back().map_or(self.now, |(at, _)| *at);
        let at = free + bytes as u64 * 1_000 / uplink;
        device.sending.push_back((at, stanza));
        let unsent = device
            .sending
            .iter()
            .map(|(_, stanza)| String::from(stanza).len());
        device.most_unsent = device.most_unsent.max(unsent.sum());
    }

    /// Does what the client wants done; a crash leaves the rest undone.
    fn drain(&mut self, number: usize) {
        loop {
            let device = &mut self.devices[number];
            let Some(action) = device.client.as_mut().and_then(Client::poll_action) else {
                return;
            };
            match action {
                Action::Persist(changes) => {
                    for change in changes {
                        let key = (change.table.to_owned(), change.key);
                        match change.value {
                            Some(value) => device.disk.insert(key, value),
                            None => device.disk.remove(&key),
                        };
                    }
                    device.persists += 1;
                    let due = device.crash_at == Some(device.persists);
                    if due || self.chance(self.faults.crash) {
                        self.devices[number].crashes += 1;
                        self.restart(number);
                        return;
                    }
                }
                Action::Send(stanza) => self.send(number, stanza),
                Action::Transfer(transfer) => {
                    let ms = self.server.files.as_ref().unwrap().transfer_ms;
                    device.moving.push((self.now + ms, transfer));
                }
                Action::Notify(Event::HostEdits(batch)) => {
                    let answer = device.host.as_mut().expect("edits go to a host").apply(&batch);
                    device.from_host.push_back(answer);
                }
                Action::Notify(event) => {
                    match &event {
                        Event::TabsCame { name, tabs, .. } => {
                            let urls = tabs.iter().map(|tab| tab.url.clone()).collect();
                            device.opening.push_back((name.clone(), urls));
                        }
                        Event::VisitsWanted { since } => device.history.list(*since),
                        Event::VisitEdits { number, edits } => {
                            device.history.edit(*number, edits.clone());
                        }
                        _ => {}
                    }
                    device.events.push(event);
                }
            }
        }
    }
}
