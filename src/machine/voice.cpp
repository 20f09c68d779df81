#include "machine/voice.hpp"

#include "base/binary.hpp"
#include "base/errors.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "machine/ballot_words.hpp"
#include "machine/errors.hpp"
#include "machine/printer.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

namespace urna::machine {
namespace {

constexpr std::uint32_t kRate = 22'050;
constexpr std::size_t kMostSamples = std::size_t{kRate} * 120;
constexpr int kSilence = 150;
constexpr std::size_t kBreath = kRate / 20;  // silence that is kept at both ends
constexpr int kHighestNumber = 100;

std::unexpected<Error> no_wav() {
  return fail(errors::bad_package, "the speech program did not write a WAV file");
}

// The samples behind the "data" header. A program that writes to a pipe does not know
// their number when it writes the header, so everything to the end counts.
Result<std::vector<int>> samples_of(ByteView wav) {
  const ByteView data = as_bytes(std::string_view("data"));
  const auto at = std::ranges::search(wav, data);
  if (wav.size() < 44 || !equal(wav.first(4), as_bytes(std::string_view("RIFF"))) ||
      at.empty()) {
    return no_wav();
  }
  base::Reader r(wav);
  URNA_TRY(const ByteView header, r.fixed(28));
  const std::uint32_t rate = base::Reader(header.subspan(24)).u32().value();
  const auto begin = static_cast<std::size_t>(at.begin() - wav.begin()) + 8;
  if (rate != kRate || begin > wav.size()) return no_wav();
  std::vector<int> samples;
  for (std::size_t i = begin; i + 1 < wav.size() && samples.size() < kMostSamples;
       i += 2) {
    samples.push_back(static_cast<std::int16_t>(wav[i] | wav[i + 1] << 8));
  }
  return samples;
}

std::vector<int> without_silence(const std::vector<int>& samples) {
  const auto loud = [](int sample) { return std::abs(sample) > kSilence; };
  const auto first = std::ranges::find_if(samples, loud);
  if (first == samples.end()) return {};
  const auto last = std::find_if(samples.rbegin(), samples.rend(), loud).base();
  const auto before = std::min<std::ptrdiff_t>(first - samples.begin(), kBreath);
  const auto after = std::min<std::ptrdiff_t>(samples.end() - last, kBreath);
  return {first - before, last + after};
}

// Every second sample behind a half-band filter, which keeps what is above a quarter of
// the rate from folding back.
std::vector<int> halved(const std::vector<int>& in) {
  constexpr std::array<int, 4> kTaps{163, -38, 12, -3};  // odd distances, of 512
  std::vector<int> out;
  const auto at = [&](std::ptrdiff_t i) {
    return i >= 0 && i < std::ssize(in) ? in[static_cast<std::size_t>(i)] : 0;
  };
  for (std::ptrdiff_t i = 0; i < std::ssize(in); i += 2) {
    int sum = 256 * at(i);
    for (std::size_t t = 0; t < kTaps.size(); ++t) {
      const auto far = static_cast<std::ptrdiff_t>(2 * t + 1);
      sum += kTaps[t] * (at(i - far) + at(i + far));
    }
    out.push_back(std::clamp(sum / 524, -32'768, 32'767));
  }
  return out;
}

// ITU-T G.711, table 2.
std::uint8_t mu_law(int sample) {
  constexpr int kBias = 132;
  const int sign = sample < 0 ? 0x80 : 0;
  const int value = std::min(std::abs(sample), 32'635) + kBias;
  int exponent = 7;
  for (int mask = 0x4000; (value & mask) == 0 && exponent > 0; mask >>= 1) --exponent;
  const int mantissa = value >> (exponent + 3) & 0x0f;
  return static_cast<std::uint8_t>(~(sign | exponent << 4 | mantissa));
}

// Every text of one language, each once.
using Texts = std::map<std::string, std::set<std::string>>;

void add_page(const PageWords& page, Texts& texts) {
  constexpr std::array kFaults{PrinterFault::none, PrinterFault::offline,
                               PrinterFault::cover_open, PrinterFault::paper_out,
                               PrinterFault::jam};
  for (const auto& [language, words] : page.texts) {
    auto& all = texts[language];
    all.insert(words.begin(), words.end());
    for (int n = 0; n <= kHighestNumber; ++n) all.insert(std::to_string(n));
    for (const PrinterFault fault : kFaults) {
      all.insert(std::string(fault_help(fault, language)));
    }
  }
}

void add_ballot(const BallotWords& ballot, std::set<std::string>& texts) {
  texts.insert(ballot.election);
  for (const WordedContest& contest : ballot.contests) {
    texts.insert(contest.title);
    texts.insert(contest.text);
    texts.insert(contest.options.begin(), contest.options.end());
  }
  for (const WordedParty& party : ballot.parties) texts.insert(party.name);
}

}  // namespace

Result<PageWords> parse_page_words(std::string_view text, const std::string& where) {
  URNA_TRY(const base::Json json, base::parse_json(text));
  const auto bad = [&] {
    return fail(errors::bad_package, fmt::format("'{}' is no list of words", where),
                "build the pages again (web/tools/build)");
  };
  const base::Json* texts = json.find("texts");
  const base::Json* names = json.find("names");
  if (texts == nullptr || names == nullptr || !texts->is_object() ||
      !names->is_object()) {
    return bad();
  }
  PageWords page;
  for (const auto& [language, list] : texts->members()) {
    if (!list.is_array()) return bad();
    for (const base::Json& item : list.items()) {
      if (item.if_string() == nullptr) return bad();
      page.texts[language].push_back(*item.if_string());
    }
  }
  for (const auto& [language, name] : names->members()) {
    if (name.if_string() == nullptr) return bad();
    page.names[language] = *name.if_string();
  }
  return page;
}

Result<Bytes> speak_by_espeak(const std::string& language, const std::string& text) {
  URNA_TRY(auto spoken, base::run_program({"espeak-ng", "-v", language, "-s", "150",
                                           "-b", "1", "--stdin", "--stdout"},
                                          as_bytes(text), std::chrono::seconds(30)));
  if (spoken.status != 0) {
    return fail(base::errors::file_access,
                fmt::format("espeak-ng has no voice for '{}'", language),
                "'espeak-ng --voices' lists the languages it speaks");
  }
  return std::move(spoken.output);
}

Result<Bytes> compact_wav(ByteView wav) {
  URNA_TRY(const auto samples, samples_of(wav));
  const auto small = halved(without_silence(samples));
  const auto size = static_cast<std::uint32_t>(small.size());
  base::Writer w;
  const auto tag = [&](std::string_view four) { w.fixed(as_bytes(four)); };
  tag("RIFF");
  w.u32(36 + size);
  tag("WAVE");
  tag("fmt ");
  w.u32(16);
  w.u16(7);  // mu-law
  w.u16(1);
  w.u32(kRate / 2);
  w.u32(kRate / 2);
  w.u16(1);
  w.u16(8);
  tag("data");
  w.u32(size);
  Bytes out = std::move(w).take();
  for (const int sample : small) out.push_back(mu_law(sample));
  return out;
}

Result<std::vector<Clip>> render_voice(
    const PageWords& page, const election::Definition& definition,
    election::StationIndex station, const Speak& speak,
    const std::function<void(std::size_t, std::size_t)>& progress) {
  Texts texts;
  add_page(page, texts);
  for (const std::string& language : definition.model().languages) {
    add_ballot(ballot_words(definition, station, language), texts[language]);
    if (const auto name = page.names.find(language); name != page.names.end()) {
      texts[language].insert(name->second);
    }
  }
  std::size_t all = 0;
  for (auto& [language, list] : texts) {
    list.erase("");
    all += list.size();
  }
  std::vector<Clip> clips;
  for (const auto& [language, list] : texts) {
    for (const std::string& text : list) {
      URNA_TRY(const Bytes spoken, speak(language, text));
      URNA_TRY(Bytes wav, compact_wav(spoken));
      clips.push_back({language, text, std::move(wav)});
      if (progress) progress(clips.size(), all);
    }
  }
  return clips;
}

}  // namespace urna::machine
