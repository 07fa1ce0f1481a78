// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;

const NOW: u64 = 1_790_000_000_000;
const ACCOUNT: &str = "juliet@example.org";
const ONE: Party = Party {
    device: 1,
    key: [1; 32],
};
const TWO: Party = Party {
    device: 2,
    key: [2; 32],
};
const MALLORY: Party = Party {
    device: 2,
    key: [9; 32],
};

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// What goes over the wire, written and read.
fn wire(verification: &Verification) -> Said {
    Said::parse(&verification.said.serialize()).unwrap()
}

fn emoji(outcome: &Outcome) -> Vec<Emoji> {
    match &outcome.state {
        Some(VerificationState::Compare { emoji }) => emoji.clone(),
        other => panic!("{other:?}"),
    }
}

fn is_mismatch(outcome: &Outcome) -> bool {
    outcome.verdict == Some(false)
        && outcome.over
        && matches!(
            outcome.state,
            Some(VerificationState::Cancelled {
                kind: EndKind::Mismatch,
                ..
            })
        )
}

/// Two sides up to the emoji; `one_sees` and `two_sees` are the keys that each believes the other to have.
fn compare(one_sees: [u8; 32], two_sees: [u8; 32]) -> (Verification, Verification, Vec<Emoji>, Vec<Emoji>) {
    let mut rng = rng(1);
    let mut one = Verification::ask(ACCOUNT, ONE, TWO.device, NOW, &mut rng);
    let peer = Party { key: two_sees, ..ONE };
    let mut two = Verification::offered(ACCOUNT, TWO, peer, &one.said.id, NOW);
    assert!(two.accept(NOW, &mut rng).say);
    assert!(one.hear(&wire(&two), &one_sees, NOW).say);
    let second = two.hear(&wire(&one), &two_sees, NOW);
    assert!(second.say);
    let first = one.hear(&wire(&two), &one_sees, NOW);
    let shown = (emoji(&first), emoji(&second));
    (one, two, shown.0, shown.1)
}

#[test]
fn both_sides_see_the_same_and_authenticate_each_other() {
    for one_first in [true, false] {
        let (mut one, mut two, first, second) = compare(TWO.key, ONE.key);
        assert_eq!(first, second);
        assert_eq!(first.len(), sas::EMOJI);
        let (a, b, a_key, b_key) = if one_first {
            (&mut one, &mut two, TWO.key, ONE.key)
        } else {
            (&mut two, &mut one, ONE.key, TWO.key)
        };
        let confirmed = a.confirm(true, NOW);
        assert_eq!(confirmed.state, Some(VerificationState::Confirmed));
        // The other's proof alone authenticates nothing: its user has not looked yet.
        assert_eq!(b.hear(&wire(a), &b_key, NOW), Outcome::default());
        let done = b.confirm(true, NOW);
        assert_eq!((done.verdict, done.over, done.say), (Some(true), true, true));
        let done = a.hear(&wire(b), &a_key, NOW);
        assert_eq!((done.verdict, done.over), (Some(true), true));
    }
}

#[test]
fn whoever_swaps_identity_keys_shows_in_the_emoji() {
    for (one_sees, two_sees) in [
        (MALLORY.key, MALLORY.key),
        (MALLORY.key, ONE.key),
        (TWO.key, MALLORY.key),
    ] {
        let (mut one, mut two, first, second) = compare(one_sees, two_sees);
        assert_ne!(first, second);
        let no = one.confirm(false, NOW);
        assert!(is_mismatch(&no) && no.say);
        assert!(
            is_mismatch(&two.hear(&wire(&one), &two_sees, NOW)),
            "the other side is told"
        );
    }
}

/// The users do not look, and say yes: the proofs still differ.
#[test]
fn a_wrong_proof_distrusts_both_sides() {
    let (mut one, mut two, ..) = compare(MALLORY.key, ONE.key);
    two.confirm(true, NOW);
    let refused = one.hear(&wire(&two), &MALLORY.key, NOW);
    assert!(is_mismatch(&refused) && refused.say);
    assert!(is_mismatch(&two.hear(&wire(&one), &ONE.key, NOW)));
}

/// Who relays and swaps the ephemeral keys has to commit to its own before it sees ours.
#[test]
fn a_key_that_was_not_committed_to_is_a_mismatch() {
    let mut rng = rng(2);
    let mut one = Verification::ask(ACCOUNT, ONE, TWO.device, NOW, &mut rng);
    let say = |steps: Vec<Step>| Said {
        id: one.said.id.clone(),
        steps,
    };
    let accept = Step::Accept { commitment: [7; 32] };
    let (first, second) = (
        say(vec![accept.clone()]),
        say(vec![accept, Step::Key { key: [8; 32] }]),
    );
    assert!(one.hear(&first, &TWO.key, NOW).say);
    assert!(is_mismatch(&one.hear(&second, &TWO.key, NOW)));
}

#[test]
fn a_key_of_low_order_and_a_key_that_changes_are_mismatches() {
    let mut rng = rng(3);
    let mut two = Verification::offered(ACCOUNT, TWO, ONE, "id", NOW);
    two.accept(NOW, &mut rng);
    let said = Said {
        id: "id".into(),
        steps: vec![Step::Request, Step::Key { key: [0; 32] }],
    };
    assert!(is_mismatch(&two.hear(&said, &ONE.key, NOW)));
    let (mut one, two, ..) = compare(TWO.key, ONE.key);
    assert!(is_mismatch(&one.hear(&wire(&two), &MALLORY.key, NOW)));
}

#[test]
fn what_comes_out_of_turn_ends_it_and_authenticates_nothing() {
    let steps = [
        Step::Request,
        Step::Accept { commitment: [1; 32] },
        Step::Key { key: [1; 32] },
        Step::Mac { mac: [1; 32] },
    ];
    for step in &steps {
        let mut one = Verification::ask(ACCOUNT, ONE, TWO.device, NOW, &mut rng(4));
        if matches!(step, Step::Accept { .. }) {
            continue;
        }
        let said = Said {
            id: one.said.id.clone(),
            steps: vec![step.clone()],
        };
        let outcome = one.hear(&said, &TWO.key, NOW);
        assert!(outcome.over && outcome.verdict.is_none(), "{step:?}");
        assert_eq!(
            one.said.steps.last(),
            Some(&Step::Cancel {
                reason: EndKind::Unexpected
            })
        );
        assert_eq!(one.hear(&said, &TWO.key, NOW), Outcome::default(), "it is over");
    }
}

/// All that was said is read at once by who has missed the steps between, and nothing is read twice.
#[test]
fn a_side_that_was_away_reads_all_steps_at_once() {
    let mut rng = rng(5);
    let mut one = Verification::ask(ACCOUNT, ONE, TWO.device, NOW, &mut rng);
    let mut two = Verification::offered(ACCOUNT, TWO, ONE, &one.said.id, NOW);
    two.accept(NOW, &mut rng);
    one.hear(&wire(&two), &TWO.key, NOW);
    two.hear(&wire(&one), &ONE.key, NOW);
    two.confirm(true, NOW);
    let outcome = one.hear(&wire(&two), &TWO.key, NOW);
    emoji(&outcome);
    assert_eq!(one.hear(&wire(&two), &TWO.key, NOW), Outcome::default());
    assert_eq!(one.confirm(true, NOW).verdict, Some(true));
}

#[test]
fn cancelling_is_told_and_says_nothing_of_keys() {
    for reason in EndKind::ALL {
        let (mut one, mut two, ..) = compare(TWO.key, ONE.key);
        assert!(one.cancel(reason, NOW).say);
        let told = two.hear(&wire(&one), &ONE.key, NOW);
        assert!(told.over && !told.say);
        assert_eq!(told.verdict, (reason == EndKind::Mismatch).then_some(false));
    }
}

#[test]
fn the_written_form_is_stable_and_what_is_malformed_is_none() {
    let said = Said {
        id: "00ff".into(),
        steps: vec![
            Step::Request,
            Step::Accept { commitment: [1; 32] },
            Step::Key { key: [2; 32] },
            Step::Mac { mac: [3; 32] },
            Step::Cancel {
                reason: EndKind::Timeout,
            },
        ],
    };
    insta::assert_snapshot!(String::from(&said.serialize()), @"<verification xmlns='urn:xmppsync:trust:1' id='00ff'><request/><accept>AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=</accept><key>AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=</key><mac>AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=</mac><cancel reason='timeout'/></verification>");
    assert_eq!(Said::parse(&said.serialize()), Some(said));
    for wrong in [
        "<verification xmlns='x'/>",
        "<verification xmlns='x' id='1'><key>AA==</key></verification>",
        "<verification xmlns='x' id='1'><other/></verification>",
    ] {
        assert_eq!(Said::parse(&wrong.parse().unwrap()), None, "{wrong}");
    }
}
