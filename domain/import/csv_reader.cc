#include "domain/import/csv_reader.h"

#include <utility>

#include "domain/import/cell_text.h"

namespace daybook::domain {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} << 10;
constexpr std::uint8_t kStopsPlain = 1;
constexpr std::uint8_t kStopsQuoted = 2;

std::string_view unguarded(std::string_view cell) {
  return cell.starts_with('\'') && looks_like_formula(cell) ? cell.substr(1) : cell;
}

}  // namespace

CsvReader::CsvReader(ByteSource source, CsvFormat format)
    : source_(std::move(source)), format_(format), buffer_(kChunkBytes) {
  stops_['\0'] = stops_['"'] = kStopsPlain | kStopsQuoted;
  for (const char c : {format.delimiter, '\r', '\n'}) stops_[static_cast<unsigned char>(c)] = kStopsPlain;
  if (format.encoding == TextEncoding::kWindows1252) {
    for (std::size_t byte = 0x80; byte < stops_.size(); ++byte) stops_[byte] = kStopsPlain | kStopsQuoted;
  }
}

std::expected<bool, CsvError> CsvReader::next(CsvRecord& record) {
  bool found = false;
  do {
    start_record();
    found = read_record();
  } while (found && is_blank_line());
  if (error_) return std::unexpected(*error_);
  if (found) deliver(record);
  return found;
}

void CsvReader::start_record() {
  text_.clear();
  ends_.clear();
  quoted_ = false;
  state_ = State::kCellStart;
  if (after_cr_ && (at_ != end_ || fill()) && buffer_[at_] == '\n') ++at_;
  after_cr_ = false;
  record_byte_ = byte();
}

bool CsvReader::read_record() {
  while (!error_) {
    if (at_ == end_ && !fill()) return !error_ && end_of_file();
    take_run();
    if (at_ != end_ && !error_ && take_special()) return !error_;
  }
  return false;
}

bool CsvReader::fill() {
  if (ended_) return false;
  consumed_ += end_;
  at_ = 0;
  end_ = source_(buffer_);
  ended_ = end_ == 0;
  if (!started_) skip_byte_order_mark();
  if (error_) return false;
  return at_ != end_ || fill();
}

void CsvReader::skip_byte_order_mark() {
  started_ = true;
  while (!ended_ && end_ < 3) {
    const std::size_t more = source_(std::span(buffer_).subspan(end_));
    ended_ = more == 0;
    end_ += more;
  }
  const std::string_view start(buffer_.data(), end_);
  if (start.starts_with("\xEF\xBB\xBF")) at_ = 3;
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) {
    fail("utf16", 0, "The file is UTF-16. Save it as UTF-8 (in Excel: CSV UTF-8) and upload it again.");
  }
}

/// Bytes that stand for themselves, as many as there are.
void CsvReader::take_run() {
  const std::uint8_t stop = state_ == State::kQuoted ? kStopsQuoted : kStopsPlain;
  std::size_t run = at_;
  while (run != end_ && (stops_[static_cast<unsigned char>(buffer_[run])] & stop) == 0) ++run;
  if (run == at_) return;
  if (state_ != State::kQuoted) state_ = State::kPlain;
  const std::string_view text(buffer_.data() + at_, run - at_);
  at_ = run;
  append(text);
}

/// One byte that ended a run. True when it ended the record.
bool CsvReader::take_special() {
  const char c = buffer_[at_];
  if (c == '\0') {
    fail("nul_byte", byte(),
         "The file holds a NUL byte, so it is no text file, or it is UTF-16. Save it as UTF-8 and upload it again.");
    return false;
  }
  const bool ended = take_structural(c);
  ++at_;
  return ended;
}

bool CsvReader::take_structural(char c) {
  if (c == '"' && state_ == State::kCellStart) {
    state_ = State::kQuoted;
    quoted_ = true;
    quote_byte_ = byte();
  } else if (c == '"' && state_ == State::kQuoted) {
    state_ = State::kQuoteInQuotes;
  } else if (c == '"' && state_ == State::kQuoteInQuotes) {
    state_ = State::kQuoted;
    append("\"");
  } else if (c == format_.delimiter) {
    end_cell();
  } else if (c == '\n' || c == '\r') {
    after_cr_ = c == '\r';
    end_cell();
    return true;
  } else {
    if (state_ != State::kQuoted) state_ = State::kPlain;
    if (c == '"') {
      append("\"");
    } else {
      std::string character;
      append_windows_1252(character, static_cast<unsigned char>(c));
      append(character);
    }
  }
  return false;
}

bool CsvReader::end_of_file() {
  if (state_ == State::kQuoted) {
    fail("unterminated_quote", quote_byte_, "A quote is opened here and never closed.");
    return false;
  }
  if (state_ == State::kCellStart && ends_.empty()) return false;
  end_cell();
  return !error_;
}

void CsvReader::append(std::string_view text) {
  text_ += text;
  if (text_.size() > kCsvRecordBytes) {
    fail("record_too_long", record_byte_,
         "One record is longer than " + std::to_string(kCsvRecordBytes) +
             " bytes. Most often a quote is opened in it and closed much later.");
  }
}

void CsvReader::end_cell() {
  ends_.push_back(text_.size());
  state_ = State::kCellStart;
  if (ends_.size() > kCsvColumns) {
    fail("too_many_columns", record_byte_, "One record has more than " + std::to_string(kCsvColumns) + " columns.");
  }
}

bool CsvReader::is_blank_line() const {
  return ends_.size() == 1 && !quoted_ && text_.find_first_not_of(" \t") == std::string::npos;
}

void CsvReader::deliver(CsvRecord& record) {
  ++row_;
  cells_.clear();
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    cells_.push_back(unguarded(std::string_view(text_).substr(begin, end - begin)));
    begin = end;
  }
  const std::size_t written = cells_.size();
  if (row_ == 1) width_ = written;
  while (cells_.size() > width_ && cells_.back().empty()) cells_.pop_back();
  if (cells_.size() < width_) cells_.resize(width_);
  record = {.row = row_, .cells = cells_, .written = written, .surplus = cells_.size() - width_};
}

void CsvReader::fail(std::string code, std::uint64_t at, std::string detail) {
  if (error_) return;
  error_ = CsvError{.code = std::move(code), .row = row_ + 1, .byte = at, .detail = std::move(detail)};
}

}  // namespace daybook::domain
