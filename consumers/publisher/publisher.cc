#include "consumers/publisher/publisher.h"

#include <algorithm>
#include <utility>

#include "consumers/publisher/takeover.h"
#include "domain/publication.h"
#include "eventstore/counted_reader.h"
#include "eventstore/kafka/topic_admin.h"
#include "model/named_thread.h"

namespace daybook::consumers {
namespace {

constexpr std::size_t kMostSent = 5'000;
constexpr std::size_t kMostSentBytes = 16 << 20;
constexpr std::uint64_t kEventsInTurn = 64;
constexpr std::chrono::milliseconds kPoll{10};
constexpr std::chrono::milliseconds kIdle{500};
constexpr std::chrono::seconds kFinish{3};

}  // namespace

Publisher::Publisher(const projections::StateStore& state, eventstore::Log& log, eventstore::Writers& writers,
                     Options options)
    : state_(state), log_(log), writers_(writers), options_(std::move(options)) {}

Publisher::~Publisher() { stop(); }

void Publisher::prepare_topic() const {
  eventstore::prepare_events_topic(options_.kafka, options_.topic, options_.retention);
}

void Publisher::start() {
  {
    const std::lock_guard lock(mutex_);
    told_offset_ = std::max(told_offset_, projections::applied_before(state_.position(options_.partition)));
  }
  thread_ = model::named_thread("publisher-" + std::to_string(options_.partition),
                                [this](const std::stop_token& stop) { run(stop); });
}

void Publisher::wake(const projections::Projector::Applied& applied) {
  if (applied.partition != options_.partition) return;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& workspace : applied.workspaces) {
      // Those of partitions have no public events. A commit without events only keeps an answer.
      if (eventstore::is_of_partition(workspace.id) || workspace.last < workspace.first) continue;
      const auto [known, is_new] =
          news_.try_emplace(workspace.id, Backlog::Run{workspace.id, workspace.first, workspace.last});
      if (!is_new) known->second.last = workspace.last;
    }
    told_offset_ = std::max(told_offset_, applied.offset);
  }
  changed_.notify_one();
}

// What is not in the backlog yet waits for brokers as well: they may be away before it is known what they have.
Publisher::Figures Publisher::figures() const {
  Figures figures{published_, backlog_size_, reported_offset_};
  const std::lock_guard lock(mutex_);
  for (const auto& [workspace, run] : news_) figures.lag += run.last - run.first + 1;
  return figures;
}

void Publisher::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Publisher::run(const std::stop_token& stop) {
  retry_ = options_.first_retry;
  while (!stop.stop_requested()) {
    if (!has_partition()) {
      stand_by(stop);
      continue;
    }
    try {
      publish(stop);
    } catch (const std::exception& error) {
      options_.log(std::string("events are not published: ") + error.what() + "; trying again in " +
                   std::to_string(retry_.count()) + " ms");
    }
    if (!is_over(stop)) wait_to_retry(stop);
  }
}

// What is missing on the topic is found out anew once this server has the partition.
void Publisher::stand_by(const std::stop_token& stop) {
  forget();
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, kIdle, [] { return false; });
}

void Publisher::forget() {
  backlog_ = {};
  knows_backlog_ = false;
  backlog_size_ = 0;
  const std::lock_guard lock(mutex_);
  news_.clear();
}

void Publisher::wait_to_retry(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, retry_, [] { return false; });
  retry_ = std::min(retry_ * 2, options_.longest_retry);
}

// One session: until something fails, or it is over.
void Publisher::publish(const std::stop_token& stop) {
  const std::uint32_t partitions = eventstore::prepare_events_topic(options_.kafka, options_.topic, options_.retention);
  if (!knows_backlog_) {
    forget();
    log_id_ = eventstore::first_claimant(log_);
    Takeover({state_, log_, log_id_, options_.partition, options_.kafka, options_.topic, [&] { return is_over(stop); }})
        .run(partitions, backlog_);
    if (is_over(stop)) return;
    knows_backlog_ = true;
  }
  backlog_.rewind();
  failure_.reset();
  eventstore::TopicProducer producer(options_.kafka, options_.topic, *this);
  while (!is_over(stop) && !failure_) {
    absorb();
    send(producer);
    mark_and_report();
    wait(producer, stop);
  }
  const auto deadline = Clock::now() + kFinish;
  while (!sent_.empty() && !failure_ && has_partition() && Clock::now() < deadline) producer.poll(kPoll);
  producer.give_up();
  sent_.clear();
  sent_bytes_ = 0;
  if (failure_ && !is_over(stop)) throw std::runtime_error("Kafka did not take a message: " + *failure_);
}

void Publisher::absorb() {
  const std::lock_guard lock(mutex_);
  for (const auto& [workspace, run] : news_) backlog_.add(workspace, run.first, run.last);
  news_.clear();
  absorbed_offset_ = told_offset_;
  backlog_size_ = backlog_.size();
}

bool Publisher::has_room() const { return sent_.size() < kMostSent && sent_bytes_ < kMostSentBytes; }

void Publisher::send(eventstore::TopicProducer& producer) {
  while (has_room() && !failure_) {
    const auto run = backlog_.take(kEventsInTurn);
    if (!run) return;
    send(producer, *run);
    producer.poll({});
  }
}

void Publisher::send(eventstore::TopicProducer& producer, const Backlog::Run& run) {
  const auto rows = state_.rows(run.workspace);
  for (std::uint64_t position = run.first; position <= run.last; ++position) {
    const auto message = options_.message_of(*rows, run.workspace, position);
    if (!message) {
      failure_ = "event " + std::to_string(position) + " of workspace " + run.workspace.value.text() +
                 " cannot be read; rebuild the read models";
      return;
    }
    const std::uint64_t tag = next_tag_++;
    const std::size_t bytes = message->value.size();
    if (auto refusal = producer.produce(*message, tag)) {
      failure_ = std::move(refusal);
      return;
    }
    sent_.emplace(tag, Sent{run.workspace, position, bytes});
    sent_bytes_ += bytes;
  }
}

void Publisher::delivered(std::uint64_t tag, const std::optional<std::string>& failure, std::int64_t) {
  const auto message = sent_.extract(tag);
  if (message.empty()) return;
  sent_bytes_ -= message.mapped().bytes;
  if (failure && !failure_) failure_ = failure;
  if (failure_) return;
  backlog_.published(message.mapped().workspace, message.mapped().position);
  has_published_ = true;
  retry_ = options_.first_retry;
  has_warned_ = false;
  ++published_;
  backlog_size_ = backlog_.size();
}

void Publisher::lost_all_brokers(const std::string& why) {
  if (!std::exchange(has_warned_, true)) {
    options_.log("events wait: " + eventstore::unreachable_text(options_.kafka, why));
  }
}

void Publisher::mark_and_report() {
  if (const auto mark = backlog_.take_passed()) report(*mark);
  if (backlog_.has_mark() || !has_published_ || Clock::now() < mark_due_) return;
  backlog_.set({absorbed_offset_, options_.clock_us()});
  has_published_ = false;
  mark_due_ = Clock::now() + options_.report_every;
}

// If it is refused, such as while the log does not answer, a later one says more.
void Publisher::report(const Backlog::Mark& mark) {
  v1::Publication reported;
  reported.set_topic(options_.topic);
  reported.set_log_offset(static_cast<std::int64_t>(mark.log_offset));
  reported.set_marked_at(mark.time_us);
  reported.set_log(std::string(log_id_.view()));
  eventstore::Submission submission;
  submission.workspace = eventstore::workspace_of_partition(options_.partition);
  submission.actor.kind = domain::Actor::Kind::kSystem;
  submission.origin = "publisher";
  submission.decide = [reported](const domain::View& view,
                                 const domain::Context& context) -> domain::Result<eventstore::Decision> {
    auto events = domain::report_published(reported, view, context);
    if (!events) return std::unexpected(std::move(events.error()));
    return eventstore::Decision{std::move(*events), {}};
  };
  submission.done = [this, offset = mark.log_offset](const eventstore::Outcome& outcome) {
    if (outcome.kind == eventstore::Outcome::Kind::kCommitted) reported_offset_ = offset;
  };
  writers_.submit(std::move(submission));
}

void Publisher::wait(eventstore::TopicProducer& producer, const std::stop_token& stop) {
  if (backlog_.has_more() && has_room()) return;
  if (!sent_.empty()) return producer.poll(kPoll);
  producer.poll({});
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, kIdle, [this] { return !news_.empty(); });
}

}  // namespace daybook::consumers
