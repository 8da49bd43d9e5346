#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace daybook::model {

/// The Protobuf wire format (protobuf.dev/programming-guides/encoding), walked and written without parsing into
/// messages. Records, events and their halves stay bytes on every hot path.
enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// One field as it stands in a message. The views point into the walked bytes.
struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t varint = 0;  // of kVarint; the raw bits of the fixed types
  std::string_view bytes;    // of kBytes
  std::string_view whole;    // tag and value, for copying
};

/// Reads the fields of one message in the order in which they stand.
class WireReader {
 public:
  explicit WireReader(std::string_view message) : rest_(message) {}

  /// The next field; false at the end, or where the bytes are not a message (then `damaged()`).
  bool next(WireField& field);
  bool damaged() const { return damaged_; }

 private:
  bool read_varint(std::uint64_t& value);

  std::string_view rest_;
  bool damaged_ = false;
};

void append_varint(std::string& out, std::uint64_t value);
void append_varint_field(std::string& out, std::uint32_t number, std::uint64_t value);
void append_bytes_field(std::string& out, std::uint32_t number, std::string_view bytes);

}  // namespace daybook::model
