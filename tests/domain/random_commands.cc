#include "tests/domain/random_commands.h"

#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "domain/contact.h"
#include "domain/deal.h"
#include "domain/merge.h"

namespace daybook::domain {
namespace {

// Takes choices out of one number.
class Choices {
 public:
  Choices(std::uint32_t number, const View& view) : rest_(number), view_(view) {}

  std::uint32_t below(std::uint32_t count) {
    const std::uint32_t choice = rest_ % count;
    rest_ /= count;
    return choice;
  }
  // Mostly a live one, so that most commands come to something.
  template <typename T>
  model::Uuid one() {
    const bool any = below(8) == 0;
    std::vector<model::Uuid> ids;
    view_.for_each(kind_of<T>(), [&](const model::Uuid& id, std::string_view record) {
      if (any || !is_deleted(record)) ids.push_back(id);
      return true;
    });
    return ids.empty() ? model::Uuid{} : ids[below(static_cast<std::uint32_t>(ids.size()))];
  }
  template <typename T>
  std::string link() {
    return std::string(one<T>().view());
  }
  std::string email() { return "e" + std::to_string(below(7)) + (below(2) == 0 ? "@x.example" : "@X.Example"); }
  std::string tag() { return "tag" + std::to_string(below(3)); }
  std::string company() { return "Company " + std::to_string(below(3)); }
  std::string stage() { return std::vector<std::string>{"lead", "proposal", "won", "lost"}[below(4)]; }

 private:
  std::uint32_t rest_;
  const View& view_;
};

template <typename T>
Command create_one(const T& record) {
  return [record](const View& view, const Context& context) -> Result<Events> {
    auto event = create(kind_of<T>(), record.SerializeAsString(), view, context);
    if (!event) return std::unexpected(event.error());
    return Events{std::move(*event)};
  };
}

Command new_contact(Choices& choices) {
  v1::CreateContact command;
  v1::Contact& contact = *command.mutable_record();
  if (choices.below(4) > 0) {
    contact.set_email(choices.email());
  } else {
    contact.set_first_name("F");
    contact.set_last_name("L");
  }
  if (choices.below(2) == 0) contact.set_company_name(choices.company());
  if (choices.below(2) == 0) contact.set_phone("p" + std::to_string(choices.below(9)));
  if (choices.below(2) == 0) contact.set_is_subscribed(true);
  if (choices.below(3) == 0) command.add_tags(choices.tag());
  return [command](const View& view, const Context& context) { return create_contact(command, view, context); };
}

Command new_deal(Choices& choices) {
  v1::CreateDeal command;
  command.mutable_record()->set_title("D");
  if (choices.below(4) > 0) command.mutable_record()->set_contact_id(choices.link<v1::Contact>());
  command.set_stage(choices.stage());
  return [command](const View& view, const Context& context) {
    return create_deal(command, v1::STAGE_CAUSE_CREATE, view, context);
  };
}

Command new_note(Choices& choices) {
  v1::Note note;
  note.set_body("N");
  const std::uint32_t on = 1 + choices.below(7);
  if ((on & 1) != 0) note.set_contact_id(choices.link<v1::Contact>());
  if ((on & 2) != 0) note.set_deal_id(choices.link<v1::Deal>());
  if ((on & 4) != 0) note.set_company_id(choices.link<v1::Company>());
  return create_one(note);
}

Command new_activity(Choices& choices) {
  v1::Activity activity;
  activity.set_subject("A");
  activity.set_type(choices.below(2) == 0 ? v1::Activity::TYPE_TASK : v1::Activity::TYPE_CALL);
  activity.set_contact_id(choices.link<v1::Contact>());
  if (choices.below(3) == 0) activity.set_deal_id(choices.link<v1::Deal>());
  return create_one(activity);
}

Command new_ticket(Choices& choices) {
  v1::Ticket ticket;
  ticket.set_subject("T");
  ticket.set_contact_id(choices.link<v1::Contact>());
  if (choices.below(2) == 0) ticket.set_company_id(choices.link<v1::Company>());
  return create_one(ticket);
}

Command change_contact(Choices& choices) {
  const model::Uuid id = choices.one<v1::Contact>();
  v1::Contact set;
  std::vector<std::uint32_t> cleared;
  const std::uint32_t what = choices.below(6);
  if (what == 0) set.set_email(choices.email());
  if (what == 1) set.set_company_name(choices.company());
  if (what == 2) set.set_company_id(choices.link<v1::Company>());
  if (what == 3) cleared = {v1::Contact::kCompanyIdFieldNumber};
  if (what == 4) cleared = {v1::Contact::kCompanyNameFieldNumber};
  if (what == 5) cleared = {v1::Contact::kEmailFieldNumber};
  return [id, patch = model::Patch{set.SerializeAsString(), cleared}](const View& view, const Context& context) {
    return update_contact(id, patch, view, context);
  };
}

Command change_emails_or_tags(Choices& choices) {
  const model::Uuid id = choices.one<v1::Contact>();
  switch (choices.below(4)) {
    case 0:
      return [id, email = choices.email()](const View& view, const Context& context) {
        return add_secondary_email(id, email, view, context);
      };
    case 1:
      return [id, email = choices.email()](const View& view, const Context& context) {
        return remove_secondary_email(id, email, view, context);
      };
    case 2:
      return [id, tag = choices.tag()](const View& view, const Context& context) {
        return tag_contact(id, {tag}, view, context);
      };
    default:
      return [id, tag = choices.tag()](const View& view, const Context& context) {
        return untag_contact(id, tag, view, context);
      };
  }
}

Command change_deal(Choices& choices) {
  const model::Uuid id = choices.one<v1::Deal>();
  if (choices.below(2) == 0) {
    v1::MoveDeal command;
    command.set_stage(choices.stage());
    return [id, command](const View& view, const Context& context) {
      return move_deal(id, command, std::nullopt, view, context);
    };
  }
  v1::Deal set;
  std::vector<std::uint32_t> cleared;
  if (choices.below(2) == 0) {
    set.set_contact_id(choices.link<v1::Contact>());
  } else {
    cleared = {v1::Deal::kContactIdFieldNumber};
  }
  return [id, patch = model::Patch{set.SerializeAsString(), cleared}](const View& view, const Context& context) {
    return update_deal(id, patch, view, context);
  };
}

Command remove_or_restore(Choices& choices, const View& view) {
  const bool back = choices.below(2) == 0;
  const auto record = draw_record(choices.below(1u << 16), !back, view);
  return [back, record](const View& now, const Context& context) -> Result<Events> {
    if (!record) return Events{};
    return back ? restore(*record->kind, record->id, now, context) : remove(*record->kind, record->id, now, context);
  };
}

Command merge_two(Choices& choices) {
  MergeContacts command{.primary = choices.one<v1::Contact>(), .duplicate = choices.one<v1::Contact>()};
  if (choices.below(2) == 0) command.fields["email"] = "duplicate";
  if (choices.below(2) == 0) command.fields["company_id"] = "duplicate";
  return [command](const View& view, const Context& context) { return merge_contacts(command, view, context); };
}

}  // namespace

DrawnCommand draw(std::uint32_t number, const View& view) {
  Choices choices(number, view);
  switch (choices.below(16)) {
    case 0:
    case 1:
      return {new_contact(choices), true};
    case 2:
      return {new_deal(choices), true};
    case 3:
      return {new_note(choices), true};
    case 4:
      return {new_activity(choices), true};
    case 5:
      return {new_ticket(choices), true};
    case 6:
    case 7:
      return {change_contact(choices)};
    case 8:
    case 9:
      return {change_emails_or_tags(choices)};
    case 10:
      return {change_deal(choices)};
    case 11:
    case 12:
    case 13:
    case 14:
      return {remove_or_restore(choices, view)};
    default:
      return {merge_two(choices)};
  }
}

std::optional<DrawnRecord> draw_record(std::uint32_t number, bool live, const View& view) {
  std::vector<DrawnRecord> records;
  for (const char* name : {"contact", "company", "tag", "deal", "note", "activity", "ticket", "pipeline"}) {
    const model::Kind& kind = *model::schema().kind(std::string_view(name));
    view.for_each(kind, [&](const model::Uuid& id, std::string_view record) {
      if (is_deleted(record) != live) records.push_back({&kind, id});
      return true;
    });
  }
  if (records.empty()) return std::nullopt;
  return records[number % records.size()];
}

}  // namespace daybook::domain
