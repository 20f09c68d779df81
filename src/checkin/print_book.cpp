#include "checkin/print_book.hpp"

#include "finger/match/codec.hpp"
#include "finger/match/match.hpp"
#include "finger/match/score.hpp"

namespace urna::checkin {

Result<PrintBook> PrintBook::make(const Roll& roll) {
  PrintBook out;
  for (std::size_t v = 0; v < roll.voters.size(); ++v) {
    for (const StoredPrint& print : roll.voters[v].prints) {
      URNA_TRY(const auto decoded, finger::decode_template(print.bytes));
      URNA_CHECK(out.gallery_.add(decoded));
      out.owners_.push_back(v);
    }
  }
  return out;
}

Result<int> PrintBook::compare(const Voter& voter, finger::FingerPosition position,
                               const finger::Template& probe) const {
  const auto a = finger::prepare(probe);
  finger::Matcher matcher;
  std::vector<int> scores;
  for (const StoredPrint& print : voter.prints) {
    if (print.position != position) continue;
    URNA_TRY(const auto stored, finger::decode_template(print.bytes));
    const auto b = finger::prepare(stored);
    scores.push_back(finger::score(matcher.compare(a, b), finger::model_for(a, b)));
  }
  return finger::fuse_impressions(scores);
}

std::optional<std::size_t> PrintBook::resembles(const finger::Template& probe,
                                                std::size_t voter) const {
  finger::SearchOptions options;
  options.threshold = kAlertScore;
  for (const finger::Found& found : gallery_.search(probe, options)) {
    if (owners_[found.index] != voter) return owners_[found.index];
  }
  return std::nullopt;
}

}  // namespace urna::checkin
