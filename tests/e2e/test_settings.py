# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the settings, in a real Falkon, by their buttons."""

import json

from harness.case import Case
from harness.tree import folder, link, titles


class Settings(Case):
    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("settings")
        cls.a, cls.b = cls.pair(cls.account)

    def setUp(self):
        for browser in (self.a, self.b):
            browser.wait_synced()
            browser.call("openSettings")

    def tearDown(self):
        for browser in (self.a, self.b):
            browser.call("closeDialogs")

    def page(self, browser, page, **more):
        browser.call("settingsPage", page=page, file=str(self.pictures / f"{more.get('window', page)}-{browser.name}.png"), **more)

    def press(self, browser, button):
        self.assertTrue(browser.call("press", button=button)["pressed"], button)

    def wait_text(self, browser, name, part):
        def shown():
            text = browser.call("settingsText", name=name)["text"]
            assert part in text, text
            return True

        browser.process.wait_until(shown, f"{part!r} in {name} of {browser.name}")

    def other(self, browser):
        """The row of the other browser in the table of devices."""
        rows = browser.call("settingsText", name="devices")["rows"]
        return next(row for row, cells in enumerate(rows) if cells[1] != "this browser")

    def test_account_says_how_it_goes_and_signs_out(self):
        self.page(self.a, "account")
        self.wait_text(self.a, "status", "Up to date")
        self.press(self.b, "sign-out")
        self.press(self.b, "really-sign-out")
        self.wait_text(self.b, "status", "Signed out")
        self.assertFalse((self.b.state / "password").exists())
        self.assertFalse(self.b.status()["active"])
        # As the user would enter it again; the file is what the dialog writes.
        (self.b.state / "password").write_text(self.server.passwords[self.account] + "\n")
        self.page(self.b, "account")
        self.press(self.b, "apply")
        self.b.wait_synced()

    def test_devices_are_compared_by_emoji(self):
        for browser in (self.a, self.b):
            browser.call("settingsPage", page="devices")
            browser.call("settingsPage", page="devices", table="devices", row=self.other(browser))
        self.page(self.a, "devices")
        fingerprint = self.b.status()["fingerprint"]
        self.assertEqual(self.a.call("settingsText", name="fingerprint")["text"].split(), fingerprint.split())
        self.press(self.a, "compare")
        self.b.process.wait_until(lambda: self.b.call("press", button="verify-agree")["pressed"], "the wish to compare in B")
        for browser in (self.a, self.b):
            self.wait_text(browser, "compare-text", "same seven emoji")
        self.page(self.a, "devices", window="XmppSyncCompare")
        for browser in (self.a, self.b):
            self.press(browser, "emoji-same")
        for browser, other in ((self.a, self.b), (self.b, self.a)):
            browser.wait_trust(other.status()["fingerprint"], "authenticated")
        # Remote edits wait while a dialog is open that blocks the window.
        for browser in (self.a, self.b):
            browser.call("closeDialogs")
        self.a.add("toolbar", folder("Compared", link("Still shared")))
        self.b.wait_title("Still shared")

    def test_in_every_language(self):
        names = {"en_GB": ("Account", "Not set up"), "de_DE": ("Konto", "Nicht eingerichtet"), "fr_FR": ("Compte", "Non configuré"), "es_ES": ("Cuenta", "Sin configurar")}
        for language, (account, status) in names.items():
            with self.subTest(language=language):
                browser = self.browser(language)
                browser.language = f"{language}.UTF-8"
                browser.start()
                browser.call("openSettings", file=str(self.pictures / f"{language}.png"))
                self.assertEqual(browser.call("settingsText", name="pages")["texts"][0], account)
                self.wait_text(browser, "status", status)
                browser.stop()

    def test_what_is_wrong_is_said_in_the_language(self):
        """A command that is refused, settings and a state that cannot be used: none of it is the engine's English."""
        browser = self.browser("Deutsch", self.server.register("deutsch"))
        browser.language = "de_DE.UTF-8"
        browser.start()
        browser.wait_synced()
        browser.command(type="trust_uri", uri="https://example.org/")
        self.wait_error(browser, "Das ist kein Link mit den Schlüsseln eines Geräts.")
        browser.call("openSettings")
        browser.call("settingsPage", page="activity")
        texts = [row[1] for row in browser.call("settingsText", name="activity")["rows"]]
        self.assertIn("Abgelehnt: Das ist kein Link mit den Schlüsseln eines Geräts.", texts)
        browser.quit()

        configuration = json.loads((browser.state / "config.json").read_text())
        (browser.state / "config.json").write_text(json.dumps(configuration | {"connect": "nirgends"}))
        browser.start()
        self.wait_error(browser, "Das ist kein Server. Schreiben Sie ihn als Rechner:Port, zum Beispiel xmpp.example.org:5222. (nirgends)")
        browser.quit()

        (browser.state / "config.json").write_text(json.dumps(configuration))
        database, = browser.state.rglob("state.sqlite3")
        database.write_bytes(b"nothing of ours " * 500)
        browser.start()
        self.wait_error(browser, "Was XmppSync für dieses Profil aufbewahrt, ist beschädigt. Es wurde nichts verändert.")
        self.assertEqual(database.read_bytes(), b"nothing of ours " * 500)

    def wait_error(self, browser, sentence):
        browser.process.wait_until(lambda: self.assertIn(sentence, browser.status()["last_error"]) is None, "the sentence")

    def test_leaving_for_good(self):
        account = self.server.register("leaving")
        stayer, leaver = self.browser("Stayer", account), self.browser("Leaver", account)
        for browser in (stayer, leaver):
            browser.start()
            browser.wait_synced()
        leaver.add("menu", link("Stays"))
        stayer.wait_title("Stays")
        key = leaver.status()["fingerprint"]
        leaver.wait_synced()
        leaver.call("openSettings")
        self.page(leaver, "account")
        self.press(leaver, "leave")
        self.press(leaver, "really-leave")
        self.wait_text(leaver, "status", "Not set up")
        for name in ("password", "state.sqlite3"):
            self.assertFalse((leaver.state / name).exists(), name)
        stayer.process.wait_until(
            lambda: not any(device["active"] and device["fingerprint"] == key for device in stayer.status()["devices"]),
            "the leaver to be out of the list",
        )
        self.assertIn("Stays", titles(leaver.tree()))
        # Back again, as a new device.
        stayer.add("menu", link("Added without it"))
        leaver.quit()
        leaver.sign_in(self.server, account)
        leaver.start()
        leaver.wait_title("Added without it")
        leaver.wait_synced()
        self.assertNotEqual(leaver.status()["fingerprint"], key)
        self.assertEqual(sorted(titles(leaver.tree())), ["Added without it", "Stays"])
        self.assertEqual(stayer.tree(), leaver.tree())

    def test_link_as_qr_code(self):
        self.a.call("settingsPage", page="devices")
        self.press(self.a, "show-link")
        self.wait_text(self.a, "link", "xmpp:")
        self.page(self.a, "devices", window="XmppSyncLink")

    def test_activity_tells_what_came_and_never_titles(self):
        self.a.add("toolbar", link("Nobody's business"))
        self.b.wait_title("Nobody's business")

        def told():
            texts = [row[1] for row in self.b.call("settingsText", name="activity")["rows"]]
            assert any("Came from other devices: 1 added" in text for text in texts), texts
            return texts

        self.page(self.b, "activity")
        texts = self.b.process.wait_until(told, "the activity of B")
        self.assertNotIn("Nobody's business", " ".join(texts))

    def test_history_shows_differences_and_goes_back(self):
        self.a.add("menu", folder("Kept", link("One")))
        self.b.wait_title("One")
        self.page(self.a, "history")

        def rows(name):
            return self.a.process.wait_until(lambda: self.a.call("settingsText", name=name)["rows"], f"rows of {name}")

        copies = len(rows("copies"))
        self.a.add("menu", link("Later"))
        self.b.wait_title("Later")
        before = self.a.tree()
        self.page(self.a, "history", table="copies", row=copies - 1)
        self.assertIn("added since", [row[0] for row in rows("differences")])
        self.page(self.a, "history")
        self.press(self.a, "go-back")
        self.press(self.a, "really-go-back")
        for browser in (self.a, self.b):
            browser.process.wait_until(lambda: "Later" not in titles(browser.tree()), f"{browser.name} to have gone back")
        # And forward again, by the copy that going back has made.
        self.a.process.wait_until(lambda: len(rows("copies")) > copies, "the copy from before")
        self.page(self.a, "history", table="copies", row=0)
        rows("differences")
        self.press(self.a, "go-back")
        self.press(self.a, "really-go-back")
        for browser in (self.a, self.b):
            browser.wait_tree(before)
