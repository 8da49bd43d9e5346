#include "model/record.h"

#include <algorithm>
#include <array>
#include <memory>

#include "model/wire.h"

namespace daybook::model {
namespace {

constexpr std::size_t kFieldLimit = 64;  // numbers stay below it: checked at start

bool contains(const std::vector<std::uint32_t>& numbers, std::uint32_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

// Where each field's bytes stand. Fields of one number stand together, because records are written in ascending order.
class FieldSpans {
 public:
  explicit FieldSpans(std::string_view record) {
    WireReader reader(record);
    for (WireField field; reader.next(field);) {
      if (field.number >= kFieldLimit) continue;
      std::string_view& span = spans_[field.number];
      if (span.empty()) {
        span = field.whole;
      } else if (span.data() + span.size() == field.whole.data()) {
        span = {span.data(), span.size() + field.whole.size()};
      } else {
        scattered_.push_back(std::make_unique<std::string>(std::string(span).append(field.whole)));
        span = *scattered_.back();
      }
    }
  }

  std::string_view operator[](std::uint32_t number) const { return spans_[number]; }

 private:
  std::array<std::string_view, kFieldLimit> spans_{};
  std::vector<std::unique_ptr<std::string>> scattered_;  // only for bytes that somebody else wrote out of order
};

}  // namespace

std::string overlay(std::string_view base, std::string_view patch, const std::vector<std::uint32_t>& cleared) {
  const FieldSpans old_fields(base);
  const FieldSpans new_fields(patch);
  std::string out;
  out.reserve(base.size() + patch.size());
  for (std::uint32_t number = 1; number < kFieldLimit; ++number) {
    if (!new_fields[number].empty()) {
      out += new_fields[number];
    } else if (!old_fields[number].empty() && !contains(cleared, number)) {
      out += old_fields[number];
    }
  }
  return out;
}

Patch reduce(std::string_view base, const Patch& patch) {
  const FieldSpans old_fields(base);
  const FieldSpans new_fields(patch.set);
  Patch reduced;
  for (std::uint32_t number = 1; number < kFieldLimit; ++number) {
    if (!new_fields[number].empty()) {
      if (new_fields[number] != old_fields[number]) reduced.set += new_fields[number];
    } else if (!old_fields[number].empty() && contains(patch.cleared, number)) {
      reduced.cleared.push_back(number);
    }
  }
  return reduced;
}

Patch difference(std::string_view before, std::string_view after) {
  const FieldSpans old_fields(before);
  const FieldSpans new_fields(after);
  Patch patch;
  for (std::uint32_t number = 2; number < kFieldLimit; ++number) {
    if (old_fields[number] == new_fields[number]) continue;
    if (new_fields[number].empty()) {
      patch.cleared.push_back(number);
    } else {
      patch.set += new_fields[number];
    }
  }
  return patch;
}

Halves split(const Message& message, std::string_view record) {
  Halves halves;
  WireReader reader(record);
  for (WireField field; reader.next(field);) {
    const Field* known = message.field(field.number);
    // What this binary does not know may be personal: it is sealed.
    std::string& half = known == nullptr || known->personal ? halves.personal : halves.plain;
    half += field.whole;
  }
  return halves;
}

std::string join(std::string_view plain, std::string_view personal) { return overlay(plain, personal, {}); }

std::optional<std::string_view> get_bytes(std::string_view record, std::uint32_t number) {
  std::optional<std::string_view> found;
  WireReader reader(record);
  for (WireField field; reader.next(field);) {
    if (field.number == number && field.type == WireType::kBytes) found = field.bytes;
  }
  return found;
}

std::optional<std::int64_t> get_integer(std::string_view record, std::uint32_t number) {
  std::optional<std::int64_t> found;
  WireReader reader(record);
  for (WireField field; reader.next(field);) {
    if (field.number == number && field.type == WireType::kVarint) found = static_cast<std::int64_t>(field.varint);
  }
  return found;
}

std::optional<Uuid> get_uuid(std::string_view record, std::uint32_t number) {
  const auto bytes = get_bytes(record, number);
  return bytes ? Uuid::from_bytes(*bytes) : std::nullopt;
}

std::vector<std::string_view> get_all_bytes(std::string_view record, std::uint32_t number) {
  std::vector<std::string_view> found;
  WireReader reader(record);
  for (WireField field; reader.next(field);) {
    if (field.number == number && field.type == WireType::kBytes) found.push_back(field.bytes);
  }
  return found;
}

std::string field_bytes(std::string_view record, std::uint32_t number) {
  std::string out;
  WireReader reader(record);
  for (WireField field; reader.next(field);) {
    if (field.number == number) out += field.whole;
  }
  return out;
}

std::vector<std::uint32_t> changed_fields(std::string_view before, std::string_view after) {
  const FieldSpans old_fields(before);
  const FieldSpans new_fields(after);
  std::vector<std::uint32_t> changed;
  for (std::uint32_t number = 2; number < kFieldLimit; ++number) {
    if (old_fields[number] != new_fields[number]) changed.push_back(number);
  }
  return changed;
}

}  // namespace daybook::model
