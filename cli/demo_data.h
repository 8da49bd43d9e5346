#pragma once

#include <filesystem>
#include <string>

namespace daybook::cli {

/// What the demo shows beside its server.
struct DemoFacts {
  std::string api_key;       // the owner's
  std::string open_deal_id;  // of the owner: winning it sends a mail
};

/// Fills a workspace through the HTTP interface, as any client would: owners, 200 contacts with duplicates among them,
/// 60 deals in two currencies, notes and activities. Throws where the server refuses something.
DemoFacts fill_demo(const std::string& url, const std::string& operator_key);

/// Writes a CSV file as people have them: other headers, quotes and line breaks in cells, day-first dates, known and
/// repeated addresses, and rows that cannot be taken.
void write_messy_csv(const std::filesystem::path& file);

}  // namespace daybook::cli
