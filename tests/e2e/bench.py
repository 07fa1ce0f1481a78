#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what takes time between two Falkons on a private server without limits: an edit until the other one shows it, beside
the bare message round trip; and the first join of a large library, beside a start with the same library that is there already.

`--json FILE` writes the figures as well.
"""

import argparse
import json
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from harness import tree, workspace  # noqa: E402  (the path comes first)
from harness.case import wait_replicas  # noqa: E402
from harness.display import Display  # noqa: E402
from harness.falkon import Falkon  # noqa: E402
from harness.process import run  # noqa: E402
from harness.prosody import Prosody  # noqa: E402
from harness.xmpp import Connection, body_of  # noqa: E402

EDITS = 60
# The first join: folders, and bookmarks in each.
FOLDERS, EACH = 40, 499
JOIN_S = 60
SEEN_S = 30
# How often B is asked; a figure is at most this, and one reply, too large.
POLL_S = 0.002


def seen(browser, title):
    """Returns when `title` is the last bookmark of the toolbar."""
    end = time.monotonic() + SEEN_S
    while time.monotonic() < end:
        items = browser.tree()["toolbar"]
        if items and items[-1][1] == title:
            return
        time.sleep(POLL_S)
    raise SystemExit(f"bench.py: {title} did not arrive within {SEEN_S} s")


def library():
    def each(folder):
        return [tree.link(f"Bookmark {folder} {number}", f"https://site{folder}.example/page/{number}") for number in range(EACH)]

    return tree.bookmarks(menu=[tree.folder(f"Folder {number}", *each(number)) for number in range(FOLDERS)])


def time_start(browser, number):
    """Seconds from the start of the process until its menus show that many, which the other devices have as well."""
    begun = time.monotonic()
    browser.start()
    last = f"Bookmark {FOLDERS - 1} {EACH - 1}"
    while not browser.call("find", title_is=last)["found"] or browser.status()["phase"] != "up_to_date":
        if time.monotonic() - begun > JOIN_S:
            raise SystemExit(f"bench.py: {browser.name} did not have all within {JOIN_S} s: {browser.status()}")
        time.sleep(POLL_S)
    took = time.monotonic() - begun
    found = tree.count(browser.tree())
    if found != number:
        raise SystemExit(f"bench.py: {browser.name} has {found} instead of {number}")
    return took


def measure_join(server, place, screen):
    """Seconds of a first join, and of the next start; and how many bookmarks and folders there are."""
    account = server.register("join")
    whole = library()
    number = tree.count(whole)
    giver, joiner = Falkon(place, "giver", screen), Falkon(place, "joiner", screen)
    try:
        for browser, content in ((giver, whole), (joiner, tree.bookmarks())):
            browser.write_bookmarks(content)
            browser.sign_in(server, account)
        giver.start()
        # By itself it publishes nothing yet: there is nobody to read it.
        giver.process.wait_until(lambda: giver.status()["bookmarks"] == number, "all in the giver's replica", JOIN_S)
        joined = time_start(joiner, number)
        joiner.wait_saved()
        joiner.quit()
        return joined, time_start(joiner, number), number
    finally:
        giver.stop()
        joiner.stop()


def figure(family, name, value, unit, peer, peer_value):
    """In the shape of the other benches' figures (tests/bench/src/report.rs), printed as well."""
    print(f"{name:48} {value:8.1f} {unit}    {peer:42} {peer_value:8.1f} {unit}   {value / peer_value:6.1f} x")
    return {
        "family": family, "figure": name, "value": round(value, 2), "unit": unit,
        "peer": peer, "peer_value": round(peer_value, 2), "ratio": round(value / peer_value, 2),
    }


def quantiles(times):
    ordered = sorted(times)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def measure_edits(server, place, screen, count):
    """Milliseconds of `count` edits and of as many bare round trips."""
    account, other = server.register("latency"), server.register("floor")
    browsers = [Falkon(place, name, screen) for name in "AB"]
    ping = Connection(server, account, "ping")
    pong = Connection(server, other, "pong")
    try:
        for browser in browsers:
            browser.write_bookmarks(tree.bookmarks())
            browser.sign_in(server, account)
            browser.start()
            browser.wait_synced()
        wait_replicas(*browsers)
        first, second = browsers
        edits, trips = [], []
        for number in range(count + 1):
            title = f"edit {number}"
            start = time.monotonic()
            first.add("toolbar", tree.link(title))
            seen(second, title)
            edits.append((time.monotonic() - start) * 1000)
            start = time.monotonic()
            ping.message(pong.jid, title, "normal")
            pong.receive(lambda stanza, title=title: body_of(stanza) == title)
            pong.message(ping.jid, title, "normal")
            ping.receive(lambda stanza, title=title: body_of(stanza) == title)
            trips.append((time.monotonic() - start) * 1000)
        # The first of each pays for what is only done once.
        return edits[1:], trips[1:]
    finally:
        ping.close()
        pong.close()
        for browser in browsers:
            browser.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the figures here, too")
    parser.add_argument("--edits", type=int, default=EDITS, metavar="N", help=f"how many edits (default {EDITS})")
    options = parser.parse_args()
    try:
        workspace.check_programs(("XMPPSYNC_PLUGIN", "XMPPSYNC_DRIVER"))
    except workspace.Missing as missing:
        print(f"bench.py: {missing}", file=sys.stderr)
        return 2
    place = workspace.Workspace("bench")
    screen = server = None
    try:
        screen = Display(place)
        server = Prosody(place)
        edits, trips = measure_edits(server, place, screen, options.edits)
        joined, again, number = measure_join(server, place, screen)
    finally:
        if server:
            server.process.kill()
        if screen:
            screen.stop()
        place.remove()
    figures = [
        figure("latency", f"edit in A until seen in B, {name} of {len(edits)}", value, "ms", f"bare message round trip, {name}", peer)
        for name, value, peer in zip(("p50", "p95"), quantiles(edits), quantiles(trips))
    ]
    figures.append(figure("join", f"first join of {number}, Falkon's start included", joined, "s", "its next start, with nothing to join", again))
    version = run(["falkon", "--version"], 20, environment={"PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen", "HOME": "/tmp"}, check=False)
    if version.stdout.strip():
        print(f"on {version.stdout.strip()}, Prosody on loopback, both browsers on this machine")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
