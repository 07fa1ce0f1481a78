// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! From an authenticated stream to a session: resumption or resource binding (RFC 6120 section 7), stream management
//! (XEP-0198), limits (XEP-0478).

use futures::SinkExt;
use jid::FullJid;
use minidom::Element;
use xso::exports::rxml::xml_ncname;

use super::connect::{NS_CLIENT, Stream, next_element};
use super::element::Incoming;
use super::error::{SessionError, Step, within};
use super::limits::{BIND_TIMEOUT, DEFAULT_MAX_STANZA, LEAST_MAX_STANZA, RESUME_SECONDS};
use super::management::NS_SM;

/// Namespace of resource binding.
const NS_BIND: &str = "urn:ietf:params:xml:ns:xmpp-bind";
/// Namespace of stanza errors.
pub(super) const NS_STANZAS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
/// Namespace of the announced limits (XEP-0478).
const NS_LIMITS: &str = "urn:xmpp:stream-limits:0";

/// What is needed to resume a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resumption {
    /// The server's name for the session.
    pub(crate) id: String,
    pub(crate) bound: FullJid,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The old session goes on. The server has handled this many of our stanzas.
    Resumed { handled: u32 },
    /// A new session.
    Fresh(Fresh),
}

/// A new session.
#[derive(Debug)]
pub(crate) struct Fresh {
    pub(crate) bound: FullJid,
    /// The server acknowledges stanzas.
    pub(crate) managed: bool,
    /// The server keeps the session if the connection breaks, under this name.
    pub(crate) resumption_id: Option<String>,
    /// What the server sent before it acknowledged stream management; not counted by it.
    pub(crate) early: Vec<Incoming>,
}

/// The largest stanza that the server takes, in bytes.
pub(crate) fn max_stanza(features: &Element) -> usize {
    let announced = features
        .get_child("limits", NS_LIMITS)
        .and_then(|limits| limits.get_child("max-bytes", NS_LIMITS))
        .and_then(|bytes| bytes.text().trim().parse::<usize>().ok());
    announced.map_or(DEFAULT_MAX_STANZA, |bytes| bytes.max(LEAST_MAX_STANZA))
}

/// Resumes `old` where there is one and the server still has it, else binds `resource`.
///
/// # Errors
/// The server refuses to bind, breaks the rules or takes too long.
pub(crate) async fn establish(
    stream: &mut Stream,
    features: &Element,
    old: Option<(&Resumption, u32)>,
    resource: &str,
) -> Result<Outcome, SessionError> {
    within(BIND_TIMEOUT, Step::Bind, async {
        let managed = features.has_child("sm", NS_SM);
        if let Some((old, handled)) = old.filter(|_| managed)
            && let Some(handled) = resume(stream, &old.id, handled).await?
        {
            return Ok(Outcome::Resumed { handled });
        }
        let bound = bind(stream, resource).await?;
        let mut fresh = Fresh {
            bound,
            managed: false,
            resumption_id: None,
            early: Vec::new(),
        };
        if managed {
            enable(stream, &mut fresh).await?;
        }
        Ok(Outcome::Fresh(fresh))
    })
    .await
}

/// The server's count of our stanzas; None if it no longer has the session.
async fn resume(stream: &mut Stream, id: &str, handled: u32) -> Result<Option<u32>, SessionError> {
    let request = Element::builder("resume", NS_SM)
        .attr(xml_ncname!("h").into(), handled.to_string())
        .attr(xml_ncname!("previd").into(), id)
        .build();
    stream.send(&request).await?;
    loop {
        let answer = next_element(stream).await?;
        let answer = answer.head();
        if answer.is("resumed", NS_SM) {
            // Without a count nothing is known to have arrived, and all of it is sent again.
            return match answer.attr("h").map(str::parse) {
                Some(Ok(count)) => Ok(Some(count)),
                Some(Err(_)) | None => Err(protocol("a resumption without a count")),
            };
        }
        // <failed/> may lack `h`, and its cause does not matter: a new session follows.
        if answer.is("failed", NS_SM) {
            return Ok(None);
        }
        tracing::debug!(name = answer.name(), "ignored an element while resuming");
    }
}

async fn bind(stream: &mut Stream, resource: &str) -> Result<FullJid, SessionError> {
    match try_bind(stream, Some(resource)).await? {
        Ok(bound) => Ok(bound),
        // The server wants to choose itself, or does not let go of an old session of ours.
        Err(condition) if matches!(condition.as_str(), "conflict" | "not-allowed" | "bad-request") => {
            try_bind(stream, None).await?.map_err(bind_refused)
        }
        Err(condition) => Err(bind_refused(condition)),
    }
}

fn bind_refused(condition: String) -> SessionError {
    SessionError::SignInFailed {
        condition: format!("no session: {condition}"),
    }
}

async fn try_bind(
    stream: &mut Stream,
    resource: Option<&str>,
) -> Result<Result<FullJid, String>, SessionError> {
    let id = format!("{:016x}", rand::random::<u64>());
    let mut bind = Element::bare("bind", NS_BIND);
    if let Some(resource) = resource {
        bind.append_child(Element::builder("resource", NS_BIND).append(resource).build());
    }
    let request = Element::builder("iq", NS_CLIENT)
        .attr(xml_ncname!("type").into(), "set")
        .attr(xml_ncname!("id").into(), id.as_str())
        .append(bind)
        .build();
    stream.send(&request).await?;
    loop {
        let Incoming::Whole(answer) = next_element(stream).await? else {
            continue;
        };
        if !answer.is("iq", NS_CLIENT) || answer.attr("id") != Some(id.as_str()) {
            tracing::debug!(name = answer.name(), "ignored an element while binding");
            continue;
        }
        if answer.attr("type") == Some("result") {
            let bound = answer
                .get_child("bind", NS_BIND)
                .and_then(|bind| bind.get_child("jid", NS_BIND));
            let bound = bound.and_then(|jid| FullJid::new(jid.text().trim()).ok());
            return bound
                .map(Ok)
                .ok_or_else(|| protocol("a bound address that is none"));
        }
        let condition = answer
            .get_child("error", NS_CLIENT)
            .and_then(|error| {
                error
                    .children()
                    .find(|child| child.ns() == NS_STANZAS && child.name() != "text")
            })
            .map_or("undefined-condition", Element::name);
        return Ok(Err(condition.to_owned()));
    }
}

async fn enable(stream: &mut Stream, fresh: &mut Fresh) -> Result<(), SessionError> {
    let request = Element::builder("enable", NS_SM)
        .attr(xml_ncname!("resume").into(), "true")
        .attr(xml_ncname!("max").into(), RESUME_SECONDS.to_string())
        .build();
    stream.send(&request).await?;
    loop {
        let answer = next_element(stream).await?;
        let head = answer.head();
        if head.is("enabled", NS_SM) {
            fresh.managed = true;
            let resumable = matches!(head.attr("resume"), Some("true" | "1"));
            fresh.resumption_id = head.attr("id").filter(|_| resumable).map(str::to_owned);
            return Ok(());
        }
        if head.is("failed", NS_SM) {
            return Ok(());
        }
        fresh.early.push(answer);
    }
}

fn protocol(detail: &str) -> SessionError {
    SessionError::Protocol {
        detail: detail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_and_bounded() {
        let features = |limits: &str| -> Element {
            format!("<features xmlns='http://etherx.jabber.org/streams'>{limits}</features>")
                .parse()
                .unwrap()
        };
        let limits =
            |bytes: &str| format!("<limits xmlns='{NS_LIMITS}'><max-bytes>{bytes}</max-bytes></limits>");
        assert_eq!(max_stanza(&features("")), DEFAULT_MAX_STANZA);
        assert_eq!(max_stanza(&features(&limits("262144"))), 262_144);
        assert_eq!(max_stanza(&features(&limits("12"))), LEAST_MAX_STANZA);
        assert_eq!(max_stanza(&features(&limits("many"))), DEFAULT_MAX_STANZA);
    }
}
