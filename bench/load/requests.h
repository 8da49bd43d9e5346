#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::bench {

/// What one load asks the server, request by request.
class Requests {
 public:
  virtual ~Requests() = default;
  /// Appends the whole request with this number.
  virtual void write(std::uint64_t number, std::string& out) = 0;
  virtual int expected_status() const = 0;
  virtual void answered(std::uint64_t /*number*/, std::string_view /*body*/) {}
  /// Ids of the records that the answers were about, one an answer.
  const std::vector<std::string>& ids() const { return ids_; }

 protected:
  std::vector<std::string> ids_;
};

struct Wanted {
  std::string what;  // members, contacts, deals, gets, pages, moves or replies
  std::string key;   // API key
  std::uint64_t seed = 1;
  std::uint64_t first = 0;           // number of the first record: two loads never make the same one
  std::vector<std::string> records;  // ids: contacts of gets and deals, deals of moves
  std::vector<std::string> owners;   // ids of members
};

/// Throws std::runtime_error where `what` is unknown or ids are missing.
std::unique_ptr<Requests> make_requests(Wanted wanted);

}  // namespace daybook::bench
