#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/nodes/body_file.h"
#include "api/nodes/relay.h"

namespace daybook::api {

/// The owner's side of a forward: one request on its way there, by libcurl, and what comes back handed to the Relay. It
/// knows whether the request may have been sent, for that decides what can be said of a failure, and sends nothing but
/// GET and HEAD a second time. On the forwarder's thread alone.
class Transfer {
 public:
  Transfer(std::uint64_t id, Forward forward, const ForwarderOptions& options, Relay::Tell tell);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  std::uint64_t id() const { return id_; }
  const std::string& url() const { return relay_.forward().url; }

  /// Adds it to the CURLM. Throws std::runtime_error if that can't be, or the body's file can't be read; then fail().
  void start(void* multi);
  /// libcurl has ended it with this CURLcode. What went wrong, if the client gets no answer of the owner.
  std::optional<std::string> end(int code);
  /// False if it is to be dropped.
  bool hear(const ClientNews& news);
  /// Whether nothing has come of an owner that was replaced long enough before.
  bool is_deserted(std::chrono::steady_clock::time_point now);
  /// Answers `unavailable` with this detail, or `outcome_unknown` if the owner may have done something. A stream is cut
  /// off.
  void fail(std::string_view if_undone);
  /// The same, because this node stops. Events just end.
  void stop();

 private:
  struct Callbacks;
  struct EasyCleanup {
    void operator()(void* easy) const;
  };
  struct ListFree {
    void operator()(void* list) const;
  };

  void set_connection();
  void set_request();
  void set_fields();
  void set_callbacks();
  bool may_send();
  void take_header_line(std::string_view line);
  void take_end_of_header();
  std::string trouble(int code) const;

  const std::uint64_t id_;
  const ForwarderOptions& options_;
  Relay relay_;
  std::optional<BodyFile> body_file_;
  std::unique_ptr<void, ListFree> fields_;   // curl_slist
  std::unique_ptr<void, EasyCleanup> easy_;  // CURL
  void* multi_ = nullptr;                    // the CURLM that has it

  bool sent_ = false;                                                 // the request may have left this node, in part
  bool paused_ = false;                                               // the client reads slower than the owner writes
  std::optional<std::chrono::steady_clock::time_point> replaced_at_;  // the owner, as far as was seen
  Response head_;                                                     // of the answer, as far as it has come
  std::size_t head_bytes_ = 0;
  std::string callback_error_;
  std::array<char, 256> curl_error_{};
};

}  // namespace daybook::api
