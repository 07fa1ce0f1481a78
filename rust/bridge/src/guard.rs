// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A panic must never reach C++: there it would abort the browser.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// A panic was caught; the text is its message.
#[derive(Debug, thiserror::Error)]
#[error("internal error: {0}")]
pub(crate) struct Panicked(String);

/// Runs `body` and turns a panic into an error. What `body` had borrowed mutably may be half changed afterwards; the
/// bridge's own state is atomics and locks that are recovered.
pub(crate) fn guard<T>(body: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(body)).map_err(|payload| {
        let text = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
            (Some(text), _) => (*text).to_owned(),
            (_, Some(text)) => text.clone(),
            _ => "unknown panic".to_owned(),
        };
        tracing::error!(%text, "a panic was caught at the bridge");
        // The payload's own destructor may panic as well.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(payload)));
        Panicked(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_with_its_message() {
        let caught = guard(|| -> u32 { panic!("seven {}", 7) });
        assert_eq!(caught.unwrap_err().to_string(), "internal error: seven 7");
        assert_eq!(guard(|| 3).unwrap(), 3);
    }
}
