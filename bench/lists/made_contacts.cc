#include "bench/lists/made_contacts.h"

#include <cmath>
#include <map>
#include <string>

#include "domain/store.h"
#include "model/row_key.h"
#include "model/text.h"
#include "projections/derived_rows.h"

namespace daybook::bench {
namespace {

using v1::Contact;

constexpr std::int64_t kStartUs = 1'767'225'600'000'000;
constexpr std::uint64_t kBatch = 2'000;

std::string made_name(std::mt19937_64& random, std::size_t names) {
  static constexpr const char* kParts[] = {"an", "bo", "cla", "da", "el", "fri", "gus", "ha", "is", "jo",
                                           "ka", "lu", "mar", "no", "ol", "pe",  "ri",  "sa", "to", "vi"};
  std::size_t number = random() % names;
  std::string name;
  for (int i = 0; i < 4; ++i, number /= 20) name += kParts[number % 20];
  name[0] = static_cast<char>(name[0] - 32);
  return name;
}

// Zipf with exponent 0.99 over `count` ranks, by inversion of the continuous distribution.
std::uint64_t zipf(std::mt19937_64& random, double count) {
  const double u = static_cast<double>(random() >> 11) / 9007199254740992.0;
  return static_cast<std::uint64_t>(std::pow(u * (std::pow(count, 0.01) - 1) + 1, 100.0)) - 1;
}

Contact made_contact(std::mt19937_64& random, std::uint64_t i, std::uint64_t count) {
  Contact c;
  c.set_first_name(made_name(random, 2'000));
  c.set_last_name(made_name(random, 100'000));
  c.set_email(c.first_name() + "." + c.last_name() + std::to_string(i) + "@example" + std::to_string(i % 500) + ".com");
  c.set_email_key(*model::email_key(c.email()));
  c.set_phone("+49 30 1234567");
  c.set_job_title("Head of Procurement");
  c.set_type(random() % 2 ? Contact::TYPE_CUSTOMER : static_cast<Contact::Type>(2 + random() % 4));
  c.set_status(random() % 2 ? "LEAD" : "ACTIVE");
  c.set_is_subscribed(random() % 2);
  c.set_source(c.is_subscribed() ? Contact::SOURCE_FORM : Contact::SOURCE_MANUAL);
  c.set_owner_id(bytes(other_id(1, zipf(random, 1000))));
  c.set_company_id(bytes(other_id(2, random() % (count / 20))));
  c.set_company_name("Company " + made_name(random, 5'000));
  c.add_tag_ids(bytes(other_id(3, random() % 2)));
  c.set_notes(std::string(200, 'n'));
  c.set_address_line1("Unter den Linden 77");
  c.set_city("Berlin");
  c.set_country("Germany");
  c.set_sort_name(model::fold(c.first_name() + " " + c.last_name()));
  c.mutable_meta()->set_created_at(kStartUs + static_cast<std::int64_t>(i) * 1000);
  c.mutable_meta()->set_updated_at(c.meta().created_at());
  c.mutable_meta()->set_version(1);
  return c;
}

}  // namespace

model::Uuid other_id(std::uint32_t family, std::uint64_t number) {
  return model::Uuid::version7(kStartUs / 1000, family, number);
}

std::string bytes(const model::Uuid& id) { return std::string(id.view()); }

void for_each_made_contact(std::uint64_t count, const std::function<void(const model::Uuid&, const Contact&)>& visit) {
  std::mt19937_64 random(kSeed);
  for (std::uint64_t i = 0; i < count; ++i) {
    const model::Uuid id = model::Uuid::version7(kStartUs / 1000 + static_cast<std::int64_t>(i), 0, random());
    visit(id, made_contact(random, i, count));
  }
}

void fill(projections::StateStore& store, model::WorkspaceId workspace, std::uint64_t count) {
  const model::Kind& kind = domain::kind_of<Contact>();
  std::map<std::string, model::Wide> counters;
  projections::StateStore::Batch batch;
  std::uint64_t in_batch = 0;
  for_each_made_contact(count, [&](const model::Uuid& id, const Contact& contact) {
    auto& rows = batch[workspace];
    const std::string record = contact.SerializeAsString();
    rows[model::entity_key(kind.number, id)] = record;
    for (auto& [key, value] : domain::decision_rows(kind, id, record)) rows[key] = value;
    const auto derived = projections::derive(kind, id, record);
    for (const auto& [key, value] : derived.rows) rows[key] = value;
    for (const auto& [key, value] : derived.contributions) counters[key] += value;
    if (++in_batch < kBatch) return;
    store.write(batch, 0, {});
    batch.clear();
    in_batch = 0;
  });
  for (const auto& [key, value] : counters) batch[workspace][key] = projections::encode_counter(value);
  store.write(batch, 0, {});
}

}  // namespace daybook::bench
