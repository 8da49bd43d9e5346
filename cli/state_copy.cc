#include "cli/state_copy.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "cli/http_client.h"
#include "cli/problem_text.h"
#include "eventstore/counted_reader.h"
#include "projections/derived_rows.h"
#include "projections/open_state.h"
#include "projections/passing_directory.h"
#include "projections/state_archive.h"

namespace daybook::cli {
namespace {

using projections::StateStore;

constexpr std::uint64_t kWorthCopying = 1000;              // records of the log
constexpr std::chrono::milliseconds kLogPatience{10'000};  // for a record that the peer has read

std::filesystem::path fresh_beside(const std::filesystem::path& state) { return state.string() + ".new"; }

std::uint64_t records_of(const eventstore::Log& log) {
  std::uint64_t records = 0;
  for (std::uint32_t partition = 0; partition < log.partition_count(); ++partition) records += log.end(partition);
  return records;
}

std::uint64_t records_in(const StateStore& state, const eventstore::Log& log) {
  std::uint64_t records = 0;
  for (std::uint32_t partition = 0; partition < log.partition_count(); ++partition) {
    records += state.position(partition).next_offset;
  }
  return records;
}

// Another log may have claims at the same offsets, so it is asked for by name.
void check(const HttpAnswer& answer, eventstore::Log& log) {
  if (answer.status == 401) {
    throw std::runtime_error("it has another operator key; copy its operator.key into this data directory");
  }
  if (answer.status != 200) {
    throw std::runtime_error("it answers " + std::to_string(answer.status) + ": " + problem_text(answer));
  }
  if (answer.header("daybook-state-version") != std::to_string(projections::rows_fingerprint())) {
    throw std::runtime_error("they are of another version of Daybook");
  }
  if (answer.header("daybook-log") != eventstore::first_claimant(log).text()) {
    throw std::runtime_error("they are of another log; see --peer, --brokers and --topic-prefix of both nodes");
  }
}

// Leaves a tenth of what is free for what follows.
std::uint64_t room_in(const std::filesystem::path& directory) {
  return std::filesystem::space(directory).available / 10 * 9;
}

std::uint64_t download(const std::string& url, const StatePeers& peers, const std::filesystem::path& directory,
                       eventstore::Log& log) {
  std::uint64_t bytes = 0;
  const auto on_wait = [&] {
    if (peers.on_progress) peers.on_progress(bytes);
  };
  const auto body = HttpClient(url, peers.operator_key).download("/v1/state/checkpoint", on_wait);
  check(body->answer(), log);
  const auto source = [&](std::span<char> out) {
    const std::size_t read = body->read(out);
    bytes += read;
    return read;
  };
  return projections::unpack_state(source, directory, room_in(directory.parent_path()));
}

// Puts the peer's read models in place of `state`, which holds none. Throws where there is anything wrong with them.
void copy_state(const std::string& url, const StatePeers& peers, const std::filesystem::path& state,
                eventstore::Log& log, const ServerLog& lines) {
  const projections::PassingDirectory fresh(fresh_beside(state));
  const std::uint64_t bytes = download(url, peers, fresh.path(), log);
  std::uint64_t records = 0;
  {
    const StateStore copy({.directory = fresh.path()});
    if (const auto misfit = projections::find_misfit(copy, log, kLogPatience)) throw std::runtime_error(*misfit);
    records = records_in(copy, log);
  }
  std::filesystem::remove_all(state);
  std::filesystem::rename(fresh.path(), state);
  lines.info("read models copied from " + url + ", " + std::to_string(bytes) + " bytes: they hold " +
             std::to_string(records) + " of the log's " + std::to_string(std::max(records, records_of(log))) +
             " records");
}

void copy_from_first(const std::vector<std::string>& urls, const StatePeers& peers, const std::filesystem::path& state,
                     eventstore::Log& log, const ServerLog& lines) {
  for (const std::string& url : urls) {
    try {
      return copy_state(url, peers, state, log, lines);
    } catch (const std::exception& error) {
      lines.warn("no read models from " + url + ": " + error.what());
    }
  }
  lines.info("the read models are made from the start of the log");
}

}  // namespace

std::unique_ptr<StateStore> open_or_copy_state(const StateStore::Options& options, const StatePeers& peers,
                                               eventstore::Log& log, const ServerLog& lines) {
  const auto warn = [&](const std::string& line) { lines.warn(line); };
  std::filesystem::remove_all(fresh_beside(options.directory));  // of a start that was killed
  auto state = projections::open_state(options, warn);
  if (records_of(log) < kWorthCopying || records_in(*state, log) > 0) return state;
  const std::vector<std::string> urls = peers.urls();
  if (urls.empty()) return state;
  state.reset();
  copy_from_first(urls, peers, options.directory, log, lines);
  return projections::open_state(options, warn);
}

}  // namespace daybook::cli
