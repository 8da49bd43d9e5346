#include <algorithm>
#include <array>

#include "api/list_names.h"
#include "api/list_parameters.h"
#include "api/page.h"
#include "api/render.h"
#include "api/routes/reads.h"
#include "daybook/v1/contact.pb.h"
#include "domain/workspace.h"
#include "model/text.h"
#include "model/time.h"
#include "projections/projector.h"
#include "projections/queries/list.h"

namespace daybook::api {
namespace {

constexpr std::size_t kGathered = 200;  // newest matches of each kind that are ranked
constexpr std::size_t kHits = 20;
constexpr std::size_t kMostWords = 20;

struct Hit {
  const model::Kind* kind = nullptr;
  model::Uuid id;
  std::string title;
  std::int64_t updated_us = 0;
  int rank = 0;  // 0: it is called exactly that; 1: its name begins so; 2: words of it do
};

std::string text_of(const model::Kind& kind, std::string_view record, std::string_view name) {
  const model::Field* field = kind.message->field(name);
  const auto bytes = field == nullptr ? std::nullopt : model::get_bytes(record, field->number);
  return bytes ? std::string(*bytes) : std::string();
}

// What people call a record.
std::string title_of(const model::Kind& kind, std::string_view record) {
  for (const char* name : {"title", "name", "subject"}) {
    if (std::string text = text_of(kind, record, name); !text.empty()) return text;
  }
  std::string name = text_of(kind, record, "first_name");
  const std::string last = text_of(kind, record, "last_name");
  name += name.empty() || last.empty() ? last : " " + last;
  return name.empty() ? text_of(kind, record, "email") : name;
}

int rank_of(const model::Kind& kind, std::string_view record, const std::string& title, const std::string& wanted) {
  const std::string folded = model::fold(title);
  if (folded == wanted || model::fold(text_of(kind, record, "email")) == wanted) return 0;
  return folded.starts_with(wanted) ? 1 : 2;
}

// Whether the caller may list the kind: as the routing table says for its plural.
bool may_read(const Call& call, const model::Kind& kind, const v1::Settings& settings) {
  const std::string pattern = "/v1/" + kind.plural;
  const auto& routes = call.service().router->routes();
  return std::any_of(routes.begin(), routes.end(), [&](const Route& route) {
    return route.method == "GET" && route.pattern == pattern &&
           domain::allows(call.principal().access, route.scope, settings);
  });
}

std::vector<Hit> find_hits(const Call& call, const domain::RowReader& rows, const std::string& q) {
  const auto settings = domain::settings_of(domain::View(rows, call.workspace()));
  const std::string wanted = model::fold(q);
  std::vector<Hit> hits;
  for (const model::Kind& kind : model::schema().kinds()) {
    if (!is_searchable(kind) || !may_read(call, kind, settings)) continue;
    projections::ListRequest request;
    request.kind = &kind;
    request.words = model::query_words(q);
    request.descending = true;
    request.limit = kGathered;
    for (const auto& item : projections::list(rows, request).items) {
      std::string title = title_of(kind, item.record);
      const int rank = rank_of(kind, item.record, title, wanted);
      hits.push_back({&kind, item.id, std::move(title), domain::meta_of(item.record).updated_at(), rank});
    }
  }
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    return a.updated_us != b.updated_us ? a.updated_us > b.updated_us : a.id > b.id;
  });
  if (hits.size() > kHits) hits.resize(kHits);
  return hits;
}

std::string hit_json(const Hit& hit) {
  return "{\"kind\":" + json_string(hit.kind->name) + ",\"id\":" + json_string(hit.id.text()) +
         ",\"title\":" + json_string(hit.title) +
         ",\"href\":" + json_string("/v1/" + hit.kind->plural + "/" + hit.id.text()) +
         ",\"updated_at\":" + json_string(model::format_time(hit.updated_us)) + "}";
}

}  // namespace

void get_search(Call& call) {
  if (!call.allow_parameters({"q"})) return;
  const std::string q = call.parameter("q").value_or("");
  const std::size_t words = model::query_words(q).size();
  if (words == 0 || words > kMostWords) return call.reject_parameter("q", "q takes 1 to 20 words.");
  const auto rows = call.rows();
  std::string data;
  for (const Hit& hit : find_hits(call, *rows, q)) data.append(data.empty() ? "" : ",").append(hit_json(hit));
  call.reply_json(200, "{\"data\":[" + data + "]}", projections::read_head(*rows).last_position());
}

}  // namespace daybook::api
