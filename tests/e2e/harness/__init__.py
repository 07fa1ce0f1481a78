# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end-to-end tests and the demo stand on: real servers, real browsers, bounded in time and ended by process id."""
