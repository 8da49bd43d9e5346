#include "domain/import_run.h"

#include "domain/draft.h"

namespace daybook::domain {
namespace {

constexpr int kRemarksPerEvent = 250;
constexpr std::size_t kDetailBytes = 300;

// A text of at most so many bytes that ends between two characters.
std::string shortened(const std::string& text) {
  if (text.size() <= kDetailBytes) return text;
  std::size_t end = kDetailBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

void write(const RowRemark& from, v1::ImportRemark& to) {
  to.set_row(static_cast<std::int64_t>(from.row));
  to.set_column(from.column);
  to.set_code(from.code);
  to.set_detail(shortened(from.detail));
}

v1::ImportCommitted committed(const ImportCounts& counts) {
  const auto number = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
  v1::ImportCommitted event;
  event.set_rows(number(counts.rows));
  event.set_created(number(counts.created));
  event.set_updated(number(counts.updated));
  event.set_unchanged(number(counts.unchanged));
  event.set_skipped(number(counts.skipped));
  event.set_warnings(number(counts.warnings));
  return event;
}

}  // namespace

ImportRun::ImportRun(const model::Uuid& id, std::shared_ptr<const ImportPlan> plan, ImportOptions options,
                     OpenSource open)
    : id_(id), plan_(std::move(plan)), options_(std::move(options)), reader_(*plan_, open()) {
  remarks_.set_index(0);
}

Result<ImportRun::Step> ImportRun::step(std::size_t rows, const View& view, const Context& context) {
  if (!rows_) rows_ = std::make_unique<ImportRows>(*plan_, options_, view);
  Draft draft(view, context);
  Events remarks;
  bool ended = false;
  ImportRow row;
  for (std::size_t i = 0; i < rows && !ended; ++i) {
    const auto read = reader_.next(row);
    if (!read) {
      return reject("import_needs_options", "The file cannot be read on at row " + std::to_string(read.error().row) +
                                                ": " + read.error().detail);
    }
    if (!*read) {
      ended = true;
      break;
    }
    const RowDecision decision = rows_->decide(row, draft.view(), context);
    draft.add(decision.events);
    count(decision);
    remark(decision, remarks);
  }
  Step step{draft.take(), ended};
  if (ended) {
    flush_remarks(remarks);
    remarks.push_back(business_event(committed(counts_), id_, id_));
  }
  for (Event& event : remarks) step.events.push_back(std::move(event));
  return step;
}

void ImportRun::count(const RowDecision& decision) {
  ++counts_.rows;
  counts_.warnings += decision.warnings.size();
  switch (decision.fate) {
    case RowFate::kCreated:
      ++counts_.created;
      break;
    case RowFate::kUpdated:
      ++counts_.updated;
      break;
    case RowFate::kUnchanged:
      ++counts_.unchanged;
      break;
    case RowFate::kSkipped:
      ++counts_.skipped;
      break;
  }
}

void ImportRun::remark(const RowDecision& decision, Events& events) {
  for (const auto* list : {&decision.errors, &decision.warnings}) {
    for (const RowRemark& found : *list) {
      if (remarks_kept_ == kRemarksKept) return;
      ++remarks_kept_;
      write(found, list == &decision.errors ? *remarks_.add_errors() : *remarks_.add_warnings());
      if (remarks_.errors_size() + remarks_.warnings_size() >= kRemarksPerEvent) flush_remarks(events);
    }
  }
}

void ImportRun::flush_remarks(Events& events) {
  if (remarks_.errors().empty() && remarks_.warnings().empty()) return;
  events.push_back(business_event(remarks_, id_, id_));
  const std::int64_t next = remarks_.index() + 1;
  remarks_.Clear();
  remarks_.set_index(next);
}

}  // namespace daybook::domain
