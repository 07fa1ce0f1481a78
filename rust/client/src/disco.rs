// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What this client is and can, for others to discover (XEP-0030, XEP-0115).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minidom::Element;
use minidom::rxml::xml_ncname;
use xmpp_parsers::caps::{compute_disco, hash_caps};
use xmpp_parsers::disco::{DiscoInfoResult, Identity};
use xmpp_parsers::hashes::Algo;

use crate::config::{Config, Kind};
use crate::ns;

/// Names the software in entity capabilities.
const CAPS_NODE: &str = "https://xmppsync.invalid/client";

/// What `disco#info` of this client says.
fn info(config: &Config) -> DiscoInfoResult {
    let (kind, name) = match config.kind {
        Kind::Desktop => ("pc", "XmppSync"),
        Kind::Bot => ("bot", "XmppSync bot"),
    };
    let mut features = vec![
        ns::CAPS.to_owned(),
        ns::DISCO_INFO.to_owned(),
        ns::PING.to_owned(),
        ns::EXPLICIT_ENCRYPTION.to_owned(),
        format!("{}+notify", ns::NODE_DEVICE),
    ];
    let lists = config.namespaces().into_iter();
    features.extend(lists.map(|namespace| format!("{}+notify", namespace.devices_node())));
    features.push(format!("{}+notify", ns::NODE_TRUST));
    features.push(format!("{}+notify", ns::NODE_TABS));
    features.push(format!("{}+notify", ns::NODE_PARCELS));
    if config.shares_visits() {
        features.push(format!("{}+notify", ns::NODE_VISITS));
    }
    if config.sync_bookmarks {
        features.push(format!("{}+notify", ns::NODE_BOOKMARKS));
    }
    DiscoInfoResult {
        node: None,
        identities: vec![Identity::new("client", kind, "en", name)],
        features: features.into_iter().collect(),
        extensions: Vec::new(),
    }
}

/// The verification string (XEP-0115 §5); SHA-1 because every implementation knows it, it protects nothing.
fn verification(config: &Config) -> String {
    match hash_caps(&compute_disco(&info(config)), Algo::Sha_1) {
        Ok(hash) => STANDARD.encode(hash.hash),
        Err(_) => String::new(),
    }
}

/// The presence that makes this resource available.
pub(crate) fn presence(config: &Config) -> Element {
    let caps = Element::builder("c", ns::CAPS)
        .attr(xml_ncname!("hash").to_owned(), "sha-1")
        .attr(xml_ncname!("node").to_owned(), CAPS_NODE)
        .attr(xml_ncname!("ver").to_owned(), verification(config))
        .build();
    let priority = Element::builder("priority", ns::CLIENT)
        .append(config.priority().to_string())
        .build();
    Element::builder("presence", ns::CLIENT)
        .append(priority)
        .append(caps)
        .build()
}

/// The answer to a `disco#info` query; `None` for a node that is not ours.
pub(crate) fn answer(config: &Config, query: &Element) -> Option<Element> {
    let node = query.attr("node").map(str::to_owned);
    if node
        .as_ref()
        .is_some_and(|node| *node != format!("{CAPS_NODE}#{}", verification(config)))
    {
        return None;
    }
    Some(Element::from(DiscoInfoResult { node, ..info(config) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config {
            account: jid::BareJid::new("romeo@example.org").unwrap(),
            label: "Laptop".into(),
            kind: Kind::Desktop,
            partners: Vec::new(),
            sync_bookmarks: true,
            join: crate::JoinPolicy::default(),
            ask_about_doubles: false,
            trust_policy: None,
            chat: false,
            file_links: false,
            stale_after_days: 0,
            share_tabs: false,
            take_tabs: false,
            share_visits: None,
        }
    }

    #[test]
    fn presence_carries_the_hash_of_what_disco_answers() {
        let presence = String::from(&presence(&config()));
        insta::assert_snapshot!(presence, @"<presence xmlns='jabber:client'><priority>-1</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://xmppsync.invalid/client' ver='8xdsXjrrjoAx/Vt/841kONsFcEk='/></presence>");
        let ver = verification(&config());
        let query = format!("<query xmlns='{}' node='{CAPS_NODE}#{ver}'/>", ns::DISCO_INFO);
        let answer = String::from(&answer(&config(), &query.parse().unwrap()).unwrap());
        assert!(
            answer.contains("urn:xmppsync:bookmarks:1+notify")
                && answer.contains("urn:xmpp:omemo:2:devices+notify")
        );
    }

    #[test]
    fn another_node_is_not_ours() {
        let query = format!("<query xmlns='{}' node='x'/>", ns::DISCO_INFO);
        assert_eq!(answer(&config(), &query.parse().unwrap()), None);
    }
}
