#include "cli/doctor/ownership.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace daybook::cli {

std::string user_name(uid_t user) {
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found != nullptr) return entry.pw_name;
  return std::to_string(user);
}

std::string mode_text(mode_t mode) {
  std::string digits;
  for (unsigned shift = 9; shift > 0; shift -= 3) digits += static_cast<char>('0' + (mode >> (shift - 3) & 7U));
  return "0" + digits;
}

bool is_open_to_others(mode_t mode) { return (mode & 077U) != 0; }

std::filesystem::path nearest_existing(const std::filesystem::path& path) {
  std::filesystem::path there = std::filesystem::absolute(path).lexically_normal();
  std::error_code unknown;
  while (!std::filesystem::exists(there, unknown) && there.has_parent_path() && there != there.parent_path()) {
    there = there.parent_path();
  }
  return there;
}

}  // namespace daybook::cli
