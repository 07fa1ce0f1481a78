// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tabsmenu.h"

#include "devicename.h"
#include "falkon/browserwindow.h"
#include "falkon/mainapplication.h"
#include "falkon/webview.h"
#include "plaintext.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QLocale>
#include <QMenu>
#include <QUrl>

namespace {
/// More do not fit on a screen; the settings show all.
constexpr qsizetype MostEntries = 25;
constexpr int LongestEntry = 60;

QString entryText(const QJsonValue &tab)
{
    const QString title = tab[QLatin1StringView("title")].toString().simplified();
    QString text = title.isEmpty() ? tab[QLatin1StringView("url")].toString() : title;
    if (text.size() > LongestEntry) {
        text = text.left(LongestEntry) + QChar(0x2026);
    }
    // In a menu it would mark the next letter.
    return text.replace(QLatin1Char('&'), QLatin1String("&&"));
}
}

void TabsMenu::addTo(QMenu *menu, const QJsonArray &devices)
{
    if (devices.isEmpty()) {
        return;
    }
    QMenu *all = menu->addMenu(QIcon::fromTheme(QStringLiteral("tab-duplicate")), tr("Open on other devices"));
    for (const QJsonValue &device : devices) {
        QMenu *ofDevice = all->addMenu(nameOf(device).replace(QLatin1Char('&'), QLatin1String("&&")));
        const QJsonArray tabs = device[QLatin1StringView("tabs")].toArray();
        for (const QJsonValue &tab : tabs) {
            if (ofDevice->actions().size() == MostEntries) {
                break;
            }
            const QUrl url(tab[QLatin1StringView("url")].toString());
            QAction *action = ofDevice->addAction(entryText(tab));
            action->setToolTip(PlainText::toolTip(url.toDisplayString()));
            QObject::connect(action, &QAction::triggered, action, [url] { open(url); });
        }
        ofDevice->setToolTipsVisible(true);
    }
}

QString TabsMenu::nameOf(const QJsonValue &device)
{
    const auto at = QDateTime::fromMSecsSinceEpoch(qint64(device[QLatin1StringView("at")].toDouble()));
    return tr("%1, %2").arg(deviceName(device), QLocale().toString(at, QLocale::ShortFormat));
}

bool TabsMenu::isPage(const QUrl &url)
{
    return url.isValid() && (url.scheme() == QLatin1StringView("https") || url.scheme() == QLatin1StringView("http"));
}

void TabsMenu::open(const QUrl &url)
{
    if (isPage(url)) {
        MainApplication::instance()->addNewTab(url);
    }
}

void TabsMenu::openBehind(const QUrl &url)
{
    BrowserWindow *window = MainApplication::instance()->getWindow();
    TabbedWebView *front = window ? window->weView() : nullptr;
    if (!front || front->metaObject()->indexOfSlot("openUrlInBackgroundTab()") < 0) {
        open(url);
    } else if (isPage(url)) {
        // As Falkon's own menus do it.
        QAction action;
        action.setData(url);
        QObject::connect(&action, SIGNAL(triggered()), front, SLOT(openUrlInBackgroundTab()));
        action.trigger();
    }
}
