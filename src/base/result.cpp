#include "base/result.hpp"

#include <fmt/format.h>

namespace urna {

std::string Error::text() const {
  std::string out = fmt::format("error U{:04}: {}", kind.number, message);
  if (!where.empty()) out += fmt::format(" (at {})", where);
  if (!to_do.empty()) out += fmt::format("\n  -> {}", to_do);
  return out;
}

Error Error::at(std::string_view place) && {
  where = where.empty() ? std::string(place) : fmt::format("{}: {}", place, where);
  return std::move(*this);
}

}  // namespace urna
