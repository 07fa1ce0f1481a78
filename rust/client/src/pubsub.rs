// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! PEP: publishing, fetching and configuring nodes of the account (XEP-0060, XEP-0163).

use minidom::Element;
use minidom::rxml::xml_ncname;
use omemo::{DeviceId, Namespace};

use crate::ns;

/// How many items a node keeps. Servers that do not know the word `max` take a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MaxItems {
    /// As many as the server allows: 256 (Prosody), 1000 (ejabberd).
    Max,
    /// A number that all servers allow.
    Number(u16),
}

impl MaxItems {
    /// What is asked for where the server does not know `max`.
    pub(crate) const FALLBACK: MaxItems = MaxItems::Number(255);

    fn text(self) -> String {
        match self {
            MaxItems::Max => "max".to_owned(),
            MaxItems::Number(number) => number.to_string(),
        }
    }
}

/// The nodes that this client publishes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Node {
    /// An own device list (XEP-0384 §5.3.1).
    Devices(Namespace),
    /// The bundle of an own device (XEP-0384 §5.3.2).
    Bundle(Namespace, DeviceId),
    /// What each device says of its own state.
    Device,
    /// Heads and updates of the bookmarks.
    Bookmarks,
    /// Sealed snapshots of the bookmarks.
    Snapshots,
    /// Whom the account's devices trust.
    Trust,
    /// What each device has open.
    Tabs,
    /// Tabs that are sent from one device to another.
    Parcels,
    /// What each device has visited lately.
    Visits,
    /// What it has visited before.
    VisitsPages,
}

impl Node {
    pub(crate) fn name(self) -> String {
        match self {
            Node::Devices(namespace) => namespace.devices_node().to_owned(),
            Node::Bundle(namespace, device) => namespace.bundle_node(device).0,
            Node::Device => ns::NODE_DEVICE.to_owned(),
            Node::Bookmarks => ns::NODE_BOOKMARKS.to_owned(),
            Node::Snapshots => ns::NODE_SNAPSHOTS.to_owned(),
            Node::Trust => ns::NODE_TRUST.to_owned(),
            Node::Tabs => ns::NODE_TABS.to_owned(),
            Node::Parcels => ns::NODE_PARCELS.to_owned(),
            Node::Visits => ns::NODE_VISITS.to_owned(),
            Node::VisitsPages => ns::NODE_VISITS_PAGES.to_owned(),
        }
    }

    /// The configuration that the node must have, as fields of a form. Snapshots and older visits send no notifications: what names
    /// them does.
    pub(crate) fn options(self, max_items: MaxItems) -> Vec<(&'static str, String)> {
        let access = match self {
            Node::Devices(_) | Node::Bundle(..) => "open",
            _ => "whitelist",
        };
        let mut options = vec![
            ("pubsub#persist_items", "true".to_owned()),
            ("pubsub#access_model", access.to_owned()),
        ];
        // The others have one item.
        if !matches!(self, Node::Devices(_) | Node::Bundle(Namespace::Legacy, _)) {
            options.push(("pubsub#max_items", max_items.text()));
        }
        match self {
            Node::Devices(_) | Node::Bundle(..) => {}
            Node::Snapshots | Node::VisitsPages => {
                options.push(("pubsub#deliver_payloads", "false".to_owned()));
            }
            _ => options.push(("pubsub#deliver_payloads", "true".to_owned())),
        }
        options
    }
}

/// Publishes one item, if the node is or can be configured as it must be (XEP-0060 §7.1.5).
pub(crate) fn publish(node: Node, max_items: MaxItems, item: &str, payload: Element) -> Element {
    let item = Element::builder("item", ns::PUBSUB)
        .attr(xml_ncname!("id").to_owned(), item)
        .append(payload)
        .build();
    let publish = Element::builder("publish", ns::PUBSUB)
        .attr(xml_ncname!("node").to_owned(), node.name())
        .append(item)
        .build();
    let options = Element::builder("publish-options", ns::PUBSUB)
        .append(form(ns::PUBLISH_OPTIONS, node.options(max_items)))
        .build();
    Element::builder("pubsub", ns::PUBSUB)
        .append(publish)
        .append(options)
        .build()
}

/// Configures a node (XEP-0060 §8.2.4).
pub(crate) fn configure(node: Node, max_items: MaxItems) -> Element {
    let configure = Element::builder("configure", ns::PUBSUB_OWNER)
        .attr(xml_ncname!("node").to_owned(), node.name())
        .append(form(ns::NODE_CONFIG, node.options(max_items)))
        .build();
    Element::builder("pubsub", ns::PUBSUB_OWNER)
        .append(configure)
        .build()
}

/// Asks for items: those named, or all (XEP-0060 §6.5).
pub(crate) fn items(node: &str, ids: &[String]) -> Element {
    let item = |id: &String| {
        Element::builder("item", ns::PUBSUB)
            .attr(xml_ncname!("id").to_owned(), id.as_str())
            .build()
    };
    let items = Element::builder("items", ns::PUBSUB)
        .attr(xml_ncname!("node").to_owned(), node)
        .append_all(ids.iter().map(item))
        .build();
    Element::builder("pubsub", ns::PUBSUB).append(items).build()
}

/// Deletes one item (XEP-0060 §7.2). Nobody is notified, for what it held is elsewhere; but of what a
/// device does not share any more, and of tabs that were sent and are opened.
pub(crate) fn retract(node: Node, item: &str) -> Element {
    let item = Element::builder("item", ns::PUBSUB)
        .attr(xml_ncname!("id").to_owned(), item)
        .build();
    let retract = Element::builder("retract", ns::PUBSUB)
        .attr(xml_ncname!("node").to_owned(), node.name())
        .attr(
            xml_ncname!("notify").to_owned(),
            matches!(node, Node::Tabs | Node::Parcels | Node::Visits).then_some("true"),
        )
        .append(item)
        .build();
    Element::builder("pubsub", ns::PUBSUB).append(retract).build()
}

fn form(form_type: &str, fields: Vec<(&'static str, String)>) -> Element {
    let field = |name: &str, kind: Option<&str>, value: &str| {
        let field = Element::builder("field", ns::DATA_FORMS).attr(xml_ncname!("var").to_owned(), name);
        let field = match kind {
            Some(kind) => field.attr(xml_ncname!("type").to_owned(), kind),
            None => field,
        };
        field
            .append(Element::builder("value", ns::DATA_FORMS).append(value).build())
            .build()
    };
    Element::builder("x", ns::DATA_FORMS)
        .attr(xml_ncname!("type").to_owned(), "submit")
        .append(field("FORM_TYPE", Some("hidden"), form_type))
        .append_all(fields.iter().map(|(name, value)| field(name, None, value)))
        .build()
}

/// One item as it was fetched or notified.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) id: String,
    /// Missing in a notification without payload.
    pub(crate) payload: Option<Element>,
}

/// The items in the answer to [`items`].
pub(crate) fn read_items(result: Option<&Element>, node: &str) -> Option<Vec<Item>> {
    let items = result?.get_child("items", ns::PUBSUB)?;
    (items.attr("node") == Some(node)).then(|| items_of(items))
}

/// A notification of a node (XEP-0060 §7.1.2, §7.2.2, §8.4, §8.5).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NodeEvent {
    pub(crate) node: String,
    pub(crate) items: Vec<Item>,
    /// Ids of items that were deleted.
    pub(crate) retracted: Vec<String>,
    /// All items were deleted, or the node itself.
    pub(crate) emptied: bool,
}

/// Reads a notification; `None` when the message is none.
pub(crate) fn read_event(message: &Element) -> Option<NodeEvent> {
    let event = message.get_child("event", ns::PUBSUB_EVENT)?.children().next()?;
    let retracted = event.children().filter(|child| child.name() == "retract");
    Some(NodeEvent {
        node: event.attr("node")?.to_owned(),
        items: items_of(event),
        retracted: retracted
            .filter_map(|child| Some(child.attr("id")?.to_owned()))
            .collect(),
        emptied: ["purge", "delete"].contains(&event.name()),
    })
}

fn items_of(items: &Element) -> Vec<Item> {
    let item = |element: &Element| {
        let id = element.attr("id")?.to_owned();
        Some(Item {
            id,
            payload: element.children().next().cloned(),
        })
    };
    items
        .children()
        .filter(|child| child.name() == "item")
        .filter_map(item)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publication_names_what_the_node_must_be() {
        let publication = publish(Node::Bookmarks, MaxItems::Max, "a.head", Element::bare("x", "y"));
        insta::assert_snapshot!(String::from(&publication), @"<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmppsync:bookmarks:1'><item id='a.head'><x xmlns='y'/></item></publish><publish-options><x xmlns='jabber:x:data' type='submit'><field type='hidden' var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='pubsub#persist_items'><value>true</value></field><field var='pubsub#access_model'><value>whitelist</value></field><field var='pubsub#max_items'><value>max</value></field><field var='pubsub#deliver_payloads'><value>true</value></field></x></publish-options></pubsub>");
        insta::assert_snapshot!(String::from(&configure(Node::Devices(Namespace::Omemo2), MaxItems::FALLBACK)), @"<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='urn:xmpp:omemo:2:devices'><x xmlns='jabber:x:data' type='submit'><field type='hidden' var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var='pubsub#persist_items'><value>true</value></field><field var='pubsub#access_model'><value>open</value></field></x></configure></pubsub>");
    }

    #[test]
    fn items_and_events_are_read() {
        let result = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='n'><item id='a'><x xmlns='y'/></item><item/></items></pubsub>";
        let result = result.parse::<Element>().unwrap();
        let items = read_items(Some(&result), "n").unwrap();
        assert_eq!(
            items,
            [Item {
                id: "a".into(),
                payload: Some(Element::bare("x", "y"))
            }]
        );
        assert_eq!(read_items(Some(&result), "m"), None);
        assert_eq!(read_items(None, "n"), None);
        let event = "<message xmlns='jabber:client'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'><item id='a'/><retract id='b'/></items></event></message>";
        let event = read_event(&event.parse().unwrap()).unwrap();
        assert_eq!(
            (event.node.as_str(), event.items.len(), event.emptied),
            ("n", 1, false)
        );
        assert_eq!(
            (event.items[0].payload.as_ref(), event.retracted.as_slice()),
            (None, ["b".to_owned()].as_slice())
        );
        let purge = "<message xmlns='jabber:client'><event xmlns='http://jabber.org/protocol/pubsub#event'><purge node='n'/></event></message>";
        assert!(read_event(&purge.parse().unwrap()).unwrap().emptied);
    }
}
