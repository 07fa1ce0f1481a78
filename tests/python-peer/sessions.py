# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""python-omemo's session manager over PEP (XEP-0384 §5.3 and its older form), with its state in one file."""

import json
import os
import xml.etree.ElementTree as ET

import oldmemo.etree
import omemo
import twomemo.etree
from oldmemo import Oldmemo
from omemo.storage import Just, Nothing, Storage
from slixmpp.exceptions import IqError, IqTimeout
from twomemo import Twomemo

OMEMO_2 = "urn:xmpp:omemo:2"
LEGACY = "eu.siacs.conversations.axolotl"
PUBSUB = "http://jabber.org/protocol/pubsub"
ANSWER_S = 30

BACKENDS = {OMEMO_2: Twomemo, LEGACY: Oldmemo}
ELEMENTS = {OMEMO_2: twomemo.etree, LEGACY: oldmemo.etree}


class FileStorage(Storage):
    """Everything in memory, and in one JSON file when `save` is called."""

    def __init__(self, path):
        super().__init__(True)
        self.path = path
        self.values = json.loads(path.read_text()) if path.exists() else {}

    async def _load(self, key):
        return Just(self.values[key]) if key in self.values else Nothing()

    async def _store(self, key, value):
        self.values[key] = value

    async def _delete(self, key):
        self.values.pop(key, None)

    def save(self):
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(self.values))
        os.replace(new, self.path)


def _devices_node(namespace):
    return f"{OMEMO_2}:devices" if namespace == OMEMO_2 else f"{LEGACY}.devicelist"


def _bundle_place(namespace, device):
    """Node and item of a bundle."""
    return (f"{OMEMO_2}:bundles", str(device)) if namespace == OMEMO_2 else (f"{LEGACY}.bundles:{device}", "current")


async def _ask(client, kind, content, to=None):
    iq = client.make_iq()
    iq["type"] = kind
    if to:
        iq["to"] = to
    pubsub = ET.Element(f"{{{PUBSUB}}}pubsub")
    pubsub.extend(content)
    iq.append(pubsub)
    return (await iq.send(timeout=ANSWER_S)).xml


async def _publish(client, node, item, payload):
    publish = ET.Element(f"{{{PUBSUB}}}publish", {"node": node})
    ET.SubElement(publish, f"{{{PUBSUB}}}item", {"id": item}).append(payload)
    options = ET.Element(f"{{{PUBSUB}}}publish-options")
    form = ET.SubElement(options, "{jabber:x:data}x", {"type": "submit"})
    fields = {"FORM_TYPE": f"{PUBSUB}#publish-options", "pubsub#access_model": "open", "pubsub#persist_items": "true"}
    if node == f"{OMEMO_2}:bundles":
        fields["pubsub#max_items"] = "max"
    for name, value in fields.items():
        field = ET.SubElement(form, "{jabber:x:data}field", {"var": name})
        if name == "FORM_TYPE":
            field.set("type", "hidden")
        ET.SubElement(field, "{jabber:x:data}value").text = value
    await _ask(client, "set", [publish, options])


async def _fetch(client, jid, node, item):
    """The payload of an item; None where there is none."""
    items = ET.Element(f"{{{PUBSUB}}}items", {"node": node})
    ET.SubElement(items, f"{{{PUBSUB}}}item", {"id": item})
    try:
        result = await _ask(client, "get", [items], jid)
    except IqError as error:
        if error.condition == "item-not-found":
            return None
        raise
    found = result.find(f".//{{{PUBSUB}}}item")
    return None if found is None or len(found) == 0 else found[0]


async def open_sessions(client, namespaces, storage, label):
    """The session manager of a connected client: its device is published when this returns."""

    class Sessions(omemo.SessionManager):
        @staticmethod
        async def _upload_bundle(bundle):
            node, item = _bundle_place(bundle.namespace, bundle.device_id)
            try:
                await _publish(client, node, item, ELEMENTS[bundle.namespace].serialize_bundle(bundle))
            except (IqError, IqTimeout) as error:
                raise omemo.BundleUploadFailed(str(error)) from error

        @staticmethod
        async def _download_bundle(namespace, bare_jid, device_id):
            try:
                payload = await _fetch(client, bare_jid, *_bundle_place(namespace, device_id))
            except (IqError, IqTimeout) as error:
                raise omemo.BundleDownloadFailed(str(error)) from error
            if payload is None:
                raise omemo.BundleNotFound(f"{bare_jid} {device_id}")
            return ELEMENTS[namespace].parse_bundle(payload, bare_jid, device_id)

        @staticmethod
        async def _delete_bundle(namespace, device_id):
            node, item = _bundle_place(namespace, device_id)
            retract = ET.Element(f"{{{PUBSUB}}}retract", {"node": node})
            ET.SubElement(retract, f"{{{PUBSUB}}}item", {"id": item})
            try:
                await _ask(client, "set", [retract])
            except (IqError, IqTimeout) as error:
                raise omemo.BundleDeletionFailed(str(error)) from error

        @staticmethod
        async def _upload_device_list(namespace, device_list):
            element = ELEMENTS[namespace].serialize_device_list(device_list)
            try:
                await _publish(client, _devices_node(namespace), "current", element)
            except (IqError, IqTimeout) as error:
                raise omemo.DeviceListUploadFailed(str(error)) from error

        @staticmethod
        async def _download_device_list(namespace, bare_jid):
            try:
                payload = await _fetch(client, bare_jid, _devices_node(namespace), "current")
            except (IqError, IqTimeout) as error:
                raise omemo.DeviceListDownloadFailed(str(error)) from error
            return {} if payload is None else ELEMENTS[namespace].parse_device_list(payload)

        async def _evaluate_custom_trust_level(self, device):
            # A judge of the encryption, not of trust: it takes everybody.
            return omemo.TrustLevel.TRUSTED

        async def _make_trust_decision(self, undecided, identifier):
            raise omemo.TrustDecisionFailed("nobody is undecided here")

        @staticmethod
        async def _send_message(message, bare_jid):
            send_encrypted(client, bare_jid, ELEMENTS[message.namespace].serialize_message(message))

    # Labels came with omemo:2; python-omemo refuses them wherever the older one is spoken as well.
    label = None if LEGACY in namespaces else label
    backends = [BACKENDS[namespace](storage) for namespace in namespaces]
    sessions = await Sessions.create(backends, storage, client.boundjid.bare, label, "trusted")
    await sessions.after_history_sync()
    return sessions


def send_encrypted(client, to, element, identifier=None):
    message = client.make_message(mto=to, mtype="chat")
    if identifier:
        message["id"] = identifier
    message.append(element)
    ET.SubElement(message.xml, "{urn:xmpp:hints}store")
    message.send()


async def parse(sessions, element, sender, own):
    """An <encrypted/> element as python-omemo's message."""
    if element.tag == f"{{{LEGACY}}}encrypted":
        return await oldmemo.etree.parse_message(element, sender, own, sessions)
    return twomemo.etree.parse_message(element, sender)
