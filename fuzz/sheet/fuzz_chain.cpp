// A good chain of codes, damaged as the input says: whatever still reads and verifies
// must be the sheet that was signed. The input's lines are texts to add; "=n"
// takes code n unchanged, "~n123c" takes code n with character 123 changed to c.
#include "base/bytes.hpp"
#include "sheet/chain.hpp"
#include "sheet/testing/samples.hpp"

#include <charconv>
#include <cstdlib>

using namespace urna;

namespace {

struct Good {
  sheet::SignedSheet sheet =
      sheet::testing::sign_sample(sheet::testing::assembly_sheet(1));
  std::vector<std::string> codes = *sheet::write_chain(sheet);
  std::vector<crypto::PublicKey> authorities{
      sheet::testing::authority_key().public_key()};
};

std::string expand(const Good& good, std::string_view line) {
  if (line.size() < 2 || (line[0] != '=' && line[0] != '~')) return std::string(line);
  const auto which = static_cast<std::size_t>(static_cast<unsigned char>(line[1]));
  std::string code = good.codes[which % good.codes.size()];
  std::size_t at = 0;
  if (line[0] == '~' && line.size() > 4) {
    std::from_chars(line.data() + 2, line.data() + line.size() - 1, at);
    code[at % code.size()] = line.back();
  }
  return code;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Good good;
  std::vector<std::string> texts;
  std::string_view left = as_text(ByteView(data, size));
  while (!left.empty() && texts.size() < 40) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    texts.push_back(expand(good, left.substr(0, end)));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  (void)sheet::read_chains(texts);
  const auto read = sheet::read_chain(texts);
  if (read && sheet::check_signature(*read, good.authorities) &&
      read->sheet.text() != good.sheet.sheet.text()) {
    std::abort();
  }
  return 0;
}
