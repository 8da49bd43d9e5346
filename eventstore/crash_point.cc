#include "eventstore/crash_point.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace daybook::eventstore {
namespace {

constexpr std::array<std::string_view, 4> kNames{"upload", "part", "commit", "slice"};  // in the order of CrashPoint

// What the environment asks for, read once.
class Wish {
 public:
  Wish() {
    const char* set = std::getenv("DAYBOOK_CRASH_AT");  // NOLINT(concurrency-mt-unsafe)
    if (set == nullptr) return;
    const std::string_view text(set);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return;
    std::uint64_t passes = 0;
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), passes);
    name_ = text.substr(0, colon);
    passes_left_ = passes;
  }

  void pass(CrashPoint point) {
    if (name_.empty() || name_ != kNames[static_cast<std::size_t>(point)]) return;
    if (passes_left_.fetch_sub(1) == 1) kill(getpid(), SIGKILL);
  }

 private:
  std::string_view name_;
  std::atomic<std::uint64_t> passes_left_ = 0;
};

}  // namespace

void pass(CrashPoint point) {
  static Wish wish;
  wish.pass(point);
}

}  // namespace daybook::eventstore
