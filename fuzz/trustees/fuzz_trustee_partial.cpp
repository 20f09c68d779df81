// A partial decryption that was changed in any way is refused, also when its own
// trustee signs the changed bytes: only the honest content passes. The first byte says
// whether to sign again; then four bytes a change: a position (two bytes), what is
// added to the byte there, and one unused.
#include "trustees/partial.hpp"
#include "trustees/testing/station.hpp"

#include <cstdlib>

using namespace urna;
using namespace urna::trustees;

namespace {

struct Night {
  Night() : ceremony(3, 2), key(ceremony.key()) {
    base::testing::ScriptedRandom random(9);
    sums = trustees::testing::sums_of(random, key.key(), {{1, 2, 0}, {3, 0}}, 3);
    honest =
        make_partial(random, sums, ceremony.share(1), key.public_share(1), keys.signing)
            .value()
            .encode();
  }
  TrusteeKeys keys = trustees::testing::keys_from_seed(101);
  trustees::testing::Ceremony ceremony;
  ElectionKey key;
  StationSums sums;
  Bytes honest;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Night night;
  if (size == 0) return 0;
  Bytes bytes = night.honest;
  for (std::size_t i = 1; i + 3 < size; i += 4) {
    const std::size_t at = (data[i] | std::size_t{data[i + 1]} << 8) % bytes.size();
    bytes[at] = static_cast<std::uint8_t>(bytes[at] + data[i + 2]);
  }
  const std::size_t content = bytes.size() - 64;
  const bool same =
      equal(ByteView(bytes).first(content), ByteView(night.honest).first(content));
  if (data[0] % 2 == 1) {
    bytes.resize(content);
    append(bytes, night.keys.signing.sign("decryption", bytes));
  }
  const auto partial = Partial::decode(bytes);
  const bool good = partial && check_partial(night.key, night.sums, *partial);
  if (good && !same) std::abort();
  if (data[0] % 2 == 1 && same && !good) std::abort();
  return 0;
}
