// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "devicespage.h"

#include "comparedialog.h"
#include "linkdialog.h"
#include "synccontroller.h"

#include <QDateTime>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace {
enum Column { NameColumn, TrustColumn, SeenColumn, ColumnCount };

struct TrustName
{
    QLatin1StringView level;
    const char *text;
};

constexpr TrustName TrustNames[] = {
    {QLatin1StringView("undecided"), QT_TRANSLATE_NOOP("DevicesPage", "not decided")},
    {QLatin1StringView("automatically_distrusted"), QT_TRANSLATE_NOOP("DevicesPage", "waits for you")},
    {QLatin1StringView("manually_distrusted"), QT_TRANSLATE_NOOP("DevicesPage", "not trusted")},
    {QLatin1StringView("automatically_trusted"), QT_TRANSLATE_NOOP("DevicesPage", "trusted, not compared")},
    {QLatin1StringView("manually_trusted"), QT_TRANSLATE_NOOP("DevicesPage", "trusted by you")},
    {QLatin1StringView("authenticated"), QT_TRANSLATE_NOOP("DevicesPage", "compared and trusted")},
};

QString trustText(const QString &level)
{
    for (const TrustName &name : TrustNames) {
        if (level == name.level) {
            return DevicesPage::tr(name.text);
        }
    }
    return level;
}

QString lastSeen(const QJsonValue &milliseconds)
{
    const auto time = QDateTime::fromMSecsSinceEpoch(qint64(milliseconds.toDouble()));
    return milliseconds.isDouble() ? QLocale().toString(time, QLocale::ShortFormat) : DevicesPage::tr("never");
}

/// Eight groups of eight digits, in two lines: two people read them to each other.
QString inTwoLines(const QString &fingerprint)
{
    const QStringList groups = fingerprint.split(QLatin1Char(' '));
    const qsizetype half = groups.size() / 2;
    return groups.mid(0, half).join(QLatin1Char(' ')) + QLatin1Char('\n') + groups.mid(half).join(QLatin1Char(' '));
}
}

DevicesPage::DevicesPage(SyncController *controller, QWidget *parent)
    : Page(controller, parent)
    , m_tree(new QTreeWidget(this))
    , m_detail(wrappedLabel(this))
    , m_fingerprint(technicalLabel(this))
{
    m_tree->setObjectName(QStringLiteral("devices"));
    m_tree->setAccessibleName(tr("Devices"));
    m_tree->setHeaderLabels({tr("Device"), tr("Trust"), tr("Last seen")});
    m_tree->setRootIsDecorated(false);
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    m_fingerprint->setObjectName(QStringLiteral("fingerprint"));
    m_fingerprint->setAccessibleName(tr("Fingerprint"));

    auto *middle = new QHBoxLayout;
    middle->addWidget(m_tree, 1);
    middle->addLayout(buttons());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addLayout(middle, 1);
    layout->addWidget(m_detail);
    layout->addWidget(m_fingerprint);

    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &DevicesPage::showSelected);
    connect(controller, &SyncController::devicesChanged, this, &DevicesPage::showDevices);
    showDevices();
}

QLayout *DevicesPage::buttons()
{
    auto *column = new QVBoxLayout;
    const auto add = [&](const QString &text, const char *name, const QString &toolTip, void (DevicesPage::*slot)()) {
        auto *button = new QPushButton(text, this);
        button->setObjectName(QLatin1StringView(name));
        button->setToolTip(toolTip);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, slot);
        column->addWidget(button);
        return button;
    };
    m_compare = add(tr("&Compare emoji…"),
        "compare",
        tr("Be sure that the selected device is yours, in three clicks"),
        &DevicesPage::compare);
    m_trust = add(tr("&Trust…"), "trust", tr("Let the selected device read and change your bookmarks"), &DevicesPage::trust);
    m_distrust = add(tr("&Distrust"),
        "distrust",
        tr("Neither send anything to the selected device nor take anything from it"),
        &DevicesPage::distrust);
    m_rename = add(tr("Re&name…"), "rename", tr("Name this browser for your other devices"), &DevicesPage::rename);
    m_remove = add(tr("R&emove…"), "remove", tr("Take the selected device out of the list"), &DevicesPage::remove);
    column->addStretch(1);
    add(tr("&Show link…"), "show-link", tr("This browser's key as a QR code, for another device"), &DevicesPage::showLink);
    add(tr("&Paste link…"), "paste-link", tr("Trust what another device's link names"), &DevicesPage::readLink);
    return column;
}

void DevicesPage::showDevices()
{
    const QString kept = selected().value(QLatin1StringView("fingerprint")).toString();
    m_tree->clear();
    for (const QJsonValue &device : m_controller->devices()) {
        addItem(device.toObject(), kept);
    }
    if (m_tree->selectedItems().isEmpty() && m_tree->topLevelItemCount() > 0) {
        m_tree->setCurrentItem(m_tree->topLevelItem(0));
    }
    showSelected();
}

void DevicesPage::addItem(const QJsonObject &device, const QString &selected)
{
    const bool own = device.value(QLatin1StringView("this")).toBool();
    auto *item = new QTreeWidgetItem(m_tree);
    item->setText(NameColumn, nameOf(device));
    item->setText(TrustColumn, own ? tr("this browser") : trustText(device.value(QLatin1StringView("trust")).toString()));
    item->setText(SeenColumn, own ? tr("now") : lastSeen(device.value(QLatin1StringView("last_seen"))));
    item->setData(0, Qt::UserRole, device);
    if (!own && !device.value(QLatin1StringView("active")).toBool()) {
        item->setForeground(NameColumn, palette().brush(QPalette::Disabled, QPalette::Text));
        item->setText(TrustColumn, tr("%1; signed off").arg(item->text(TrustColumn)));
    }
    if (!selected.isEmpty() && selected == device.value(QLatin1StringView("fingerprint")).toString()) {
        m_tree->setCurrentItem(item);
    }
}

QString DevicesPage::nameOf(const QJsonObject &device) const
{
    QString name = device.value(QLatin1StringView("label")).toString();
    if (name.isEmpty()) {
        name = tr("Device %1").arg(qint64(device.value(QLatin1StringView("id")).toDouble()));
    }
    const QString address = device.value(QLatin1StringView("jid")).toString();
    return address == m_controller->configuration().account ? name : tr("%1 (%2)").arg(name, address);
}

void DevicesPage::showSelected()
{
    const QJsonObject device = selected();
    const QString fingerprint = device.value(QLatin1StringView("fingerprint")).toString();
    const QString level = device.value(QLatin1StringView("trust")).toString();
    const bool own = device.value(QLatin1StringView("this")).toBool();
    const bool other = !device.isEmpty() && !own;
    const bool ours = device.value(QLatin1StringView("jid")).toString() == m_controller->configuration().account;
    const bool active = device.value(QLatin1StringView("active")).toBool();
    m_detail->setText(
        device.isEmpty() ? tr("The devices are shown once you are signed in.") : tr("Fingerprint of %1:").arg(nameOf(device)));
    m_fingerprint->setText(fingerprint.isEmpty() ? tr("not known yet") : inTwoLines(fingerprint));
    m_fingerprint->setVisible(!device.isEmpty());
    m_trust->setEnabled(other && !fingerprint.isEmpty());
    m_distrust->setEnabled(other && !fingerprint.isEmpty() && level != QLatin1StringView("manually_distrusted"));
    m_compare->setEnabled(other && ours && active && device.value(QLatin1StringView("replica")).toBool());
    m_rename->setEnabled(own);
    m_remove->setEnabled(other);
}

QJsonObject DevicesPage::selected() const
{
    const QTreeWidgetItem *item = m_tree->selectedItems().value(0);
    return item ? item->data(0, Qt::UserRole).toJsonObject() : QJsonObject();
}

/// Comparing is what protects against a server that invents devices, so it is the first answer.
void DevicesPage::trust()
{
    const QJsonObject device = selected();
    auto *question = new QMessageBox(QMessageBox::Question,
        tr("Trust a device"),
        tr("Compare this fingerprint with the one that “%1” itself shows:").arg(nameOf(device)),
        QMessageBox::Cancel,
        this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setTextFormat(Qt::PlainText);
    question->setInformativeText(inTwoLines(device.value(QLatin1StringView("fingerprint")).toString()));
    QPushButton *compared = question->addButton(tr("They are the same"), QMessageBox::AcceptRole);
    compared->setObjectName(QStringLiteral("trust-compared"));
    compared->setToolTip(tr("From now on, new devices wait until you trust them"));
    QPushButton *unseen = question->addButton(tr("Trust without comparing"), QMessageBox::AcceptRole);
    unseen->setObjectName(QStringLiteral("trust-unseen"));
    connect(compared, &QPushButton::clicked, this, [this, device] { m_controller->setTrust(device, "authenticated"); });
    connect(unseen, &QPushButton::clicked, this, [this, device] { m_controller->setTrust(device, "manually_trusted"); });
    question->open();
}

void DevicesPage::distrust()
{
    m_controller->setTrust(selected(), "manually_distrusted");
}

void DevicesPage::compare()
{
    const QJsonObject device = selected();
    (new CompareDialog(m_controller, qint64(device.value(QLatin1StringView("id")).toDouble()), nameOf(device), this))->open();
}

void DevicesPage::rename()
{
    auto *question = new QInputDialog(this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setWindowTitle(tr("Rename this device"));
    question->setLabelText(tr("How your other devices name this browser:"));
    question->setTextValue(m_controller->configuration().effectiveLabel());
    connect(question, &QInputDialog::textValueSelected, this, [this](const QString &text) {
        Configuration configuration = m_controller->configuration();
        configuration.label = text.trimmed();
        m_controller->apply(configuration, {});
    });
    question->open();
}

void DevicesPage::remove()
{
    const QJsonObject device = selected();
    auto *question = new QMessageBox(QMessageBox::Warning,
        tr("Remove a device"),
        tr("“%1” gets nothing any more that your devices encrypt. Its own copy of the bookmarks stays where it is. If it is "
           "still "
           "in use, it comes back by itself: then distrust it instead.")
            .arg(nameOf(device)),
        QMessageBox::Cancel,
        this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setTextFormat(Qt::PlainText);
    QPushButton *yes = question->addButton(tr("Remove"), QMessageBox::AcceptRole);
    yes->setObjectName(QStringLiteral("really-remove"));
    connect(yes, &QPushButton::clicked, this, [this, device] {
        m_controller->perform({
            {QStringLiteral("type"), QStringLiteral("remove_device")},
            {QStringLiteral("jid"), device.value(QLatin1StringView("jid"))},
            {QStringLiteral("device"), device.value(QLatin1StringView("id"))},
        });
    });
    question->open();
}

void DevicesPage::showLink()
{
    (new LinkDialog(m_controller, this))->open();
}

void DevicesPage::readLink()
{
    auto *question = new QInputDialog(this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setWindowTitle(tr("Paste a link"));
    question->setLabelText(tr("The link (xmpp:…) that the other device shows, brought here by a way that you trust:"));
    connect(question, &QInputDialog::textValueSelected, this, [this](const QString &text) {
        m_controller->perform({
            {QStringLiteral("type"), QStringLiteral("trust_uri")},
            {QStringLiteral("uri"), text.trimmed()},
        });
    });
    question->open();
}
