# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minimal XMPP client on the standard library: what an attacker or an onlooker would send, and the floor for latency.

It authenticates with PLAIN inside verified TLS, which is enough for a private server.
"""

import base64
import itertools
import queue
import select
import socket
import ssl
import threading
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

TIMEOUT_S = 20.0
CLIENT = "{jabber:client}"
STREAMS = "{http://etherx.jabber.org/streams}"
TLS = "urn:ietf:params:xml:ns:xmpp-tls"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
BIND = "urn:ietf:params:xml:ns:xmpp-bind"
PUBSUB = "{http://jabber.org/protocol/pubsub}"
ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"


class XmppError(AssertionError):
    """The server refused something. The message has its answer."""


class Connection:
    """One session, bound to `resource`. Stanzas that nobody waits for are in `inbox`."""

    def __init__(self, server, account, resource="tester"):
        self.account = account
        self.domain = account.split("@")[1]
        self.inbox = queue.Queue()
        self._answers = {}
        self._numbers = itertools.count(1)
        # OpenSSL's state is one for both directions: reading and writing take turns.
        self._tls = threading.Lock()
        self.socket = socket.create_connection(("127.0.0.1", server.port), TIMEOUT_S)
        # Without it the kernel delays small stanzas, and a latency would measure that.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open()
        self._write(f"<starttls xmlns='{TLS}'/>")
        self._expect(f"{{{TLS}}}proceed")
        context = ssl.create_default_context(cafile=str(server.ca_file))
        self.socket = context.wrap_socket(self.socket, server_hostname=self.domain)
        self._open()
        secret = base64.b64encode(f"\0{account.split('@')[0]}\0{server.passwords[account]}".encode()).decode()
        self._write(f"<auth xmlns='{SASL}' mechanism='PLAIN'>{secret}</auth>")
        self._expect(f"{{{SASL}}}success")
        self._open()
        self.socket.setblocking(False)
        self._reader = threading.Thread(target=self._read_for_ever, daemon=True)
        self._reader.start()
        bound = self.iq("set", f"<bind xmlns='{BIND}'><resource>{escape(resource)}</resource></bind>")
        self.jid = bound.find(f".//{{{BIND}}}jid").text

    # What tests use

    def iq(self, kind, payload, to=None):
        """Sends a request and returns the answer; raises XmppError for an error."""
        number = f"t{next(self._numbers)}"
        answer = self._answers[number] = queue.Queue(1)
        address = f" to={quoteattr(to)}" if to else ""
        self.send(f"<iq type='{kind}' id='{number}'{address}>{payload}</iq>")
        try:
            stanza = answer.get(timeout=TIMEOUT_S)
        except queue.Empty:
            raise XmppError(f"no answer to {payload[:200]}") from None
        finally:
            del self._answers[number]
        if stanza.get("type") == "error":
            raise XmppError(ET.tostring(stanza, encoding="unicode"))
        return stanza

    def send(self, stanza):
        self._write(stanza)

    def presence(self):
        self.send("<presence/>")

    def message(self, to, body, kind="chat"):
        self.send(f"<message type='{kind}' to={quoteattr(to)}><body>{escape(body)}</body></message>")

    def receive(self, matches, timeout=TIMEOUT_S):
        """The next stanza in the inbox for which `matches` is true; others are passed over."""
        while True:
            try:
                stanza = self.inbox.get(timeout=timeout)
            except queue.Empty:
                raise XmppError("the expected stanza did not come") from None
            if matches(stanza):
                return stanza

    def items(self, node, owner=None):
        """The items of a PEP node as {id: element}; empty where there is no node."""
        try:
            answer = self.iq("get", f"<pubsub xmlns='{PUBSUB[1:-1]}'><items node={quoteattr(node)}/></pubsub>", to=owner)
        except XmppError as error:
            if "item-not-found" in str(error):
                return {}
            raise
        return {item.get("id"): item for item in answer.iter(f"{PUBSUB}item")}

    def publish(self, node, item, payload):
        self.iq(
            "set",
            f"<pubsub xmlns='{PUBSUB[1:-1]}'><publish node={quoteattr(node)}><item id={quoteattr(item)}>{payload}</item></publish></pubsub>",
        )

    def barrier(self):
        """Returns once the server has worked off all that this connection sent before."""
        self.iq("get", "<ping xmlns='urn:xmpp:ping'/>", to=self.domain)

    def close(self):
        try:
            self._write("</stream:stream>")
        except OSError:
            pass
        self.socket.close()

    # The stream

    def _open(self):
        self._parser = ET.XMLPullParser(("start", "end"))
        self._depth = 0
        self._write(
            f"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='{STREAMS[1:-1]}' "
            f"to='{self.domain}' version='1.0'>"
        )
        self._expect(f"{STREAMS}features")

    def _write(self, text):
        rest = text.encode()
        while rest:
            try:
                with self._tls:
                    rest = rest[self.socket.send(rest) :]
            except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
                select.select([], [self.socket], [], TIMEOUT_S)

    def _expect(self, tag):
        element = next(self._elements())
        if element.tag != tag:
            raise XmppError(f"expected {tag}, not {ET.tostring(element, encoding='unicode')}")
        return element

    def _elements(self):
        """The stream's children, one by one, as they come."""
        while True:
            for event, element in self._parser.read_events():
                if event == "start":
                    self._depth += 1
                    continue
                self._depth -= 1
                if self._depth == 1:
                    yield element
            data = self._read()
            if not data:
                return
            self._parser.feed(data)

    def _read(self):
        while True:
            try:
                with self._tls:
                    return self.socket.recv(65536)
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                select.select([self.socket], [], [])

    def _read_for_ever(self):
        try:
            for element in self._elements():
                self._take(element)
        except (OSError, ValueError, ET.ParseError):
            # Closed, by either side.
            pass

    def _take(self, element):
        answer = self._answers.get(element.get("id")) if element.tag == f"{CLIENT}iq" else None
        if answer and element.get("type") in ("result", "error"):
            answer.put(element)
        elif element.tag == f"{CLIENT}iq" and element.get("type") in ("get", "set"):
            # Unanswered requests would make the other side wait for its own time-out.
            self.send(
                f"<iq type='error' id={quoteattr(element.get('id'))} to={quoteattr(element.get('from', self.domain))}>"
                f"<error type='cancel'><service-unavailable xmlns='{ERRORS[1:-1]}'/></error></iq>"
            )
        else:
            self.inbox.put(element)


def body_of(stanza):
    return stanza.findtext(f"{CLIENT}body")
