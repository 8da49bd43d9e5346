#include "eventstore/log_fold.h"

#include <algorithm>
#include <utility>

namespace daybook::eventstore {
namespace {

constexpr std::size_t kAtOnce = 256;  // commits handed on together

[[noreturn]] void refuse(std::uint64_t offset, std::string what) {
  throw LogDamaged({{}, std::nullopt, offset, std::move(what)});
}

}  // namespace

LogFold::LogFold(const BigFold::Source& source, Sink sink)
    : source_(source), sink_(std::move(sink)), reader_(source.log.read(source.partition, 0)) {}

void LogFold::run_to(std::uint64_t offset, const Progress& progress, const std::vector<BigPosition>& half_folded) {
  folds_.swap(parked_);
  while (fold_slice(half_folded) || read_record_before(offset)) progress(position_.next_offset);
  hand_on();
}

bool LogFold::read_record_before(std::uint64_t offset) {
  if (position_.next_offset >= offset || moved_) return false;
  const auto record = reader_->next(std::chrono::milliseconds(0));
  if (!record) return false;
  accept(*record);
  if (gathered_.size() == kAtOnce) hand_on();
  return true;
}

void LogFold::hand_on() {
  sink_.commits(gathered_, position_);
  gathered_.clear();
}

void LogFold::accept(const LogRecord& stored) {
  const auto record = read_record(stored.bytes);
  if (!record) refuse(stored.offset, record.error());
  const Ruling ruling = fence_.accept(stored.offset, *record);
  if (const auto* moved = std::get_if<MovedRecord>(&*record); moved != nullptr && ruling == Ruling::kEffective) {
    moved_ = LogMoved(*moved);
    return;
  }
  position_.next_offset = stored.offset + 1;
  position_.fence = fence_.position();
  if (ruling != Ruling::kEffective) return;
  if (const auto* part = std::get_if<PartRecord>(&*record)) note_part(position_, *part, stored.offset);
  if (std::holds_alternative<ClaimRecord>(*record)) drop_unclosed(position_);
  if (const auto* commit = std::get_if<CommitRecord>(&*record)) add(*commit, stored.offset);
}

void LogFold::add(const CommitRecord& record, std::uint64_t offset) {
  const auto header = read_header(record.header);
  if (!header) refuse(offset, header.error());
  position_.time_us = header->time_us;
  if (stopped_.contains(header->workspace)) return;
  auto& head = heads_[header->workspace];
  const auto stop_here = [&](HistoryDamage damage) { stop(header->workspace, {offset, std::move(damage)}); };
  if (auto fits = check(*header, head); !fits) return stop_here(std::move(fits.error()));
  head = head_after(*header, record.header, record.sealed_body);
  auto opened = source_.codec.open(record.header, record.sealed_body);
  if (!opened) return stop_here(std::move(opened.error()));
  ++commits_;
  if (header->part_count == 0) return gathered_.push_back({std::move(*opened), head});
  auto fold = BigFold::begin(source_, {std::move(*opened), head}, {offset, record.fence.epoch}, position_);
  if (!fold) return stop_here(std::move(fold.error()));
  hand_on();
  folds_.push_back({std::move(*fold), offset});
}

void LogFold::stop(model::WorkspaceId workspace, Finding finding) {
  stopped_.insert(workspace);
  findings_.push_back(std::move(finding));
}

// Hands on the next slice of the oldest commit with parts; false when there is none.
bool LogFold::fold_slice(const std::vector<BigPosition>& half_folded) {
  if (folds_.empty()) return false;
  Folding& folding = folds_.front();
  if (is_far_enough(folding.fold, half_folded)) {
    parked_.push_back(std::move(folding));
    folds_.pop_front();
    return true;
  }
  const auto slice = folding.fold.next(position_);
  if (slice) sink_.slice(*slice, position_);
  if (!slice) stop(folding.fold.opened().commit.workspace, {folding.offset, slice.error()});
  if (!slice || slice->is_last) folds_.pop_front();
  return true;
}

bool LogFold::is_far_enough(const BigFold& fold, const std::vector<BigPosition>& half_folded) const {
  const model::Uuid& command = fold.opened().commit.command;
  const auto is_it = [&](const BigPosition& place) { return place.command == command; };
  const auto wanted = std::ranges::find_if(half_folded, is_it);
  if (wanted == half_folded.end() || !wanted->commit_offset) return false;
  const auto reached = std::ranges::find_if(position_.big, is_it);
  return reached != position_.big.end() && reached->parts_folded >= wanted->parts_folded;
}

}  // namespace daybook::eventstore
