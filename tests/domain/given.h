#pragma once

#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <functional>
#include <source_location>
#include <string>
#include <string_view>

#include "domain/context.h"
#include "domain/deletion.h"
#include "domain/facts.h"
#include "domain/fold.h"
#include "domain/result.h"
#include "domain/store.h"

/// given (events) / when (command) / then (events or rejection), over rows in memory.
///
/// Ids are names of at most 16 characters, filled up with dots. Messages are written in Protobuf's text format, in
/// which
/// `@ada` stands for the bytes of id("ada"). Commands are decided at kNow under the command id `now`; the ids that they
/// ask for are new1, new2 and so on.
namespace daybook::domain {

inline constexpr std::int64_t kNow = 1'700'000'000'000'000;

model::Uuid id(std::string_view name);

/// `text` into `message`; fails the test where it does not parse.
void read(std::string_view text, google::protobuf::Message& message);

template <typename T>
T message(std::string_view text) {
  T parsed;
  read(text, parsed);
  return parsed;
}

/// Facts, as they stand in the log. The subject is the record itself unless one is named.
template <typename T>
Event created(std::string_view name, std::string_view text, std::string_view subject = {}) {
  const model::Kind& kind = kind_of<T>();
  return {kind.created_event,
          kind.number,
          id(name),
          message<T>(text).SerializeAsString(),
          {},
          id(subject.empty() ? name : subject)};
}
template <typename T>
Event updated(std::string_view name, std::string_view text, std::vector<std::uint32_t> cleared = {}) {
  const model::Kind& kind = kind_of<T>();
  return {kind.updated_event, kind.number, id(name), message<T>(text).SerializeAsString(),
          std::move(cleared), id(name)};
}
template <typename T>
Event deleted(std::string_view name, std::string_view text = {}, std::string_view subject = {}) {
  const model::Kind& kind = kind_of<T>();
  return {kind.deleted_event,
          kind.number,
          id(name),
          message<v1::RecordDeleted>(text).SerializeAsString(),
          {},
          id(subject.empty() ? name : subject)};
}
template <typename T>
Event restored(std::string_view name, std::string_view text = {}) {
  const model::Kind& kind = kind_of<T>();
  return {
      kind.restored_event, kind.number, id(name), message<v1::RecordRestored>(text).SerializeAsString(), {}, id(name)};
}
template <typename M>
Event fact(std::string_view name, std::string_view text = {}) {
  return business_event(message<M>(text), id(name), id(name));
}

using Command = std::function<Result<Events>(const View&, const Context&)>;

/// What a command came to. Each check says which line of the test asked.
class Outcome {
 public:
  using Where = std::source_location;

  Outcome(class Scene& scene, Command command, Result<Events> result)
      : scene_(scene), command_(std::move(command)), result_(std::move(result)) {}

  Outcome& then(const Events& events, Where where = Where::current());
  void then_nothing(Where where = Where::current());
  /// The code, and the pointer and code of its first field error if given as "/pointer code".
  void then_rejected(std::string_view code, std::string_view error = {}, Where where = Where::current());
  /// Folds what was decided and asks for the same again.
  void and_again_nothing(Where where = Where::current());
  const Result<Events>& result() const { return result_; }

 private:
  Scene& scene_;
  Command command_;
  Result<Events> result_;
};

/// One workspace that has begun: owner `boss` with an address, pipeline `pipe`, company_autocreate on.
class Scene {
 public:
  Scene();

  /// Each call is one commit.
  Scene& given(const Events& events);
  Outcome when(Command command);
  /// Decides and folds; fails the test where it is rejected. The events, for a look.
  Events done(const Command& command, std::source_location where = std::source_location::current());

  View view() const { return {rows_, workspace_}; }
  const MemoryRows& rows() const { return rows_; }
  template <typename T>
  T get(std::string_view name) const {
    return view().template find<T>(id(name)).value_or(T{});
  }
  /// The record without its system columns, in text format on one line; `deleted` or `none`.
  template <typename T>
  std::string shown(std::string_view name) const {
    return shown(kind_of<T>(), id(name));
  }
  template <typename T>
  std::int64_t version(std::string_view name) const {
    return get<T>(name).meta().version();
  }

 private:
  class Ids final : public IdSource {
   public:
    model::Uuid next() override { return id("new" + std::to_string(++last_)); }

   private:
    int last_ = 0;
  };

  std::string shown(const model::Kind& kind, const model::Uuid& record) const;

  MemoryRows rows_;
  model::WorkspaceId workspace_;
  Ids ids_;
  int commits_ = 0;
};

/// Commands, by what they say.
Command create_contact(std::string_view create_contact_text);
Command update_contact(std::string_view name, std::string_view set, std::vector<std::uint32_t> cleared = {});
Command update_record(const model::Kind& kind, std::string_view name, std::string_view set,
                      std::vector<std::uint32_t> cleared = {});
template <typename T>
Command create_record(std::string_view text) {
  return [record = message<T>(text)](const View& view, const Context& context) -> Result<Events> {
    auto event = create(kind_of<T>(), record.SerializeAsString(), view, context);
    if (!event) return std::unexpected(event.error());
    return Events{std::move(*event)};
  };
}
template <typename T>
Command remove(std::string_view name) {
  return [record = id(name)](const View& view, const Context& context) {
    return remove(kind_of<T>(), record, view, context);
  };
}
template <typename T>
Command restore(std::string_view name) {
  return [record = id(name)](const View& view, const Context& context) {
    return restore(kind_of<T>(), record, view, context);
  };
}

}  // namespace daybook::domain
