# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the password is kept: the desktop's password store, a file, or nowhere. From the first set-up on, by the dialogs."""

from harness.case import Case
from harness.keyring import Keyring


class Passwords(Case):
    @classmethod
    def prepare(cls):
        cls.keyring = Keyring(cls.workspace)
        cls.addClassCleanup(cls.keyring.stop)

    def fresh(self, name, bus=True):
        """A Falkon without an account, with the settings open."""
        browser = self.browser(name)
        if bus:
            browser.bus = self.keyring.address
        browser.start()
        browser.call("openSettings")
        return browser

    def set_up(self, browser, account, storage=None):
        """As a user does, who has to name the server as well, since it is none of the DNS."""
        fields = {"address": account, "password": self.server.passwords[account], "label": browser.name}
        for name, text in fields.items():
            browser.call("enter", name=name, text=text)
        if storage:
            browser.call("enter", name="password-storage", text=storage)
        # Behind a box to tick: what it holds is only used once it is.
        browser.call("tick", name="by-hand")
        browser.call("enter", name="server", text=self.server.connect)
        browser.call("enter", name="authority", text=str(self.server.ca_file))
        browser.call("settingsPage", page="account", file=str(self.pictures / f"set-up-{browser.name}.png"))
        self.assertTrue(browser.call("press", button="apply")["pressed"])

    def assert_nowhere_in_profile(self, browser, account):
        secret = self.server.passwords[account].encode()
        self.assertFalse((browser.state / "password").exists())
        for file in browser.home.rglob("*"):
            if file.is_file():
                self.assertNotIn(secret, file.read_bytes(), file)
        self.assertNotIn(secret, browser.process.log.read_bytes())

    def restart(self, browser):
        browser.quit()
        browser.start()

    def test_password_store_keeps_it_and_forgets_it(self):
        account = self.server.register("stored")
        browser = self.fresh("stored")
        self.set_up(browser, account)
        browser.wait_synced()
        browser.process.wait_until(lambda: self.keyring.has(account), "the password in the keyring")
        self.assert_nowhere_in_profile(browser, account)
        self.restart(browser)
        browser.wait_synced()
        self.assertEqual(browser.status()["last_error"], "")
        browser.call("openSettings")
        for button in ("sign-out", "really-sign-out"):
            self.assertTrue(browser.call("press", button=button)["pressed"])
        browser.process.wait_until(lambda: not self.keyring.has(account), "the keyring to have forgotten")
        # Who signed out is not signed in again, and not asked.
        self.restart(browser)
        status = browser.status()
        self.assertFalse(status["active"])
        self.assertIn("Signed out", status["status_text"])
        self.assertEqual(status["last_error"], "")

    def test_from_a_file_into_the_store_and_back(self):
        account = self.server.register("moved")
        browser = self.fresh("moved")
        self.set_up(browser, account, "file")
        browser.wait_synced()
        self.assertEqual((browser.state / "password").stat().st_mode & 0o777, 0o600)
        self.assertFalse(self.keyring.has(account))
        browser.call("enter", name="password-storage", text="secret_service")
        self.assertTrue(browser.call("press", button="apply")["pressed"])
        browser.process.wait_until(lambda: self.keyring.has(account), "the password in the keyring")
        browser.process.wait_until(lambda: not (browser.state / "password").exists(), "the file to be gone")
        browser.wait_synced()
        # The way back needs the password, and says so before anything is changed.
        browser.call("enter", name="password-storage", text="file")
        self.assertTrue(browser.call("press", button="apply")["pressed"])
        self.assertEqual(browser.call("settingsText", name="refusal")["text"], "Enter the password.")
        self.assertTrue(self.keyring.has(account))
        browser.call("enter", name="password", text=self.server.passwords[account])
        self.assertTrue(browser.call("press", button="apply")["pressed"])
        browser.wait_synced()
        self.assertTrue((browser.state / "password").exists())
        browser.process.wait_until(lambda: not self.keyring.has(account), "the keyring to have forgotten")

    def test_asked_at_each_start(self):
        account = self.server.register("asked")
        browser = self.fresh("asked")
        self.set_up(browser, account, "ask")
        browser.wait_synced()
        self.assert_nowhere_in_profile(browser, account)
        self.assertFalse(self.keyring.has(account))
        # Other settings may be changed without being asked again.
        browser.call("enter", name="label", text="Another name")
        self.assertTrue(browser.call("press", button="apply")["pressed"])
        browser.wait_synced()
        self.restart(browser)
        self.assertIn("Waiting for your password", browser.status()["status_text"])
        browser.process.wait_until(lambda: browser.call("windows", name="XmppSyncPassword")["shown"], "the question")
        browser.call("screenshot", file=str(self.pictures / "asked.png"))
        browser.call("enter", window="XmppSyncPassword", name="", text=self.server.passwords[account], accept=True)
        browser.wait_synced()
        self.assert_nowhere_in_profile(browser, account)

    def test_without_a_store_it_says_so_and_works_until_the_end(self):
        account = self.server.register("storeless")
        browser = self.fresh("storeless", bus=False)
        self.set_up(browser, account)
        browser.wait_synced()
        browser.process.wait_until(lambda: "No password store answers" in browser.status()["last_error"], "the problem")
        self.restart(browser)
        browser.process.wait_until(lambda: "No password store answers" in browser.status()["last_error"], "the reason")
        browser.call("openSettings")
        browser.call("enter", name="password", text=self.server.passwords[account])
        browser.call("enter", name="password-storage", text="file")
        self.assertTrue(browser.call("press", button="apply")["pressed"])
        browser.wait_synced()
        self.assertEqual(browser.status()["last_error"], "")
