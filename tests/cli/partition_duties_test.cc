#include "cli/partition_duties.h"

#include <gtest/gtest.h>

#include <future>

#include "daybook/v1/import.pb.h"
#include "domain/import_record.h"
#include "domain/workspace.h"
#include "eventstore/memory_log.h"
#include "projections/projector.h"
#include "tests/projections/writer_scene.h"

namespace daybook::cli {
namespace {

constexpr std::int64_t kRegisteredUs = 1'767'225'600'000'000;
constexpr std::int64_t kSecond = 1'000'000;
const model::WorkspaceId kWorkspace{*model::Uuid::parse("01b78a52-0000-7000-8000-000000000001")};

eventstore::Writer::Options at_one_moment() {
  eventstore::Writer::Options options;
  options.instance = *model::Uuid::from_bytes(std::string(16, 'a'));
  options.clock_us = [] { return kRegisteredUs; };
  options.random = [] { return std::uint64_t{4}; };
  options.on_error = [](const std::string& what) { ADD_FAILURE() << what; };
  options.on_fatal = options.on_error;
  return options;
}

/// A workspace is registered, and has not begun: whoever registered it is about to, or has ended.
struct Duties : testing::Test {
  eventstore::MemoryLog log;
  eventstore::Keyring keyring{log, *eventstore::Key::from_bytes(std::string(eventstore::Key::kSize, 'm'))};
  eventstore::CommitCodec codec{keyring};
  projections::test::Directory directory;
  projections::StateStore state{{.directory = directory.path() / "state", .cache_bytes = 8 << 20}};
  projections::Projector projector{state, nullptr};
  eventstore::Writers writers{log, keyring, codec, projector, at_one_moment()};
  std::int64_t now_us = kRegisteredUs;
  model::Uuid at_work;  // the import that this process works on
  PartitionDuties duties{{state, writers, [this] { return now_us; }, [] {},
                          [this](const model::Uuid& import) { return import == at_work; },
                          [](const std::string& line) { ADD_FAILURE() << line; }}};

  Duties() {
    writers.start();
    v1::Tenant tenant;
    tenant.set_name("Acme");
    tenant.set_slug("acme");
    tenant.set_owner_name("Ann");
    tenant.set_owner_id(std::string(kWorkspace.value.view()));
    done({}, [&](const domain::View& view, const domain::Context& context) {
      return domain::register_tenant(kWorkspace.value, tenant.SerializeAsString(), view, context);
    });
  }
  ~Duties() override { writers.stop(); }

  using Decide = std::function<domain::Result<domain::Events>(const domain::View&, const domain::Context&)>;
  void done(model::WorkspaceId workspace, const Decide& decide) {
    std::promise<void> answered;
    eventstore::Submission submission;
    submission.workspace = workspace;
    submission.decide = [&](const domain::View& view,
                            const domain::Context& context) -> domain::Result<eventstore::Decision> {
      auto events = decide(view, context);
      if (!events) return std::unexpected(std::move(events.error()));
      return eventstore::Decision{std::move(*events), {}};
    };
    submission.done = [&](const eventstore::Outcome&) { answered.set_value(); };
    writers.submit(std::move(submission));
    answered.get_future().wait();
  }

  void begin_import(const model::Uuid& id) {
    v1::Import record;
    record.set_kind(v1::Import::KIND_CONTACTS);
    record.set_blob_id(std::string(id.view()));
    done(kWorkspace, [&](const domain::View& view, const domain::Context& context) -> domain::Result<domain::Events> {
      auto uploaded = domain::upload_import(id, record, view, context);
      if (!uploaded) return std::unexpected(uploaded.error());
      return domain::Events{std::move(*uploaded)};
    });
    done(kWorkspace, [&](const domain::View& view, const domain::Context&) { return domain::start_import(id, view); });
  }

  /// Once everything that was sent before is decided.
  v1::Import::State state_of(const model::Uuid& import) {
    done(kWorkspace, [](const domain::View&, const domain::Context&) { return domain::Events(); });
    const auto rows = state.rows(kWorkspace);
    return domain::View(*rows, kWorkspace).find<v1::Import>(import)->state();
  }

  /// Whether it has, once everything that was sent before is decided.
  bool has_begun() {
    done(kWorkspace, [](const domain::View&, const domain::Context&) { return domain::Events(); });
    return projections::read_head(*state.rows(kWorkspace)).last_position() > 0;
  }
};

TEST_F(Duties, AWorkspaceThatIsBeingCreatedIsLeftToItsCreator) {
  now_us += 59 * kSecond;
  duties.finish_left_over();
  EXPECT_FALSE(has_begun());
}

TEST_F(Duties, ATakeoverLeavesItToItsCreatorAsWell) {
  now_us += 59 * kSecond;
  duties.take_on(0, true);
  EXPECT_FALSE(has_begun());
}

TEST_F(Duties, AWorkspaceThatWasLeftBegins) {
  now_us += 61 * kSecond;
  duties.finish_left_over();
  EXPECT_TRUE(has_begun());
}

TEST_F(Duties, ATakeoverLetsItBeginAsWell) {
  now_us += 61 * kSecond;
  duties.take_on(0, true);
  EXPECT_TRUE(has_begun());
}

TEST_F(Duties, AtTheStartOfTheOnlyServerItBeginsAtOnce) {
  duties.take_on_all();
  EXPECT_TRUE(has_begun());
}

TEST_F(Duties, AnImportThatNobodyWorksOnHasFailed) {
  duties.take_on_all();
  now_us += 61 * kSecond;
  const model::Uuid import = *model::Uuid::from_bytes("import..........");
  begin_import(import);
  duties.finish_left_over();  // it may be about to be begun
  EXPECT_EQ(state_of(import), v1::Import::STATE_RUNNING);
  duties.finish_left_over();
  EXPECT_EQ(state_of(import), v1::Import::STATE_FAILED);
}

TEST_F(Duties, AnImportThatIsWorkedOnGoesOn) {
  duties.take_on_all();
  now_us += 61 * kSecond;
  at_work = *model::Uuid::from_bytes("import..........");
  begin_import(at_work);
  duties.finish_left_over();
  duties.finish_left_over();
  duties.finish_left_over();
  EXPECT_EQ(state_of(at_work), v1::Import::STATE_RUNNING);
}

}  // namespace
}  // namespace daybook::cli
