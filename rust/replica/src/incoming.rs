// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! A host's tree and the items that it may hold, ready to be compared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::canonical::canonical_url;
use crate::state::Slot;
use crate::view::ViewState;
use crate::{HostItem, HostTree, Kind, Root};

/// How many numbers of folders are those of the roots.
const ROOTS: usize = Root::ALL.len();

/// A host's tree while its items are being found.
pub(crate) struct Incoming<'a> {
    pub(crate) items: &'a [HostItem],
    /// What each folder holds, by its number: the three roots, then the folders in their order.
    children: Vec<Vec<usize>>,
    /// The indices of the folders from number three on, ascending.
    folder_items: Vec<usize>,
    /// The number of each item's folder.
    folder_of: Vec<usize>,
    pub(crate) slots: Vec<Option<Slot>>,
    taken: Vec<bool>,
}

/// Something that an item of the host may be.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) slot: Slot,
    pub(crate) kind: Kind,
    /// Where it is and what it says: shared with the view, for there may be one of each item.
    pub(crate) state: Arc<ViewState>,
    /// The host certainly held it, so if nothing there is it, it was deleted. What the host may never have held is not
    /// taken for something that says other things: it would be overwritten, where it must be shown instead.
    pub(crate) certain: bool,
}

/// How much two items must have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// Every field, and the item before it.
    Context,
    /// Every field.
    Full,
    /// Title and address to the letter.
    Exact,
    /// Title, and the address however it is spelled.
    Canonical,
    /// The address however it is spelled.
    Url,
    /// The title, and of links the notes and the keyword: with the address no longer the same, the title alone is no proof.
    Title,
    /// Nothing but the kind.
    Kind,
}

impl Likeness {
    /// Whether the candidate may be taken for something with just this in common.
    pub(crate) fn allows(self, candidate: &Candidate) -> bool {
        match self {
            Likeness::Title => candidate.certain || candidate.kind == Kind::Folder,
            Likeness::Kind => candidate.certain,
            _ => true,
        }
    }
}

pub(crate) type Key = (Kind, String, String, String);

impl<'a> Incoming<'a> {
    pub(crate) fn new(tree: &'a HostTree) -> Incoming<'a> {
        let items = tree.items.as_slice();
        let mut folders: BTreeMap<u64, usize> = Root::ALL
            .iter()
            .enumerate()
            .map(|(index, root)| (root.token(), index))
            .collect();
        let mut children = vec![Vec::new(); ROOTS];
        let mut folder_items = Vec::new();
        let mut folder_of = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            // Not in the contract: a folder that is not listed before. "other" is where the unplaced go.
            let folder = folders.get(&item.parent).copied().unwrap_or(2);
            if let Some(list) = children.get_mut(folder) {
                list.push(index);
            }
            folder_of.push(folder);
            if item.kind == Kind::Folder {
                folders.entry(item.token).or_insert(children.len());
                children.push(Vec::new());
                folder_items.push(index);
            }
        }
        Incoming {
            items,
            children,
            folder_items,
            folder_of,
            slots: vec![None; items.len()],
            taken: Vec::new(),
        }
    }

    /// The folders with their children's indices, folders before what they hold.
    pub(crate) fn folders(&self) -> impl Iterator<Item = (Option<Slot>, &[usize])> {
        let all = self.children.iter().enumerate();
        all.map(|(number, children)| (self.folder_slot(number), children.as_slice()))
    }

    /// The numbers of all folders, each after the folder that it is in.
    pub(crate) fn folder_numbers(&self) -> std::ops::Range<usize> {
        0..self.children.len()
    }

    /// The numbers of folders that hold anything not found yet, each after the folder that it is in.
    pub(crate) fn incomplete_folders(&self) -> BTreeSet<usize> {
        self.unassigned()
            .into_iter()
            .filter_map(|index| self.folder_of.get(index).copied())
            .collect()
    }

    /// What the folder of a number holds.
    pub(crate) fn children(&self, folder: usize) -> &[usize] {
        self.children.get(folder).map_or(&[], Vec::as_slice)
    }

    /// What the folder of a number is.
    pub(crate) fn folder_slot(&self, folder: usize) -> Option<Slot> {
        match folder.checked_sub(ROOTS) {
            None => Root::ALL.get(folder).map(|root| Slot::root(*root)),
            Some(at) => self.slot(*self.folder_items.get(at)?),
        }
    }

    pub(crate) fn slot(&self, index: usize) -> Option<Slot> {
        self.slots.get(index).copied().flatten()
    }

    /// Whether an item of the host was found to be this.
    pub(crate) fn is_taken(&self, slot: Slot) -> bool {
        self.taken.get(slot.index()).copied().unwrap_or(false)
    }

    /// The folder of an item.
    pub(crate) fn parent(&self, index: usize) -> Option<Slot> {
        self.folder_of
            .get(index)
            .and_then(|folder| self.folder_slot(*folder))
    }

    pub(crate) fn assign(&mut self, index: usize, slot: Slot) -> bool {
        if self.slot(index).is_some() || self.is_taken(slot) {
            return false;
        }
        if self.taken.len() <= slot.index() {
            self.taken.resize(slot.index().saturating_add(1), false);
        }
        if let (Some(entry), Some(taken)) = (self.slots.get_mut(index), self.taken.get_mut(slot.index())) {
            *entry = Some(slot);
            *taken = true;
        }
        true
    }

    /// The item is not found after all.
    pub(crate) fn release(&mut self, index: usize) {
        if let Some(slot) = self.slots.get_mut(index).and_then(Option::take)
            && let Some(taken) = self.taken.get_mut(slot.index())
        {
            *taken = false;
        }
    }

    /// Indices of the items that are not found yet.
    pub(crate) fn unassigned(&self) -> Vec<usize> {
        let missing = |(index, slot): (usize, &Option<Slot>)| slot.is_none().then_some(index);
        self.slots.iter().enumerate().filter_map(missing).collect()
    }

    pub(crate) fn children_of(&self, index: usize) -> &[usize] {
        match self.folder_items.binary_search(&index) {
            Ok(at) => self.children(at.saturating_add(ROOTS)),
            Err(_) => &[],
        }
    }

    pub(crate) fn key(&self, index: usize, likeness: Likeness, before: Option<usize>) -> Option<Key> {
        let item = self.items.get(index)?;
        let before = before
            .and_then(|at| self.items.get(at))
            .map(|item| (&*item.title, &*item.url));
        Some(key(
            likeness,
            item.kind,
            &item.title,
            &item.url,
            [&item.description, &item.keyword],
            before,
        ))
    }
}

fn key(
    likeness: Likeness,
    kind: Kind,
    title: &str,
    url: &str,
    more: [&str; 2],
    before: Option<(&str, &str)>,
) -> Key {
    // Hosts may have any text on a line, and an address on a folder; they mean nothing.
    let title = if kind == Kind::Separator { "" } else { title };
    let url = if kind == Kind::Link { url } else { "" };
    let [description, keyword] = match (kind, more) {
        (Kind::Link, more) => more,
        (Kind::Folder, [description, _]) => [description, ""],
        (Kind::Separator, _) => ["", ""],
    };
    let none = String::new;
    match likeness {
        Likeness::Context => {
            let (before_title, before_url) = before.unwrap_or_default();
            (
                kind,
                title.to_owned(),
                url.to_owned(),
                [description, keyword, before_title, before_url].join("\0"),
            )
        }
        Likeness::Full => (
            kind,
            title.to_owned(),
            url.to_owned(),
            [description, keyword].join("\0"),
        ),
        Likeness::Exact => (kind, title.to_owned(), url.to_owned(), none()),
        Likeness::Canonical => (kind, title.to_owned(), canonical_url(url), none()),
        Likeness::Url => (kind, none(), canonical_url(url), none()),
        Likeness::Title if kind == Kind::Link => {
            (kind, title.to_owned(), none(), [description, keyword].join("\0"))
        }
        Likeness::Title => (kind, title.to_owned(), none(), none()),
        Likeness::Kind => (kind, none(), none(), none()),
    }
}

/// The things that items may be, by folder, and in each one in their order.
pub(crate) struct Candidates {
    list: Vec<Candidate>,
}

impl Candidates {
    pub(crate) fn new(list: impl IntoIterator<Item = Candidate>) -> Candidates {
        let mut list: Vec<Candidate> = list.into_iter().collect();
        list.sort_by(|a, b| (a.state.parent, &a.state.order).cmp(&(b.state.parent, &b.state.order)));
        Candidates { list }
    }

    pub(crate) fn of(&self, parent: Slot) -> &[Candidate] {
        let before = self
            .list
            .partition_point(|candidate| candidate.state.parent < parent);
        let rest = self.list.get(before..).unwrap_or_default();
        let count = rest.partition_point(|candidate| candidate.state.parent == parent);
        rest.get(..count).unwrap_or_default()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Candidate> {
        self.list.iter()
    }

    pub(crate) fn key(likeness: Likeness, candidate: &Candidate, before: Option<&Candidate>) -> Key {
        let text = &candidate.state.text;
        let before = before.map(|before| (&*before.state.text.title, &*before.state.text.url));
        key(
            likeness,
            candidate.kind,
            &text.title,
            &text.url,
            [text.description(), text.keyword()],
            before,
        )
    }
}
