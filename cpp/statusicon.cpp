// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "statusicon.h"

#include <QPainter>
#include <QPainterPath>

namespace {
/// The icon's edge, and the disc of the sign in its lower right corner, in pixels.
constexpr qreal Edge = 64;
constexpr QRectF Disc(30, 30, 34, 34);
constexpr qreal Stroke = 5;

QColor background(SyncHealth health)
{
    switch (health) {
    case SyncHealth::InSync:
        return QColor(0x1a, 0x7f, 0x37);
    case SyncHealth::Syncing:
    case SyncHealth::Connecting:
        return QColor(0x1d, 0x63, 0xb8);
    case SyncHealth::Held:
    case SyncHealth::NeedsYou:
        return QColor(0xb3, 0x36, 0x00);
    case SyncHealth::Off:
    case SyncHealth::Offline:
        break;
    }
    return QColor(0x5a, 0x5a, 0x5a);
}

/// In a square of 1 by 1.
QPainterPath sign(SyncHealth health)
{
    QPainterPath path;
    const auto line = [&path](QPointF from, QPointF to) {
        path.moveTo(from);
        path.lineTo(to);
    };
    switch (health) {
    case SyncHealth::InSync:
        path.moveTo(0.25, 0.52);
        path.lineTo(0.43, 0.70);
        path.lineTo(0.75, 0.32);
        break;
    case SyncHealth::Syncing:
        line({0.36, 0.75}, {0.36, 0.28});
        line({0.36, 0.28}, {0.22, 0.42});
        line({0.64, 0.25}, {0.64, 0.72});
        line({0.64, 0.72}, {0.78, 0.58});
        break;
    case SyncHealth::Connecting:
        for (const qreal x : {0.26, 0.5, 0.74}) {
            line({x, 0.5}, {x + 0.01, 0.5});
        }
        break;
    case SyncHealth::Held:
        line({0.38, 0.3}, {0.38, 0.7});
        line({0.62, 0.3}, {0.62, 0.7});
        break;
    case SyncHealth::NeedsYou:
        line({0.5, 0.22}, {0.5, 0.55});
        line({0.5, 0.76}, {0.51, 0.76});
        break;
    case SyncHealth::Offline:
        line({0.32, 0.32}, {0.68, 0.68});
        line({0.68, 0.32}, {0.32, 0.68});
        break;
    case SyncHealth::Off:
        line({0.28, 0.5}, {0.72, 0.5});
        break;
    }
    return path;
}
}

const char *healthName(SyncHealth health)
{
    constexpr const char *Names[] = {"off", "offline", "connecting", "syncing", "in_sync", "held", "needs_you"};
    static_assert(std::size(Names) == std::size_t(SyncHealth::NeedsYou) + 1);
    return Names[int(health)];
}

QIcon statusIcon(SyncHealth health)
{
    const QIcon plain(QStringLiteral(":/xmppsync/xmppsync-64.png"));
    const bool away = health == SyncHealth::Off || health == SyncHealth::Offline;
    QPixmap pixmap = plain.pixmap(QSize(int(Edge), int(Edge)), 1, away ? QIcon::Disabled : QIcon::Normal);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Qt::white, 2));
    painter.setBrush(background(health));
    painter.drawEllipse(Disc);
    painter.setBrush(Qt::NoBrush);
    painter.translate(Disc.topLeft());
    painter.scale(Disc.width(), Disc.height());
    painter.setPen(QPen(Qt::white, Stroke / Disc.width(), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(sign(health));
    painter.end();
    return pixmap;
}
