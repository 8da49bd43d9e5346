#include "projections/past_links.h"

#include <algorithm>

#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "domain/store.h"
#include "model/record.h"
#include "model/row_key.h"
#include "projections/history.h"

namespace daybook::projections {
namespace {

constexpr std::size_t kMostLookedAt = 2'000;  // records a page

// The ids of a prefix's rows, ascending, from an id on.
class Ids {
 public:
  Ids(const domain::RowReader& rows, std::string prefix, const std::string& from)
      : prefix_(std::move(prefix)), row_(rows.cursor(prefix_)) {
    row_->seek(prefix_ + from);
  }
  std::optional<model::Uuid> at() const {
    if (!row_->valid()) return std::nullopt;
    return model::id_at_end(row_->key());
  }
  void pass(const model::Uuid& id) {
    if (at() == id) row_->next();
  }

 private:
  std::string prefix_;
  std::unique_ptr<domain::RowCursor> row_;
};

std::optional<model::Uuid> nearer(const std::optional<model::Uuid>& a, const std::optional<model::Uuid>& b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

std::optional<std::string> past_link(std::string_view posting) {
  const auto kind = static_cast<std::uint8_t>(posting[1]);
  const auto field = static_cast<std::uint8_t>(posting[2]);
  const auto is_it = [&](const model::Referrer& referrer) {
    return referrer.kind->number == kind && referrer.field->number == field;
  };
  const auto refers_to = [&](const model::Kind& owner) {
    return std::ranges::any_of(model::schema().referrers(owner.number), is_it);
  };
  if (!refers_to(domain::kind_of<v1::Contact>()) && !refers_to(domain::kind_of<v1::Company>())) return std::nullopt;
  return model::past_link_key(posting);
}

LinkedPage linked_as_of(const domain::RowReader& rows, const model::Referrer& referrer, const model::Uuid& target,
                        std::uint64_t position, const std::string& from, std::size_t limit) {
  const std::string prefix = model::posting_prefix(referrer.kind->number, referrer.field->number, target.view());
  Ids present(rows, prefix, from);
  Ids past(rows, model::past_link_key(prefix), from);
  LinkedPage page;
  for (std::size_t looked_at = 0;; ++looked_at) {
    const auto id = nearer(present.at(), past.at());
    if (!id) return page;
    if (page.items.size() == limit || looked_at == kMostLookedAt) {
      page.next = std::string(id->view());
      return page;
    }
    present.pass(*id);
    past.pass(*id);
    auto record = record_as_of(rows, *id, position);
    if (!record || domain::is_deleted(*record)) continue;
    if (model::get_uuid(*record, referrer.field->number) == target) page.items.push_back({*id, std::move(*record)});
  }
}

}  // namespace daybook::projections
