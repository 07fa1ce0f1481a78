// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A file's bytes as text: UTF-8, what its byte order mark says, or what it declares itself to be.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::ParseError;

/// How far into a file a declaration is looked for, in bytes, as browsers do (HTML Standard, "prescan a byte stream").
const DECLARATION_BYTES: usize = 1024;

/// The first bytes of Firefox's automatic, compressed backups.
const MOZ_LZ4: &[u8] = b"mozLz40\0";

/// The text of a file.
///
/// # Errors
/// When its bytes are none in the encoding that it is in.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ParseError> {
    if bytes.starts_with(MOZ_LZ4) {
        return Err(ParseError::Compressed);
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        return strictly(encoding, rest).ok_or(ParseError::WrongEncoding {
            encoding: encoding.name(),
        });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => match declared(bytes) {
            Some(encoding) if encoding != UTF_8 => {
                strictly(encoding, bytes).ok_or(ParseError::WrongEncoding {
                    encoding: encoding.name(),
                })
            }
            _ => Err(ParseError::NotUtf8 {
                offset: error.valid_up_to(),
            }),
        },
    }
}

fn strictly<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// What stands behind `charset=` (HTML) or `encoding=` (XML).
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..DECLARATION_BYTES).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    ["charset", "encoding"].into_iter().find_map(|word| {
        let (_, rest) = head.split_once(word)?;
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
        let label: String = rest
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "-_.:".contains(*c))
            .collect();
        Encoding::for_label(label.as_bytes())
    })
}
