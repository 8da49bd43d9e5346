#include "domain/note.h"

#include "daybook/v1/work.pb.h"

namespace daybook::domain {
namespace {

void fill(v1::Note& note, const View&, const Context& context) {
  if (!context.member.is_nil()) note.set_author_id(std::string(context.member.view()));
}

void check(const v1::Note& note, const View&, std::vector<FieldError>& errors) {
  if (!note.has_contact_id() && !note.has_deal_id() && !note.has_company_id()) {
    errors.push_back({"/contact_id", "required", "A note stands on a contact, a deal or a company; give one of them."});
  }
}

}  // namespace

KindRules note_rules() { return {.fill = typed(fill), .check = typed_check(check)}; }

}  // namespace daybook::domain
