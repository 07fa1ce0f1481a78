# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is open in one Falkon, seen in another and by the bot."""

import json

from harness.case import Case, wait_replicas
from harness.ejabberd import Ejabberd
from harness.waiting import wait_for
from harness.web import Web


# Longer than the collector waits: the first page is collected, whether or not it is still worth to be told.
GO_ON_S = 4


def body(name, web):
    """"X, then Y" goes on by itself, as by a click of the user."""
    _first, _then, second = name.partition(", then ")
    refresh = f'<meta http-equiv="refresh" content="{GO_ON_S}; url={web.page(second)}">' if second else ""
    return f"{refresh}<p>{name}"


class Job:
    """The same on any server."""

    @classmethod
    def prepare(cls):
        cls.web = Web(body)
        cls.addClassCleanup(cls.web.stop)
        cls.account = cls.server.register("tabs")
        cls.a = cls.browser("A", cls.account, share_tabs=True)
        cls.b = cls.browser("B", cls.account)
        for browser in (cls.a, cls.b):
            browser.start()
            browser.wait_synced()
        wait_replicas(cls.a, cls.b)
        cls.helper = cls.bot(cls.account)
        cls.helper.start()
        cls.helper.wait_synced()

    def tearDown(self):
        for browser in (self.a, self.b):
            browser.call("closeDialogs")

    def wait_shown(self, browser, expected):
        """`expected`: titles by the names of the devices; in any order of the devices."""

        def shown():
            devices = browser.status()["tabs"]
            titles = {device["label"]: [tab["title"] for tab in device["tabs"]] for device in devices}
            assert titles == expected, titles
            return True

        browser.process.wait_until(shown, f"{expected} in {browser.name}")

    def page(self, browser, **more):
        browser.call("settingsPage", page="tabs", file=str(self.pictures / f"{self.id().rsplit('.')[-1]}-{browser.name}.png"), **more)

    def test_a_what_is_open_here_is_shown_there(self):
        self.a.call("openTab", url=self.web.page("Morning & evening"))
        self.a.call("openTab", url="about:blank")
        self.a.call("openTab", url=(self.a.home / "diary.txt").as_uri())
        self.a.call("openTab", url=self.web.page("Recipes"))
        self.wait_shown(self.b, {"A": ["Morning & evening", "Recipes"]})
        # B does not share, and nobody is shown its own.
        self.b.call("openTab", url=self.web.page("Only here"))
        self.b.call("openSettings")
        self.page(self.b)
        table = self.b.call("settingsText", name="tabs")
        self.assertEqual(table["children"], [["Morning & evening", "Recipes"]])
        self.assertTrue(table["rows"][0][0].startswith("A, "), table)
        self.assertEqual(self.a.status()["tabs"], [])
        # The bot prints the same.
        (listed,) = json.loads(self.helper.command("tabs", "--json").stdout)
        self.assertEqual([tab["url"] for tab in listed["tabs"]], [self.web.page("Morning & evening"), self.web.page("Recipes")])
        self.assertIn("Recipes", self.helper.command("tabs").stdout)

    def test_b_one_is_opened_from_the_settings_and_from_the_menu(self):
        before = len(self.web.asked)
        self.b.call("openSettings")
        self.page(self.b, table="tabs", row=0, child=1)
        self.assertTrue(self.b.call("press", button="open-tab")["pressed"])
        wait_for(lambda: "Recipes" in self.web.asked[before:], "the page in B")
        self.b.call("closeDialogs")
        entries = self.b.call("extensionsMenu")["entries"]
        (devices,) = [entry["Open on other devices"] for entry in entries if "Open on other devices" in entry]
        ((name, tabs),) = devices[0].items()
        self.assertEqual(tabs, ["Morning && evening", "Recipes"])
        before = len(self.web.asked)
        picked = self.b.call("extensionsMenu", pick=["Open on other devices", name, "Morning && evening"])
        self.assertTrue(picked["picked"])
        wait_for(lambda: "Morning & evening" in self.web.asked[before:], "the other page in B")

    def test_c_another_page_in_the_same_tab(self):
        self.a.call("openTab", url=self.web.page("Here, then There"))
        self.wait_shown(self.b, {"A": ["Morning & evening", "Recipes", "There"]})

    def test_d_they_stay_while_the_browser_is_off_and_the_reader_starts_anew(self):
        self.a.quit()
        self.b.quit()
        self.b.start()
        self.b.wait_synced()
        self.wait_shown(self.b, {"A": ["Morning & evening", "Recipes", "There"]})
        self.a.start()
        self.a.wait_synced()
        self.a.call("openTab", url=self.web.page("Another day"))
        self.wait_shown(self.b, {"A": ["Another day"]})

    def test_e_who_stops_sharing_takes_them_back(self):
        self.a.call("openSettings")
        self.page(self.a)
        self.assertTrue(self.a.call("press", button="share-tabs")["pressed"])
        self.assertTrue(self.a.call("press", button="apply")["pressed"])
        self.wait_shown(self.b, {})
        self.assertIn("No browser shares", self.helper.command("tabs").stdout)
        self.assertFalse(json.loads((self.a.state / "config.json").read_text()).get("share_tabs", False))
        # And the other way round.
        self.b.call("openSettings")
        self.page(self.b)
        self.assertTrue(self.b.call("press", button="share-tabs")["pressed"])
        self.assertTrue(self.b.call("press", button="apply")["pressed"])
        self.b.call("openTab", url=self.web.page("From B"))

        def shown():
            titles = [tab["title"] for device in self.a.status()["tabs"] for tab in device["tabs"]]
            assert "From B" in titles, titles
            return True

        self.a.process.wait_until(shown, "what B shows")


class Tabs(Job, Case):
    pass


class TabsOnEjabberd(Job, Case):
    server_class = Ejabberd
