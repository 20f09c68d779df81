#include "count/document.hpp"

#include <utility>

namespace urna::count {

std::uint32_t Documents::add_source(std::string name) {
  sources_.push_back(std::move(name));
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

void Documents::reserve(std::size_t documents, std::size_t numbers) {
  documents_.reserve(documents_.size() + documents);
  numbers_.reserve(numbers_.size() + numbers);
}

void Documents::add(Document document, std::span<const std::uint64_t> row) {
  document.row_start = numbers_.size();
  document.row_size = row.size();
  numbers_.insert(numbers_.end(), row.begin(), row.end());
  documents_.push_back(std::move(document));
}

std::string Documents::place(const Document& document) const {
  const std::string& name = sources_[document.source];
  return document.line == 0 ? name : name + ":" + std::to_string(document.line);
}

}  // namespace urna::count
