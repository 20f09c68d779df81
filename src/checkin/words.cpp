#include "checkin/words.hpp"

#include <array>

namespace urna::checkin {
namespace {

// What stands for U+00C0 to U+00DE (U+00E0 to U+00FE are the same in lower case) and
// for U+0100 to U+017F. '*' is no letter.
constexpr std::string_view kLatin1 = "AAAAAAACEEEEIIIIDNOOOOO*OUUUUYTS";
constexpr std::string_view kExtended =
    "AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIIIIIJJKKKLLLLLLLLLL"
    "NNNNNNNNNOOOOOOOORRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS";
static_assert(kLatin1.size() == 32 && kExtended.size() == 128);

bool plain(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// The letters of one character of UTF-8 at `at`, and how long it is there.
std::string_view letters_of(std::string_view text, std::size_t at, std::size_t& size) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(at);
  size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (size == 2) {
    const unsigned code = ((first & 0x1FU) << 6U) | (byte(at + 1) & 0x3FU);
    if (code == 0xDF) return "SS";
    if (code == 0xFF) return "Y";
    if (code >= 0xC0 && code <= 0xFE) return kLatin1.substr((code - 0xC0) % 32, 1);
    if (code >= 0x100 && code <= 0x17F) return kExtended.substr(code - 0x100, 1);
    if (code >= 0x300 && code <= 0x36F) return {};  // an accent by itself
  }
  return text.substr(at, size);
}

}  // namespace

std::string id_number(std::string_view typed) {
  std::string out;
  for (const char c : typed) {
    if (plain(upper(c))) out += upper(c);
  }
  return out.size() > kMaxId ? std::string() : out;
}

std::string folded(std::string_view text) {
  std::string out;
  std::size_t size = 1;
  for (std::size_t at = 0; at < text.size(); at += size) {
    const std::string_view letters = letters_of(text, at, size);
    const bool ascii = letters.size() == 1 || letters == "SS";
    if (letters.empty()) continue;
    if (ascii && !plain(upper(letters[0]))) {
      // An apostrophe joins (O'HIGGINS), everything else separates.
      if (letters[0] != '\'' && !out.empty() && out.back() != ' ') out += ' ';
      continue;
    }
    for (const char c : letters) out += upper(c);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool words_begin(std::string_view words, std::string_view text) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, end);
    words.remove_prefix(std::min(end + 1, words.size()));
    bool found = false;
    for (std::size_t at = 0; !found && (at = text.find(word, at)) != text.npos; ++at) {
      found = at == 0 || text[at - 1] == ' ';
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace urna::checkin
