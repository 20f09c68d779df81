// Holds the two verifiers to one verdict: the input says where and how an honest
// ballot is changed, or is a ballot itself.
#include "ballot/batch.hpp"
#include "ballot/testing/sample.hpp"
#include "ballot/verify.hpp"

#include <cstdlib>

using namespace urna;
using namespace urna::ballot;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static testing::Sample sample({{{2, 1}, {2, 2}}, {{1, 1}}}, 1);
  static const Bytes honest = sample.seal_any(0).ballot;
  Bytes ballot;
  if (size > 0 && data[0] % 2 == 0) {
    // Triples: a position (two bytes) and what is added to the byte there.
    ballot = honest;
    for (std::size_t i = 1; i + 2 < size; i += 3) {
      const std::size_t at = (data[i] | std::size_t{data[i + 1]} << 8) % ballot.size();
      ballot[at] = static_cast<std::uint8_t>(ballot[at] + data[i + 2]);
    }
  } else {
    ballot.assign(data, data + size);
  }
  const auto reference = verify_ballot(sample.station, sample.key, ballot);
  const ByteView views[] = {honest, ballot};
  const auto batch =
      verify_batch(sample.station, sample.key, views, sample.random).value();
  if (batch[0].has_value() || batch[1] != reference) std::abort();
  if (!reference && !equal(ballot, honest)) std::abort();
  return 0;
}
