// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The one way by which pages change: the registers are settled, the own part goes on its shelf, the index and what is to be
//! saved follow.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Visits;
use super::index::Index;
use super::page::{Page, Scope, Shelf};

impl Visits {
    /// Changes a page, which may be new; whether that made a difference.
    pub(super) fn change(&mut self, url: &str, change: impl FnOnce(&mut Page, &Scope)) -> bool {
        let (url, page) = self
            .pages
            .remove_entry(url)
            .unwrap_or_else(|| (Arc::from(url), Page::default()));
        self.index.note(&url, &page, &self.scope, false);
        self.put(url, page, change)
    }

    /// Changes all pages, after the scope itself was changed as well; how many are different.
    pub(super) fn change_all(&mut self, mut change: impl FnMut(&mut Page, &Scope)) -> usize {
        self.index = Index::default();
        let pages: BTreeMap<Arc<str>, Page> = std::mem::take(&mut self.pages);
        let mut changed = 0_usize;
        for (url, page) in pages {
            changed = changed.saturating_add(usize::from(self.put(url, page, &mut change)));
        }
        changed
    }

    /// Puts a page that was taken out back in, changed.
    fn put(&mut self, url: Arc<str>, before: Page, change: impl FnOnce(&mut Page, &Scope)) -> bool {
        let mut page = before.clone();
        change(&mut page, &self.scope);
        page.settle(&self.scope);
        self.shelve(&before, &mut page);
        let changed = page != before;
        if changed {
            self.unsaved.insert(Arc::clone(&url));
        }
        if !page.is_void() {
            self.index.note(&url, &page, &self.scope, true);
            self.pages.insert(url, page);
        }
        changed
    }

    /// What was told differently before, or is on no shelf, changed just now.
    fn shelve(&mut self, before: &Page, page: &mut Page) {
        let told = page.own_part(&self.scope);
        let is_told = !told.0.is_empty() || told.1.is_some();
        let unchanged = told == before.own_part(&self.scope) && page.shelf.is_some() == is_told;
        if unchanged {
            return;
        }
        self.revision = self.revision.saturating_add(1);
        self.meta_unsaved = true;
        page.shelf = is_told.then_some(Shelf::Recent(self.revision));
    }
}
