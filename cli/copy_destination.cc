#include "cli/copy_destination.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "cli/half_copy.h"

namespace daybook::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array kMadeByACopy{"keys.incoming", "operator.key", "blobs", "log", "log.high-water"};

// As far as it is there, by the names that its directories really have.
fs::path real_path(const fs::path& given) {
  const fs::path real = fs::weakly_canonical(fs::absolute(given));
  return real.has_filename() ? real : real.parent_path();
}

bool lies_in(const fs::path& inner, const fs::path& outer) {
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A copy may have broken off before it brought all of the key.
bool has_keys_of(const fs::path& source, const fs::path& to) {
  return contents(source / "keys" / "master.key").starts_with(contents(incoming_keys(to) / "master.key"));
}

}  // namespace

CopyDestination::CopyDestination(const fs::path& source, const fs::path& to)
    : source_(real_path(source)), path_(real_path(to)), is_half_copy_(find_half_copy(path_).has_value()) {
  if (lies_in(path_, source_) || lies_in(source_, path_)) {
    throw std::runtime_error(path_.string() + " and " + source_.string() +
                             " lie in one another; name a directory beside the data directory with --to");
  }
  if (fs::exists(path_ / "keys")) {
    throw std::runtime_error(path_.string() + " is a data directory already; name another one with --to");
  }
  // Of a half copy it is known whose log that is, and that it may be thrown away.
  if (!is_half_copy_ && fs::exists(path_ / "log")) {
    throw std::runtime_error(path_.string() + " holds a log already; name another directory with --to");
  }
  if (is_half_copy_ && !has_keys_of(source_, path_)) {
    throw std::runtime_error(path_.string() +
                             " is a copy of another log, which has not ended; name another directory with --to, or "
                             "delete this one if that copy is not wanted");
  }
  for (const char* name : kMadeByACopy) {
    if (fs::exists(path_ / name)) there_before_.insert(name);
  }
}

void CopyDestination::make() {
  for (fs::path missing = path_; !fs::exists(missing); missing = missing.parent_path()) made_.push_back(missing);
  fs::create_directories(path_);
  fs::permissions(path_, fs::perms::owner_all);
  fs::create_directories(incoming_keys(path_));
  fs::permissions(incoming_keys(path_), fs::perms::owner_all);
}

void CopyDestination::start_over() const {
  for (const char* name : kMadeByACopy) {
    if (path_ / name != incoming_keys(path_)) fs::remove_all(path_ / name);
  }
}

void CopyDestination::bring_files() const {
  constexpr auto kOver = fs::copy_options::recursive | fs::copy_options::overwrite_existing;
  for (const char* name : {"operator.key", "blobs"}) {
    if (fs::exists(source_ / name)) fs::copy(source_ / name, path_ / name, kOver);
  }
  fs::copy(source_ / "keys", incoming_keys(path_), kOver);
}

void CopyDestination::hand_over_keys() const { fs::rename(incoming_keys(path_), path_ / "keys"); }

// Why the copy was refused is what people are told, and not that something of it could not be removed.
void CopyDestination::take_back() const {
  if (is_kept_) return;
  std::error_code ignored;
  for (const char* name : kMadeByACopy) {
    if (!there_before_.contains(name)) fs::remove_all(path_ / name, ignored);
  }
  for (const fs::path& directory : made_) fs::remove(directory, ignored);
}

}  // namespace daybook::cli
