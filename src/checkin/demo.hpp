// A demonstration of check-in: a station of examples/town with invented voters, fresh
// keys, two officials' sticks and synthetic fingers. Everything is made on the spot;
// the definition's mode is "demo" and every print says TEST. Called by `urna-checkin
// --demo`, the API test and the benchmark.
//
// Thread rule: one thread. Secrets: keys and PINs of a demonstration.
#pragma once

#include "checkin/packing.hpp"
#include "checkin/station.hpp"
#include "finger/synth/impression.hpp"

#include <memory>

namespace urna::checkin {

// A reader on which anybody can put a synthetic finger; it is lifted after one picture.
class SyntheticScanner final : public finger::capture::Scanner {
 public:
  [[nodiscard]] std::string name() const override { return "synthetic fingers"; }
  [[nodiscard]] Result<finger::Image> capture(
      std::chrono::milliseconds timeout) override;
  void put(finger::Image image) { image_ = std::move(image); }

 private:
  std::optional<finger::Image> image_;
};

struct DemoPlan {
  std::string definition = "examples/town";
  std::string station = "N01";
  std::size_t voters = 410;
  std::size_t with_prints = 6;  // the first so many voters have two stored thumbs
  std::uint64_t seed = 1;
};

// The finger of a demonstration's voter; a new impression for every `touch`.
[[nodiscard]] finger::Image demo_impression(const DemoPlan& plan, std::size_t voter,
                                            finger::FingerPosition position,
                                            std::uint64_t touch);
// "V10000000" and up.
[[nodiscard]] std::string demo_id(std::size_t voter);
// The invented voters of the station, and a few of the next one.
[[nodiscard]] Result<std::vector<Roll>> demo_rolls(
    const election::Definition& definition, const DemoPlan& plan);

struct DemoStation {
  std::vector<Credential> officials;
  std::vector<std::string> with_prints;
  std::unique_ptr<Station> station;
};

// Makes everything anew in place.folder and place.sticks, which must be empty, and
// writes "token-pool" (for a voting machine) beside them. `passphrase` opens the
// device.
[[nodiscard]] Result<DemoStation> make_demo(Ports ports, const Place& place,
                                            const DemoPlan& plan);

}  // namespace urna::checkin
