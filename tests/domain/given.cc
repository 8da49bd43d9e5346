#include "tests/domain/given.h"

#include <google/protobuf/text_format.h>

#include "daybook/v1/workspace.pb.h"
#include "domain/contact.h"
#include "domain/facts.h"
#include "domain/pipeline.h"

namespace daybook::domain {
namespace {

// @ada → "ada............."
std::string with_ids(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '@' || (i > 0 && text[i - 1] != ' ' && text[i - 1] != '[')) {
      out += text[i];
      continue;
    }
    std::string name;
    while (i + 1 < text.size() && (std::isalnum(static_cast<unsigned char>(text[i + 1])) != 0)) name += text[++i];
    out.append("\"").append(id(name).view()).append("\"");
  }
  return out;
}

std::string text_of(const google::protobuf::Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::string text;
  printer.PrintToString(message, &text);
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string text_of(const std::string& message_name, std::string_view bytes) {
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(message_name);
  const std::unique_ptr<google::protobuf::Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return text_of(*message);
}

std::string message_of(const Event& event) {
  for (const model::EventMessage& business : model::schema().event_messages()) {
    if (business.name == event.name) return business.message->name;
  }
  const model::Kind& kind = *model::schema().kind(event.kind);
  if (event.name == kind.deleted_event) return "daybook.v1.RecordDeleted";
  if (event.name == kind.restored_event) return "daybook.v1.RecordRestored";
  if (event.name == kind.hidden_event) return "daybook.v1.RecordHidden";
  if (event.name == kind.unlinked_event) return "daybook.v1.RecordUnlinked";
  if (event.name == kind.shown_event) return "daybook.v1.RecordShown";
  if (event.name == kind.relinked_event) return "daybook.v1.RecordRelinked";
  return kind.message->name;
}

std::string text_of(const Events& events) {
  std::string text;
  for (const Event& event : events) {
    text.append("  ").append(event.name).append(" of ").append(event.id.view());
    text.append(" sealed for ").append(event.subject.view());
    text.append(" {").append(text_of(message_of(event), event.data)).append("}");
    for (const std::uint32_t field : event.cleared) text.append(" clears ").append(std::to_string(field));
    text += '\n';
  }
  return text.empty() ? "  nothing\n" : text;
}

std::string text_of(const Rejection& rejection) {
  std::string text = "  rejected: " + rejection.code + ", " + rejection.detail + "\n";
  for (const FieldError& error : rejection.errors) text += "    " + error.pointer + " " + error.code + "\n";
  return text;
}

std::string text_of(const Result<Events>& result) { return result ? text_of(*result) : text_of(result.error()); }

}  // namespace

model::Uuid id(std::string_view name) {
  std::string bytes(name);
  bytes.resize(16, '.');
  return *model::Uuid::from_bytes(bytes);
}

void read(std::string_view text, google::protobuf::Message& message) {
  if (!google::protobuf::TextFormat::ParseFromString(with_ids(text), &message)) {
    ADD_FAILURE() << "not a " << message.GetTypeName() << ": " << text;
  }
}

Outcome& Outcome::then(const Events& events, Where where) {
  if (result_ && *result_ == events) return *this;
  ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line())) << "expected\n"
                                                                    << text_of(events) << "got\n"
                                                                    << text_of(result_);
  return *this;
}

void Outcome::then_nothing(Where where) { then({}, where); }

void Outcome::then_rejected(std::string_view code, std::string_view error, Where where) {
  if (!result_ && result_.error().code == code) {
    const auto& errors = result_.error().errors;
    if (error.empty() || (!errors.empty() && errors.front().pointer + " " + errors.front().code == error)) return;
  }
  ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line()))
      << "expected\n  rejected: " << code << " " << error << "\ngot\n"
      << text_of(result_);
}

void Outcome::and_again_nothing(Where where) {
  if (!result_) return then_nothing(where);
  scene_.given(*result_);
  scene_.when(command_).then_nothing(where);
}

Scene::Scene() : workspace_{id("shop")} {
  v1::Pipeline pipeline = default_pipeline();
  Event pipe = created<v1::Pipeline>("pipe", "");
  pipe.data = pipeline.SerializeAsString();
  given({created<v1::Workspace>("shop", R"(name: "Shop" currency: "EUR" settings {
           contact_identity: CONTACT_IDENTITY_ANY contact_statuses: "LEAD" contact_statuses: "ACTIVE"
           contact_statuses: "INACTIVE" company_autocreate: true })"),
         created<v1::Member>("boss", R"(name: "Boss" email: "boss@shop.example" role: ROLE_OWNER state: STATE_ACTIVE
                                         email_key: "boss@shop.example")"),
         pipe});
}

Scene& Scene::given(const Events& events) {
  Store store(rows_, workspace_, {kNow, {Actor::Kind::kMember, id("boss")}, id("commit" + std::to_string(++commits_))});
  for (const Event& event : events) fold().apply(event, store);
  return *this;
}

Outcome Scene::when(Command command) {
  const Context context{kNow, id("now"), {Actor::Kind::kMember, id("boss")}, id("boss"), ids_};
  auto result = command(view(), context);
  return {*this, std::move(command), std::move(result)};
}

Events Scene::done(const Command& command, std::source_location where) {
  const Outcome outcome = when(command);
  if (outcome.result()) {
    given(*outcome.result());
    return *outcome.result();
  }
  ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line())) << text_of(outcome.result());
  return {};
}

std::string Scene::shown(const model::Kind& kind, const model::Uuid& record_id) const {
  const auto record = view().record(kind, record_id);
  if (!record) return "none";
  if (is_deleted(*record)) return "deleted";
  return text_of(kind.message->name, model::overlay(*record, {}, {1}));
}

Command create_contact(std::string_view text) {
  return [command = message<v1::CreateContact>(text)](const View& view, const Context& context) {
    return create_contact(command, view, context);
  };
}

Command update_contact(std::string_view name, std::string_view set, std::vector<std::uint32_t> cleared) {
  const model::Patch patch{message<v1::Contact>(set).SerializeAsString(), std::move(cleared)};
  return [contact = id(name), patch](const View& view, const Context& context) {
    return update_contact(contact, patch, view, context);
  };
}

Command update_record(const model::Kind& kind, std::string_view name, std::string_view set,
                      std::vector<std::uint32_t> cleared) {
  const std::unique_ptr<google::protobuf::Message> record(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(kind.message->name))
          ->New());
  read(set, *record);
  const model::Patch patch{record->SerializeAsString(), std::move(cleared)};
  return
      [&kind, target = id(name), patch](const View& view, const Context&) { return update(kind, target, patch, view); };
}

}  // namespace daybook::domain
