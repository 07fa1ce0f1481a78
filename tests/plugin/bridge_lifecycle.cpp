// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The bridge's whole life, offline, again and again: start, storms of messages both ways while objects are destroyed, and a
// stop that must return in time. Run by valgrind as well.

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include "bridge/src/ffi.cxxqt.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

namespace {
constexpr int StopLimitMs = 2000;
constexpr int LongestWaitMs = 30000;
int failures = 0;

void check(bool good, const char *what)
{
    std::printf("%s %s\n", good ? "ok    " : "FAILED", what);
    failures += good ? 0 : 1;
}

/// Counts what comes on the engine's thread.
class CountingSink : public xmppsync::MessageSink
{
public:
    void onMessage(rust::Slice<const std::uint8_t> json) const noexcept override
    {
        m_bytes += json.size();
        ++m_messages;
    }
    void applyEdits(std::uint64_t, std::uint64_t, rust::Slice<const xmppsync::HostEdit>) const noexcept override
    {
        ++m_batches;
    }

    mutable std::atomic<std::uint64_t> m_messages = 0;
    mutable std::atomic<std::uint64_t> m_bytes = 0;
    mutable std::atomic<std::uint64_t> m_batches = 0;
};

std::string configFor(const QString &folder)
{
    // Port 9 of the loopback address: nobody answers, so the engine is offline and keeps trying.
    return "{\"account\":\"romeo@localhost\",\"password\":\"secret\",\"label\":\"Lifecycle\",\"connect\":\"127.0.0.1:9\",\"state_"
           "dir\":\""
        + folder.toStdString() + "\"}";
}

rust::Vec<xmppsync::HostItem> treeOf(int count)
{
    rust::Vec<xmppsync::HostItem> items;
    for (int i = 0; i < count; ++i) {
        items.push_back({std::uint64_t(16 + i),
            2,
            xmppsync::ItemKind::Link,
            "Title " + std::to_string(i),
            "https://example.org/" + std::to_string(i),
            "",
            ""});
    }
    return items;
}

void runEventLoop(int milliseconds)
{
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < milliseconds) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    }
}

/// Whether \a call throws what Rust reports.
template <typename Call>
bool throws(Call call)
{
    try {
        call();
        return false;
    } catch (const rust::Error &) {
        return true;
    }
}

void badInput(const std::shared_ptr<CountingSink> &sink)
{
    check(throws([&] { xmppsync::init("no json", sink); }), "a configuration that is no JSON is refused");
    check(throws([&] {
        xmppsync::init("{\"account\":\"nobody\",\"password\":\"x\",\"label\":\"\",\"state_dir\":\"/nonexistent\"}", sink);
    }),
        "an address that is none is refused");
}

void oneLife(const QString &folder, const std::shared_ptr<CountingSink> &sink, int storms, int treeSize)
{
    rust::Box<xmppsync::Engine> engine = xmppsync::init(configFor(folder), sink);
    auto status = std::make_unique<xmppsync::SyncStatus>();
    int changes = 0;
    QObject::connect(status.get(), &xmppsync::SyncStatus::changed, status.get(), [&changes] { ++changes; }, Qt::QueuedConnection);
    xmppsync::watch(*engine, *status);
    // Every one of them is answered by at least one event.
    const std::string edit =
        R"({"type":"edit","id":"x","op":{"op":"add","parent":"menu","kind":"link","fields":{"url":"https://example.org/"}}})";
    const rust::Slice<const std::uint8_t> message(reinterpret_cast<const std::uint8_t *>(edit.data()), edit.size());
    for (int storm = 0; storm < storms; ++storm) {
        xmppsync::send(*engine, message);
        xmppsync::collect(*engine, std::uint64_t(storm + 1), treeOf(storm % treeSize));
        xmppsync::saved(*engine, std::uint64_t(storm + 1));
    }
    // Under valgrind the first event takes seconds.
    for (int waited = 0; waited < LongestWaitMs && (changes == 0 || sink->m_messages < std::uint64_t(storms)); waited += 50) {
        runEventLoop(50);
    }
    check(changes > 0, "the status object followed the engine");
    check(throws([&] { xmppsync::send(*engine, rust::Slice<const std::uint8_t>()); }), "an empty command is refused");

    // The object goes while the engine is at work.
    for (int storm = 0; storm < storms; ++storm) {
        xmppsync::collect(*engine, std::uint64_t(storms + storm + 1), treeOf((storm + 1) % treeSize));
    }
    status.reset();
    runEventLoop(50);

    QElapsedTimer clock;
    clock.start();
    const bool stopped = xmppsync::shutdown(*engine, StopLimitMs);
    const qint64 took = clock.elapsed();
    std::printf("       stop took %lld ms\n", static_cast<long long>(took));
    check(stopped && took <= StopLimitMs, "the engine stops in time while offline");
    check(xmppsync::shutdown(*engine, StopLimitMs), "stopping again does nothing");
    check(throws([&] { xmppsync::collect(*engine, 1, treeOf(1)); }), "a stopped engine says so");
    const std::uint64_t messages = sink->m_messages;
    runEventLoop(50);
    check(messages == sink->m_messages, "nothing comes after the stop");
}

/// Destroys status objects while thousands of closures for them wait in this thread's queue, and more are being queued.
void destroyUnderClosures(const QString &folder, const std::shared_ptr<CountingSink> &sink, int rounds)
{
    constexpr int Closures = 5000;
    rust::Box<xmppsync::Engine> engine = xmppsync::init(configFor(folder), sink);
    int changes = 0;
    const auto follow = [&] {
        auto status = std::make_unique<xmppsync::SyncStatus>();
        // Direct: counted where the closure runs.
        QObject::connect(
            status.get(), &xmppsync::SyncStatus::changed, status.get(), [&changes] { ++changes; }, Qt::DirectConnection);
        xmppsync::watch(*engine, *status);
        return status;
    };
    const auto storm = [&](int waitMs) {
        xmppsync::repeatStatus(*engine, Closures);
        std::this_thread::sleep_for(std::chrono::milliseconds(waitMs));
    };

    // How many wait after a time in which this thread does not look (valgrind needs more) is shown by letting them run.
    auto status = follow();
    storm(rounds < 10 ? 5000 : 1000);
    QCoreApplication::processEvents();
    std::printf("       %d closures were queued\n", changes);
    check(changes >= Closures / 2, "thousands of closures wait for the status object");

    runEventLoop(200);
    changes = 0;
    storm(rounds < 10 ? 5000 : 1000);
    status.reset();
    runEventLoop(50);
    check(changes == 0, "none of them runs once the object is gone");

    // While they are being queued: at once, and somewhat later in each round.
    for (int round = 0; round < rounds; ++round) {
        status = follow();
        storm(round % 10);
        status.reset();
        changes = 0;
        runEventLoop(5);
        check(changes == 0, "nor where more are being queued");
    }
    check(xmppsync::shutdown(*engine, StopLimitMs), "the engine stops in time after that");
}
}

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const bool slow = argc > 1 && std::string(argv[1]) == "--slow";
    const QTemporaryDir folder;
    const auto sink = std::make_shared<CountingSink>();
    badInput(sink);
    for (int life = 0; life < (slow ? 2 : 5); ++life) {
        oneLife(folder.path(), sink, slow ? 30 : 400, slow ? 20 : 100);
    }
    destroyUnderClosures(folder.path(), sink, slow ? 5 : 50);
    check(sink->m_messages > 0, "messages came");
    std::printf("%llu messages, %llu bytes\n",
        static_cast<unsigned long long>(sink->m_messages),
        static_cast<unsigned long long>(sink->m_bytes));
    return failures == 0 ? 0 : 1;
}
