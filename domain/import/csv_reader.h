#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/import/byte_source.h"
#include "domain/import/text_encoding.h"

namespace daybook::domain {

struct CsvFormat {
  TextEncoding encoding = TextEncoding::kUtf8;
  char delimiter = ',';  // or ; or tab
  bool operator==(const CsvFormat&) const = default;
};

/// The longest record and the most columns that are read; beyond them the file is refused.
inline constexpr std::size_t kCsvRecordBytes = std::size_t{1} << 20;
inline constexpr std::size_t kCsvColumns = 1000;

/// Why a file cannot be read on. Codes: unterminated_quote, record_too_long, too_many_columns, nul_byte, utf16.
struct CsvError {
  std::string code;
  std::uint64_t row = 0;   // of the record in which it stands; the header is row 1
  std::uint64_t byte = 0;  // offset in the file, from 0
  std::string detail;
  bool operator==(const CsvError&) const = default;
};

/// One record. The cells are UTF-8 and stay valid until the next call of the reader.
struct CsvRecord {
  std::uint64_t row = 0;                    // 1 is the header; blank lines do not count
  std::span<const std::string_view> cells;  // never fewer than the header has
  std::size_t written = 0;                  // how many the file has
  std::size_t surplus = 0;                  // how many stand beyond the header, empty ones at the end left out
};

/// Reads a CSV file record by record in bounded memory (64 KiB of the file and one record). RFC 4180, and what is met
/// beside it: CRLF, LF and CR in one file, a byte order mark, blank lines (skipped), quotes inside unquoted cells and
/// text after a closing quote (both taken as they stand). Cells keep their white space. A cell guarded against
/// spreadsheets
/// (`'=1`, see looks_like_formula) loses its apostrophe. UTF-8 is not checked here: detect_csv() does.
/// Not thread-safe.
class CsvReader {
 public:
  CsvReader(ByteSource source, CsvFormat format);

  /// The next record; false at the end. After an error every call gives the same error.
  std::expected<bool, CsvError> next(CsvRecord& record);
  /// How far into the file the reader is, for progress.
  std::uint64_t byte() const { return consumed_ + at_; }

 private:
  enum class State : std::uint8_t { kCellStart, kPlain, kQuoted, kQuoteInQuotes };

  void start_record();
  bool read_record();
  bool fill();
  void skip_byte_order_mark();
  void take_run();
  bool take_special();
  bool take_structural(char c);
  bool end_of_file();
  void append(std::string_view text);
  void end_cell();
  bool is_blank_line() const;
  void deliver(CsvRecord& record);
  void fail(std::string code, std::uint64_t at, std::string detail);

  ByteSource source_;
  CsvFormat format_;
  std::array<std::uint8_t, 256> stops_{};  // which bytes end a run of plain text, outside and inside quotes
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::uint64_t consumed_ = 0;  // bytes of the file before the buffer
  bool started_ = false;
  bool ended_ = false;
  bool after_cr_ = false;

  State state_ = State::kCellStart;
  std::string text_;               // of the record's cells, one after the other
  std::vector<std::size_t> ends_;  // of each cell in text_
  bool quoted_ = false;            // some cell of the record was quoted
  std::uint64_t record_byte_ = 0;
  std::uint64_t quote_byte_ = 0;
  std::uint64_t row_ = 0;  // of the last record delivered
  std::size_t width_ = 0;  // cells of the header
  std::vector<std::string_view> cells_;
  std::optional<CsvError> error_;
};

}  // namespace daybook::domain
