// Run under valgrind by the tests ballot_ct and ballot_ct_leak: seals a ballot with the
// choices, the seed and the proofs' randomness marked undefined, so that valgrind
// reports every branch and every index that depends on them. With --leak it branches
// on a choice on purpose, which proves that the check can fail.
#include "ballot/testing/sample.hpp"
#include "group/testing/ct_mark.hpp"

#include <cstdio>
#include <cstring>

namespace {

using namespace urna;
using namespace urna::ballot;

// Marks everything after the first draw (the ballot's public id) as secret.
class MarkedRandom final : public base::Random {
 public:
  Result<void> fill(std::span<std::uint8_t> out) override {
    URNA_CHECK(source_.fill(out));
    if (draws_++ > 0) group::testing::mark_secret(out);
    return {};
  }

 private:
  base::testing::ScriptedRandom source_{1};
  int draws_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const bool leak = argc > 1 && std::strcmp(argv[1], "--leak") == 0;
  testing::Sample sample({{{3, 2}, {2, 1}}}, 1);
  Bytes bits = {1, 0, 1, 0, 1};
  group::testing::mark_secret(bits);
  const auto choices = Choices::make(sample.style(), bits);
  if (!choices) return 2;
  if (leak && choices->expose()[0] == 1) std::puts("planted leak");
  MarkedRandom random;
  const auto sealed = seal(sample.station, 0, 1, sample.key, *choices, random);
  if (!sealed || sealed->ballot.size() != sample.style().ballot_size()) return 2;
  if (!group::testing::running_under_valgrind()) {
    std::puts("run me under valgrind");
    return 2;
  }
  return group::testing::reported_errors() == 0 ? 0 : 9;
}
