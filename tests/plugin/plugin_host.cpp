// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Loads the plugin as Falkon does, in a program that is no Falkon: the metadata must be right, and the plugin must refuse
// the unknown host in words instead of crashing it.

#include "falkon/plugininterface.h"

#include <QGuiApplication>
#include <QImage>
#include <QJsonObject>
#include <QPluginLoader>
#include <QTemporaryDir>

#include <cstdio>

namespace {
int failures = 0;

void check(bool good, const char *what)
{
    std::printf("%s %s\n", good ? "ok    " : "FAILED", what);
    failures += good ? 0 : 1;
}

QString lastWarning;

void keepWarning(QtMsgType, const QMessageLogContext &, const QString &text)
{
    lastWarning = text;
}

void checkMetadata(const QJsonObject &all, const QString &version)
{
    const QJsonObject metadata = all.value(QLatin1StringView("MetaData")).toObject();
    const auto value = [&metadata](const char *key) { return metadata.value(QLatin1StringView(key)).toString(); };
    check(all.value(QLatin1StringView("IID")).toString() == QLatin1StringView("Falkon.Browser.plugin.XmppSync"),
        "interface id of the metadata");
    check(value("Name") == QLatin1StringView("XmppSync"), "Name");
    check(!value("Comment").isEmpty() && !value("Comment[de]").isEmpty(), "Comment, also in German");
    check(!value("X-Falkon-Author").isEmpty() && value("X-Falkon-Email").contains(QLatin1Char('@')), "author and e-mail address");
    check(value("X-Falkon-Version") == version, "version is the project's");
    check(value("X-Falkon-Settings") == QLatin1StringView("true"), "has a settings button");
    const QString prefix = QStringLiteral("base64:");
    const QImage icon = QImage::fromData(QByteArray::fromBase64(value("Icon").mid(prefix.size()).toLatin1()), "PNG");
    check(value("Icon").startsWith(prefix) && icon.width() == 64 && icon.height() == 64, "icon is a 64 x 64 PNG");
}
}

int main(int argc, char **argv)
{
    const QGuiApplication application(argc, argv);
    if (argc != 3) {
        std::printf("usage: plugin_host PLUGIN VERSION\n");
        return 2;
    }
    QPluginLoader loader(QString::fromLocal8Bit(argv[1]));
    checkMetadata(loader.metaData(), QString::fromLatin1(argv[2]));

    auto *plugin = qobject_cast<PluginInterface *>(loader.instance());
    check(plugin != nullptr, "the plugin loads and has Falkon's interface 2.5");
    if (!plugin) {
        std::printf("%s\n", qUtf8Printable(loader.errorString()));
        return 1;
    }
    const QTemporaryDir settings;
    qInstallMessageHandler(keepWarning);
    plugin->init(PluginInterface::StartupInitState, settings.path());
    qInstallMessageHandler(nullptr);
    check(lastWarning.startsWith(QLatin1StringView("XmppSync is off: ")), "an unknown host is refused in words");
    check(!plugin->testPlugin(), "testPlugin() says no");
    plugin->unload();
    plugin->init(PluginInterface::LateInitState, settings.path());
    plugin->unload();
    plugin->unload();
    check(true, "init() and unload() can be called again");
    return failures == 0 ? 0 : 1;
}
