# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of the web, on loopback."""

import contextlib
import http.server
import threading
import urllib.parse


class Web:
    """A page of each title. `body` makes what is in it of the title and this object, and `asked` are the titles that were asked for."""

    def __init__(self, body=lambda title, _web: f"<p>{title}"):
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                title = urllib.parse.unquote(self.path.strip("/"))
                web.asked.append(title)
                content = f'<!doctype html><meta charset="utf-8"><title>{title}</title>{body(title, web)}'.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                # A browser that ends reads no further.
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(content)

            def log_message(self, *_arguments):
                pass

        self.asked = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, title, user=""):
        return f"http://{user}127.0.0.1:{self.server.server_port}/{urllib.parse.quote(title)}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
