#include "api/documents.h"

#include <gtest/gtest.h>

namespace daybook::api {
namespace {

TEST(Documents, HaveTheMediaTypeOfTheirPath) {
  const Documents documents = documents_of({{"asyncapi.yaml", ""},
                                            {"samples/deal.won.event.json", ""},
                                            {"samples/deal.won.value.json", ""},
                                            {"schemas/deal.won.json", ""},
                                            {"something", ""}});
  EXPECT_EQ(documents.at("asyncapi.yaml").media_type, "application/yaml");
  EXPECT_EQ(documents.at("samples/deal.won.event.json").media_type, "application/cloudevents+json");
  EXPECT_EQ(documents.at("samples/deal.won.value.json").media_type, "application/json");
  EXPECT_EQ(documents.at("schemas/deal.won.json").media_type, "application/schema+json");
  EXPECT_EQ(documents.at("something").media_type, "application/octet-stream");
}

TEST(Documents, HaveAnETagOfTheirText) {
  const Documents documents = documents_of({{"a", "one"}, {"b", "one"}, {"c", "two"}});
  EXPECT_EQ(documents.at("a").etag, "\"7692c3ad3540bb803c020b3aee66cd88\"");  // of its SHA-256
  EXPECT_EQ(documents.at("b").etag, documents.at("a").etag);
  EXPECT_NE(documents.at("c").etag, documents.at("a").etag);
}

}  // namespace
}  // namespace daybook::api
