# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges of other hands: python-omemo in both namespaces, Profanity (libomemo-c) and QXmpp, each against the real bot.

The bot is `listen --json`, which holds the state and prints what comes, and `send --lines` beside it.
"""

import unittest

from harness.case import Case, wait_for
from harness.peer import Peer
from harness.process import Process
from harness.profanity import Profanity
from harness.python_peer import PythonPeer

OMEMO_2 = "urn:xmpp:omemo:2"
LEGACY = "eu.siacs.conversations.axolotl"
AWKWARD = "Grüße, <bot> & \"friends\" \U0001f98a"
MANY = 200
# Above the 106 unanswered messages at which some clients stop (twice the 53 of XEP-0384 §5.6).
ROUNDS = 110
AWAY = 12
LARGE = 64 * 1024


class Judged(Case):
    """What every judge has to pass. A subclass says who it is."""

    namespace = LEGACY
    rounds = ROUNDS
    # Length of the largest body that the judge sends in reasonable time.
    large = LARGE

    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("botacc")
        cls.partner = cls.server.register("partner")
        cls.robot = cls.bot(cls.account, partners=[cls.partner])
        cls.listen()
        cls.robot.wait_synced()
        cls.sender = Process("sender", cls.robot.arguments("send", "--lines", cls.partner), cls.workspace.logs,
                             environment=cls.robot.environment(), pipes=True)
        cls.addClassCleanup(lambda: cls.sender.kill())
        cls.judge = cls.make_judge()
        cls.addClassCleanup(lambda: cls.judge.stop())
        cls.judge.start()
        cls.judge.meet(cls.account)

    @classmethod
    def listen(cls):
        cls.listening = cls.robot.listen()
        cls.robot.process = cls.listening.process

    def say(self, *bodies):
        """The bot says these, in order."""
        self.sender.popen.stdin.write("".join(f"{body}\n" for body in bodies).encode())
        self.sender.popen.stdin.flush()

    def heard(self, body, since=0):
        """The bot's event for this body."""
        return self.listening.wait_event(lambda event: event.get("body") == body, f"{body[:60]!r} at the bot", since)

    def bodies(self, prefix):
        return [event["body"] for event in self.listening.events if event.get("body", "").startswith(prefix)]

    def test_a_first_words(self):
        self.judge.message(self.account, AWKWARD)
        event = self.heard(AWKWARD)
        self.assertEqual(
            (event["from"], event["device"], event["fingerprint"], event["namespace"]),
            (self.partner, self.judge.device, self.judge.fingerprint, self.namespace),
        )
        mark = self.judge.mark()
        self.say(AWKWARD)
        message = self.judge.wait_message(AWKWARD, mark)
        self.assertEqual(message["from"], self.account)
        self.check_sender(message)

    def check_sender(self, message):
        """Whatever else the judge tells of a message from the bot."""
        self.assertEqual((message["fingerprint"], message["encryption"]), (self.robot.fingerprint(), self.namespace))

    def test_b_many_to_the_bot(self):
        self.judge.many(self.account, "there", MANY)
        self.heard(f"there {MANY}")
        self.assertEqual(self.bodies("there "), [f"there {number}" for number in range(1, MANY + 1)])

    def test_c_many_from_the_bot(self):
        mark = self.judge.mark()
        self.say(*(f"back {number}" for number in range(1, MANY + 1)))
        self.judge.wait_message(f"back {MANY}", mark)
        self.assertEqual(self.judge.bodies(mark), [f"back {number}" for number in range(1, MANY + 1)])

    def test_d_ping_pong(self):
        """Each answer turns the ratchet."""
        for number in range(self.rounds):
            mark = self.judge.mark()
            self.say(f"ping {number}")
            self.judge.wait_message(f"ping {number}", mark)
            self.judge.message(self.account, f"pong {number}")
            self.heard(f"pong {number}")

    def test_e_both_at_once(self):
        """Messages that cross on their way."""
        mark = self.judge.mark()
        self.judge.many(self.account, "left", 50)
        self.say(*(f"right {number}" for number in range(1, 51)))
        self.heard("left 50")
        self.judge.wait_message("right 50", mark)
        self.assertEqual(self.bodies("left "), [f"left {number}" for number in range(1, 51)])
        self.assertEqual(self.judge.bodies(mark), [f"right {number}" for number in range(1, 51)])

    def test_f_large(self):
        mark = self.judge.mark()
        theirs, ours = "ü" + "x" * (self.large - 2), "ö" + "y" * (LARGE - 2)
        self.judge.message(self.account, theirs)
        self.heard(theirs)
        self.say(ours)
        self.judge.wait_message(ours, mark)

    def test_g_reordered_on_the_way_to_the_bot(self):
        """What the server kept comes last first, the newest chain before an older one."""
        self.listening.stop()
        self.judge.many(self.account, "kept", AWAY)
        self.server.wait_kept("botacc", AWAY)
        self.server.reverse_kept("botacc")
        self.listen()
        wait_for(lambda: len(self.bodies("kept ")) == AWAY, "all that was kept")
        self.assertEqual(sorted(self.bodies("kept ")), sorted(f"kept {number}" for number in range(1, AWAY + 1)))
        # The archive has them all once more.
        self.judge.message(self.account, "after what was kept")
        self.heard("after what was kept")
        self.assertEqual(len(self.bodies("kept ")), AWAY)

    def test_y_nothing_was_dropped(self):
        log = self.listening.process.log_text()
        self.assertNotIn("ropped", log, log)


class Restarting(Judged):
    """A judge that keeps its keys."""

    # Whether the server notices at once that the judge has died, and keeps messages for its next start.
    kept_when_killed = True

    def test_h_reordered_on_the_way_to_the_judge(self):
        self.judge.go_offline()
        self.say(*(f"stored {number}" for number in range(1, AWAY + 1)))
        self.server.wait_kept("partner", AWAY)
        self.server.reverse_kept("partner")
        mark = self.judge.mark()
        self.judge.go_online()
        wait_for(lambda: len(self.judge.bodies(mark)) == AWAY, "all that was stored")
        self.assertEqual(self.judge.bodies(mark), [f"stored {number}" for number in range(AWAY, 0, -1)])

    def test_i_the_bot_is_killed(self):
        self.listening.process.kill()
        self.judge.message(self.account, "to a killed bot")
        self.listen()
        self.heard("to a killed bot")
        mark = self.judge.mark()
        self.say("from a bot that was killed")
        self.judge.wait_message("from a bot that was killed", mark)

    def test_j_the_judge_is_killed(self):
        self.judge.kill()
        self.say("to a killed judge")
        if self.kept_when_killed:
            self.server.wait_kept("partner", 1)
        self.judge.start()
        self.judge.wait_message("to a killed judge")
        self.judge.meet(self.account)
        self.judge.message(self.account, "from a judge that was killed")
        event = self.heard("from a judge that was killed")
        self.assertEqual(event["fingerprint"], self.judge.fingerprint)


class Python(Restarting):
    """python-omemo. A subclass says in which namespace."""

    speaks = ()

    @classmethod
    def make_judge(cls, name="python"):
        return PythonPeer(cls.workspace, cls.server, cls.partner, cls.speaks, name)

    def test_k_a_device_of_the_judge_comes_and_goes(self):
        second = self.make_judge("second")
        self.addCleanup(second.stop)
        second.start()
        second.message(self.account, "from the second")
        self.assertEqual(self.heard("from the second")["fingerprint"], second.fingerprint)
        mark = self.judge.mark()
        self.say("to both")
        second.wait_message("to both")
        self.judge.wait_message("to both", mark)
        second.leave()
        self.say("to the first again")
        self.judge.wait_message("to the first again", mark)

    def test_l_a_device_of_the_bot_comes_and_goes(self):
        second = self.bot(self.account, "second-bot", partners=[self.partner])
        listening = second.listen()
        second.process = listening.process
        second.wait_synced()
        wait_for(lambda: len(self.judge.meet(self.account)) == 2, "the judge to see both")
        self.judge.message(self.account, "to both bots")
        self.heard("to both bots")
        listening.wait_event(lambda event: event.get("body") == "to both bots", "the message at the second bot")
        mark = self.judge.mark()
        second.command("send", self.partner, "from the second bot")
        self.assertEqual(self.judge.wait_message("from the second bot", mark)["fingerprint"], second.fingerprint())
        second.stop()
        device = next(device["id"] for device in self.robot.devices() if device["fingerprint"] == second.fingerprint())
        self.robot.command("forget", str(device))
        wait_for(lambda: len(self.judge.meet(self.account)) == 1, "the judge to see one")
        self.judge.message(self.account, "to the first bot again")
        self.heard("to the first bot again")

    def test_m_the_judge_forgets_all(self):
        before = self.judge.fingerprint
        self.judge.forget()
        self.assertNotEqual(self.judge.fingerprint, before)
        self.judge.message(self.account, "who are you?")
        self.assertEqual(self.heard("who are you?")["fingerprint"], self.judge.fingerprint)
        mark = self.judge.mark()
        self.say("an old friend")
        self.judge.wait_message("an old friend", mark)

    def test_z_the_judge_could_read_everything(self):
        self.assertEqual(self.judge.undecrypted(), [])


class PythonOmemo2(Python):
    namespace = OMEMO_2
    speaks = ("omemo:2",)


class PythonLegacy(Python):
    speaks = ("legacy",)


class ProfanityLegacy(Restarting):
    """libomemo-c. A round trip through a terminal takes its time."""

    rounds = 25
    # It takes time with the square of a line's length.
    large = 16 * 1024
    # Its stream could be resumed (XEP-0198): the server waits for that.
    kept_when_killed = False

    @classmethod
    def make_judge(cls):
        return Profanity(cls.workspace, cls.server, cls.partner)

    def check_sender(self, message):
        """Its plugins are told neither key nor namespace; it speaks but one."""


class QXmppOmemo2(Judged):
    """Its keys live in memory, so a restart would be another device."""

    namespace = OMEMO_2

    def test_b_many_to_the_bot(self):
        """QXmpp 1.10 stops after 106 messages without an answer that has a body; the bot's empty ones do not count."""
        for part in ("once", "twice"):
            self.judge.many(self.account, part, MANY // 2)
            self.heard(f"{part} {MANY // 2}")
            self.assertEqual(self.bodies(f"{part} "), [f"{part} {number}" for number in range(1, MANY // 2 + 1)])
            mark = self.judge.mark()
            self.say(f"heard {part}")
            self.judge.wait_message(f"heard {part}", mark)

    @classmethod
    def make_judge(cls):
        return Peer(cls.workspace, cls.server, cls.partner, "qxmpp")


# The classes without a judge hold no tests of their own.
def load_tests(loader, _tests, _pattern):
    suite = unittest.TestSuite()
    for case in (PythonOmemo2, PythonLegacy, ProfanityLegacy, QXmppOmemo2):
        suite.addTests(loader.loadTestsFromTestCase(case))
    return suite
