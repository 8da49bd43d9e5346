#include "api/command.h"

#include "api/event_json.h"
#include "api/nodes/hand_on.h"
#include "api/render.h"
#include "api/server/separated.h"
#include "domain/workspace.h"
#include "eventstore/seal.h"
#include "model/row_key.h"
#include "model/text.h"
#include "projections/history.h"

namespace daybook::api {
namespace {

constexpr std::size_t kEventsShown = 100;  // of a dry run

// An Idempotency-Key, bare or as a structured-field string (draft-ietf-httpapi-idempotency-key-header).
std::optional<std::string> idempotency_key(std::string_view header) {
  if (header.size() >= 2 && header.front() == '"' && header.back() == '"') header = header.substr(1, header.size() - 2);
  if (header.empty() || header.size() > 255) return std::nullopt;
  for (const char c : header) {
    if (c < 0x20 || c > 0x7E) return std::nullopt;
  }
  return std::string(header);
}

std::string hashed(const Service& service, std::initializer_list<std::string_view> pieces) {
  std::string text;
  for (const std::string_view piece : pieces) text.append(std::to_string(piece.size())).append(":").append(piece);
  const eventstore::Hash hash = eventstore::keyed_hash(service.request_key, text);
  return std::string(eventstore::view(hash));
}

std::string joined(std::string_view a, std::string_view b) {
  return a.empty() || b.empty() ? std::string(a) + std::string(b) : std::string(a) + "," + std::string(b);
}

// The record that an answer shows, as of its commit; the rows around it are the newest.
std::string body_of(const domain::RowReader& rows, const eventstore::Answer& answer, const std::string& record,
                    const std::string& extra) {
  if (answer.kind == 0) return extra.empty() ? std::string() : "{" + extra + "}";
  return record_json(rows, *model::schema().kind(answer.kind), answer.id, record, {{}, false, extra});
}

void answer_with_record(Call& call, const eventstore::Outcome& outcome, const CommandOptions& options) {
  const bool replayed = outcome.kind == eventstore::Outcome::Kind::kReplayed;
  const auto rows = call.rows();
  const eventstore::Answer& answer = outcome.answer;
  const auto record = answer.kind == 0 ? std::optional<std::string>("")
                      : outcome.record ? outcome.record
                                       : projections::record_as_of(*rows, answer.id, outcome.position);
  Response response;
  response.status = answer.status;
  response.set_header("Daybook-Position", std::to_string(outcome.position));
  if (replayed) response.set_header("Idempotency-Replayed", "true");
  if (answer.status != 204 && record) {
    const std::string& once = replayed ? options.blank_on_replay : options.shown_once;
    response.set_header("Content-Type", "application/json");
    response.body = body_of(*rows, answer, *record, joined(answer.extra, once));
    if (answer.kind != 0) response.set_header("ETag", etag_of(*record));
  }
  if (answer.status == 201 && answer.kind != 0) {
    response.set_header("Location", "/v1/" + model::schema().kind(answer.kind)->plural + "/" + answer.id.text());
  }
  call.reply(std::move(response));
}

// The errors of the body's fields, and those that the decision found in the others.
void answer_refused(Call& call, const eventstore::Outcome& outcome) {
  domain::Rejection refused = *call.refused_fields();
  for (const domain::FieldError& error : outcome.rejection.errors) {
    const auto same = [&](const domain::FieldError& other) { return other.pointer == error.pointer; };
    if (refused.errors.size() < domain::kErrorLimit && std::ranges::none_of(refused.errors, same)) {
      refused.errors.push_back(error);
    }
  }
  call.reject(refused);
}

// Nothing was done here, for another node has taken the partition meanwhile: the command is that one's now.
bool pass_on(const Call& call) {
  return hand_on(call.service(), {call.shared_exchange(), &call.route(), call.workspace(), call.tracing()});
}

void answer(Call& call, const eventstore::Outcome& outcome, const CommandOptions& options) {
  if (call.refused_fields()) return answer_refused(call, outcome);
  switch (outcome.kind) {
    case eventstore::Outcome::Kind::kCommitted:
    case eventstore::Outcome::Kind::kUnchanged:
    case eventstore::Outcome::Kind::kReplayed:
      return answer_with_record(call, outcome, options);
    case eventstore::Outcome::Kind::kDryRun:
      return answer_dry_run(call, outcome);
    case eventstore::Outcome::Kind::kUnavailable:
      if (pass_on(call)) return;
      [[fallthrough]];
    default:
      return call.reject(outcome.rejection);
  }
}

// RFC 9110 §13.1.1: any of the listed tags, or `*`; a weak tag never matches here.
bool matches(std::string_view header, std::string_view etag) {
  while (!header.empty()) {
    const auto end = std::min(header.find(','), header.size());
    std::string_view tag = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (tag.starts_with(' ') || tag.starts_with('\t')) tag.remove_prefix(1);
    while (tag.ends_with(' ') || tag.ends_with('\t')) tag.remove_suffix(1);
    if (tag == "*" || tag == etag) return true;
  }
  return false;
}

// RFC 9110 §8.8.3 and §13.1.1: entity tags with commas between, or `*`.
bool is_version_list(std::optional<std::string_view> header) {
  if (!header || *header == "*") return true;
  std::string_view rest = *header;
  do {
    std::string_view tag = model::trim(take_until(',', rest));
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag.size() < 2 || !tag.starts_with('"') || !tag.ends_with('"')) return false;
    if (tag.substr(1, tag.size() - 2).contains('"')) return false;
  } while (!rest.empty());
  return true;
}

DecideCommand checking_version(const Call& call, DecideCommand decide, const CommandOptions& options) {
  const std::string if_match = if_match_of(call);
  if (if_match.empty() || options.target == nullptr) return decide;
  return [decide = std::move(decide), if_match, kind = options.target, id = options.target_id](
             const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
    // What is not there is answered as such.
    if (view.record(*kind, id)) {
      if (auto moved_on = match_version(if_match, *kind, id, view)) return std::unexpected(std::move(*moved_on));
    }
    return decide(view, context);
  };
}

bool set_idempotency(Call& call, eventstore::Submission& submission) {
  const auto header = call.request().header("Idempotency-Key");
  if (!header || submission.dry_run) return true;
  const auto key = idempotency_key(*header);
  if (!key) {
    call.reject_parameter("Idempotency-Key", "An Idempotency-Key has 1 to 255 printable ASCII characters.");
    return false;
  }
  const Request& request = call.request();
  submission.idempotency =
      eventstore::Idempotency{call.principal().actor.id, hashed(call.service(), {*key}),
                              hashed(call.service(), {request.method, request.path, request.query, request.body})};
  return true;
}

// Of commands that take no body: every field of one is unknown.
const model::Message& no_fields() {
  static const model::Message kMessage = [] {
    model::Message message;
    message.by_number.fill(-1);
    return message;
  }();
  return kMessage;
}

bool is_json(std::string_view type) {
  const std::string_view media = type.substr(0, type.find_first_of("; \t"));
  return equals_ignoring_case(media, "application/json") || (media.size() > 5 && media.ends_with("+json"));
}

}  // namespace

void answer_dry_run(Call& call, const eventstore::Outcome& outcome) {
  const auto rows = call.rows();
  domain::LayerRows layer(*rows);
  if (outcome.changes) domain::keep(*outcome.changes, layer);
  std::string events;
  for (std::size_t i = 0; i < outcome.events.size() && i < kEventsShown; ++i) {
    const domain::Event& event = outcome.events[i];
    const std::string key = model::entity_key(event.kind, event.id);
    events += (i == 0 ? "" : ",") + planned_event_json(layer, call.workspace(), event, rows->get(key).value_or(""),
                                                       layer.get(key).value_or(""));
  }
  std::string result;
  if (outcome.answer.kind == 0) {
    result = body_of(layer, outcome.answer, {}, outcome.answer.extra);
  } else if (const auto record = layer.get(model::entity_key(outcome.answer.kind, outcome.answer.id))) {
    result = body_of(layer, outcome.answer, *record, outcome.answer.extra);
  }
  call.reply_json(200,
                  "{\"dry_run\":true,\"events\":[" + events + "],\"event_count\":" +
                      std::to_string(outcome.events.size()) + ",\"result\":" + (result.empty() ? "null" : result) + "}",
                  outcome.position);
}

std::optional<domain::Rejection> match_version(const std::string& if_match, const model::Kind& kind,
                                               const model::Uuid& id, const domain::View& view) {
  if (if_match.empty()) return std::nullopt;
  const auto record = view.record(kind, id);
  const std::string etag = record ? etag_of(*record) : std::string("none");
  if (record && matches(if_match, etag)) return std::nullopt;
  return domain::Rejection{"version_mismatch",
                           "The record has changed; its version is " + etag + ". Read it and try again."};
}

std::string if_match_of(const Call& call) {
  return std::string(call.request().header("If-Match").value_or(std::string_view{}));
}

std::optional<eventstore::Submission> make_submission(Call& call) {
  if (call.has_unread_body() && !read_body(call, no_fields(), {})) return std::nullopt;
  eventstore::Submission submission;
  submission.has_client = true;
  submission.workspace = call.workspace();
  submission.actor = call.principal().actor;
  submission.member = call.principal().member;
  submission.origin = call.route().method + " " + call.route().pattern;
  submission.request_id = call.request_id();
  submission.traceparent = call.traceparent();
  submission.dry_run = call.flag("dry_run") || call.refused_fields().has_value();
  if (!is_version_list(call.request().header("If-Match"))) {
    call.reject_parameter("If-Match",
                          "If-Match is an ETag as answers have it, such as \"7\", or several with commas, or *.");
    return std::nullopt;
  }
  if (!set_idempotency(call, submission)) return std::nullopt;
  return submission;
}

void run_command(const Call& original, DecideCommand decide, CommandOptions options) {
  Call call = original;
  auto made = make_submission(call);
  if (!made) return;
  eventstore::Submission& submission = *made;
  submission.decide = [decide = checking_version(call, std::move(decide), options)](
                          const domain::View& view,
                          const domain::Context& context) -> domain::Result<eventstore::Decision> {
    auto decided = decide(view, context);
    if (!decided) return std::unexpected(std::move(decided.error()));
    return eventstore::Decision{std::move(decided->events),
                                {decided->status, decided->kind == nullptr ? 0 : decided->kind->number, decided->id,
                                 std::move(decided->extra)}};
  };
  // The applier only hands the outcome over; the connection's own thread reads the state and writes the answer.
  submission.done = [call, options = std::move(options)](eventstore::Outcome outcome) {
    call.exchange().post([call, options, outcome = std::move(outcome)]() mutable { answer(call, outcome, options); });
  };
  call.service().writers.submit(std::move(submission));
}

std::optional<CommandInput> read_body(Call& call, const model::Message& message, const ReadOptions& options) {
  auto input = read_fields(call, message, options);
  if (!call.refused_fields()) return input;
  call.reject(*call.refused_fields());
  return std::nullopt;
}

std::optional<CommandInput> read_fields(Call& call, const model::Message& message, const ReadOptions& options) {
  call.body_was_read();
  const auto type = call.request().header("Content-Type");
  const auto coding = call.request().header("Content-Encoding");
  if ((type && !is_json(*type)) || (coding && !equals_ignoring_case(*coding, "identity"))) {
    call.reject("unsupported_media_type", "Send the body as application/json, without a Content-Encoding.");
    return std::nullopt;
  }
  CommandInput readable;
  auto input = read_object(message, call.request().body, options, &readable);
  if (input) return std::move(*input);
  if (input.error().errors.empty()) {
    call.reject(input.error());
    return std::nullopt;
  }
  call.refuse_fields(std::move(input.error()));
  return readable;
}

std::string workspace_currency(const Call& call) {
  const auto rows = call.rows();
  return domain::workspace_of(domain::View(*rows, call.workspace())).currency();
}

}  // namespace daybook::api
