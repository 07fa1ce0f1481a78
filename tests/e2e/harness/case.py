# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the test classes share: a server for each class, one display for the run, and clean-up whatever happens."""

import os
import pathlib
import unittest

from . import tree
from .bot import Bot
from .display import Display
from .falkon import Falkon, wait_same
from .peer import Peer
from .prosody import Prosody
from .waiting import wait_for
from .workspace import Workspace

_shared = {}


def display():
    """One Xvfb for the whole run, started when it is first needed."""
    if "display" not in _shared:
        workspace = Workspace("display")
        _shared["display"] = Display(workspace)
        _shared["display workspace"] = workspace
    return _shared["display"]


def close_display():
    """Ends the shared display, after the last test."""
    if "display" in _shared:
        _shared.pop("display").stop()
        _shared.pop("display workspace").remove()


class Case(unittest.TestCase):
    """A class with a workspace, a private server and, by `browser`, `bot` and `peer`, whatever else it starts.

    What is started belongs to the class and is ended after its last test. Tests of one class run in the order of their
    names; each works in folders of its own name, so that none depends on what another left behind.
    """

    server_class = Prosody
    server_options = {}
    # The newest class's: where a class that could not be prepared has its logs.
    newest = None

    @classmethod
    def setUpClass(cls):
        cls.workspace = Case.newest = Workspace("e2e")
        cls.addClassCleanup(cls.workspace.remove)
        cls.server = cls.server_class(cls.workspace, **cls.server_options)
        cls.addClassCleanup(lambda: cls.server.process.kill())
        # Pictures that are worth a look; XMPPSYNC_PICTURES names a folder in which they stay.
        cls.pictures = pathlib.Path(os.environ.get("XMPPSYNC_PICTURES", cls.workspace.logs))
        cls.prepare()

    @classmethod
    def prepare(cls):
        """What the class needs beside the server."""

    @classmethod
    def browser(cls, name, account=None, bookmarks=None, **configuration):
        """A Falkon, signed in where an account is given, not started. Its bookmarks are empty unless given."""
        falkon = Falkon(cls.workspace, name, display())
        cls.addClassCleanup(falkon.stop)
        falkon.write_bookmarks(bookmarks or tree.bookmarks())
        if account:
            falkon.sign_in(cls.server, account, **configuration)
        return falkon

    @classmethod
    def pair(cls, account):
        """Two Falkons of one account, both online, the second having joined the first."""
        first, second = cls.browser("A", account), cls.browser("B", account)
        for browser in (first, second):
            browser.start()
            browser.wait_synced()
        wait_replicas(first, second)
        return first, second

    @classmethod
    def bot(cls, account, name="bot", **options):
        """A bot, not started."""
        bot = Bot(cls.workspace, cls.server, account, name, **options)
        cls.addClassCleanup(bot.stop)
        return bot

    @classmethod
    def peer(cls, account, name="peer", **options):
        """A QXmpp peer, ready."""
        peer = Peer(cls.workspace, cls.server, account, name, **options)
        cls.addClassCleanup(peer.stop)
        return peer


def wait_replicas(*browsers):
    """Until each of them knows all others and has a session with them: from then on nothing is for a newcomer."""
    count = len(browsers)

    def known(browser):
        status = browser.status()
        ready = [device for device in status.get("devices", []) if device["active"] and (device["this"] or device["has_session"])]
        assert len(ready) >= count and status["phase"] == "up_to_date", status
        return True

    for browser in browsers:
        browser.process.wait_until(lambda: known(browser), f"{browser.name} to know the other devices")


def inside(whole, title, root="toolbar"):
    """What the first folder of that title directly in a root holds; None where there is none."""
    return next((item[2] for item in whole[root] if item[0] == "folder" and item[1] == title), None)


def wait_inside(browser, title, expected, root="toolbar"):
    """Until that folder holds exactly `expected`."""

    def same():
        now = inside(browser.tree(), title, root)
        assert now == expected, f"\n{tree.draw({**tree.bookmarks(), 'other': now or []})}\n  instead of\n{tree.draw({**tree.bookmarks(), 'other': expected})}"
        return True

    browser.process.wait_until(same, f"the folder {title!r} of {browser.name}")


__all__ = ["Case", "close_display", "display", "inside", "wait_for", "wait_inside", "wait_replicas", "wait_same"]
