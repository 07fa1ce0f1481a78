// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! A replicated browsing history.
//!
//! A browser keeps one row for each address: its title, when it was visited last, and how often. So each device counts for
//! itself, and what is shown of a page is the sum of all devices' counts. A page's registers ([`Visits::merge`] joins them) are
//! one count for each device, a title, and the time of the last deletion; one more register tells when everything was cleared.
//! A visit is deleted when it was no later than either, unless its device knew of that deletion by then. What a count held before
//! a deletion that its device did not know of is gone: the page is shown as visited once there, and the device counts anew.
//!
//! Three things are kept apart in a page: the registers; what this device's browser holds (the *host view*), so that what the
//! user did is told from what was brought; and what this device tells of the page (its *own part*), on a *shelf*: what changed
//! lately is told in whole with every change, the rest lies in numbered segments that are seldom told again.
//!
//! Others' clocks may be wrong. What they say is later than now counts as now (`time` has the rules), and what is older than
//! [`KEEP_MS`] is neither kept nor taken, so that nobody brings back what all others have forgotten.
//!
//! Order of calls: [`Visits::load`] or [`Visits::new`]. For a new one, [`Visits::merge`] what the account's devices tell, and
//! only then [`Visits::handle_host_all`], which knows by it what came into this profile by an earlier sync. From then on any
//! call at any time; `handle_host_all` at each start of the host, [`Visits::forget`] about once a day. After each step save
//! [`Visits::take_changes`] in one transaction before anything is sent or shown.
//!
//! No I/O, no clock and no randomness of its own: `now` is milliseconds since the Unix epoch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod change;
mod edits;
mod forget;
mod host;
mod index;
mod list;
mod merge;
mod page;
mod row;
mod store;
mod tell;
#[cfg(test)]
mod tests;
mod time;
mod web;

pub use edits::{VisitBatch, VisitEdit};
pub use forget::{KEEP_MS, MAX_OTHERS_PAGES, MAX_OWN_PAGES};
pub use host::HostPage;
pub use list::Seen;
pub use merge::{MAX_ORIGINS, Merged};
pub use row::{PageRow, RowCount};
pub use store::{LoadError, TABLES};
pub use web::{MAX_TITLE_CHARS, MAX_URL_BYTES, is_of_web};

use edits::UnderWay;
use index::Index;
use page::{Page, Scope};

/// Who counts: a device's id in OMEMO.
pub type Origin = u32;

/// The browsing history as one device knows it. The module's documentation states the order of calls.
#[derive(Debug)]
pub struct Visits {
    scope: Scope,
    pages: BTreeMap<Arc<str>, Page>,
    index: Index,
    /// Rises with every change of the own part, and of what was cleared here.
    revision: u64,
    under_way: Option<UnderWay>,
    /// The number of the last batch; after a restart they are counted anew, for no batch outlives the host.
    last_batch: u64,
    unsaved: BTreeSet<Arc<str>>,
    meta_unsaved: bool,
    /// Whether the record that names the device was ever saved.
    stored: bool,
}

impl Visits {
    /// An empty history of the device `own`. There is nothing to save until something happens.
    pub fn new(own: Origin) -> Visits {
        Visits {
            scope: Scope::new(own),
            pages: BTreeMap::new(),
            index: Index::default(),
            revision: 0,
            under_way: None,
            last_batch: 0,
            unsaved: BTreeSet::new(),
            meta_unsaved: false,
            stored: false,
        }
    }

    /// The device that counts here.
    pub fn own(&self) -> Origin {
        self.scope.own
    }

    /// Everything up to then is deleted: what this device tells beside its pages. Milliseconds since the Unix epoch, and 0 when
    /// nothing was ever cleared.
    pub fn cleared(&self) -> u64 {
        self.scope.cleared.raw()
    }

    /// Rises whenever what this device tells has changed, by itself or by what others told. It is saved.
    pub fn revision(&self) -> u64 {
        self.revision
    }
}
