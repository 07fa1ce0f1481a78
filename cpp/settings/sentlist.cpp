// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sentlist.h"

#include "devicename.h"
#include "plaintext.h"
#include "sharedtabs.h"

#include <QDateTime>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>
#include <QLocale>

namespace {
enum Column { TitleColumn, TimeColumn, StateColumn };
/// In characters: the name of a device may be long.
constexpr int WidestState = 40;

QString stateText(const QJsonValue &sent)
{
    const QString state = sent[QLatin1StringView("state")].toString();
    const QString device = deviceName(sent);
    if (state == QLatin1StringView("opened")) {
        return SentList::tr("opened on “%1”").arg(device);
    }
    if (state == QLatin1StringView("expired")) {
        return SentList::tr("not opened on “%1” in 30 days").arg(device);
    }
    if (state == QLatin1StringView("sending")) {
        return SentList::tr("not sent yet");
    }
    return (state == QLatin1StringView("device_gone") ? SentList::tr("“%1” is gone") : SentList::tr("waits for “%1”"))
        .arg(device);
}

QString titleOf(const QJsonValue &tab)
{
    const QString title = tab[QLatin1StringView("title")].toString();
    return title.isEmpty() ? tab[QLatin1StringView("url")].toString() : title;
}
}

SentList::SentList(SharedTabs *tabs, QWidget *parent)
    : QTreeWidget(parent)
    , m_shared(tabs)
{
    setObjectName(QStringLiteral("sent-tabs"));
    setAccessibleName(tr("Sent from this browser"));
    setHeaderLabels({tr("Sent from this browser"), tr("Time"), tr("What became of it")});
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setSelectionMode(QAbstractItemView::SingleSelection);
    header()->setStretchLastSection(false);
    header()->setMaximumSectionSize(fontMetrics().averageCharWidth() * WidestState);
    header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    header()->setSectionResizeMode(TitleColumn, QHeaderView::Stretch);
    connect(tabs, &SharedTabs::sentChanged, this, &SentList::fill);
    fill();
}

void SentList::fill()
{
    clear();
    for (const QJsonValue &sent : m_shared->sent()) {
        const auto at = QDateTime::fromMSecsSinceEpoch(qint64(sent[QLatin1StringView("at")].toDouble()));
        const QJsonArray tabs = sent[QLatin1StringView("tabs")].toArray();
        QStringList addresses;
        for (const QJsonValue &tab : tabs) {
            addresses.append(tab[QLatin1StringView("url")].toString());
        }
        auto *item = new QTreeWidgetItem(this,
            {tabs.size() == 1 ? titleOf(tabs.first()) : tr("%n tab(s)", nullptr, int(tabs.size())),
                QLocale().toString(at, QLocale::ShortFormat),
                stateText(sent)});
        item->setToolTip(TitleColumn, PlainText::toolTip(addresses.join(QLatin1Char('\n'))));
        item->setToolTip(StateColumn, PlainText::toolTip(item->text(StateColumn)));
    }
}
