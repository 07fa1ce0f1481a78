// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "names.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace {
constexpr std::array TRUST_LEVELS{
    std::pair{QXmpp::TrustLevel::Undecided, "undecided"_L1},
    std::pair{QXmpp::TrustLevel::AutomaticallyDistrusted, "automatically_distrusted"_L1},
    std::pair{QXmpp::TrustLevel::ManuallyDistrusted, "manually_distrusted"_L1},
    std::pair{QXmpp::TrustLevel::AutomaticallyTrusted, "automatically_trusted"_L1},
    std::pair{QXmpp::TrustLevel::ManuallyTrusted, "manually_trusted"_L1},
    std::pair{QXmpp::TrustLevel::Authenticated, "authenticated"_L1},
};
}

QString trustName(QXmpp::TrustLevel level)
{
    for (const auto &[value, name] : TRUST_LEVELS) {
        if (value == level) {
            return name;
        }
    }
    return {};
}

std::optional<QXmpp::TrustLevel> trustLevel(const QString &name)
{
    for (const auto &[value, known] : TRUST_LEVELS) {
        if (known == name) {
            return value;
        }
    }
    return {};
}

QString encryptionName(QXmpp::EncryptionMethod method)
{
    switch (method) {
    case QXmpp::NoEncryption:
        return u"none"_s;
    case QXmpp::Omemo0:
        return u"eu.siacs.conversations.axolotl"_s;
    case QXmpp::Omemo2:
        return u"urn:xmpp:omemo:2"_s;
    default:
        return u"other"_s;
    }
}
