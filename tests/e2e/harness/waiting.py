# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for a condition, never for an amount of time."""

import time

# Generous: a loaded machine must not fail a test. A condition that holds costs no more than it takes.
DEADLINE_S = 60.0
FIRST_PAUSE_S = 0.01
LONGEST_PAUSE_S = 0.15


class Timeout(AssertionError):
    """A condition did not come true before its deadline. The message names it and what was last seen."""


def wait_for(condition, what, timeout=DEADLINE_S, alive=()):
    """Calls `condition` until it gives something true, and returns that.

    `what` completes the sentence "waited for …". A condition may raise AssertionError while it does not hold; its
    message is part of the failure. `alive` are processes without which waiting is pointless.
    """
    end = time.monotonic() + timeout
    pause = FIRST_PAUSE_S
    while True:
        last = ""
        try:
            value = condition()
            if value:
                return value
            last = f"the last value was {value!r}"
        except Timeout:
            raise
        except AssertionError as error:
            last = f"last seen: {error}"
        for process in alive:
            if not process.running():
                raise Timeout(f"{process.name} ended (code {process.code()}) while waiting for {what}; {last}; {process.log_hint()}")
        if time.monotonic() >= end:
            raise Timeout(f"waited {timeout:g} s for {what}; {last}")
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE_S)
