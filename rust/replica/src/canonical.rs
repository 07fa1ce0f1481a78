// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! One form for all spellings of an address, for comparing only: what is stored is never changed.

use std::borrow::Cow;

/// Whether two addresses are the same but for their spelling.
pub fn same_url(a: &str, b: &str) -> bool {
    a == b || (!a.is_empty() && !b.is_empty() && canonical_url(a) == canonical_url(b))
}

/// The form under which addresses are compared. Hosts spell them anew (Falkon's goes through `QUrl`: `ä` becomes `%C3%A4`),
/// and two replicas that took that for an edit would go on for ever.
///
/// Scheme and host by the URL standard (letter case, punycode, default port, dots in the path); then every character that is
/// neither unreserved nor a delimiter (RFC 3986, sections 2.2 and 2.3) is percent-encoded, and encoded ones that are unreserved
/// are decoded.
pub fn canonical_url(text: &str) -> String {
    let parsed: Cow<'_, str> = match url::Url::parse(text) {
        Ok(url) => Cow::Owned(url.into()),
        Err(_) => Cow::Borrowed(text),
    };
    let mut canonical = String::with_capacity(parsed.len());
    let mut rest = parsed.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                push(
                    &mut canonical,
                    hex(*high).wrapping_mul(16).wrapping_add(hex(*low)),
                    is_unreserved,
                );
                rest = after;
            }
            _ => push(&mut canonical, *byte, |byte| {
                is_unreserved(byte) || is_delimiter(byte)
            }),
        }
    }
    canonical
}

fn push(text: &mut String, byte: u8, plain: impl Fn(u8) -> bool) {
    if plain(byte) {
        text.push(char::from(byte));
    } else {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        text.push('%');
        for half in [byte >> 4, byte & 15] {
            text.push(HEX.get(usize::from(half)).map_or('0', |digit| char::from(*digit)));
        }
    }
}

fn hex(digit: u8) -> u8 {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
        .unwrap_or(0)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// The brackets are left out: some encode them in a path, some do not.
fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b':' | b'/'
            | b'?'
            | b'#'
            | b'@'
            | b'!'
            | b'$'
            | b'&'
            | b'\''
            | b'('
            | b')'
            | b'*'
            | b'+'
            | b','
            | b';'
            | b'='
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_the_same() {
        for (a, b) in [
            (
                "https://x.example/ä?ö#ü",
                "https://x.example/%C3%A4?%C3%B6#%C3%BC",
            ),
            ("https://x.example/%c3%a4", "https://x.example/ä"),
            ("HTTPS://X.example:443", "https://x.example/"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            (
                "https://n.example/?a&b=<s>%20%7B#ü",
                "https://n.example/?a&b=%3Cs%3E%20{#%C3%BC",
            ),
            ("https://x.example/a b|c[d]", "https://x.example/a%20b%7Cc%5Bd%5D"),
            ("https://x.example/%7Euser", "https://x.example/~user"),
            ("javascript:void(0)//a b", "javascript:void(0)//a%20b"),
        ] {
            assert!(same_url(a, b), "{} / {}", canonical_url(a), canonical_url(b));
        }
    }

    #[test]
    fn different_addresses_stay_different() {
        for (a, b) in [
            ("https://x.example/a%2Fb", "https://x.example/a/b"),
            ("https://x.example/?a%26b", "https://x.example/?a&b"),
            ("https://x.example/A", "https://x.example/a"),
            ("https://x.example/", "http://x.example/"),
            ("https://x.example/%25C3", "https://x.example/%C3"),
            ("falkon:config", "falkon:start"),
            ("", "about:blank"),
        ] {
            assert!(!same_url(a, b), "{} / {}", canonical_url(a), canonical_url(b));
        }
    }
}
