#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace daybook::model {

/// Writes the pieces of JSON (RFC 8259) to the end of a string, which is whole again once this is destroyed. Faster
/// than the string's own append, because room is made in large steps.
class JsonOutput {
 public:
  explicit JsonOutput(std::string& out) : out_(out), at_(out.data() + out.size()), end_(at_) {}
  ~JsonOutput() { out_.resize(static_cast<std::size_t>(at_ - out_.data())); }
  JsonOutput(const JsonOutput&) = delete;
  JsonOutput& operator=(const JsonOutput&) = delete;

  void raw(char c);
  void raw(std::string_view json);
  /// `"name":`, with a comma before it unless it is the first of its object.
  void name(std::string_view name, bool first);
  void string(std::string_view text);
  void integer(std::int64_t value);
  /// 16 bytes as a UUID in quotes; anything else as null.
  void uuid(std::string_view bytes);
  /// RFC 4648 §4, in quotes.
  void base64(std::string_view bytes);

 private:
  void make_room(std::size_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) grow(size);
  }
  void grow(std::size_t size);
  void copy(std::string_view text);
  void escaped(char c);

  std::string& out_;
  char* at_;
  char* end_;
};

}  // namespace daybook::model
