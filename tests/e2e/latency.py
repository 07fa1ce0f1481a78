#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how long an edit in one Falkon takes to be seen in the other, beside the bare message round trip.

Both run on the same private server, one after the other in each round. `--json FILE` writes the figures as well.
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
    raise SystemExit(f"latency.py: {title} did not arrive within {SEEN_S} s")


def quantiles(times):
    ordered = sorted(times)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def measure(server, place, screen, count):
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
        print(f"latency.py: {missing}", file=sys.stderr)
        return 2
    place = workspace.Workspace("latency")
    screen = server = None
    try:
        screen = Display(place)
        server = Prosody(place)
        edits, trips = measure(server, place, screen, options.edits)
    finally:
        if server:
            server.process.kill()
        if screen:
            screen.stop()
        place.remove()
    version = run(["falkon", "--version"], 20, environment={"PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen", "HOME": "/tmp"}, check=False)
    figures = []
    for name, value, peer in zip(("p50", "p95"), quantiles(edits), quantiles(trips)):
        # The shape of the other benches' figures (tests/bench/src/report.rs).
        figures.append({
            "family": "latency", "figure": f"edit in A until seen in B, {name} of {len(edits)}", "value": round(value, 2), "unit": "ms",
            "peer": f"bare message round trip, {name}", "peer_value": round(peer, 2), "ratio": round(value / peer, 2),
        })
        print(f"edit in A until seen in B  {name} {value:8.1f} ms    bare message round trip  {name} {peer:6.1f} ms")
    if version.stdout.strip():
        print(f"on {version.stdout.strip()}, Prosody on loopback, both browsers on this machine")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
