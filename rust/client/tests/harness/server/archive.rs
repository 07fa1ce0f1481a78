// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The message archive of a server (XEP-0313).

use std::collections::BTreeMap;

use minidom::Element;

use super::{CLIENT, DATA, FORWARD, ITEM_NOT_FOUND, Refusal, Server, bare, n};

pub(super) const MAM: &str = "urn:xmpp:mam:2";
const RSM: &str = "http://jabber.org/protocol/rsm";

/// The archives of all accounts. Times are the messages' numbers.
#[derive(Default)]
pub struct Archive {
    messages: BTreeMap<String, Vec<(u64, Element)>>,
    next: u64,
    /// To an id that it has forgotten the server says "empty, complete" instead of an error.
    pub hides_gaps: bool,
    /// Pages that were asked for.
    pub pages: usize,
}

impl Archive {
    /// Keeps a message for its sender and whom it goes to.
    pub(super) fn keep(&mut self, sender: &str, message: &Element) {
        if message.attr("type") != Some("chat") {
            return;
        }
        let to = bare(message.attr("to").unwrap_or(sender)).to_owned();
        for account in [Some(sender), (to != sender).then_some(to.as_str())]
            .into_iter()
            .flatten()
        {
            self.next += 1;
            let kept = self.messages.entry(account.to_owned()).or_default();
            kept.push((self.next, message.clone()));
        }
    }

    /// The server forgets all but the newest messages of an account.
    pub fn expire(&mut self, account: &str, kept: usize) {
        let messages = self.messages.entry(account.to_owned()).or_default();
        messages.drain(..messages.len().saturating_sub(kept));
    }

    /// Somebody's message that the archive holds, whoever sent it.
    pub fn put(&mut self, account: &str, message: Element) {
        self.next += 1;
        let kept = self.messages.entry(account.to_owned()).or_default();
        kept.push((self.next, message));
    }
}

impl Server {
    /// Sends a page to the session, and gives its end.
    pub(super) fn read_archive(&mut self, full: &str, query: &Element) -> Result<Vec<Element>, Refusal> {
        let archive = self.archive.as_mut().unwrap();
        archive.pages += 1;
        let messages = archive.messages.entry(bare(full).to_owned()).or_default();
        let set = query.get_child("set", RSM).unwrap();
        let most: usize = set.get_child("max", RSM).unwrap().text().parse().unwrap();
        let start = query
            .get_child("x", DATA)
            .and_then(|form| form.children().find(|field| field.attr("var") == Some("start")))
            .map(|field| field.get_child("value", DATA).unwrap().text());
        let found: Vec<(u64, Element)> = if set.has_child("before", RSM) {
            messages.iter().rev().take(most).rev().cloned().collect()
        } else {
            let after = set.get_child("after", RSM).map(Element::text);
            let gone = after
                .as_ref()
                .is_some_and(|after| !messages.iter().any(|(id, _)| id.to_string() == *after));
            if gone && !archive.hides_gaps {
                return Err(ITEM_NOT_FOUND);
            }
            let after = after.map_or(0, |after| after.parse().unwrap());
            let start: u64 = start.map_or(0, |start| start.trim_start_matches("time-").parse().unwrap());
            let newer = messages
                .iter()
                .filter(|(id, _)| !gone && *id > after && *id >= start);
            newer.take(most).cloned().collect()
        };
        let last = found.last().map(|(id, _)| *id);
        let complete = last == messages.last().map(|(id, _)| *id) || found.is_empty();
        for (id, message) in found {
            let delay = Element::builder("delay", "urn:xmpp:delay")
                .attr(n("stamp"), format!("time-{id}"))
                .build();
            let forwarded = Element::builder("forwarded", FORWARD)
                .append(delay)
                .append(message)
                .build();
            let result = Element::builder("result", MAM)
                .attr(n("queryid"), query.attr("queryid").unwrap())
                .attr(n("id"), id.to_string())
                .append(forwarded)
                .build();
            let carrier = Element::builder("message", CLIENT)
                .attr(n("from"), bare(full))
                .attr(n("to"), full)
                .append(result)
                .build();
            self.session(full).inbox.push_back(carrier);
        }
        let last = last.map(|last| Element::builder("last", RSM).append(last.to_string()).build());
        let fin = Element::builder("fin", MAM)
            .attr(n("complete"), complete.to_string())
            .append(Element::builder("set", RSM).append_all(last))
            .build();
        Ok(vec![fin])
    }
}

/// What an account with an archive says of itself.
pub(super) fn info() -> Element {
    let feature = Element::builder("feature", super::DISCO_INFO)
        .attr(n("var"), MAM)
        .build();
    Element::builder("query", super::DISCO_INFO)
        .append(feature)
        .build()
}
