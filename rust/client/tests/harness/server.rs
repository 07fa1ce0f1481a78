// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What an XMPP server does with our stanzas: PEP (XEP-0163), presence with capabilities (XEP-0115) and the routing of
//! messages (RFC 6121 §8.5). Everything in memory, nothing by itself: what is to be delivered lies in each session's inbox.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use minidom::Element;

mod archive;
mod files;

use archive::Archive;
pub use files::Files;

const CLIENT: &str = "jabber:client";
const PUBSUB: &str = "http://jabber.org/protocol/pubsub";
const PUBSUB_OWNER: &str = "http://jabber.org/protocol/pubsub#owner";
const PUBSUB_EVENT: &str = "http://jabber.org/protocol/pubsub#event";
const PUBSUB_ERRORS: &str = "http://jabber.org/protocol/pubsub#errors";
const TIME: &str = "urn:xmpp:time";
const DISCO_INFO: &str = "http://jabber.org/protocol/disco#info";
const CAPS: &str = "http://jabber.org/protocol/caps";
const DATA: &str = "jabber:x:data";
const CARBONS: &str = "urn:xmpp:carbons:2";
const FORWARD: &str = "urn:xmpp:forward:0";
const STANZAS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";

/// Most items that a node keeps where it is configured as `max`: Prosody's default.
const MAX_ITEMS: usize = 256;
/// Largest stanza that is taken: ejabberd's and Prosody's default.
const MAX_STANZA: usize = 262_144;

#[derive(Default)]
struct Node {
    /// Form fields without their prefix `pubsub#`.
    config: BTreeMap<String, String>,
    items: Vec<(String, Element)>,
}

#[derive(Default)]
struct Session {
    priority: Option<i32>,
    interests: BTreeSet<String>,
    /// Wants copies of what other sessions get (XEP-0280).
    carbons: bool,
    inbox: VecDeque<Element>,
}

/// One server with any number of accounts, made as they are named.
#[derive(Default)]
pub struct Server {
    nodes: BTreeMap<(String, String), Node>,
    sessions: BTreeMap<String, Session>,
    /// Chat messages for accounts that have nobody to take them.
    offline: BTreeMap<String, Vec<Element>>,
    /// The message archives, where the server has any (XEP-0313).
    pub archive: Option<Archive>,
    /// The upload service, where the server has one (XEP-0363).
    pub files: Option<Files>,
    /// Its time (XEP-0202), if it tells it.
    pub utc: Option<String>,
    /// An older server, which does not know `max` as a number of items, and answers so.
    pub refuses_max: Option<&'static str>,
    /// Tells each publisher of this item at once that it was retracted.
    pub retracts: Option<String>,
    /// Largest stanza seen; those above the usual limit do not end the test where this is set.
    pub takes_large: bool,
    pub largest: usize,
    /// Every stanza that a client ever sent, as text.
    pub seen: Vec<String>,
    next_id: u64,
}

impl Server {
    pub fn connect(&mut self, full: &str) {
        self.sessions.insert(full.to_owned(), Session::default());
    }

    /// The stream breaks; what was not delivered is lost, chat messages go to the offline storage.
    pub fn disconnect(&mut self, full: &str) {
        let lost = self
            .sessions
            .remove(full)
            .map(|session| session.inbox)
            .unwrap_or_default();
        for stanza in lost {
            if stanza.name() == "message" && stanza.attr("type") == Some("chat") {
                self.offline
                    .entry(bare(full).to_owned())
                    .or_default()
                    .push(stanza);
            }
        }
    }

    pub fn deliver(&mut self, full: &str) -> Option<Element> {
        self.sessions.get_mut(full)?.inbox.pop_front()
    }

    pub fn inbox(&mut self, full: &str) -> Option<&mut VecDeque<Element>> {
        self.sessions.get_mut(full).map(|session| &mut session.inbox)
    }

    /// The payloads of a node's items, in the order of their publishing.
    pub fn items(&self, account: &str, node: &str) -> Vec<(String, Element)> {
        self.nodes
            .get(&(account.to_owned(), node.to_owned()))
            .map(|node| node.items.clone())
            .unwrap_or_default()
    }

    pub fn node_option(&self, account: &str, node: &str, option: &str) -> Option<String> {
        self.nodes
            .get(&(account.to_owned(), node.to_owned()))?
            .config
            .get(option)
            .cloned()
    }

    /// Another program of the user publishes or breaks something: no checks.
    pub fn put(&mut self, account: &str, node: &str, id: &str, payload: Element) {
        let entry = self
            .nodes
            .entry((account.to_owned(), node.to_owned()))
            .or_default();
        entry.items.retain(|(known, _)| known != id);
        entry.items.push((id.to_owned(), payload.clone()));
        self.notify(account, node, id, Some(payload));
    }

    /// The server loses an item, and says nothing.
    pub fn remove(&mut self, account: &str, node: &str, id: &str) {
        if let Some(node) = self.nodes.get_mut(&(account.to_owned(), node.to_owned())) {
            node.items.retain(|(known, _)| known != id);
        }
    }

    /// The server loses a node, and says nothing.
    pub fn forget(&mut self, account: &str, node: &str) {
        self.nodes.remove(&(account.to_owned(), node.to_owned()));
    }

    pub fn set_node_option(&mut self, account: &str, node: &str, option: &str, value: &str) {
        let entry = self
            .nodes
            .entry((account.to_owned(), node.to_owned()))
            .or_default();
        entry.config.insert(option.to_owned(), value.to_owned());
    }

    /// A client's stanza reaches the server.
    pub fn receive(&mut self, full: &str, stanza: Element) {
        let text = String::from(&stanza);
        self.largest = self.largest.max(text.len());
        assert!(
            self.takes_large || text.len() <= MAX_STANZA,
            "a stanza of {} bytes would end the stream",
            text.len()
        );
        self.seen.push(text);
        match stanza.name() {
            "presence" => self.presence(full, &stanza),
            "message" => self.message(full, stanza),
            "iq" => self.iq(full, &stanza),
            other => panic!("the client sent a <{other}/>"),
        }
    }

    fn presence(&mut self, full: &str, presence: &Element) {
        if presence.attr("type").is_some() {
            return;
        }
        let priority = presence
            .get_child("priority", CLIENT)
            .map_or(0, |p| p.text().parse().unwrap());
        self.session(full).priority = Some(priority);
        if let Some(caps) = presence.get_child("c", CAPS) {
            let node = format!("{}#{}", caps.attr("node").unwrap(), caps.attr("ver").unwrap());
            let query = Element::builder("query", DISCO_INFO)
                .attr(n("node"), node)
                .build();
            let id = self.fresh_id("disco");
            let iq = Element::builder("iq", CLIENT)
                .attr(n("type"), "get")
                .attr(n("id"), id)
                .attr(n("from"), bare(full))
                .attr(n("to"), full)
                .append(query)
                .build();
            self.session(full).inbox.push_back(iq);
        }
        if priority >= 0 {
            let waiting = self.offline.remove(bare(full)).unwrap_or_default();
            self.session(full).inbox.extend(waiting);
        }
    }

    fn message(&mut self, full: &str, mut message: Element) {
        message.set_attr(minidom::rxml::Namespace::NONE, n("from"), full);
        if let Some(archive) = &mut self.archive {
            archive.keep(bare(full), &message);
        }
        let to = message.attr("to").unwrap_or(bare(full)).to_owned();
        if self.sessions.contains_key(&to) {
            self.session(&to).inbox.push_back(message);
            return;
        }
        let willing = |(jid, session): (&String, &Session)| {
            let priority = session.priority.filter(|priority| *priority >= 0)?;
            (bare(jid) == bare(&to)).then(|| (jid.clone(), priority))
        };
        let willing: Vec<(String, i32)> = self.sessions.iter().filter_map(willing).collect();
        let highest = willing.iter().map(|(_, priority)| *priority).max();
        let (takers, others): (Vec<_>, Vec<_>) = willing
            .into_iter()
            .partition(|(_, priority)| Some(*priority) == highest);
        let takers: Vec<String> = takers.into_iter().map(|(jid, _)| jid).collect();
        for (other, _) in others {
            if self.session(&other).carbons {
                let copy = carbon(bare(&to), &other, &message);
                self.session(&other).inbox.push_back(copy);
            }
        }
        if takers.is_empty() && message.attr("type") == Some("chat") {
            self.offline
                .entry(bare(&to).to_owned())
                .or_default()
                .push(message.clone());
        }
        for taker in takers {
            self.session(&taker).inbox.push_back(message.clone());
        }
    }

    fn iq(&mut self, full: &str, iq: &Element) {
        if iq.attr("type") == Some("result") {
            self.learn_interests(full, iq);
            return;
        }
        if iq.attr("type") == Some("error") {
            return;
        }
        let to = iq.attr("to").unwrap_or(bare(full)).to_owned();
        if self.sessions.contains_key(&to) {
            let mut iq = iq.clone();
            iq.set_attr(minidom::rxml::Namespace::NONE, n("from"), full);
            self.session(&to).inbox.push_back(iq);
            return;
        }
        let query = iq.children().next();
        let silent = self.files.as_ref().is_some_and(|files| files.is_silent);
        if silent && query.is_some_and(|query| files::is_asked(&to, query)) {
            return;
        }
        let answer = match query {
            Some(child) if child.ns() == PUBSUB || child.ns() == PUBSUB_OWNER => {
                self.pubsub(full, &to, child)
            }
            Some(child) if child.is("query", DISCO_INFO) && to == bare(full) && self.archive.is_some() => {
                Ok(vec![archive::info()])
            }
            Some(child) if self.files.is_some() && files::is_asked(&to, child) => {
                self.files.as_mut().unwrap().answer(child)
            }
            Some(child) if child.is("query", DISCO_INFO) => Ok(vec![server_info()]),
            Some(child) if child.is("query", archive::MAM) && to == bare(full) && self.archive.is_some() => {
                self.read_archive(full, child)
            }
            Some(child) if child.is("ping", "urn:xmpp:ping") => Ok(Vec::new()),
            Some(child) if child.is("time", TIME) && self.utc.is_some() => {
                let part = |name: &str, text: &str| Element::builder(name, TIME).append(text).build();
                let utc = part("utc", self.utc.as_deref().unwrap());
                Ok(vec![
                    Element::builder("time", TIME)
                        .append(part("tzo", "-06:00"))
                        .append(utc)
                        .build(),
                ])
            }
            Some(child) if child.is("enable", CARBONS) => {
                self.session(full).carbons = true;
                Ok(Vec::new())
            }
            _ => Err(Refusal {
                kind: "cancel",
                condition: "service-unavailable",
                detail: None,
            }),
        };
        let reply = Element::builder("iq", CLIENT)
            .attr(n("id"), iq.attr("id").expect("an iq has an id"))
            .attr(n("from"), to)
            .attr(n("to"), full);
        let reply = match answer {
            Ok(children) => reply.attr(n("type"), "result").append_all(children).build(),
            Err(refusal) => reply.attr(n("type"), "error").append(refusal.element()).build(),
        };
        // Real servers tell of a publication before they confirm it.
        self.session(full).inbox.push_back(reply);
    }

    /// After the capabilities are known, the last item of each interesting node is sent (XEP-0163 §4.3.4).
    fn learn_interests(&mut self, full: &str, iq: &Element) {
        let Some(query) = iq.get_child("query", DISCO_INFO) else {
            return;
        };
        let interests: BTreeSet<String> = query
            .children()
            .filter_map(|child| child.attr("var").and_then(|var| var.strip_suffix("+notify")))
            .map(str::to_owned)
            .collect();
        let account = bare(full).to_owned();
        self.session(full).interests = interests.clone();
        for name in interests {
            let last = self
                .nodes
                .get(&(account.clone(), name.clone()))
                .and_then(|node| node.items.last())
                .cloned();
            if let Some((id, payload)) = last {
                let event = event(&account, full, &name, &id, Some(payload));
                self.session(full).inbox.push_back(event);
            }
        }
    }

    fn pubsub(&mut self, full: &str, to: &str, pubsub: &Element) -> Result<Vec<Element>, Refusal> {
        let own = bare(full) == to;
        let child = pubsub.children().next().expect("pubsub has a child");
        let name = child.attr("node").unwrap_or_default().to_owned();
        let key = (to.to_owned(), name.clone());
        match (child.name(), pubsub.ns().as_str()) {
            ("items", PUBSUB) => {
                let node = self.nodes.get(&key).ok_or(ITEM_NOT_FOUND)?;
                let open = node
                    .config
                    .get("access_model")
                    .is_some_and(|model| model == "open");
                if !own && !open {
                    return Err(Refusal {
                        kind: "auth",
                        condition: "forbidden",
                        detail: None,
                    });
                }
                let wanted: Vec<&str> = child.children().filter_map(|item| item.attr("id")).collect();
                let items = node
                    .items
                    .iter()
                    .filter(|(id, _)| wanted.is_empty() || wanted.contains(&id.as_str()))
                    .map(|(id, payload)| {
                        Element::builder("item", PUBSUB)
                            .attr(n("id"), id.as_str())
                            .append(payload.clone())
                            .build()
                    });
                let items = Element::builder("items", PUBSUB)
                    .attr(n("node"), name)
                    .append_all(items)
                    .build();
                Ok(vec![Element::builder("pubsub", PUBSUB).append(items).build()])
            }
            _ if !own => Err(Refusal {
                kind: "auth",
                condition: "forbidden",
                detail: None,
            }),
            ("publish", PUBSUB) => {
                let wanted = pubsub
                    .get_child("publish-options", PUBSUB)
                    .map(form)
                    .unwrap_or_default();
                self.check_max(&wanted)?;
                let node = self.nodes.entry(key).or_insert_with(|| Node {
                    config: wanted.clone(),
                    items: Vec::new(),
                });
                if wanted
                    .iter()
                    .any(|(option, value)| node.config.get(option) != Some(value))
                {
                    return Err(Refusal {
                        kind: "cancel",
                        condition: "conflict",
                        detail: Some("precondition-not-met"),
                    });
                }
                for item in child.children() {
                    let id = item.attr("id").expect("our items are named").to_owned();
                    let payload = item.children().next().expect("our items have a payload").clone();
                    let node = self.nodes.get_mut(&(to.to_owned(), name.clone())).unwrap();
                    node.items.retain(|(known, _)| *known != id);
                    node.items.push((id.clone(), payload.clone()));
                    node.trim();
                    self.notify(to, &name, &id, Some(payload));
                    if self.retracts.as_ref() == Some(&id) {
                        let node = self.nodes.get_mut(&(to.to_owned(), name.clone())).unwrap();
                        node.items.retain(|(known, _)| *known != id);
                        self.notify(to, &name, &id, None);
                    }
                }
                Ok(Vec::new())
            }
            ("retract", PUBSUB) => {
                for item in child.children() {
                    let id = item.attr("id").unwrap().to_owned();
                    let node = self.nodes.get_mut(&key).ok_or(ITEM_NOT_FOUND)?;
                    let before = node.items.len();
                    node.items.retain(|(known, _)| *known != id);
                    if node.items.len() == before {
                        return Err(ITEM_NOT_FOUND);
                    }
                    if child
                        .attr("notify")
                        .is_some_and(|notify| notify == "true" || notify == "1")
                    {
                        self.notify(to, &name, &id, None);
                    }
                }
                Ok(Vec::new())
            }
            ("create", PUBSUB) => {
                if self.nodes.contains_key(&key) {
                    return Err(Refusal {
                        kind: "cancel",
                        condition: "conflict",
                        detail: None,
                    });
                }
                let config = pubsub
                    .get_child("configure", PUBSUB)
                    .map(form)
                    .unwrap_or_default();
                self.nodes.insert(
                    key,
                    Node {
                        config,
                        items: Vec::new(),
                    },
                );
                Ok(Vec::new())
            }
            ("configure", PUBSUB_OWNER) => {
                let changes = form(child);
                self.check_max(&changes)?;
                let node = self.nodes.get_mut(&key).ok_or(ITEM_NOT_FOUND)?;
                if changes.is_empty() {
                    let fields = node.config.iter().map(|(option, value)| {
                        Element::builder("field", DATA)
                            .attr(n("var"), format!("pubsub#{option}"))
                            .append(Element::builder("value", DATA).append(value.as_str()))
                            .build()
                    });
                    let data = Element::builder("x", DATA)
                        .attr(n("type"), "form")
                        .append_all(fields)
                        .build();
                    let configure = Element::builder("configure", PUBSUB_OWNER)
                        .attr(n("node"), name)
                        .append(data)
                        .build();
                    return Ok(vec![
                        Element::builder("pubsub", PUBSUB_OWNER).append(configure).build(),
                    ]);
                }
                node.config.extend(changes);
                node.trim();
                Ok(Vec::new())
            }
            ("delete", PUBSUB_OWNER) => {
                self.nodes.remove(&key).ok_or(ITEM_NOT_FOUND)?;
                Ok(Vec::new())
            }
            other => panic!("the client asked for {other:?}"),
        }
    }

    fn check_max(&self, options: &BTreeMap<String, String>) -> Result<(), Refusal> {
        let max = options.get("max_items").is_some_and(|items| items == "max");
        match self.refuses_max {
            Some("precondition-not-met") if max => Err(Refusal {
                kind: "cancel",
                condition: "conflict",
                detail: Some("precondition-not-met"),
            }),
            Some(condition) if max => Err(Refusal {
                kind: "modify",
                condition,
                detail: None,
            }),
            _ => Ok(()),
        }
    }

    fn notify(&mut self, account: &str, node: &str, id: &str, payload: Option<Element>) {
        for (full, session) in &mut self.sessions {
            if bare(full) == account && session.interests.contains(node) {
                session
                    .inbox
                    .push_back(event(account, full, node, id, payload.clone()));
            }
        }
    }

    fn session(&mut self, full: &str) -> &mut Session {
        self.sessions.get_mut(full).expect("a session")
    }

    fn fresh_id(&mut self, what: &str) -> String {
        self.next_id += 1;
        format!("server-{what}-{}", self.next_id)
    }
}

impl Node {
    fn trim(&mut self) {
        let most = match self.config.get("max_items").map(String::as_str) {
            Some("max") => MAX_ITEMS,
            Some(number) => number.parse().expect("max_items is a number or max"),
            None => 1,
        };
        self.items.drain(..self.items.len().saturating_sub(most));
    }
}

struct Refusal {
    kind: &'static str,
    condition: &'static str,
    detail: Option<&'static str>,
}

const ITEM_NOT_FOUND: Refusal = Refusal {
    kind: "cancel",
    condition: "item-not-found",
    detail: None,
};

impl Refusal {
    fn element(self) -> Element {
        Element::builder("error", CLIENT)
            .attr(n("type"), self.kind)
            .append(Element::bare(self.condition, STANZAS))
            .append_all(self.detail.map(|detail| Element::bare(detail, PUBSUB_ERRORS)))
            .build()
    }
}

fn event(account: &str, full: &str, node: &str, id: &str, payload: Option<Element>) -> Element {
    let name = if payload.is_some() { "item" } else { "retract" };
    let item = Element::builder(name, PUBSUB_EVENT)
        .attr(n("id"), id)
        .append_all(payload)
        .build();
    let items = Element::builder("items", PUBSUB_EVENT)
        .attr(n("node"), node)
        .append(item)
        .build();
    Element::builder("message", CLIENT)
        .attr(n("from"), account)
        .attr(n("to"), full)
        .attr(n("type"), "headline")
        .append(Element::builder("event", PUBSUB_EVENT).append(items))
        .build()
}

/// The copy of a message that another session of `account` got (XEP-0280 §6).
fn carbon(account: &str, full: &str, message: &Element) -> Element {
    let forwarded = Element::builder("forwarded", FORWARD)
        .append(message.clone())
        .build();
    Element::builder("message", CLIENT)
        .attr(n("from"), account)
        .attr(n("to"), full)
        .attr(n("type"), "chat")
        .append(Element::builder("received", CARBONS).append(forwarded))
        .build()
}

fn server_info() -> Element {
    let identity = |category: &str, kind: &str| {
        Element::builder("identity", DISCO_INFO)
            .attr(n("category"), category)
            .attr(n("type"), kind)
            .build()
    };
    let feature = |var: &str| {
        Element::builder("feature", DISCO_INFO)
            .attr(n("var"), var)
            .build()
    };
    Element::builder("query", DISCO_INFO)
        .append(identity("server", "im"))
        .append(identity("pubsub", "pep"))
        .append(feature("http://jabber.org/protocol/pubsub#publish-options"))
        .append(feature("http://jabber.org/protocol/pubsub#config-node-max"))
        .append(feature("urn:xmpp:carbons:2"))
        .build()
}

/// The fields of the form in `parent`, without their prefix.
fn form(parent: &Element) -> BTreeMap<String, String> {
    let Some(data) = parent.get_child("x", DATA) else {
        return BTreeMap::new();
    };
    data.children()
        .filter_map(|field| {
            let option = field.attr("var")?.strip_prefix("pubsub#")?;
            Some((option.to_owned(), field.get_child("value", DATA)?.text()))
        })
        .collect()
}

fn bare(jid: &str) -> &str {
    jid.split_once('/').map_or(jid, |(bare, _)| bare)
}

fn n(name: &'static str) -> minidom::rxml::NcName {
    name.try_into().expect("a name")
}
