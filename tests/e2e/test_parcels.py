# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages and links that are sent from one Falkon to another one, by its own menus."""

import json
import time

from harness.bus import Bus, Notifications
from harness.case import Case, display, wait_replicas
from harness.ejabberd import Ejabberd
from harness.web import Web

PAGE_ENTRY = "Send this page to"
LINK_ENTRY = "Send this link to"


def body(title, web):
    """"X, with a link to Y": the left half of the page is that link."""
    _page, _with, target = title.partition(", with a link to ")
    link = target if target.startswith("javascript:") else web.page(target)
    style = "position: fixed; left: 0; top: 0; width: 50%; height: 100%; font-size: 3em"
    return f'<h1>{title}</h1><a href="{link}" style="{style}">{f"To {target}" if target else ""}</a>'


class Job(Case):
    """The same on any server; no tests of its own."""

    @classmethod
    def prepare(cls):
        cls.web = Web(body)
        cls.addClassCleanup(cls.web.stop)
        cls.bus = Bus(cls.workspace)
        cls.addClassCleanup(cls.bus.stop)
        cls.notifications = Notifications(cls.bus, display())
        cls.addClassCleanup(cls.notifications.stop)
        cls.account = cls.server.register("parcels")
        cls.a, cls.b = cls.browser("A", cls.account), cls.browser("B", cls.account)
        # B shows at its start what it showed at its end.
        cls.b.settings = cls.b.settings.replace("afterLaunch=0", "afterLaunch=3") + "\n[Browser-Tabs-Settings]\nAskOnClosing=false\n"
        cls.b.bus = cls.bus.address
        for browser in (cls.a, cls.b):
            browser.start()
            browser.wait_synced()
        wait_replicas(cls.a, cls.b)
        cls.wait_takes(cls.a, "B", True)

    @staticmethod
    def wait_takes(browser, label, takes):
        def said():
            devices = {device["label"]: device["takes_tabs"] for device in browser.status()["devices"] if device["active"]}
            assert devices.get(label) == takes, devices
            return True

        browser.process.wait_until(said, f"{browser.name} to know whether {label} opens what is sent")

    def tearDown(self):
        for browser in (self.a, self.b):
            if browser.running():
                browser.call("closeDialogs")

    def picture(self, name):
        return str(self.pictures / f"parcels-{name}.png")

    # What a browser shows

    def titles(self, browser):
        return [tab["title"] for tab in browser.call("tabs")["tabs"]]

    def front(self, browser):
        return [tab["title"] for tab in browser.call("tabs")["tabs"] if tab["front"]]

    def show(self, browser, title, user=""):
        """Opens a page of the web in the front."""
        browser.call("openTab", url=self.web.page(title, user))
        browser.process.wait_until(lambda: self.front(browser) == [title], f"{title!r} in {browser.name}")

    def context_menu(self, browser, left=False):
        """The entries of the menu of what is at one third of the page from the right, or from the left; the menu stays open."""
        window = browser.window()

        def opened():
            browser.call("closeDialogs")
            place = browser.call("tabs")
            x = place["x"] + place["width"] * (1 if left else 2) // 3
            browser.display.click(window, x, place["y"] + place["height"] // 2, button=3)
            try:
                return browser.process.wait_until(lambda: self.entries(browser), f"a menu of {browser.name}", 3)
            except AssertionError:
                # A page that was just made takes no click at once.
                return None

        return browser.process.wait_until(opened, f"the context menu of {browser.name}")

    def entries(self, browser):
        return {entry["text"]: entry for entry in browser.call("menus")["entries"]}

    def choose(self, browser, *names):
        """Clicks through the menu that is open, by the mouse."""
        for name in names:
            entry = browser.process.wait_until(lambda n=name: self.entries(browser).get(n), f"the entry {name!r} of {browser.name}")
            browser.display.click_menu(entry["x"], entry["y"])
        browser.process.wait_until(lambda: not self.entries(browser), f"the menu of {browser.name} to close")

    def send(self, title):
        """Sends the page in the front of A to B."""
        self.show(self.a, title)
        self.context_menu(self.a)
        self.choose(self.a, PAGE_ENTRY, "B")

    def wait_sent(self, title, state):
        def listed():
            sent = {tabs["tabs"][0]["title"]: tabs["state"] for tabs in self.a.status()["sent_tabs"]}
            assert sent.get(title) == state, sent
            return True

        self.a.process.wait_until(listed, f"{title!r} to be listed as {state}")

    def wait_opened(self, title):
        self.b.process.wait_until(lambda: self.titles(self.b).count(title) == 1, f"{title!r} in B")
        self.wait_sent(title, "opened")

    def send_many(self, *names):
        """Sends 40 pages to B in one parcel for each name, and waits until some are open there. Their addresses, by the names."""
        other = next(device for device in self.a.status()["devices"] if not device["this"])
        sent = {}
        for name in names:
            tabs = [{"url": self.web.page(f"{name} {number}"), "title": f"{name} {number}"} for number in range(40)]
            self.a.command(type="send_tabs", id=name, device=other["id"], tabs=tabs)
            sent[name] = [tab["url"] for tab in tabs]
        self.b.process.wait_until(lambda: sum(len(self.opened(name)) for name in names) >= 3, f"some of the pages {names} in B")
        return sent

    def wait_many(self, urls, name):
        """Until each of them is open in B, once."""

        def once():
            now = sorted(self.opened(name))
            assert now == sorted(urls), f"{len(now)} of {len(urls)}, {len(set(now))} different"
            return True

        self.b.process.wait_until(once, f"the pages {name!r} in B")

    def opened(self, name):
        """The addresses of those pages that B shows."""
        return [tab["url"] for tab in self.b.call("tabs")["tabs"] if tab["url"].startswith(self.web.page(f"{name} "))]

    def sent_rows(self):
        """What A's page Tabs lists: titles and what has become of them."""
        self.a.call("openSettings")
        self.a.call("settingsPage", page="tabs", file=self.picture("page"))
        return [(row[0], row[2]) for row in self.a.call("settingsText", name="sent-tabs")["rows"]]


class Tests:
    def test_a_a_page_opens_there_once(self):
        self.show(self.b, "What B reads")
        self.show(self.a, "Recipes & more", user="somebody:secret@")
        self.assertIn(PAGE_ENTRY, self.context_menu(self.a))
        # The menu of the devices, open, for a look at it.
        entry = self.entries(self.a)[PAGE_ENTRY]
        self.a.display.click_menu(entry["x"], entry["y"])
        self.a.process.wait_until(lambda: "B" in self.entries(self.a), "the devices")
        self.a.display.screenshot(self.picture("menu"))
        self.choose(self.a, "B")
        self.wait_opened("Recipes & more")
        self.a.display.screenshot(self.picture("sent"))
        # Behind what is read there, and without the password of the address.
        self.assertEqual(self.front(self.b), ["What B reads"])
        self.assertIn(self.web.page("Recipes & more"), [tab["url"] for tab in self.b.call("tabs")["tabs"]])
        self.b.process.wait_until(lambda: self.notifications.shown().count("From “A”") == 1, "the notification")
        self.assertIn("Recipes & more", self.notifications.shown())
        self.assertEqual(self.sent_rows(), [("Recipes & more", "opened on “B”")])
        # Nothing of what is private is in the log.
        for browser, said in ((self.a, ["Sent to “B”; tabs: 1.", "Opened on “B”; sent tabs: 1."]), (self.b, ["Came from “A”; tabs: 1."])):
            browser.call("openSettings")
            browser.call("settingsPage", page="activity")
            rows = [row[1] for row in browser.call("settingsText", name="activity")["rows"]]
            self.assertLessEqual(set(said), set(rows))
            self.assertNotIn("Recipes", " ".join(rows))

    def test_b_a_link_by_its_menu(self):
        self.show(self.a, "Front page, with a link to The article")
        entries = self.context_menu(self.a, left=True)
        self.assertIn(LINK_ENTRY, entries)
        self.assertNotIn(PAGE_ENTRY, entries)
        self.choose(self.a, LINK_ENTRY, "B")
        # Until the page is there, the link's text is all that is known of its title.
        self.wait_sent("To The article", "opened")
        self.b.process.wait_until(lambda: self.titles(self.b).count("The article") == 1, "the article in B")

    def test_c_what_is_no_page_of_the_web_has_no_entry(self):
        diary = self.a.home / "diary.html"
        diary.write_text("<title>Diary</title>" + body("Diary, with a link to javascript:void(0)", self.web))
        self.a.call("openTab", url=diary.as_uri())
        self.a.process.wait_until(lambda: self.front(self.a) == ["Diary"], "the diary in A")
        for left in (False, True):
            entries = self.context_menu(self.a, left=left)
            self.assertFalse({PAGE_ENTRY, LINK_ENTRY} & set(entries), entries)
        self.assertEqual([entry for entry in self.a.call("extensionsMenu")["entries"] if isinstance(entry, dict)], [])
        # A script is no link; but what it stands on is a page.
        self.show(self.a, "Scripts, with a link to javascript:void(0)")
        entries = self.context_menu(self.a, left=True)
        self.assertIn(PAGE_ENTRY, entries)
        self.assertNotIn(LINK_ENTRY, entries)

    def test_d_from_the_menu_of_extensions(self):
        self.show(self.a, "By the other menu")
        self.assertEqual(self.a.call("extensionsMenu")["entries"][1:], [{PAGE_ENTRY: ["B"]}])
        self.assertTrue(self.a.call("extensionsMenu", pick=[PAGE_ENTRY, "B"])["picked"])
        self.wait_opened("By the other menu")

    def test_e_it_waits_for_a_browser_that_is_off(self):
        self.show(self.b, "Restored")
        before = self.titles(self.b)
        self.assertEqual(self.b.quit(), 0)
        self.send("While B is off")
        self.send("While B is off too")
        self.wait_sent("While B is off too", "waiting")
        self.assertEqual(self.sent_rows()[:2], [("While B is off too", "waits for “B”"), ("While B is off", "waits for “B”")])
        self.a.call("closeDialogs")
        self.b.start()
        for title in ("While B is off", "While B is off too"):
            self.wait_opened(title)
        # The session is whole, and what was in its front still is.
        self.assertEqual(sorted(self.titles(self.b)), sorted([*before, "While B is off", "While B is off too"]))
        self.assertEqual(self.front(self.b), ["Restored"])

    def test_f_a_second_start_opens_nothing_twice(self):
        before = sorted(self.titles(self.b))
        self.assertEqual(self.b.quit(), 0)
        self.b.start()
        self.b.wait_synced()
        self.send("After the second start")
        self.wait_opened("After the second start")
        self.assertEqual(sorted(self.titles(self.b)), sorted([*before, "After the second start"]))
        # Nor after a crash, or when the plugin is turned off and on.
        self.b.set_plugin(False)
        self.b.set_plugin(True)
        self.b.wait_synced()
        self.assertEqual(self.titles(self.b).count("After the second start"), 1)
        self.b.kill()
        self.b.start()
        self.b.wait_synced()
        self.send("After the crash")
        self.wait_opened("After the crash")
        self.assertLessEqual(self.titles(self.b).count("After the second start"), 1)

    def test_g_who_takes_nothing_is_not_offered(self):
        self.show(self.a, "Not for B")
        self.b.call("openSettings")
        self.b.call("settingsPage", page="tabs")
        self.assertTrue(self.b.call("press", button="take-tabs")["pressed"])
        self.assertTrue(self.b.call("press", button="apply")["pressed"])
        self.assertIs(json.loads((self.b.state / "config.json").read_text())["take_tabs"], False)
        self.wait_takes(self.a, "B", False)
        self.assertNotIn(PAGE_ENTRY, self.context_menu(self.a))
        # Who sends nevertheless is told why it does not go.
        other = next(device for device in self.a.status()["devices"] if not device["this"])
        tabs = [{"url": self.web.page("Not for B"), "title": ""}]
        self.a.command(type="send_tabs", id="nevertheless", device=other["id"], tabs=tabs)
        self.a.process.wait_until(lambda: "does not open what is sent to it" in self.a.status()["last_error"], "the reason")
        self.assertTrue(self.b.call("press", button="take-tabs")["pressed"])
        self.assertTrue(self.b.call("press", button="apply")["pressed"])
        self.wait_takes(self.a, "B", True)
        # Nor one that is not trusted, nor while nobody is signed in.
        key = self.b.status()["fingerprint"]
        self.a.set_trust(self.account, key, "manually_distrusted")
        self.a.wait_trust(key, "manually_distrusted")
        self.assertNotIn(PAGE_ENTRY, self.context_menu(self.a))
        self.a.set_trust(self.account, key, "manually_trusted")
        self.a.wait_trust(key, "manually_trusted")
        self.assertIn(PAGE_ENTRY, self.context_menu(self.a))
        self.a.call("closeDialogs")
        self.a.set_plugin(False)
        self.assertNotIn(PAGE_ENTRY, self.context_menu(self.a))
        self.a.call("closeDialogs")
        self.a.set_plugin(True)
        self.a.wait_synced()

    def test_h_several_at_once(self):
        """As a program may send them; a title is shown as it is, whatever it looks like."""
        titles = ["One", "<b>Two</b>", "Three"]
        other = next(device for device in self.a.status()["devices"] if not device["this"])
        tabs = [{"url": self.web.page(f"{number} of three"), "title": title} for number, title in enumerate(titles, 1)]
        self.a.command(type="send_tabs", id="several", device=other["id"], tabs=tabs)
        self.b.process.wait_until(lambda: "3 tabs from “A”" in self.notifications.shown(), "the notification")
        self.assertIn("‹b›Two‹/b›", self.notifications.shown())
        self.b.process.wait_until(
            lambda: [title for title in self.titles(self.b) if "of three" in title] == [f"{number} of three" for number in (1, 2, 3)],
            "all of them in B, in their order",
        )
        self.assertEqual(self.sent_rows()[0][0], "3 tabs")

    def test_i_a_session_that_waits_to_be_restored_is_not_lost(self):
        """After a crash Falkon asks first; what is opened meanwhile must not take the place of what it asks about."""
        self.show(self.b, "Before the crash")
        self.assertEqual(self.b.quit(), 0)
        self.send("Beside the question")
        self.wait_sent("Beside the question", "waiting")
        settings = self.b.settings
        self.b.settings = settings.replace("isRunning=false", "isRunning=true\nisRestoring=true")
        self.b.start()
        self.b.settings = settings
        self.wait_opened("Beside the question")
        self.assertEqual(len(self.titles(self.b)), 2, "the question, and what was sent")
        self.assertEqual(self.b.quit(), 0)
        # Falkon keeps what it asks about in the next session, to ask again.
        session = (self.b.profile / "session.dat").read_bytes()
        for title in ("Before the crash", "Beside the question"):
            self.assertIn(title.encode("utf-16-be"), session)
        self.b.start()


class Parcels(Tests, Job):
    def test_j_what_is_half_open_when_the_plugin_is_turned_off_opens_once(self):
        urls = self.send_many("Half")["Half"]
        self.b.set_plugin(False)
        self.wait_many(urls, "Half")
        self.b.set_plugin(True)
        self.b.wait_synced()
        self.send("After half a parcel")
        self.wait_opened("After half a parcel")
        self.wait_many(urls, "Half")

    def test_k_what_is_half_open_at_a_quit_opens_once(self):
        urls = self.send_many("Quit")["Quit"]
        self.assertEqual(self.b.quit(), 0)
        self.b.start()
        self.b.wait_synced()
        self.send("After the quit")
        self.wait_opened("After the quit")
        self.wait_many(urls, "Quit")

    def test_l_what_is_half_open_opens_in_the_window_that_stays(self):
        """A window that is closed meanwhile is not the end of the browser."""
        self.b.call("trigger", shortcut="Ctrl+N")
        self.b.process.wait_until(lambda: sum(tab["front"] for tab in self.b.call("tabs")["tabs"]) == 2, "a second window of B")
        urls = self.send_many("Stays")["Stays"]
        self.b.call("trigger", shortcut="Ctrl+Shift+W")
        self.b.process.wait_until(lambda: sum(tab["front"] for tab in self.b.call("tabs")["tabs"]) == 1, "one window of B")
        # Those that were open in the window that was closed went with it.
        self.b.process.wait_until(lambda: urls[-1] in self.opened("Stays"), "the last page in the window that stays")

    def test_m_what_waits_does_not_open_once_nothing_is_taken(self):
        """The rest of what is half open does."""
        self.b.call("openSettings")
        self.b.call("settingsPage", page="tabs")
        self.assertTrue(self.b.call("press", button="take-tabs")["pressed"])
        sent = self.send_many("First", "Second")
        self.assertTrue(self.b.call("press", button="apply")["pressed"])
        self.b.call("closeDialogs")
        self.wait_takes(self.a, "B", False)
        # One of them was half open, and is finished.
        self.b.process.wait_until(lambda: any(len(self.opened(name)) == len(urls) for name, urls in sent.items()), "one of them in B")
        # Of the other one some would be open by then.
        time.sleep(1)
        self.assertEqual(sorted(len(self.opened(name)) for name in sent), [0, 40])
        # It is not lost.
        self.b.call("openSettings")
        self.b.call("settingsPage", page="tabs")
        self.assertTrue(self.b.call("press", button="take-tabs")["pressed"])
        self.assertTrue(self.b.call("press", button="apply")["pressed"])
        self.b.call("closeDialogs")
        for name, urls in sent.items():
            self.wait_many(urls, name)


class ParcelsOnEjabberd(Tests, Job):
    server_class = Ejabberd


class Markup(Case):
    def test_what_devices_and_pages_say_is_no_markup(self):
        """Tool tips and messages would else show what another device is called as its owner designed it."""
        web = Web(body)
        self.addCleanup(web.stop)
        account = self.server.register("markup")
        name = "<h1>B</h1>"
        a, b = self.browser("A", account), self.browser("B", account, label=name, share_tabs=True)
        for browser in (a, b):
            browser.start()
            browser.wait_synced()
        wait_replicas(a, b)
        Job.wait_takes(a, name, True)
        a.call("openTab", url=web.page("Page"))
        a.process.wait_until(lambda: a.call("extensionsMenu")["entries"][1:2] == [{PAGE_ENTRY: [name]}], "the menu of A")
        self.assertTrue(a.call("extensionsMenu", pick=[PAGE_ENTRY, name])["picked"])
        a.process.wait_until(lambda: "‹h1›B‹/h1›" in a.call("statusMessage")["text"], "the message of A")
        a.call("openSettings")
        for page, table in (("tabs", "sent-tabs"), ("activity", "activity")):
            a.call("settingsPage", page=page)

            def told(table=table):
                shown = a.call("settingsText", name=table)
                tips = [tip for row, tips in zip(shown["rows"], shown["tips"]) for cell, tip in zip(row, tips) if name in cell and tip]
                assert tips, shown
                return tips

            for tip in a.process.wait_until(told, f"the tool tips of {table}"):
                self.assertRegex(tip, "^<qt>.*&lt;h1&gt;B&lt;/h1&gt;.*</qt>$")
