#include "cli/server_log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "model/json_writer.h"

namespace daybook::cli {

ServerLog::ServerLog(LogFormat format)
    : is_json_(format == LogFormat::kJson || (format == LogFormat::kAuto && !is_terminal(STDERR_FILENO))),
      logger_(std::make_shared<spdlog::logger>("daybook", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  const char* pattern =
      is_json_ ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%v})" : "%H:%M:%S.%e %l %v";
  logger_->set_pattern(pattern, is_json_ ? spdlog::pattern_time_type::utc : spdlog::pattern_time_type::local);
  logger_->flush_on(spdlog::level::info);
}

bool ServerLog::is_for_people() const { return !is_json_ && is_terminal(STDERR_FILENO); }

void ServerLog::info(const std::string& text) const { logger_->info(shown(text)); }
void ServerLog::warn(const std::string& text) const { logger_->warn(shown(text)); }
void ServerLog::error(const std::string& text) const { logger_->error(shown(text)); }

// One line, whatever the text holds.
std::string ServerLog::shown(const std::string& text) const {
  std::string out;
  if (is_json_) {
    model::append_json_string(out, text);
    return out;
  }
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return out;
}

}  // namespace daybook::cli
