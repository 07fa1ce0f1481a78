#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the end-to-end tests: real servers, real browsers, the bot and a QXmpp peer.

`run.py [-k NAME]...` runs those whose name contains NAME. Each test is one line with its result and time; the last line
is `N passed, N failed`. The logs of a failed test's programs are kept, in a folder that is named.
"""

import argparse
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from harness import case, workspace  # noqa: E402  (the path comes first)


def short_name(test):
    """`test_edits.Edits.test_rename` without what repeats itself; a class that could not be prepared names itself."""
    name = test.id()
    return name if name.startswith("setUpClass") or name.startswith("tearDownClass") else ".".join(name.split(".")[-2:])


class Result(unittest.TestResult):
    """Prints as it goes."""

    def __init__(self):
        super().__init__()
        self.passed = 0
        self.started = time.monotonic()

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()

    def _line(self, verdict, test):
        print(f"{verdict:6} {time.monotonic() - self.started:6.1f} s  {short_name(test)}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1
        self._line("ok", test)

    def _unsuccessful(self, test, text):
        self._line("FAIL", test)
        print("    " + text.rstrip().replace("\n", "\n    "), flush=True)
        owner = getattr(test, "workspace", None) or case.Case.newest
        if owner and owner.logs.is_dir():
            print(f"    logs: {owner.keep_logs(short_name(test).replace('/', '_'))}", flush=True)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self._unsuccessful(test, self.failures[-1][1])

    def addError(self, test, error):
        super().addError(test, error)
        self._unsuccessful(test, self.errors[-1][1])

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error:
            print(f"    {subtest._subDescription()}")
            self._unsuccessful(test, (self.failures if issubclass(error[0], test.failureException) else self.errors)[-1][1])


def chosen(suite, names):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from chosen(test, names)
        elif not names or any(name in test.id() for name in names):
            yield test


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-k", metavar="NAME", action="append", default=[], help="only tests whose name contains NAME")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    options = parser.parse_args()
    everything = unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).parent), pattern="test_*.py")
    tests = list(chosen(everything, options.k))
    if options.list:
        print("\n".join(test.id() for test in tests))
        return 0
    try:
        workspace.check_programs()
    except workspace.Missing as missing:
        print(f"run.py: {missing}", file=sys.stderr)
        return 2
    result = Result()
    started = time.monotonic()
    try:
        unittest.TestSuite(tests).run(result)
    finally:
        case.close_display()
    failed = len(result.failures) + len(result.errors)
    print(f"in {time.monotonic() - started:.0f} s")
    print(f"{result.passed} passed, {failed} failed")
    return 1 if failed or not result.passed else 0


if __name__ == "__main__":
    sys.exit(main())
