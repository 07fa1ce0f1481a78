# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of edit, from one Falkon to the other and back, while both are online."""

from harness.case import Case, inside, wait_inside, wait_same
from harness.tree import SEPARATOR, folder, link

# What people and pages put into titles. Each is one bookmark. (Falkon's file and its widgets take all of them.)
AWKWARD = {
    "quotes": "\"double\" 'single' `back` \\ backslash \\u0041 \\n",
    "markup": "<b>&amp; <![CDATA[x]]> </body> --> &#0; %41 %s {0} $HOME",
    "json": '{"v":1,"type":"remove","item":"toolbar"}',
    "right to left": "שלום \u202eابجد\u202c עולם",
    "emoji": "🏳️‍🌈 👩‍👩‍👧‍👦 é é \U0001f98a",
    "zero width": "a\u200bb\ufeffc\u2028d",
    "spaces": "  two before, two after  ",
    "newline and tab": "first\nsecond\tthird",
    "control": "bell\x07 escape\x1b[31m delete\x7f",
    "noncharacter": "fdd0 \ufdd0 ffff \uffff end",
    "long": "very long " * 1_000,
    "empty": "",
}


class Edits(Case):
    """Each test does the same edit in A and then, the other way round, in B."""

    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("edits")
        cls.a, cls.b = cls.pair(cls.account)

    def both_ways(self, start, edit, expected):
        """Puts a folder with `start` into one browser; edits it there by `edit(browser, path)`; sees the result in the
        other one. Then edits a second such folder from the other side, which is not the one that made it."""
        name = self.id().rsplit(".", 1)[1]
        for number, (maker, editor, watcher) in enumerate(((self.a, self.a, self.b), (self.a, self.b, self.a), (self.b, self.a, self.b))):
            title = f"{name} {number}"
            maker.add("toolbar", folder(title, *start))
            wait_inside(editor, title, list(start))
            wait_inside(watcher, title, list(start))
            edit(editor, ["toolbar", title])
            for browser in (watcher, editor):
                wait_inside(browser, title, expected)
        wait_same(self.a, self.b)

    def test_add(self):
        self.both_ways([link("One")], lambda browser, path: browser.add(path, link("Two")), [link("One"), link("Two")])

    def test_add_at_front(self):
        self.both_ways([link("One")], lambda browser, path: browser.add(path, link("Two"), 0), [link("Two"), link("One")])

    def test_rename(self):
        self.both_ways(
            [link("One"), link("Two")], lambda browser, path: browser.set([*path, "One"], title="Uno"),
            [link("Uno", "https://one.example/"), link("Two")],
        )

    def test_edit_url(self):
        self.both_ways(
            [link("One")], lambda browser, path: browser.set([*path, "One"], url="https://elsewhere.example/p?q=ä#f"),
            [link("One", "https://elsewhere.example/p?q=%C3%A4#f")],
        )

    def test_move(self):
        start = [link("One"), folder("Inner", link("Two")), link("Three")]
        self.both_ways(
            start, lambda browser, path: browser.move([*path, "Three"], [*path, "Inner"], 0),
            [link("One"), folder("Inner", link("Three"), link("Two"))],
        )

    def test_move_by_drag(self):
        start = [link("One"), folder("Inner", link("Two"))]
        self.both_ways(
            start, lambda browser, path: browser.move([*path, "Inner", "Two"], path, 0, drag=True),
            [link("Two"), link("One"), folder("Inner")],
        )

    def test_reorder(self):
        start = [link("One"), link("Two"), link("Three"), link("Four")]

        def edit(browser, path):
            browser.move([*path, "Four"], path, 0)
            browser.move([*path, "One"], path, 3)

        self.both_ways(start, edit, [link("Four"), link("Two"), link("Three"), link("One")])

    def test_separator(self):
        start = [link("One"), link("Two")]
        self.both_ways(start, lambda browser, path: browser.add(path, SEPARATOR, 1), [link("One"), SEPARATOR, link("Two")])

    def test_remove_separator(self):
        start = [link("One"), SEPARATOR, link("Two")]
        self.both_ways(start, lambda browser, path: browser.remove([*path, 1]), [link("One"), link("Two")])

    def test_nested_folders(self):
        inner = folder("1", folder("2", folder("3", link("Deep"), SEPARATOR), link("Less deep")))
        self.both_ways([], lambda browser, path: browser.add(path, inner), [inner])

    def test_move_folder(self):
        start = [folder("From", folder("Moved", link("One"), folder("Sub", link("Two")))), folder("To")]
        self.both_ways(
            start, lambda browser, path: browser.move([*path, "From", "Moved"], [*path, "To"]),
            [folder("From"), folder("To", folder("Moved", link("One"), folder("Sub", link("Two"))))],
        )

    def test_delete(self):
        start = [link("One"), link("Two"), link("Three")]
        self.both_ways(start, lambda browser, path: browser.remove([*path, "Two"]), [link("One"), link("Three")])

    def test_delete_folder(self):
        start = [link("One"), folder("Gone", link("Two"), folder("Too", link("Three")))]
        self.both_ways(start, lambda browser, path: browser.remove([*path, "Gone"]), [link("One")])

    def test_move_between_roots(self):
        for root in ("menu", "other"):
            title = f"to {root}"
            self.a.add("toolbar", folder(title, link("In it")))
            wait_inside(self.b, title, [link("In it")])
            self.b.move(["toolbar", title], root)
            wait_inside(self.a, title, [link("In it")], root)
            self.assertIsNone(inside(self.a.tree(), title))
        wait_same(self.a, self.b)

    def test_description_and_keyword(self):
        self.a.add("toolbar", folder("notes", link("One")))
        wait_inside(self.b, "notes", [link("One")])
        self.b.set(["toolbar", "notes", "One"], description="two lines\nof <notes>", keyword="one")

        def there():
            items = self.a.call("dump")["roots"]["toolbar"]
            item = next(item for item in items if item["title"] == "notes")["children"][0]
            return (item["description"], item["keyword"]) == ("two lines\nof <notes>", "one")

        self.a.process.wait_until(there, "description and keyword in A")

    def test_many_keystrokes(self):
        """The bookmark manager tells of every keystroke: the last one counts, and hardly any other travels."""
        text = "a title typed letter by letter"
        self.a.add("toolbar", folder("keys", link("x", "https://keys.example/")))
        wait_inside(self.b, "keys", [link("x", "https://keys.example/")])
        batches = self.b.status()["applied_batches"]
        for end in range(1, len(text) + 1):
            self.a.set(["toolbar", "keys", 0], title=text[:end])
        wait_inside(self.b, "keys", [link(text, "https://keys.example/")])
        self.assertLess(self.b.status()["applied_batches"] - batches, len(text) / 3)

    def test_awkward_names(self):
        """What Falkon itself keeps of a title is what the other one shows, to the letter, also after coming back."""
        items = [link(title, f"https://awkward.example/{number}") for number, title in enumerate(AWKWARD.values())]
        self.a.add("toolbar", folder("awkward", *items, folder(AWKWARD["markup"]), folder(AWKWARD["emoji"])))
        kept = inside(self.a.tree(), "awkward")
        self.assertEqual(len(kept), len(items) + 2)
        wait_inside(self.b, "awkward", kept)
        for number in range(len(items)):
            self.b.set(["toolbar", "awkward", number], url=f"https://changed.example/{number}")
        back = [link(item[1], f"https://changed.example/{number}") for number, item in enumerate(kept[: len(items)])]
        wait_inside(self.a, "awkward", back + kept[len(items) :])
        wait_same(self.a, self.b)

    def test_awkward_addresses(self):
        addresses = [
            "https://user:pass@host.example:8443/a%20b/%C3%A4?x=1&y=%26#frag", "javascript:void('<&>')", "file:///etc/hosts",
            "data:text/plain;base64,SGVsbG8=", "https://xn--4ca.example/", "https://[2001:db8::1]/", "mailto:someone@host.example",
            "https://long.example/" + "x" * 8_000, "falkon:start",
        ]
        items = [link(f"address {number}", address) for number, address in enumerate(addresses)]
        self.a.add("toolbar", folder("addresses", *items))
        kept = inside(self.a.tree(), "addresses")
        wait_inside(self.b, "addresses", kept)
        self.b.add(["toolbar", "addresses"], link("last"))
        wait_inside(self.a, "addresses", [*kept, link("last")])

    def test_same_title_and_address_twice(self):
        """A user may have the same bookmark twice on purpose: two stay two."""
        twice = [link("Same"), link("Same")]
        self.both_ways(twice, lambda browser, path: browser.remove([*path, 0]), [link("Same")])

    def test_zz_nothing_stored_in_the_clear(self):
        """After all of these edits the server's files hold none of the titles and addresses."""
        self.a.add("toolbar", folder("Confidential folder", link("Confidential title", "https://confidential.example/path")))
        wait_inside(self.b, "Confidential folder", [link("Confidential title", "https://confidential.example/path")])
        needles = ["Confidential folder", "Confidential title", "confidential.example", "keys.example", "typed letter by letter",
                   "awkward.example", "changed.example", "Less deep", "elsewhere.example"]
        self.assertEqual(self.server.plaintext_found(needles), [])
        # The search itself finds what is there: the labels of the OMEMO device list are in the clear.
        self.assertTrue(self.server.plaintext_found(["urn:xmpp:omemo:2"]))
        self.assertTrue(self.server.pep_files("edits", "urn:xmppsync:bookmarks:1"))
