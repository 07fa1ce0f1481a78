// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What HTML and XML are written with.

/// Escapes text for content and for quoted attributes. Line ends and tabs become references: a parser turns a bare CR
/// into LF, XML turns all three into spaces in attributes, and some importers read line by line.
pub(super) fn escape(text: &mut String, raw: &str) {
    for character in raw.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&#39;"),
            '\t' => text.push_str("&#9;"),
            '\n' => text.push_str("&#10;"),
            '\r' => text.push_str("&#13;"),
            other => text.push(other),
        }
    }
}

/// Deep folders stay at one indentation: it would cost the square of the depth.
pub(super) fn indent(text: &mut String, level: usize) {
    const MAX_INDENT: usize = 20;
    for _ in 0..level.min(MAX_INDENT) {
        text.push_str("    ");
    }
}
