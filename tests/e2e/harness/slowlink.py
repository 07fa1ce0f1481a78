# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A slow way to a server: a relay on loopback that passes on a given number of bytes a second each way, and counts them."""

import socket
import threading
import time

PIECE = 4096


class SlowLink:
    """Listens from its making to `stop`. `connect` is its address, `received` what its clients got so far, in bytes."""

    def __init__(self, connect, bytes_a_second):
        host, port = connect.rsplit(":", 1)
        self._target = (host, int(port))
        self._rate = bytes_a_second
        self._sockets = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.connect = "127.0.0.1:%d" % self._listener.getsockname()[1]
        self.received = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        for each in (self._listener, *self._sockets):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                # It has ended by itself.
                pass
            each.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
            except OSError:
                return
            self._sockets += [client, server]
            for source, sink, down in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._pass_on, args=(source, sink, down), daemon=True).start()

    def _pass_on(self, source, sink, down):
        try:
            while piece := source.recv(PIECE):
                time.sleep(len(piece) / self._rate)
                sink.sendall(piece)
                if down:
                    self.received += len(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            # The other end is gone, and so this one.
            pass
