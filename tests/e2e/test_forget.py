# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bot forgets devices: through the running one, and by itself."""

from harness.case import Case


class Forget(Case):
    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("forgetful")
        cls.robot = cls.bot(cls.account, "one").start()
        cls.robot.wait_synced()
        cls.gone = [cls.bot(cls.account, name) for name in ("two", "three")]
        for bot in cls.gone:
            bot.start().wait_synced()
        cls.numbers = [bot.status()["device"] for bot in cls.gone]
        for bot in cls.gone:
            bot.stop()

    def known(self):
        return [device["id"] for device in self.robot.devices()]

    def test_a_through_the_running_bot(self):
        self.assertIn(self.numbers[0], self.known())
        result = self.robot.command("forget", self.numbers[0])
        self.assertEqual(result.stdout, f"Device {self.numbers[0]} of {self.account} is forgotten.\n")
        self.assertNotIn(self.numbers[0], self.known())

    def test_b_by_connecting_itself(self):
        self.robot.stop()
        self.robot.command("forget", self.numbers[1])
        # What the server holds counts: a device that knows nothing yet sees it.
        fresh = self.bot(self.account, "fresh")
        self.robot.start()
        fresh.start().wait_synced()
        seen = [device["id"] for device in fresh.devices()]
        self.assertIn(self.robot.status()["device"], seen)
        for number in self.numbers:
            self.assertNotIn(number, seen)
        fresh.stop()

    def test_c_what_makes_no_sense_is_refused(self):
        own = self.robot.command("forget", self.robot.status()["device"], check=False)
        self.assertEqual((own.returncode, own.stdout), (2, ""))
        self.assertIn("this very device", own.stderr)
        unknown = self.robot.command("forget", 4242, check=False)
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("xmppsync-bot devices", unknown.stderr)

    def test_d_a_device_leaves_for_good(self):
        leaver = self.bot(self.account, "leaver")
        leaver.start().wait_synced()
        number = leaver.status()["device"]
        running = leaver.command("leave", check=False)
        self.assertEqual(running.returncode, 5, running.stderr)
        leaver.stop()
        result = leaver.command("leave")
        self.assertIn(f"This device has left {self.account}.", result.stdout)
        again = leaver.command("leave", check=False)
        self.assertNotEqual(again.returncode, 0)
        fresh = self.bot(self.account, "fresh-too")
        fresh.start().wait_synced()
        self.assertNotIn(number, [device["id"] for device in fresh.devices()])
        fresh.stop()
