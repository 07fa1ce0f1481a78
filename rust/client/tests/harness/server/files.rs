// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The server's upload service (XEP-0363).

use std::collections::BTreeMap;

use client::{Transfer, TransferKind};
use minidom::Element;

use super::{DATA, DISCO_INFO, Refusal, n};

const DISCO_ITEMS: &str = "http://jabber.org/protocol/disco#items";
const UPLOAD: &str = "urn:xmpp:http:upload:0";
const SERVICE: &str = "upload.example.org";

/// Files, and how the service behaves.
pub struct Files {
    pub max_size: u64,
    pub refuses_slots: bool,
    /// It takes what it is asked and answers nothing.
    pub is_silent: bool,
    pub fails_puts: bool,
    /// Where it says that files are.
    pub origin: &'static str,
    /// How long a file takes either way, in milliseconds.
    pub transfer_ms: u64,
    /// Files by the address where they can be had.
    pub kept: BTreeMap<String, Vec<u8>>,
    pub slots: usize,
    pub puts: usize,
    pub gets: usize,
}

impl Files {
    pub fn new() -> Files {
        Files {
            max_size: 10 * 1024 * 1024,
            refuses_slots: false,
            is_silent: false,
            fails_puts: false,
            origin: "https://files.example.org",
            transfer_ms: 1_000,
            kept: BTreeMap::new(),
            slots: 0,
            puts: 0,
            gets: 0,
        }
    }

    pub(super) fn answer(&mut self, query: &Element) -> Result<Vec<Element>, Refusal> {
        if query.is("query", DISCO_ITEMS) {
            let item = |jid: &str| Element::builder("item", DISCO_ITEMS).attr(n("jid"), jid).build();
            let items = Element::builder("query", DISCO_ITEMS)
                .append(item("rooms.example.org"))
                .append(item(SERVICE));
            return Ok(vec![items.build()]);
        }
        if query.is("query", DISCO_INFO) {
            return Ok(vec![self.info()]);
        }
        let size: u64 = query.attr("size").unwrap().parse().unwrap();
        if self.refuses_slots || size > self.max_size {
            return Err(Refusal {
                kind: "modify",
                condition: "not-acceptable",
                detail: None,
            });
        }
        self.slots += 1;
        let address = format!("{}/{}", self.origin, self.slots);
        let header = Element::builder("header", UPLOAD)
            .attr(n("name"), "Authorization")
            .append("Bearer slot");
        let put = Element::builder("put", UPLOAD)
            .attr(n("url"), address.as_str())
            .append(header);
        let get = Element::builder("get", UPLOAD).attr(n("url"), address.as_str());
        Ok(vec![
            Element::builder("slot", UPLOAD).append(put).append(get).build(),
        ])
    }

    fn info(&self) -> Element {
        let field = |name: &str, value: &str| {
            Element::builder("field", DATA)
                .attr(n("var"), name)
                .append(Element::builder("value", DATA).append(value))
        };
        let form = Element::builder("x", DATA)
            .attr(n("type"), "result")
            .append(field("FORM_TYPE", UPLOAD))
            .append(field("max-file-size", &self.max_size.to_string()));
        Element::builder("query", DISCO_INFO)
            .append(Element::builder("feature", DISCO_INFO).attr(n("var"), UPLOAD))
            .append(form)
            .build()
    }

    /// What HTTP does with a transfer.
    pub fn carry_out(&mut self, transfer: Transfer) -> Result<Vec<u8>, String> {
        match transfer.kind {
            TransferKind::Put { headers, bytes } => {
                assert_eq!(headers, [("Authorization".to_owned(), "Bearer slot".to_owned())]);
                self.puts += 1;
                if self.fails_puts {
                    return Err("status 413".to_owned());
                }
                self.kept.insert(transfer.url, bytes);
                Ok(Vec::new())
            }
            TransferKind::Get { size } => {
                self.gets += 1;
                let file = self.kept.get(&transfer.url).ok_or("status 404")?;
                if file.len() as u64 != size {
                    return Err("another size".to_owned());
                }
                Ok(file.clone())
            }
        }
    }
}

/// Whether a query of the server is one that its upload service answers.
pub(super) fn is_asked(to: &str, query: &Element) -> bool {
    match to {
        SERVICE => query.is("query", DISCO_INFO) || query.is("request", UPLOAD),
        "example.org" => query.is("query", DISCO_ITEMS),
        _ => false,
    }
}
