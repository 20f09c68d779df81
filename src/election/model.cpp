#include "election/model.hpp"

#include <algorithm>

namespace urna::election {

bool is_code(std::string_view text) {
  if (text.empty() || text.size() > kMaxCode) return false;
  return std::ranges::all_of(
      text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

std::string_view mode_name(Mode mode) {
  switch (mode) {
    case Mode::demo:
      return "demo";
    case Mode::test:
      return "test";
    case Mode::official:
      break;
  }
  return "official";
}

std::string_view contest_kind_name(ContestKind kind) {
  switch (kind) {
    case ContestKind::plurality:
      return "plurality";
    case ContestKind::list:
      return "list";
    case ContestKind::question:
      return "question";
    case ContestKind::approval:
      break;
  }
  return "approval";
}

const std::vector<std::string_view>& award_methods() {
  static const std::vector<std::string_view> methods{"dhondt",
                                                     "sainte-lague",
                                                     "modified-sainte-lague",
                                                     "largest-remainder",
                                                     "hagenbach-bischoff",
                                                     "hagenbach-bischoff-remainders",
                                                     "plurality",
                                                     "dutch-council"};
  return methods;
}

}  // namespace urna::election
