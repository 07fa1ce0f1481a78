// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Chat messages that another of the user's clients took while this device was away: where the server keeps an archive
//! (XEP-0313), it is read from the last message that is known, and each goes the way of a live one.
//!
//! Nothing depends on it. A server without one, or one that forgot, only means that such messages are not seen here.

use jid::Jid;
use minidom::Element;
use rand_core::CryptoRng;

use super::Client;
use super::link::{Pending, Timer};
use crate::DropReason;
use crate::mam::{self, Range};
use crate::stanza::{Request, StanzaError};

/// Messages in one page. The server sends them one after the other, each at most as large as a stanza.
const PAGE: u32 = 50;

/// Most pages that are read after one another: twice what Prosody keeps (10,000 messages). The rest is read with the next
/// stream.
const MAX_PAGES: u32 = 400;

/// How long after a failure the archive is asked again, in milliseconds.
const RETRY_MS: u64 = 60_000;

/// How long after a live message the archive is read on, in milliseconds; there may be more to come.
const LIVE_DELAY_MS: u64 = 30_000;

/// How far the archive was read in this stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Archive {
    #[default]
    Wanted,
    /// Whether there is one has been asked.
    Asked,
    Reading(Reading),
    /// All was read, or there is none.
    Done {
        present: bool,
    },
}

/// A page that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    purpose: Purpose,
    /// Marks the page's results.
    query: String,
    /// The last result of the page so far.
    newest: Option<String>,
    pages: u32,
}

/// What a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// The first look: only what comes from now on concerns this device.
    Begin,
    /// What came since the last message that is known.
    Read,
    /// Nothing came. Some servers say so too when they have forgotten the message that was named.
    Verify,
}

impl Client {
    /// Asks for what is next of the archive.
    pub(super) fn drive_archive(&mut self, now: u64) {
        if !self.config.talks() {
            self.link.archive = Archive::Done { present: false };
        }
        // Whether a sender is still one of the account's devices is known only with the list.
        let ready = self.link.own_lists_came() && !self.link.waits(&Timer::Archive);
        if self.link.archive == Archive::Wanted && ready {
            self.link.archive = Archive::Asked;
            let account = self.account();
            let query = Element::bare("query", crate::ns::DISCO_INFO);
            self.ask(Request::Get, Some(&account), query, Pending::ArchiveInfo, now);
        }
        self.note_caught_up(now);
    }

    /// Pre keys that were used while this device was away are kept until all is read that may need them.
    fn note_caught_up(&mut self, now: u64) {
        let read = self.link.node_read || !self.config.sync_bookmarks;
        if read && !self.link.caught_up && matches!(self.link.archive, Archive::Done { .. }) {
            self.link.caught_up = true;
            self.device.handle_caught_up(now);
        }
    }

    pub(super) fn archive_info_came(&mut self, answer: Result<Option<Element>, StanzaError>, now: u64) {
        match answer {
            Ok(info) if mam::is_announced(info.as_ref()) => {
                let (purpose, range) = match &self.state.core().archive {
                    None => (Purpose::Begin, Range::Newest),
                    Some(mark) => (Purpose::Read, Range::After(mark.last.clone())),
                };
                self.ask_archive(purpose, &range, 1, now);
            }
            Err(error) if error.is(StanzaError::TIMEOUT) => self.retry_archive(&error, now),
            Ok(_) | Err(_) => self.link.archive = Archive::Done { present: false },
        }
    }

    fn ask_archive(&mut self, purpose: Purpose, range: &Range, pages: u32, now: u64) {
        let query = format!("archive-{}", self.link.fresh());
        let element = mam::query(&query, range, PAGE);
        self.link.archive = Archive::Reading(Reading {
            purpose,
            query,
            newest: None,
            pages,
        });
        self.ask(Request::Set, None, element, Pending::Archive, now);
    }

    fn retry_archive(&mut self, error: &StanzaError, now: u64) {
        tracing::info!(%error, "the message archive could not be read");
        self.link.archive = Archive::Wanted;
        self.link.set(Timer::Archive, now.saturating_add(RETRY_MS));
    }

    /// Takes one message of a page. Only the own account's archive is believed, and only in answer to a question.
    pub(super) fn take_archived(
        &mut self,
        from: &Jid,
        carrier: &Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        if from.resource().is_some() || from.to_bare() != self.config.account {
            let detail = "a message archive that is not the account's".to_owned();
            self.drop_input(DropReason::WrongSender, &from.to_string(), None, detail);
            return;
        }
        let Some(archived) = mam::read_result(carrier) else {
            return;
        };
        let Archive::Reading(reading) = &mut self.link.archive else {
            return;
        };
        if archived.query != reading.query || archived.id.is_empty() {
            return;
        }
        reading.newest = Some(archived.id.to_owned());
        let purpose = reading.purpose;
        if purpose == Purpose::Verify {
            return;
        }
        let mark = self.state.core_mut().archive.get_or_insert_default();
        mark.last = Some(archived.id.to_owned());
        if let Some(stamp) = archived.stamp {
            mark.stamp = Some(stamp.to_owned());
        }
        if let (Purpose::Read, Some(message)) = (purpose, archived.message) {
            self.take_copy(message, now, rng);
        }
    }

    pub(super) fn archive_page_came(&mut self, answer: Result<Option<Element>, StanzaError>, now: u64) {
        let Archive::Reading(reading) = self.link.archive.clone() else {
            return;
        };
        let page = match answer {
            Ok(result) => mam::read_page(result.as_ref()),
            // The server has forgotten the message that was named.
            Err(error) if error.is("item-not-found") && reading.purpose == Purpose::Read => {
                return self.read_archive_by_time(&reading, now);
            }
            Err(error) if error.is(StanzaError::TIMEOUT) => return self.retry_archive(&error, now),
            Err(error) => {
                tracing::info!(%error, "the message archive cannot be read");
                None
            }
        };
        let Some(page) = page else {
            self.link.archive = Archive::Done { present: false };
            return;
        };
        let known = self
            .state
            .core()
            .archive
            .as_ref()
            .and_then(|mark| mark.last.clone());
        match reading.purpose {
            Purpose::Begin => {
                // An empty archive has been looked at, too.
                self.state.core_mut().archive.get_or_insert_default();
            }
            Purpose::Read if reading.newest.is_none() && reading.pages == 1 && known.is_some() => {
                return self.ask_archive(Purpose::Verify, &Range::Newest, 1, now);
            }
            Purpose::Read if !page.complete && reading.newest.is_some() && reading.pages < MAX_PAGES => {
                let range = Range::After(known);
                return self.ask_archive(Purpose::Read, &range, reading.pages.saturating_add(1), now);
            }
            Purpose::Read => {}
            Purpose::Verify if reading.newest == known => {}
            Purpose::Verify => return self.read_archive_by_time(&reading, now),
        }
        self.link.archive = Archive::Done { present: true };
    }

    /// The archive no longer knows the last message: it is read from that one's time on. What is known is a duplicate.
    fn read_archive_by_time(&mut self, reading: &Reading, now: u64) {
        let mark = self.state.core_mut().archive.get_or_insert_default();
        mark.last = None;
        let range = mark.stamp.clone().map_or(Range::After(None), Range::Since);
        self.ask_archive(Purpose::Read, &range, reading.pages.saturating_add(1), now);
    }

    /// A message came live. Others may not have: a server gives some to the client with the highest priority alone.
    pub(super) fn archive_soon(&mut self, now: u64) {
        if self.link.archive == (Archive::Done { present: true }) {
            self.link.archive = Archive::Wanted;
            self.link.set(Timer::Archive, now.saturating_add(LIVE_DELAY_MS));
        }
    }
}
