# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A first join over a slow line: how far it is, how long it takes, and that it can be paused."""

import hashlib

from harness.case import Case
from harness.slowlink import SlowLink
from harness.tree import bookmarks, count, folder, link

LINKS = 1_500
# Their addresses do not compress: at least so many are on the wire.
LEAST_BYTES = LINKS * 70 * 4 // 3
# How many per cent are there before the pause.
FAR = 35
BYTES_A_SECOND = 25_000
# How far it is is told every ten seconds, and the rest can be told from two of them.
SLOW_SENDER_BYTES_A_SECOND = 5_000
SLOW_S = 120


class Progress(Case):
    def told(self, browser, name):
        return browser.call("settingsText", name=name)["text"]

    def wait_told(self, browser, name, *parts):
        def told():
            text = self.told(browser, name)
            assert all(part in text for part in parts), text
            return text

        return browser.process.wait_until(told, f"{parts!r} in {name} of {browser.name}", SLOW_S)

    def library(self):
        """A large one whose addresses do not compress."""
        digests = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(LINKS)]
        links = (link(f"Link {number}", f"https://link.example/{digest}") for number, digest in enumerate(digests))
        return bookmarks(menu=[folder("Large", *links)])

    def test_sender_behind_a_slow_line_is_shown(self):
        """The server takes no files: the new device waits until all is there."""
        account = self.server.register("sender")
        way = SlowLink(self.server.connect, SLOW_SENDER_BYTES_A_SECOND)
        self.addCleanup(way.stop)
        a = self.browser("slow sender", account, self.library(), connect=way.connect)
        a.start()
        a.wait_synced()
        b = self.browser("waiting", account)
        b.start()
        b.call("openSettings")
        sentence = self.wait_told(b, "status", " left.", "Another device sends")
        self.assertRegex(sentence, rf"^Another device sends the bookmarks: about \d+ of {LINKS + 1}\. \d+ seconds? left\.$")
        self.assertGreater(int(self.told(b, "progress").rstrip("%")), 0)
        b.call("settingsPage", page="account", file=str(self.pictures / "awaiting.png"))
        b.process.wait_until(lambda: count(b.tree()) == LINKS + 1, "all in B", SLOW_S)
        self.wait_told(b, "status", "Up to date")
        self.assertEqual(self.told(b, "progress"), "")

    def test_join_is_shown_paused_and_resumed(self):
        account = self.server.register("slow")
        a = self.browser("A", account, self.library())
        a.start()
        a.wait_synced()
        way = SlowLink(self.server.connect, BYTES_A_SECOND)
        self.addCleanup(way.stop)
        b = self.browser("B", account, connect=way.connect)
        b.start()
        b.call("openSettings")
        sentence = self.wait_told(b, "status", " left.")
        self.assertRegex(sentence, rf"^Fetching the bookmarks: about \d+ of {LINKS + 1}\. \d+ seconds? left\.$")
        b.process.wait_until(lambda: int(self.told(b, "progress").rstrip("%")) >= FAR, f"{FAR} % in B", SLOW_S)
        b.call("settingsPage", page="account", file=str(self.pictures / "progress.png"))

        self.assertTrue(b.call("press", button="pause")["pressed"])
        self.wait_told(b, "status", "paused")
        self.assertEqual((self.told(b, "progress"), count(b.tree())), ("", 0))
        # What is applied on another page leaves it so.
        b.call("settingsPage", page="synchronize")
        self.assertTrue(b.call("press", button="ask-about-doubles")["pressed"])
        self.assertTrue(b.call("press", button="apply")["pressed"])
        b.call("settingsPage", page="account")
        self.wait_told(b, "status", "paused")
        before = way.received

        self.assertTrue(b.call("press", button="pause")["pressed"])
        b.process.wait_until(lambda: count(b.tree()) == LINKS + 1, "all in B", SLOW_S)
        self.wait_told(b, "status", "Up to date")
        self.assertEqual(self.told(b, "progress"), "")
        # It went on where it had stopped.
        self.assertLess(way.received - before, LEAST_BYTES)
