# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""With 20,000 bookmarks, or 10,000 visited pages, the plugin must not be felt: how long it holds the browser's main thread in one turn of the event loop.

What counts is the processor time that the plugin's own meter has seen: all of its own work in a turn, and what it asked of
Falkon beyond one single call, which nobody can divide. Beside it stands what a heartbeat in the same thread has felt, which
includes all that Falkon does by itself: saving its file, laying out its menus, showing pages.
"""

import sqlite3
import time

from harness.case import Case
from harness.tree import bookmarks, count, folder, link

FOLDERS = 40
EACH = 500
NUMBER = FOLDERS * (EACH + 1)
MANY = 2_000
# One frame at 60 Hz.
FRAME_MS = 16.0
INIT_MS = 20.0
STARTS = 3
VISITED = 10_000
# How long 20,000 bookmarks may be on their way on a loaded machine.
JOIN_S = 180
# A text to type into, of which the window's title tells the length and the end.
PAGE = """<title>empty</title><textarea style="position: fixed; inset: 0; width: 100%; height: 100%"
onfocus="document.title = 'ready'" oninput="document.title = this.value.length + ' ' + this.value.slice(-9)"></textarea>"""


def library():
    return [folder(f"Folder {n}", *(link(f"Bookmark {n} {i}", f"https://site{n}.example/page/{i}") for i in range(EACH))) for n in range(FOLDERS)]


class Metered(Case):
    """Two browsers, A and B, and one that nobody signs in to: what Falkon does by itself for the same. No tests of its own."""

    def measure(self, *browsers):
        """From here on it counts."""
        for browser in browsers or (self.a, self.b, self.alone):
            browser.call("resetWorkMeter")
            browser.call("frameMeter", action="reset")

    def check(self, what, *browsers):
        """No stall since `measure`, except those that are Falkon's own."""
        figures = {}
        for browser in browsers or (self.a, self.b):
            felt = browser.call("frameMeter", action="read")
            work = browser.status()["work_ms"]
            figures[browser.name] = work
            print(
                f"    {what}, {browser.name}: at a time {work['plugin']:.1f} ms of the plugin ({work['entry']}, {work['wall']:.1f} on the wall), with Falkon's calls "
                f"{work['caused']:.1f} (one call {work['falkon_call']:.1f}), in all {work['total']:.0f}; "
                f"felt {felt['longest_ms']:.1f} (used {felt['used_ms']:.1f}), saving {felt['saving_ms']:.1f}", flush=True,
            )
        if not browsers:
            felt = self.alone.call("frameMeter", action="read")
            print(f"    {what}, Falkon alone: felt {felt['longest_ms']:.1f} (used {felt['used_ms']:.1f}), saving {felt['saving_ms']:.1f}", flush=True)
        # The meter does measure: none of these is done with nothing, though one browser may have no part in it.
        if figures:
            self.assertGreater(sum(work["total"] for work in figures.values()), 0.0, what)
        for name, work in figures.items():
            self.assertLess(work["plugin"], FRAME_MS, (what, name, work))
            self.assertLess(work["caused"], FRAME_MS, (what, name, work))


class Stalls(Metered):
    @classmethod
    def prepare(cls):
        account = cls.server.register("stalls")
        whole = bookmarks(menu=library())
        cls.a, cls.b = (cls.browser(name, account, bookmarks, share_tabs=True) for name, bookmarks in (("A", whole), ("B", None)))
        cls.alone = cls.browser("alone", None, whole)

    def wait_same_count(self, number):
        """Until both hold that many, and know that the other one does."""
        for browser in (self.a, self.b):
            browser.process.wait_until(lambda b=browser: b.status().get("bookmarks") == number, f"{number} bookmarks in {browser.name}", JOIN_S)
            browser.wait_synced(JOIN_S)
        self.b.process.wait_until(lambda: count(self.b.tree()) == number, f"{number} in B's menus", JOIN_S)

    def wait_found(self, browser, gone=False, **item):
        browser.process.wait_until(lambda: browser.call("find", **item)["found"] != gone, f"{item} in {browser.name}", JOIN_S)

    def test_1_start_and_first_join(self):
        """A browser full of bookmarks starts; an empty one joins it."""
        inits = []
        while len(inits) < STARTS and min(inits, default=INIT_MS) >= INIT_MS:
            if inits:
                self.a.quit()
            self.a.start()
            inits.append(self.a.status()["init_ms"])
        print(f"    init {', '.join(f'{ms:.1f}' for ms in inits)} ms", flush=True)
        self.assertLess(min(inits), INIT_MS)
        self.a.process.wait_until(lambda: self.a.status().get("bookmarks") == NUMBER, "all in A's replica", JOIN_S)
        self.check("start", self.a)
        self.alone.start()
        self.b.start()
        self.measure(self.a, self.alone)
        self.b.call("frameMeter", action="reset")
        self.alone.add("menu", folder("All", *library()))
        self.alone.remove(["menu", "All"])
        self.wait_same_count(NUMBER)
        self.check("first join")

    def test_2_typing_while_edits_come(self):
        """Somebody types in a page while bookmarks come and go on another device, and saves one in between."""
        page = self.a.home / "page.html"
        page.write_text(PAGE)
        self.a.call("openTab", url=page.as_uri())
        window = self.a.window()
        self.a.display.place(window, 0, 0, 800, 600)

        def ready():
            # A page that was just made does not take the focus at once.
            self.a.display.click(window, 400, 400)
            return "ready" in self.a.display.title(window)

        self.a.process.wait_until(ready, "the page to take the focus")
        self.measure()
        text = ""
        for number in range(12):
            word = f"word{number}"
            self.a.display.type(window, word)
            text += word
            for browser in (self.b, self.alone):
                browser.add("toolbar", link(f"While typing {number}"))
            if number % 4 == 3:
                for browser in (self.b, self.alone):
                    browser.remove(["toolbar", f"While typing {number - 1}"])
                    browser.add_many("menu", [link(f"Together {number} {i}") for i in range(12)])
                self.a.add("other", link(f"Saved {number}"))
        self.wait_found(self.a, title_is="While typing 11")
        self.wait_found(self.a, title_is="Together 11 11")
        self.wait_found(self.a, gone=True, title_is="While typing 10")
        self.wait_found(self.b, title_is="Saved 11")
        self.check("typing")
        typed = f"{len(text)} {text[-9:]}"
        self.a.process.wait_until(lambda: self.assertIn(typed, self.a.display.title(window)) is None, "all that was typed")

    def test_3_import(self):
        """A folder of 2,000 bookmarks, then 2,000 by themselves."""
        for what in ("folder", "flat"):
            self.measure()
            items = [link(f"{what} {i}") for i in range(MANY)]
            for browser in (self.a, self.alone):
                if what == "folder":
                    browser.add("toolbar", folder("Imported", *items))
                else:
                    browser.add_many("other", items)
            self.wait_found(self.b, title_is=f"{what} {MANY - 1}")
            self.b.wait_synced()
            self.check(f"import, {what}")

    def test_4_move_and_delete_folders(self):
        """Folders of 500 move to another root, and one of them is deleted."""
        self.measure()
        for browser in (self.a, self.alone):
            for n in range(4):
                browser.move(["menu", f"Folder {n}"], "other", 0)
        for n in range(4):
            self.wait_found(self.b, path=["other", f"Folder {n}"])
        self.check("moves of folders")
        self.measure()
        for browser in (self.a, self.alone):
            browser.remove(["other", "Folder 3"])
        self.wait_found(self.b, gone=True, path=["other", "Folder 3"])
        self.check("deletion of a folder")

    def test_5_settings_with_a_long_log(self):
        """The activity page shows its most entries, and more come."""
        for number in range(500):
            self.a.command(**({"type": "restore", "id": "", "at": 1} if number % 2 else {"type": "answer_held", "id": "", "accept": False}))
        self.measure(self.a)
        self.a.call("openSettings")
        self.check("opening the settings", self.a)
        for page in ("synchronize", "tabs", "devices", "history", "activity"):
            self.measure(self.a)
            self.a.call("settingsPage", page=page)
            self.check(f"the page {page}", self.a)
        self.measure(self.a)
        rows = self.a.call("settingsText", name="activity")["rows"]
        self.assertGreater(len(rows), 400)
        for number in range(10):
            self.b.add("toolbar", link(f"Logged {number}"))
            self.wait_found(self.a, title_is=f"Logged {number}")
        self.a.process.wait_until(lambda: self.a.call("settingsText", name="activity")["rows"] != rows, "the page to show it")
        self.check("a long log", self.a)
        self.a.call("closeDialogs")


class StallsOfHistory(Metered):
    @classmethod
    def prepare(cls):
        account = cls.server.register("visits")
        cls.a, cls.b = cls.browser("A"), cls.browser("B", account, share_visits=True)
        # Falkon makes the table.
        cls.a.start().quit()
        cls.a.sign_in(cls.server, account, share_visits=True)
        now = int(time.time() * 1000)
        with sqlite3.connect(cls.a.profile / "browsedata.db") as database:
            rows = ((1 + n % 7, now - n * 60_000, f"https://site{n % 400}.example/page/{n * 7919 % VISITED:x}", f"Page {n}") for n in range(VISITED))
            database.executemany("INSERT INTO history (count, date, url, title) VALUES (?, ?, ?, ?)", rows)
        database.close()

    @staticmethod
    def visited(browser):
        database = sqlite3.connect(f"file:{browser.profile}/browsedata.db?mode=ro", uri=True, timeout=10)
        try:
            return database.execute("SELECT COUNT(*), SUM(count) FROM history").fetchone()
        finally:
            database.close()

    def test_a_large_history_comes_to_a_browser_that_shows_it(self):
        self.b.start()
        self.b.wait_synced()
        # A view that is told of each.
        self.b.call("historyRows")
        self.b.call("resetWorkMeter")
        self.b.call("frameMeter", action="reset")
        self.a.start()
        expected = self.visited(self.a)
        self.b.process.wait_until(lambda: self.visited(self.b) == expected, f"{expected} pages and visits in B", JOIN_S)
        self.check("a large history", self.a, self.b)
        self.assertEqual(self.visited(self.a), expected)
        self.measure(self.a, self.b)
        for browser in (self.a, self.b):
            browser.quit()
            browser.start()
            browser.wait_synced()
        self.a.process.wait_until(lambda: self.a.status()["work_ms"]["total"] > 0, "A to list its history")
        self.check("a start with a large history", self.a, self.b)
        self.assertEqual((self.visited(self.a), self.visited(self.b)), (expected, expected))
