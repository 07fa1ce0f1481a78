# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that join an account: with nothing, with the same, with something else, with a lot."""

import time

from harness import tree
from harness.case import Case, display, wait_replicas, wait_same
from harness.falkon import Falkon
from harness.tree import SEPARATOR, bookmarks, folder, link

LIBRARY = bookmarks(
    toolbar=[link("News"), folder("Work", link("Wiki"), SEPARATOR, folder("Old", link("Archive")), link("Mail")), link("Twin"), link("Twin")],
    menu=[link("Weather")],
    other=[folder("Later", link("Long read")), folder("Later", link("Another"))],
)

# From the button to the last bookmark in the second Falkon: generous, for a slow machine that also runs both browsers.
BIG = 2_000
BIG_S = 60


class Join(Case):
    def two(self, name, first, second, answer=None):
        """Two Falkons of a fresh account with these libraries, started one after the other; both up to date. `answer` is the
        button that the second one presses where there is something to choose."""
        account = self.server.register(name)
        browsers = []
        for letter, library in (("A", first), ("B", second)):
            browser = self.browser(f"{name}{letter}", account, library)
            self.addCleanup(browser.stop)
            browser.start()
            if answer and browsers:
                browser.answer(answer, self.workspace.logs / f"{answer}.png")
            browser.wait_synced()
            browsers.append(browser)
        wait_replicas(*browsers)
        return browsers

    def test_empty_device_gets_all(self):
        a, b = self.two("empty", LIBRARY, None)
        b.wait_tree(LIBRARY)
        self.assertEqual(a.tree(), LIBRARY)

    def test_device_with_a_library_joins_an_empty_one(self):
        a, b = self.two("late", None, LIBRARY)
        a.wait_tree(LIBRARY)
        self.assertEqual(b.tree(), LIBRARY)

    def test_same_library_does_not_double(self):
        a, b = self.two("same", LIBRARY, LIBRARY)
        a.wait_tree(LIBRARY)
        b.wait_tree(LIBRARY)
        a.add("toolbar", link("After"))
        expected = {**LIBRARY, "toolbar": [*LIBRARY["toolbar"], link("After")]}
        b.wait_tree(expected)
        self.assertEqual(a.tree(), expected)

    def test_both_start_at_the_same_time_with_the_same_library(self):
        account = self.server.register("race")
        browsers = [self.browser(f"race{letter}", account, LIBRARY) for letter in "AB"]
        for browser in browsers:
            self.addCleanup(browser.stop)
            browser.start()
        for browser in browsers:
            browser.wait_synced()
        wait_replicas(*browsers)
        for browser in browsers:
            browser.wait_tree(LIBRARY)

    def test_overlapping_libraries_are_joined_once(self):
        """What both have, by folder, title and address, is there once; all else from both is there."""
        mine = bookmarks(toolbar=[link("Shared"), folder("Folder", link("Both"), link("Mine"))], menu=[link("My menu")])
        theirs = bookmarks(toolbar=[folder("Folder", link("Theirs"), link("Both")), link("Shared")], other=[link("Their other")])
        a, b = self.two("overlap", mine, theirs)
        result = wait_same(a, b)
        names = sorted(tree.titles(result))
        self.assertEqual(names, ["Both", "Folder", "Mine", "My menu", "Shared", "Their other", "Theirs"])
        inner = next(item for item in result["toolbar"] if item[1] == "Folder")
        self.assertEqual(sorted(item[1] for item in inner[2]), ["Both", "Mine", "Theirs"])

    def test_what_differs_on_both_sides_is_asked_about(self):
        """The same address under two titles: the second browser asks before it joins, and a merge is one of the answers."""
        address = "https://same.example/"
        mine = bookmarks(toolbar=[link("Mine", address), link("Only mine")])
        theirs = bookmarks(toolbar=[link("Theirs", address)])
        a, b = self.two("asked", mine, theirs, "join-merge")
        result = wait_same(a, b)
        self.assertIn("Only mine", tree.titles(result))
        self.assertIn(address, [item[2] for item in result["toolbar"]])

    def test_falkons_own_default_bookmarks_do_not_double(self):
        """Two fresh profiles both come with Falkon's own four bookmarks."""
        account = self.server.register("fresh")
        browsers = []
        for letter in "AB":
            browser = Falkon(self.workspace, f"fresh{letter}", display())
            self.addCleanup(browser.stop)
            browser.sign_in(self.server, account)
            browser.start()
            browser.wait_synced()
            browsers.append(browser)
        wait_replicas(*browsers)
        result = wait_same(*browsers)
        titles = tree.titles(result)
        self.assertGreater(len(titles), 2)
        self.assertEqual(len(titles), len(set(titles)), titles)

    def test_third_device_joins(self):
        a, b = self.two("third", LIBRARY, None)
        b.wait_tree(LIBRARY)
        c = self.browser("thirdC", self.server_account(a), None)
        self.addCleanup(c.stop)
        c.start()
        c.wait_tree(LIBRARY)
        c.add("menu", link("From C"))
        expected = {**LIBRARY, "menu": [*LIBRARY["menu"], link("From C")]}
        for browser in (a, b):
            browser.wait_tree(expected)

    def test_many_at_once(self):
        """2,000 bookmarks in folders and folders within them, joined by an empty Falkon, and the browsers stay usable."""
        folders = [
            folder(f"Folder {number}", *(link(f"Title {number} {each}", f"https://host{each}.example/{number}") for each in range(49)))
            for number in range(BIG // 50)
        ]
        library = bookmarks(toolbar=folders[:10], menu=[folder("All else", *folders[10:])], other=[SEPARATOR])
        a, b = self.two("many", library, None)
        started = time.monotonic()
        b.wait_tree(library, timeout=BIG_S)
        self.assertEqual(a.tree(), library)
        self.assertLess(time.monotonic() - started, BIG_S)
        b.move(["menu", "All else", "Folder 39"], "toolbar", 0)
        a.process.wait_until(lambda: a.tree()["toolbar"][0][1] == "Folder 39", "the last folder at the front of A")
        wait_same(a, b)

    def test_import_of_many_while_online(self):
        """An import: Falkon tells of one folder, and 2,000 bookmarks come with it."""
        a, b = self.two("import", None, None)
        big = folder("Imported", *(folder(f"F{number}", *(link(f"L{number} {each}") for each in range(99))) for number in range(BIG // 100)))
        a.add("toolbar", big)
        b.wait_tree(bookmarks(toolbar=[big]), timeout=BIG_S)
        self.assertEqual(a.tree(), bookmarks(toolbar=[big]))
        # Everything at once: it asks first, and until then it is nowhere else gone.
        b.remove(["toolbar", 0])
        b.process.wait_until(lambda: b.status()["needs"], "the question")
        self.assertEqual(a.tree(), bookmarks(toolbar=[big]))
        b.answer("held-accept")
        a.wait_tree(bookmarks())

    def test_library_that_shrank_while_away_asks_first(self):
        """Most of it is gone from the file of a browser that did not run: the user says whether that was meant."""
        library = bookmarks(toolbar=[folder("Recipes", *(link(f"Recipe {number}") for number in range(30)))], menu=[link(f"Kept {number}") for number in range(8)])
        rest = bookmarks(menu=library["menu"])
        a, b = self.two("shrank", library, None)
        b.wait_tree(library)
        for button, outcome in (("held-refuse", library), ("held-accept", rest)):
            b.wait_saved()
            b.quit()
            b.write_bookmarks(rest)
            b.start()
            b.process.wait_until(lambda: b.status()["needs"], "the question")
            self.assertEqual((a.tree(), b.tree()), (library, rest))
            self.assertIn("Recipes", b.status()["needs"][0]["titles"])
            b.answer(button, self.workspace.logs / f"{button}.png")
            b.wait_tree(outcome)
            a.wait_tree(outcome)

    def test_library_that_another_device_adds_once_more_asks_first(self):
        """Somebody imports on A what is there already: B asks before it shows it, and can have it deleted everywhere."""
        recipes = folder("Recipes", *(link(f"Recipe {number}") for number in range(30)))
        library = bookmarks(menu=[recipes])
        twice = bookmarks(menu=[recipes], other=[folder("Imported", *recipes[2])])
        a, b = self.two("twice", library, None)
        b.wait_tree(library)
        for button, outcome in (("held-refuse", library), ("held-accept", twice)):
            a.add("other", twice["other"][0])
            b.process.wait_until(lambda: b.status()["needs"], "the question")
            self.assertEqual((a.tree(), b.tree()), (twice, library))
            b.answer(button, self.workspace.logs / f"doubled-{button}.png")
            for browser in (a, b):
                browser.wait_tree(outcome)

    def server_account(self, browser):
        return browser.status()["account"]
