# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a test log and prints how many tests passed and failed: `counts.py cargo|ctest|plain LOG`."""

import re
import sys

CARGO = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed;", re.MULTILINE)
CTEST = re.compile(r"^\d+% tests passed, (\d+) tests? failed out of (\d+)", re.MULTILINE)
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)


def counts(kind, text):
    """
    >>> counts("cargo", "test result: ok. 3 passed; 0 failed; 0 ignored\\ntest result: FAILED. 1 passed; 2 failed; 0")
    (4, 2)
    >>> counts("ctest", "3 passed, 0 failed\\n50% tests passed, 1 tests failed out of 2")
    (1, 1)
    >>> counts("plain", "1 passed, 1 failed\\nall in all\\n7 passed, 1 failed\\n")
    (7, 1)
    >>> counts("plain", "Segmentation fault")
    (0, 0)
    """
    if kind == "cargo":  # one line for each binary
        found = [(int(passed), int(failed)) for passed, failed in CARGO.findall(text)]
    elif kind == "ctest":
        found = [(int(total) - int(failed), int(failed)) for failed, total in CTEST.findall(text)[-1:]]
    else:  # the last line counts, others are parts of it
        found = [(int(passed), int(failed)) for passed, failed in PLAIN.findall(text)[-1:]]
    return sum(passed for passed, _ in found), sum(failed for _, failed in found)


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8", errors="replace") as log:
        print(*counts(sys.argv[1], log.read()))
