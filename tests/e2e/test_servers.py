# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers as Debian ships them, with their default limits and without an archive."""

import datetime
import json

from harness import tree
from harness.case import Case, inside, wait_inside, wait_same
from harness.ejabberd import Ejabberd
from harness.tree import SEPARATOR, bookmarks, folder, link
from harness.xmpp import Connection

# More than the ring of eight updates that a replica keeps on the server.
MANY = 20
BIG = 2_000
# ejabberd takes 3 kB each second, and this is about 50 kB.
BIG_S = 180


class Defaults:
    """The main job, on any server."""

    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("defaults")
        cls.a, cls.b = cls.pair(cls.account)
        cls.robot = cls.bot(cls.account)
        cls.robot.start()
        cls.robot.wait_synced()

    def setUp(self):
        self.name = self.id().rsplit(".", 1)[1]

    def test_a_edits_go_both_ways(self):
        self.a.add("toolbar", folder(self.name, link("One"), SEPARATOR, link("Two"), folder("Inner")))
        wait_inside(self.b, self.name, [link("One"), SEPARATOR, link("Two"), folder("Inner")])
        path = ["toolbar", self.name]
        self.b.set([*path, "One"], title="First")
        self.b.move([*path, "Two"], [*path, "Inner"])
        self.b.remove([*path, 1])
        wait_inside(self.a, self.name, [link("First", "https://one.example/"), folder("Inner", link("Two"))])
        self.robot.wait_tree(wait_same(self.a, self.b))

    def test_b_partner_writes(self):
        """A message from another account's device, as a bot sends it."""
        sender, receiver = (self.bot(self.server.register(name), name) for name in ("sender", "receiver"))
        heard = receiver.listen()
        receiver.process = heard.process
        receiver.wait_synced()
        sender.command("send", "receiver@localhost", "Through another server's hands")
        message = heard.wait_event(lambda event: event.get("body") == "Through another server's hands", "the message")
        self.assertEqual(message["from"], "sender@localhost")

    def test_c_device_that_was_off_catches_up(self):
        self.a.add("toolbar", folder(self.name))
        wait_inside(self.b, self.name, [])
        self.b.quit()
        expected = [link(f"{self.name} {number}") for number in range(MANY)]
        for item in expected:
            self.a.add(["toolbar", self.name], item)
        self.robot.process.wait_until(lambda: inside(self.robot.tree(), self.name) == expected, "the bot to have all of them")
        self.a.quit()
        self.b.start()
        wait_inside(self.b, self.name, expected)
        self.a.start()
        self.a.wait_synced()

    def test_d_server_is_restarted(self):
        self.a.add("toolbar", folder(self.name, link("Before")))
        wait_inside(self.b, self.name, [link("Before")])
        self.server.kill()
        self.a.add(["toolbar", self.name], link("Meanwhile"))
        self.server.start()
        wait_inside(self.b, self.name, [link("Before"), link("Meanwhile")])
        self.b.add(["toolbar", self.name], link("After"))
        wait_inside(self.a, self.name, [link("Before"), link("Meanwhile"), link("After")])

    def test_e_large_import_at_the_servers_pace(self):
        """The connection stands all the time: a client that pushes more than a server takes is cut off by some."""
        # It may still be on its way back from the test before.
        self.robot.wait_synced()
        connections = self.robot.process.log_text().count("Connected as")
        self.assertGreater(connections, 0)
        items = [link(f"Large {number}", f"https://large.example/{number:04}") for number in range(BIG)]
        file = self.robot.home / "large.json"
        file.write_text(json.dumps(tree.to_file(bookmarks(other=[folder(self.name, *items)]))))
        self.robot.command("import", file)
        for browser in (self.a, self.b):
            browser.process.wait_until(lambda b=browser: inside(b.tree(), self.name, "other") == items, "all of them to arrive", BIG_S)
        self.assertEqual(self.robot.process.log_text().count("Connected as"), connections)
        self.assertEqual(len(tree.titles(self.a.tree())), len(tree.titles(wait_same(self.a, self.b))))


class ProsodyOfDebian(Defaults, Case):
    server_options = {"as_debian": True}

    def test_0_the_server_tells_its_time(self):
        """By which a replica knows that its computer's clock is wrong (XEP-0202)."""
        connection = Connection(self.server, self.account, "clock")
        self.addCleanup(connection.close)
        answer = connection.iq("get", "<time xmlns='urn:xmpp:time'/>", to=connection.domain)
        told = datetime.datetime.fromisoformat(answer.find("{urn:xmpp:time}time/{urn:xmpp:time}utc").text)
        self.assertLess(abs(told - datetime.datetime.now(datetime.timezone.utc)), datetime.timedelta(minutes=5))
        self.assertEqual(self.a.status()["problems"], [])


class EjabberdOfDebian(Defaults, Case):
    server_class = Ejabberd
