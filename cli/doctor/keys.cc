#include "cli/doctor/keys.h"

#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "cli/doctor/key_strength.h"
#include "cli/doctor/ownership.h"
#include "cli/half_copy.h"
#include "eventstore/keyring.h"
#include "eventstore/seal.h"

namespace daybook::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOperatorPrefix = "dbo_";
constexpr std::size_t kLeastOperatorSecret = 36;  // as a start wants it

// Where a start finds nothing, it makes its keys.
bool is_begun(const fs::path& data) {
  return fs::exists(data / "log" / "CURRENT") || fs::exists(data / "log" / "kafka.json");
}

// One of the secrets, and what mends it.
struct Secret {
  std::string name;
  fs::path file;
  std::string if_missing;
  std::string if_weak;  // or not whole
};

// What is wrong with the file itself; its text comes out where nothing is.
std::optional<Check> find_file_fault(const Secret& secret, std::string& text) {
  struct stat status{};
  if (stat(secret.file.c_str(), &status) != 0) {
    return failure(secret.name, secret.file.string() + " is missing", secret.if_missing);
  }
  if (!S_ISREG(status.st_mode)) return failure(secret.name, secret.file.string() + " is no file", secret.if_weak);
  if (is_open_to_others(status.st_mode)) {
    return failure(secret.name,
                   secret.file.string() + " is open to others than its user (mode " + mode_text(status.st_mode) + ")",
                   "chmod 600 " + secret.file.string());
  }
  std::ifstream in(secret.file, std::ios::binary);
  if (!in) {
    return failure(secret.name, secret.file.string() + " cannot be read",
                   "sudo -u " + user_name(status.st_uid) + " daybook doctor");
  }
  text.assign(std::istreambuf_iterator<char>(in), {});
  return std::nullopt;
}

Check check_key(const Secret& secret) {
  std::string key;
  if (auto fault = find_file_fault(secret, key)) return *fault;
  if (key.size() > eventstore::Key::kSize) {
    return failure(secret.name, secret.file.string() + " has " + std::to_string(key.size()) + " bytes and not 32",
                   secret.if_weak);
  }
  if (const auto weakness = weakness_of(key, eventstore::Key::kSize, SecretForm::kBytes)) {
    return failure(secret.name, secret.file.string() + " " + *weakness, secret.if_weak);
  }
  return ok(secret.name, secret.file.string() + " is whole, and for its user alone");
}

Check check_master_key(const Secret& secret, const std::optional<eventstore::WrappedKey>& wrapped, bool is_on_kafka) {
  Check check = check_key(secret);
  if (check.status != Status::kOk || !wrapped) return check;
  std::string bytes;
  if (auto fault = find_file_fault(secret, bytes)) return *fault;
  const auto key = eventstore::Key::from_bytes(bytes);
  if (key && eventstore::opens(*key, *wrapped)) return check;
  return failure(secret.name,
                 secret.file.string() + " is another master key than the one this log's keys were wrapped with",
                 secret.if_missing + (is_on_kafka ? "  # or from a node that serves this log" : ""));
}

Check check_operator_key(const Secret& secret) {
  if (!fs::exists(secret.file)) {
    return warning(secret.name, secret.file.string() + " is missing, and the next start makes another one",
                   secret.if_missing);
  }
  std::string text;
  if (auto fault = find_file_fault(secret, text)) return *fault;
  const std::string line = text.substr(0, text.find('\n'));
  if (!line.starts_with(kOperatorPrefix)) {
    return failure(secret.name, secret.file.string() + " does not begin with dbo_", secret.if_weak);
  }
  const auto weakness = weakness_of(line.substr(kOperatorPrefix.size()), kLeastOperatorSecret, SecretForm::kSpelled);
  if (weakness) return failure(secret.name, secret.file.string() + " " + *weakness, secret.if_weak);
  return ok(secret.name, secret.file.string() + " is whole, and for its user alone");
}

std::string from_backup(const fs::path& data, const std::string& file) {
  return "install -m 600 BACKUP/" + file + " " + (data / file).string();
}

Secret master_key(const fs::path& data, bool is_begun) {
  const std::string file = "keys/master.key";
  return {"master key", data / file, from_backup(data, file),
          is_begun ? from_backup(data, file) + "  # or, if the log was begun with this one, begin a new log"
                   : "rm " + (data / file).string() + "  # the first start makes a good one"};
}

Secret cursor_key(const fs::path& data) {
  const fs::path file = data / "keys" / "cursor.key";
  const std::string renewal = "head -c 32 /dev/urandom | install -m 600 /dev/stdin " + file.string() +
                              "  # readers begin their pages anew; several nodes need the same file";
  return {"cursor key", file, renewal, renewal};
}

Secret operator_key(const fs::path& data) {
  const std::string file = "operator.key";
  return {"operator key", data / file, from_backup(data, file),
          "rm " + (data / file).string() + "  # the next start makes another one; several nodes need the same file"};
}

// A directory that others may write to hands them the keys, whatever the files say.
std::optional<Check> find_open_directory(const fs::path& keys) {
  struct stat status{};
  if (stat(keys.c_str(), &status) != 0 || !is_open_to_others(status.st_mode)) return std::nullopt;
  return failure("keys", keys.string() + " is open to others than its user (mode " + mode_text(status.st_mode) + ")",
                 "chmod 700 " + keys.string());
}

}  // namespace

Checks check_keys(const fs::path& data, const std::optional<eventstore::WrappedKey>& wrapped) {
  if (const auto half = find_half_copy(data)) return {failure_of("keys", *half)};
  const bool begun = is_begun(data);
  if (!begun && !fs::exists(data / "keys") && !fs::exists(data / "operator.key")) {
    return {ok("keys", "there are none yet; the first start makes them")};
  }
  Checks checks;
  if (auto open = find_open_directory(data / "keys")) checks.push_back(std::move(*open));
  // A start that was broken off, or a copy for a new node, may have some of them: the next one makes the others.
  const auto is_yet_to_come = [&](const Secret& secret) { return !begun && !fs::exists(secret.file); };
  const auto add = [&](const Secret& secret, const auto& look) {
    checks.push_back(is_yet_to_come(secret) ? ok(secret.name, "there is none yet; the first start makes it")
                                            : look(secret));
  };
  add(master_key(data, begun),
      [&](const Secret& secret) { return check_master_key(secret, wrapped, !fs::exists(data / "log" / "CURRENT")); });
  add(cursor_key(data), check_key);
  add(operator_key(data), check_operator_key);
  return checks;
}

}  // namespace daybook::cli
