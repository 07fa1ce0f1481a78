# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is visited in one Falkon, in the history of another and in the bot's."""

import json
import sqlite3

from harness.case import Case, wait_replicas
from harness.ejabberd import Ejabberd
from harness.web import Web


class Job(Case):
    """The same on any server; no tests of its own."""

    @classmethod
    def prepare(cls):
        cls.web = Web()
        cls.addClassCleanup(cls.web.stop)
        cls.account = cls.server.register("visits")
        cls.a = cls.browser("A", cls.account, share_visits=True)
        cls.b = cls.browser("B", cls.account, share_visits=True)
        for browser in (cls.a, cls.b):
            browser.start()
            browser.wait_synced()
        wait_replicas(cls.a, cls.b)
        cls.helper = cls.bot(cls.account)
        cls.helper.options += ["--share-visits", "yes"]
        cls.helper.start()
        cls.helper.wait_synced()

    def tearDown(self):
        for browser in (self.a, self.b):
            if browser.running():
                browser.call("closeDialogs")

    @staticmethod
    def history(browser):
        """Titles and counts, as Falkon's own database has them."""
        database = sqlite3.connect(f"file:{browser.profile}/browsedata.db?mode=ro", uri=True, timeout=10)
        try:
            return dict(database.execute("SELECT title, count FROM history"))
        finally:
            database.close()

    def wait_history(self, browser, expected):
        def shown():
            now = self.history(browser)
            assert now == expected, now
            return True

        # A device tells twice a minute what was visited.
        browser.process.wait_until(shown, f"{expected} in the history of {browser.name}", 90)

    def visit(self, browser, title, times=1):
        for _ in range(times):
            before = self.history(browser).get(title, 0)
            browser.call("openTab", url=self.web.page(title))
            browser.process.wait_until(lambda b=before: self.history(browser).get(title, 0) > b, f"{title!r} to be visited in {browser.name}")


class Visits(Job):
    def test_a_what_is_visited_here_is_known_there_and_counts_add_up(self):
        # A view that is open all the time.
        self.assertEqual(self.b.call("historyRows")["rows"], [])
        self.visit(self.a, "Recipes & more", 2)
        self.a.call("openTab", url="about:blank")
        self.a.call("openTab", url=(self.a.home / "diary.txt").as_uri())
        self.wait_history(self.b, {"Recipes & more": 2})
        self.visit(self.b, "Recipes & more")
        self.visit(self.b, "News")
        self.wait_history(self.a, {"Recipes & more": 3, "News": 1} | self.own_files(self.a))
        shown = sorted(row[0] for row in self.b.call("historyRows")["rows"])
        self.assertEqual(shown, ["News", "Recipes & more"])

    def own_files(self, browser):
        """What is in the history of this browser and of none of the others."""
        return {title: count for title, count in self.history(browser).items() if title not in ("Recipes & more", "News", "Once", "Again")}

    def test_b_the_bot_tells_it(self):
        def listed():
            pages = json.loads(self.helper.command("visits", "--json").stdout)
            titles = {page["title"]: page["visits"] for page in pages}
            assert titles == {"Recipes & more": 3, "News": 1}, titles
            return True

        self.b.process.wait_until(listed, "the history of the bot", 90)
        self.assertIn("News", self.helper.command("visits").stdout)

    def test_c_what_is_deleted_goes_everywhere_and_stays_gone(self):
        self.a.call("deleteVisit", url=self.web.page("Recipes & more"))
        self.wait_history(self.b, {"News": 1})
        shown = [row[0] for row in self.b.call("historyRows")["rows"]]
        self.assertEqual(shown, ["News"])
        self.b.quit()
        self.b.start()
        self.b.wait_synced()
        self.visit(self.b, "Once")
        self.wait_history(self.a, {"News": 1, "Once": 1} | self.own_files(self.a))

    def test_d_a_killed_browser_loses_and_doubles_nothing(self):
        self.visit(self.a, "Again")
        self.a.kill()
        self.visit(self.b, "Again", 2)
        self.b.kill()
        for browser in (self.b, self.a):
            browser.start()
            browser.wait_synced()
        for browser in (self.a, self.b):
            self.wait_history(browser, {"News": 1, "Once": 1, "Again": 3} | self.own_files(browser))

    def test_e_emptied_here_is_not_emptied_there_unless_its_user_says_so(self):
        self.a.call("clearHistory")
        self.a.process.wait_until(lambda: self.a.call("windows", name="clear-visits")["shown"], "the question of A")
        self.a.call("screenshot", screen=True, file=str(self.pictures / "visits-question.png"))
        self.assertTrue(self.a.call("press", window="clear-visits", button="only-here")["pressed"])
        self.visit(self.b, "Once")
        self.wait_history(self.a, {"Once": 2})
        self.assertEqual(self.history(self.b), {"News": 1, "Once": 2, "Again": 3})
        self.a.call("clearHistory")
        self.a.process.wait_until(lambda: self.a.call("windows", name="clear-visits")["shown"], "the second question of A")
        self.assertTrue(self.a.call("press", window="clear-visits", button="on-all-devices")["pressed"])
        self.wait_history(self.b, {})
        self.assertEqual(self.history(self.a), {})

    def test_f_it_is_the_users_choice(self):
        self.b.call("openSettings")
        self.b.call("settingsPage", page="synchronize", file=str(self.pictures / "visits-settings.png"))
        self.assertTrue(self.b.call("press", button="share-visits")["pressed"])
        self.assertTrue(self.b.call("press", button="apply")["pressed"])
        self.b.call("closeDialogs")
        self.b.wait_synced()
        self.visit(self.a, "News")
        self.visit(self.b, "Once")

        def listed():
            pages = json.loads(self.helper.command("visits", "--json").stdout)
            titles = {page["title"]: page["visits"] for page in pages}
            assert titles == {"News": 1}, titles
            return True

        self.a.process.wait_until(listed, "what A visited in the bot", 90)
        self.assertEqual(self.history(self.b), {"Once": 1})
        self.assertEqual(self.history(self.a), {"News": 1})


class VisitsOnEjabberd(Job):
    server_class = Ejabberd

    def test_a_what_is_visited_here_is_known_there_until_it_is_deleted(self):
        self.visit(self.a, "Recipes & more", 2)
        self.wait_history(self.b, {"Recipes & more": 2})
        self.a.call("deleteVisit", url=self.web.page("Recipes & more"))
        self.wait_history(self.b, {})
