#include "cli/example_history.h"

#include "cli/example_import.h"
#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "daybook/v1/workspace.pb.h"
#include "domain/activity.h"
#include "domain/company.h"
#include "domain/contact.h"
#include "domain/deal.h"
#include "domain/deletion.h"
#include "domain/email.h"
#include "domain/facts.h"
#include "domain/merge.h"
#include "domain/pipeline.h"
#include "domain/plan.h"
#include "domain/workspace.h"

namespace daybook::cli {
namespace {

using domain::Context;
using domain::Events;
using domain::kind_of;
using domain::View;

constexpr std::size_t kHashBytes = 32;

std::string bytes(const model::Uuid& id) { return std::string(id.view()); }

template <typename T>
model::Patch setting(const T& record, std::vector<std::uint32_t> cleared = {}) {
  return {record.SerializeAsString(), std::move(cleared)};
}

// The id of the first record of the kind that the events are about.
template <typename T>
model::Uuid id_in(const Events& events) {
  for (const domain::Event& event : events) {
    if (event.kind == kind_of<T>().number) return event.id;
  }
  throw std::logic_error("the example lacks a record of " + T::descriptor()->name());
}

class History {
 public:
  explicit History(ExampleWorkspace& workspace) : workspace_(workspace) {}

  void tell() {
    begin();
    hire_and_let_go();
    know_people();
    sell();
    send_mails();
    work();
    find_duplicates();
    tell_imports(workspace_);
  }

 private:
  void begin();
  void hire_and_let_go();
  void know_people();
  void sell();
  void send_mails();
  void work();
  void find_duplicates();

  model::Uuid create_deal(const char* title, bool has_owner);
  void update_deal(const model::Patch& patch);
  void move(const model::Uuid& deal, const char* stage, const char* lost_reason = nullptr);
  template <typename T>
  model::Uuid create(const char* origin, const T& record);
  template <typename T>
  void update(const char* origin, const model::Uuid& id, const model::Patch& patch);

  ExampleWorkspace& workspace_;
  model::Uuid ann_;   // the owner
  model::Uuid ben_;   // a member
  model::Uuid ada_;   // a contact
  model::Uuid deal_;  // with Ada
};

template <typename T>
model::Uuid History::create(const char* origin, const T& record) {
  return id_in<T>(workspace_.happen(origin, [&](const View& view, const Context& context) -> domain::Result<Events> {
    auto event = domain::create(kind_of<T>(), record.SerializeAsString(), view, context);
    if (!event) return std::unexpected(event.error());
    return Events{std::move(*event)};
  }));
}

template <typename T>
void History::update(const char* origin, const model::Uuid& id, const model::Patch& patch) {
  workspace_.happen(origin,
                    [&](const View& view, const Context&) { return domain::update(kind_of<T>(), id, patch, view); });
}

void History::begin() {
  ann_ = workspace_.new_id();
  domain::NewWorkspace wish;
  wish.name = "Engines";
  wish.slug = "engines";
  wish.timezone = "Europe/London";
  wish.owner_name = "Ann Clarke";
  wish.owner_email = "ann@engines.example";
  wish.owner_id = ann_;
  wish.api_key_id = workspace_.new_id();
  wish.api_key_hash = std::string(kHashBytes, '\0');
  wish.api_key_prefix = "dbk_example";
  workspace_.happen("POST /v1/workspaces", [&](const View& view, const Context& context) {
    return domain::begin_workspace(wish, view, context);
  });
  v1::Workspace plan;
  plan.set_plan(v1::Workspace::PLAN_FREE);
  plan.mutable_limits()->set_crm_contacts(1000);
  workspace_.happen("PATCH /v1/workspaces/{id}", [&](const View& view, const Context& context) {
    return domain::set_plan(setting(plan), view, context);
  });
  workspace_.acts({domain::Actor::Kind::kApiKey, wish.api_key_id}, ann_);
  v1::Workspace name;
  name.set_name("Analytical Engines");
  update<v1::Workspace>("PATCH /v1/workspace", workspace_.id().value, setting(name));
}

void History::hire_and_let_go() {
  v1::Member ben;
  ben.set_name("Ben Hart");
  ben.set_email("ben@engines.example");
  ben.set_role(v1::Member::ROLE_MEMBER);
  ben_ = id_in<v1::Member>(workspace_.happen("POST /v1/members", [&](const View& view, const Context& context) {
    return domain::add_member(ben.SerializeAsString(), view, context);
  }));
  v1::Member admin;
  admin.set_role(v1::Member::ROLE_ADMIN);
  workspace_.happen("PATCH /v1/members/{id}", [&](const View& view, const Context& context) {
    return domain::update_member(ben_, setting(admin), view, context);
  });
  v1::ApiKey key;
  key.set_name("Website");
  key.set_role(v1::Member::ROLE_MEMBER);
  key.set_member_id(bytes(ben_));
  key.set_prefix("dbk_website");
  key.set_secret_hash(std::string(kHashBytes, '\0'));
  const model::Uuid id = workspace_.new_id();
  workspace_.happen("POST /v1/keys", [&](const View& view, const Context& context) {
    return domain::create_key(id, key, view, context);
  });
  workspace_.happen("POST /v1/keys/{id}/rotate", [&](const View& view, const Context& context) {
    return domain::rotate_key(id, std::string(kHashBytes, '\1'), "dbk_rotated", view, context);
  });
  workspace_.happen("DELETE /v1/keys/{id}",
                    [&](const View& view, const Context& context) { return domain::revoke_key(id, view, context); });
  v1::Member cleo;
  cleo.set_name("Cleo Moss");
  cleo.set_role(v1::Member::ROLE_VIEWER);
  const auto left =
      id_in<v1::Member>(workspace_.happen("POST /v1/members", [&](const View& view, const Context& context) {
        return domain::add_member(cleo.SerializeAsString(), view, context);
      }));
  workspace_.happen("DELETE /v1/members/{id}", [&](const View& view, const Context& context) {
    return domain::remove_member(left, view, context);
  });
}

void History::know_people() {
  v1::CreateContact ada;
  ada.mutable_record()->set_first_name("Ada");
  ada.mutable_record()->set_last_name("Byron");
  ada.mutable_record()->set_email("ada@lovelace.example");
  ada.mutable_record()->set_company_name("Difference Works");
  ada.add_tags("mathematics");
  ada_ = id_in<v1::Contact>(workspace_.happen("POST /v1/contacts", [&](const View& view, const Context& context) {
    return domain::create_contact(ada, view, context);
  }));
  v1::Contact change;
  change.set_last_name("Lovelace");
  change.set_email("ada@engines.example");
  change.set_owner_id(bytes(ann_));
  workspace_.happen("PATCH /v1/contacts/{id}", [&](const View& view, const Context& context) {
    return domain::update_contact(ada_, setting(change), view, context);
  });
  constexpr const char* kOther = "countess@lovelace.example";
  workspace_.happen("POST /v1/contacts/{id}/secondary-emails", [&](const View& view, const Context& context) {
    return domain::add_secondary_email(ada_, kOther, view, context);
  });
  workspace_.happen("DELETE /v1/contacts/{id}/secondary-emails/{email}", [&](const View& view, const Context& context) {
    return domain::remove_secondary_email(ada_, kOther, view, context);
  });
  workspace_.happen("DELETE /v1/contacts/{id}/tags/{name}", [&](const View& view, const Context& context) {
    return domain::untag_contact(ada_, "mathematics", view, context);
  });
  v1::Company works;
  works.set_industry("Mechanical computing");
  update<v1::Company>("PATCH /v1/companies/{id}", *domain::find_company("Difference Works", workspace_.view()),
                      setting(works));
}

model::Uuid History::create_deal(const char* title, bool has_owner) {
  v1::CreateDeal deal;
  deal.mutable_record()->set_title(title);
  deal.mutable_record()->set_value(1'200'000);
  deal.mutable_record()->set_currency("EUR");
  if (has_owner) deal.mutable_record()->set_owner_id(bytes(ann_));
  deal.set_stage("lead");
  return id_in<v1::Deal>(workspace_.happen("POST /v1/deals", [&](const View& view, const Context& context) {
    return domain::create_deal(deal, v1::STAGE_CAUSE_CREATE, view, context);
  }));
}

void History::update_deal(const model::Patch& patch) {
  workspace_.happen("PATCH /v1/deals/{id}", [&](const View& view, const Context& context) {
    return domain::update_deal(deal_, patch, view, context);
  });
}

void History::move(const model::Uuid& deal, const char* stage, const char* lost_reason) {
  v1::MoveDeal command;
  command.set_stage(stage);
  if (lost_reason != nullptr) command.set_lost_reason(lost_reason);
  workspace_.happen("POST /v1/deals/{id}/move", [&](const View& view, const Context& context) {
    return domain::move_deal(deal, command, std::nullopt, view, context);
  });
}

void History::sell() {
  deal_ = create_deal("Analytical Engine No. 1", true);
  v1::Deal change;
  change.set_expected_close_date("2026-06-30");
  change.set_contact_id(bytes(ada_));
  change.set_owner_id(bytes(ben_));
  update_deal(setting(change));
  update_deal({{}, {v1::Deal::kContactIdFieldNumber}});
  v1::MoveDeal negotiation;
  negotiation.set_stage("negotiation");
  const model::Uuid bulk = workspace_.new_id();
  workspace_.happen("POST /v1/deals/bulk/move",
                    [&](const View& view, const Context& context) -> domain::Result<Events> {
                      auto moved = domain::move_deals({deal_.text()}, negotiation, bulk, view, context);
                      if (!moved) return std::unexpected(moved.error());
                      return std::move(moved->events);
                    });
  move(deal_, "won");
  move(deal_, "proposal");
  move(deal_, "lost", "The Treasury withdrew.");
  v1::Pipeline pipeline;
  pipeline.set_name("Machines");
  update<v1::Pipeline>("PATCH /v1/pipelines/{id}", *domain::first_pipeline(workspace_.view()), setting(pipeline));
}

void History::send_mails() {
  model::Uuid mail;
  const auto win = [&](const char* title, bool has_owner) {
    move(create_deal(title, has_owner), "won");
    workspace_.view().for_each(kind_of<v1::Email>(), [&](const model::Uuid& id, std::string_view) {
      mail = id;  // the newest
      return true;
    });
  };
  const auto fail = [&] {
    workspace_.happen("mailer", [&](const View& view, const Context&) {
      return domain::report_failed(mail, "550 5.1.1 No such user here", view);
    });
  };
  win("Difference Engine No. 2", true);
  workspace_.happen("mailer", [&](const View& view, const Context&) { return domain::report_sent(mail, view); });
  win("Spare cogs", true);
  fail();
  workspace_.happen("POST /v1/emails/{id}/retry",
                    [&](const View& view, const Context& context) { return domain::retry_email(mail, view, context); });
  fail();
  workspace_.happen("POST /v1/emails/{id}/drop",
                    [&](const View& view, const Context& context) { return domain::drop_email(mail, view, context); });
  win("Punched cards", false);
}

void History::work() {
  v1::Note note;
  note.set_body("Prefers letters to calls.");
  note.set_contact_id(bytes(ada_));
  const auto noted = create("POST /v1/notes", note);
  v1::Note edited;
  edited.set_body("Prefers letters to visits.");
  update<v1::Note>("PATCH /v1/notes/{id}", noted, setting(edited));
  v1::Activity task;
  task.set_type(v1::Activity::TYPE_TASK);
  task.set_subject("Send the drawings");
  task.set_contact_id(bytes(ada_));
  const auto activity = create("POST /v1/activities", task);
  v1::Activity changed;
  changed.set_subject("Send the drawings of the mill");
  update<v1::Activity>("PATCH /v1/activities/{id}", activity, setting(changed));
  workspace_.happen("POST /v1/activities/{id}/complete", [&](const View& view, const Context& context) {
    return domain::complete_activity(activity, view, context);
  });
  workspace_.happen("POST /v1/activities/{id}/reopen", [&](const View& view, const Context& context) {
    return domain::reopen_activity(activity, view, context);
  });
}

void History::find_duplicates() {
  v1::CreateContact twin;
  twin.mutable_record()->set_first_name("A.");
  twin.mutable_record()->set_last_name("Lovelace");
  twin.mutable_record()->set_email("ada@works.example");
  twin.mutable_record()->set_phone("+44 20 7946 0018");
  twin.add_tags("poetry");
  const auto duplicate =
      id_in<v1::Contact>(workspace_.happen("POST /v1/contacts", [&](const View& view, const Context& context) {
        return domain::create_contact(twin, view, context);
      }));
  v1::Deal deal;
  deal.set_contact_id(bytes(duplicate));
  update_deal(setting(deal));
  workspace_.happen("POST /v1/contacts/{id}/merge", [&](const View& view, const Context& context) {
    return domain::merge_contacts({ada_, duplicate}, view, context);
  });
}

}  // namespace

void tell_history(ExampleWorkspace& workspace) { History(workspace).tell(); }

}  // namespace daybook::cli
