#include "cli/doctor/lock_holder.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

namespace daybook::cli {
namespace {

struct LockLine {
  std::string kind;
  long pid = 0;
  FileNumber file;
};

// Such as `2: FLOCK  ADVISORY  WRITE 3285 fe:00:9978001 0 EOF`; one that waits has `->` behind its number.
std::optional<LockLine> read_line(const std::string& text) {
  std::istringstream in(text);
  LockLine line;
  std::string number;
  std::string mode;
  std::string access;
  std::string file;
  if (!(in >> number >> line.kind >> mode >> access >> line.pid >> file)) return std::nullopt;
  unsigned long long inode = 0;
  if (std::sscanf(file.c_str(), "%x:%x:%llu", &line.file.major, &line.file.minor, &inode) != 3) return std::nullopt;
  line.file.inode = inode;
  return line;
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<long> number_in(const std::string& text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<long> flock_holder(std::string_view locks, const FileNumber& file, std::optional<long> recorded) {
  std::istringstream lines{std::string(locks)};
  for (std::string text; std::getline(lines, text);) {
    const auto line = read_line(text);
    if (!line || line->kind != "FLOCK" || line->file.inode != file.inode || line->pid <= 0) continue;
    const bool is_same_device = line->file.major == file.major && line->file.minor == file.minor;
    if (is_same_device || line->pid == recorded) return line->pid;
  }
  return std::nullopt;
}

std::optional<long> holder_of(const std::filesystem::path& data) {
  const std::filesystem::path file = data / "log" / "in-use";
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return flock_holder(contents("/proc/locks"), {major(status.st_dev), minor(status.st_dev), status.st_ino},
                      number_in(contents(file)));
}

std::string process_text(long pid) {
  std::string name = contents("/proc/" + std::to_string(pid) + "/comm");
  while (name.ends_with('\n')) name.pop_back();
  return "process " + std::to_string(pid) + (name.empty() ? "" : " (" + name + ")");
}

}  // namespace daybook::cli
