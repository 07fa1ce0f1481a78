// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A link as a QR code, for the settings to draw.

use qrcode::{Color, QrCode};

use crate::guard::guard;

/// See the bridge.
pub(crate) fn qr_code(text: &str) -> Vec<u8> {
    let modules = || {
        let code = QrCode::new(text).ok()?;
        let colors = code.to_colors();
        Some(
            colors
                .into_iter()
                .map(|color| u8::from(color == Color::Dark))
                .collect(),
        )
    };
    guard(modules).ok().flatten().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_square_with_three_finders() {
        let modules = qr_code("xmpp:romeo@example.org");
        let width = modules.len().isqrt();
        assert!(width >= 21 && width * width == modules.len());
        for corner in [0, width - 7, (width - 7) * width] {
            assert_eq!(modules[corner..corner + 7], [1; 7]);
        }
    }

    #[test]
    fn what_is_too_long_is_none() {
        assert!(qr_code(&"x".repeat(10_000)).is_empty());
    }
}
