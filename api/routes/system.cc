#include "api/routes/system.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "api/call.h"
#include "api/metrics/http_figures.h"
#include "api/render.h"

namespace daybook::api {
namespace {

Response plain(unsigned status, std::string body) {
  Response response;
  response.status = status;
  response.set_header("Content-Type", "application/json");
  response.set_header("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

void reply_plain(Call& call, unsigned status, std::string body) { call.reply(plain(status, std::move(body))); }

void livez(Call& call) { reply_plain(call, 200, "{\"status\":\"ok\"}"); }

std::string state(std::string_view word, std::string_view more = {}) {
  return "{\"state\":" + json_string(word) + (more.empty() ? "" : ",") + std::string(more) + "}";
}

std::string number(std::string_view name, std::uint64_t value) {
  return json_string(name) + ":" + std::to_string(value);
}

// One server is of no use while what is pending is in doubt. A node is: the doubt is about single partitions, and is
// over with a claim, as whenever one passes to another node.
std::string_view log_state(const eventstore::WriterFigures& figures, bool is_node) {
  if (figures.has_failed || figures.health == eventstore::Health::kReadOnly) return "failed";
  if (figures.health == eventstore::Health::kUnreachable) return "unreachable";
  if (figures.is_in_doubt && !is_node) return "unreachable";
  return figures.stands_by ? "replaced" : "ok";
}

// Of this node in a partition. It is taking over from when it is to have the partition, and while a new claim settles
// what is pending.
std::string_view role(const eventstore::WriterFigures& figures) {
  if (figures.stands_by) return figures.is_in_doubt ? "taking_over" : "standing_by";
  return figures.takes_commands ? "owner" : "taking_over";
}

std::string partitions_json(const eventstore::Writers& writers) {
  std::string all;
  for (std::uint32_t partition = 0; partition < writers.partition_count(); ++partition) {
    const eventstore::Writer& writer = writers.of_partition(partition);
    const auto figures = writer.figures();
    const std::string owner = writer.owner_address();
    all += (all.empty() ? "{" : ",{") + number("partition", partition) + ",\"role\":" + json_string(role(figures)) +
           ",\"owner\":" + (owner.empty() ? "null" : json_string(owner)) + "," +
           number("applied_offset", figures.applied_offset) + "," + number("end_offset", figures.log_end) + "}";
  }
  return "[" + all + "]";
}

// Of several nodes one that stands by is ready: it answers reads, and hands commands on to an owner that it knows. That
// is no other node under its own address.
bool has_owners(const Service& service) {
  for (std::uint32_t partition = 0; partition < service.writers.partition_count(); ++partition) {
    const auto claim = service.writers.of_partition(partition).last_claim();
    if (claim.node_address.empty() || (claim.node_address == service.node_url && !claim.is_own)) return false;
  }
  return true;
}

// By which others see that it is this node that they reached, and whether it goes with them.
std::string node_json(const Service& service) {
  std::string settings;
  for (const auto& [name, digest] : service.digests) {
    settings += (settings.empty() ? "" : ",") + json_string(name) + ":" + json_string(digest);
  }
  return "{\"url\":" + json_string(service.node_url) + ",\"instance\":" + json_string(service.instance.text()) +
         ",\"settings\":{" + settings + "}}";
}

// As RFC 9110, 5.6.7 wants it: by it the clocks of nodes are compared.
std::string http_date(std::int64_t time_us) {
  const std::time_t time = time_us / 1'000'000;
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

// 503 whenever no command would be taken, so that a load balancer sends nothing more. A damaged workspace stops alone.
void readyz(Call& call) {
  using eventstore::Health;
  const eventstore::WriterFigures figures = call.service().writers.figures();
  const bool stopping = call.service().is_leaving();
  const bool is_node = call.service().forwarder != nullptr;
  std::string_view log = log_state(figures, is_node);
  if (log == "replaced" && is_node) log = has_owners(call.service()) ? "ok" : "no_owner";
  const bool disk_ok = figures.health != Health::kDiskFull;
  const bool ready = !stopping && log == "ok" && disk_ok;
  const std::uint64_t lag = figures.log_end - std::min(figures.applied_offset, figures.log_end);
  const std::string damaged = number("damaged", figures.damaged_workspaces);
  std::string checks = "\"log\":" + state(log, number("end_offset", figures.log_end));
  checks += ",\"read_models\":" + state("ok", number("applied_offset", figures.applied_offset));
  checks += ",\"lag\":" + state(lag == 0 ? "ok" : "behind", number("records", lag));
  checks += ",\"disk\":" + state(disk_ok ? "ok" : "full");
  checks += ",\"workspaces\":" + state(figures.damaged_workspaces == 0 ? "ok" : "damaged", damaged);
  const std::string word = stopping ? "stopping" : ready ? "ok" : "unavailable";
  std::string of_node;
  if (is_node) {
    of_node = ",\"node\":" + node_json(call.service()) + ",\"partitions\":" + partitions_json(call.service().writers);
  }
  Response response =
      plain(ready ? 200 : 503, "{\"status\":" + json_string(word) + ",\"checks\":{" + checks + "}" + of_node + "}");
  response.set_header("Date", http_date(call.service().clock_us()));
  call.reply(std::move(response));
}

void metrics(Call& call) {
  MetricsText text;
  call.service().http->write(text);
  if (call.service().write_more_metrics) call.service().write_more_metrics(text);
  Response response;
  response.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.set_header("Cache-Control", "no-store");
  response.body = text.take();
  call.reply(std::move(response));
}

void version(Call& call) { reply_plain(call, 200, "{\"version\":" + json_string(call.service().version) + "}"); }

}  // namespace

std::vector<Route> system_routes() {
  return {
      {"GET", "/livez", "public", livez},
      {"GET", "/readyz", "public", readyz},
      {"GET", "/metrics", "public", metrics, "text/plain"},
      {"GET", "/version", "public", version},
  };
}

}  // namespace daybook::api
