#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace daybook::model {

/// 16 bytes of a UUID (RFC 9562), ordered as bytes: version 7 ones are ordered by time.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;

  bool is_nil() const { return *this == Uuid{}; }
  /// The 16 bytes, as they stand in records and row keys. Valid while this object lives.
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  /// The 36 characters of RFC 9562 §4, lower case.
  std::string text() const;

  /// From 16 bytes; nothing on any other length.
  static std::optional<Uuid> from_bytes(std::string_view bytes);
  /// From the 36 characters of RFC 9562 §4, in either case; nothing otherwise.
  static std::optional<Uuid> parse(std::string_view text);
  /// Version 7 (RFC 9562 §5.7): time in milliseconds, a 30-bit counter that keeps the order within one, and 44 random
  /// bits.
  static Uuid version7(std::int64_t time_ms, std::uint32_t counter, std::uint64_t random);
};

/// The tenant. A type of its own, so that no record id is taken for it.
struct WorkspaceId {
  Uuid value;
  auto operator<=>(const WorkspaceId&) const = default;
};

}  // namespace daybook::model

template <>
struct std::hash<daybook::model::Uuid> {
  std::size_t operator()(const daybook::model::Uuid& id) const noexcept {
    return std::hash<std::string_view>{}(id.view());
  }
};

template <>
struct std::hash<daybook::model::WorkspaceId> {
  std::size_t operator()(const daybook::model::WorkspaceId& id) const noexcept {
    return std::hash<daybook::model::Uuid>{}(id.value);
  }
};
