// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Whatever a server may put at the top of a stream, taken whole: no unknown name, no missing attribute and no odd
//! payload is an error here. What is too deep or too large is read to its end but not kept.

use minidom::Element;
use xso::error::{Error, FromEventsError};
use xso::exports::rxml::{AttrMap, Event, QName};
use xso::{Context, FromEventsBuilder, FromXml};

use super::limits::{MAX_DEPTH, MAX_INBOUND};

/// One element of the stream's first level.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// The element as it came.
    Whole(Element),
    /// An element beyond a limit: its name and attributes alone.
    Refused(Element, Refusal),
}

/// The limit that an element exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// Larger than [`MAX_INBOUND`].
    TooLarge,
}

impl Incoming {
    /// The element, or what is left of it.
    pub(crate) fn head(&self) -> &Element {
        match self {
            Incoming::Whole(element) | Incoming::Refused(element, _) => element,
        }
    }
}

/// Builds an [`Incoming`].
pub(crate) struct Builder {
    /// The elements that are open, outermost first; only the outermost one after a refusal.
    open: Vec<Element>,
    depth: usize,
    bytes: usize,
    refusal: Option<Refusal>,
}

impl Builder {
    fn start(&mut self, name: QName, attributes: AttrMap) {
        self.depth = self.depth.saturating_add(1);
        self.count(name.1.len());
        let mut element = Element::builder(name.1, name.0);
        for ((namespace, name), value) in attributes {
            self.count(name.len().saturating_add(value.len()));
            element = element.attr_ns(namespace, name, value);
        }
        if self.depth > MAX_DEPTH {
            self.refuse(Refusal::TooDeep);
        }
        if self.refusal.is_none() || self.open.is_empty() {
            self.open.push(element.build());
        }
    }

    fn count(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MAX_INBOUND {
            self.refuse(Refusal::TooLarge);
        }
    }

    fn refuse(&mut self, refusal: Refusal) {
        if self.refusal.is_none() {
            self.refusal = Some(refusal);
            self.open.truncate(1);
        }
    }

    fn end(&mut self) -> Option<Incoming> {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            let mut element = self.open.pop()?;
            return Some(match self.refusal {
                None => Incoming::Whole(element),
                Some(refusal) => {
                    element.take_nodes();
                    Incoming::Refused(element, refusal)
                }
            });
        }
        if self.refusal.is_none() {
            let element = self.open.pop()?;
            self.open.last_mut()?.append_child(element);
        }
        None
    }
}

impl FromEventsBuilder for Builder {
    type Output = Incoming;

    fn feed(&mut self, event: Event, _context: &Context<'_>) -> Result<Option<Incoming>, Error> {
        match event {
            Event::XmlDeclaration(..) => Ok(None),
            Event::StartElement(_, name, attributes) => {
                self.start(name, attributes);
                Ok(None)
            }
            Event::Text(_, text) => {
                self.count(text.len());
                if self.refusal.is_none()
                    && let Some(element) = self.open.last_mut()
                {
                    element.append_text_node(text);
                }
                Ok(None)
            }
            Event::EndElement(_) => Ok(self.end()),
        }
    }
}

impl FromXml for Incoming {
    type Builder = Builder;

    fn from_events(
        name: QName,
        attributes: AttrMap,
        _context: &Context<'_>,
    ) -> Result<Builder, FromEventsError> {
        let mut builder = Builder {
            open: Vec::new(),
            depth: 0,
            bytes: 0,
            refusal: None,
        };
        builder.start(name, attributes);
        Ok(builder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(xml: &str) -> Incoming {
        xso::from_bytes(xml.as_bytes()).unwrap()
    }

    #[test]
    fn anything_is_taken_as_it_is() {
        let xml =
            "<unknown xmlns='urn:x' a='1' b='&lt;'>text<c xmlns='urn:y'><d/>tail</c>\u{1f30d}</unknown>";
        let Incoming::Whole(element) = parse(xml) else {
            panic!("refused")
        };
        assert_eq!(element, xml.parse::<Element>().unwrap());
    }

    #[test]
    fn deep_nesting_is_cut_and_the_head_kept() {
        let nested = |depth: usize| {
            format!(
                "{}{}",
                "<a xmlns='urn:x' id='7'>".repeat(depth),
                "</a>".repeat(depth)
            )
        };
        assert!(matches!(parse(&nested(MAX_DEPTH)), Incoming::Whole(_)));
        for depth in [MAX_DEPTH + 1, 60_000] {
            let Incoming::Refused(head, Refusal::TooDeep) = parse(&nested(depth)) else {
                panic!("taken")
            };
            assert_eq!(head.attr("id"), Some("7"));
            assert_eq!(head.nodes().count(), 0);
        }
    }

    #[test]
    fn a_huge_element_is_cut_and_the_head_kept() {
        let huge = |bytes: usize| format!("<a xmlns='urn:x' id='7'><b>{}</b></a>", "x".repeat(bytes));
        assert!(matches!(parse(&huge(MAX_INBOUND - 1000)), Incoming::Whole(_)));
        let Incoming::Refused(head, Refusal::TooLarge) = parse(&huge(MAX_INBOUND)) else {
            panic!("taken")
        };
        assert_eq!(head.attr("id"), Some("7"));
        assert_eq!(head.nodes().count(), 0);
    }
}
