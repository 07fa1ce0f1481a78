// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Order among siblings: which items were moved, and which keys put them where they are.

use std::collections::BTreeSet;

use crate::Position;
use crate::state::{Slot, State};

/// Where among the siblings of a folder a run of items goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// Right before this item.
    Before(Slot),
    /// Right after this item.
    After(Slot),
    /// After everything.
    End,
}

/// Items that stand side by side and need new keys.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) anchor: Anchor,
    pub(crate) items: Vec<Slot>,
}

/// The runs of items that were moved, in a folder's wanted order; the others are where they are, as far as they are in the
/// folder at all.
pub(crate) fn runs(children: &[Slot], moved: &[bool], is_there: impl Fn(Slot) -> bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    let mut anchor = Anchor::End;
    for (slot, moved) in children.iter().copied().zip(moved) {
        if !moved {
            if is_there(slot) {
                // What stands before the first item that stays is put right before that.
                for run in runs.iter_mut().filter(|run| run.anchor == Anchor::End) {
                    run.anchor = Anchor::Before(slot);
                }
                anchor = Anchor::After(slot);
            }
            open = false;
            continue;
        }
        match runs.last_mut() {
            Some(run) if open => run.items.push(slot),
            _ => runs.push(Run {
                anchor,
                items: vec![slot],
            }),
        }
        open = true;
    }
    runs
}

/// New keys for runs of items in one folder. Where there is no room between two keys, neighbours get new keys as well.
pub(crate) fn keys_for_runs(state: &State, folder: Slot, runs: &[Run]) -> Vec<(Slot, Position)> {
    let moving: BTreeSet<Slot> = runs.iter().flat_map(|run| run.items.iter().copied()).collect();
    if let [run] = runs
        && let Some(keys) = keys_for_run(state, folder, run, &moving)
    {
        return keys;
    }
    let staying: Vec<Slot> = state
        .siblings(folder)
        .iter()
        .copied()
        .filter(|slot| !moving.contains(slot))
        .collect();
    let rank_of = |slot: Slot| {
        let rank = State::rank(&state.nodes, slot);
        staying.partition_point(|other| State::rank(&state.nodes, *other) < rank)
    };
    let mut inserts: Vec<(usize, &Run)> = runs
        .iter()
        .map(|run| match run.anchor {
            Anchor::Before(slot) => (rank_of(slot), run),
            Anchor::After(slot) => (rank_of(slot).saturating_add(1), run),
            Anchor::End => (staying.len(), run),
        })
        .collect();
    inserts.sort_by_key(|(at, _)| *at);

    let key_of = |slot: Slot| {
        state
            .node(slot)
            .place
            .as_ref()
            .map(|place| place.position.clone())
    };
    let mut line: Vec<(Slot, Option<Position>)> =
        Vec::with_capacity(staying.len().saturating_add(moving.len()));
    let mut rest = staying.into_iter();
    let mut taken = 0_usize;
    for (at, run) in inserts {
        line.extend(
            rest.by_ref()
                .take(at.saturating_sub(taken))
                .map(|slot| (slot, key_of(slot))),
        );
        taken = taken.max(at);
        line.extend(run.items.iter().map(|slot| (*slot, None)));
    }
    line.extend(rest.map(|slot| (slot, key_of(slot))));
    complete_keys(state, &mut line)
}

/// New keys for one run, where there is room between its neighbours: without a look at the whole folder.
fn keys_for_run(
    state: &State,
    folder: Slot,
    run: &Run,
    moving: &BTreeSet<Slot>,
) -> Option<Vec<(Slot, Position)>> {
    let siblings = state.siblings(folder);
    let rank_of = |slot: Slot| {
        let rank = State::rank(&state.nodes, slot);
        siblings.partition_point(|other| State::rank(&state.nodes, *other) < rank)
    };
    let at = match run.anchor {
        Anchor::Before(slot) => rank_of(slot),
        Anchor::After(slot) => rank_of(slot).saturating_add(1),
        Anchor::End => siblings.len(),
    };
    let (before, after) = siblings.split_at_checked(at)?;
    let position = |slot: &Slot| state.node(*slot).place.as_ref().map(|place| &place.position);
    let stays = |slot: &&Slot| !moving.contains(*slot);
    let low = before.iter().rev().find(stays).and_then(position);
    let high = after.iter().find(stays).and_then(position);
    let tag = run
        .items
        .first()
        .map_or(0, |slot| tag_of(state.node(*slot).id.as_str()));
    let keys = Position::spread(low, high, tag, run.items.len())?;
    Some(run.items.iter().copied().zip(keys).collect())
}

/// Gives keys to the items of a folder that have none, and to neighbours where there is no room; all that were given.
pub(crate) fn complete_keys(state: &State, line: &mut [(Slot, Option<Position>)]) -> Vec<(Slot, Position)> {
    let mut given = BTreeSet::new();
    let mut at = 0;
    while let Some((_, key)) = line.get(at) {
        if key.is_none() {
            let (start, end) = fill(state, line, at);
            given.extend(line.iter().take(end).skip(start).map(|(slot, _)| *slot));
            at = end;
        } else {
            at = at.saturating_add(1);
        }
    }
    let given =
        |(slot, key): &(Slot, Option<Position>)| Some((*slot, key.clone()?)).filter(|_| given.contains(slot));
    line.iter().filter_map(given).collect()
}

/// Gives keys to the items from `start` to the next one that has a key; where there is no room, to their neighbours as well, to
/// so many that there is room for hundreds again, and not just for these. Gives back the range that has new keys.
fn fill(state: &State, line: &mut [(Slot, Option<Position>)], mut start: usize) -> (usize, usize) {
    let mut end = start;
    let mut reach = 0_usize;
    loop {
        while line.get(end).is_some_and(|(_, key)| key.is_none()) {
            end = end.saturating_add(1);
        }
        let low = start
            .checked_sub(1)
            .and_then(|at| line.get(at))
            .and_then(|(_, key)| key.clone());
        let high = line.get(end).and_then(|(_, key)| key.clone());
        let tag = line
            .get(start)
            .map_or(0, |(slot, _)| tag_of(state.node(*slot).id.as_str()));
        let keys_for = if reach == 0 {
            Position::spread
        } else {
            Position::spread_anew
        };
        if let Some(keys) = keys_for(low.as_ref(), high.as_ref(), tag, end.saturating_sub(start)) {
            for ((_, place), key) in line.iter_mut().take(end).skip(start).zip(keys) {
                *place = Some(key);
            }
            return (start, end);
        }
        reach = reach.saturating_mul(2).max(1);
        end = end.saturating_add(reach).min(line.len());
        start = start.saturating_sub(reach);
    }
}

/// A number that is the same for the same id everywhere (FNV-1a).
fn tag_of(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Which elements make a longest strictly ascending sequence; the others are the fewest that must move to sort the list.
pub(crate) fn longest_ascending<T: Ord>(list: &[T]) -> Vec<bool> {
    // For each length the index of the smallest last element; for each element its predecessor.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(list.len());
    for (index, value) in list.iter().enumerate() {
        let length = tails.partition_point(|tail| list.get(*tail).is_some_and(|last| last < value));
        before.push(
            length
                .checked_sub(1)
                .and_then(|shorter| tails.get(shorter).copied()),
        );
        match tails.get_mut(length) {
            Some(tail) => *tail = index,
            None => tails.push(index),
        }
    }
    let mut chosen = vec![false; list.len()];
    let mut at = tails.last().copied();
    while let Some(index) = at {
        if let Some(mark) = chosen.get_mut(index) {
            *mark = true;
        }
        at = before.get(index).copied().flatten();
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_elements_move() {
        let moved = |list: &[u8]| longest_ascending(list).iter().filter(|stays| !**stays).count();
        assert_eq!(moved(&[]), 0);
        assert_eq!(moved(&[1, 2, 3, 4]), 0);
        assert_eq!(moved(&[2, 3, 4, 1]), 1);
        assert_eq!(moved(&[4, 1, 2, 3]), 1);
        assert_eq!(moved(&[4, 3, 2, 1]), 3);
        assert_eq!(moved(&[1, 1, 1]), 2, "equal elements have no order to keep");
        assert_eq!(
            longest_ascending(&[3, 1, 2, 9, 4]),
            [false, true, true, false, true]
        );
    }
}
