#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace daybook::cli {

/// The data directory that a log is copied into, while it is no data directory yet. What follows a log is brought there
/// beside it: operator.key, blobs and keys. The keys get their name last and at once: without them the directory is not
/// served (half_copy.h), so before the old log has ended nobody serves the copy.
class CopyDestination {
 public:
  /// Looks at the directory, and writes nothing. Throws std::runtime_error with the remedy where one of the two
  /// lies in the other, where it is a data directory already or holds a log, and where it is a half copy of another
  /// log.
  CopyDestination(const std::filesystem::path& source, const std::filesystem::path& to);

  /// Without symbolic links, and absolute: it holds for whoever reads it elsewhere, too.
  const std::filesystem::path& path() const { return path_; }
  /// An earlier copy of this log has not ended here.
  bool is_half_copy() const { return is_half_copy_; }

  /// From here on it is a half copy.
  void make();
  /// What an earlier copy brought goes, and its embedded log.
  void start_over() const;
  void bring_files() const;
  void hand_over_keys() const;
  /// What is there is worth keeping: the copy wrote records.
  void keep() { is_kept_ = true; }
  /// Takes away what this copy made, unless that is kept.
  void take_back() const;

 private:
  const std::filesystem::path source_;
  const std::filesystem::path path_;
  bool is_half_copy_ = false;
  bool is_kept_ = false;
  std::set<std::string> there_before_;         // names of what a copy makes
  std::vector<std::filesystem::path> made_{};  // directories, the innermost first
};

}  // namespace daybook::cli
