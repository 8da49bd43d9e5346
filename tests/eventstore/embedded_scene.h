#pragma once

#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eventstore/embedded/embedded_log.h"

namespace daybook::eventstore::testing {

/// A place for one embedded log and its high-water mark, removed at the end.
class EmbeddedScene {
 public:
  EmbeddedScene();
  ~EmbeddedScene();
  EmbeddedScene(const EmbeddedScene&) = delete;
  EmbeddedScene& operator=(const EmbeddedScene&) = delete;

  std::filesystem::path root() const { return root_; }
  std::filesystem::path log_directory() const { return root_ / "log"; }
  std::filesystem::path mark_file() const { return root_ / "volume" / "mark"; }
  EmbeddedOptions options() const;

  /// The only file of the log with this extension.
  std::filesystem::path only_file(const std::string& extension) const;
  /// Removes the log's files and the mark and puts those of `other` in their place.
  void copy_from(const EmbeddedScene& other);

 private:
  std::filesystem::path root_;
};

/// Appends and waits for the fate.
Delivery append(Log& log, std::string record, std::vector<WrappedKey> keys = {});
/// Appends the numbers [from, to) as padded records, each with a key, and waits for all of them.
void append_numbers(Log& log, int from, int to);
/// Record and key number `number` of `append_numbers`.
std::string numbered_record(int number);
WrappedKey numbered_key(int number);
/// Whether the log holds at least the numbers [0, count), in order, and their keys.
bool holds_numbers(EmbeddedLog& log, int count);

}  // namespace daybook::eventstore::testing
