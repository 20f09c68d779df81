#include "simulate/diary.hpp"

namespace urna::simulate {

std::string Diary::text() const {
  std::string out;
  for (const std::string& line : lines_) out += line + "\n";
  return out;
}

}  // namespace urna::simulate
