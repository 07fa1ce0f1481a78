// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Stream management (XEP-0198): what was sent and not yet acknowledged, what waits behind it, and the two counters.
//! No I/O.

use std::collections::VecDeque;

use minidom::Element;

use super::limits::MAX_UNACKNOWLEDGED;

/// Namespace of stream management, version 3.
pub(super) const NS_SM: &str = "urn:xmpp:sm:3";

/// A stanza and its size in bytes.
#[derive(Debug)]
struct Stanza {
    element: Element,
    bytes: usize,
}

/// The stanzas on their way out.
#[derive(Debug, Default)]
pub(crate) struct Outbound {
    /// Not written yet.
    waiting: VecDeque<Stanza>,
    /// Written, not acknowledged; stays empty while the server does not acknowledge.
    sent: VecDeque<Stanza>,
    /// Bytes in `sent`.
    sent_bytes: usize,
    /// The server's count at its last acknowledgement, modulo 2^32 (XEP-0198 section 4).
    acknowledged: u32,
    /// The server acknowledges.
    counting: bool,
}

/// The server acknowledged more than was sent.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server acknowledged {handled} stanzas, {sent} were sent")]
pub(crate) struct TooManyAcknowledged {
    pub(crate) handled: u32,
    pub(crate) sent: u32,
}

impl Outbound {
    /// Forgets everything: a new session begins.
    pub(crate) fn reset(&mut self) {
        *self = Outbound::default();
    }

    /// Acknowledgements are on from here.
    pub(crate) fn start_counting(&mut self) {
        self.counting = true;
    }

    /// Adds a stanza of `bytes` bytes at the end.
    pub(crate) fn push(&mut self, element: Element, bytes: usize) {
        self.waiting.push_back(Stanza { element, bytes });
    }

    /// The next stanza to write, if the window allows one.
    pub(crate) fn next(&self) -> Option<&Element> {
        let next = self.waiting.front()?;
        let fits = self.sent.is_empty() || self.sent_bytes.saturating_add(next.bytes) <= MAX_UNACKNOWLEDGED;
        fits.then_some(&next.element)
    }

    /// The stanza that [`Outbound::next`] gave was written.
    pub(crate) fn written(&mut self) {
        if let Some(stanza) = self.waiting.pop_front()
            && self.counting
        {
            self.sent_bytes = self.sent_bytes.saturating_add(stanza.bytes);
            self.sent.push_back(stanza);
        }
    }

    /// Something was sent that is not acknowledged.
    pub(crate) fn is_unacknowledged(&self) -> bool {
        !self.sent.is_empty()
    }

    /// The server has handled `handled` stanzas (modulo 2^32). Returns how many of them are new.
    ///
    /// # Errors
    /// [`TooManyAcknowledged`]; nothing is changed then.
    pub(crate) fn acknowledge(&mut self, handled: u32) -> Result<u32, TooManyAcknowledged> {
        let new = handled.wrapping_sub(self.acknowledged);
        let sent = u32::try_from(self.sent.len()).unwrap_or(u32::MAX);
        if new > sent {
            return Err(TooManyAcknowledged {
                handled,
                sent: self.acknowledged.wrapping_add(sent),
            });
        }
        for _ in 0..new {
            if let Some(stanza) = self.sent.pop_front() {
                self.sent_bytes = self.sent_bytes.saturating_sub(stanza.bytes);
            }
        }
        self.acknowledged = handled;
        Ok(new)
    }

    /// The session was resumed and the server has handled `handled` stanzas: the rest is to be written again, first.
    ///
    /// # Errors
    /// [`TooManyAcknowledged`]; nothing is changed then.
    pub(crate) fn resumed(&mut self, handled: u32) -> Result<(), TooManyAcknowledged> {
        self.acknowledge(handled)?;
        self.sent_bytes = 0;
        while let Some(stanza) = self.sent.pop_back() {
            self.waiting.push_front(stanza);
        }
        Ok(())
    }
}

/// The stanzas that came in.
#[derive(Debug, Default)]
pub(crate) struct Inbound {
    /// Read from the stream, modulo 2^32.
    read: u32,
    /// Handled for good: what they led to is saved. This is what the server is told.
    handled: u32,
    /// The server asked, and its answer waits until all that was read is handled.
    answer_due: bool,
}

impl Inbound {
    /// A stanza was read.
    pub(crate) fn read(&mut self) {
        self.read = self.read.wrapping_add(1);
    }

    /// One more stanza was handled.
    pub(crate) fn handled(&mut self) {
        if self.handled != self.read {
            self.handled = self.handled.wrapping_add(1);
        }
    }

    /// The count for an acknowledgement.
    pub(crate) fn count(&self) -> u32 {
        self.handled
    }

    /// The server asked for an acknowledgement.
    pub(crate) fn asked(&mut self) {
        self.answer_due = true;
    }

    /// The count to answer with, once it is due and complete.
    pub(crate) fn take_answer(&mut self) -> Option<u32> {
        let ready = self.answer_due && self.handled == self.read;
        ready.then(|| {
            self.answer_due = false;
            self.handled
        })
    }

    /// The session goes on over a new connection: what was read and not handled yet, the server sends again.
    pub(crate) fn resumed(&mut self) {
        self.read = self.handled;
        self.answer_due = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stanza(number: usize) -> Element {
        format!("<message xmlns='jabber:client' id='{number}'/>")
            .parse()
            .unwrap()
    }

    fn write_all(outbound: &mut Outbound) -> Vec<String> {
        let mut ids = Vec::new();
        while let Some(element) = outbound.next() {
            ids.push(element.attr("id").unwrap().to_owned());
            outbound.written();
        }
        ids
    }

    fn counting() -> Outbound {
        let mut outbound = Outbound::default();
        outbound.start_counting();
        outbound
    }

    #[test]
    fn what_is_not_acknowledged_is_written_again_after_a_resumption_in_order() {
        let mut outbound = counting();
        for number in 0..5 {
            outbound.push(stanza(number), 100);
        }
        assert_eq!(write_all(&mut outbound), ["0", "1", "2", "3", "4"]);
        assert_eq!(outbound.acknowledge(2), Ok(2));
        outbound.push(stanza(5), 100);
        outbound.resumed(3).unwrap();
        assert_eq!(write_all(&mut outbound), ["3", "4", "5"]);
        assert_eq!(outbound.acknowledge(6), Ok(3));
        assert!(!outbound.is_unacknowledged());
    }

    #[test]
    fn the_window_bounds_what_is_unacknowledged() {
        let mut outbound = counting();
        for number in 0..4 {
            outbound.push(stanza(number), MAX_UNACKNOWLEDGED / 2);
        }
        outbound.push(stanza(4), MAX_UNACKNOWLEDGED * 3);
        assert_eq!(write_all(&mut outbound), ["0", "1"]);
        outbound.acknowledge(1).unwrap();
        assert_eq!(write_all(&mut outbound), ["2"]);
        outbound.acknowledge(3).unwrap();
        assert_eq!(write_all(&mut outbound), ["3"]);
        outbound.acknowledge(4).unwrap();
        assert_eq!(
            write_all(&mut outbound),
            ["4"],
            "a stanza larger than the window goes alone"
        );
    }

    #[test]
    fn counters_wrap() {
        let mut outbound = counting();
        outbound.acknowledged = u32::MAX - 1;
        for number in 0..4 {
            outbound.push(stanza(number), 1);
        }
        write_all(&mut outbound);
        assert_eq!(outbound.acknowledge(1), Ok(3));
        assert_eq!(outbound.acknowledge(1), Ok(0));
        assert_eq!(
            outbound.acknowledge(3),
            Err(TooManyAcknowledged { handled: 3, sent: 2 })
        );
        assert_eq!(
            outbound.acknowledge(0),
            Err(TooManyAcknowledged { handled: 0, sent: 2 }),
            "a count never falls"
        );
        assert_eq!(outbound.acknowledge(2), Ok(1));
    }

    #[test]
    fn without_acknowledgements_nothing_is_kept() {
        let mut outbound = Outbound::default();
        for number in 0..4 {
            outbound.push(stanza(number), MAX_UNACKNOWLEDGED);
        }
        assert_eq!(write_all(&mut outbound).len(), 4);
        assert!(!outbound.is_unacknowledged());
    }

    #[test]
    fn the_server_is_answered_when_all_is_handled() {
        let mut inbound = Inbound::default();
        inbound.read();
        inbound.read();
        inbound.asked();
        inbound.handled();
        assert_eq!(inbound.take_answer(), None);
        inbound.handled();
        assert_eq!(inbound.take_answer(), Some(2));
        assert_eq!(inbound.take_answer(), None);
    }

    #[test]
    fn what_was_not_handled_before_a_resumption_comes_again() {
        let mut inbound = Inbound::default();
        inbound.read();
        inbound.read();
        inbound.handled();
        inbound.resumed();
        inbound.read();
        inbound.asked();
        assert_eq!(inbound.take_answer(), None);
        inbound.handled();
        assert_eq!(inbound.take_answer(), Some(2));
    }
}
