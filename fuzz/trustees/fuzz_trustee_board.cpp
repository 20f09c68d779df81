// A whole honest ceremony of three, with its files changed as the input says, some of
// them signed again by their trustee. Whatever lies in the folder, the board is read,
// and an honest trustee is never convicted: only trustee 3 signs changed files.
#include "trustees/testing/ceremony.hpp"

#include <cstdlib>

using namespace urna;
using namespace urna::trustees;

namespace {

std::vector<NamedFile> honest_files() {
  trustees::testing::Ceremony ceremony(3, 2);
  ceremony.run_until(Step::confirm);
  std::vector<NamedFile> files;
  for (const auto& [name, bytes] : ceremony.files()) files.push_back({name, bytes});
  return files;
}

}  // namespace

// Four bytes a change: the file, a position (two bytes), what is added to the byte.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<NamedFile> honest = honest_files();
  static const Terms terms = trustees::testing::Ceremony(3, 2).terms();
  static const TrusteeKeys keys = trustees::testing::keys_from_seed(103);
  std::vector<NamedFile> files = honest;
  if (size == 0) return 0;
  for (std::size_t i = 1; i + 3 < size && i < 64; i += 4) {
    Bytes& bytes = files[data[i] % files.size()].bytes;
    const std::size_t at = (data[i + 1] | std::size_t{data[i + 2]} << 8) % bytes.size();
    bytes[at] = static_cast<std::uint8_t>(bytes[at] + data[i + 3]);
  }
  if (data[0] % 2 == 1) {
    for (NamedFile& file : files) {
      auto message = Message::decode(file.bytes);
      if (!message || message->slot.trustee != 3) continue;
      const bool twice = data[0] % 4 == 3;
      Bytes again =
          sign_message(message->binding, message->slot, message->payload, keys.signing)
              .encode();
      if (twice) {
        files.push_back({file.name + "-again", std::move(again)});
        break;
      }
      file.bytes = std::move(again);
    }
  }
  const Board board = Board::read(terms, files);
  for (const Fault& fault : board.faults()) {
    if (fault.ends_attempt && fault.trustee != 3) std::abort();
  }
  if (progress_text(board).empty()) std::abort();
  const auto key = ElectionKey::combine(board);
  if (key && !ElectionKey::decode(key->encode())) std::abort();
  return 0;
}
