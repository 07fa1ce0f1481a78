// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Finding again, by content, the items of a host's tree that carry no known token.
//!
//! First folder by folder from the roots down: what has the same kind, title and address under the same parent, occurrence by
//! occurrence. Then what is left: folders that hold the same things under another name or elsewhere, then links and lines
//! that were renamed, re-addressed or moved.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::Kind;
use crate::incoming::{Candidate, Candidates, Incoming, Key, Likeness};
use crate::state::Slot;

/// Folders that hold equal things are compared through at most this many bearers of each thing, so that a thousand copies of
/// one link do not make a million comparisons.
const MAX_BEARERS: usize = 8;

/// Finds items folder by folder from the roots down, only under the same parent.
pub(crate) fn match_in_place(incoming: &mut Incoming<'_>, candidates: &Candidates) {
    for folder in incoming.folder_numbers() {
        match_folder(incoming, candidates, folder);
    }
}

/// Finds items in place, and links that are the same elsewhere: in a host that runs, anything else that has no known
/// token is new.
pub(crate) fn match_same(incoming: &mut Incoming<'_>, candidates: &Candidates) {
    match_in_place(incoming, candidates);
    match_elsewhere(incoming, candidates, Likeness::Full);
}

/// Finds items in place, and then those that were moved or edited.
pub(crate) fn match_anywhere(incoming: &mut Incoming<'_>, candidates: &Candidates) {
    match_in_place(incoming, candidates);
    while match_folders_by_content(incoming, candidates) {
        match_in_place(incoming, candidates);
    }
    match_rest(incoming, candidates);
}

fn match_folder(incoming: &mut Incoming<'_>, candidates: &Candidates, folder: usize) {
    let Some(parent) = incoming.folder_slot(folder) else {
        return;
    };
    let children = incoming.children(folder);
    if children.iter().all(|index| incoming.slot(*index).is_some()) || candidates.of(parent).is_empty() {
        return;
    }
    let children = children.to_vec();
    if match_in_step(incoming, candidates, parent, &children) {
        return;
    }
    match_namesakes(incoming, candidates, parent, &children);
    for likeness in [
        Likeness::Context,
        Likeness::Full,
        Likeness::Exact,
        Likeness::Canonical,
    ] {
        match_by(incoming, candidates, parent, &children, likeness);
    }
}

/// Pairs the items of a folder that holds just what it did, in the same order; whether it does. Folders of one name are left to
/// a closer look.
fn match_in_step(
    incoming: &mut Incoming<'_>,
    candidates: &Candidates,
    parent: Slot,
    children: &[usize],
) -> bool {
    let list = candidates.of(parent);
    let mut names = BTreeSet::new();
    let same = |index: &usize, candidate: &Candidate| {
        let Some(item) = incoming.items.get(*index) else {
            return false;
        };
        let text = &candidate.state.text;
        let fields = match item.kind {
            Kind::Separator => true,
            Kind::Folder => *item.title == *text.title,
            Kind::Link => *item.title == *text.title && *item.url == *text.url,
        };
        let free = incoming.slot(*index).is_none() && !incoming.is_taken(candidate.slot);
        item.kind == candidate.kind && fields && free
    };
    let in_step = list.len() == children.len()
        && children
            .iter()
            .zip(list)
            .all(|(index, candidate)| same(index, candidate))
        && list
            .iter()
            .filter(|folder| folder.kind == Kind::Folder)
            .all(|folder| names.insert(&*folder.state.text.title));
    for (index, candidate) in children.iter().zip(list).filter(|_| in_step) {
        incoming.assign(*index, candidate.slot);
    }
    in_step
}

/// Pairs items of one folder that are alike, in their order.
fn match_by(
    incoming: &mut Incoming<'_>,
    candidates: &Candidates,
    parent: Slot,
    children: &[usize],
    likeness: Likeness,
) {
    if candidates.of(parent).is_empty() {
        return;
    }
    let wanted: Vec<(usize, Option<usize>)> = with_previous(children)
        .filter(|(index, _)| incoming.slot(*index).is_none())
        .collect();
    if wanted.is_empty() {
        return;
    }
    let mut free: BTreeMap<Key, VecDeque<Slot>> = BTreeMap::new();
    let list = candidates.of(parent);
    for (candidate, before) in list
        .iter()
        .zip(std::iter::once(None).chain(list.iter().map(Some)))
    {
        if !incoming.is_taken(candidate.slot) && likeness.allows(candidate) {
            free.entry(Candidates::key(likeness, candidate, before))
                .or_default()
                .push_back(candidate.slot);
        }
    }
    for (index, before) in wanted {
        let Some(found) = incoming
            .key(index, likeness, before)
            .and_then(|key| free.get_mut(&key))
        else {
            continue;
        };
        // One item may stand here twice, in two states: the second is then taken already.
        while let Some(slot) = found.pop_front() {
            if incoming.assign(index, slot) {
                break;
            }
        }
    }
}

fn with_previous(children: &[usize]) -> impl Iterator<Item = (usize, Option<usize>)> + '_ {
    children
        .iter()
        .copied()
        .zip(std::iter::once(None).chain(children.iter().copied().map(Some)))
}

/// Pairs folders of one name in one parent by what they hold, where there is a choice.
fn match_namesakes(incoming: &mut Incoming<'_>, candidates: &Candidates, parent: Slot, children: &[usize]) {
    let mut names: BTreeMap<&str, (Vec<usize>, BTreeSet<Slot>)> = BTreeMap::new();
    let items = incoming.items;
    for index in children
        .iter()
        .copied()
        .filter(|index| incoming.slot(*index).is_none())
    {
        if let Some(item) = items.get(index).filter(|item| item.kind == Kind::Folder) {
            names.entry(&item.title).or_default().0.push(index);
        }
    }
    for candidate in candidates.of(parent) {
        if candidate.kind == Kind::Folder
            && !incoming.is_taken(candidate.slot)
            && let Some((_, slots)) = names.get_mut(&*candidate.state.text.title)
        {
            slots.insert(candidate.slot);
        }
    }
    let mut pairs: Vec<(usize, usize, Slot)> = Vec::new();
    for (hosts, slots) in names
        .into_values()
        .filter(|(hosts, slots)| hosts.len().max(slots.len()) > 1)
    {
        let held: Vec<(Slot, BTreeSet<Key>)> = slots
            .into_iter()
            .map(|slot| (slot, held_by(candidates, slot)))
            .collect();
        for index in hosts {
            let keys: BTreeSet<Key> = held_by_host(incoming, index);
            for (slot, held) in &held {
                let common = keys.intersection(held).count();
                if common > 0 {
                    pairs.push((usize::MAX.saturating_sub(common), index, *slot));
                }
            }
        }
    }
    pairs.sort();
    for (_, index, slot) in pairs {
        incoming.assign(index, slot);
    }
}

fn held_by(candidates: &Candidates, slot: Slot) -> BTreeSet<Key> {
    candidates
        .of(slot)
        .iter()
        .map(|child| Candidates::key(Likeness::Exact, child, None))
        .collect()
}

fn held_by_host(incoming: &Incoming<'_>, index: usize) -> BTreeSet<Key> {
    incoming
        .children_of(index)
        .iter()
        .filter_map(|child| incoming.key(*child, Likeness::Exact, None))
        .collect()
}

/// Pairs folders that hold the same things, wherever they are and whatever they are called, then folders of a name that only
/// one on each side has. Whether any were found.
fn match_folders_by_content(incoming: &mut Incoming<'_>, candidates: &Candidates) -> bool {
    let is_folder = |index: &usize| {
        incoming
            .items
            .get(*index)
            .is_some_and(|item| item.kind == Kind::Folder)
    };
    let wanted: Vec<usize> = incoming.unassigned().into_iter().filter(is_folder).collect();
    let free: Vec<&Candidate> = candidates
        .all()
        .filter(|candidate| candidate.kind == Kind::Folder && !incoming.is_taken(candidate.slot))
        .collect();
    if wanted.is_empty() || free.is_empty() {
        return false;
    }
    let names: BTreeSet<(Slot, &str)> = free
        .iter()
        .map(|folder| (folder.slot, &*folder.state.text.title))
        .collect();
    let certain: BTreeSet<Slot> = free
        .iter()
        .filter(|folder| folder.certain)
        .map(|folder| folder.slot)
        .collect();
    let free_slots: BTreeSet<Slot> = free.iter().map(|candidate| candidate.slot).collect();
    let mut bearers: BTreeMap<Key, BTreeSet<Slot>> = BTreeMap::new();
    for slot in &free_slots {
        for key in held_by(candidates, *slot) {
            let bearers = bearers.entry(key).or_default();
            if bearers.len() < MAX_BEARERS {
                bearers.insert(*slot);
            }
        }
    }
    let titled = |index: usize| incoming.items.get(index).map_or("", |item| &*item.title);
    let wanted_names: BTreeSet<&str> = wanted.iter().map(|index| titled(*index)).collect();
    let free_names: BTreeSet<&str> = names.iter().map(|(_, name)| *name).collect();
    // What was renamed has a name that is new, and its old one is gone; else things were moved from one folder to another.
    let renamed = |slot: Slot, title: &str| {
        let olds = names.range((slot, "")..).take_while(|(other, _)| *other == slot);
        !free_names.contains(title) && olds.into_iter().all(|(_, old)| !wanted_names.contains(old))
    };
    // Most in common first, then same name, then the host's order.
    let mut pairs: Vec<(usize, bool, usize, Slot)> = Vec::new();
    for index in &wanted {
        let keys = held_by_host(incoming, *index);
        let mut votes: BTreeMap<Slot, usize> = BTreeMap::new();
        for slot in keys.iter().filter_map(|key| bearers.get(key)).flatten() {
            let count = votes.entry(*slot).or_default();
            *count = count.saturating_add(1);
        }
        let title = titled(*index);
        for (slot, common) in votes {
            let same_name = names.contains(&(slot, title));
            // Under another name it is the same folder only with most of its content.
            let most = common.saturating_mul(2) >= keys.len();
            if same_name || (certain.contains(&slot) && most && renamed(slot, title)) {
                pairs.push((usize::MAX.saturating_sub(common), !same_name, *index, slot));
            }
        }
    }
    pairs.sort();
    let mut found = false;
    for (_, _, index, slot) in pairs {
        found |= incoming.assign(index, slot);
    }
    found
        || match_unique(incoming, &free, &wanted, Likeness::Full)
        || match_unique(incoming, &free, &wanted, Likeness::Title)
}

/// Pairs what is alike and has no rival on either side. Whether anything was found.
fn match_unique(
    incoming: &mut Incoming<'_>,
    free: &[&Candidate],
    wanted: &[usize],
    likeness: Likeness,
) -> bool {
    let is_free = |candidate: &&&Candidate| !incoming.is_taken(candidate.slot) && likeness.allows(candidate);
    if !free.iter().any(|candidate| is_free(&candidate)) {
        return false;
    }
    let mut sides: BTreeMap<Key, (Vec<usize>, BTreeSet<Slot>)> = BTreeMap::new();
    for index in wanted.iter().filter(|index| incoming.slot(**index).is_none()) {
        if let Some(key) = incoming.key(*index, likeness, None) {
            sides.entry(key).or_default().0.push(*index);
        }
    }
    for candidate in free.iter().filter(is_free) {
        if let Some((_, slots)) = sides.get_mut(&Candidates::key(likeness, candidate, None)) {
            slots.insert(candidate.slot);
        }
    }
    let mut found = false;
    for (indices, slots) in sides.into_values() {
        if let ([index], 1, Some(slot)) = (indices.as_slice(), slots.len(), slots.first()) {
            found |= incoming.assign(*index, *slot);
        }
    }
    found
}

/// Links and lines that were moved or edited, and folders that were emptied or renamed where they stand.
fn match_rest(incoming: &mut Incoming<'_>, candidates: &Candidates) {
    match_elsewhere(incoming, candidates, Likeness::Full);
    match_elsewhere(incoming, candidates, Likeness::Exact);
    match_elsewhere(incoming, candidates, Likeness::Canonical);
    // An address says more than a title, even in another folder.
    for likeness in [Likeness::Url, Likeness::Title] {
        for folder in incoming.folder_numbers() {
            let Some(parent) = incoming.folder_slot(folder) else {
                continue;
            };
            let links = links_of(incoming, incoming.children(folder));
            match_by(incoming, candidates, parent, &links, likeness);
        }
        let free: Vec<&Candidate> = candidates
            .all()
            .filter(|candidate| candidate.kind == Kind::Link)
            .collect();
        let wanted = links_of(incoming, &incoming.unassigned());
        match_unique(incoming, &free, &wanted, likeness);
    }
    match_same_spot(incoming, candidates);
    match_elsewhere(incoming, candidates, Likeness::Kind);
}

fn links_of(incoming: &Incoming<'_>, indices: &[usize]) -> Vec<usize> {
    let is_link = |index: &usize| {
        incoming
            .items
            .get(*index)
            .is_some_and(|item| item.kind == Kind::Link)
    };
    indices.iter().copied().filter(is_link).collect()
}

/// Pairs links (lines, when only the kind counts) that are alike in whatever folders, in their order.
fn match_elsewhere(incoming: &mut Incoming<'_>, candidates: &Candidates, likeness: Likeness) {
    let kind = if likeness == Likeness::Kind {
        Kind::Separator
    } else {
        Kind::Link
    };
    let wanted = incoming.unassigned();
    if wanted.is_empty() {
        return;
    }
    let mut free: BTreeMap<Key, VecDeque<Slot>> = BTreeMap::new();
    for candidate in candidates.all().filter(|candidate| candidate.kind == kind) {
        if !incoming.is_taken(candidate.slot) && likeness.allows(candidate) {
            free.entry(Candidates::key(likeness, candidate, None))
                .or_default()
                .push_back(candidate.slot);
        }
    }
    if free.is_empty() {
        return;
    }
    for index in wanted {
        let Some(found) = incoming
            .key(index, likeness, None)
            .and_then(|key| free.get_mut(&key))
        else {
            continue;
        };
        while let Some(slot) = found.pop_front() {
            if incoming.assign(index, slot) {
                break;
            }
        }
    }
}

/// A folder right after the same item as before, in the same parent, is the same folder renamed.
fn match_same_spot(incoming: &mut Incoming<'_>, candidates: &Candidates) {
    for folder in incoming.folder_numbers() {
        let Some(parent) = incoming.folder_slot(folder) else {
            continue;
        };
        let list = candidates.of(parent);
        let children = incoming.children(folder).to_vec();
        for (index, before) in with_previous(&children) {
            let is_folder = incoming
                .items
                .get(index)
                .is_some_and(|item| item.kind == Kind::Folder);
            if !is_folder || incoming.slot(index).is_some() {
                continue;
            }
            let spot = match before.map(|before| incoming.slot(before)) {
                None => list.first(),
                Some(None) => None,
                Some(before) => {
                    let at = list.iter().position(|candidate| Some(candidate.slot) == before);
                    at.and_then(|at| list.get(at.saturating_add(1)))
                }
            };
            if let Some(candidate) =
                spot.filter(|candidate| candidate.kind == Kind::Folder && candidate.certain)
            {
                incoming.assign(index, candidate.slot);
            }
        }
    }
}
