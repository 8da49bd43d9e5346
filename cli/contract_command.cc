#include "cli/contract_command.h"

#include <filesystem>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/contract_files.h"

namespace daybook::cli {
namespace {

void write_file(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string() + "; see the permissions and the free space");
}

}  // namespace

void add_contract(CLI::App& app) {
  CLI::App* contract = app.add_subcommand("contract", "Write the contract of the public events as files");
  contract->footer("  daybook contract --out contract");
  auto out = std::make_shared<std::string>();
  contract->add_option("--out", *out, "Directory; made when missing")->required()->option_text("DIR");
  contract->callback([out] {
    const auto files = contract_files();
    for (const auto& [name, text] : files) write_file(std::filesystem::path(*out) / name, text);
    std::cout << files.size() << " files in " << *out << "\n";
  });
}

}  // namespace daybook::cli
