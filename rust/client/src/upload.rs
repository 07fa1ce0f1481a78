// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Finding an upload service and asking it for a slot (XEP-0363).

use minidom::Element;
use minidom::rxml::xml_ncname;
use url::Url;

use crate::ns;

/// Most services of a server that are looked at.
const MAX_SERVICES: usize = 16;

/// Longest address of a file that is used, in bytes; servers' own are far shorter.
const MAX_URL_BYTES: usize = 2048;

/// The headers that a slot may ask for (XEP-0363 §5).
const HEADERS: [&str; 3] = ["Authorization", "Cookie", "Expires"];

/// Where files can be put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) jid: String,
    /// Largest file that it takes, in bytes, if it says so.
    pub(crate) max_size: Option<u64>,
}

/// A place for one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) put: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) get: String,
}

/// The addresses in the answer to a `disco#items` query.
pub(crate) fn read_services(items: Option<&Element>) -> Vec<String> {
    let Some(query) = items.filter(|query| query.is("query", ns::DISCO_ITEMS)) else {
        return Vec::new();
    };
    let items = query.children().filter(|item| item.attr("node").is_none());
    items
        .filter_map(|item| item.attr("jid").map(str::to_owned))
        .take(MAX_SERVICES)
        .collect()
}

/// What the answer to a `disco#info` query says of uploads; `None` when its sender takes none.
pub(crate) fn read_service(jid: &str, info: Option<&Element>) -> Option<Service> {
    let query = info.filter(|query| query.is("query", ns::DISCO_INFO))?;
    let announces = |child: &Element| child.name() == "feature" && child.attr("var") == Some(ns::HTTP_UPLOAD);
    if !query.children().any(announces) {
        return None;
    }
    let value = |form: &Element, name: &str| {
        let mut fields = form.children();
        let field = fields.find(|field| field.attr("var") == Some(name))?;
        Some(field.get_child("value", ns::DATA_FORMS)?.text())
    };
    let forms = query.children().filter(|child| child.is("x", ns::DATA_FORMS));
    let mut forms = forms.filter(|form| value(form, "FORM_TYPE").as_deref() == Some(ns::HTTP_UPLOAD));
    let max_size = forms.find_map(|form| value(form, "max-file-size")?.trim().parse().ok());
    Some(Service {
        jid: jid.to_owned(),
        max_size,
    })
}

/// Asks for a slot. The name says nothing.
pub(crate) fn request(size: usize) -> Element {
    Element::builder("request", ns::HTTP_UPLOAD)
        .attr(xml_ncname!("filename").to_owned(), "data.bin")
        .attr(xml_ncname!("size").to_owned(), size)
        .attr(xml_ncname!("content-type").to_owned(), "application/octet-stream")
        .build()
}

/// Reads a slot; `None` when it is none that can be used. Other headers than the known ones are passed over, and so is what could
/// smuggle in another one (XEP-0363 §5).
pub(crate) fn read_slot(slot: Option<&Element>) -> Option<Slot> {
    let slot = slot.filter(|slot| slot.is("slot", ns::HTTP_UPLOAD))?;
    let put = slot.get_child("put", ns::HTTP_UPLOAD)?;
    let get = slot.get_child("get", ns::HTTP_UPLOAD)?.attr("url")?;
    let header = |header: &Element| {
        let name = header.attr("name")?;
        let name = HEADERS
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name))?;
        let value = header.text();
        (!value.contains(char::is_control)).then(|| (name.to_owned(), value))
    };
    let slot = Slot {
        put: put.attr("url")?.to_owned(),
        headers: put.children().filter_map(header).collect(),
        get: get.to_owned(),
    };
    (origin(&slot.put).is_some() && origin(&slot.get).is_some()).then_some(slot)
}

/// Scheme, host and port of a file's address; `None` for one that is not used.
pub(crate) fn origin(url: &str) -> Option<String> {
    if url.len() > MAX_URL_BYTES {
        return None;
    }
    let url = Url::parse(url).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (plain && ["https", "http"].contains(&url.scheme()) && url.has_host())
        .then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(xml: &str) -> Element {
        xml.parse().unwrap()
    }

    #[test]
    fn a_service_is_known_by_its_feature() {
        let info = parse(
            "<query xmlns='http://jabber.org/protocol/disco#info'>\
             <identity category='store' type='file'/><feature var='urn:xmpp:http:upload:0'/>\
             <x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>other</value></field>\
             <field var='max-file-size'><value>1</value></field></x>\
             <x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>\
             <value>urn:xmpp:http:upload:0</value></field>\
             <field var='max-file-size'><value>5242880</value></field></x></query>",
        );
        let found = read_service("upload.example", Some(&info)).unwrap();
        assert_eq!(
            (found.jid.as_str(), found.max_size),
            ("upload.example", Some(5_242_880))
        );
        let other = parse(
            "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:http:upload'/></query>",
        );
        assert_eq!(read_service("a", Some(&other)), None);
        assert_eq!(read_service("a", None), None);
        let items = parse(
            "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='a'/><item jid='b' node='x'/>\
             <item/><item jid='c'/></query>",
        );
        assert_eq!(read_services(Some(&items)), ["a", "c"]);
    }

    #[test]
    fn a_slot_has_two_addresses_and_known_headers() {
        insta::assert_snapshot!(String::from(&request(7)), @"<request xmlns='urn:xmpp:http:upload:0' content-type='application/octet-stream' filename='data.bin' size='7'/>");
        let slot = parse(
            "<slot xmlns='urn:xmpp:http:upload:0'><put url='https://a.example/1'>\
             <header name='authorization'>Bearer x</header><header name='Host'>evil</header>\
             <header name='Cookie'>a&#10;Host: b</header></put><get url='https://b.example:444/1'/></slot>",
        );
        let read = read_slot(Some(&slot)).unwrap();
        assert_eq!(
            read.headers,
            [("Authorization".to_owned(), "Bearer x".to_owned())]
        );
        assert_eq!(origin(&read.get).unwrap(), "https://b.example:444");
        let bad = "<slot xmlns='urn:xmpp:http:upload:0'><put url='https://a.example/1'/><get url='file:///etc'/></slot>";
        assert_eq!(read_slot(Some(&parse(bad))), None);
    }

    #[test]
    fn addresses_are_told_apart_by_scheme_host_and_port() {
        assert_eq!(origin("https://A.example:443/x"), origin("https://a.example/y?z"));
        assert_ne!(origin("https://a.example/"), origin("http://a.example/"));
        assert_ne!(origin("https://a.example/"), origin("https://a.example:8443/"));
        for none in [
            "",
            "https://",
            "ftp://a.example/",
            "data:,x",
            "https://user@a.example/",
            "https://:x@a.example/",
            "https://a.example/#key",
            "aesgcm://a.example/",
            &format!("https://a.example/{}", "x".repeat(MAX_URL_BYTES)),
        ] {
            assert_eq!(origin(none), None, "{none}");
        }
    }
}
