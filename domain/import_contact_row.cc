#include <algorithm>
#include <array>

#include "daybook/v1/work.pb.h"
#include "domain/contact.h"
#include "domain/facts.h"
#include "domain/import/cell_text.h"
#include "domain/import/contact_profile.h"
#include "domain/import/person_name.h"
#include "domain/import_cells.h"
#include "model/row_key.h"
#include "model/text.h"

namespace daybook::domain {
namespace {

using Contact = v1::Contact;

// Columns that are more than the contact's field of that name: names are split, notes become notes of the contact.
constexpr std::array<std::string_view, 3> kOwnColumns{"first_name", "last_name", "notes"};

ContactTerms terms_of(const ImportOptions& options) {
  ContactTerms terms;
  terms.link_company = options.match_company;
  if (options.profile == ImportProfile::kNameAndEmail) {
    terms.identity = v1::Settings::CONTACT_IDENTITY_NAME_AND_EMAIL;
  } else if (options.profile == ImportProfile::kNames) {
    terms.identity = v1::Settings::CONTACT_IDENTITY_NAMES;
  } else if (options.profile == ImportProfile::kEmail) {
    terms.identity = v1::Settings::CONTACT_IDENTITY_EMAIL;
  }
  return terms;
}

std::vector<std::string> tag_names(std::string_view cell) {
  std::vector<std::string> names;
  while (!cell.empty()) {
    const std::size_t end = std::min(cell.find(','), cell.size());
    const std::string_view name = trimmed(cell.substr(0, end));
    if (!model::fold(name).empty()) names.emplace_back(name);
    cell.remove_prefix(std::min(end + 1, cell.size()));
  }
  return names;
}

// Whether a deleted contact had this address. One that was merged does not count: it lives on in its survivor.
bool had_deleted_contact(std::string_view email_key, const View& view) {
  constexpr int kLookedAt = 100;
  const model::Kind& contacts = kind_of<Contact>();
  const model::Field& field = *contacts.message->field(std::uint32_t{Contact::kEmailKeyFieldNumber});
  int seen = 0;
  bool found = false;
  view.for_each_posting(contacts, field, model::ordered_text(email_key), [&](const model::Uuid& id) {
    const auto record = view.record(contacts, id);
    found = record && is_deleted(*record) && !model::get_bytes(*record, Contact::kMergedIntoFieldNumber);
    return !found && ++seen < kLookedAt;
  });
  return found;
}

// One row of contacts on its way into the workspace.
class ContactRow {
 public:
  ContactRow(const ImportPlan& plan, const ImportOptions& options, const ImportRow& row, const View& view,
             const Context& context)
      : plan_(plan),
        options_(options),
        cells_(plan, row, decision_),
        view_(view),
        context_(context),
        draft_(view, context) {}

  RowDecision decide(const OwnerNames& owners) {
    read_cells(owners);
    if (cells_.failed()) return std::move(decision_);
    const auto existing = contact_.has_email() ? find_contact(contact_.email(), view_) : std::nullopt;
    const auto id = existing ? update(*existing) : create();
    if (!id) return std::move(decision_);
    if (existing) add(tag_contact(*id, tags_, draft_.view(), context_));
    add_note(*id);
    decision_.events = draft_.take();
    decision_.fate = !existing ? RowFate::kCreated : decision_.events.empty() ? RowFate::kUnchanged : RowFate::kUpdated;
    return std::move(decision_);
  }

 private:
  void read_cells(const OwnerNames& owners) {
    std::string record;
    const model::Kind& kind = kind_of<Contact>();
    PersonName name{std::string(cells_.text("first_name")), std::string(cells_.text("last_name"))};
    if (name.first.empty() && name.last.empty()) name = split_name(cells_.text("name"));
    cells_.copy_text("first_name", name.first, kind, Contact::kFirstNameFieldNumber, record);
    cells_.copy_text("last_name", name.last, kind, Contact::kLastNameFieldNumber, record);
    cells_.copy("company", kind, Contact::kCompanyNameFieldNumber, record);
    cells_.copy_plain(kind, kOwnColumns, record);
    contact_ = parse<Contact>(record);
    if (const auto birthday = cells_.date("birthday")) {
      contact_.set_birth_month(birthday->date.month);
      contact_.set_birth_day(birthday->date.day);
    }
    const IdentityParts parts{false, contact_.has_first_name(), contact_.has_last_name(), contact_.has_email()};
    if (!cells_.failed() && !row_serves(parts, plan_.profiles)) {
      cells_.error(contact_.has_email() ? "name" : "email", "required",
                   "The row names nobody: it needs an e-mail, or a first and last name, as its columns allow.");
    }
    if (const auto owner = cells_.owner(owners)) contact_.set_owner_id(std::string(owner->view()));
    tags_ = tag_names(cells_.text("tags"));
  }

  std::optional<model::Uuid> create() {
    const auto key = contact_.has_email() ? model::email_key(contact_.email()) : std::nullopt;
    if (key && had_deleted_contact(*key, view_)) {
      cells_.warn("email", "deleted", "A deleted contact had this e-mail; it stays deleted, and a new one was made.");
    }
    v1::CreateContact command;
    *command.mutable_record() = contact_;
    command.mutable_record()->set_source(Contact::SOURCE_IMPORT);
    if (options_.mark_subscribed) subscribe(*command.mutable_record());
    for (const std::string& tag : tags_) command.add_tags(tag);
    auto events = create_contact(command, view_, context_, terms_of(options_));
    if (!events) {
      cells_.errors_of(events.error());
      return std::nullopt;
    }
    std::optional<model::Uuid> id;
    for (const Event& event : *events) {
      if (event.name == kind_of<Contact>().created_event) id = event.id;
    }
    draft_.add(*events);
    return id;
  }

  std::optional<model::Uuid> update(const model::Uuid& id) {
    const auto before = *view_.find<Contact>(id);
    if (before.meta().command() == context_.command.view()) {
      cells_.warn("email", "repeated", "An earlier row of this file has the same e-mail; both were applied in order.");
    }
    Contact change = contact_;
    change.clear_email();  // it is the same address, or one beside it
    if (before.has_company_id() && !options_.match_company) change.clear_company_name();  // the link says more
    if (options_.mark_subscribed && !before.is_subscribed()) {
      if (before.has_unsubscribed_at()) {
        cells_.warn("", "suppressed", "The contact has unsubscribed; the import does not change that.");
      } else {
        subscribe(change);
      }
    }
    add(update_contact(id, {change.SerializeAsString(), {}}, view_, context_, terms_of(options_)));
    return id;
  }

  // Rule 12: consent is recorded with its proof.
  void subscribe(Contact& contact) const {
    contact.set_is_subscribed(true);
    contact.set_opt_in_at(context_.time_us);
    contact.set_opt_in_source("CSV Import");
  }

  void add(const Result<Events>& events) {
    if (events) {
      draft_.add(*events);
    } else {
      cells_.errors_of(events.error());
    }
  }

  void add_note(const model::Uuid& contact) {
    const std::string_view body = cells_.text("notes");
    if (body.empty() || has_note(contact, body)) return;
    std::string record;
    cells_.copy("notes", kind_of<v1::Note>(), v1::Note::kBodyFieldNumber, record);
    if (cells_.failed()) return;
    auto note = parse<v1::Note>(record);
    note.set_contact_id(std::string(contact.view()));
    auto event = domain::create(kind_of<v1::Note>(), note.SerializeAsString(), draft_.view(), context_);
    if (event) {
      draft_.add(std::move(*event));
    } else {
      cells_.errors_of(event.error());
    }
  }

  bool has_note(const model::Uuid& contact, std::string_view body) {
    const model::Kind& notes = kind_of<v1::Note>();
    const model::Field& field = *notes.message->field(std::uint32_t{v1::Note::kContactIdFieldNumber});
    bool found = false;
    draft_.view().for_each_posting(notes, field, contact.view(), [&](const model::Uuid& id) {
      const auto record = draft_.view().record(notes, id);
      found = record && !is_deleted(*record) && model::get_bytes(*record, v1::Note::kBodyFieldNumber) == body;
      return !found;
    });
    return found;
  }

  const ImportPlan& plan_;
  const ImportOptions& options_;
  RowDecision decision_;
  RowCells cells_;
  const View& view_;
  const Context& context_;
  Draft draft_;
  Contact contact_;
  std::vector<std::string> tags_;
};

}  // namespace

RowDecision decide_contact_row(const ImportPlan& plan, const ImportOptions& options, const OwnerNames& owners,
                               const ImportRow& row, const View& view, const Context& context) {
  return ContactRow(plan, options, row, view, context).decide(owners);
}

}  // namespace daybook::domain
