#include "consumers/won_deal.h"

#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/workspace.pb.h"
#include "domain/workspace.h"
#include "model/money.h"

namespace daybook::consumers {
namespace {

std::string full_name(const v1::Contact& contact) {
  std::string name = contact.first_name();
  if (contact.has_last_name()) name += (name.empty() ? "" : " ") + contact.last_name();
  return name.empty() ? contact.email() : name;
}

}  // namespace

std::optional<WonDeal> won_deal(const v1::Email& email, const domain::View& view, const std::string& public_url) {
  const auto member_id = model::Uuid::from_bytes(email.member_id());
  const auto deal_id = model::Uuid::from_bytes(email.deal_id());
  const auto member = member_id ? view.find<v1::Member>(*member_id) : std::nullopt;
  const auto deal = deal_id ? view.find<v1::Deal>(*deal_id) : std::nullopt;
  if (!member || !deal || !member->has_email()) return std::nullopt;
  WonDeal won;
  won.deal_title = deal->title();
  won.value_text = model::format_money(deal->value(), model::currency_digits(deal->currency()).value_or(2));
  won.currency = deal->currency();
  if (const auto contact_id = model::Uuid::from_bytes(deal->contact_id())) {
    if (const auto contact = view.find<v1::Contact>(*contact_id)) won.contact_name = full_name(*contact);
  }
  won.owner_name = member->name();
  won.owner_address = member->email();
  won.deal_url = public_url + "/v1/deals/" + deal_id->text();
  won.workspace_name = domain::workspace_of(view).name();
  won.message_id = "<" + email.message_id() + ">";
  won.date = email.meta().created_at() / 1'000'000;
  return won;
}

}  // namespace daybook::consumers
