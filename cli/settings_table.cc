#include <array>

#include "cli/settings.h"

namespace daybook::cli {
namespace {

using Type = Setting::Type;

constexpr std::array<std::string_view, 3> kLogFormats{"auto", "json", "pretty"};
constexpr std::array<std::string_view, 3> kTlsModes{"required", "try", "off"};

constexpr std::uint64_t kKiB = 1 << 10;
constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kGiB = 1 << 30;

LogFormat log_format_named(const std::string& name) {
  if (name == "json") return LogFormat::kJson;
  return name == "pretty" ? LogFormat::kPretty : LogFormat::kAuto;
}

// What a value changes stands in its row, so that a setting cannot be forgotten anywhere.
constexpr std::array kTable{
    Setting{.name = "data",
            .group = "Server",
            .help = "Data directory; made when missing",
            .apply = [](const auto& value, auto& options) { options.node.data = value.text; }},
    Setting{.name = "listen",
            .group = "Server",
            .type = Type::kAddress,
            .fallback = "127.0.0.1:7400",
            .help = "Where to listen; port 0 takes a free one",
            .apply = [](const auto& value, auto& options) { set_listen(value.text, options.node); }},
    Setting{.name = "public_url",
            .group = "Server",
            .type = Type::kUrl,
            .help = "Where people reach this server, for links in mails; without it the address listened to",
            .apply = [](const auto& value, auto& options) { options.node.public_url = value.text; }},
    Setting{.name = "high_water",
            .group = "Server",
            .help = "File that detects a log rolled back, best on another volume; without it beside the log",
            .apply = [](const auto& value, auto& options) { options.node.high_water = value.text; }},
    Setting{.name = "threads",
            .group = "Server",
            .type = Type::kNumber,
            .fallback = "2",
            .least = 1,
            .most = 256,
            .help = "Threads that serve connections",
            .apply = [](const auto& value, auto& options) { options.node.http.threads = unsigned(value.number); }},
    Setting{.name = "cache_bytes",
            .group = "Server",
            .type = Type::kBytes,
            .fallback = "256MiB",
            .least = 8 * kMiB,
            .most = 1024 * kGiB,
            .help = "Memory for the read models' block cache",
            .apply = [](const auto& value, auto& options) { options.node.cache_bytes = value.number; }},
    Setting{.name = "log_format",
            .group = "Server",
            .type = Type::kChoice,
            .fallback = "auto",
            .choices = kLogFormats,
            .help = "Log lines; auto is pretty on a terminal and JSON elsewhere",
            .apply = [](const auto& value, auto& options) { options.log_format = log_format_named(value.text); }},

    Setting{.name = "smtp_url",
            .group = "Mail",
            .help = "smtp://[USER:PASSWORD@]HOST:PORT, or @FILE that holds it; without it mails stay queued",
            .is_secret = true,
            .apply = [](const auto& value, auto& options) { options.node.smtp_url = value.text; }},
    Setting{.name = "smtp_tls",
            .group = "Mail",
            .type = Type::kChoice,
            .fallback = "required",
            .choices = kTlsModes,
            .help = "TLS to the mail server; try is for one on this machine",
            .apply = [](const auto& value, auto& options) { options.node.smtp_tls = value.text; }},
    Setting{.name = "smtp_ca",
            .group = "Mail",
            .type = Type::kFile,
            .help = "PEM file of authorities to trust for the mail server; without it the system's",
            .apply = [](const auto& value, auto& options) { options.node.smtp_ca = value.text; }},
    Setting{.name = "smtp_retry",
            .group = "Mail",
            .type = Type::kNumber,
            .fallback = "5",
            .least = 1,
            .most = 600,
            .help = "Seconds before a mail is tried again; they double up to ten minutes",
            .apply = [](const auto& value,
                        auto& options) { options.node.smtp_retry = std::chrono::seconds(value.number); }},
    Setting{.name = "mail_from",
            .group = "Mail",
            .fallback = "daybook@localhost",
            .help = "Sender address of mails",
            .apply = [](const auto& value, auto& options) { options.node.mail_from = value.text; }},

    Setting{.name = "header_limit_bytes",
            .group = "HTTP limits",
            .type = Type::kBytes,
            .fallback = "16KiB",
            .least = 4 * kKiB,
            .most = kMiB,
            .help = "Longest head of a request",
            .apply = [](const auto& value, auto& options) { options.node.http.header_limit_bytes = value.number; }},
    Setting{.name = "body_limit_bytes",
            .group = "HTTP limits",
            .type = Type::kBytes,
            .fallback = "1MiB",
            .least = kKiB,
            .most = 64 * kMiB,
            .help = "Longest body of a request, files apart",
            .apply = [](const auto& value, auto& options) { options.node.http.body_limit_bytes = value.number; }},
    Setting{.name = "import_limit_bytes",
            .group = "HTTP limits",
            .type = Type::kBytes,
            .fallback = "1GiB",
            .least = kKiB,
            .most = 64 * kGiB,
            .help = "Largest file of an import",
            .apply = [](const auto& value, auto& options) { options.node.http.upload_limit_bytes = value.number; }},
    Setting{.name = "header_timeout_ms",
            .group = "HTTP limits",
            .type = Type::kNumber,
            .fallback = "10000",
            .least = 100,
            .most = 600'000,
            .help = "Time for a whole head of a request, in ms",
            .apply = [](const auto& value,
                        auto& options) { options.node.http.header_timeout_ms = unsigned(value.number); }},
    Setting{
        .name = "idle_timeout_ms",
        .group = "HTTP limits",
        .type = Type::kNumber,
        .fallback = "60000",
        .least = 100,
        .most = 3'600'000,
        .help = "Time between requests, and for each 16 KiB of a body, in ms",
        .apply = [](const auto& value, auto& options) { options.node.http.idle_timeout_ms = unsigned(value.number); }},
    Setting{.name = "max_connections",
            .group = "HTTP limits",
            .type = Type::kNumber,
            .fallback = "4096",
            .least = 1,
            .most = 1'000'000,
            .help = "Connections at once",
            .apply = [](const auto& value, auto& options) { options.node.http.max_connections = value.number; }},
    Setting{.name = "max_connections_per_address",
            .group = "HTTP limits",
            .type = Type::kNumber,
            .fallback = "512",
            .least = 1,
            .most = 1'000'000,
            .help = "Connections at once from one address",
            .apply = [](const auto& value,
                        auto& options) { options.node.http.max_connections_per_address = value.number; }},
};

}  // namespace

std::span<const Setting> all_settings() { return kTable; }

}  // namespace daybook::cli
