// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The account's password in memory, and where it comes from.

use zeroize::Zeroizing;

/// A password: wiped from memory when dropped, never shown by `Debug`.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the password over; the caller's own copies are the caller's to wipe.
    pub fn new(password: impl Into<String>) -> Password {
        Password(Zeroizing::new(password.into()))
    }

    /// The password itself, for the one place that computes with it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password(..)")
    }
}

/// Where a session has its password from.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// From its owner, who keeps it or does not.
    Given(Password),
    /// From its owner. When the server has accepted it, it is put into the user's password store, and
    /// [`crate::Event::PasswordKept`] tells of it.
    Keep(Password),
    /// From the user's password store: KWallet, GNOME Keyring, KeePassXC.
    Stored,
}

#[cfg(test)]
mod tests {
    use super::Password;

    #[test]
    fn a_password_does_not_show_itself() {
        let password = Password::new("correct horse");
        assert_eq!(format!("{password:?}"), "Password(..)");
        assert_eq!(format!("{:#?}", (1, password)), "(\n    1,\n    Password(..),\n)");
    }
}
