#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json/command_reader.h"
#include "api/json/field_set.h"

namespace daybook::api {

/// Builds a CommandInput from what a JSON parser meets, in its order: begin_object first, each key before its value.
/// Knows nothing of the parser. `message` and `options` must outlive it.
class ObjectBuilder {
 public:
  ObjectBuilder(const model::Message& message, const ReadOptions& options, std::size_t body_size);

  void begin_object();
  /// False if a key stood in the object twice.
  bool end_object();
  void begin_list();
  void end_list();
  /// False if the key stood in the object before.
  bool key(std::string_view name);

  void text(std::string_view value);
  void integer(std::int64_t value);
  void fraction(double value);
  void boolean(bool value);
  void null();

  /// After the root object's end: why the body is refused, if it is, and then the fields that are not at fault.
  std::optional<domain::Rejection> refusal();
  CommandInput take();

 private:
  struct PendingMoney {
    const model::Field* field;
    FieldSet* set;
    std::string text;
  };

  /// An object or a list that is open.
  struct Frame {
    enum class Type : std::uint8_t { kObject, kList, kIgnored };
    Type type = Type::kIgnored;
    const model::Message* message = nullptr;  // of an object
    std::unique_ptr<FieldSet> fields{};       // of an object in the body
    const model::Field* field = nullptr;      // of the next value; nullptr: it is passed over
    FieldSet* set = nullptr;                  // where the next value goes
    std::size_t start = 0;                    // of a list: where its bytes begin in `set`
    std::size_t count = 0;                    // of a list: values so far
    std::vector<std::string> unknown_keys{};
    std::vector<PendingMoney> money{};  // its currency may still come
  };

  bool is_root() const { return frames_.size() == 1; }
  bool has_record() const { return record_ != nullptr; }
  FieldSet& target() { return has_record() ? record_set_ : own_; }

  const model::Field* find(std::string_view name, Frame& frame);
  const model::Field* find_in_order(std::string_view name, Frame& frame);
  std::optional<model::FieldProblem> refusal_of(const model::Field& field) const;
  std::vector<std::string_view> settable_names(const Frame& frame) const;

  bool takes_value(const Frame& frame);
  template <typename Append>
  void put(Append append);
  void put_object(Frame& closed);
  void settle_money(const Frame& closed);
  std::optional<std::string_view> currency_beside(const PendingMoney& money, const Frame& closed);
  void check_required(const model::Message& message, const FieldSet& set, bool skip_options);

  void problem(const model::FieldProblem& what);
  void error(std::string pointer, std::string_view code, std::string detail);
  /// RFC 6901, of the value that comes next in the innermost of so many frames.
  std::string pointer(std::size_t frames) const;
  std::string pointer_beside(std::string_view name) const;

  const model::Message& message_;
  const ReadOptions& options_;
  const model::Message* record_ = nullptr;  // of the inline field, if any
  std::uint64_t shadowed_ = 0;              // bits of the record's fields whose names the message has too
  std::size_t expected_ = 0;                // index of the record's field that comes next if the body keeps its order
  FieldSet own_;
  FieldSet record_set_;
  std::vector<Frame> frames_;
  std::vector<domain::FieldError> errors_;
};

}  // namespace daybook::api
