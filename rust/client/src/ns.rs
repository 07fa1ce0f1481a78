// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Namespaces and node names.

/// Stanzas of a client's stream (RFC 6120 §4.8.2).
pub(crate) const CLIENT: &str = "jabber:client";
/// Conditions of stanza errors (RFC 6120 §8.3.2).
pub(crate) const STANZAS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
/// XEP-0030.
pub(crate) const DISCO_INFO: &str = "http://jabber.org/protocol/disco#info";
/// XEP-0030.
pub(crate) const DISCO_ITEMS: &str = "http://jabber.org/protocol/disco#items";
/// XEP-0363.
pub(crate) const HTTP_UPLOAD: &str = "urn:xmpp:http:upload:0";
/// XEP-0115.
pub(crate) const CAPS: &str = "http://jabber.org/protocol/caps";
/// XEP-0199.
pub(crate) const PING: &str = "urn:xmpp:ping";
/// XEP-0202.
pub(crate) const TIME: &str = "urn:xmpp:time";
/// XEP-0060.
pub(crate) const PUBSUB: &str = "http://jabber.org/protocol/pubsub";
/// XEP-0060 §7.1.2.
pub(crate) const PUBSUB_EVENT: &str = "http://jabber.org/protocol/pubsub#event";
/// XEP-0060 §8.
pub(crate) const PUBSUB_OWNER: &str = "http://jabber.org/protocol/pubsub#owner";
/// XEP-0060 §16.4.4.
pub(crate) const NODE_CONFIG: &str = "http://jabber.org/protocol/pubsub#node_config";
/// XEP-0060 §7.1.5.
pub(crate) const PUBLISH_OPTIONS: &str = "http://jabber.org/protocol/pubsub#publish-options";
/// XEP-0004.
pub(crate) const DATA_FORMS: &str = "jabber:x:data";
/// XEP-0335.
pub(crate) const JSON: &str = "urn:xmpp:json:0";
/// XEP-0380.
pub(crate) const EXPLICIT_ENCRYPTION: &str = "urn:xmpp:eme:0";
/// XEP-0334.
pub(crate) const HINTS: &str = "urn:xmpp:hints";
/// XEP-0313.
pub(crate) const MAM: &str = "urn:xmpp:mam:2";
/// XEP-0059.
pub(crate) const RSM: &str = "http://jabber.org/protocol/rsm";
/// XEP-0297.
pub(crate) const FORWARD: &str = "urn:xmpp:forward:0";
/// XEP-0203.
pub(crate) const DELAY: &str = "urn:xmpp:delay";
/// XEP-0280.
pub(crate) const CARBONS: &str = "urn:xmpp:carbons:2";

/// The node in which the replicas of an account meet.
pub const NODE_BOOKMARKS: &str = "urn:xmppsync:bookmarks:1";
/// The node in which the devices of an account tell each other whom they trust; its payloads' contents are of the same
/// namespace.
pub const NODE_TRUST: &str = "urn:xmppsync:trust:1";
/// The node of sealed snapshots; its items' payloads are of the same namespace.
pub const NODE_SNAPSHOTS: &str = "urn:xmppsync:bookmarks:1:snapshot";
/// The node in which each device that shares its open tabs keeps them; its payloads are of the same namespace.
pub const NODE_TABS: &str = "urn:xmppsync:tabs:1";
/// The node of tabs that one device sends to another; its payloads are of the same namespace.
pub const NODE_PARCELS: &str = "urn:xmppsync:parcels:1";
/// The node in which each device that shares its history tells what was visited lately; its payloads are of the same namespace.
pub const NODE_VISITS: &str = "urn:xmppsync:visits:1";
/// The node of the rest of it; its items' payloads are of the same namespace.
pub const NODE_VISITS_PAGES: &str = "urn:xmppsync:visits:1:pages";
/// The node in which each device keeps its generation; its items' payloads are of the same namespace.
pub const NODE_DEVICE: &str = "urn:xmppsync:device:1";
