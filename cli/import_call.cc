#include "cli/import_call.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "api/credential.h"
#include "cli/exit_codes.h"
#include "cli/interrupts.h"
#include "cli/problem_text.h"
#include "cli/progress.h"

namespace daybook::cli {
namespace {

using nlohmann::json;

constexpr unsigned kAttempts = 6;
constexpr std::chrono::seconds kLongestPause{10};
constexpr std::chrono::milliseconds kBetweenPolls{200};
constexpr unsigned kPollsLost = 30;  // in a row, a second apart

// A file that can be read by position: the one that is named, or a copy of standard input without a name.
class InputFile {
 public:
  explicit InputFile(const std::string& name) {
    if (name == "-") {
      copy_standard_input();
    } else {
      descriptor_ = open(name.c_str(), O_RDONLY | O_CLOEXEC);
    }
    struct stat found{};
    const bool is_file = descriptor_ >= 0 && fstat(descriptor_, &found) == 0 && S_ISREG(found.st_mode);
    if (!is_file) throw UsageError(name + " is no file that can be read; check its name and permissions");
    bytes_ = static_cast<std::uint64_t>(found.st_size);
  }
  ~InputFile() {
    if (copy_ == nullptr && descriptor_ >= 0) close(descriptor_);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  int descriptor() const { return descriptor_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  void copy_standard_input() {
    copy_.reset(std::tmpfile());
    if (!copy_)
      throw std::runtime_error("cannot copy standard input to a temporary file; see TMPDIR and its free space");
    std::array<char, 65536> chunk{};
    while (const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), stdin)) {
      if (std::fwrite(chunk.data(), 1, got, copy_.get()) != got) break;
    }
    if (std::ferror(stdin) != 0 || std::fflush(copy_.get()) != 0 || std::ferror(copy_.get()) != 0) {
      throw std::runtime_error("cannot copy standard input to a temporary file; see its free space");
    }
    descriptor_ = fileno(copy_.get());
  }

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> copy_{nullptr, std::fclose};
  int descriptor_ = -1;
  std::uint64_t bytes_ = 0;
};

// A refusal that time heals: nothing was done, or the first attempt is still running.
bool is_temporary(const HttpAnswer& answer) {
  return answer.status == 503 ||
         (answer.status == 409 && answer.body.find("\"request_in_progress\"") != std::string::npos);
}

// Retry-After within bounds, else one, two, four seconds and so on.
std::chrono::seconds pause_before(unsigned attempt, const std::string& retry_after) {
  unsigned seconds = 1U << std::min(attempt - 1, 4U);
  std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), seconds);
  return std::min(std::chrono::seconds(seconds), kLongestPause);
}

class ImportCall {
 public:
  ImportCall(const ImportWish& wish, const HttpClient& client)
      : wish_(wish),
        client_(client),
        key_(wish.idempotency_key.empty() ? api::random_secret() : wish.idempotency_key) {}

  ImportEnd run() {
    const HttpAnswer answer = upload();
    const std::string& body = accepted(answer);
    if (wish_.is_dry_run) return {body, true};
    const std::string id = json::parse(body).at("id");
    return {wait_for_end(id, body), false};
  }

 private:
  HttpAnswer upload() const {
    const InputFile input(wish_.file);
    for (unsigned attempt = 1;; ++attempt) {
      std::string retry_after;
      try {
        const HttpAnswer answer = upload_once(input);
        if (!is_temporary(answer) || attempt == kAttempts) return answer;
        retry_after = answer.header("retry-after");
      } catch (const NotReachable& lost) {
        const bool may_be_there = lost.was_connected() || attempt > 1;
        if (!may_be_there) throw;
        if (attempt == kAttempts) throw NotReachable(std::string(lost.what()) + how_to_repeat(), true);
      }
      std::this_thread::sleep_for(pause_before(attempt, retry_after));
    }
  }

  HttpAnswer upload_once(const InputFile& input) const {
    Progress progress("uploading", {.is_quiet = wish_.client.is_quiet, .unit = Progress::Unit::kBytes, .line = {}});
    std::string path = "/v1/imports?kind=" + wish_.kind + (wish_.is_dry_run ? "&dry_run=true" : "&commit=true");
    if (!wish_.options.empty()) path += "&options=" + escape_query(wish_.options);
    return client_.upload(
        path,
        {input.descriptor(), input.bytes(), "text/csv", [&](std::uint64_t sent) { progress.at(sent, input.bytes()); }},
        {"Idempotency-Key: " + key_});
  }

  std::string how_to_repeat() const {
    return wish_.is_dry_run ? ""
                            : ". Whether it was imported is unknown: run the same command with --idempotency-key " +
                                  key_ + ", and nothing is imported twice";
  }

  // The rows go in while we look; a server that restarts meanwhile is waited for.
  std::string wait_for_end(const std::string& id, std::string record) const {
    Interrupts interrupts;
    unsigned interrupted = 0;
    Progress progress("importing, rows", {.is_quiet = wish_.client.is_quiet, .line = {}});
    unsigned lost = 0;
    for (json import = json::parse(record); import.at("state") == "running"; import = json::parse(record)) {
      const auto rows = import.value("rows", json());
      const std::uint64_t done = import.value("decided", std::uint64_t{0});
      progress.at(done, rows.is_number() ? std::optional(rows.get<std::uint64_t>()) : std::nullopt);
      const bool asked = interrupts.wait(lost > 0 ? std::chrono::milliseconds(1000) : kBetweenPolls);
      try {
        if (asked) answer_interrupt(id, ++interrupted);
        const HttpAnswer answer = client_.send("GET", "/v1/imports/" + id);
        if (answer.status == 503 && ++lost <= kPollsLost) continue;
        record = accepted(answer);
        lost = 0;
      } catch (const NotReachable& error) {
        if (++lost > kPollsLost) {
          throw NotReachable(
              std::string(error.what()) + ". The import has begun: GET /v1/imports/" + id + " says what became of it",
              true);
        }
      }
    }
    return record;
  }

  // The rows go in on the server: that somebody stops looking ends nothing by itself.
  void answer_interrupt(const std::string& id, unsigned times) const {
    if (times == 1) {
      std::cerr << "\ndaybook: the import " << id
                << " goes on, and holds other changes of the workspace back meanwhile. "
                << "Ctrl-C again cancels it, as does `daybook import cancel " << id << "`; `daybook import status "
                << id << "` says how far it is." << std::endl;
      return;
    }
    std::cerr << "daybook: cancelling the import " << id << std::endl;
    const HttpAnswer answer = client_.send("DELETE", "/v1/imports/" + id);
    if (answer.status >= 400) std::cerr << "daybook: " << problem_text(answer) << std::endl;
  }

  const ImportWish& wish_;
  const HttpClient& client_;
  const std::string key_;
};

}  // namespace

ImportEnd run_import(const ImportWish& wish, const HttpClient& client) { return ImportCall(wish, client).run(); }

}  // namespace daybook::cli
