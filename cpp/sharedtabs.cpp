// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharedtabs.h"

#include <QJsonObject>

const QJsonArray &SharedTabs::elsewhere() const
{
    return m_elsewhere;
}

const QJsonArray &SharedTabs::sent() const
{
    return m_sent;
}

void SharedTabs::take(const QJsonObject &event)
{
    const QJsonValue type = event.value(QLatin1StringView("type"));
    if (type == QLatin1StringView("tabs")) {
        setElsewhere(event.value(QLatin1StringView("devices")).toArray());
    } else if (type == QLatin1StringView("sent_tabs")) {
        setSent(event.value(QLatin1StringView("sent")).toArray());
    }
}

void SharedTabs::clear()
{
    setElsewhere({});
    setSent({});
}

void SharedTabs::setElsewhere(const QJsonArray &devices)
{
    if (devices != m_elsewhere) {
        m_elsewhere = devices;
        Q_EMIT elsewhereChanged();
    }
}

void SharedTabs::setSent(const QJsonArray &sent)
{
    if (sent != m_sent) {
        m_sent = sent;
        Q_EMIT sentChanged();
    }
}
