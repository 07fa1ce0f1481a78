// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
use super::*;
use TrustLevel::*;

const ALL: [TrustLevel; 6] = [
    Undecided,
    AutomaticallyDistrusted,
    ManuallyDistrusted,
    AutomaticallyTrusted,
    ManuallyTrusted,
    Authenticated,
];
const OWNER: &str = "romeo@montague.example";
const OTHER: &str = "juliet@capulet.example";

#[test]
fn three_levels_are_trusted() {
    let trusted: Vec<_> = ALL.into_iter().filter(|level| level.is_trusted()).collect();
    assert_eq!(trusted, [AutomaticallyTrusted, ManuallyTrusted, Authenticated]);
}

#[test]
fn new_keys_are_trusted_until_one_of_the_owner_is_authenticated() {
    let mut store = TrustStore::default();
    assert_eq!(store.level(OWNER, &[1; 32]), None);
    assert!(store.meet(OWNER, &[1; 32]));
    assert!(!store.meet(OWNER, &[1; 32]), "met before");
    assert_eq!(store.level(OWNER, &[1; 32]), Some(AutomaticallyTrusted));
    store.set(OWNER, &[1; 32], Authenticated, 1);
    store.meet(OWNER, &[2; 32]);
    store.meet(OTHER, &[3; 32]);
    assert_eq!(store.level(OWNER, &[2; 32]), Some(AutomaticallyDistrusted));
    assert_eq!(
        store.level(OTHER, &[3; 32]),
        Some(AutomaticallyTrusted),
        "another owner is not concerned"
    );
}

/// One row for each level that a second key may have when the first is authenticated.
#[test]
fn first_authentication_takes_automatic_trust_only() {
    for before in ALL {
        let after = if before == AutomaticallyTrusted {
            AutomaticallyDistrusted
        } else {
            before
        };
        let mut store = TrustStore::default();
        store.meet(OWNER, &[1; 32]);
        store.set(OWNER, &[2; 32], before, 1);
        let changed = store.set(OWNER, &[1; 32], Authenticated, 1);
        assert_eq!(store.level(OWNER, &[2; 32]), Some(after), "{before:?}");
        assert_eq!(
            changed.contains(&change(OWNER, [2; 32], after)),
            before != after,
            "{before:?}"
        );
        assert!(changed.contains(&change(OWNER, [1; 32], Authenticated)));
    }
}

#[test]
fn authentication_leaves_other_owners_alone() {
    let mut store = TrustStore::default();
    store.meet(OTHER, &[2; 32]);
    let changed = store.set(OWNER, &[1; 32], Authenticated, 1);
    assert_eq!(changed, [change(OWNER, [1; 32], Authenticated)]);
    assert_eq!(store.level(OTHER, &[2; 32]), Some(AutomaticallyTrusted));
}

#[test]
fn every_level_can_be_set_and_setting_it_again_changes_nothing() {
    for level in ALL {
        let mut store = TrustStore::default();
        store.meet(OWNER, &[1; 32]);
        store.set(OWNER, &[1; 32], level, 1);
        assert_eq!(store.level(OWNER, &[1; 32]), Some(level));
        assert!(store.set(OWNER, &[1; 32], level, 1).is_empty());
    }
}

#[test]
fn withdrawn_authentication_does_not_give_trust_back() {
    let mut store = TrustStore::default();
    store.meet(OWNER, &[1; 32]);
    store.meet(OWNER, &[2; 32]);
    store.set(OWNER, &[1; 32], Authenticated, 1);
    store.set(OWNER, &[1; 32], ManuallyDistrusted, 1);
    assert_eq!(store.level(OWNER, &[2; 32]), Some(AutomaticallyDistrusted));
}

#[test]
fn the_manual_policy_trusts_nothing_by_itself_and_the_blind_one_everything() {
    let mut store = TrustStore::default();
    store.meet(OWNER, &[1; 32]);
    assert_eq!(
        store.set_policy(TrustPolicy::Manual),
        [change(OWNER, [1; 32], Undecided)]
    );
    store.meet(OWNER, &[2; 32]);
    assert_eq!(store.level(OWNER, &[2; 32]), Some(Undecided));
    store.set(OWNER, &[1; 32], Authenticated, 1);
    assert_eq!(
        store.level(OWNER, &[2; 32]),
        Some(Undecided),
        "no rule but the user"
    );
    store.set_policy(TrustPolicy::Blind);
    store.meet(OWNER, &[3; 32]);
    for key in [[2; 32], [3; 32]] {
        assert_eq!(store.level(OWNER, &key), Some(AutomaticallyTrusted));
    }
    store.set(OWNER, &[2; 32], Authenticated, 2);
    assert_eq!(store.level(OWNER, &[3; 32]), Some(AutomaticallyTrusted));
}

/// One row for each level: what a person decided survives every policy.
#[test]
fn a_change_of_policy_leaves_decisions_alone() {
    for level in [ManuallyDistrusted, ManuallyTrusted, Authenticated] {
        let mut store = TrustStore::default();
        store.set(OWNER, &[1; 32], level, 1);
        for policy in [TrustPolicy::Manual, TrustPolicy::Blind, TrustPolicy::Toakafa] {
            assert!(store.set_policy(policy).is_empty());
            assert_eq!(store.level(OWNER, &[1; 32]), Some(level));
        }
    }
    let mut store = TrustStore::default();
    store.set(OWNER, &[1; 32], Authenticated, 1);
    store.meet(OWNER, &[2; 32]);
    store.set_policy(TrustPolicy::Blind);
    assert_eq!(store.level(OWNER, &[2; 32]), Some(AutomaticallyTrusted));
    store.set_policy(TrustPolicy::Toakafa);
    assert_eq!(store.level(OWNER, &[2; 32]), Some(AutomaticallyDistrusted));
    assert!(
        store.set_policy(TrustPolicy::Toakafa).is_empty(),
        "the same again"
    );
}
