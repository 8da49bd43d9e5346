#include "domain/email.h"

#include "daybook/v1/workspace.pb.h"
#include "domain/facts.h"

namespace daybook::domain {
namespace {

constexpr const char* kWonTemplate = "deal_won";

v1::Email::Reason why_not(const std::optional<model::Uuid>& owner, const View& view) {
  if (!owner) return v1::Email::REASON_NO_OWNER;
  const auto member = view.find<v1::Member>(*owner);
  if (!member || member->state() == v1::Member::STATE_REMOVED) return v1::Email::REASON_OWNER_REMOVED;
  if (!member->has_email()) return v1::Email::REASON_NO_ADDRESS;
  return v1::Email::REASON_UNSPECIFIED;
}

bool is_queued(const std::string& record) { return parse<v1::Email>(record).state() == v1::Email::STATE_QUEUED; }

// Whether the mail failed, so that people may decide about it; false where `is_done` says that they did.
Result<bool> is_to_settle(const model::Uuid& id, const View& view, bool (*is_done)(const v1::Email&)) {
  const auto record = find_live(kind_of<v1::Email>(), id, view);
  if (!record) return std::unexpected(record.error());
  const auto email = parse<v1::Email>(*record);
  if (is_done(email)) return false;
  if (email.state() == v1::Email::STATE_FAILED) return true;
  return std::unexpected(Rejection{"email_state", "Only a mail that the mail server refused is retried or dropped."});
}

}  // namespace

// Found by event_types through their arguments, hence not in the unnamed namespace.
static void apply(const v1::EmailSkipped& skipped, const Event& event, Store& store) {
  v1::Email email;
  email.set_template_(skipped.template_());
  email.set_state(v1::Email::STATE_SKIPPED);
  email.set_reason(skipped.reason());
  if (skipped.has_member_id()) email.set_member_id(skipped.member_id());
  email.set_deal_id(skipped.deal_id());
  store.put(event.id, email);
}

static void apply(const v1::EmailSent&, const Event& event, Store& store) {
  v1::Email change;
  change.set_state(v1::Email::STATE_SENT);
  change.set_sent_at(store.stamp().time_us);
  store.patch(kind_of<v1::Email>(), event.id, change.SerializeAsString(), {});
}

static void apply(const v1::EmailFailed& failed, const Event& event, Store& store) {
  v1::Email change;
  change.set_state(v1::Email::STATE_FAILED);
  change.set_reason(v1::Email::REASON_REFUSED);
  if (failed.has_detail()) change.set_detail(failed.detail());
  store.patch(kind_of<v1::Email>(), event.id, change.SerializeAsString(), {});
}

static void apply(const v1::EmailRetried&, const Event& event, Store& store) {
  v1::Email change;
  change.set_state(v1::Email::STATE_QUEUED);
  store.patch(kind_of<v1::Email>(), event.id, change.SerializeAsString(),
              {v1::Email::kReasonFieldNumber, v1::Email::kDetailFieldNumber});
}

static void apply(const v1::EmailDropped&, const Event& event, Store& store) {
  v1::Email change;
  change.set_state(v1::Email::STATE_SKIPPED);
  change.set_reason(v1::Email::REASON_DROPPED);
  store.patch(kind_of<v1::Email>(), event.id, change.SerializeAsString(), {});
}

void queue_won_mail(const model::Uuid& deal, const std::optional<model::Uuid>& owner, Draft& draft,
                    const Context& context) {
  const model::Uuid id = context.ids.next();
  const v1::Email::Reason reason = why_not(owner, draft.view());
  if (reason != v1::Email::REASON_UNSPECIFIED) {
    v1::EmailSkipped skipped;
    skipped.set_template_(kWonTemplate);
    skipped.set_reason(reason);
    if (owner) skipped.set_member_id(std::string(owner->view()));
    skipped.set_deal_id(std::string(deal.view()));
    draft.add(business_event(skipped, id, id));
    return;
  }
  v1::Email email;
  email.set_template_(kWonTemplate);
  email.set_state(v1::Email::STATE_QUEUED);
  email.set_message_id(id.text() + "@" + draft.view().workspace().value.text() + ".daybook");
  email.set_member_id(std::string(owner->view()));
  email.set_deal_id(std::string(deal.view()));
  const model::Kind& kind = kind_of<v1::Email>();
  draft.add(Event{kind.created_event, kind.number, id, email.SerializeAsString(), {}, id});
}

Result<Events> report_sent(const model::Uuid& email, const View& view) {
  const auto record = find_live(kind_of<v1::Email>(), email, view);
  if (!record) return std::unexpected(record.error());
  if (!is_queued(*record)) return Events{};
  return Events{business_event(v1::EmailSent{}, email, email)};
}

Result<Events> report_failed(const model::Uuid& email, std::string detail, const View& view) {
  const auto record = find_live(kind_of<v1::Email>(), email, view);
  if (!record) return std::unexpected(record.error());
  if (!is_queued(*record)) return Events{};
  v1::EmailFailed failed;
  failed.set_detail(std::move(detail));
  return Events{business_event(failed, email, email)};
}

Result<Events> retry_email(const model::Uuid& email, const View& view, const Context&) {
  const auto is_queued_again = [](const v1::Email& record) { return record.state() == v1::Email::STATE_QUEUED; };
  const auto failed = is_to_settle(email, view, is_queued_again);
  if (!failed) return std::unexpected(failed.error());
  return *failed ? Events{business_event(v1::EmailRetried{}, email, email)} : Events{};
}

Result<Events> drop_email(const model::Uuid& email, const View& view, const Context&) {
  const auto is_dropped = [](const v1::Email& record) { return record.reason() == v1::Email::REASON_DROPPED; };
  const auto failed = is_to_settle(email, view, is_dropped);
  if (!failed) return std::unexpected(failed.error());
  return *failed ? Events{business_event(v1::EmailDropped{}, email, email)} : Events{};
}

KindRules email_rules() {
  return {.events =
              event_types<v1::EmailSkipped, v1::EmailSent, v1::EmailFailed, v1::EmailRetried, v1::EmailDropped>()};
}

}  // namespace daybook::domain
