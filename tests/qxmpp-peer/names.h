// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <QXmppGlobal.h>
#include <QXmppTrustLevel.h>

#include <optional>

/** The name of a trust level in JSON, such as `automatically_trusted`. */
QString trustName(QXmpp::TrustLevel level);

/** The trust level of that name. */
std::optional<QXmpp::TrustLevel> trustLevel(const QString &name);

/** The XML namespace of an encryption, or `none`, or `other`. */
QString encryptionName(QXmpp::EncryptionMethod method);
