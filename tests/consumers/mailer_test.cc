#include "consumers/mailer.h"

#include <gtest/gtest.h>

#include <vector>

#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "domain/deal.h"
#include "domain/email.h"
#include "domain/workspace.h"
#include "eventstore/refusals.h"
#include "tests/projections/writer_scene.h"

namespace daybook::consumers {
namespace {

using projections::test::kAcme;
using projections::test::kOther;

const model::Uuid kOwner = *model::Uuid::from_bytes("owner...........");
constexpr int kLong = 50;  // rounds of the other workspace: whoever is still at work shows it meanwhile

/// A count that a test waits for.
class Count {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  int now() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, count] { return count_ >= count; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

/// Two workspaces, each with a mail in the queue. The mail server is down for the other one, which is tried again and
/// again; what it says to Acme, and whether this process has Acme's partition, is the test's.
class MailerTest : public ::testing::Test, public MailTransport {
 protected:
  MailerTest() {
    queue_mail(kAcme, "ann@acme.test");
    queue_mail(kOther, "bob@other.test");
  }
  ~MailerTest() override {
    if (mailer_) mailer_->stop();
  }

  void start(std::chrono::milliseconds retry) {
    mailer_ = std::make_unique<Mailer>(
        scene_.state,
        Mailer::Writing{[this](model::WorkspaceId workspace) { return owns(workspace); },
                        [this](eventstore::Submission submission) { submit(std::move(submission)); }},
        *this,
        Mailer::Options{.from = "crm@daybook.test",
                        .public_url = "https://crm.test",
                        .senders = 1,
                        .first_retry = retry,
                        .longest_retry = retry,
                        .log = [this](const std::string& line) { note(line); }});
    mailer_->start();
    mailer_->wake(kAcme);
    mailer_->wake(kOther);
  }

  SendOutcome send(const Mail& mail) override {
    if (mail.to_address != "ann@acme.test") {
      rounds_.add();
      return {SendOutcome::State::Retry, 0, "no connection"};
    }
    attempts_.add();
    if (loses_while_sending_) has_acme_ = false;
    return {answer_.load(), 550, "550 <ann@acme.test>: nobody here"};
  }

  void note(const std::string& line) {
    if (line.find("no connection") != std::string::npos) return;  // about the other one's mail, all the time
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
    said_.add();
  }
  std::string first_line() {
    said_.wait_for(1);
    const std::lock_guard lock(mutex_);
    return lines_.front();
  }

  bool owns(model::WorkspaceId workspace) {
    if (workspace != kAcme) return true;
    const bool has = has_acme_;
    (has ? visits_ : refused_visits_).add();
    return has;
  }

  void submit(eventstore::Submission submission) {
    const auto done = submission.done;
    if (submission.workspace == kAcme && !has_acme_) {
      refused_reports_.add();
      return done(eventstore::unavailable("another process has the partition"));
    }
    if (submission.workspace == kAcme && is_cut_off_) {
      refused_questions_.add();
      return done(eventstore::undone());
    }
    done(scene_.done(std::move(submission)));
  }

  void wait_long() { rounds_.wait_for(rounds_.now() + kLong); }

  v1::Email::State state_of_mail() const {
    auto state = v1::Email::STATE_UNSPECIFIED;
    const auto rows = scene_.state.rows(kAcme, scene_.state.snapshot());
    domain::View(*rows, kAcme).for_each(domain::kind_of<v1::Email>(), [&](const model::Uuid&, std::string_view record) {
      state = domain::parse<v1::Email>(record).state();
      return true;
    });
    return state;
  }

  model::Uuid mail() const {
    model::Uuid mail;
    const auto rows = scene_.state.rows(kAcme, scene_.state.snapshot());
    domain::View(*rows, kAcme).for_each(domain::kind_of<v1::Email>(), [&](const model::Uuid& id, std::string_view) {
      mail = id;
      return true;
    });
    return mail;
  }

  using Decide = std::function<domain::Result<domain::Events>(const domain::View&, const domain::Context&)>;
  void happen(model::WorkspaceId workspace, const Decide& decide) {
    eventstore::Submission submission;
    submission.workspace = workspace;
    submission.decide = [&](const domain::View& view,
                            const domain::Context& context) -> domain::Result<eventstore::Decision> {
      auto events = decide(view, context);
      if (!events) return std::unexpected(events.error());
      return eventstore::Decision{std::move(*events), {}};
    };
    ASSERT_EQ(scene_.done(std::move(submission)).kind, eventstore::Outcome::Kind::kCommitted);
  }

  /// Its owner is to be told by mail.
  void win_a_deal(model::WorkspaceId workspace) {
    happen(workspace, [](const domain::View& view, const domain::Context& context) {
      v1::CreateDeal command;
      command.set_stage("won");
      command.set_notify(true);
      command.mutable_record()->set_title("Fleet");
      command.mutable_record()->set_owner_id(std::string(kOwner.view()));
      return domain::create_deal(command, {}, view, context);
    });
  }

  std::atomic<bool> has_acme_ = true;
  std::atomic<bool> loses_while_sending_ = false;
  std::atomic<bool> is_cut_off_ = false;  // from the log: whether another process has Acme's partition is not known
  std::atomic<SendOutcome::State> answer_ = SendOutcome::State::Retry;
  Count attempts_;         // to send Acme's mail
  Count visits_;           // of the mailer to Acme while it had the partition
  Count refused_visits_;   // and while it had not
  Count refused_reports_;  // and what it wanted to report then
  Count refused_questions_;
  Count rounds_;  // attempts to send the other one's mail
  Count said_;    // about Acme's
  projections::test::WriterScene scene_;
  std::unique_ptr<Mailer> mailer_;

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;

  void queue_mail(model::WorkspaceId workspace, const std::string& address) {
    happen(workspace, [&](const domain::View& view, const domain::Context& context) {
      return domain::begin_workspace({"Acme", "acme", "EUR", "UTC", "Ann", address, kOwner, {}, {}, {}}, view, context);
    });
    win_a_deal(workspace);
  }
};

TEST_F(MailerTest, SaysWhichMailIsRefusedForGoodAndNotWhose) {
  answer_ = SendOutcome::State::Rejected;
  start(std::chrono::hours(1));
  EXPECT_EQ(first_line(), "mail " + mail().text() + " of workspace " + kAcme.value.text() +
                              " is refused for good: the mail server answered 550; see daybook dlq list, and retry or "
                              "drop it");
}

TEST_F(MailerTest, SaysOfAMailThatWaitsWhyAndNotWhose) {
  start(std::chrono::hours(1));
  EXPECT_EQ(first_line(), "mail " + mail().text() + " waits: 550 (address) nobody here");
}

TEST_F(MailerTest, LeavesARetryToWhoeverTookThePartition) {
  start(std::chrono::milliseconds(1));
  attempts_.wait_for(1);
  has_acme_ = false;
  wait_long();
  EXPECT_LE(refused_visits_.now(), 1);
}

TEST_F(MailerTest, LeavesAReportToWhoeverTookThePartition) {
  answer_ = SendOutcome::State::Accepted;
  loses_while_sending_ = true;
  start(std::chrono::milliseconds(1));
  refused_reports_.wait_for(1);
  wait_long();
  EXPECT_EQ(refused_reports_.now(), 1);
}

TEST_F(MailerTest, LeavesTheRestOfItsMailsToWhoeverTookThePartition) {
  win_a_deal(kAcme);
  win_a_deal(kAcme);
  loses_while_sending_ = true;
  start(std::chrono::milliseconds(1));
  attempts_.wait_for(1);
  wait_long();
  EXPECT_EQ(attempts_.now(), 1);
}

TEST_F(MailerTest, SendsNothingWhileItMayHaveBeenReplaced) {
  is_cut_off_ = true;
  start(std::chrono::milliseconds(1));
  refused_questions_.wait_for(2);
  EXPECT_EQ(attempts_.now(), 0);
  is_cut_off_ = false;
  attempts_.wait_for(1);
}

TEST_F(MailerTest, BeginsAnewWhenAPartitionComesBack) {
  start(std::chrono::hours(1));
  attempts_.wait_for(1);
  has_acme_ = false;
  mailer_->wake(kAcme);
  refused_visits_.wait_for(1);
  has_acme_ = true;
  mailer_->wake(kAcme);
  attempts_.wait_for(2);
}

TEST_F(MailerTest, SendsAgainWhatItCouldNotReportWhenAPartitionComesBack) {
  answer_ = SendOutcome::State::Accepted;
  loses_while_sending_ = true;
  start(std::chrono::milliseconds(1));
  refused_visits_.wait_for(1);
  loses_while_sending_ = false;
  has_acme_ = true;
  mailer_->wake(kAcme);
  wait_long();
  EXPECT_EQ(state_of_mail(), v1::Email::STATE_SENT);
}

TEST_F(MailerTest, DropsTheRetryOfAMailThatSomebodyElseSent) {
  start(std::chrono::milliseconds(1));
  attempts_.wait_for(1);
  happen(kAcme,
         [id = mail()](const domain::View& view, const domain::Context&) { return domain::report_sent(id, view); });
  const int visits = visits_.now();
  wait_long();
  EXPECT_LE(visits_.now() - visits, 2);
}

}  // namespace
}  // namespace daybook::consumers
