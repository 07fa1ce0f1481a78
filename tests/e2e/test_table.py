# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Falkon's own tables: what is written there of other devices' visits, and what happens where that is not wanted or not possible."""

import contextlib
import sqlite3
import time

from harness.case import Case
from harness.web import Web

DAY_MS = 24 * 3_600_000
# The smallest GIF.
ICON = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
# A device tells twice a minute what was visited; what fails is tried again within half a minute, in the time that a test takes.
SOON_S = 90
# One frame at 60 Hz.
FRAME_MS = 16.7
# What unloading may take, where nothing is to be sent.
UNLOAD_S = 1.0
PROBLEM = "The history of this browser cannot be read or written now."


@contextlib.contextmanager
def opened(browser):
    database = sqlite3.connect(browser.profile / "browsedata.db", timeout=10, isolation_level=None)
    try:
        yield database
    finally:
        database.close()


@contextlib.contextmanager
def locked(browser, how):
    """Somebody else holds the database: "IMMEDIATE" against writers, "EXCLUSIVE" against all."""
    with opened(browser) as database:
        database.execute(f"BEGIN {how}")
        yield
        database.execute("ROLLBACK")


def table(browser):
    with opened(browser) as database:
        return dict(database.execute("SELECT title, count FROM history"))


def put(browser, *pages):
    """Writes titles, counts and ages in ms into the history of a browser that does not run."""
    now = int(time.time() * 1000)
    rows = [(count, now - age, f"https://page.example/{title.replace(' ', '-')}", title) for title, count, age in pages]
    with opened(browser) as database:
        database.execute("BEGIN")
        database.executemany("INSERT INTO history (count, date, url, title) VALUES (?, ?, ?, ?)", rows)
        database.execute("COMMIT")


def wait_table(browser, expected):
    def shown():
        now = table(browser)
        assert now == expected, now
        return True

    browser.process.wait_until(shown, f"{expected} in the history of {browser.name}", SOON_S)


class VisitsInTable(Case):
    """A is given a history before it signs in, and B gets it."""

    def pair(self, name, *pages):
        account = self.server.register(name)
        a, b = self.browser(f"{name}-a"), self.browser(f"{name}-b", account, share_visits=True)
        # Falkon makes the table.
        a.start().quit()
        put(a, *pages)
        a.sign_in(self.server, account, share_visits=True)
        b.start()
        b.wait_synced()
        self.addCleanup(a.stop)
        self.addCleanup(b.stop)
        return a, b

    def test_old_visits_are_not_shown_as_those_of_today(self):
        a, b = self.pair("old", ("Long ago", 3, 40 * DAY_MS), ("Just now", 1, 1_000))
        # A view that is open all the time.
        self.assertEqual(b.call("historyRows")["rows"], [])
        a.start()
        wait_table(b, {"Long ago": 3, "Just now": 1})
        b.process.wait_until(lambda: b.call("historyRows")["rows"], "a row in the view of B")
        self.assertEqual([(row[0], row[2]) for row in b.call("historyRows")["rows"] if row[2] == "Today"], [("Just now", "Today")])

    def test_nothing_is_written_once_falkon_saves_no_history(self):
        a, b = self.pair("unsaved", ("Of A", 2, DAY_MS))
        b.call("saveHistory", enabled=False)
        a.start()
        a.wait_synced()
        b.call("openSettings")
        b.call("settingsPage", page="synchronize", file=str(self.pictures / "visits-not-saved.png"))
        self.assertIn("Falkon saves no history", b.call("settingsText", name="visits-hint")["text"])
        # What goes to others is no matter of it, and tells that all that came before has come.
        a.process.wait_until(lambda: any(not device["this"] for device in a.status()["devices"]), "A to know B")
        time.sleep(10)
        self.assertEqual(table(b), {})
        b.call("saveHistory", enabled=True)
        b.call("settingsPage", page="account")
        b.call("settingsPage", page="synchronize")
        self.assertEqual(b.call("settingsText", name="visits-hint")["text"], "")
        b.call("closeDialogs")
        # Falkon does not say so, but saves the next visit.
        web = Web()
        self.addCleanup(web.stop)
        b.call("openTab", url=web.page("Of B"))
        wait_table(b, {"Of A": 2, "Of B": 1})

    def test_the_icon_of_a_deleted_page_is_deleted_too(self):
        """Falkon keeps it by the page's address."""
        web = Web(lambda _title, _web: f'<link rel="icon" href="{ICON}">')
        self.addCleanup(web.stop)
        a, b = self.pair("icons")
        a.start()
        a.wait_synced()
        pages = {title: web.page(title) for title in ("Secret & größer", "Kept")}
        for browser in (a, b):
            for page in pages.values():
                browser.call("openTab", url=page)
        for browser in (a, b):
            wait_table(browser, dict.fromkeys(pages, 2))
        # Falkon writes them from time to time, and at its end.
        b.quit()
        with opened(b) as database:
            self.assertEqual({row[0] for row in database.execute("SELECT url FROM icons")}, set(pages.values()))
        b.start()
        b.wait_synced()
        a.call("deleteVisit", url=pages["Secret & größer"])
        wait_table(b, {"Kept": 2})
        with opened(b) as database:
            self.assertEqual(database.execute("SELECT url FROM icons").fetchall(), [(pages["Kept"],)])

    def test_turning_it_off_does_not_wait_for_a_long_listing(self):
        a, _b = self.pair("long", *((f"Page {number}", 1, number * 20_000) for number in range(300_000)))
        a.start()
        a.call("openExtensions")
        a.call("resetWorkMeter")
        a.process.wait_until(lambda: a.status()["work_ms"]["entry"] == "history rows", "A to list its history")
        started = time.monotonic()
        a.call("setExtension", enabled=False)
        self.assertLess(time.monotonic() - started, UNLOAD_S)

    def test_long_addresses_are_none_of_the_main_threads_business(self):
        """No device keeps them; but pages that hold all they have in their address are common."""
        a, b = self.pair("addresses")
        now = int(time.time() * 1000)
        with opened(a) as database:
            database.execute("BEGIN")
            rows = ((1, now - number, f"https://page.example/{number}?{'x' * 100_000}", f"Long {number}") for number in range(2_000))
            database.executemany("INSERT INTO history (count, date, url, title) VALUES (?, ?, ?, ?)", rows)
            database.execute("INSERT INTO history (count, date, url, title) VALUES (1, ?, 'https://page.example/short', 'Short')", (now,))
            database.execute("COMMIT")
        a.start()
        wait_table(b, {"Short": 1})
        work = a.status()["work_ms"]
        self.assertLess(work["plugin"], FRAME_MS, work)

    def test_what_fails_is_not_taken_for_done(self):
        a, b = self.pair("failing", *((f"Page {number}", 3, number * DAY_MS) for number in range(5)))
        with opened(b) as database:
            database.execute("CREATE TRIGGER fail BEFORE INSERT ON history WHEN new.title = 'Page 3' BEGIN SELECT RAISE(FAIL, 'disk full'); END")
        a.start()
        b.process.wait_until(lambda: PROBLEM in b.status()["last_error"], "B to say that it cannot", SOON_S)
        # All of it or nothing.
        self.assertEqual(table(b), {})
        with opened(b) as database:
            database.execute("DROP TRIGGER fail")
        wait_table(b, {f"Page {number}": 3 for number in range(5)})
        b.process.wait_until(lambda: b.status()["last_error"] == "", "B to be content")

    def test_a_locked_database_is_told_of_and_waited_for(self):
        a, b = self.pair("locked", ("Of A", 2, DAY_MS))
        b.call("openExtensions")
        with locked(b, "IMMEDIATE"):
            a.start()
            b.process.wait_until(lambda: PROBLEM in b.status()["last_error"], "B to say that it cannot", SOON_S)
            # It holds nobody up, and is no matter of a session that ended.
            started = time.monotonic()
            b.call("setExtension", enabled=False)
            self.assertLess(time.monotonic() - started, UNLOAD_S)
            b.call("setExtension", enabled=True)
            self.assertEqual(b.status()["last_error"], "")
        wait_table(b, {"Of A": 2})
        self.assertEqual(b.status()["last_error"], "")

    def test_what_is_visited_while_the_database_is_locked_is_told_later(self):
        web = Web()
        self.addCleanup(web.stop)
        a, b = self.pair("late")
        a.start()
        a.wait_synced()
        b.call("openTab", url=web.page("Late"))
        b.process.wait_until(lambda: table(b), "the visit in B")
        with locked(b, "EXCLUSIVE"):
            # Longer than it waits for Falkon's own writes.
            time.sleep(3)
        wait_table(a, {"Late": 1})
