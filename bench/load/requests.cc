#include "bench/load/requests.h"

#include <array>
#include <stdexcept>

#include "bench/load/contact_text.h"

namespace daybook::bench {
namespace {

// Requests of a client with an API key.
class ClientRequests : public Requests {
 public:
  explicit ClientRequests(Wanted wanted) : wanted_(std::move(wanted)), random_(wanted_.seed) {}

 protected:
  void get(std::string& out, std::string_view target) const {
    out.append("GET ").append(target);
    head(out);
    out.append("\r\n");
  }
  void post(std::string& out, std::string_view target, std::string_view body) const {
    out.append("POST ").append(target);
    head(out);
    out.append("Content-Type: application/json\r\nContent-Length: ").append(std::to_string(body.size()));
    out.append("\r\n\r\n").append(body);
  }
  void keep_id(std::string_view body) {
    const std::size_t at = body.find("\"id\":\"");
    if (at == std::string_view::npos) throw std::runtime_error("an answer without an id: " + std::string(body));
    ids_.emplace_back(body.substr(at + 6, body.find('"', at + 6) - at - 6));
  }
  const std::string& some(const std::vector<std::string>& ids) {
    if (ids.empty()) throw std::runtime_error("this load needs a file of ids");
    return ids[random_() % ids.size()];
  }
  const std::string& some_owner() {
    if (wanted_.owners.empty()) throw std::runtime_error("this load needs --owners");
    return wanted_.owners[zipf(random_, wanted_.owners.size())];
  }

  const Wanted wanted_;
  std::mt19937_64 random_;

 private:
  void head(std::string& out) const {
    out.append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ").append(wanted_.key).append("\r\n");
  }
};

class Members final : public ClientRequests {
 public:
  using ClientRequests::ClientRequests;
  void write(std::uint64_t number, std::string& out) override {
    const std::string n = std::to_string(wanted_.first + number);
    post(out, "/v1/members",
         "{\"name\":\"Member " + n + "\",\"email\":\"member" + n + "@sales.test\",\"role\":\"member\"}");
  }
  int expected_status() const override { return 201; }
  void answered(std::uint64_t, std::string_view body) override { keep_id(body); }
};

class Contacts final : public ClientRequests {
 public:
  using ClientRequests::ClientRequests;
  void write(std::uint64_t number, std::string& out) override {
    post(out, "/v1/contacts", contact_text(random_, wanted_.first + number, some_owner()));
  }
  int expected_status() const override { return 201; }
  void answered(std::uint64_t, std::string_view body) override { keep_id(body); }
};

class Deals final : public ClientRequests {
 public:
  using ClientRequests::ClientRequests;
  void write(std::uint64_t number, std::string& out) override {
    const std::string n = std::to_string(wanted_.first + number);
    post(out, "/v1/deals",
         "{\"title\":\"Order " + n + "\",\"value\":\"" + n +
             ".00\",\"currency\":\"EUR\",\"stage\":\"lead\",\"contact_id\":\"" + some(wanted_.records) +
             "\",\"owner_id\":\"" + some_owner() + "\"}");
  }
  int expected_status() const override { return 201; }
  void answered(std::uint64_t, std::string_view body) override { keep_id(body); }
};

class Gets final : public ClientRequests {
 public:
  using ClientRequests::ClientRequests;
  void write(std::uint64_t, std::string& out) override { get(out, "/v1/contacts/" + some(wanted_.records)); }
  int expected_status() const override { return 200; }
};

// First pages of 50 as a user of a contact list asks for them.
class Pages final : public ClientRequests {
 public:
  using ClientRequests::ClientRequests;
  void write(std::uint64_t number, std::string& out) override {
    static constexpr std::array<std::string_view, 4> kFilters{
        "type=customer&sort=-created_at", "status=lead&source=form&sort=name", "q=cla&sort=-updated_at", "owner_id="};
    std::string target = "/v1/contacts?limit=50&";
    target += kFilters[number % kFilters.size()];
    if (target.ends_with("owner_id=")) target.append(some_owner()).append("&sort=-updated_at");
    get(out, target);
  }
  int expected_status() const override { return 200; }
};

// Each deal in turn, to one stage in the odd rounds and to another in the even ones, so that each move changes it.
class Moves final : public ClientRequests {
 public:
  using ClientRequests::ClientRequests;
  void write(std::uint64_t number, std::string& out) override {
    if (wanted_.records.empty()) throw std::runtime_error("this load needs a file of ids");
    const std::uint64_t n = wanted_.first + number;
    const bool odd = n / wanted_.records.size() % 2 != 0;
    post(out, "/v1/deals/" + wanted_.records[n % wanted_.records.size()] + "/move",
         odd ? "{\"stage\":\"proposal\"}" : "{\"stage\":\"qualified\"}");
  }
  int expected_status() const override { return 200; }
};

// For the limit program's server, which answers anything.
class Replies final : public ClientRequests {
 public:
  using ClientRequests::ClientRequests;
  void write(std::uint64_t, std::string& out) override {
    get(out, "/v1/contacts/019b76da-a800-7000-8000-000000000001");
  }
  int expected_status() const override { return 200; }
};

}  // namespace

std::unique_ptr<Requests> make_requests(Wanted wanted) {
  const std::string what = wanted.what;
  if (what == "members") return std::make_unique<Members>(std::move(wanted));
  if (what == "contacts") return std::make_unique<Contacts>(std::move(wanted));
  if (what == "deals") return std::make_unique<Deals>(std::move(wanted));
  if (what == "gets") return std::make_unique<Gets>(std::move(wanted));
  if (what == "pages") return std::make_unique<Pages>(std::move(wanted));
  if (what == "moves") return std::make_unique<Moves>(std::move(wanted));
  if (what == "replies") return std::make_unique<Replies>(std::move(wanted));
  throw std::runtime_error("there is no load called " + what);
}

}  // namespace daybook::bench
