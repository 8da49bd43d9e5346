#include "cli/offline.h"

#include <iostream>
#include <stdexcept>
#include <variant>

#include "eventstore/master_key.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kAtOnce = 256;  // commits handed on together

eventstore::EmbeddedOptions log_options(const OfflineOptions& options) {
  if (!std::filesystem::is_directory(options.data / "log")) {
    throw std::runtime_error(options.data.string() +
                             " holds no Daybook data (there is no log/ in it); name the directory with --data");
  }
  return {.directory = options.data / "log",
          .high_water_file = options.high_water.empty() ? options.data / "log.high-water" : options.high_water,
          .queue = {},
          .free_space = {}};
}

[[noreturn]] void refuse(std::uint64_t offset, std::string what) {
  throw eventstore::LogDamaged({{}, std::nullopt, offset, std::move(what)});
}

}  // namespace

void Progress::at(std::uint64_t done, std::optional<std::uint64_t> all) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::seconds(1);
  std::cerr << doing_ << ": " << done << (all ? " of " + std::to_string(*all) : "") << std::endl;
}

OfflineLog::OfflineLog(const OfflineOptions& options)
    : log_(log_options(options)),
      keyring_(log_, eventstore::load_or_create_master_key(options.data, log_.end(0) == 0)),
      codec_(keyring_) {
  if (log_.cut()) std::cerr << *log_.cut() << std::endl;
}

OfflineFold::OfflineFold(OfflineLog& log, Sink sink)
    : log_(log), sink_(std::move(sink)), reader_(log.log().read(0, 0)) {}

void OfflineFold::run_to(std::uint64_t offset, Progress& progress) {
  while (position_.next_offset < offset) {
    const auto record = reader_->next(std::chrono::milliseconds(0));
    if (!record) break;
    accept(*record);
    if (gathered_.size() == kAtOnce) hand_on();
    progress.at(position_.next_offset, log_.end());
  }
  hand_on();
}

void OfflineFold::hand_on() {
  sink_(gathered_, position_);
  gathered_.clear();
}

void OfflineFold::accept(const eventstore::LogRecord& stored) {
  const auto record = eventstore::read_record(stored.bytes);
  if (!record) refuse(stored.offset, record.error());
  position_.next_offset = stored.offset + 1;
  const eventstore::Ruling ruling = fence_.accept(stored.offset, *record);
  position_.fence = fence_.position();
  if (ruling != eventstore::Ruling::kEffective) return;
  if (const auto* commit = std::get_if<eventstore::CommitRecord>(&*record)) add(*commit, stored.offset);
}

void OfflineFold::add(const eventstore::CommitRecord& record, std::uint64_t offset) {
  const auto header = eventstore::read_header(record.header);
  if (!header) refuse(offset, header.error());
  position_.time_us = header->time_us;
  if (stopped_.contains(header->workspace)) return;
  const auto stop = [&](eventstore::HistoryDamage damage) {
    stopped_.emplace(header->workspace, true);
    findings_.push_back({offset, std::move(damage)});
  };
  auto& head = heads_[header->workspace];
  if (auto fits = eventstore::check(*header, head); !fits) return stop(std::move(fits.error()));
  head = eventstore::head_after(*header, record.header, record.sealed_body);
  auto opened = log_.codec().open(record.header, record.sealed_body);
  if (!opened) return stop(std::move(opened.error()));
  if (header->part_count > 0) ++commits_in_parts_;
  ++commits_;
  gathered_.push_back({std::move(*opened), head});
}

}  // namespace daybook::cli
