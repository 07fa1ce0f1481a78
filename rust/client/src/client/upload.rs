// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A large snapshot as a file (XEP-0363), for whoever waits for it now.
//!
//! Servers slow a client's stream down far more than their upload service, so a file is there long before the last chunk.
//! But files expire, and a device that was away for long must find all it lacks: so the chunks follow in any case, and
//! whatever goes wrong with a file only means that its readers wait for them.

use std::collections::BTreeSet;

use minidom::Element;

use super::Client;
use super::link::{Fetch, Pending, Timer};
use super::state::Upload;
use crate::body::Uploaded;
use crate::stanza::{Request, StanzaError};
use crate::upload::{self, Service};
use crate::{Transfer, TransferKind, ns, seal};

/// Smaller snapshots are not uploaded, in bytes: about 2,500 bookmarks. At the 10 kB/s of Debian's Prosody their
/// chunks take six seconds, not worth some ten round trips and sending everything twice.
const UPLOAD_FROM: usize = 64 * 1024;

/// How long the service may take for each answer, in milliseconds; the chunks wait for it.
const SERVICE_MS: u64 = 10_000;

/// After this time, in milliseconds, a file may have expired, and is put anew if its chunks are still not there. Services
/// keep files for a day at least.
const RENEW_MS: u64 = 24 * 3_600_000;

/// What is known of uploads on one stream.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    service: Search,
    /// A slot for the snapshot was asked for.
    asked: bool,
    /// Where the account's service keeps files, as far as it has told this device.
    origins: BTreeSet<String>,
    /// A slot that only tells that.
    probe: Fetch,
    /// The snapshot whose upload the head has told of.
    told: Option<String>,
}

#[derive(Debug, Default)]
enum Search {
    #[default]
    Unknown,
    /// So many answers are to come.
    Looking(usize),
    Absent,
    Found(Service),
}

/// Files that are being moved. They belong to no stream.
#[derive(Default)]
pub(super) struct Transfers {
    last: u64,
    pub(super) due: Vec<Transfer>,
    put: Option<Put>,
    /// The number and the address of what is being fetched.
    pub(super) get: Option<(u64, String)>,
    /// Bytes of the last one that have moved.
    pub(super) moved: u64,
}

struct Put {
    number: u64,
    snapshot: String,
    /// Where it can be had then.
    url: String,
}

/// Whether a new snapshot of that size is uploaded.
pub(super) fn upload_of(bytes: usize) -> Upload {
    if bytes < UPLOAD_FROM {
        Upload::Unwanted
    } else {
        Upload::Wanted
    }
}

impl Transfers {
    fn start(&mut self, url: String, kind: TransferKind) -> u64 {
        self.last = self.last.saturating_add(1);
        self.moved = 0;
        self.due.push(Transfer {
            number: self.last,
            url,
            kind,
        });
        self.last
    }
}

impl Client {
    /// Does what is next for the upload of the snapshot that is being published. True while its chunks have to wait.
    pub(super) fn upload_first(&mut self, now: u64) -> bool {
        let Some(outgoing) = self.state.outgoing() else {
            return false;
        };
        match &outgoing.upload {
            Upload::Unwanted => return false,
            Upload::Begun => {
                let id = &outgoing.info.id;
                if self.transfers.put.as_ref().is_some_and(|put| put.snapshot == *id) {
                    return true;
                }
                // The process ended meanwhile. Chunks go on where they broke off, a file does not.
                return self.go_without_upload("it was interrupted");
            }
            Upload::Done { at, .. } if now < at.saturating_add(RENEW_MS) => {
                if self.link.uploads.told.as_ref() != Some(&outgoing.info.id) {
                    self.link.uploads.told = Some(outgoing.info.id.clone());
                    self.link.head_now();
                }
                return false;
            }
            Upload::Done { .. } => {
                self.state.set_upload(Upload::Wanted);
                self.link.uploads.told = None;
            }
            Upload::Wanted => {}
        }
        let bytes = self.state.sealed().len();
        match self.upload_service(now) {
            None => true,
            Some(None) => self.go_without_upload("the server takes no files"),
            Some(Some(service)) => {
                let fits = |max| u64::try_from(bytes).is_ok_and(|bytes| bytes <= max);
                if !service.max_size.is_none_or(fits) {
                    return self.go_without_upload("it is too large for the server");
                }
                self.ask_slot(&service, bytes, now);
                true
            }
        }
    }

    fn go_without_upload(&mut self, why: &str) -> bool {
        tracing::info!(why, "the snapshot goes in chunks alone");
        self.state.set_upload(Upload::Unwanted);
        false
    }

    fn ask_slot(&mut self, service: &Service, bytes: usize, now: u64) {
        if self.link.uploads.asked {
            return;
        }
        self.link.uploads.asked = true;
        let snapshot = self.state.outgoing().map(|outgoing| outgoing.info.id.clone());
        self.link.set(Timer::Upload, now.saturating_add(SERVICE_MS));
        let request = upload::request(bytes);
        self.ask(
            Request::Get,
            Some(&service.jid),
            request,
            Pending::Slot(snapshot),
            now,
        );
    }

    /// The snapshot that can be had as a file and not yet in chunks.
    pub(super) fn uploaded(&self) -> Option<Uploaded> {
        let outgoing = self.state.outgoing().filter(|_| !self.snapshot_is_out())?;
        match &outgoing.upload {
            Upload::Done { url, .. } => Some(Uploaded {
                url: url.clone(),
                snapshot: outgoing.info.clone(),
            }),
            _ => None,
        }
    }

    /// The account's upload service: `None` while it is looked for, `Some(None)` where there is none that answers.
    fn upload_service(&mut self, now: u64) -> Option<Option<Service>> {
        if self.link.is_due(&Timer::Upload) {
            self.link.uploads.service = Search::Absent;
        }
        match &self.link.uploads.service {
            Search::Unknown => {
                let domain = self.config.account.domain().to_string();
                self.link.uploads.service = Search::Looking(2);
                self.link.set(Timer::Upload, now.saturating_add(SERVICE_MS));
                let items = Element::bare("query", ns::DISCO_ITEMS);
                self.ask(Request::Get, Some(&domain), items, Pending::Services, now);
                self.ask_service(domain, now);
                None
            }
            Search::Looking(0) => {
                self.link.uploads.service = Search::Absent;
                Some(None)
            }
            Search::Looking(_) => None,
            Search::Absent => Some(None),
            Search::Found(service) => Some(Some(service.clone())),
        }
    }

    fn ask_service(&mut self, jid: String, now: u64) {
        let info = Element::bare("query", ns::DISCO_INFO);
        self.ask(Request::Get, Some(&jid), info, Pending::Service(jid.clone()), now);
    }

    pub(super) fn services_came(&mut self, answer: Result<Option<Element>, StanzaError>, now: u64) {
        let Search::Looking(open) = self.link.uploads.service else {
            return;
        };
        let domain = self.config.account.domain().to_string();
        let items = answer.ok().flatten();
        let mut services: BTreeSet<String> = upload::read_services(items.as_ref()).into_iter().collect();
        services.remove(&domain);
        let open = open.saturating_sub(1).saturating_add(services.len());
        self.link.uploads.service = Search::Looking(open);
        for service in services {
            self.ask_service(service, now);
        }
    }

    pub(super) fn service_came(&mut self, jid: &str, answer: Result<Option<Element>, StanzaError>) {
        let Search::Looking(open) = self.link.uploads.service else {
            return;
        };
        let info = answer.ok().flatten();
        self.link.uploads.service = match upload::read_service(jid, info.as_ref()) {
            Some(service) => {
                self.link.clear(&Timer::Upload);
                Search::Found(service)
            }
            None => Search::Looking(open.saturating_sub(1)),
        };
    }

    pub(super) fn slot_came(
        &mut self,
        snapshot: Option<String>,
        answer: Result<Option<Element>, StanzaError>,
    ) {
        self.link.clear(&Timer::Upload);
        let slot = answer.map(|slot| upload::read_slot(slot.as_ref()));
        if let Ok(Some(slot)) = &slot {
            self.link.uploads.origins.extend(upload::origin(&slot.get));
        }
        let Some(snapshot) = snapshot else {
            self.link.uploads.probe = Fetch::Done;
            return;
        };
        self.link.uploads.asked = false;
        let wanted = self.state.outgoing();
        if wanted.is_none_or(|outgoing| outgoing.info.id != snapshot || outgoing.upload != Upload::Wanted) {
            return;
        }
        match slot {
            Ok(Some(slot)) => {
                self.state.set_upload(Upload::Begun);
                let kind = TransferKind::Put {
                    headers: slot.headers,
                    bytes: self.state.sealed().to_vec(),
                };
                let number = self.transfers.start(slot.put, kind);
                self.transfers.put = Some(Put {
                    number,
                    snapshot,
                    url: slot.get,
                });
            }
            Ok(None) => {
                self.go_without_upload("the server gave an address that is not used");
            }
            Err(error) => {
                self.go_without_upload(&error.to_string());
            }
        }
    }

    /// Fetches a snapshot as a file, if it is where the account's own service keeps them: what another device says is not
    /// reason enough to connect to anybody.
    pub(super) fn fetch_file(&mut self, url: String, now: u64) {
        if self.transfers.get.is_some() {
            return;
        }
        match self.is_own_origin(&url, now) {
            None => {}
            Some(false) => self.file_failed(url, "it is not at the account's own upload service"),
            Some(true) => {
                let size = self.state.incoming().map_or(0, |incoming| incoming.info.size);
                let number = self.transfers.start(url.clone(), TransferKind::Get { size });
                self.transfers.get = Some((number, url));
            }
        }
    }

    /// Whether a file is where the account's service keeps them; `None` while the service is asked.
    fn is_own_origin(&mut self, url: &str, now: u64) -> Option<bool> {
        let Some(origin) = upload::origin(url) else {
            return Some(false);
        };
        if self.link.uploads.origins.contains(&origin) {
            return Some(true);
        }
        let service = self.upload_service(now)?;
        let Some(service) = service.filter(|_| self.link.uploads.probe != Fetch::Done) else {
            return Some(false);
        };
        if self.link.uploads.probe == Fetch::Wanted {
            self.link.uploads.probe = Fetch::Asked;
            self.link.set(Timer::Upload, now.saturating_add(SERVICE_MS));
            let request = upload::request(1);
            self.ask(
                Request::Get,
                Some(&service.jid),
                request,
                Pending::Slot(None),
                now,
            );
        }
        None
    }

    fn file_failed(&mut self, url: String, why: &str) {
        tracing::info!(
            why,
            "a snapshot could not be fetched as a file, its chunks are waited for"
        );
        self.link.failed_snapshots.insert(url);
        self.state.take_incoming();
    }

    pub(super) fn file_moves(&mut self, number: u64, bytes: u64) {
        if self.transfers.last == number {
            self.transfers.moved = bytes;
        }
    }

    pub(super) fn file_moved(&mut self, number: u64, outcome: Result<Vec<u8>, String>, now: u64) {
        if let Some(put) = self.transfers.put.take_if(|put| put.number == number) {
            let wanted = self
                .state
                .outgoing()
                .filter(|outgoing| outgoing.info.id == put.snapshot && outgoing.upload == Upload::Begun);
            match (wanted.is_some(), outcome) {
                (false, _) => {}
                (true, Ok(_)) => self.state.set_upload(Upload::Done {
                    url: put.url,
                    at: now,
                }),
                (true, Err(why)) => {
                    self.go_without_upload(&why);
                }
            }
        } else if let Some((_, url)) = self.transfers.get.take_if(|(of, _)| *of == number) {
            let Some(incoming) = self
                .state
                .incoming()
                .filter(|incoming| incoming.url.as_ref() == Some(&url))
                .cloned()
            else {
                return;
            };
            match outcome {
                Ok(sealed) if seal::is_whole(&incoming.info, &sealed) => {
                    tracing::info!(replica = %incoming.replica, bytes = sealed.len(), "a snapshot came as a file");
                    self.state.take_incoming();
                    self.take_snapshot(&incoming, &sealed, now);
                }
                Ok(_) => self.file_failed(url, "its hash does not fit"),
                Err(why) => self.file_failed(url, &why),
            }
        }
    }
}
