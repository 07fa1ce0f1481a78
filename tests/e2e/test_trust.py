# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Automatic trust management (XEP-0450) with QXmpp, which has one of its own: what a user compares on one device holds on the
others, and contacts are told."""

from harness.case import Case, wait_for

AUTHENTICATED = "authenticated"


class TrustMessages(Case):
    @classmethod
    def prepare(cls):
        cls.account, cls.friend = cls.server.register("robots"), cls.server.register("friend")
        cls.one = cls.bot(cls.account, "one", partners=[cls.friend]).start()
        cls.one.wait_synced()
        cls.two = cls.bot(cls.account, "two", partners=[cls.friend]).start()
        cls.two.wait_synced()
        cls.judge = cls.peer(cls.friend, "judge")
        wait_for(lambda: len(cls.judge.meet(cls.account)) == 2, "the judge to see both bots")
        # A session in both directions: trust messages are encrypted as all others.
        for bot in (cls.one, cls.two):
            bot.command("send", cls.friend, f"hello from {bot.name}")
            cls.judge.wait_message(f"hello from {bot.name}")
        cls.judge.message(cls.account, "hello to both")

    def key_of(self, judge, jid, fingerprint):
        def known():
            return next((device["key"] for device in judge.meet(jid) if device["fingerprint"] == fingerprint), None)

        return wait_for(known, f"the key {fingerprint} at {judge.process.name}")

    def wait_trust_at(self, judge, jid, fingerprint, level):
        def reached():
            levels = {device["fingerprint"]: device["trust"] for device in judge.meet(jid)}
            assert levels.get(fingerprint) == level, levels
            return True

        wait_for(reached, f"{level} at {judge.process.name}")

    def wait_trust_at_bot(self, bot, fingerprint, level):
        def reached():
            levels = {device["fingerprint"]: device["trust"] for device in bot.devices()}
            assert levels.get(fingerprint) == level, levels
            return True

        wait_for(reached, f"{level} at {bot.name}")

    def test_a_the_bot_tells_a_contact(self):
        """Both sides have compared keys. Then the bot's user compares another device of his own: the contact need not."""
        self.judge.decide(self.account, authenticate=self.key_of(self.judge, self.account, self.one.fingerprint()))
        self.one.command("trust", self.judge.fingerprint)
        self.one.command("trust", self.two.fingerprint())
        self.wait_trust_at(self.judge, self.account, self.two.fingerprint(), AUTHENTICATED)

    def test_b_a_contact_tells_the_bot(self):
        """The contact has a second device; the bots learn of its key from the first one."""
        second = self.peer(self.friend, "second")
        type(self).second = second
        second.meet(self.account)
        second.message(self.account, "hello from the second")
        self.judge.message(self.account, "hello to all, the second included")
        self.judge.decide(self.friend, authenticate=self.key_of(self.judge, self.friend, second.fingerprint))
        self.wait_trust_at_bot(self.one, second.fingerprint, AUTHENTICATED)

    def test_c_a_contact_distrusts(self):
        self.judge.decide(self.friend, distrust=self.key_of(self.judge, self.friend, self.second.fingerprint))
        self.wait_trust_at_bot(self.one, self.second.fingerprint, "manually_distrusted")

    def test_d_a_device_of_the_own_account(self):
        """Another program on the own account, which the user compares with one bot, is told of the other."""
        own = self.peer(self.account, "own")
        wait_for(lambda: len(own.meet(self.account)) == 2, "the other program to see both bots")
        own.meet(self.friend)
        own.message(self.friend, "hello from the other program")
        own.decide(self.account, authenticate=self.key_of(own, self.account, self.one.fingerprint()))
        wait_for(lambda: own.fingerprint in {device["fingerprint"] for device in self.one.devices()}, "the other program at the bot")
        self.one.command("trust", own.fingerprint)
        self.wait_trust_at(own, self.account, self.two.fingerprint(), AUTHENTICATED)
        # And the second bot learns of it from the first.
        self.two.command("trust", self.one.fingerprint())
        self.wait_trust_at_bot(self.two, own.fingerprint, AUTHENTICATED)
