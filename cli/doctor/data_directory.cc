#include "cli/doctor/data_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor/lock_holder.h"
#include "cli/doctor/open_files.h"
#include "cli/doctor/ownership.h"

namespace daybook::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kMostFiles = 10'000;  // that are looked at

const std::string kName = "data directory";

Check check_missing(const fs::path& data) {
  const fs::path above = nearest_existing(data);
  if (!fs::is_directory(above)) {
    return failure(kName, above.string() + " is no directory, so " + data.string() + " cannot be made",
                   "name another place with --data");
  }
  if (access(above.c_str(), W_OK | X_OK) == 0) {
    return ok(kName, data.string() + " is not there yet; the first start makes it");
  }
  const std::string user = user_name(geteuid());
  return failure(kName, user + " may not make " + data.string() + " in " + above.string(),
                 "sudo install -d -m 700 -o " + user + " " + data.string());
}

Check check_owner_and_mode(const fs::path& data, const struct stat& status) {
  const std::string owner = user_name(status.st_uid);
  if (geteuid() != 0 && status.st_uid != geteuid()) {
    return failure(kName, data.string() + " belongs to " + owner + ", and this is " + user_name(geteuid()),
                   "sudo -u " + owner + " daybook doctor");
  }
  if ((status.st_mode & S_IRWXU) != S_IRWXU) {
    return failure(kName, data.string() + " is closed to its own user (mode " + mode_text(status.st_mode) + ")",
                   "chmod 700 " + data.string());
  }
  if (is_open_to_others(status.st_mode)) {
    return warning(kName, data.string() + " is open to others than its user (mode " + mode_text(status.st_mode) + ")",
                   "chmod 700 " + data.string());
  }
  return ok(kName, data.string() + " is open to " + owner + " alone");
}

// What a command that was run as another user left behind.
std::optional<Check> find_strangers_file(const fs::path& data, uid_t owner) {
  std::error_code error;
  fs::recursive_directory_iterator entry(data, error);
  for (int seen = 0; !error && entry != fs::recursive_directory_iterator() && seen < kMostFiles; ++seen) {
    struct stat status{};
    if (lstat(entry->path().c_str(), &status) == 0 && status.st_uid != owner) {
      return failure(
          "owner of files",
          entry->path().string() + " belongs to " + user_name(status.st_uid) + " and not to " + user_name(owner),
          "sudo chown -R " + user_name(owner) + " " + data.string());
    }
    entry.increment(error);
  }
  return std::nullopt;
}

Check check_read_models(const fs::path& state, std::optional<long> holder) {
  const std::string name = "read models";
  if (fs::exists(state / "CURRENT")) return ok(name, "they are in " + state.string());
  if (holder && holds_deleted_files(*holder, state)) {
    return failure(name, state.string() + " was deleted under " + process_text(*holder) + ", which still has it open",
                   "stop that one and start it again; it makes them anew from the log");
  }
  return ok(name, "there are none yet; the next start makes them from the log");
}

}  // namespace

bool can_look_into(const fs::path& data) {
  struct stat status{};
  if (stat(data.c_str(), &status) != 0) return true;
  const bool is_its_user = geteuid() == 0 || status.st_uid == geteuid();
  return is_its_user && access(data.c_str(), R_OK | X_OK) == 0;
}

Checks check_data_directory(const fs::path& data, std::optional<long> holder) {
  struct stat status{};
  if (stat(data.c_str(), &status) != 0) return {check_missing(data)};
  if (!S_ISDIR(status.st_mode)) {
    return {failure(kName, data.string() + " is no directory", "name another place with --data")};
  }
  Checks checks{check_owner_and_mode(data, status)};
  if (!can_look_into(data)) return checks;
  if (auto strange = find_strangers_file(data, status.st_uid)) checks.push_back(std::move(*strange));
  checks.push_back(check_read_models(data / "state", holder));
  checks.push_back(ok("lock", holder ? process_text(*holder) + " has the data open" : "no process has the data open"));
  return checks;
}

}  // namespace daybook::cli
