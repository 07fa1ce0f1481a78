// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Queries of the account's message archive (XEP-0313), page by page (XEP-0059).

use minidom::Element;
use minidom::rxml::xml_ncname;

use crate::ns;

/// Which messages are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Range {
    /// The newest one alone.
    Newest,
    /// Those after the message of this id, oldest first; from the beginning for `None`.
    After(Option<String>),
    /// Those from this time on (XEP-0082), oldest first.
    Since(String),
}

/// Asks for at most `page` messages; `query` is what the results are marked with.
pub(crate) fn query(query: &str, range: &Range, page: u32) -> Element {
    let element = |name: &str, text: &str| {
        let element = Element::builder(name, ns::RSM);
        if text.is_empty() {
            element
        } else {
            element.append(text)
        }
        .build()
    };
    let most = |count: u32| element("max", &count.to_string());
    let paging = match range {
        Range::Newest => vec![most(1), element("before", "")],
        Range::After(Some(id)) => vec![most(page), element("after", id)],
        Range::After(None) | Range::Since(_) => vec![most(page)],
    };
    let form = match range {
        Range::Since(start) => vec![filter("start", start)],
        _ => Vec::new(),
    };
    Element::builder("query", ns::MAM)
        .attr(xml_ncname!("queryid").to_owned(), query)
        .append_all(form)
        .append(Element::builder("set", ns::RSM).append_all(paging))
        .build()
}

/// A form with one field (XEP-0313 §4.1).
fn filter(name: &str, value: &str) -> Element {
    let field = |name: &str, kind: &str, value: &str| {
        Element::builder("field", ns::DATA_FORMS)
            .attr(xml_ncname!("var").to_owned(), name)
            .attr(xml_ncname!("type").to_owned(), kind)
            .append(Element::builder("value", ns::DATA_FORMS).append(value))
            .build()
    };
    Element::builder("x", ns::DATA_FORMS)
        .attr(xml_ncname!("type").to_owned(), "submit")
        .append(field("FORM_TYPE", "hidden", ns::MAM))
        .append(field(name, "text-single", value))
        .build()
}

/// One message of the archive.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Archived<'a> {
    /// The query that it answers.
    pub(crate) query: &'a str,
    /// Its id in the archive.
    pub(crate) id: &'a str,
    /// When the server took it (XEP-0082).
    pub(crate) stamp: Option<&'a str>,
    /// What was sent then, if it is a message.
    pub(crate) message: Option<&'a Element>,
}

/// Reads a message that carries one from the archive (XEP-0313 §4.2); `None` when it does not.
pub(crate) fn read_result(message: &Element) -> Option<Archived<'_>> {
    let result = message.get_child("result", ns::MAM)?;
    let forwarded = result.get_child("forwarded", ns::FORWARD);
    Some(Archived {
        query: result.attr("queryid").unwrap_or_default(),
        id: result.attr("id").unwrap_or_default(),
        stamp: forwarded
            .and_then(|forwarded| forwarded.get_child("delay", ns::DELAY))
            .and_then(|delay| delay.attr("stamp")),
        message: forwarded.and_then(|forwarded| forwarded.get_child("message", ns::CLIENT)),
    })
}

/// How a page ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// Nothing of what was asked for follows.
    pub(crate) complete: bool,
    /// The id of the page's last message; `None` for an empty page.
    pub(crate) last: Option<String>,
}

/// Reads the answer to a query (XEP-0313 §4.3); `None` when it is none.
pub(crate) fn read_page(result: Option<&Element>) -> Option<Page> {
    let fin = result.filter(|fin| fin.is("fin", ns::MAM))?;
    let last = fin
        .get_child("set", ns::RSM)
        .and_then(|set| set.get_child("last", ns::RSM))
        .map(Element::text);
    Some(Page {
        complete: fin
            .attr("complete")
            .is_some_and(|complete| complete == "true" || complete == "1"),
        last: last.filter(|id| !id.is_empty()),
    })
}

/// Whether what `disco#info` says of an account names the archive.
pub(crate) fn is_announced(info: Option<&Element>) -> bool {
    info.is_some_and(|info| {
        info.children()
            .any(|child| child.is("feature", ns::DISCO_INFO) && child.attr("var") == Some(ns::MAM))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_as_the_specification_has_them() {
        let xml = |range| String::from(&query("q", &range, 50));
        let paging = |paging: &str| {
            format!(
                "<query xmlns='urn:xmpp:mam:2' queryid='q'><set xmlns='http://jabber.org/protocol/rsm'>{paging}</set></query>"
            )
        };
        assert_eq!(xml(Range::Newest), paging("<max>1</max><before/>"));
        assert_eq!(
            xml(Range::After(Some("a7".into()))),
            paging("<max>50</max><after>a7</after>")
        );
        assert_eq!(xml(Range::After(None)), paging("<max>50</max>"));
        insta::assert_snapshot!(xml(Range::Since("2026-09-21T00:00:00Z".into())), @"<query xmlns='urn:xmpp:mam:2' queryid='q'><x xmlns='jabber:x:data' type='submit'><field type='hidden' var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field><field type='text-single' var='start'><value>2026-09-21T00:00:00Z</value></field></x><set xmlns='http://jabber.org/protocol/rsm'><max>50</max></set></query>");
    }

    #[test]
    fn results_and_pages_are_read() {
        let message: Element = "<message xmlns='jabber:client'><result xmlns='urn:xmpp:mam:2' queryid='q' id='a7'>\
            <forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-09-21T00:00:00Z'/>\
            <message xmlns='jabber:client' id='m'/></forwarded></result></message>"
            .parse()
            .unwrap();
        let archived = read_result(&message).unwrap();
        assert_eq!(
            (archived.query, archived.id, archived.stamp),
            ("q", "a7", Some("2026-09-21T00:00:00Z"))
        );
        assert_eq!(archived.message.unwrap().attr("id"), Some("m"));
        assert_eq!(read_result(archived.message.unwrap()), None);

        let page = |xml: &str| read_page(Some(&xml.parse().unwrap()));
        let set = "<set xmlns='http://jabber.org/protocol/rsm'><first>a1</first><last>a7</last></set>";
        assert_eq!(
            page(&format!("<fin xmlns='urn:xmpp:mam:2'>{set}</fin>")),
            Some(Page {
                complete: false,
                last: Some("a7".into())
            })
        );
        assert_eq!(
            page("<fin xmlns='urn:xmpp:mam:2' complete='true'/>"),
            Some(Page {
                complete: true,
                last: None
            })
        );
        assert_eq!(page("<x xmlns='y'/>"), None);
        assert_eq!(read_page(None), None);
    }
}
