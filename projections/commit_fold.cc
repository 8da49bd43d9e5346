#include "projections/commit_fold.h"

#include <set>

#include "daybook/state/rows.pb.h"
#include "daybook/v1/deal.pb.h"
#include "domain/fold.h"
#include "model/row_key.h"
#include "projections/derived_rows.h"
#include "projections/past_links.h"
#include "projections/timeline_rows.h"

namespace daybook::projections {
namespace {

constexpr std::int64_t kAnswersKeptUs = 24LL * 3600 * 1'000'000;  // http.md: idempotency

std::string bytes(const model::Uuid& id) { return std::string(id.view()); }

// One commit's way into the rows of its workspace.
class CommitFold {
 public:
  CommitFold(const eventstore::OpenedCommit& opened, domain::LayerRows& rows)
      : commit_(opened.commit), after_(opened.after), rows_(rows) {}

  void run(const std::vector<domain::Event>& events, std::uint64_t position, bool is_last) {
    for (const domain::Event& event : events) fold_event(event, position++);
    for (const auto& [key, delta] : counters_) add_to_counter(key, delta);
    if (is_last) put_head();
  }

 private:
  void fold_event(const domain::Event& event, std::uint64_t position) {
    domain::LayerRows layer(static_cast<const domain::RowReader&>(rows_));  // above them, not a copy of them
    domain::Store store(layer, commit_.workspace, {commit_.time_us, commit_.actor, commit_.command});
    domain::fold().apply(event, store);
    std::uint32_t touched = 0;
    for (const auto& [key, value] : layer.changes()) {
      if (!value) remember_link(key);
      if (key.front() != static_cast<char>(model::RowType::kEntity) || !value) continue;
      const model::Kind& kind = *model::schema().kind(static_cast<std::uint8_t>(key[1]));
      const model::Uuid id = model::id_at_end(key);
      const auto before = rows_.get(key);
      replace_derived(kind, id, before, *value);
      rows_.put(model::history_key(id, position), *value);
      ++touched;
    }
    domain::keep(layer.changes(), rows_);
    if (touched == 0) remember_unchanged(event, position);
    add_audit(event, position, touched);
  }

  void remember_link(const std::string& erased) {
    if (erased.front() != static_cast<char>(model::RowType::kPosting)) return;
    if (const auto row = past_link(erased)) rows_.put(*row, "");
  }

  void replace_derived(const model::Kind& kind, const model::Uuid& id, const std::optional<std::string>& before,
                       const std::string& after) {
    const DerivedRows old_rows = before ? derive(kind, id, *before) : DerivedRows{};
    const DerivedRows new_rows = derive(kind, id, after);
    for (const auto& [key, value] : old_rows.rows) {
      if (!new_rows.rows.contains(key)) rows_.erase(key);
    }
    for (const auto& [key, value] : new_rows.rows) {
      const auto old = old_rows.rows.find(key);
      if (old == old_rows.rows.end() || old->second != value) rows_.put(key, value);
    }
    for (const auto& [key, count] : old_rows.contributions) counters_[key] -= count;
    for (const auto& [key, count] : new_rows.contributions) counters_[key] += count;
  }

  // An event that changes no record, such as deal.won, still stands in the history of the record it is about.
  void remember_unchanged(const domain::Event& event, std::uint64_t position) {
    if (const auto record = rows_.get(model::entity_key(event.kind, event.id))) {
      rows_.put(model::history_key(event.id, position), *record);
    }
  }

  void add_audit(const domain::Event& event, std::uint64_t position, std::uint32_t touched) {
    state::AuditEntry entry;
    entry.set_name(event.name);
    entry.set_kind(event.kind);
    entry.set_id(bytes(event.id));
    entry.set_data(event.data);
    for (const std::uint32_t field : event.cleared) entry.add_cleared(field);
    entry.set_time_us(commit_.time_us);
    entry.mutable_actor()->set_kind(static_cast<v1::Actor::Kind>(commit_.actor.kind));
    entry.mutable_actor()->set_id(bytes(commit_.actor.id));
    entry.set_origin(commit_.origin);
    entry.set_request_id(commit_.request_id);
    entry.set_traceparent(commit_.traceparent);
    entry.set_command(bytes(commit_.command));
    entry.set_index(position - commit_.first_position);
    entry.set_touched(touched);
    rows_.put(model::audit_key(position), entry.SerializeAsString());
    rows_.put(model::audit_index_key(event.name, position), "");
    rows_.put(model::audit_index_key(commit_.actor.id.view(), position), "");
    const TimelineRow row = timeline_row(event, position, commit_.time_us, contact_of_deal(event));
    if (!row.key.empty()) rows_.put(row.key, row.value);
  }

  std::optional<model::Uuid> contact_of_deal(const domain::Event& event) const {
    if (event.kind != domain::kind_of<v1::Deal>().number) return std::nullopt;
    const auto deal = rows_.get(model::entity_key(event.kind, event.id));
    return deal ? model::get_uuid(*deal, v1::Deal::kContactIdFieldNumber) : std::nullopt;
  }

  void add_to_counter(const std::string& key, model::Wide delta) {
    if (delta == 0) return;
    const auto stored = rows_.get(key);
    const model::Wide value = (stored ? decode_counter(*stored) : 0) + delta;
    if (value == 0) {
      rows_.erase(key);
    } else {
      rows_.put(key, encode_counter(value));
    }
  }

  void keep_answer(std::int64_t& next_expiry_us) {
    if (!commit_.idempotency) return;
    const eventstore::Idempotency& key = *commit_.idempotency;
    state::StoredAnswer stored;
    stored.set_request_hash(key.request_hash);
    stored.set_status(commit_.answer.status);
    stored.set_kind(commit_.answer.kind);
    stored.set_id(bytes(commit_.answer.id));
    stored.set_extra(commit_.answer.extra);
    stored.set_position(after_.next_position - 1);
    const std::string row = model::idempotency_key(key.scope, key.key_hash);
    rows_.put(row, stored.SerializeAsString());
    const std::int64_t expiry_us = commit_.time_us + kAnswersKeptUs;
    rows_.put(model::expiry_key(expiry_us, row), "");
    if (next_expiry_us == 0) next_expiry_us = expiry_us;
  }

  // Answers expire by commit time, so that every fold of the log drops the same ones.
  void drop_old_answers(std::int64_t& next_expiry_us) {
    constexpr int kAtOnce = 16;
    if (next_expiry_us == 0 || next_expiry_us > commit_.time_us) return;
    next_expiry_us = 0;
    std::vector<std::string> expired;
    const std::string prefix(1, static_cast<char>(model::RowType::kExpiry));
    rows_.scan(prefix, {}, [&](std::string_view key, std::string_view) {
      if (model::expiry_time(key) > commit_.time_us || expired.size() == kAtOnce) {
        next_expiry_us = model::expiry_time(key);
        return false;
      }
      expired.emplace_back(key);
      return true;
    });
    for (const std::string& key : expired) {
      rows_.erase(model::expired_row(key));
      rows_.erase(key);
    }
  }

  void put_head() {
    const auto before = rows_.get(model::head_key());
    auto head = before ? domain::parse<state::Head>(*before) : state::Head();
    std::int64_t next_expiry_us = head.next_expiry_us();
    keep_answer(next_expiry_us);
    drop_old_answers(next_expiry_us);
    head.set_next_expiry_us(next_expiry_us);
    head.set_next_position(after_.next_position);
    head.set_hash(std::string(after_.hash.begin(), after_.hash.end()));
    head.set_time_us(commit_.time_us);
    rows_.put(model::head_key(), head.SerializeAsString());
  }

  const eventstore::Commit& commit_;
  const eventstore::ChainHead& after_;
  domain::LayerRows& rows_;
  std::map<std::string, model::Wide> counters_;
};

}  // namespace

void fold_commit(const eventstore::OpenedCommit& commit, domain::LayerRows& rows) {
  CommitFold(commit, rows).run(commit.commit.events, commit.commit.first_position, true);
}

void fold_slice(const eventstore::CommitSlice& slice, domain::LayerRows& rows) {
  CommitFold(slice.commit, rows).run(slice.events, slice.first_position, slice.is_last);
}

}  // namespace daybook::projections
