# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes unencrypted, untrusted or malformed changes nothing, and is told."""

import json
import xml.etree.ElementTree as ET

from harness.case import Case, inside, wait_for, wait_inside, wait_same
from harness.tree import folder, link, titles
from harness.xmpp import Connection

BOOKMARKS = "urn:xmppsync:bookmarks:1"
SNAPSHOTS = "urn:xmppsync:bookmarks:1:snapshot"
DEVICES = "urn:xmpp:omemo:2:devices"


def add_request(title, number):
    return json.dumps({"v": 1, "type": "add", "id": number, "parent": "toolbar",
                       "items": [{"title": title, "url": f"https://{number}.example/"}]})


class Hostile(Case):
    """A and B belong to the user; the intruder has their password or is somebody else, but has no trusted key."""

    @classmethod
    def prepare(cls):
        cls.account = cls.server.register("victim")
        cls.other = cls.server.register("stranger")
        cls.partner = cls.server.register("partner")
        cls.a = cls.browser("A", cls.account, chat=True, partners=[cls.partner])
        cls.b = cls.browser("B", cls.account)
        for browser in (cls.a, cls.b):
            browser.start()
            browser.wait_synced()
        cls.keeper = cls.bot(cls.account, "keeper", partners=[cls.partner]).start()
        cls.a.add("toolbar", folder("Treasure", link("Gold"), link("Silver")))
        wait_inside(cls.b, "Treasure", [link("Gold"), link("Silver")])
        cls.keeper.wait_tree(wait_same(cls.a, cls.b))

    def assert_unharmed(self, *words):
        """After an edit of A has gone round, so that what came before it has been worked off everywhere."""
        mark = f"after {self.id().rsplit('.', 1)[1]}"
        self.a.add("other", link(mark))
        self.b.wait_title(mark)
        result = wait_same(self.a, self.b)
        self.keeper.wait_tree(result)
        self.assertEqual(inside(result, "Treasure"), [link("Gold"), link("Silver")])
        for word in words:
            self.assertNotIn(word, " ".join(titles(result)))

    def connection(self, account, resource):
        connection = Connection(self.server, account, resource)
        self.addCleanup(connection.close)
        connection.presence()
        return connection

    def dropped(self):
        """What the bot has dropped so far, by reason."""
        return self.keeper.status()["status"]["dropped"]

    def address_of(self, browser):
        return browser.status()["address"]

    def test_plaintext_requests(self):
        """From a stranger, from the partner's own address, and from the own account: unencrypted is unencrypted."""
        before = self.dropped().get("unencrypted", 0)
        for number, account in enumerate((self.other, self.partner, self.account)):
            intruder = self.connection(account, f"plain{number}")
            for kind in ("chat", "normal"):
                intruder.message(self.account, add_request("Planted", f"p{number}{kind}"), kind)
                intruder.message(self.address_of(self.a), add_request("Planted", f"q{number}{kind}"), kind)
            intruder.barrier()
        wait_for(lambda: self.dropped().get("unencrypted", 0) > before, "the bot to count what it dropped")
        self.assert_unharmed("Planted")

    def test_plaintext_items_in_the_node(self):
        """Somebody with the password writes into the node: without a key of a device it is nothing."""
        intruder = self.connection(self.account, "writer")
        whole = intruder.items(BOOKMARKS)
        self.assertTrue(whole)
        replica = sorted(whole)[0].split(".")[0]
        body = json.dumps({"type": "update", "replica": replica, "have": {}, "deltas": [{"seq": 99_999, "rows": []}], "v": 1})
        payloads = [
            f"<json xmlns='urn:xmpp:json:0'>{body}</json>",
            "<encrypted xmlns='urn:xmpp:omemo:2'><header sid='1'/><payload>AAAA</payload></encrypted>",
            "<encrypted xmlns='urn:xmpp:omemo:2'/>",
            "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'><iv>AAAA</iv></header></encrypted>",
            "<x xmlns='urn:example:what'>&#9;</x>",
        ]
        for number, payload in enumerate(payloads):
            intruder.publish(BOOKMARKS, f"{'%016x' % number}.0", payload)
            intruder.publish(BOOKMARKS, f"nonsense {number}", payload)
            intruder.publish(SNAPSHOTS, f"{'%016x' % number}.a0", payload)
        self.assert_unharmed()

    def test_items_swapped_and_replayed(self):
        """One replica's ciphertext in another's place, and an old one in the place of a newer, are refused or harmless."""
        intruder = self.connection(self.account, "swapper")
        before = {name: item[0] for name, item in intruder.items(BOOKMARKS).items() if len(item)}
        self.a.add("toolbar", link("Newer than the copy"))
        self.b.wait_title("Newer than the copy")
        wait_same(self.a, self.b)
        names = sorted(before)
        for name, other in zip(names, names[1:] + names[:1]):
            intruder.publish(BOOKMARKS, name, ET.tostring(before[other], encoding="unicode"))
        for name in names:
            intruder.publish(BOOKMARKS, name, ET.tostring(before[name], encoding="unicode"))
        self.assert_unharmed()
        self.assertIn("Newer than the copy", titles(self.a.tree()))

    def test_malformed_device_lists(self):
        """A broken list from the server makes the devices publish theirs again; sync goes on."""
        intruder = self.connection(self.account, "lister")
        payloads = [
            "<devices xmlns='urn:xmpp:omemo:2'><device id='notanumber'/></devices>",
            "<devices xmlns='urn:xmpp:omemo:2'><device id='0'/><device id='99999999999'/></devices>",
            "<nonsense xmlns='urn:example:nonsense'/>",
            "<devices xmlns='urn:xmpp:omemo:2'/>",
        ]
        for payload in payloads:
            intruder.publish(DEVICES, "current", payload)

        def listed():
            items = intruder.items(DEVICES)
            ids = {device.get("id") for item in items.values() for device in item.iter("{urn:xmpp:omemo:2}device")}
            own = {str(device["id"]) for device in self.a.status()["devices"] if device["active"] and device["jid"] == self.account}
            assert ids and own <= ids and len(own) >= 3, f"{own} of {ids}"
            return True

        wait_for(listed, "all three devices to be in the list again", timeout=90)
        self.assert_unharmed()

    def test_strangers_encrypted_requests(self):
        """An OMEMO device of somebody who is no partner: decrypted, and not obeyed."""
        stranger = self.peer(self.other, "stranger-peer")
        stranger.wait_device_of(self.account)
        before = self.dropped().get("not_allowed", 0)
        stranger.message(self.account, add_request("Stranger's", "s1"))
        wait_for(lambda: self.dropped().get("not_allowed", 0) > before, "the bot to refuse it")
        self.assert_unharmed("Stranger's")

    def test_distrusted_partner(self):
        """A partner's request arrives; after its key is distrusted by all, the next one does not."""
        partner = self.peer(self.partner, "partner-peer")
        partner.wait_device_of(self.account)
        partner.message(self.account, add_request("Welcome one", "d1"))
        for browser in (self.a, self.b):
            browser.wait_title("Welcome one")
        self.keeper.command("distrust", partner.fingerprint)
        self.a.set_trust(self.partner, partner.fingerprint, "manually_distrusted")
        self.a.wait_trust(partner.fingerprint, "manually_distrusted")
        before = self.dropped().get("untrusted", 0)
        partner.message(self.account, add_request("Unwelcome one", "d2"))
        wait_for(lambda: self.dropped().get("untrusted", 0) > before, "the bot to refuse it")
        self.assert_unharmed("Unwelcome")


class DistrustedDevice(Case):
    """A device of the own account that the user does not trust."""

    def test_own_distrusted_device_changes_nothing(self):
        account = self.server.register("owner")
        a = self.browser("A", account)
        a.start()
        a.wait_synced()
        lost = self.bot(account, "lost").start()
        a.add("toolbar", link("Before"))
        wait_for(lambda: lost.command("export", "--format", "json", check=False).stdout.count("Before"), "the bot to have the bookmark")
        fingerprint = lost.fingerprint()
        a.set_trust(account, fingerprint, "manually_distrusted")
        a.wait_trust(fingerprint, "manually_distrusted")
        # What the lost device publishes is on the server, and A has been told of it.
        file = self.workspace.path / "planted.json"
        file.write_text(json.dumps({"version": 1, "roots": {"bookmark_bar": {"type": "folder", "children": [
            {"type": "url", "name": "Planted", "url": "https://planted.example/"}]}}}))
        watcher = Connection(self.server, account, "watcher")
        self.addCleanup(watcher.close)
        items = watcher.items(BOOKMARKS)
        lost.command("import", file)
        wait_for(lambda: len(watcher.items(BOOKMARKS)) != len(items) or watcher.items(BOOKMARKS).keys() != items.keys(), "the lost device to publish")
        a.add("toolbar", link("After"))
        a.wait_synced()
        self.assertEqual(titles(a.tree()), ["Before", "After"])
        # And what A writes from now on is not for that device.
        lost_tree = lost.export()
        self.assertNotIn("After", json.dumps(lost_tree))
