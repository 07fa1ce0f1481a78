# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin in Falkon: its place on the extensions page, turning it off and on, leaving, private windows, bad input."""

import json
import time

from harness import certificates
from harness.case import Case, wait_inside, wait_same
from harness.display import colours
from harness.tree import bookmarks, folder, link, titles

# What unloading may take, also while offline.
UNLOAD_S = 2.0
# A quit of Falkon itself, beside the plugin, on a loaded machine.
FALKON_S = 4.0
# One frame at 60 Hz is 16 ms: with two browsers, a server and a test on two cores, several of them.
STALL_MS = 120


class Plugin(Case):
    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("plugin")
        cls.a, cls.b = cls.pair(cls.account)

    def setUp(self):
        self.name = self.id().rsplit(".", 1)[1]
        for browser in (self.a, self.b):
            browser.wait_synced()

    def picture(self, name):
        return self.workspace.logs / f"{name}.png"

    def test_extensions_page_and_settings(self):
        """The page lists it with name, version and icon; the settings show the account and the fingerprint."""
        page = self.picture("extensions")
        self.a.call("openExtensions", file=str(page))
        self.assertGreater(colours(page), 50)
        self.a.call("closeDialogs")
        settings = self.picture("settings")
        self.a.call("openSettings", file=str(settings))
        self.assertGreater(colours(settings), 20)
        self.a.call("closeDialogs")
        status = self.a.status()
        self.assertRegex(status["fingerprint"], r"^([0-9a-f]{8} ){7}[0-9a-f]{8}$")
        self.assertEqual(status["account"], self.account)
        self.assertEqual(status["last_error"], "")

    def test_buttons_open_the_settings(self):
        """The one in the toolbar and the one in the status bar, by a real click."""
        window = self.a.window()

        def both():
            found = self.a.call("buttons")["buttons"]
            return found if len(found) == 2 else None

        for button in self.a.process.wait_until(both, "both buttons of A"):
            self.assertIn("Up to date", button["tooltip"])
            self.a.display.click(window, button["x"], button["y"])
            self.a.process.wait_until(lambda: self.a.call("windows")["shown"], f"the settings, by {button['class']}")
            self.a.call("closeDialogs")
            self.assertFalse(self.a.call("windows")["shown"])

    def test_disable_and_enable(self):
        """While it is off nothing is sent or applied; when it is on again both sides' edits meet."""
        self.a.add("toolbar", folder(self.name, link("Before")))
        wait_inside(self.b, self.name, [link("Before")])
        self.b.set_plugin(False)
        self.assertFalse(self.b.status()["active"])
        self.a.add(["toolbar", self.name], link("While B is off"))
        self.b.add(["toolbar", self.name], link("By B, off"))
        self.a.wait_synced()
        self.assertNotIn("By B, off", titles(self.a.tree()))
        self.assertNotIn("While B is off", titles(self.b.tree()))
        self.b.set_plugin(True)
        for browser in (self.a, self.b):
            browser.wait_title("While B is off")
            browser.wait_title("By B, off")
        wait_same(self.a, self.b)
        # And once more: it survives being turned off and on again and again.
        for _ in range(3):
            self.b.set_plugin(False)
            self.b.set_plugin(True)
        self.b.wait_synced()
        self.b.add(["toolbar", self.name], link("Still alive"))
        self.a.wait_title("Still alive")
        wait_same(self.a, self.b)

    def test_popup_postpones_remote_edits(self):
        """A menu that is open holds pointers to bookmarks: what comes waits until it is closed."""
        self.a.add("toolbar", folder(self.name, link("One"), link("Two")))
        wait_inside(self.b, self.name, [link("One"), link("Two")])
        self.b.call("openPopup")
        batches = self.b.status()["applied_batches"]
        self.a.remove(["toolbar", self.name, "One"])
        self.a.wait_synced()
        self.b.process.wait_until(lambda: self.b.status()["bookmarks"] == self.a.status()["bookmarks"], "the edit to reach B's replica")
        self.assertEqual(self.b.status()["applied_batches"], batches)
        self.assertIn("One", titles(self.b.tree()))
        self.b.call("closeDialogs")
        wait_inside(self.b, self.name, [link("Two")])

    def test_unload_in_time_online_and_offline(self):
        """Turning it off returns within two seconds: online, with the server gone, and with a server that says nothing."""

        def unload():
            started = time.monotonic()
            # The reply comes when Falkon's page has unloaded the plugin.
            self.b.call("setExtension", enabled=False)
            took = time.monotonic() - started
            self.b.set_plugin(True)
            return took

        self.b.call("openExtensions")
        self.assertLess(unload(), UNLOAD_S)
        self.b.wait_online()
        self.server.freeze()
        try:
            self.b.call("openExtensions")
            self.assertLess(unload(), UNLOAD_S)
        finally:
            self.server.thaw()
        self.server.stop()
        try:
            self.b.process.wait_until(lambda: self.b.status()["state"] in ("waiting", "connecting"), "B to be offline")
            self.b.call("openExtensions")
            self.assertLess(unload(), UNLOAD_S)
        finally:
            self.server.start()
        self.b.wait_synced()

    def test_y_quit_in_time_while_offline(self):
        """Falkon's own quit is not held up either, and ends with code 0."""
        self.server.stop()
        try:
            self.b.process.wait_until(lambda: self.b.status()["state"] != "online", "B to be offline")
            started = time.monotonic()
            self.assertEqual(self.b.quit(), 0)
            self.assertLess(time.monotonic() - started, UNLOAD_S + FALKON_S)
        finally:
            self.server.start()
        self.b.start()
        self.b.wait_synced()

    def test_main_thread_is_not_stalled(self):
        """500 bookmarks arrive in one go: the browser's main thread goes on turning."""
        self.b.call("frameMeter", action="reset")
        self.a.add("toolbar", folder(self.name, *(link(f"stall {number}") for number in range(500))))
        self.b.wait_title("stall 499")
        # Dumps are the test's own work in that thread; one more turn without them.
        longest = self.b.call("frameMeter", action="stop")["longest_ms"]
        self.assertLess(longest, STALL_MS)
        wait_same(self.a, self.b)


class Question(Case):
    def test_off_and_quit_while_it_waits(self):
        """Whatever asks its user something can be turned off, and Falkon quits; the question is there again afterwards."""
        account = self.server.register("question")
        a, b = self.pair(account)
        a.add("toolbar", folder("Recipes", *(link(f"Recipe {number}") for number in range(60))))
        b.wait_title("Recipe 59")
        b.remove(["toolbar", 0])

        def asked():
            return b.process.wait_until(lambda: b.status().get("needs"), "the question of B")

        asked()
        b.set_plugin(False)
        self.assertFalse(b.status()["active"])
        b.set_plugin(True)
        asked()
        self.assertEqual(b.quit(), 0)
        b.start()
        asked()
        b.answer("held-accept")
        a.wait_tree(bookmarks())


class Private(Case):
    def test_private_mode_does_nothing(self):
        account = self.server.register("private")
        browser = self.browser("P", account, None, share_tabs=True)
        browser.start("-i")
        browser.call("openTab", url="http://127.0.0.1:9/nobodys-business")
        self.assertFalse(browser.status()["active"])
        browser.add("toolbar", link("Nobody's business"))
        # A login would come within a second of the start; the browser has had its whole start-up since.
        self.assertEqual(browser.status()["active"], False)
        self.assertEqual(browser.quit(), 0)
        self.assertNotIn(f"{account}", self.server.process.log_text().replace("registered", ""))
        self.assertEqual([path.name for path in browser.state.iterdir() if path.name not in ("config.json", "password")], [])
        self.assertEqual(self.server.pep_files("private"), [])


class BadSettings(Case):
    """Each wrong setting is a sentence in the status; Falkon runs on, and nothing is lost or sent."""

    def browser_with(self, name, prepare, **configuration):
        account = self.server.register(name)
        browser = self.browser(name, account, **configuration)
        self.addCleanup(browser.stop)
        prepare(browser)
        browser.start()
        return browser

    def wait_state(self, browser, state, reason=None):
        def shown():
            status = browser.status()
            assert status.get("state") == state and (reason is None or reason in status.get("problems", [])), status
            return status

        return browser.process.wait_until(shown, f"state {state} {reason or ''}")

    def test_wrong_password(self):
        browser = self.browser_with("wrongpassword", lambda b: (b.state / "password").write_text("not it\n"))
        status = self.wait_state(browser, "failed", "wrong_password")
        self.assertIn("password", (status["last_error"] + status["status_text"]).lower())
        # Final: it does not try again by itself.
        attempts = self.server.process.log_text().count("Client connected")
        browser.add("toolbar", link("Still works"))
        self.assertEqual(self.server.process.log_text().count("Client connected"), attempts)
        self.assertEqual(browser.quit(), 0)

    def test_certificate_of_somebody_else(self):
        other = self.workspace.folder("other-ca")
        certificates.make(other)
        browser = self.browser_with("certificate", lambda b: None, ca_file=str(other / "ca.crt"))
        status = self.wait_state(browser, "failed", "certificate")
        self.assertIn("certificate", (status["last_error"] + status["status_text"]).lower())
        self.assertNotIn("certificate@localhost", self.server.process.log_text())

    def test_broken_configuration(self):
        browser = self.browser_with("brokenconfig", lambda b: (b.state / "config.json").write_text("{not json"))
        status = browser.status()
        self.assertFalse(status.get("active"))
        self.assertTrue(status["last_error"], status)
        browser.add("toolbar", link("Falkon works"))
        self.assertEqual(titles(browser.tree()), ["Falkon works"])

    def test_broken_database(self):
        """A damaged state is named and left as it is; a newer one too."""
        name = "brokenstate"
        browser = self.browser_with(name, lambda b: None)
        browser.wait_synced()
        browser.add("toolbar", link("Kept"))
        browser.wait_saved()
        self.assertEqual(browser.quit(), 0)
        databases = [path for path in browser.state.iterdir() if path.read_bytes()[:6] == b"SQLite"]
        self.assertEqual(len(databases), 1, databases)
        garbage = b"SQLite format 3\0" + b"garbage " * 4_000
        databases[0].write_bytes(garbage)
        browser.start()
        browser.process.wait_until(lambda: browser.status()["last_error"], "an error to be shown")
        self.assertEqual(databases[0].read_bytes(), garbage)
        self.assertEqual(titles(browser.tree()), ["Kept"])
        self.assertEqual(browser.quit(), 0)
        self.assertEqual(json.loads(browser.bookmarks_file.read_text())["roots"]["bookmark_bar"]["children"][0]["name"], "Kept")
