#include "consumers/mail/won_mail.h"

#include <kainjow/mustache.hpp>

#include "consumers/mail/won_mail_templates.h"

namespace daybook::consumers {
namespace {

namespace mustache = kainjow::mustache;

// One line of the value: each run of control characters is one space.
std::string one_line(std::string_view value) {
  std::string line;
  bool in_run = false;
  for (const char c : value) {
    const bool control = static_cast<unsigned char>(c) < 0x20U || c == 0x7F;
    if (!control) line += c;
    if (control && !in_run) line += ' ';
    in_run = control;
  }
  return line;
}

mustache::data fields_of(const WonDeal& deal) {
  mustache::data fields;
  fields.set("deal_title", one_line(deal.deal_title));
  fields.set("value_text", one_line(deal.value_text));
  fields.set("currency", one_line(deal.currency));
  if (deal.contact_name) fields.set("contact_name", one_line(*deal.contact_name));
  fields.set("owner_name", one_line(deal.owner_name));
  fields.set("deal_url", one_line(deal.deal_url));
  fields.set("workspace_name", one_line(deal.workspace_name));
  return fields;
}

}  // namespace

Mail render_won_mail(const WonDeal& deal, std::string_view from) {
  const mustache::data fields = fields_of(deal);
  return Mail{.message_id = deal.message_id,
              .from = std::string(from),
              .to_name = one_line(deal.owner_name),
              .to_address = deal.owner_address,
              .subject = mustache::mustache(kWonMailSubject).render(fields),
              .text = mustache::mustache(kWonMailText).render(fields),
              .html = mustache::mustache(kWonMailHtml).render(fields),
              .date = deal.date};
}

std::string message_id(std::string_view event_id, std::string_view host) {
  return '<' + std::string(event_id) + '@' + std::string(host) + '>';
}

}  // namespace daybook::consumers
