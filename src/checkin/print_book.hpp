// The stored fingerprints of a station's voters, ready to compare: one against one for
// the voter who claims a name, one against all for the alert. Called by the station.
//
// Scores are -10 log10 of the false match rate (finger/match/score.hpp).
//
// Thread rule: immutable after making. Biometric personal data, in memory only.
#pragma once

#include "checkin/roll.hpp"
#include "finger/match/gallery.hpp"

namespace urna::checkin {

// One in ten thousand impostors is taken for the voter.
inline constexpr int kMatchScore = 40;
// FMR 2e-6: a thousand voters make half a million comparisons in a day, so one false
// alert is expected.
inline constexpr int kAlertScore = 57;

class PrintBook {
 public:
  // Error bad_template.
  [[nodiscard]] static Result<PrintBook> make(const Roll& roll);

  // The best of the voter's stored impressions of this finger; 0 when there is none.
  [[nodiscard]] Result<int> compare(const Voter& voter, finger::FingerPosition position,
                                    const finger::Template& probe) const;
  // Another voter (place in the roll) of whom this may be a finger.
  [[nodiscard]] std::optional<std::size_t> resembles(const finger::Template& probe,
                                                     std::size_t voter) const;
  [[nodiscard]] std::size_t size() const { return owners_.size(); }

 private:
  finger::Gallery gallery_;
  std::vector<std::size_t> owners_;  // of each print in the gallery
};

}  // namespace urna::checkin
