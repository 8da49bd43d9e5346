#include "tests/projections/writer_scene.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>

namespace daybook::projections::test {
namespace {

constexpr std::int64_t kStartUs = 1'767'225'600'000'000;

}  // namespace

Directory::Directory() {
  std::string name = (std::filesystem::temp_directory_path() / "daybook-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

Directory::~Directory() { std::filesystem::remove_all(path_); }

WriterScene::WriterScene() : WriterScene(std::make_unique<eventstore::MemoryLog>(), Node{}, false) {}

WriterScene::WriterScene(const Node& node)
    : WriterScene(node.log == nullptr ? std::make_unique<eventstore::MemoryLog>() : nullptr, node, true) {}

WriterScene::WriterScene(std::unique_ptr<eventstore::MemoryLog> own_log, const Node& node, bool outlives_unknown)
    : own_log_(std::move(own_log)),
      log(own_log_ ? *own_log_ : *node.log),
      keyring(log, *eventstore::Key::from_bytes(std::string(eventstore::Key::kSize, 'm'))),
      state({.directory = node.state.empty() ? directory.path() / "state" : node.state,
             .cache_bytes = 8 << 20,
             .write_buffer_bytes = 4 << 20,
             .staging = directory.path() / "staging"}),
      node_(node) {
  if (outlives_unknown) log.set_outlives_unknown();
  start();
}

WriterScene::~WriterScene() = default;

void WriterScene::start() {
  eventstore::Writer::Options options;
  options.instance = *model::Uuid::from_bytes(std::string(16, node_.instance));
  options.answer_within = node_.answer_within;
  options.clock_us = [now = std::make_shared<std::atomic<std::int64_t>>(kStartUs)] { return now->fetch_add(1000); };
  options.random = [next = std::make_shared<std::atomic<std::uint64_t>>(1)] { return next->fetch_add(1); };
  options.on_fatal = [](const std::string&) {};
  options.on_error = [](const std::string& what) { ADD_FAILURE() << what; };
  options.node_address = node_.address.empty() ? std::string("http://") + node_.instance : node_.address;
  options.give_way = std::chrono::milliseconds(0);
  options.on_taken = [this](std::uint32_t, bool) {
    if (on_taken) on_taken();
  };
  writer_ = std::make_unique<eventstore::Writer>(log, keyring, codec, projector, std::move(options));
  if (node_.stands_by) {
    writer_->follow();
  } else {
    writer_->start();
  }
}

void WriterScene::restart() {
  log.reopen_session(0);  // what was held is lost, and the writer ends
  writer_.reset();
  log.resume(0);
  start();
}

std::future<eventstore::Outcome> WriterScene::send(eventstore::Submission submission) {
  auto promise = std::make_shared<std::promise<eventstore::Outcome>>();
  submission.done = [promise](eventstore::Outcome outcome) { promise->set_value(std::move(outcome)); };
  auto future = promise->get_future();
  writer_->submit(std::move(submission));
  return future;
}

std::vector<std::string> WriterScene::notes(model::WorkspaceId workspace) const {
  std::vector<std::string> words;
  const auto rows = state.rows(workspace, state.snapshot());
  domain::View(*rows, workspace)
      .for_each(domain::kind_of<v1::Note>(), [&](const model::Uuid&, std::string_view record) {
        const std::string body = domain::parse<v1::Note>(record).body();
        words.push_back(body.substr(0, body.find(' ')));
        return true;
      });
  return words;
}

std::map<std::string, std::string> WriterScene::all_rows() const {
  std::map<std::string, std::string> rows;
  state.for_each_row([&](model::WorkspaceId workspace, std::string_view key, std::string_view value) {
    rows.emplace(std::string(workspace.value.view()).append(key), value);
  });
  return rows;
}

std::uint64_t WriterScene::parts() {
  std::uint64_t count = 0;
  const auto reader = log.read(0, 0);
  while (const auto stored = reader->next(std::chrono::milliseconds(0))) {
    EXPECT_LE(stored->bytes.size(), eventstore::kMaxRecordBytes);
    const auto record = eventstore::read_record(stored->bytes);
    count += record && std::holds_alternative<eventstore::PartRecord>(*record) ? 1 : 0;
  }
  return count;
}

domain::Events new_notes(std::size_t count, std::size_t bytes, const domain::Context& context, const char* word) {
  const model::Kind& kind = domain::kind_of<v1::Note>();
  domain::Events events;
  for (std::size_t i = 0; i < count; ++i) {
    v1::Note note;
    note.set_body(std::string(word) + " " + std::string(bytes, 'x'));
    const model::Uuid id = context.ids.next();
    events.push_back({kind.created_event, kind.number, id, note.SerializeAsString(), {}, id});
  }
  return events;
}

eventstore::Submission create_notes(model::WorkspaceId workspace, std::size_t count, std::size_t bytes,
                                    const char* word) {
  eventstore::Submission submission;
  submission.workspace = workspace;
  submission.decide = [=](const domain::View&, const domain::Context& context) -> domain::Result<eventstore::Decision> {
    return eventstore::Decision{new_notes(count, bytes, context, word), {201, 0, {}, "\"made\":true"}};
  };
  return submission;
}

eventstore::Idempotency key_of(char fill) { return {{}, std::string(32, fill), std::string(32, 'r')}; }

}  // namespace daybook::projections::test
