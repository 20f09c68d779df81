#include "ballot/fault.hpp"

#include <fmt/format.h>

namespace urna::ballot {

std::string Fault::text() const {
  return fmt::format("U{} {} ({})", kind.number, kind.title, place);
}

Error Fault::error() const {
  return Error{kind, place, {}, "do not count this ballot; keep it as evidence"};
}

}  // namespace urna::ballot
