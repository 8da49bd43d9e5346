#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "eventstore/embedded/directory_lock.h"
#include "eventstore/embedded/embedded_log.h"
#include "eventstore/kafka/kafka_options.h"
#include "eventstore/log.h"

namespace daybook::cli {

/// Where the log of a data directory is kept.
struct LogChoice {
  bool is_on_kafka = false;
  std::filesystem::path high_water;  // of the embedded log; empty: beside it
  eventstore::KafkaOptions kafka{};
  std::string node_url;  // of one node of several on Kafka
};

/// What the last start of a server chose for this directory, as DIR/log/kafka.json has it; the embedded log where
/// there is none.
LogChoice last_choice(const std::filesystem::path& data);

/// The file with the mark of the embedded log.
std::filesystem::path high_water_of(const std::filesystem::path& data, const LogChoice& choice);

/// Why the directory does not go with that log, with the remedy: it belongs to another one. Nothing where it does.
std::optional<std::string> find_other_log(const std::filesystem::path& data, const LogChoice& choice);

/// The log of a data directory, and nobody else has it open meanwhile.
class OpenLog {
 public:
  using Warn = std::function<void(const std::string&)>;

  /// Throws LogDamaged, LogUnreachable, and std::runtime_error with the remedy: where another process has the directory
  /// open, where it belongs to another log than that, and where Kafka's topics are not as they must be.
  OpenLog(const std::filesystem::path& data, const LogChoice& choice, const Warn& warn);

  eventstore::Log& log() { return *log_; }
  /// None where the log is on Kafka.
  eventstore::EmbeddedLog* embedded() { return embedded_; }

 private:
  std::unique_ptr<eventstore::DirectoryLock> lock_;  // of a log on Kafka; the embedded one has its own
  std::unique_ptr<eventstore::Log> log_;
  eventstore::EmbeddedLog* embedded_ = nullptr;
};

}  // namespace daybook::cli
