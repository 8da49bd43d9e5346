// The row budget: rows and bytes that one command puts into the state, by row type. Each command is decided by the
// domain and folded by the projector. Counters and the head are in it, though they coalesce in a batch of commits.

#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <utility>

#include "cli/example_workspace.h"
#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "domain/contact.h"
#include "domain/deal.h"
#include "domain/facts.h"
#include "domain/workspace.h"
#include "model/row_key.h"

namespace {

using namespace daybook;  // NOLINT: one program, no header

constexpr std::int64_t kStartUs = 1'767'225'600'000'000;
constexpr std::size_t kWorkspaceBytes = 16;

const char* name_of(char type) {
  switch (static_cast<model::RowType>(type)) {
    case model::RowType::kEntity:
      return "record";
    case model::RowType::kUnique:
      return "unique";
    case model::RowType::kPosting:
      return "posting";
    case model::RowType::kPastLink:
      return "past_link";
    case model::RowType::kList:
      return "list";
    case model::RowType::kSort:
      return "sort";
    case model::RowType::kWord:
      return "word";
    case model::RowType::kCounter:
      return "counter";
    case model::RowType::kLive:
      return "live";
    case model::RowType::kHistory:
      return "history";
    case model::RowType::kAudit:
      return "audit";
    case model::RowType::kIdempotency:
      return "idempotency";
    case model::RowType::kExpiry:
      return "expiry";
    case model::RowType::kDeletion:
      return "deletion";
    case model::RowType::kAuditIndex:
      return "audit_index";
    case model::RowType::kTimeline:
      return "timeline";
    case model::RowType::kHead:
      return "head";
  }
  return "other";
}

void print(const std::string& name, const domain::Events& events, const domain::LayerRows::Changes& changes) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> types;
  std::size_t bytes = 0;
  for (const auto& [key, value] : changes) {
    const std::size_t size = kWorkspaceBytes + key.size() + (value ? value->size() : 0);
    auto& [count, sum] = types[name_of(key.front())];
    ++count;
    sum += size;
    bytes += size;
  }
  std::printf("%s %zu %zu %zu", name.c_str(), changes.size(), bytes, events.size());
  for (const auto& [type, counted] : types) std::printf(" %s:%zu:%zu", type.c_str(), counted.first, counted.second);
  std::printf("\n");
}

/// A workspace with an owner, who does everything in it.
class Workspace {
 public:
  Workspace() {
    owner_ = example_.new_id();
    run("", [&](const domain::View& view, const domain::Context& context) {
      return domain::begin_workspace({"Acme", "acme", "EUR", "UTC", "Ann", "ann@acme.test", owner_, {}, {}, {}}, view,
                                     context);
    });
    domain::Actor actor;
    actor.id = owner_;
    example_.acts(actor, owner_);
  }

  const model::Uuid& owner() const { return owner_; }

  /// Decides, folds, and prints what the fold wrote; an empty name prints nothing. The id of the last event's record.
  model::Uuid run(const char* name, const cli::ExampleWorkspace::Decide& decide) {
    name_ = name;
    return example_.happen("POST /v1/contacts", decide).back().id;
  }

  template <typename T>
  model::Uuid create(const char* name, const T& record) {
    return run(name, [&](const domain::View& view, const domain::Context& context) -> domain::Result<domain::Events> {
      auto event = domain::create(domain::kind_of<T>(), record.SerializeAsString(), view, context);
      if (!event) return std::unexpected(std::move(event.error()));
      return domain::Events{std::move(*event)};
    });
  }

 private:
  std::string name_;
  cli::ExampleWorkspace example_{[this](const domain::Events& events, const domain::LayerRows::Changes& changes) {
    if (!name_.empty()) print(name_, events, changes);
  }};
  model::Uuid owner_;
};

v1::CreateContact contact_of_25_fields(const model::Uuid& owner, int number) {
  v1::CreateContact command;
  v1::Contact& c = *command.mutable_record();
  c.set_first_name("Clafri");
  c.set_last_name("Marnosa");
  c.set_email("clafri.marnosa." + std::to_string(number) + "@example.com");
  c.set_phone("+49 30 1234567");
  c.set_job_title("Head of Procurement");
  c.set_type(v1::Contact::TYPE_CUSTOMER);
  c.set_status("lead");
  c.set_source(v1::Contact::SOURCE_FORM);
  c.set_lead_source("Trade fair in spring");
  c.set_company_name("Company " + std::to_string(number / 20) + " Ltd");
  c.set_industry("Mechanical engineering");
  c.set_company_size("51-200");
  c.set_timezone("Europe/Berlin");
  c.set_notes(std::string(110, 'n'));
  c.set_address_line1("Unter den Linden 77");
  c.set_address_line2("Third floor, left");
  c.set_city("Berlin");
  c.set_state("Berlin");
  c.set_postal_code("10117");
  c.set_country("Germany");
  c.set_owner_id(std::string(owner.view()));
  c.set_portal_user_id("portal-user-" + std::to_string(number));
  c.set_birth_month(4);
  c.set_birth_day(17);
  command.add_tags("newsletter");
  return command;
}

v1::CreateDeal deal_of(const model::Uuid& contact, const model::Uuid& owner) {
  v1::CreateDeal command;
  v1::Deal& deal = *command.mutable_record();
  command.set_stage("lead");
  deal.set_title("Order 4711");
  deal.set_value(471100);
  deal.set_currency("EUR");
  deal.set_contact_id(std::string(contact.view()));
  deal.set_owner_id(std::string(owner.view()));
  return command;
}

void print_all() {
  Workspace workspace;
  const auto add_contact = [&](const char* name, int number) {
    return workspace.run(name, [&](const domain::View& view, const domain::Context& context) {
      return domain::create_contact(contact_of_25_fields(workspace.owner(), number), view, context);
    });
  };
  add_contact("contact_and_company_and_tag", 0);
  const model::Uuid contact = add_contact("contact", 1);
  const std::string contact_id(contact.view());
  v1::Company company;
  company.set_name("Northwind");
  workspace.create("company", company);
  const model::Uuid deal = workspace.run("deal", [&](const domain::View& view, const domain::Context& context) {
    return domain::create_deal(deal_of(contact, workspace.owner()), {}, view, context);
  });
  workspace.run("move_deal", [&](const domain::View& view, const domain::Context& context) {
    v1::MoveDeal command;
    command.set_stage("qualified");
    return domain::move_deal(deal, command, {}, view, context);
  });
  v1::Note note;
  note.set_body("Wants an offer.");
  note.set_contact_id(contact_id);
  workspace.create("note", note);
  v1::Activity activity;
  activity.set_type(v1::Activity::TYPE_CALL);
  activity.set_subject("First call");
  activity.set_contact_id(contact_id);
  activity.set_occurred_at(kStartUs);
  workspace.create("activity", activity);
  v1::Project project;
  project.set_title("Yearly plan");
  project.set_contact_id(contact_id);
  workspace.create("project", project);
  v1::Ticket ticket;
  ticket.set_subject("Cannot log in");
  ticket.set_contact_id(contact_id);
  workspace.create("ticket", ticket);
}

}  // namespace

int main() {
  try {
    print_all();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
