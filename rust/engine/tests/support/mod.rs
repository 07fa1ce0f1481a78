// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Servers for tests, on loopback, in temporary folders, ended with the test.
#![allow(dead_code, unreachable_pub, reason = "each test program uses its own part")]

pub mod device;
pub mod dns;
pub mod probe;
pub mod prosody;
pub mod proxy;
pub mod scripted;
