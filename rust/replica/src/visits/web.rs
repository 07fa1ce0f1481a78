// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Which pages are of the web, and titles fit to be shown: applied to what the host says, and to what others say.

/// Longest address that is kept, in bytes; longer ones are mostly pictures and forms that opened themselves.
pub const MAX_URL_BYTES: usize = 2_048;

/// Longest title that is kept, in characters; the rest is cut off.
pub const MAX_TITLE_CHARS: usize = 200;

/// Whether a page of this address can be opened on another device: no script, no file, no page of the browser itself.
pub fn is_of_web(url: &str) -> bool {
    let scheme = url
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| ["http", "https"].contains(&scheme.as_str()))
        && !url.chars().any(|char| char.is_whitespace() || char.is_control())
}

/// Nor is an address that holds a password.
pub(super) fn is_kept(url: &str) -> bool {
    url.len() <= MAX_URL_BYTES && is_of_web(url) && !holds_credentials(url)
}

/// Whether the address names a user, and perhaps a password (RFC 3986 §3.2.1).
fn holds_credentials(url: &str) -> bool {
    let after = url.split_once("://").map_or("", |(_, after)| after);
    let authority = after.split(['/', '\\', '?', '#']).next();
    authority.is_some_and(|authority| authority.contains('@'))
}

pub(super) fn clean_title(title: &str) -> String {
    let shown = title.chars().filter(|char| !char.is_control());
    shown.take(MAX_TITLE_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_addresses_of_the_web_are_kept() {
        let refused = [
            "file:///srv/secret.txt",
            "about:blank",
            "javascript:alert(1)",
            "data:text/html,x",
            "falkon:config",
            "view-source:https://c.example/",
            "https://d.example/ x",
            "https://d.example/\u{7}",
            "",
        ];
        assert!(refused.iter().all(|url| !is_of_web(url)));
        assert!(is_of_web("https://a.example/") && is_of_web("HTTP://b.example/ä"));
        let long = |bytes: usize| format!("https://a.example/{}", "x".repeat(bytes - 18));
        assert!(is_kept(&long(MAX_URL_BYTES)) && !is_kept(&long(MAX_URL_BYTES + 1)));
        for secret in [
            "https://user:secret@a.example/",
            "https://user@a.example?x",
            "https://u:p@a.example",
        ] {
            assert!(!is_kept(secret), "{secret}");
        }
        assert!(is_kept("https://a.example/@user") && is_kept("https://a.example?mail=a@b.example"));
    }

    #[test]
    fn a_title_is_cut_and_holds_no_control_characters() {
        assert_eq!(clean_title(&"é\n".repeat(500)), "é".repeat(MAX_TITLE_CHARS));
    }
}
