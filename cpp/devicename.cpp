// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "devicename.h"

#include <QCoreApplication>
#include <QJsonObject>

namespace {
class Text
{
    Q_DECLARE_TR_FUNCTIONS(DeviceName)
};
}

QString deviceName(const QJsonValue &of, QLatin1StringView number)
{
    const QString label = of[QLatin1StringView("label")].toString().simplified();
    return label.isEmpty() ? Text::tr("Device %1").arg(qint64(of[number].toDouble())) : label;
}
