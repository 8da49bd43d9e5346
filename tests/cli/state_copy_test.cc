#include "cli/state_copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/server/server.h"
#include "eventstore/counted_reader.h"
#include "projections/derived_rows.h"
#include "projections/state_archive.h"
#include "tests/projections/writer_scene.h"

namespace daybook::cli {
namespace {

using projections::test::create_notes;
using projections::test::Directory;
using projections::test::kAcme;
using projections::test::WriterScene;
using testing::HasSubstr;
using testing::IsEmpty;

/// A node with two commits at the start of its log, and so many records behind them that the copy is worth it.
struct LongLog : WriterScene {
  explicit LongLog(char instance) : WriterScene(Node{.instance = instance}) {
    state.set_fingerprint(projections::rows_fingerprint());
    done(create_notes(kAcme, 3, 10));
    const std::string late = eventstore::write_record(eventstore::ClaimRecord{99, {}, {}});  // counts for nobody
    for (int number = 0; number < 1000; ++number) log.insert(0, late);
    done(create_notes(kAcme, 3, 10));
  }
};

/// Hands out the node's read models as GET /v1/state/checkpoint does.
class Peer {
 public:
  explicit Peer(LongLog& node)
      : server_({}, [this](const std::shared_ptr<api::Exchange>& exchange) { exchange->reply(answer_); }, {}) {
    const Directory directory;
    node.state.checkpoint(directory.path() / "copy");
    projections::pack_state(directory.path() / "copy", [&](std::string_view bytes) { answer_.body += bytes; });
    answer_.set_header("Daybook-State-Version", std::to_string(projections::rows_fingerprint()));
    answer_.set_header("Daybook-Log", eventstore::first_claimant(node.log).text());
    server_.start();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }

 private:
  api::Response answer_;
  api::Server server_;
};

struct StateCopy : testing::Test {
  LongLog node{'a'};
  Directory directory;
  int asked = 0;  // for the peers
  ServerLog lines{LogFormat::kJson};

  /// Where the state of a start with that peer stands, and what was said.
  std::pair<std::uint64_t, std::string> start(const std::string& peer) {
    const auto urls = [&] { return ++asked, std::vector{peer}; };
    testing::internal::CaptureStderr();
    const auto state =
        open_or_copy_state({.directory = directory.path() / "state"}, {urls, "dbo_key"}, node.log, lines);
    return {state->position(0).next_offset, testing::internal::GetCapturedStderr()};
  }
};

TEST_F(StateCopy, TakesTheReadModelsOfItsLog) {
  const Peer peer(node);
  const auto [offset, said] = start(peer.url());
  EXPECT_EQ(offset, node.log.end(0));
  EXPECT_THAT(said, HasSubstr("read models copied from " + peer.url()));
}

// The other log is as long, and its claim stands at the same offset.
TEST_F(StateCopy, DoesNotTakeThoseOfAnotherLogThatLooksTheSame) {
  LongLog other('b');
  const Peer peer(other);
  const auto [offset, said] = start(peer.url());
  EXPECT_EQ(offset, 0U);
  EXPECT_THAT(said, HasSubstr("they are of another log"));
}

TEST_F(StateCopy, AsksForNobodyWhereThereAreReadModels) {
  const Peer peer(node);
  start(peer.url());
  asked = 0;
  EXPECT_THAT(start(peer.url()).second, IsEmpty());
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace daybook::cli
