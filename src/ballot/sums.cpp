#include "ballot/sums.hpp"

#include "ballot/errors.hpp"

namespace urna::ballot {

Result<void> Sums::add(std::span<const BallotBytes> ballots) {
  std::vector<ByteArray<32>> encodings;
  for (const BallotBytes& ballot : ballots) {
    for (std::size_t p = 0; p < ballot.style().ciphertext_points(); ++p) {
      std::ranges::copy(ballot.point(p), encodings.emplace_back().begin());
    }
  }
  std::vector<group::Point> points(encodings.size());
  std::vector<std::uint8_t> valid(encodings.size());
  if (!group::decode_batch_var(encodings, points, valid)) {
    return fail(errors::bad_point, "a ballot to be added up has a malformed ciphertext",
                "verify the ballots first and add up the valid ones only");
  }
  const group::Point* next = points.data();
  for (const BallotBytes& ballot : ballots) {
    Running& sum = styles_[ballot.style().number()];
    const std::size_t fields = ballot.style().ciphertext_points();
    sum.points.resize(fields);
    ++sum.ballots;
    for (std::size_t p = 0; p < fields; ++p) {
      sum.points[p] = group::add_var(sum.points[p], next[p]);
    }
    next += fields;
  }
  return {};
}

std::vector<StyleSums> Sums::finish() const {
  std::vector<StyleSums> out;
  for (const auto& [style, sum] : styles_) {
    StyleSums& sums = out.emplace_back();
    sums.style = style;
    sums.ballots = sum.ballots;
    for (std::size_t p = 0; p < sum.points.size(); p += 2) {
      sums.fields.push_back(
          {sum.points[p].encode_var(), sum.points[p + 1].encode_var()});
    }
  }
  return out;
}

}  // namespace urna::ballot
