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
    store.set(OWNER, &[1; 32], Authenticated);
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
        store.set(OWNER, &[2; 32], before);
        let changed = store.set(OWNER, &[1; 32], Authenticated);
        assert_eq!(store.level(OWNER, &[2; 32]), Some(after), "{before:?}");
        assert_eq!(changed.contains(&([2; 32], after)), before != after, "{before:?}");
        assert!(changed.contains(&([1; 32], Authenticated)));
    }
}

#[test]
fn authentication_leaves_other_owners_alone() {
    let mut store = TrustStore::default();
    store.meet(OTHER, &[2; 32]);
    let changed = store.set(OWNER, &[1; 32], Authenticated);
    assert_eq!(changed, [([1; 32], Authenticated)]);
    assert_eq!(store.level(OTHER, &[2; 32]), Some(AutomaticallyTrusted));
}

#[test]
fn every_level_can_be_set_and_setting_it_again_changes_nothing() {
    for level in ALL {
        let mut store = TrustStore::default();
        store.meet(OWNER, &[1; 32]);
        store.set(OWNER, &[1; 32], level);
        assert_eq!(store.level(OWNER, &[1; 32]), Some(level));
        assert!(store.set(OWNER, &[1; 32], level).is_empty());
    }
}

#[test]
fn withdrawn_authentication_does_not_give_trust_back() {
    let mut store = TrustStore::default();
    store.meet(OWNER, &[1; 32]);
    store.meet(OWNER, &[2; 32]);
    store.set(OWNER, &[1; 32], Authenticated);
    store.set(OWNER, &[1; 32], ManuallyDistrusted);
    assert_eq!(store.level(OWNER, &[2; 32]), Some(AutomaticallyDistrusted));
}
