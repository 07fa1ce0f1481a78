// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tabscollector.h"

#include "falkon/browserwindow.h"
#include "falkon/mainapplication.h"
#include "workmeter.h"

#include <QJsonObject>

namespace {
/// A page tells its address first and its title later.
constexpr int QuietMs = 1500;
/// The engine tells no more of an address or a title; a page made of one long address is not copied.
constexpr qsizetype LongestUrl = 4096;
constexpr qsizetype LongestTitle = 400;
}

TabsCollector::TabsCollector(QObject *parent)
    : QObject(parent)
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(QuietMs);
    connect(&m_quiet, &QTimer::timeout, this, &TabsCollector::collect);
    PluginProxy *plugins = MainApplication::instance()->plugins();
    connect(plugins, SIGNAL(mainWindowCreated(BrowserWindow *)), this, SLOT(watch(BrowserWindow *)));
    connect(plugins, SIGNAL(mainWindowDeleted(BrowserWindow *)), this, SLOT(lookSoon()));
    for (BrowserWindow *window : MainApplication::instance()->windows()) {
        watch(window);
    }
    lookSoon();
}

void TabsCollector::watch(BrowserWindow *window)
{
    connect(window->tabWidget(), SIGNAL(changed()), this, SLOT(lookSoon()), Qt::UniqueConnection);
    lookSoon();
}

void TabsCollector::lookSoon()
{
    // Not put off by what changes all the time.
    if (!m_quiet.isActive()) {
        m_quiet.start();
    }
}

void TabsCollector::collect()
{
    const WorkMeter::Entry entry("tabs");
    QJsonArray tabs;
    for (BrowserWindow *window : MainApplication::instance()->windows()) {
        for (WebTab *tab : window->tabWidget()->allTabs()) {
            connect(tab, SIGNAL(titleChanged(QString)), this, SLOT(lookSoon()), Qt::UniqueConnection);
            const QString url = tab->url().toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo);
            if (url.size() <= LongestUrl) {
                tabs.append(QJsonObject{
                    {QStringLiteral("url"), url},
                    {QStringLiteral("title"), tab->title().left(LongestTitle)},
                });
            }
        }
    }
    if (tabs != m_collected) {
        m_collected = tabs;
        Q_EMIT collected(tabs);
    }
}
