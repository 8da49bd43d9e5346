#include "api/metrics/metrics_text.h"

#include <gtest/gtest.h>

#include "api/metrics/http_figures.h"

namespace daybook::api {
namespace {

TEST(MetricsText, WritesSamplesWithTheirLabels) {
  MetricsText text;
  text.begin("mails_total", MetricsText::Type::kCounter, "Mails.");
  text.sample(3, {{"outcome", "sent"}, {"by", "a\"b\\c"}});
  text.gauge("queue", "Waiting.", 7);
  EXPECT_EQ(text.take(),
            "# HELP mails_total Mails.\n# TYPE mails_total counter\n"
            "mails_total{outcome=\"sent\",by=\"a\\\"b\\\\c\"} 3\n"
            "# HELP queue Waiting.\n# TYPE queue gauge\nqueue 7\n");
}

TEST(MetricsText, WritesAHistogramInItsUnit) {
  eventstore::Histogram histogram({1'000, 10'000});
  for (const std::uint64_t value : {500ULL, 1'000ULL, 5'000ULL, 20'000ULL}) histogram.observe(value);
  MetricsText text;
  text.begin("took_seconds", MetricsText::Type::kHistogram, "Time.");
  text.histogram(histogram.read(), 1e-6, {{"route", "/x"}});
  EXPECT_EQ(text.take(),
            "# HELP took_seconds Time.\n# TYPE took_seconds histogram\n"
            "took_seconds_bucket{route=\"/x\",le=\"0.001\"} 2\n"
            "took_seconds_bucket{route=\"/x\",le=\"0.01\"} 3\n"
            "took_seconds_bucket{route=\"/x\",le=\"+Inf\"} 4\n"
            "took_seconds_sum{route=\"/x\"} 0.0265\n"
            "took_seconds_count{route=\"/x\"} 4\n");
}

TEST(HttpFigures, CountsByRouteAndClassOfStatus) {
  const std::vector<Route> routes{{"GET", "/v1/things/{id}", "any", {}}};
  HttpFigures figures(routes);
  figures.answered(&routes[0], 200, std::chrono::microseconds(700));
  figures.answered(&routes[0], 404, std::chrono::microseconds(10));
  figures.answered(nullptr, 404, std::chrono::microseconds(10));
  figures.refused();
  MetricsText out;
  figures.write(out);
  const std::string text = out.take();
  for (const char* line :
       {"daybook_http_requests_total{method=\"GET\",route=\"/v1/things/{id}\",status=\"2xx\"} 1\n",
        "daybook_http_requests_total{method=\"GET\",route=\"/v1/things/{id}\",status=\"4xx\"} 1\n",
        "daybook_http_requests_total{method=\"any\",route=\"none\",status=\"4xx\"} 1\n",
        "daybook_http_request_seconds_bucket{method=\"GET\",route=\"/v1/things/{id}\",le=\"0.0005\"} 1\n",
        "daybook_http_request_seconds_count{method=\"GET\",route=\"/v1/things/{id}\"} 2\n",
        "daybook_http_refused_total 1\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

}  // namespace
}  // namespace daybook::api
