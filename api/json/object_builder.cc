#include "api/json/object_builder.h"

#include <algorithm>
#include <cmath>

#include "api/json/field_access.h"
#include "api/json/suggestion.h"
#include "model/record.h"
#include "model/text.h"
#include "model/wire.h"

namespace daybook::api {
namespace {

using model::Field;
using model::FieldProblem;
using model::FieldType;

// A message's max bounds its number of values; a text's bounds the text.
std::size_t list_limit(const Field& field) {
  return field.type == FieldType::kMessage && field.max ? static_cast<std::size_t>(*field.max) : kListLimit;
}

std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

bool has_duplicate(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

}  // namespace

ObjectBuilder::ObjectBuilder(const model::Message& message, const ReadOptions& options, std::size_t body_size)
    : message_(message), options_(options) {
  for (const Field& field : message.fields) {
    if (field.is_inline) record_ = field.message;
  }
  for (const Field& field : message.fields) {
    const Field* same = has_record() ? record_->field(field.name) : nullptr;
    if (same != nullptr) shadowed_ |= std::uint64_t{1} << same->number;
  }
  target().bytes().reserve(body_size);
}

void ObjectBuilder::begin_object() {
  if (frames_.empty()) {
    frames_.push_back({.type = Frame::Type::kObject, .message = &message_, .set = &own_});
    return;
  }
  const Frame& parent = frames_.back();
  const model::Message* message = nullptr;
  if (takes_value(parent)) {
    message = parent.field->message;
    if (message == nullptr) problem(model::not_expected(*parent.field));
  }
  if (message == nullptr) {
    frames_.push_back({});
  } else {
    frames_.push_back({.type = Frame::Type::kObject, .message = message, .fields = std::make_unique<FieldSet>()});
  }
}

bool ObjectBuilder::end_object() {
  Frame closed = std::move(frames_.back());
  frames_.pop_back();
  if (has_duplicate(closed.unknown_keys)) return false;
  if (closed.type == Frame::Type::kObject) {
    settle_money(closed);
    if (!frames_.empty()) {
      put_object(closed);
    } else if (!is_record(message_)) {  // what a record must have is a rule of the record that results
      check_required(message_, own_, false);
    }
  }
  if (!frames_.empty()) ++frames_.back().count;
  return true;
}

void ObjectBuilder::put_object(Frame& closed) {
  Frame& parent = frames_.back();
  const std::uint32_t number = parent.field->number;
  std::string bytes = closed.fields->take();
  if (options_.mode == ReadMode::kUpdate && is_root() && parent.set == &target()) {
    bytes = model::overlay(model::get_bytes(options_.existing, number).value_or(""), bytes, closed.fields->cleared());
  } else {
    check_required(*closed.message, *closed.fields, false);
  }
  const std::size_t start = parent.set->bytes().size();
  model::append_bytes_field(parent.set->bytes(), number, bytes);
  if (parent.type == Frame::Type::kObject) parent.set->close(number, start);
}

void ObjectBuilder::begin_list() {
  const Frame& parent = frames_.back();
  if (parent.field == nullptr || parent.type == Frame::Type::kList || !parent.field->repeated) {
    if (parent.field != nullptr) problem(model::not_expected(*parent.field));
    frames_.push_back({});
    return;
  }
  const Field* field = parent.field;
  FieldSet* set = parent.set;
  frames_.push_back({.type = Frame::Type::kList, .field = field, .set = set, .start = set->bytes().size()});
}

void ObjectBuilder::end_list() {
  const Frame closed = std::move(frames_.back());
  frames_.pop_back();
  if (closed.type == Frame::Type::kList) {
    if (closed.count == 0) closed.set->clear(closed.field->number);
    closed.set->close(closed.field->number, closed.start);
  }
  ++frames_.back().count;
}

// Most bodies give a record's fields in the order in which it shows them: then no name is looked up.
const Field* ObjectBuilder::find_in_order(std::string_view name, Frame& frame) {
  const std::vector<Field>& fields = record_->fields;
  if (expected_ >= fields.size() || fields[expected_].name != name) return nullptr;
  const Field& field = fields[expected_];
  if (!is_outside(field) || ((shadowed_ >> field.number) & 1) != 0) return nullptr;
  ++expected_;
  frame.set = &record_set_;
  return &field;
}

const Field* ObjectBuilder::find(std::string_view name, Frame& frame) {
  if (is_root() && has_record()) {
    if (const Field* field = find_in_order(name, frame)) return field;
  }
  frame.set = is_root() ? &own_ : frame.fields.get();
  const Field* field = outside_field(*frame.message, name);
  if (field == nullptr && is_root() && has_record()) {
    frame.set = &record_set_;
    field = outside_field(*record_, name);
    if (field != nullptr) expected_ = static_cast<std::size_t>(field - record_->fields.data()) + 1;
  }
  return field;
}

bool ObjectBuilder::key(std::string_view name) {
  Frame& frame = frames_.back();
  frame.field = nullptr;
  const Field* field = frame.type == Frame::Type::kObject ? find(name, frame) : nullptr;
  if (field == nullptr) {
    frame.unknown_keys.emplace_back(name);
    if (frame.type == Frame::Type::kIgnored || errors_.size() >= domain::kErrorLimit) return true;
    if (is_root() && is_record(has_record() ? *record_ : message_) && is_system_column(name)) {
      error(pointer_beside(name), "immutable", std::string(name) + " is set by Daybook itself; leave it out.");
      return true;
    }
    const std::string_view nearest = nearest_name(name, settable_names(frame));
    std::string detail = nearest.empty() ? "There is no field of this name; leave it out."
                                         : "There is no field of this name; did you mean " + std::string(nearest) + "?";
    error(pointer_beside(name), "unknown_field", std::move(detail));
    return true;
  }
  if (!frame.set->give(field->number)) return false;
  if (may_set(*field, options_.mode)) {
    frame.field = field;
  } else {
    const FieldProblem refusal = refusal_of(*field).value_or(FieldProblem{"immutable", immutable_detail(*field)});
    error(pointer_beside(name), refusal.code, refusal.detail);
  }
  return true;
}

std::optional<FieldProblem> ObjectBuilder::refusal_of(const Field& field) const {
  return options_.refusal == nullptr ? std::nullopt : options_.refusal(field);
}

std::vector<std::string_view> ObjectBuilder::settable_names(const Frame& frame) const {
  std::vector<std::string_view> names;
  add_settable_names(*frame.message, options_.mode, names);
  if (is_root() && has_record()) add_settable_names(*record_, options_.mode, names);
  return names;
}

// Whether the next value is read at all; what stands against it is reported here.
bool ObjectBuilder::takes_value(const Frame& frame) {
  if (frame.field == nullptr) return false;
  if (frame.type == Frame::Type::kObject) {
    if (!frame.field->repeated) return true;
    problem({"invalid_value", frame.field->name + " must be a list; put the value in brackets."});
    return false;
  }
  const std::size_t limit = list_limit(*frame.field);
  if (frame.count < limit) return true;
  if (frame.count == limit) {
    const std::string detail = frame.field->name + " must have at most " + std::to_string(limit) + " entries.";
    error(pointer(frames_.size() - 1), "invalid_value", detail);
  }
  return false;
}

template <typename Append>
void ObjectBuilder::put(Append append) {
  Frame& frame = frames_.back();
  if (takes_value(frame)) {
    std::string& bytes = frame.set->bytes();
    const std::size_t start = bytes.size();
    if (const auto fault = append(bytes, *frame.field)) {
      problem(*fault);
    } else if (frame.type == Frame::Type::kObject) {
      frame.set->close(frame.field->number, start);
    }
  }
  ++frame.count;
}

void ObjectBuilder::text(std::string_view value) {
  Frame& frame = frames_.back();
  if (model::trim(value).empty() && frame.type == Frame::Type::kObject) {
    null();
    return;
  }
  put([&](std::string& out, const Field& field) -> std::optional<FieldProblem> {
    if (field.type == FieldType::kInteger || field.type == FieldType::kBoolean) return model::not_expected(field);
    if (field.type != FieldType::kMoney) return model::append_text(out, field, value);
    frame.money.push_back({&field, frame.set, std::string(value)});
    return std::nullopt;
  });
}

void ObjectBuilder::integer(std::int64_t value) {
  put([&](std::string& out, const Field& field) -> std::optional<FieldProblem> {
    if (field.type == FieldType::kInteger) return model::append_integer(out, field, value);
    if (field.type != FieldType::kMoney) return model::not_expected(field);
    return FieldProblem{"invalid_value", field.name + " must be a string such as \"12500.00\", not a number."};
  });
}

void ObjectBuilder::fraction(double value) {
  constexpr double kExact = 9007199254740992.0;  // 2^53: up to here a double is the integer that was written
  if (value == std::trunc(value) && std::abs(value) <= kExact) {
    integer(static_cast<std::int64_t>(value));
    return;
  }
  put([](std::string&, const Field& field) -> std::optional<FieldProblem> { return model::not_expected(field); });
}

void ObjectBuilder::boolean(bool value) {
  put([&](std::string& out, const Field& field) { return model::append_boolean(out, field, value); });
}

void ObjectBuilder::null() {
  Frame& frame = frames_.back();
  if (frame.type == Frame::Type::kObject) {
    if (frame.field != nullptr) frame.set->clear(frame.field->number);
    return;
  }
  put([](std::string&, const Field& field) -> std::optional<FieldProblem> {
    return FieldProblem{"invalid_value", "An entry of " + field.name + " must not be null; leave it out."};
  });
}

void ObjectBuilder::settle_money(const Frame& closed) {
  for (const PendingMoney& money : closed.money) {
    const auto currency = currency_beside(money, closed);
    if (!currency) continue;  // it was given and wrong: that is the error to mend first
    std::string& bytes = money.set->bytes();
    const std::size_t start = bytes.size();
    if (const auto fault = model::append_text(bytes, *money.field, money.text, {.currency = *currency})) {
      error(pointer(frames_.size()) + "/" + money.field->name, fault->code, fault->detail);
    }
    money.set->close(money.field->number, start);
  }
}

std::optional<std::string_view> ObjectBuilder::currency_beside(const PendingMoney& money, const Frame& closed) {
  const model::Message& message = money.set == &record_set_ ? *record_ : *closed.message;
  const Field* sibling = message.field("currency");
  if (sibling == nullptr) return options_.currency;
  const std::uint32_t number = sibling->number;
  if (money.set->is_set(number)) return model::get_bytes(money.set->field(number), number);
  if (money.set->is_cleared(number)) return options_.currency;
  if (money.set->is_given(number)) return std::nullopt;
  if (money.set != &target()) return options_.currency;
  return model::get_bytes(options_.existing, number).value_or(options_.currency);
}

void ObjectBuilder::check_required(const model::Message& message, const FieldSet& set, bool skip_options) {
  for (const Field& field : message.fields) {
    if (!field.required || !is_outside(field) || !may_set(field, options_.mode)) continue;
    if (skip_options && field.type == FieldType::kOption) continue;
    const bool missing = !set.is_given(field.number) || set.is_cleared(field.number);
    if (missing) error(pointer(frames_.size()) + "/" + field.name, "required", "Give " + field.name + ".");
  }
}

void ObjectBuilder::problem(const FieldProblem& what) { error(pointer(frames_.size()), what.code, what.detail); }

void ObjectBuilder::error(std::string pointer, std::string_view code, std::string detail) {
  if (errors_.size() < domain::kErrorLimit) {
    errors_.push_back({std::move(pointer), std::string(code), std::move(detail)});
  }
}

std::string ObjectBuilder::pointer(std::size_t frames) const {
  std::string out;
  for (std::size_t i = 0; i < frames; ++i) {
    const Frame& frame = frames_[i];
    out += '/';
    out += frame.type == Frame::Type::kList ? std::to_string(frame.count) : escaped(frame.field->name);
  }
  return out;
}

std::string ObjectBuilder::pointer_beside(std::string_view name) const {
  return pointer(frames_.size() - 1) + "/" + escaped(name);
}

std::optional<domain::Rejection> ObjectBuilder::refusal() {
  if (errors_.empty()) return std::nullopt;
  const model::Message& record = has_record() ? *record_ : message_;
  if (options_.mode == ReadMode::kCreate && is_record(record)) check_required(record, target(), true);
  return domain::Rejection{"validation_failed", "The body has fields that cannot be taken.", errors_};
}

CommandInput ObjectBuilder::take() {
  CommandInput input;
  if (options_.mode != ReadMode::kCreate) input.cleared = target().cleared();
  input.own = own_.take();
  input.record = record_set_.take();
  return input;
}

}  // namespace daybook::api
