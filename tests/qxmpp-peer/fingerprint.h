// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

/**
 * The fingerprint that people compare (XEP-0384, section 8): the identity key in its Curve25519 form, as 8 groups of
 * 8 lowercase hex digits. QXmpp hands out the Ed25519 form alone.
 *
 * @param ed25519Key the identity key, 32 bytes
 * @return an empty string where the key has another length
 */
QString fingerprint(const QByteArray &ed25519Key);
