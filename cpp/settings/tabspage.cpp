// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tabspage.h"

#include "configuration.h"
#include "plaintext.h"
#include "sentlist.h"
#include "sharedtabs.h"
#include "synccontroller.h"
#include "tabsmenu.h"

#include <QCheckBox>
#include <QGroupBox>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QUrl>
#include <QVBoxLayout>

namespace {
enum Column { TitleColumn, AddressColumn };
}

TabsPage::TabsPage(SyncController *controller, QWidget *parent)
    : Page(controller, parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(openGroup(), 3);
    layout->addWidget(sentGroup(), 2);
    connect(m_share, &QCheckBox::clicked, this, &Page::edited);
    connect(m_take, &QCheckBox::clicked, this, &Page::edited);
    connect(m_tabs, &QTreeWidget::itemActivated, this, &TabsPage::openSelected);
    connect(m_tabs, &QTreeWidget::itemSelectionChanged, this, [this] { m_open->setEnabled(!m_tabs->selectedItems().isEmpty()); });
    connect(m_open, &QPushButton::clicked, this, &TabsPage::openSelected);
    connect(controller->tabs(), &SharedTabs::elsewhereChanged, this, &TabsPage::showTabs);
    showTabs();
}

QWidget *TabsPage::openGroup()
{
    auto *group = new QGroupBox(tr("Shared tabs"), this);
    m_share = new QCheckBox(tr("&Show what is open in this browser on my other devices"), group);
    m_share->setObjectName(QStringLiteral("share-tabs"));
    m_tabs = new QTreeWidget(group);
    m_tabs->setObjectName(QStringLiteral("tabs"));
    m_tabs->setAccessibleName(tr("Open on other devices"));
    m_tabs->setHeaderLabels({tr("Title"), tr("Address")});
    m_tabs->setUniformRowHeights(true);
    m_tabs->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tabs->header()->setSectionResizeMode(TitleColumn, QHeaderView::Stretch);
    m_tabs->header()->setSectionResizeMode(AddressColumn, QHeaderView::Stretch);
    fitList(m_tabs);
    m_summary = wrappedLabel(group);
    m_summary->setObjectName(QStringLiteral("tabs-summary"));
    m_open = new QPushButton(tr("&Open here"), group);
    m_open->setObjectName(QStringLiteral("open-tab"));
    m_open->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->addWidget(m_summary, 1);
    row->addWidget(m_open);
    auto *layout = new QVBoxLayout(group);
    layout->addWidget(m_share);
    layout->addWidget(wrappedLabel(group,
        tr("Addresses and titles of pages of the web, encrypted for your devices; never those of private windows. "
           "When this is turned off, they are taken back.")));
    layout->addWidget(m_tabs, 1);
    layout->addLayout(row);
    return group;
}

QWidget *TabsPage::sentGroup()
{
    auto *group = new QGroupBox(tr("Sent tabs"), this);
    m_take = new QCheckBox(tr("Open tabs that my other devices sen&d to this browser"), group);
    m_take->setObjectName(QStringLiteral("take-tabs"));
    auto *sent = new SentList(m_controller->tabs(), group);
    fitList(sent);
    auto *layout = new QVBoxLayout(group);
    layout->addWidget(m_take);
    layout->addWidget(wrappedLabel(
        group, tr("A page or a link is sent by its context menu. It waits up to 30 days for a device that is off.")));
    layout->addWidget(sent, 1);
    return group;
}

void TabsPage::fill()
{
    m_share->setChecked(m_controller->configuration().shareTabs);
    m_take->setChecked(m_controller->configuration().takeTabs);
}

void TabsPage::store(Configuration &configuration) const
{
    configuration.shareTabs = m_share->isChecked();
    configuration.takeTabs = m_take->isChecked();
}

void TabsPage::showTabs()
{
    m_tabs->clear();
    for (const QJsonValue &device : m_controller->tabs()->elsewhere()) {
        auto *group = new QTreeWidgetItem(m_tabs, {TabsMenu::nameOf(device)});
        group->setFirstColumnSpanned(true);
        group->setFlags(Qt::ItemIsEnabled);
        for (const QJsonValue &tab : device[QLatin1StringView("tabs")].toArray()) {
            const QString url = tab[QLatin1StringView("url")].toString();
            auto *item = new QTreeWidgetItem(group, {tab[QLatin1StringView("title")].toString(), url});
            item->setToolTip(AddressColumn, PlainText::toolTip(url));
        }
        const qint64 leftOut = qint64(device[QLatin1StringView("left_out")].toDouble());
        if (leftOut > 0) {
            auto *more = new QTreeWidgetItem(group, {tr("More tabs that are not shown: %1").arg(leftOut)});
            more->setFlags(Qt::ItemIsEnabled);
        }
        group->setExpanded(true);
    }
    m_open->setEnabled(false);
    m_summary->setText(m_tabs->topLevelItemCount() == 0 ? tr("None of your other devices shows what is open there.")
                                                        : tr("Choose tabs to open them in this browser."));
}

void TabsPage::openSelected()
{
    for (const QTreeWidgetItem *item : m_tabs->selectedItems()) {
        TabsMenu::open(QUrl(item->text(AddressColumn)));
    }
}
