// The ballot's voice: every text that a voter can hear, spoken once by espeak-ng when
// the authority makes the machine's package, and carried in it. The machine only plays
// what it was given: it never needs a speech program, and because the clips are served
// from memory, no file's time says what somebody listened to.
//
// The page's own words come from build/web/machine/speech.json (written by
// web/machine/speech-list.ts); the ballot's words from the definition. A text with
// changing values is spoken in pieces ("Question", "2", "of", "5"), which the page
// joins.
//
// Thread rule: plain values and functions. Public data.
#pragma once

#include "election/definition.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace urna::machine {

struct Clip {
  std::string language;  // a tag: "es"
  std::string text;
  Bytes wav;

  friend bool operator==(const Clip&, const Clip&) = default;
};

// What the page says by itself.
struct PageWords {
  std::map<std::string, std::vector<std::string>> texts;  // by the page's languages
  std::map<std::string, std::string> names;  // what languages call themselves
};
[[nodiscard]] Result<PageWords> parse_page_words(std::string_view json,
                                                 const std::string& where);

// Speaks one text: 16-bit mono samples as a WAV file at 22,050 a second.
using Speak =
    std::function<Result<Bytes>(const std::string& language, const std::string& text)>;
// By espeak-ng. Error file_access when it is not installed or has no such voice.
[[nodiscard]] Result<Bytes> speak_by_espeak(const std::string& language,
                                            const std::string& text);

// All clips of a station, ascending by language and text. `progress` hears how many are
// done of how many.
[[nodiscard]] Result<std::vector<Clip>> render_voice(
    const PageWords& page, const election::Definition& definition,
    election::StationIndex station, const Speak& speak,
    const std::function<void(std::size_t, std::size_t)>& progress = {});

// Half the samples, one byte each (mu-law, ITU-T G.711), silence at both ends cut off:
// a quarter of the size, and still better than a telephone. Error bad_package when it
// is no such WAV file.
[[nodiscard]] Result<Bytes> compact_wav(ByteView wav);

}  // namespace urna::machine
