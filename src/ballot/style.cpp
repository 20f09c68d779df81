#include "ballot/style.hpp"

#include "ballot/errors.hpp"
#include "ballot/opening.hpp"

#include <fmt/format.h>

namespace urna::ballot {

namespace {

Result<void> check_shape(std::size_t index, const ContestShape& shape) {
  if (shape.options == 0 || shape.options > kMaxOptions) {
    return fail(errors::bad_style,
                fmt::format("contest {} has {} options", index, shape.options),
                fmt::format("give it 1 to {}", kMaxOptions));
  }
  if (shape.limit == 0 || shape.limit > kMaxLimit) {
    return fail(errors::bad_style,
                fmt::format("contest {} allows {} choices", index, shape.limit),
                fmt::format("allow 1 to {}", kMaxLimit));
  }
  return {};
}

}  // namespace

Result<BallotStyle> BallotStyle::make(std::uint32_t number,
                                      std::vector<ContestShape> contests) {
  if (contests.empty() || contests.size() > kMaxContests) {
    return fail(errors::bad_style,
                fmt::format("style {} has {} contests", number, contests.size()),
                fmt::format("give it 1 to {}", kMaxContests));
  }
  BallotStyle style;
  style.number_ = number;
  for (std::size_t i = 0; i < contests.size(); ++i) {
    URNA_CHECK(check_shape(i, contests[i]));
    style.options_ += contests[i].options;
  }
  style.ciphertexts_ = style.options_ + contests.size();

  std::size_t ciphertexts = 0;
  std::size_t commitments = 2 * style.ciphertexts_;
  std::size_t scalars = 0;
  for (const ContestShape& shape : contests) {
    style.places_.push_back({ciphertexts, commitments, scalars});
    ciphertexts += 2 * (std::size_t{shape.options} + 1);
    commitments += 4 * std::size_t{shape.options} + 2 * shape.branches();
    scalars += 3 * std::size_t{shape.options} + 2 * shape.branches() - 1;
  }
  style.points_ = commitments;
  style.scalars_ = scalars;
  style.contests_ = std::move(contests);
  return style;
}

std::size_t BallotStyle::opening_size() const {
  return kOpeningHeader + options_;
}

}  // namespace urna::ballot
