# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that are not awake together, servers that go away, browsers that crash."""

from harness.case import Case, inside, wait_inside, wait_same
from harness.tree import SEPARATOR, folder, link, titles

# More than the ring of eight updates that a replica keeps on the server.
MANY = 40


class Server(Case):
    """The server goes away and comes back, with the same two browsers."""

    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("server")
        cls.a, cls.b = cls.pair(cls.account)

    def setUp(self):
        self.name = self.id().rsplit(".", 1)[1]

    def wait_offline(self):
        for browser in (self.a, self.b):
            browser.process.wait_until(lambda b=browser: b.status()["state"] != "online", f"{browser.name} to notice")

    def test_both_edit_offline_then_meet(self):
        shared = [link("One"), link("Two"), link("Three"), folder("Inner", link("Four"))]
        self.a.add("toolbar", folder(self.name, *shared))
        wait_inside(self.b, self.name, shared)
        self.server.stop()
        self.wait_offline()
        path = ["toolbar", self.name]
        self.a.set([*path, "One"], title="One by A")
        self.a.remove([*path, "Two"])
        self.a.add(path, link("Only A"))
        self.a.add(path, link("Added by both"))
        self.b.set([*path, "Three"], url="https://by-b.example/")
        self.b.move([*path, "Inner", "Four"], path, 0)
        self.b.add(path, link("Only B"))
        self.b.add(path, link("Added by both"))
        self.server.start()
        for browser in (self.a, self.b):
            browser.wait_title("Only A")
            browser.wait_title("Only B")
        result = wait_same(self.a, self.b)
        items = inside(result, self.name)
        self.assertEqual(
            sorted(str(item) for item in items),
            sorted(str(item) for item in (
                link("Four"), link("One by A", "https://one.example/"), link("Three", "https://by-b.example/"), folder("Inner"),
                link("Only A"), link("Only B"), link("Added by both"),
            )),
        )
        self.assertEqual(items[0], link("Four"))

    def test_conflicting_edits_settle(self):
        """Both change the same things in different ways: both end with the same, and with one of the two."""
        self.a.add("toolbar", folder(self.name, link("One"), folder("X"), folder("Y"), link("Doomed")))
        wait_inside(self.b, self.name, [link("One"), folder("X"), folder("Y"), link("Doomed")])
        self.server.stop()
        self.wait_offline()
        path = ["toolbar", self.name]
        self.a.set([*path, "One"], title="A's")
        self.b.set([*path, "One"], title="B's")
        self.a.move([*path, "X"], [*path, "Y"])
        self.b.move([*path, "Y"], [*path, "X"])
        self.a.remove([*path, "Doomed"])
        self.b.remove([*path, "Doomed"])
        self.server.start()
        for browser in (self.a, self.b):
            browser.wait_synced()
        result = titles({"toolbar": inside(wait_same(self.a, self.b), self.name), "menu": [], "other": []})
        self.assertEqual(sorted(result)[1:], ["X", "Y"])
        self.assertIn(sorted(result)[0], ("A's", "B's"))

    def test_server_killed_while_edits_are_made(self):
        self.a.add("toolbar", folder(self.name))
        wait_inside(self.b, self.name, [])
        expected = []
        for number in range(12):
            if number in (4, 8):
                self.server.kill()
            item = link(f"{self.name} {number}")
            self.a.add(["toolbar", self.name], item)
            expected.append(item)
            if number in (6, 10):
                self.server.start()
        wait_inside(self.b, self.name, expected)
        self.b.add(["toolbar", self.name], SEPARATOR)
        wait_inside(self.a, self.name, [*expected, SEPARATOR])

    def test_server_that_does_not_answer(self):
        """The connection stands and nothing comes: nothing is lost when it comes back."""
        self.a.add("toolbar", folder(self.name))
        wait_inside(self.b, self.name, [])
        self.server.freeze()
        try:
            self.a.add(["toolbar", self.name], link("Said into the void"))
            self.b.add(["toolbar", self.name], link("This too"))
        finally:
            self.server.thaw()
        for browser in (self.a, self.b):
            browser.wait_title("Said into the void")
            browser.wait_title("This too")
        self.assertEqual(len(inside(wait_same(self.a, self.b), self.name)), 2)

    def test_server_that_forgets_its_bookmarks(self):
        """A server that was set up anew has neither the devices' keys nor the node: the replicas still have everything."""
        self.a.add("toolbar", folder(self.name, link("One")))
        wait_inside(self.b, self.name, [link("One")])
        self.server.stop()
        self.wait_offline()
        for path in self.server.pep_files("server"):
            path.unlink()
        self.a.add(["toolbar", self.name], link("Two"))
        self.server.start()
        wait_inside(self.b, self.name, [link("One"), link("Two")])
        self.b.add(["toolbar", self.name], link("Three"))
        wait_inside(self.a, self.name, [link("One"), link("Two"), link("Three")])
        wait_same(self.a, self.b)


class Restart(Case):
    """One of the browsers is off, crashes, or both restart."""

    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("restart")
        cls.a, cls.b = cls.pair(cls.account)
        # The bot tells the ids of the shared tree.
        cls.witness = cls.bot(cls.account, "witness").start()

    def setUp(self):
        self.name = self.id().rsplit(".", 1)[1]
        for browser in (self.a, self.b):
            if not browser.running():
                browser.start()
            browser.wait_synced()
        wait_same(self.a, self.b)

    def test_one_off_while_the_other_works_a_lot(self):
        """More updates than the server's ring holds; then the other comes back, and the one who made them is away."""
        start = [link("Stays"), link("Goes"), link("Changes")]
        self.a.add("toolbar", folder(self.name, *start))
        wait_inside(self.b, self.name, start)
        self.b.quit()
        self.witness.stop()
        path = ["toolbar", self.name]
        expected = [link("Stays"), link("Changed", "https://changes.example/")]
        self.a.remove([*path, "Goes"])
        self.a.set([*path, "Changes"], title="Changed")
        for number in range(MANY):
            item = link(f"edit {number}")
            self.a.add(path, item)
            expected.append(item)
            # Each is an update of its own.
            self.a.wait_published()
        self.a.quit()
        self.b.start()
        wait_inside(self.b, self.name, expected)
        self.a.start()
        self.witness.start()
        wait_same(self.a, self.b)

    def test_both_restart_and_keep_keys_trust_and_ids(self):
        items = [link("Kept one"), folder("Kept folder", link("Kept two")), SEPARATOR, link("Twin"), link("Twin")]
        self.a.add("toolbar", folder(self.name, *items))
        wait_inside(self.b, self.name, items)
        whole = wait_same(self.a, self.b)
        self.witness.wait_tree(whole)
        ids = self.witness.ids()
        fingerprints = [browser.status()["fingerprint"] for browser in (self.a, self.b)]
        # From the first key that is authenticated, only such keys count: the witness's is one, too.
        for fingerprint in (fingerprints[1], self.witness.fingerprint()):
            self.a.set_trust(self.account, fingerprint, "authenticated")
            self.a.wait_trust(fingerprint, "authenticated")
        self.assertEqual([self.a.quit(), self.b.quit()], [0, 0])
        for browser in (self.a, self.b):
            browser.start()
            browser.wait_synced()
        self.assertEqual([browser.status()["fingerprint"] for browser in (self.a, self.b)], fingerprints)
        trust = {device["fingerprint"]: device["trust"] for device in self.a.status()["devices"]}
        self.assertEqual(trust[fingerprints[1]], "authenticated")
        self.assertEqual(self.a.tree(), whole)
        self.assertEqual(self.b.tree(), whole)
        # An edit of each after the restart, and the items are still the same ones.
        self.a.set(["toolbar", self.name, "Kept one"], title="Uno")
        self.b.move(["toolbar", self.name, "Kept folder", "Kept two"], ["toolbar", self.name], 0)
        expected = [link("Kept two"), link("Uno", "https://kept-one.example/"), folder("Kept folder"), SEPARATOR, link("Twin"), link("Twin")]
        for browser in (self.a, self.b):
            wait_inside(browser, self.name, expected)
        self.witness.wait_tree(wait_same(self.a, self.b))
        now = self.witness.ids()
        self.assertEqual(now["Uno"], ids["Kept one"])
        for title in ("Kept two", "Kept folder", self.name):
            self.assertEqual(now[title], ids[title])
        self.assertEqual(sorted(now["Twin"]), sorted(ids["Twin"]))

    def test_edits_while_the_plugin_is_away_are_found(self):
        """What Falkon's own file says at the start counts, with the ids of before, also where a folder was renamed."""
        items = [link("First"), link("Second"), folder("Old name", link("Third"))]
        self.a.add("toolbar", folder(self.name, *items))
        wait_inside(self.b, self.name, items)
        self.witness.wait_tree(wait_same(self.a, self.b))
        ids = self.witness.ids()
        self.a.quit()
        whole = self.a.saved()
        mine = inside(whole, self.name)
        mine[:] = [link("Second"), link("Fourth"), folder("New name", link("Third"))]
        self.a.write_bookmarks(whole)
        self.a.start()
        wait_inside(self.b, self.name, [link("Second"), link("Fourth"), folder("New name", link("Third"))])
        self.witness.wait_tree(wait_same(self.a, self.b))
        now = self.witness.ids()
        self.assertEqual(now["Second"], ids["Second"])
        self.assertEqual(now["Third"], ids["Third"])
        self.assertEqual(now["New name"], ids["Old name"])
        self.assertNotIn("First", now)

    def test_killed_before_falkon_saved(self):
        """Remote edits that were applied but not yet in Falkon's file when it crashed do not read as deletions."""
        self.a.add("toolbar", folder(self.name, link("Early")))
        wait_inside(self.b, self.name, [link("Early")])
        self.b.wait_saved()
        late = [link(f"Late {number}") for number in range(5)]
        for item in late:
            self.a.add(["toolbar", self.name], item)
        wait_inside(self.b, self.name, [link("Early"), *late])
        self.b.kill()
        saved = inside(self.b.saved(), self.name)
        self.b.start()
        wait_inside(self.b, self.name, [link("Early"), *late])
        self.b.wait_synced()
        self.assertEqual(inside(self.a.tree(), self.name), [link("Early"), *late])
        self.assertEqual(saved, [link("Early")], "Falkon had saved already: the case was not met")

    def test_terminated_right_after_own_edits(self):
        """SIGTERM: Falkon forgets up to ten seconds of edits. What the other device was told stays; nothing doubles."""
        self.a.add("toolbar", folder(self.name, link("Early")))
        wait_inside(self.b, self.name, [link("Early")])
        self.a.wait_saved()
        self.a.add(["toolbar", self.name], link("Late"))
        wait_inside(self.b, self.name, [link("Early"), link("Late")])
        self.a.terminate()
        self.a.start()
        self.a.wait_synced()
        for browser in (self.a, self.b):
            wait_inside(browser, self.name, [link("Early"), link("Late")])

    def test_bot_carries_between_devices_that_never_meet(self):
        self.a.add("toolbar", folder(self.name, link("From A")))
        wait_inside(self.b, self.name, [link("From A")])
        self.b.quit()
        self.a.add(["toolbar", self.name], link("B sleeps"))
        self.a.wait_published()
        self.a.quit()
        self.b.start()
        wait_inside(self.b, self.name, [link("From A"), link("B sleeps")])
        self.b.set(["toolbar", self.name, "From A"], title="Seen by B")
        self.witness.wait_tree(self.b.tree())
        self.b.quit()
        self.a.start()
        wait_inside(self.a, self.name, [link("Seen by B", "https://from-a.example/"), link("B sleeps")])
