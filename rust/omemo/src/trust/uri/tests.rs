// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
use super::*;

/// Two public keys of RFC 8032 §7.1.
const ONE: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const OTHER: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

fn bytes(hex: &str) -> [u8; 32] {
    hex::decode(hex).unwrap().try_into().unwrap()
}

#[test]
fn a_trust_message_uri_is_written_and_read() {
    let text = format!(
        "xmpp:alice@example.org?trust-message;encryption=urn:xmpp:omemo:2;trust={OTHER};distrust={ONE}"
    );
    let uri = TrustUri::parse(&text).unwrap();
    assert_eq!(uri.jid, "alice@example.org");
    assert_eq!(
        uri.keys,
        BTreeMap::from([(bytes(ONE), false), (bytes(OTHER), true)])
    );
    assert_eq!(uri.trust_message(), text);
    // Percent-encoded, in capitals, with `&`, an authority and a fragment.
    let same = format!(
        " XMPP://me@example.org/alice%40example.org?trust-message&encryption=urn%3Axmpp%3Aomemo%3A2&trust={}&distrust={ONE}#x",
        OTHER.to_uppercase()
    );
    assert_eq!(TrustUri::parse(&same).unwrap(), uri);
}

#[test]
fn the_older_form_is_written_and_read() {
    let text = format!("xmpp:alice@example.org?omemo-sid-7={ONE};omemo-sid-2147483647={OTHER}");
    let uri = TrustUri::parse(&text).unwrap();
    assert_eq!(uri.fingerprints[&7].as_bytes(), &bytes(ONE));
    assert_eq!(uri.omemo_sid(), text);
    let older = format!("xmpp:alice@example.org?message;omemo-sid-7=05{ONE}&omemo-sid-2147483647={OTHER}");
    assert_eq!(TrustUri::parse(&older).unwrap(), uri);
}

#[test]
fn an_unusual_address_comes_back() {
    let uri = TrustUri {
        jid: "nästy#;?%name@example.org".to_owned(),
        keys: BTreeMap::from([(bytes(ONE), true)]),
        ..TrustUri::default()
    };
    assert_eq!(TrustUri::parse(&uri.trust_message()).unwrap(), uri);
}

#[test]
fn what_is_malformed_is_refused_with_its_own_error() {
    let bad_key = |found: &str| TrustUriError::BadKey {
        found: found.to_owned(),
    };
    let with = |query: &str| format!("xmpp:a@example.org?trust-message;encryption=urn:xmpp:omemo:2;{query}");
    let many: Vec<String> = (1..=1001).map(|id| format!("omemo-sid-{id}={ONE}")).collect();
    let rows = [
        ("https://example.org".to_owned(), TrustUriError::NotXmpp),
        ("xmp".to_owned(), TrustUriError::NotXmpp),
        ("xmpp:?x".to_owned(), TrustUriError::MissingAddress),
        ("xmpp:a%4".to_owned(), TrustUriError::BadEscape),
        ("xmpp:a%ff".to_owned(), TrustUriError::BadEscape),
        ("xmpp:a@example.org".to_owned(), TrustUriError::NoKeys),
        ("xmpp:a@example.org?message".to_owned(), TrustUriError::NoKeys),
        (with("trust="), bad_key("")),
        (with(&format!("trust={}", &ONE[1..])), bad_key(&ONE[1..])),
        (
            with(&format!("trust={}", "00".repeat(32))),
            bad_key(&"00".repeat(32)),
        ),
        (
            format!("xmpp:a@example.org?trust-message;trust={ONE}"),
            TrustUriError::OtherEncryption { found: String::new() },
        ),
        (
            format!("xmpp:a@example.org?omemo-sid-x={ONE}"),
            TrustUriError::BadDevice {
                found: "x".to_owned(),
            },
        ),
        (
            format!("xmpp:a@example.org?{}", many.join(";")),
            TrustUriError::TooManyKeys {
                limit: MAX_TRUST_KEYS,
            },
        ),
    ];
    for (text, error) in rows {
        assert_eq!(TrustUri::parse(&text), Err(error), "{text}");
    }
}
