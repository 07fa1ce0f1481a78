// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Building stanzas and reading their errors (RFC 6120 §8).

use std::fmt;

use minidom::Element;
use minidom::element::ElementBuilder;
use minidom::rxml::xml_ncname;
use omemo::DeviceId;

use crate::ns;

/// Longest text of a stanza error that is kept, in characters.
const MAX_ERROR_TEXT: usize = 200;

/// The two requests of an iq (RFC 6120 §8.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Get,
    Set,
}

/// A request.
pub(crate) fn iq(request: Request, id: &str, to: Option<&str>, payload: Element) -> Element {
    let kind = match request {
        Request::Get => "get",
        Request::Set => "set",
    };
    addressed(Element::builder("iq", ns::CLIENT), to)
        .attr(xml_ncname!("type").to_owned(), kind)
        .attr(xml_ncname!("id").to_owned(), id)
        .append(payload)
        .build()
}

/// The answer to a request that was carried out.
pub(crate) fn iq_result(request: &Element, payload: Option<Element>) -> Element {
    reply(request, "result").append_all(payload).build()
}

/// The answer to a request that was not.
pub(crate) fn iq_error(request: &Element, kind: &str, condition: &str) -> Element {
    let error = Element::builder("error", ns::CLIENT)
        .attr(xml_ncname!("type").to_owned(), kind)
        .append(Element::bare(condition, ns::STANZAS))
        .build();
    reply(request, "error").append(error).build()
}

fn reply(request: &Element, kind: &str) -> ElementBuilder {
    addressed(Element::builder("iq", ns::CLIENT), request.attr("from"))
        .attr(xml_ncname!("type").to_owned(), kind)
        .attr(
            xml_ncname!("id").to_owned(),
            request.attr("id").unwrap_or_default(),
        )
}

fn addressed(builder: ElementBuilder, to: Option<&str>) -> ElementBuilder {
    match to {
        Some(to) => builder.attr(xml_ncname!("to").to_owned(), to),
        None => builder,
    }
}

/// An OMEMO message (XEP-0384 §5.5) in one wire form or more, with the hints that servers and other clients want: that it
/// is encrypted (XEP-0380, which names one form) and that it is to be stored although it has no body (XEP-0334).
pub(crate) fn encrypted_message(to: &str, id: &str, encrypted: Vec<Element>) -> Element {
    let namespace = encrypted
        .first()
        .map_or_else(|| omemo::NS_OMEMO_2.to_owned(), Element::ns);
    let hint = Element::builder("encryption", ns::EXPLICIT_ENCRYPTION)
        .attr(xml_ncname!("namespace").to_owned(), namespace)
        .attr(xml_ncname!("name").to_owned(), "OMEMO")
        .build();
    Element::builder("message", ns::CLIENT)
        .attr(xml_ncname!("type").to_owned(), "chat")
        .attr(xml_ncname!("to").to_owned(), to)
        .attr(xml_ncname!("id").to_owned(), id)
        .append_all(encrypted)
        .append(hint)
        .append(Element::bare("store", ns::HINTS))
        .build()
}

/// An OMEMO message that says nothing to people: without the hint that it is encrypted, so that programs that cannot read
/// it show nothing either.
pub(crate) fn silent_message(to: &str, id: &str, encrypted: Vec<Element>) -> Element {
    let mut message = encrypted_message(to, id, encrypted);
    while message
        .remove_child("encryption", ns::EXPLICIT_ENCRYPTION)
        .is_some()
    {}
    message
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StanzaError {
    /// The defined condition (RFC 6120 §8.3.3), or [`StanzaError::TIMEOUT`].
    pub(crate) condition: String,
    /// The condition of the application, such as `precondition-not-met`.
    pub(crate) application: Option<String>,
    text: String,
}

impl StanzaError {
    /// The condition that stands for an answer that did not come.
    pub(crate) const TIMEOUT: &str = "timeout";

    /// No answer came.
    pub(crate) fn timeout() -> StanzaError {
        StanzaError {
            condition: Self::TIMEOUT.to_owned(),
            application: None,
            text: String::new(),
        }
    }

    /// An answer came that is not what was asked for.
    pub(crate) fn unexpected(text: &str) -> StanzaError {
        StanzaError {
            condition: "undefined-condition".to_owned(),
            application: None,
            text: text.to_owned(),
        }
    }

    /// The `<error/>` of a stanza.
    pub(crate) fn of(stanza: &Element) -> StanzaError {
        let mut error = StanzaError::unexpected("");
        let Some(element) = stanza.children().find(|child| child.name() == "error") else {
            return error;
        };
        for child in element.children() {
            match (child.ns() == ns::STANZAS, child.name()) {
                (true, "text") => error.text = child.text().chars().take(MAX_ERROR_TEXT).collect(),
                (true, condition) => error.condition = condition.to_owned(),
                (false, condition) => error.application = Some(condition.to_owned()),
            }
        }
        error
    }

    pub(crate) fn is(&self, condition: &str) -> bool {
        self.condition == condition
    }

    /// Whether a node's configuration is not what the publish options ask for (XEP-0060 §7.1.5).
    pub(crate) fn is_precondition_not_met(&self) -> bool {
        self.application.as_deref() == Some("precondition-not-met")
            || self.application.is_none() && self.is("conflict")
    }
}

impl fmt::Display for StanzaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.condition.as_str() {
            Self::TIMEOUT => "no answer came in time",
            "item-not-found" => "it does not exist",
            "forbidden" | "not-allowed" => "the server does not allow it",
            "service-unavailable" | "feature-not-implemented" => "the server cannot do it",
            "remote-server-not-found" | "remote-server-timeout" => "the other server cannot be reached",
            "resource-constraint" | "policy-violation" | "not-acceptable" => "the server refuses it",
            other => other,
        };
        f.write_str(words)?;
        if !self.text.is_empty() {
            write!(f, " ({})", self.text)?;
        }
        Ok(())
    }
}

/// The device that encrypted an OMEMO element, as its header says (XEP-0384 §5.5.1); nothing is proven yet.
pub(crate) fn encrypting_device(encrypted: &Element) -> Option<DeviceId> {
    let header = encrypted.get_child("header", encrypted.ns().as_str())?;
    header.attr("sid")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(xml: &str) -> Element {
        xml.parse().unwrap()
    }

    #[test]
    fn an_error_is_read_with_its_applications_condition() {
        let stanza = parse(
            "<iq xmlns='jabber:client' type='error'><error type='cancel'>\
             <conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
             <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text>\
             <precondition-not-met xmlns='http://jabber.org/protocol/pubsub#errors'/></error></iq>",
        );
        let error = StanzaError::of(&stanza);
        assert!(error.is("conflict") && error.is_precondition_not_met());
        assert_eq!(error.to_string(), "conflict (no)");
        assert_eq!(
            StanzaError::of(&parse("<iq xmlns='jabber:client'/>")).condition,
            "undefined-condition"
        );
    }

    #[test]
    fn an_answer_goes_back_to_who_asked() {
        let request = parse("<iq xmlns='jabber:client' type='get' id='7' from='a@b/c'><x xmlns='y'/></iq>");
        let error = iq_error(&request, "cancel", "service-unavailable");
        assert_eq!(
            (error.attr("to"), error.attr("id"), error.attr("type")),
            (Some("a@b/c"), Some("7"), Some("error"))
        );
        let result = iq_result(&request, None);
        assert_eq!(
            (result.attr("type"), result.children().count()),
            (Some("result"), 0)
        );
    }
}
