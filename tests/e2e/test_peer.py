# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judge of another hand: a peer on QXmpp, which shares no line with the OMEMO under test."""

import json

from harness.case import Case, wait_for
from harness.tree import titles

ROUNDS = 20
OMEMO = "urn:xmpp:omemo:2"


class QXmpp(Case):
    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("botacc")
        cls.partner = cls.server.register("qxmpp")
        cls.a = cls.browser("A", cls.account)
        cls.a.start()
        cls.a.wait_synced()
        cls.robot = cls.bot(cls.account, partners=[cls.partner]).start()
        cls.robot.wait_synced()
        cls.listening = cls.robot.listen()
        cls.judge = cls.peer(cls.partner, "judge")
        cls.judge.wait_device_of(cls.account)

    def received(self, body, since=0):
        """The bot's event for this body."""
        return self.listening.wait_event(lambda event: event.get("body") == body, f"{body!r} at the bot", since)

    def test_a_peer_to_bot(self):
        self.judge.message(self.account, "Grüße, <bot> & \"friends\" \U0001f98a")
        event = self.received("Grüße, <bot> & \"friends\" \U0001f98a")
        self.assertEqual(event["from"], self.partner)
        self.assertEqual(event["fingerprint"], self.judge.fingerprint)
        self.assertEqual(event["device"], self.judge.ready["deviceId"])
        self.assertEqual(event["namespace"], OMEMO)
        self.assertIn("trust", event)

    def test_b_bot_to_peer(self):
        mark = self.judge.mark()
        self.robot.command("send", self.partner, "Hello, peer")
        message = self.judge.wait_message("Hello, peer", mark)
        self.assertEqual(message["encryption"], OMEMO)
        self.assertEqual(message["from"], self.account)
        self.assertEqual(message["fingerprint"], self.robot.fingerprint())

    def test_c_ping_pong(self):
        """Each answer turns the ratchet: twenty there and back."""
        for number in range(ROUNDS):
            mark = self.judge.mark()
            self.judge.message(self.account, f"ping {number}")
            self.received(f"ping {number}")
            self.robot.command("send", self.partner, f"pong {number}")
            self.judge.wait_message(f"pong {number}", mark)

    def test_d_many_in_one_direction(self):
        """Without an answer in between, and in order."""
        self.judge.send(command="sendMany", to=self.account, body="burst", count=ROUNDS)
        self.received(f"burst {ROUNDS}")
        bodies = [event["body"] for event in self.listening.events if event.get("body", "").startswith("burst ")]
        self.assertEqual(bodies, [f"burst {number}" for number in range(1, ROUNDS + 1)])

    def test_e_json_add_arrives_in_falkon(self):
        request = {"v": 1, "type": "add", "id": "q1", "parent": "toolbar",
                   "items": [{"title": "From QXmpp", "url": "https://qxmpp.example/"},
                             {"title": "Its folder", "children": [{"title": "Inside", "url": "https://inside.example/"}]}]}
        mark = self.judge.mark()
        self.judge.message(self.account, json.dumps(request))
        self.a.wait_title("From QXmpp")
        self.assertEqual(self.a.tree()["toolbar"], [
            ("link", "From QXmpp", "https://qxmpp.example/"), ("folder", "Its folder", [("link", "Inside", "https://inside.example/")])])

        def answer():
            return self.judge.first(lambda event: event.get("event") == "message" and '"q1"' in event.get("body", ""), mark)

        body = json.loads(wait_for(answer, "an answer to the request")["body"])
        self.assertEqual((body["v"], body["type"], body["of"]), (1, "result", "q1"), body)

    def test_f_same_request_again_adds_nothing(self):
        request = {"v": 1, "type": "add", "id": "q1", "parent": "toolbar", "items": [{"title": "From QXmpp", "url": "https://qxmpp.example/"}]}
        self.judge.message(self.account, json.dumps(request))
        self.judge.message(self.account, json.dumps({"v": 1, "type": "add", "id": "q2", "parent": "toolbar",
                                                     "items": [{"title": "Another", "url": "https://another.example/"}]}))
        self.a.wait_title("Another")
        self.assertEqual(titles(self.a.tree()).count("From QXmpp"), 1)

    def test_g_unknown_version_and_nonsense(self):
        """Each is answered by a refusal with a reason, or passed over; none changes a bookmark."""
        before = self.a.tree()
        for number, (request, reason) in enumerate((
            ({"v": 99, "type": "add", "parent": "toolbar", "items": [{"title": "Planted", "url": "https://planted.example/"}]}, "version"),
            ({"v": 1, "type": "explode"}, None),
            ({"v": 1, "type": "add", "parent": "no such folder!", "items": []}, None),
            ({"v": 1, "type": "remove", "item": "nosuchitem"}, "not-found"),
            ({"v": 1, "type": "remove", "item": "toolbar"}, None),
            ({"v": 1, "type": "set", "item": "toolbar", "fields": {"title": "x"}}, None),
        )):
            mark = self.judge.mark()
            name = f"bad{number}"
            self.judge.message(self.account, json.dumps({**request, "id": name}))
            answer = wait_for(
                lambda name=name, mark=mark: self.judge.first(lambda event: f'"{name}"' in event.get("body", "") and event["event"] == "message", mark),
                f"an answer to {request}",
            )
            body = json.loads(answer["body"])
            self.assertEqual(body["type"], "nack", body)
            if reason:
                self.assertEqual(body["reason"], reason, body)
        self.assertEqual(self.a.tree(), before)

    def test_h_peer_restarts_with_a_new_device(self):
        """The peer's new key is taken as its others were, and the bot writes to it."""
        again = self.peer(self.partner, "judge-again")
        again.wait_device_of(self.account)
        again.message(self.account, "a new device")
        event = self.received("a new device")
        self.assertEqual(event["fingerprint"], again.fingerprint)
        mark = again.mark()
        self.robot.command("send", self.partner, "to all devices")
        again.wait_message("to all devices", mark)

    def test_i_bot_restart_keeps_the_session(self):
        self.robot.process.kill()
        self.listening.stop()
        self.robot.start()
        self.robot.wait_synced()
        type(self).listening = self.robot.listen()
        self.judge.message(self.account, "after the restart")
        self.received("after the restart")
        mark = self.judge.mark()
        self.robot.command("send", self.partner, "I am back")
        self.judge.wait_message("I am back", mark)

    def test_j_request_while_the_bot_is_away(self):
        """The server keeps the message; the bot carries it out when it is back, once."""
        self.robot.stop()
        self.judge.message(self.account, json.dumps({"v": 1, "type": "add", "id": "away", "parent": "menu",
                                                     "items": [{"title": "Sent to nobody", "url": "https://nobody.example/"}]}))
        self.robot.start()
        self.a.wait_title("Sent to nobody")
        self.robot.wait_synced()
        self.assertEqual(titles(self.a.tree()).count("Sent to nobody"), 1)

    def test_z_server_stored_no_plaintext(self):
        self.assertEqual(self.server.plaintext_found(["From QXmpp", "qxmpp.example", "Hello, peer", "inside.example"]), [])
