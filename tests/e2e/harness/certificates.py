# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate authority of a test's own, and a server certificate for localhost, by the openssl program."""

from .process import run

OPENSSL_S = 30
DAYS = 30


def _key(path):
    run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path], OPENSSL_S)


def make(folder, names=("localhost",), addresses=("127.0.0.1",)):
    """Writes `ca.crt`, `localhost.crt` and `localhost.key` into `folder`; returns the path of the authority's certificate."""
    ca_key, ca = folder / "ca.key", folder / "ca.crt"
    _key(ca_key)
    run(
        ["openssl", "req", "-x509", "-new", "-key", ca_key, "-out", ca, "-days", DAYS, "-subj", "/CN=XmppSync test authority",
         "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
        OPENSSL_S,
    )
    key, request, certificate = folder / "localhost.key", folder / "localhost.csr", folder / "localhost.crt"
    _key(key)
    run(["openssl", "req", "-new", "-key", key, "-out", request, "-subj", "/CN=localhost"], OPENSSL_S)
    extensions = folder / "extensions.cnf"
    alternatives = [f"DNS:{name}" for name in names] + [f"IP:{address}" for address in addresses]
    extensions.write_text(
        f"subjectAltName={','.join(alternatives)}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
    )
    run(
        ["openssl", "x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-out", certificate,
         "-days", DAYS, "-extfile", extensions],
        OPENSSL_S,
    )
    return ca
