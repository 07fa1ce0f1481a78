// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "devicetable.h"

#include "synccontroller.h"

#include <QDateTime>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace {
enum Column { NameColumn, TrustColumn, SeenColumn, FingerprintColumn, ColumnCount };
enum Role { AddressRole = Qt::UserRole, FingerprintRole, LevelRole, OwnRole };

struct TrustName
{
    QLatin1StringView level;
    const char *text;
};

constexpr TrustName TrustNames[] = {
    {QLatin1StringView("undecided"), QT_TRANSLATE_NOOP("DeviceTable", "not decided")},
    {QLatin1StringView("automatically_distrusted"), QT_TRANSLATE_NOOP("DeviceTable", "waits for you")},
    {QLatin1StringView("manually_distrusted"), QT_TRANSLATE_NOOP("DeviceTable", "not trusted")},
    {QLatin1StringView("automatically_trusted"), QT_TRANSLATE_NOOP("DeviceTable", "trusted, not compared")},
    {QLatin1StringView("manually_trusted"), QT_TRANSLATE_NOOP("DeviceTable", "trusted by you")},
    {QLatin1StringView("authenticated"), QT_TRANSLATE_NOOP("DeviceTable", "compared and trusted")},
};

QString trustText(const QString &level)
{
    for (const TrustName &name : TrustNames) {
        if (level == name.level) {
            return DeviceTable::tr(name.text);
        }
    }
    return level;
}

QString lastSeen(const QJsonValue &milliseconds)
{
    const auto time = QDateTime::fromMSecsSinceEpoch(qint64(milliseconds.toDouble()));
    return milliseconds.isDouble() ? QLocale().toString(time, QLocale::ShortFormat) : DeviceTable::tr("never");
}
}

DeviceTable::DeviceTable(SyncController *controller, QWidget *parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_tree(new QTreeWidget(this))
    , m_trust(new QPushButton(tr("Trust…"), this))
    , m_distrust(new QPushButton(tr("Distrust"), this))
{
    m_tree->setColumnCount(ColumnCount);
    m_tree->setHeaderLabels({tr("Device"), tr("Trust"), tr("Last seen"), tr("Fingerprint")});
    m_tree->setRootIsDecorated(false);
    m_tree->setUniformRowHeights(true);
    m_tree->setAccessibleName(tr("Devices"));
    m_trust->setToolTip(tr("Let the selected device read and change your bookmarks"));
    m_distrust->setToolTip(tr("Neither send anything to the selected device nor take anything from it"));

    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_trust);
    buttons->addWidget(m_distrust);
    buttons->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tree);
    layout->addLayout(buttons);

    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &DeviceTable::updateButtons);
    connect(m_trust, &QPushButton::clicked, this, &DeviceTable::trust);
    connect(m_distrust, &QPushButton::clicked, this, &DeviceTable::distrust);
    connect(controller, &SyncController::devicesChanged, this, &DeviceTable::refill);
    refill();
}

void DeviceTable::refill()
{
    const QString kept = selected() ? selected()->data(0, FingerprintRole).toString() : QString();
    m_tree->clear();
    for (const QJsonValue &device : m_controller->devices()) {
        const QString fingerprint = device[QLatin1StringView("fingerprint")].toString();
        const QString level = device[QLatin1StringView("trust")].toString();
        const bool own = device[QLatin1StringView("this")].toBool();
        const QString address = device[QLatin1StringView("jid")].toString();
        QString name = device[QLatin1StringView("label")].toString();
        if (name.isEmpty()) {
            name = tr("Device %1").arg(qint64(device[QLatin1StringView("id")].toDouble()));
        }
        if (address != m_controller->configuration().account) {
            name = tr("%1 (%2)").arg(name, address);
        }
        auto *item = new QTreeWidgetItem(m_tree);
        item->setText(NameColumn, name);
        item->setText(TrustColumn, own ? tr("this browser") : trustText(level));
        item->setText(SeenColumn, own ? QString() : lastSeen(device[QLatin1StringView("last_seen")]));
        item->setText(FingerprintColumn, fingerprint.isEmpty() ? tr("not known yet") : fingerprint);
        item->setFont(FingerprintColumn, QFontDatabase::systemFont(QFontDatabase::FixedFont));
        item->setDisabled(!device[QLatin1StringView("active")].toBool() && !own);
        item->setData(0, AddressRole, address);
        item->setData(0, FingerprintRole, fingerprint);
        item->setData(0, LevelRole, level);
        item->setData(0, OwnRole, own);
        item->setSelected(!kept.isEmpty() && fingerprint == kept);
    }
    for (int column = 0; column < ColumnCount; ++column) {
        m_tree->resizeColumnToContents(column);
    }
    updateButtons();
}

void DeviceTable::updateButtons()
{
    const QTreeWidgetItem *item = selected();
    const bool other = item && !item->data(0, OwnRole).toBool() && !item->data(0, FingerprintRole).toString().isEmpty();
    m_trust->setEnabled(other);
    m_distrust->setEnabled(other && item->data(0, LevelRole).toString() != QLatin1StringView("manually_distrusted"));
}

/// Comparing is what protects against a server that invents devices, so it is the first answer.
void DeviceTable::trust()
{
    const QTreeWidgetItem *item = selected();
    if (!item) {
        return;
    }
    auto *question = new QMessageBox(QMessageBox::Question,
        tr("Trust a device"),
        tr("Compare this fingerprint with the one that “%1” itself shows:").arg(item->text(NameColumn)),
        QMessageBox::Cancel,
        this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(item->data(0, FingerprintRole).toString());
    QPushButton *compared = question->addButton(tr("They are the same"), QMessageBox::AcceptRole);
    QPushButton *unseen = question->addButton(tr("Trust without comparing"), QMessageBox::AcceptRole);
    compared->setToolTip(tr("From now on, new devices wait until you trust them"));
    connect(compared, &QPushButton::clicked, this, [this] { setTrust(QStringLiteral("authenticated")); });
    connect(unseen, &QPushButton::clicked, this, [this] { setTrust(QStringLiteral("manually_trusted")); });
    question->open();
}

void DeviceTable::distrust()
{
    setTrust(QStringLiteral("manually_distrusted"));
}

QTreeWidgetItem *DeviceTable::selected() const
{
    return m_tree->selectedItems().value(0);
}

void DeviceTable::setTrust(const QString &level)
{
    if (const QTreeWidgetItem *item = selected()) {
        m_controller->setTrust(item->data(0, AddressRole).toString(), item->data(0, FingerprintRole).toString(), level);
    }
}
