#include <array>

#include "daybook/v1/contact.pb.h"
#include "domain/contact.h"
#include "domain/deal.h"
#include "domain/import_cells.h"
#include "domain/pipeline.h"
#include "domain/workspace.h"
#include "model/money.h"
#include "model/text.h"

namespace daybook::domain {
namespace {

using Deal = v1::Deal;

// A probability may end in %.
constexpr std::array<std::string_view, 1> kOwnColumns{"probability"};

// Zeros behind the currency's own digits say nothing: 1.500 EUR is 1.50 EUR, 1.505 EUR is no amount.
std::string without_surplus_zeros(Decimal number, int digits) {
  while (number.scale > digits && number.digits.size() > 1 && number.digits.back() == '0') {
    number.digits.pop_back();
    --number.scale;
  }
  if (number.digits == "0") number.scale = 0;
  return to_text(number);
}

// One row of deals on its way into the workspace.
class DealRow {
 public:
  DealRow(const ImportPlan& plan, const ImportOptions& options, const ImportRow& row, const View& view,
          const Context& context)
      : options_(options), cells_(plan, row, decision_), view_(view), context_(context) {}

  RowDecision decide(const OwnerNames& owners) {
    read_texts();
    read_value();
    if (const auto closed = cells_.date("closed_at")) command_.set_closed_at(instant(*closed));
    if (cells_.text("title").empty()) cells_.error("title", "required", "Give title.");
    if (cells_.text("stage").empty()) cells_.error("stage", "required", "Give stage.");
    if (cells_.failed()) return std::move(decision_);
    Deal& deal = *command_.mutable_record();
    if (const auto owner = cells_.owner(owners)) deal.set_owner_id(std::string(owner->view()));
    link_contact(deal);
    command_.set_stage(std::string(cells_.text("stage")));
    if (!cells_.text("pipeline").empty()) command_.set_pipeline(pipeline_id(cells_.text("pipeline")));
    command_.set_notify(options_.notify);
    auto events = create_deal(command_, v1::STAGE_CAUSE_IMPORT, view_, context_);
    if (!events) {
      cells_.errors_of(events.error());
      return std::move(decision_);
    }
    decision_.fate = RowFate::kCreated;
    decision_.events = std::move(*events);
    return std::move(decision_);
  }

 private:
  void read_texts() {
    const model::Kind& kind = kind_of<Deal>();
    std::string record;
    cells_.copy_plain(kind, kOwnColumns, record);
    std::string_view probability = cells_.text("probability");
    if (probability.ends_with('%')) probability.remove_suffix(1);
    cells_.copy_text("probability", model::trim(probability), kind, Deal::kProbabilityFieldNumber, record);
    *command_.mutable_record() = parse<Deal>(record);
  }

  // The currency is the column's, else the one written at the amount, else the option's, else the workspace's.
  void read_value() {
    const auto planned = cells_.planned("value");
    if (!planned) return cells_.error("value", "required", "Give value.");
    const auto amount = amount_of(planned->field, planned->cell);
    if (!amount) return cells_.error("value", "invalid_value", "This is not an amount.");
    Deal& deal = *command_.mutable_record();
    if (!deal.has_currency()) deal.set_currency(currency_of(*amount));
    const auto digits = model::currency_digits(deal.currency());
    if (!digits) return cells_.error("currency", "invalid_value", "There is no such currency.");
    const auto value = model::parse_money_padded(without_surplus_zeros(amount->number, *digits), *digits);
    if (!value || *value < 0) {
      return cells_.error("value", "invalid_value",
                          "A value is 0 or more, with at most " + std::to_string(*digits) + " digits after the point.");
    }
    deal.set_value(*value);
  }

  std::string currency_of(const WrittenAmount& amount) const {
    if (model::currency_digits(amount.currency)) return amount.currency;
    return options_.currency.empty() ? workspace_of(view_).currency() : options_.currency;
  }

  void link_contact(Deal& deal) {
    const std::string_view email = cells_.text("email");
    if (email.empty()) return;
    if (!model::email_key(email)) return cells_.error("email", "invalid_email", "This is not an e-mail address.");
    if (const auto contact = find_contact(email, view_)) {
      deal.set_contact_id(std::string(contact->view()));
    } else {
      cells_.warn("email", "not_found", "No contact has this e-mail; the deal stands without one.");
    }
  }

  // A pipeline by its name; whatever else the cell says is for the domain to judge.
  std::string pipeline_id(std::string_view cell) const {
    std::string wanted(cell);
    view_.for_each(kind_of<v1::Pipeline>(), [&](const model::Uuid& id, std::string_view record) {
      if (is_deleted(record) || model::fold(parse<v1::Pipeline>(record).name()) != model::fold(cell)) return true;
      wanted = id.text();
      return false;
    });
    return wanted;
  }

  const ImportOptions& options_;
  RowDecision decision_;
  RowCells cells_;
  const View& view_;
  const Context& context_;
  v1::CreateDeal command_;
};

}  // namespace

RowDecision decide_deal_row(const ImportPlan& plan, const ImportOptions& options, const OwnerNames& owners,
                            const ImportRow& row, const View& view, const Context& context) {
  return DealRow(plan, options, row, view, context).decide(owners);
}

}  // namespace daybook::domain
