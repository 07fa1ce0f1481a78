#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the end-to-end tests: real servers, real browsers, the bot and a QXmpp peer.

`run.py [-k NAME]...` runs those whose name contains NAME, the tests of a class one after the other, and three classes at a time:
most of a test is waiting. Each test is one line with its result and time; the last line is `N passed, N failed`. The logs of a failed
test's programs are kept, in a folder that is named.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import io
import multiprocessing
import multiprocessing.util
import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from harness import case, process, workspace  # noqa: E402  (the path comes first)


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


def by_class(tests):
    """The tests of each class, the classes with the most tests first."""
    classes = collections.defaultdict(list)
    for test in tests:
        classes[type(test)].append(test)
    return sorted(classes.values(), key=len, reverse=True)


def prepare_worker():
    process.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Each process has a display of its own.
    multiprocessing.util.Finalize(None, case.close_display, exitpriority=1)


def run_class(tests):
    """What is printed, and how many passed and failed."""
    result = Result()
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        unittest.TestSuite(tests).run(result)
    return printed.getvalue(), result.passed, len(result.failures) + len(result.errors)


def run_all(tests, jobs):
    """How many passed and failed."""
    classes = by_class(tests)
    passed = failed = 0
    fork = multiprocessing.get_context("fork")
    workers = min(jobs, len(classes)) or 1
    with concurrent.futures.ProcessPoolExecutor(workers, fork, prepare_worker) as pool:
        for done in concurrent.futures.as_completed([pool.submit(run_class, tests) for tests in classes]):
            text, good, bad = done.result()
            print(text, end="", flush=True)
            passed, failed = passed + good, failed + bad
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-k", metavar="NAME", action="append", default=[], help="only tests whose name contains NAME")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    parser.add_argument("--jobs", metavar="NUMBER", type=int, default=3, help="classes at a time")
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
    started = time.monotonic()
    passed, failed = run_all(tests, options.jobs)
    print(f"in {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
