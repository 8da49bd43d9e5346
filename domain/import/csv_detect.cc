#include "domain/import/csv_detect.h"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace daybook::domain {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} << 10;
constexpr std::size_t kSampleBytes = std::size_t{64} << 10;
constexpr std::size_t kSampleRecords = 100;

/// How well a delimiter explains the sample: several columns, records as wide as the header, columns.
using Fit = std::tuple<bool, std::size_t, std::size_t>;

Fit fit(const std::string& sample, bool cut, CsvFormat format) {
  CsvReader reader(text_source(sample), format);
  CsvRecord record;
  std::vector<std::size_t> widths;
  while (widths.size() < kSampleRecords && reader.next(record).value_or(false)) widths.push_back(record.written);
  if (cut && widths.size() > 1 && reader.byte() >= sample.size())
    widths.pop_back();  // the last one may be half a record
  if (widths.empty()) return {false, 0, 0};
  std::size_t alike = 0;
  for (const std::size_t width : widths) alike += width == widths.front() ? 1U : 0U;
  return {widths.front() > 1, alike, widths.front()};
}

char delimiter_of(const std::string& sample, bool cut, TextEncoding encoding) {
  char best = ',';
  Fit best_fit{false, 0, 0};
  for (const char delimiter : {'\t', ';', ','}) {
    const Fit found = fit(sample, cut, {.encoding = encoding, .delimiter = delimiter});
    if (found > best_fit) {
      best = delimiter;
      best_fit = found;
    }
  }
  return best;
}

}  // namespace

CsvDetection detect_csv(ByteSource source) {
  CsvDetection detection;
  Utf8Check utf8;
  std::string sample;
  std::vector<char> chunk(kChunkBytes);
  while (const std::size_t read = source(chunk)) {
    const std::string_view piece(chunk.data(), read);
    detection.bytes += read;
    sample += piece.substr(0, kSampleBytes - sample.size());
    utf8.feed(piece);
  }
  detection.format.encoding = utf8.complete() ? TextEncoding::kUtf8 : TextEncoding::kWindows1252;
  detection.format.delimiter = delimiter_of(sample, sample.size() < detection.bytes, detection.format.encoding);
  return detection;
}

}  // namespace daybook::domain
