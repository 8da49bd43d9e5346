#include <gtest/gtest.h>

#include "api/json/command_reader.h"

namespace daybook::api {
namespace {

std::string detail_of(std::string_view body) {
  const auto input = read_object(*model::schema().message("daybook.v1.Tag"), body, {.mode = ReadMode::kUpdate});
  if (input) return "accepted";
  return input.error().code == "malformed_json" ? input.error().detail : input.error().code;
}

std::string malformed(std::string_view where_and_why) {
  return "The body must be one JSON object: at byte " + std::string(where_and_why) + ".";
}

TEST(MalformedJson, NamesTheByteOfASyntaxError) {
  EXPECT_EQ(detail_of(R"({"name":"a",})"), malformed("12, syntax error"));
}
TEST(MalformedJson, IsAnEmptyBody) { EXPECT_EQ(detail_of(""), malformed("0, it ends too early")); }
TEST(MalformedJson, IsACutOffBody) { EXPECT_EQ(detail_of(R"({"name":"a")"), malformed("11, it ends too early")); }
TEST(MalformedJson, IsTextBehindTheObject) {
  EXPECT_EQ(detail_of("{} x"), malformed("3, something stands behind the object"));
}
TEST(MalformedJson, IsNotWhiteSpaceAround) { EXPECT_EQ(detail_of(" \r\n{} \t"), "accepted"); }

TEST(MalformedJson, IsAnythingButAnObject) {
  EXPECT_EQ(detail_of("[]"), malformed("0, it is not an object"));
  EXPECT_TRUE(detail_of("\"a\"").ends_with("it is not an object."));
  EXPECT_TRUE(detail_of("1 ").ends_with("it is not an object."));
  EXPECT_TRUE(detail_of("null").ends_with("it is not an object."));
  EXPECT_TRUE(detail_of("true").ends_with("it is not an object."));
}

TEST(MalformedJson, IsAKnownKeyTwice) {
  EXPECT_TRUE(detail_of(R"({"name":"a","name":"b"})").ends_with("an object has the same key twice."));
}
TEST(MalformedJson, IsAnUnknownKeyTwice) {
  EXPECT_TRUE(detail_of(R"({"x":1,"x":2})").ends_with("an object has the same key twice."));
}
TEST(MalformedJson, IsAKeyTwiceInAnObjectThatIsPassedOver) {
  EXPECT_TRUE(detail_of(R"({"x":[{"a":1,"a":2}]})").ends_with("an object has the same key twice."));
}
TEST(MalformedJson, IsAKeyTwiceThoughOneIsEscaped) {
  EXPECT_TRUE(detail_of(R"({"name":"a","n\u0061me":"b"})").ends_with("an object has the same key twice."));
}

TEST(MalformedJson, IsNulInTextsAndKeys) {
  EXPECT_TRUE(detail_of(R"({"name":"a\u0000"})").ends_with("a text holds a NUL character."));
  EXPECT_TRUE(detail_of(R"({"a\u0000":1})").ends_with("a text holds a NUL character."));
}
TEST(MalformedJson, IsARawControlCharacter) { EXPECT_TRUE(detail_of("{\"name\":\"a\nb\"}").starts_with("The body")); }

TEST(MalformedJson, IsAnIntegerBeyond64Bits) {
  EXPECT_TRUE(detail_of(R"({"x":9223372036854775808})").ends_with("an integer is beyond 64 bits."));
  EXPECT_TRUE(detail_of(R"({"x":-9223372036854775809})").ends_with("an integer is beyond 64 bits."));
  EXPECT_TRUE(detail_of(R"({"x":12345678901234567890123})").ends_with("an integer is beyond 64 bits."));
}
TEST(MalformedJson, IsNotTheLargestInteger) {
  EXPECT_EQ(detail_of(R"({"x":9223372036854775807})"), "validation_failed");
  EXPECT_EQ(detail_of(R"({"x":-9223372036854775808})"), "validation_failed");
}
TEST(MalformedJson, IsANumberBeyondDouble) {
  EXPECT_TRUE(detail_of(R"({"x":1e400})").ends_with("a number is beyond what a double can hold."));
}
TEST(MalformedJson, IsNotANumberAndInfinity) {
  EXPECT_TRUE(detail_of(R"({"x":NaN})").starts_with("The body"));
  EXPECT_TRUE(detail_of(R"({"x":Infinity})").starts_with("The body"));
}

TEST(MalformedJson, IsBytesThatAreNotUtf8) {
  EXPECT_TRUE(detail_of("{\"name\":\"\xc3\x28\"}").starts_with("The body"));
}
TEST(MalformedJson, IsALoneSurrogate) {
  EXPECT_TRUE(detail_of(R"({"name":"\ud800"})").starts_with("The body"));
  EXPECT_TRUE(detail_of(R"({"name":"\ude00"})").starts_with("The body"));
  EXPECT_TRUE(detail_of(R"({"name":"\ud800\u0041"})").starts_with("The body"));
}
TEST(MalformedJson, IsADepthOver32) {
  const std::string lists(32, '[');
  const std::string ends(32, ']');
  EXPECT_TRUE(detail_of("{\"x\":" + lists + ends + "}").ends_with("it is nested deeper than 32 levels."));
  EXPECT_EQ(detail_of("{\"x\":" + lists.substr(1) + ends.substr(1) + "}"), "validation_failed");
}
TEST(MalformedJson, IsACommentOrATrailingComma) {
  EXPECT_TRUE(detail_of("{} // x").starts_with("The body"));
  EXPECT_TRUE(detail_of(R"({"x":[1,]})").starts_with("The body"));
}

}  // namespace
}  // namespace daybook::api
