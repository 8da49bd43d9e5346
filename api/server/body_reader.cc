#include "api/server/body_reader.h"

#include <boost/beast/http/basic_parser.hpp>

namespace daybook::api {
namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using View = boost::beast::string_view;

class BodyReader::Parser final : public http::basic_parser<true> {
 public:
  BodySink* sink = nullptr;
  State fault = State::Malformed;  // what an error of `put` means
  std::uint64_t raw_bytes = 0;     // of the body with its chunk headers

 private:
  std::size_t store(View bytes, ErrorCode& ec) {
    const bool fits = bytes.size() <= sink->limit_bytes - sink->received_bytes;
    if (!fits || (sink->file && !sink->file->append({bytes.data(), bytes.size()}))) {
      fault = fits ? State::DiskFull : State::TooLarge;
      ec = http::error::body_limit;
      return 0;
    }
    if (!sink->file) sink->memory.append(bytes.data(), bytes.size());
    sink->received_bytes += bytes.size();
    return bytes.size();
  }

  std::size_t on_body_impl(View bytes, ErrorCode& ec) override { return store(bytes, ec); }
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, ErrorCode& ec) override { return store(bytes, ec); }

  // Refused by its announced size, before any of it is read.
  void on_chunk_header_impl(std::uint64_t size, View, ErrorCode& ec) override {
    if (size <= sink->limit_bytes - sink->received_bytes) return;
    fault = State::TooLarge;
    ec = http::error::body_limit;
  }

  // The gate has read the header itself; trailers are dropped (RFC 9110 §6.5.1).
  void on_request_impl(http::verb, View, View, int, ErrorCode&) override {}
  void on_response_impl(int, View, int, ErrorCode&) override {}
  void on_field_impl(http::field, View, View, ErrorCode&) override {}
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  void on_finish_impl(ErrorCode&) override {}
};

BodyReader::BodyReader(std::size_t header_limit_bytes) : parser_(std::make_unique<Parser>()) {
  parser_->header_limit(static_cast<std::uint32_t>(header_limit_bytes));
  parser_->body_limit(boost::none);  // the sink has the limit
}

BodyReader::~BodyReader() = default;

bool BodyReader::take_header(std::string_view header, bool chunked, std::uint64_t content_length) {
  ErrorCode ec;
  const std::size_t consumed = parser_->put(boost::asio::buffer(header), ec);
  if (ec || consumed != header.size() || !parser_->is_header_done()) return false;
  parser_->eager(true);
  return !parser_->need_eof() && parser_->chunked() == chunked &&
         parser_->content_length().value_or(0) == content_length &&
         parser_->is_done() == (!chunked && content_length == 0);
}

bool BodyReader::keep_alive() const { return parser_->keep_alive(); }

BodyReader::Progress BodyReader::take_body(std::string_view bytes, BodySink& sink) {
  if (parser_->is_done()) return {State::Complete, 0};
  parser_->sink = &sink;
  ErrorCode ec;
  const std::size_t consumed = parser_->put(boost::asio::buffer(bytes), ec);
  parser_->raw_bytes += consumed;
  if (ec && ec != http::error::need_more) return {parser_->fault, consumed};
  if (parser_->is_done()) {
    if (sink.file) sink.file->close();
    return {State::Complete, consumed};
  }
  // Chunks of one byte cost six; more around the body than that is an attack with chunk extensions.
  if (parser_->raw_bytes > 8 * sink.received_bytes + 65536) return {State::Malformed, consumed};
  return {State::NeedsMore, consumed};
}

}  // namespace daybook::api
