#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::api {

/// The fields of one message as a body gives them, in any order; they leave in ascending order, as records want them.
class FieldSet {
 public:
  /// False if the field was given before.
  bool give(std::uint32_t number) {
    const bool first = (given_ & bit(number)) == 0;
    given_ |= bit(number);
    return first;
  }
  bool is_given(std::uint32_t number) const { return (given_ & bit(number)) != 0; }

  /// Where a field's bytes are appended; `close(number, start)` with the size before says that they are whole.
  std::string& bytes() { return bytes_; }
  void close(std::uint32_t number, std::size_t start) {
    if (bytes_.size() == start) return;
    ascending_ = ascending_ && (set_ >> number) == 0;
    set_ |= bit(number);
    spans_[number] = {start, bytes_.size()};
  }
  void clear(std::uint32_t number) { cleared_ |= bit(number); }

  bool is_set(std::uint32_t number) const { return (set_ & bit(number)) != 0; }
  bool is_cleared(std::uint32_t number) const { return (cleared_ & bit(number)) != 0; }
  std::string_view field(std::uint32_t number) const {
    const auto [start, end] = spans_[number];
    return is_set(number) ? std::string_view(bytes_).substr(start, end - start) : std::string_view();
  }

  std::vector<std::uint32_t> cleared() const {
    std::vector<std::uint32_t> numbers;
    for (std::uint64_t rest = cleared_; rest != 0; rest &= rest - 1) numbers.push_back(lowest(rest));
    return numbers;
  }
  std::string take() {
    if (ascending_) return std::move(bytes_);
    std::string sorted;
    sorted.reserve(bytes_.size());
    for (std::uint64_t rest = set_; rest != 0; rest &= rest - 1) sorted += field(lowest(rest));
    return sorted;
  }

 private:
  struct Span {
    std::size_t start;
    std::size_t end;
  };
  static std::uint64_t bit(std::uint32_t number) { return std::uint64_t{1} << number; }
  static std::uint32_t lowest(std::uint64_t bits) { return static_cast<std::uint32_t>(std::countr_zero(bits)); }

  std::string bytes_;
  std::uint64_t given_ = 0;
  std::uint64_t set_ = 0;
  std::uint64_t cleared_ = 0;
  bool ascending_ = true;
  std::array<Span, 64> spans_;  // where set
};

}  // namespace daybook::api
