// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "settingsdialog.h"

#include "questionbox.h"
#include "settings/accountpage.h"
#include "settings/activitypage.h"
#include "settings/devicespage.h"
#include "settings/historypage.h"
#include "settings/syncpage.h"
#include "settings/tabspage.h"
#include "synccontroller.h"
#include "workmeter.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace {
constexpr QSize Comfortable(860, 640);
/// What the window's frame and a panel take of the screen.
constexpr QSize Around(40, 80);
}

SettingsDialog::SettingsDialog(SyncController *controller, QWidget *parent)
    : QDialog(parent)
    , m_controller(controller)
    , m_list(new QListWidget(this))
    , m_stack(new QStackedWidget(this))
    , m_refusal(new QLabel(this))
{
    setObjectName(QStringLiteral("XmppSyncSettings"));
    setWindowTitle(tr("XmppSync Settings"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_list->setObjectName(QStringLiteral("pages"));
    m_list->setAccessibleName(tr("Pages"));
    m_refusal->setObjectName(QStringLiteral("refusal"));
    m_refusal->setWordWrap(true);
    m_refusal->setTextFormat(Qt::PlainText);
    m_refusal->setVisible(false);

    addPage([this] { return new AccountPage(m_controller, this); }, QLatin1StringView("account"), tr("Account"), "user-identity");
    addPage(
        [this] { return new SyncPage(m_controller, this); }, QLatin1StringView("synchronize"), tr("Synchronize"), "view-refresh");
    addPage([this] { return new TabsPage(m_controller, this); }, QLatin1StringView("tabs"), tr("Tabs"), "tab-duplicate");
    addPage([this] { return new DevicesPage(m_controller, this); }, QLatin1StringView("devices"), tr("Devices"), "computer");
    addPage(
        [this] { return new ActivityPage(m_controller, this); }, QLatin1StringView("activity"), tr("Activity"), "view-list-text");
    addPage([this] { return new HistoryPage(m_controller, this); }, QLatin1StringView("history"), tr("History"), "view-history");
    m_list->setFixedWidth(m_list->sizeHintForColumn(0) + 2 * m_list->frameWidth() + m_list->fontMetrics().averageCharWidth() * 3);
    connect(m_list, &QListWidget::currentRowChanged, this, &SettingsDialog::showRow);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Apply | QDialogButtonBox::Close, this);
    m_apply = buttons->button(QDialogButtonBox::Apply);
    m_apply->setObjectName(QStringLiteral("apply"));
    m_apply->setDefault(true);
    m_apply->setToolTip(tr("Keep these settings and sign in with them now"));
    connect(m_apply, &QPushButton::clicked, this, &SettingsDialog::apply);
    connect(buttons, &QDialogButtonBox::rejected, this, &SettingsDialog::close);

    auto *middle = new QHBoxLayout;
    middle->addWidget(m_list);
    middle->addWidget(m_stack, 1);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(new QuestionBox(controller, this));
    layout->addLayout(middle, 1);
    layout->addWidget(m_refusal);
    layout->addWidget(buttons);
    resize(Comfortable.boundedTo(screen()->availableSize() - Around));
    connect(controller, &SyncController::statusChanged, this, [this] {
        // What failed may be tried again as it is.
        m_apply->setEnabled(m_apply->isEnabled() || !m_controller->isOnline());
    });
    // With an account that has yet to be set up, or a password that was refused, the same again is a wish as well.
    m_apply->setEnabled(!m_controller->isOnline());
    m_list->setCurrentRow(0);
    m_list->setFocus();
}

void SettingsDialog::showPage(QLatin1StringView name)
{
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->data(Qt::UserRole).toString() == name) {
            m_list->setCurrentRow(row);
        }
    }
}

void SettingsDialog::addPage(const PageMaker &make, QLatin1StringView name, const QString &title, const char *icon)
{
    auto *item = new QListWidgetItem(QIcon::fromTheme(QLatin1StringView(icon)), title, m_list);
    item->setData(Qt::UserRole, QString(name));
    // A small screen, or large letters, must hide nothing.
    auto *area = new QScrollArea(m_stack);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    m_stack->addWidget(area);
    m_makers.append(make);
}

void SettingsDialog::showRow(int row)
{
    const WorkMeter::Entry entry("settings page");
    auto *area = qobject_cast<QScrollArea *>(m_stack->widget(row));
    if (area && !area->widget()) {
        Page *page = m_makers.at(row)();
        page->setObjectName(QStringLiteral("page-") + m_list->item(row)->data(Qt::UserRole).toString());
        page->setAccessibleName(m_list->item(row)->text());
        connect(page, &Page::edited, this, [this] { m_apply->setEnabled(true); });
        m_pages.append(page);
        page->fill();
        area->setWidget(page);
        page->show();
    }
    m_stack->setCurrentIndex(row);
}

void SettingsDialog::fill()
{
    for (Page *page : std::as_const(m_pages)) {
        page->fill();
    }
    m_apply->setEnabled(!m_controller->isOnline());
}

void SettingsDialog::apply()
{
    Configuration configuration = m_controller->configuration();
    QString password;
    for (const Page *page : std::as_const(m_pages)) {
        page->store(configuration);
        password += page->password();
    }
    const QString refusal = m_controller->apply(configuration, password);
    m_refusal->setText(refusal);
    m_refusal->setVisible(!refusal.isEmpty());
    if (refusal.isEmpty()) {
        fill();
    }
}
