// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
use super::*;
use crate::NS_OMEMO_2;
use crate::secret::Secret;

fn identity() -> IdentityKeyPair {
    IdentityKeyPair::from_seed(&Secret::from_bytes(&[1; 32]))
}

fn bundle() -> Bundle {
    Bundle::sign(
        Namespace::Omemo2,
        &identity(),
        7,
        [9; 32],
        BTreeMap::from([(1, [11; 32]), (2, [12; 32])]),
    )
}

/// The bundle with one child's text replaced.
fn with_text(name: &str, text: &str) -> Element {
    let mut element = bundle().serialize();
    let child = element.get_child_mut(name, NS_OMEMO_2).unwrap();
    child.take_nodes();
    child.append_text(text);
    element
}

#[test]
fn serialized_form() {
    let bundle = Bundle::sign(
        Namespace::Omemo2,
        &identity(),
        7,
        [9; 32],
        BTreeMap::from([(1, [11; 32])]),
    );
    insta::assert_snapshot!(String::from(&bundle.serialize()), @"<bundle xmlns='urn:xmpp:omemo:2'><spk id='7'>CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=</spk><spks>kv6AMtmGiJh/Pque47Vkow6dVWF9MIZnmnqnloCD58wYDbT2/SBjOpXMwuWU9lyuw+3B3rS0i2u5WnUMYPPgDA==</spks><ik>iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=</ik><prekeys><pk id='1'>CwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCws=</pk></prekeys></bundle>");
}

#[test]
fn reads_what_it_writes() {
    assert_eq!(Bundle::parse(&bundle().serialize()), Ok(bundle()));
}

#[test]
fn refuses_what_is_none() {
    let other = Element::bare("bundle", "urn:example");
    assert!(matches!(
        Bundle::parse(&other),
        Err(BundleParseError::WrongElement { .. })
    ));
    for name in ["spk", "spks", "ik", "prekeys"] {
        let mut element = bundle().serialize();
        element.remove_child(name, NS_OMEMO_2);
        assert_eq!(
            Bundle::parse(&element),
            Err(BundleParseError::Malformed(name)),
            "without {name}"
        );
    }
    for name in ["spk", "spks", "ik"] {
        for text in ["", "!", "AAAA"] {
            assert_eq!(
                Bundle::parse(&with_text(name, text)),
                Err(BundleParseError::Malformed(name)),
                "{name} {text}"
            );
        }
    }
}

#[test]
fn the_signature_is_verified() {
    let forged = Bundle {
        signature: identity().sign(&[10; 32]),
        ..bundle()
    };
    let other = IdentityKeyPair::from_seed(&Secret::from_bytes(&[2; 32]));
    let exchanged = Bundle {
        identity_key: *other.public(),
        ..bundle()
    };
    let zero = Bundle {
        signature: [0; 64],
        ..bundle()
    };
    for bundle in [forged, exchanged, zero] {
        assert_eq!(
            Bundle::parse(&bundle.serialize()),
            Err(BundleParseError::BadSignature { signed_pre_key_id: 7 })
        );
    }
}

#[test]
fn an_identity_key_of_low_order_is_refused() {
    let neutral = [&[1u8][..], &[0; 31]].concat();
    assert_eq!(
        Bundle::parse(&with_text("ik", &xml::base64(&neutral))),
        Err(BundleParseError::InvalidIdentityKey)
    );
    let no_point = [&[2u8][..], &[0; 31]].concat();
    assert_eq!(
        Bundle::parse(&with_text("ik", &xml::base64(&no_point))),
        Err(BundleParseError::InvalidIdentityKey)
    );
}

#[test]
fn pre_keys_that_cannot_be_read_are_left_out() {
    let mut element = bundle().serialize();
    let pre_keys = element.get_child_mut("prekeys", NS_OMEMO_2).unwrap();
    pre_keys.append_child(xml::base64_element("pk", NS_OMEMO_2, &[1; 32]));
    let mut short = xml::base64_element("pk", NS_OMEMO_2, &[1; 31]);
    xml::set_attribute(&mut short, "id", 3u32);
    pre_keys.append_child(short);
    assert_eq!(Bundle::parse(&element), Ok(bundle()));
    let none = Bundle {
        pre_keys: BTreeMap::new(),
        ..bundle()
    };
    assert_eq!(Bundle::parse(&none.serialize()), Err(BundleParseError::NoPreKey));
}
