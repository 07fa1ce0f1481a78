// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "settingsdialog.h"

#include "devicetable.h"
#include "questionbox.h"
#include "synccontroller.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFontDatabase>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace {
QLabel *wrappedLabel(QWidget *parent, const QString &text = {})
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QString asAddress(const QString &text)
{
    QString address = text.trimmed();
    const QLatin1StringView scheme("xmpp:");
    return address.startsWith(scheme) ? address.mid(scheme.size()) : address;
}
}

SettingsDialog::SettingsDialog(SyncController *controller, QWidget *parent)
    : QDialog(parent)
    , m_controller(controller)
{
    setObjectName(QStringLiteral("XmppSyncSettings"));
    setWindowTitle(tr("XmppSync Settings"));
    setAttribute(Qt::WA_DeleteOnClose);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Apply | QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Apply)->setDefault(true);
    buttons->button(QDialogButtonBox::Apply)->setToolTip(tr("Keep these settings and sign in with them now"));
    connect(buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, this, &SettingsDialog::apply);
    connect(buttons, &QDialogButtonBox::rejected, this, &SettingsDialog::close);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(new QuestionBox(controller, this));
    layout->addWidget(accountGroup());
    layout->addWidget(advancedGroup());
    layout->addWidget(statusGroup());
    layout->addWidget(devicesGroup(), 1);
    layout->addWidget(buttons);
    resize(760, 760);

    connect(controller, &SyncController::statusChanged, this, &SettingsDialog::showStatus);
    connect(controller, &SyncController::devicesChanged, this, &SettingsDialog::showStatus);
    fill();
    showStatus();
}

QWidget *SettingsDialog::accountGroup()
{
    auto *group = new QGroupBox(tr("Account"), this);
    m_address = new QLineEdit(group);
    m_address->setPlaceholderText(tr("name@example.org"));
    m_password = new QLineEdit(group);
    m_password->setEchoMode(QLineEdit::Password);
    m_label = new QLineEdit(group);
    m_label->setToolTip(tr("How your other devices name this browser"));
    m_bookmarks = new QCheckBox(tr("Bookmarks"), group);
    auto *note = wrappedLabel(group, tr("The password is kept in a file that only your user can read."));
    note->setToolTip(m_controller->folder() + QStringLiteral("/password"));

    auto *form = new QFormLayout(group);
    form->addRow(tr("XMPP &address:"), m_address);
    form->addRow(tr("&Password:"), m_password);
    form->addRow(QString(), note);
    form->addRow(tr("&Name of this device:"), m_label);
    form->addRow(tr("Synchronise:"), m_bookmarks);
    return group;
}

QWidget *SettingsDialog::advancedGroup()
{
    m_advanced = new QGroupBox(tr("Choose the server by hand"), this);
    m_advanced->setCheckable(true);
    m_advanced->setToolTip(tr("Only for servers that cannot be found by the address alone"));
    m_server = new QLineEdit(m_advanced);
    m_server->setPlaceholderText(tr("host:port; empty: found by the address"));
    m_caFile = new QLineEdit(m_advanced);
    m_caFile->setPlaceholderText(tr("a PEM file; empty: the system's authorities"));
    auto *browse = new QPushButton(tr("Browse…"), m_advanced);
    connect(browse, &QPushButton::clicked, this, &SettingsDialog::browseForCa);

    auto *caRow = new QHBoxLayout;
    caRow->addWidget(m_caFile);
    caRow->addWidget(browse);
    auto *form = new QFormLayout(m_advanced);
    form->addRow(tr("&Server:"), m_server);
    // A row that is a layout has no mnemonic of its own.
    auto *caLabel = new QLabel(tr("&Certificate authority:"), m_advanced);
    caLabel->setBuddy(m_caFile);
    form->addRow(caLabel, caRow);
    return m_advanced;
}

QWidget *SettingsDialog::statusGroup()
{
    auto *group = new QGroupBox(tr("Status"), this);
    m_status = wrappedLabel(group);
    m_error = wrappedLabel(group);
    QFont bold = m_error->font();
    bold.setBold(true);
    m_error->setFont(bold);
    auto *layout = new QVBoxLayout(group);
    layout->addWidget(m_status);
    layout->addWidget(m_error);
    return group;
}

QWidget *SettingsDialog::devicesGroup()
{
    auto *group = new QGroupBox(tr("Devices"), this);
    m_fingerprint = wrappedLabel(group);
    m_fingerprint->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto *form = new QFormLayout;
    form->addRow(tr("Fingerprint of this device:"), m_fingerprint);
    auto *layout = new QVBoxLayout(group);
    layout->addLayout(form);
    layout->addWidget(new DeviceTable(m_controller, group), 1);
    return group;
}

void SettingsDialog::fill()
{
    const Configuration &configuration = m_controller->configuration();
    m_address->setText(configuration.account);
    m_password->setPlaceholderText(m_controller->hasPassword() ? tr("kept; enter it only to change it") : QString());
    m_label->setText(configuration.label);
    m_label->setPlaceholderText(configuration.effectiveLabel());
    m_bookmarks->setChecked(configuration.syncBookmarks);
    m_server->setText(configuration.connect);
    m_caFile->setText(configuration.caFile);
    m_advanced->setChecked(!configuration.connect.isEmpty() || !configuration.caFile.isEmpty());
}

void SettingsDialog::showStatus()
{
    m_status->setText(m_controller->statusText());
    const QString error = m_controller->lastError();
    m_error->setText(error);
    m_error->setVisible(!error.isEmpty());
    const QString fingerprint = m_controller->ownFingerprint();
    m_fingerprint->setText(fingerprint.isEmpty() ? tr("made at the first sign-in") : fingerprint);
}

void SettingsDialog::apply()
{
    Configuration configuration = m_controller->configuration();
    configuration.account = asAddress(m_address->text());
    configuration.label = m_label->text().trimmed();
    configuration.syncBookmarks = m_bookmarks->isChecked();
    configuration.connect = m_advanced->isChecked() ? m_server->text().trimmed() : QString();
    configuration.caFile = m_advanced->isChecked() ? m_caFile->text().trimmed() : QString();
    m_controller->apply(configuration, m_password->text());
    m_password->clear();
    fill();
    showStatus();
}

void SettingsDialog::browseForCa()
{
    auto *chooser =
        new QFileDialog(this, tr("Certificate authority"), QString(), tr("Certificates (*.pem *.crt *.cer);;All files (*)"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::ExistingFile);
    connect(chooser, &QFileDialog::fileSelected, m_caFile, &QLineEdit::setText);
    chooser->open();
}
