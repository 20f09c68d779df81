#include "cli/usage.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace urna::cli {
namespace {

std::string path_of(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : path_of(*parent) + " " + app.get_name();
}

class ShortLists : public CLI::Formatter {
 public:
  std::string make_subcommand(const CLI::App* sub) const override {
    const std::string whole = sub->get_description();
    std::string line = fmt::format("  {}", sub->get_name());
    line.resize(std::max<std::size_t>(line.size() + 2, 14), ' ');
    return line + whole.substr(0, whole.find('\n')) + "\n";
  }

  std::string make_usage(const CLI::App* app, std::string /*name*/) const override {
    return "\n" + Formatter::make_usage(app, path_of(*app));
  }
};

// The number of letters to change, drop or add that makes one word of the other
// (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] == b[j] ? 0U : 1U);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands(
      [](const CLI::App* sub) { return !sub->get_name().empty(); });
}

std::string unknown_command(const CLI::App& app, const std::string& word) {
  const auto commands = commands_of(app);
  std::string out = fmt::format("{}: there is no command '{}'\n", path_of(app), word);
  std::vector<std::string> names;
  std::string nearest;
  std::size_t best = 3;  // from three letters off it is another word
  for (const CLI::App* command : commands) {
    names.push_back(command->get_name());
    const std::size_t off = distance(word, names.back());
    if (off >= best) continue;
    best = off;
    nearest = names.back();
  }
  if (!nearest.empty()) {
    out += fmt::format("  -> did you mean '{} {}'?\n", path_of(app), nearest);
  }
  return out + fmt::format("  -> there are: {}; {} --help explains them\n",
                           fmt::join(names, ", "), path_of(app));
}

}  // namespace

void use_short_lists(CLI::App& app) {
  const auto formatter = std::make_shared<ShortLists>();
  formatter->label("SUBCOMMAND", "COMMAND");
  formatter->label("Subcommands", "Commands");
  app.formatter(formatter);
}

std::string explain_usage(const CLI::App& app, std::span<const std::string> words,
                          const CLI::ParseError& error) {
  const CLI::App* at = &app;
  std::size_t next = 0;
  while (next < words.size()) {
    const CLI::App* deeper = nullptr;
    for (const CLI::App* command : commands_of(*at)) {
      if (command->get_name() == words[next]) deeper = command;
    }
    if (deeper == nullptr) break;
    at = deeper;
    ++next;
  }
  if (!commands_of(*at).empty()) {
    if (next == words.size()) return at->help();
    if (!words[next].starts_with('-')) return unknown_command(*at, words[next]);
  }
  return fmt::format("{}: {}\n  -> {} --help explains it\n", path_of(*at), error.what(),
                     path_of(*at));
}

}  // namespace urna::cli
