# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the buttons' icon says, and the desktop's notifications: only where a person must act."""

from harness.bus import Bus, Notifications
from harness.case import Case, display


class Attention(Case):
    @classmethod
    def prepare(cls):
        cls.bus = Bus(cls.workspace)
        cls.addClassCleanup(cls.bus.stop)
        cls.notifications = Notifications(cls.bus, display())
        cls.addClassCleanup(cls.notifications.stop)

    def start(self, name, account, **configuration):
        browser = self.browser(name, account, **configuration)
        browser.bus = self.bus.address
        return browser

    def wait_health(self, browser, health):
        browser.process.wait_until(lambda: browser.status()["health"] == health, f"{browser.name} to look {health}")

    def wait_notified(self, browser, text, times=1):
        browser.process.wait_until(lambda: self.notifications.shown().count(text) == times, f"{text!r} to be shown")

    def test_refused_password(self):
        browser = self.start("refused", self.server.register("refused"))
        (browser.state / "password").write_text("wrong\n")
        browser.start()
        self.wait_health(browser, "needs_you")
        self.wait_notified(browser, "The server refused the address or the password")

    def test_new_device_to_trust(self):
        account = self.server.register("newcomer")
        first = self.start("Desk", account, trust_policy="manual")
        first.start()
        self.wait_health(first, "in_sync")
        before = self.notifications.shown()
        # A device that is of another opinion is told nothing: it trusts by itself.
        second = self.start("Laptop", account)
        second.start()
        self.wait_health(first, "needs_you")
        self.wait_notified(first, "The new device “Laptop” waits until you trust it")
        first.call("screenshot", file=str(self.pictures / "needs-you.png"))
        other = next(device for device in first.status()["devices"] if not device["this"])
        first.set_trust(account, other["fingerprint"], "manually_trusted")
        self.wait_health(first, "in_sync")
        self.wait_health(second, "in_sync")
        self.assertEqual(self.notifications.shown().removeprefix(before).count("member=Notify"), 1)

    def test_offline(self):
        account = self.server.register("offline")
        browser = self.start("offline", account)
        browser.start()
        self.wait_health(browser, "in_sync")
        before = self.notifications.shown()
        self.server.stop()
        self.addCleanup(self.server.start)
        self.wait_health(browser, "offline")
        # Nobody has to do anything about that.
        self.assertEqual(self.notifications.shown(), before)
