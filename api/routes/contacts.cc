#include "api/routes/contacts.h"

#include <algorithm>

#include "api/command.h"
#include "api/render.h"
#include "api/routes/records.h"
#include "daybook/v1/company.pb.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/work.pb.h"
#include "domain/contact.h"
#include "domain/facts.h"
#include "domain/merge.h"
#include "model/text.h"
#include "model/wire.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

const model::Kind& contacts() { return domain::kind_of<v1::Contact>(); }

domain::Result<Decided> shown(domain::Result<domain::Events> events, const model::Uuid& id, unsigned status = 200) {
  if (!events) return std::unexpected(std::move(events.error()));
  return Decided{std::move(*events), status, &contacts(), id, {}};
}

// The record that a decision created: the one of its contact.created.
model::Uuid created_contact(const domain::Events& events) {
  for (const domain::Event& event : events) {
    if (event.name == contacts().created_event) return event.id;
  }
  return {};
}

v1::CreateContact as_command(const CommandInput& input) {
  auto command = domain::parse<v1::CreateContact>(input.own);
  command.mutable_record()->ParseFromString(input.record);
  return command;
}

void run_create(Call& call, v1::CreateContact command) {
  run_command(call, [command = std::move(command)](const domain::View& view, const domain::Context& context) {
    auto events = domain::create_contact(command, view, context);
    const model::Uuid id = events ? created_contact(*events) : model::Uuid{};
    return shown(std::move(events), id, 201);
  });
}

std::optional<v1::CreateContact> read_create(Call& call) {
  if (!call.allow_parameters({})) return std::nullopt;
  const auto input =
      read_fields(call, *model::schema().message("daybook.v1.CreateContact"), {ReadMode::kCreate, {}, {}, nullptr});
  if (!input) return std::nullopt;
  return as_command(*input);
}

void create(Call& call) {
  if (auto command = read_create(call)) run_create(call, std::move(*command));
}

// The same with the company of the path, which a body may name again but not contradict.
void create_in_company(Call& call) {
  const auto rows = call.rows();
  const auto company = find_record(call, domain::kind_of<v1::Company>(), *rows);
  if (!company) return;
  auto command = read_create(call);
  if (!command) return;
  v1::Contact& record = *command->mutable_record();
  if (record.has_company_id() && record.company_id() != company->id.view()) {
    return call.reject(domain::invalid("/company_id", "invalid_value", "The path names another company.").error());
  }
  record.set_company_id(std::string(company->id.view()));
  run_create(call, std::move(*command));
}

void update(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto id = call.id();
  if (!id) return call.not_found();
  auto patch = read_patch(call, contacts(), *id);
  if (!patch) return;
  run_command(call,
              [id = *id, patch = std::move(*patch)](const domain::View& view, const domain::Context& context) {
                return shown(domain::update_contact(id, patch, view, context), id);
              },
              {&contacts(), *id, {}, {}});
}

void get_by_email(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto rows = call.rows();
  const auto id = domain::find_contact(call.value(0), domain::View(*rows, call.workspace()));
  if (!id) return call.reject("not_found", "No contact has this e-mail address.");
  const auto record = domain::View(*rows, call.workspace()).record(contacts(), *id);
  Response response;
  response.set_header("Content-Type", "application/json");
  response.set_header("Daybook-Position", std::to_string(projections::read_head(*rows).last_position()));
  response.set_header("ETag", etag_of(*record));
  response.body = record_json(*rows, contacts(), *id, *record);
  call.reply(std::move(response));
}

// The path names the contact: a body that says another address, or none, would mean two.
void refuse_other_address(Call& call, const CommandInput& input) {
  const auto email = model::get_bytes(input.own, v1::Contact::kEmailFieldNumber);
  const bool same = email && model::email_key(*email) == model::email_key(call.value(0));
  const bool cleared = std::ranges::find(input.cleared, v1::Contact::kEmailFieldNumber) != input.cleared.end();
  if (same || (!email && !cleared)) return;
  domain::Rejection refusal = call.refused_fields().value_or(
      domain::Rejection{"validation_failed", "The body has fields that cannot be taken."});
  refusal.errors.push_back(
      {"/email", "invalid_value", "The path names another e-mail address; PATCH /v1/contacts/{id} changes it."});
  call.refuse_fields(std::move(refusal));
}

// PUT: the contact of this address is updated (absent fields keep), or created.
void upsert(Call& call) {
  if (!call.allow_parameters({})) return;
  if (!model::email_key(call.value(0))) {
    return call.reject(domain::invalid("/email", "invalid_email", "The path holds no e-mail address.").error());
  }
  auto input = read_fields(call, *contacts().message, {ReadMode::kUpdate, {}, {}, nullptr});
  if (!input) return;
  refuse_other_address(call, *input);
  run_command(call,
              [email = call.value(0), patch = model::Patch{input->own, input->cleared}, if_match = if_match_of(call)](
                  const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                const auto found = domain::find_contact(email, view);
                const model::Uuid target = found.value_or(model::Uuid{});
                if (auto moved_on = match_version(if_match, contacts(), target, view))
                  return std::unexpected(std::move(*moved_on));
                if (found) return shown(domain::update_contact(*found, patch, view, context), *found);
                v1::CreateContact command;
                command.mutable_record()->ParseFromString(patch.set);
                if (!command.record().has_email()) command.mutable_record()->set_email(email);
                auto events = domain::create_contact(command, view, context);
                const model::Uuid id = events ? created_contact(*events) : model::Uuid{};
                return shown(std::move(events), id, 201);
              });
}

using ChangeContact = domain::Result<domain::Events> (*)(const model::Uuid&, const std::string&, const domain::View&,
                                                         const domain::Context&);

// A change named by one text, from the path or from the body's only member.
void change(Call& call, std::string text, ChangeContact decide) {
  const auto id = call.id();
  if (!id) return call.not_found();
  run_command(call,
              [id = *id, text = std::move(text), decide](const domain::View& view, const domain::Context& context) {
                return shown(decide(id, text, view, context), id);
              },
              {&contacts(), *id, {}, {}});
}

std::optional<std::string> only_member(Call& call, const char* message) {
  if (!call.allow_parameters({})) return std::nullopt;
  const auto input = read_body(call, *model::schema().message(message), {ReadMode::kCommand, {}, {}, nullptr});
  if (!input) return std::nullopt;
  return std::string(model::get_bytes(input->own, 1).value_or(std::string_view{}));
}

void add_tag(Call& call) {
  auto name = only_member(call, "daybook.v1.TagContact");
  if (!name) return;
  change(call, std::move(*name),
         [](const model::Uuid& id, const std::string& tag, const domain::View& view, const domain::Context& context) {
           return domain::tag_contact(id, {tag}, view, context);
         });
}

void remove_tag(Call& call) {
  if (!call.allow_parameters({})) return;
  change(call, call.value(1),
         [](const model::Uuid& id, const std::string& tag, const domain::View& view, const domain::Context& context) {
           return domain::untag_contact(id, tag, view, context);
         });
}

void add_email(Call& call) {
  auto email = only_member(call, "daybook.v1.AddSecondaryEmail");
  if (!email) return;
  change(call, std::move(*email),
         [](const model::Uuid& id, const std::string& address, const domain::View& view,
            const domain::Context& context) { return domain::add_secondary_email(id, address, view, context); });
}

void remove_email(Call& call) {
  if (!call.allow_parameters({})) return;
  change(call, call.value(1),
         [](const model::Uuid& id, const std::string& address, const domain::View& view,
            const domain::Context& context) { return domain::remove_secondary_email(id, address, view, context); });
}

// The names of the fields that the request chose a side for.
std::map<std::string, std::string> choices_of(std::string_view fields) {
  const model::Message& message = *model::schema().message("daybook.v1.FieldChoices");
  std::map<std::string, std::string> choices;
  model::WireReader reader(fields);
  for (model::WireField wire; reader.next(wire);) {
    if (const model::Field* field = message.field(wire.number)) choices[field->name] = field->options.at(wire.varint);
  }
  return choices;
}

void merge(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto id = call.id();
  if (!id) return call.not_found();
  const auto input = read_body(call, *model::schema().message("daybook.v1.MergeContactsRequest"),
                               {ReadMode::kCommand, {}, {}, nullptr});
  if (!input) return;
  const auto body = domain::parse<v1::MergeContactsRequest>(input->own);
  domain::MergeContacts command;
  command.primary = *id;
  command.duplicate = model::Uuid::parse(body.duplicate_id()).value_or(model::Uuid{});
  command.fields = choices_of(model::get_bytes(input->own, v1::MergeContactsRequest::kFieldsFieldNumber).value_or(""));
  if (body.expected_versions().has_primary()) command.primary_version = body.expected_versions().primary();
  if (body.expected_versions().has_duplicate()) command.duplicate_version = body.expected_versions().duplicate();
  run_command(call,
              [command](const domain::View& view, const domain::Context& context) {
                return shown(domain::merge_contacts(command, view, context), command.primary);
              },
              {&contacts(), *id, {}, {}});
}

// A note on the contact of the path.
void add_note(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto id = call.id();
  if (!id) return call.not_found();
  const model::Kind& notes = domain::kind_of<v1::Note>();
  auto input = read_body(call, *notes.message, {ReadMode::kCreate, {}, {}, nullptr});
  if (!input) return;
  run_command(call,
              [id = *id, record = std::move(input->own), &notes](
                  const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                if (const auto contact = domain::find_live(contacts(), id, view); !contact)
                  return std::unexpected(contact.error());
                std::string on_contact;
                model::append_bytes_field(on_contact, v1::Note::kContactIdFieldNumber, id.view());
                auto event = domain::create(notes, model::overlay(record, on_contact, {}), view, context);
                if (!event) return std::unexpected(std::move(event.error()));
                const model::Uuid note = event->id;
                return Decided{{std::move(*event)}, 201, &notes, note, {}};
              },
              {&contacts(), *id, {}, {}});
}

}  // namespace

std::vector<Route> contact_routes() {
  return {
      {"GET", "/v1/contacts", "contacts:read", list_records("contact")},
      {"POST", "/v1/contacts", "contacts:write", create},
      {"POST", "/v1/companies/{id}/contacts", "contacts:write", create_in_company},
      {"GET", "/v1/contacts/by-email/{email}", "contacts:read", get_by_email},
      {"PUT", "/v1/contacts/by-email/{email}", "contacts:write", upsert},
      {"GET", "/v1/contacts/{id}", "contacts:read", get_record("contact")},
      {"PATCH", "/v1/contacts/{id}", "contacts:write", update},
      {"DELETE", "/v1/contacts/{id}", "contacts:write", delete_record("contact")},
      {"POST", "/v1/contacts/{id}/restore", "contacts:write", restore_record("contact")},
      {"POST", "/v1/contacts/{id}/merge", "contacts:write", merge},
      {"POST", "/v1/contacts/{id}/tags", "contacts:write", add_tag},
      {"DELETE", "/v1/contacts/{id}/tags/{name}", "contacts:write", remove_tag},
      {"POST", "/v1/contacts/{id}/secondary-emails", "contacts:write", add_email},
      {"DELETE", "/v1/contacts/{id}/secondary-emails/{email}", "contacts:write", remove_email},
      {"POST", "/v1/contacts/{id}/notes", "contacts:write", add_note},
  };
}

}  // namespace daybook::api
