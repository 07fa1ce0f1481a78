// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What the tests share: a host that behaves like a browser, devices made of a host and a replica, and trees as outlines;
//! and a browser's history with what is known of it.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "each test uses a part of it"
)]

pub mod browser;
pub mod device;
pub mod host;
pub mod outline;
pub mod pair;
pub mod seeds;
