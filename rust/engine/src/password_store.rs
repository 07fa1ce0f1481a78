// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The user's password store: whatever offers the Secret Service on the session's bus, such as KWallet, GNOME Keyring
//! or KeePassXC (freedesktop.org's Secret Service API).
//!
//! A store may ask the user to unlock it, so each of these may take minutes. They can be dropped at any point.

use std::collections::HashMap;
use std::time::Duration;

use jid::BareJid;
use secret_service::{EncryptionType, Error, SecretService};

use crate::password::Password;

/// The attributes by which our items are found.
const APPLICATION: (&str, &str) = ("application", "xmppsync");
const ACCOUNT: &str = "account";
/// How long a store may take to remove a password: long enough for a person who has to unlock it.
const FORGET_LIMIT: Duration = Duration::from_secs(120);

/// Why the store did not do what it was asked. A sentence for the user.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error(
        "No password store answers: neither KWallet nor GNOME Keyring nor KeePassXC seems to run. Start one, or choose in the settings where else the password is kept."
    )]
    NoStore,
    #[error("The password store has no password for {account}. Enter it in the settings.")]
    Missing { account: BareJid },
    #[error(
        "The password store stayed locked. Press Apply in the settings and unlock it, or enter the password there."
    )]
    Locked,
    #[error("The password store failed ({detail}). Enter the password in the settings.")]
    Failed { detail: String },
}

impl From<Error> for StoreError {
    fn from(error: Error) -> StoreError {
        match error {
            Error::Unavailable => StoreError::NoStore,
            Error::Locked | Error::Prompt | Error::PromptDisconnected => StoreError::Locked,
            other => StoreError::Failed {
                detail: other.to_string(),
            },
        }
    }
}

/// The password of an account. The store is unlocked where it has to be.
///
/// # Errors
/// See [`StoreError`].
pub(crate) async fn look_up(account: &BareJid) -> Result<Password, StoreError> {
    let store = connect().await?;
    let name = account.to_string();
    let missing = || StoreError::Missing {
        account: account.clone(),
    };
    let found = store.search_items(attributes(&name)).await?;
    let item = match (found.unlocked.first(), found.locked.first()) {
        (Some(item), _) => item,
        (None, Some(item)) => {
            item.unlock().await?;
            item
        }
        (None, None) => return Err(missing()),
    };
    // Wiped as soon as it is a password, whatever it holds.
    let secret = zeroize::Zeroizing::new(item.get_secret().await?);
    let text = std::str::from_utf8(&secret).ok().filter(|text| !text.is_empty());
    text.map(Password::new).ok_or_else(missing)
}

/// Keeps the password of an account, in the place of what was there.
///
/// # Errors
/// See [`StoreError`].
pub(crate) async fn keep(account: &BareJid, password: &Password) -> Result<(), StoreError> {
    let store = connect().await?;
    let collection = store.get_any_collection().await.map_err(|error| match error {
        // A store without any folder: nobody has set it up yet.
        Error::NoResult => StoreError::NoStore,
        other => other.into(),
    })?;
    if collection.is_locked().await? {
        collection.unlock().await?;
    }
    let name = account.to_string();
    let label = format!("XmppSync: {name}");
    let secret = password.reveal().as_bytes();
    collection
        .create_item(&label, attributes(&name), secret, true, "text/plain")
        .await?;
    Ok(())
}

/// Removes the password of an account, if it is there.
///
/// # Errors
/// See [`StoreError`].
async fn forget(account: &BareJid) -> Result<(), StoreError> {
    let store = connect().await?;
    let name = account.to_string();
    let found = store.search_items(attributes(&name)).await?;
    for item in &found.locked {
        item.unlock().await?;
    }
    for item in found.unlocked.iter().chain(&found.locked) {
        item.delete().await?;
    }
    Ok(())
}

/// Removes the password of an account from the user's password store, if it is there, on a thread of its own.
pub fn forget_password(account: BareJid) {
    let forgetting = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let forgotten = runtime.map(|runtime| {
            runtime.block_on(async { tokio::time::timeout(FORGET_LIMIT, forget(&account)).await })
        });
        if !matches!(forgotten, Ok(Ok(Ok(())))) {
            tracing::warn!(?forgotten, "the password may still be in the password store");
        }
    };
    if let Err(error) = std::thread::Builder::new()
        .name("xmppsync-forget".to_owned())
        .spawn(forgetting)
    {
        tracing::warn!(%error, "the password may still be in the password store");
    }
}

/// The password crosses the bus encrypted.
async fn connect() -> Result<SecretService<'static>, StoreError> {
    SecretService::connect(EncryptionType::Dh)
        .await
        .map_err(|error| match error {
            // No bus, or nobody on it who offers the service.
            Error::Zbus(_) | Error::ZbusFdo(_) => {
                tracing::info!(%error, "no password store");
                StoreError::NoStore
            }
            other => other.into(),
        })
}

fn attributes(account: &str) -> HashMap<&'static str, &str> {
    HashMap::from([APPLICATION, (ACCOUNT, account)])
}
