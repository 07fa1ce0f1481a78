# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a test log and prints how many tests passed and failed: `counts.py LOG`.

Understands cargo test (one line for each binary), ctest, and a plain `N passed, N failed`.
"""

import re
import sys

CARGO = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed;", re.MULTILINE)
CTEST = re.compile(r"^\d+% tests passed, (\d+) tests failed out of (\d+)", re.MULTILINE)
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)


def counts(text):
    passed = failed = 0
    for match in [*CARGO.finditer(text), *PLAIN.finditer(text)]:
        passed += int(match[1])
        failed += int(match[2])
    for match in CTEST.finditer(text):
        passed += int(match[2]) - int(match[1])
        failed += int(match[1])
    return passed, failed


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
        print(*counts(log.read()))
