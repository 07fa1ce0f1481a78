// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linkdialog.h"

#include "synccontroller.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QImage>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "bridge/src/ffi.cxxqt.h"

#include <cmath>

namespace {
/// Light modules around the code (ISO/IEC 18004, 6.3.8), without which readers do not find it.
constexpr int QuietZone = 4;
/// Pixels that are drawn for a module; scaled with the screen.
constexpr int ModulePixels = 4;

/// Dark on light in every palette: many readers want it so. Null if the text is too long for a code.
QPixmap qrCode(const QString &text, qreal ratio)
{
    const QByteArray bytes = text.toUtf8();
    const rust::Vec<std::uint8_t> modules = xmppsync::qrCode(rust::Str(bytes.constData(), std::size_t(bytes.size())));
    const int width = int(std::lround(std::sqrt(double(modules.size()))));
    if (width == 0) {
        return {};
    }
    QImage image(width + 2 * QuietZone, width + 2 * QuietZone, QImage::Format_Mono);
    image.setColorTable({qRgb(255, 255, 255), qRgb(0, 0, 0)});
    image.fill(0);
    for (int place = 0; place < width * width; ++place) {
        image.setPixel(QuietZone + place % width, QuietZone + place / width, modules[std::size_t(place)]);
    }
    const int side = int(std::lround(image.width() * ModulePixels * ratio));
    QPixmap pixmap = QPixmap::fromImage(image.scaled(side, side, Qt::KeepAspectRatio, Qt::FastTransformation));
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}
}

LinkDialog::LinkDialog(SyncController *controller, QWidget *parent)
    : QDialog(parent)
    , m_code(new QLabel(this))
    , m_link(new QLabel(this))
{
    setObjectName(QStringLiteral("XmppSyncLink"));
    setWindowTitle(tr("This device's link"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *text = new QLabel(tr("Scan this with another device, or paste the link there. It holds public keys only, but must not "
                               "be changed on its way."),
        this);
    text->setWordWrap(true);
    m_code->setAlignment(Qt::AlignCenter);
    m_code->setAccessibleName(tr("QR code of the link below"));
    m_link->setObjectName(QStringLiteral("link"));
    m_link->setWordWrap(true);
    m_link->setTextFormat(Qt::PlainText);
    m_link->setLayoutDirection(Qt::LeftToRight);
    m_link->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *copy = buttons->addButton(tr("&Copy link"), QDialogButtonBox::ActionRole);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_link->toolTip()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(m_code, 1);
    layout->addWidget(m_link);
    layout->addWidget(buttons);
    connect(controller, &SyncController::event, this, &LinkDialog::onEvent);
    controller->perform({{QStringLiteral("type"), QStringLiteral("own_uri")}});
}

void LinkDialog::onEvent(const QJsonObject &event)
{
    if (event.value(QLatin1StringView("type")) != QLatin1StringView("own_uri")) {
        return;
    }
    const QString link = event.value(QLatin1StringView("uri")).toString();
    m_link->setToolTip(link);
    // A link has no spaces to break at: places that are not seen.
    QString broken = link;
    for (qsizetype place = broken.size() - broken.size() % 40; place > 0; place -= 40) {
        broken.insert(place, QChar(0x200b));
    }
    m_link->setText(broken);
    const QPixmap code = qrCode(link, devicePixelRatio());
    if (code.isNull()) {
        m_code->setText(tr("The link is too long for a QR code."));
    } else {
        m_code->setPixmap(code);
    }
    adjustSize();
}
