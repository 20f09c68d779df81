#include "machine/voice.hpp"

#include "base/binary.hpp"
#include "base/errors.hpp"
#include "base/process.hpp"
#include "base/testing/scripted_files.hpp"
#include "machine/ballot_words.hpp"
#include "machine/errors.hpp"
#include "machine/testing/world.hpp"

#include <cmath>
#include <cstdlib>
#include <numbers>

#include <gtest/gtest.h>

namespace urna::machine {
namespace {

const PageWords kPage{{{"es", {"Elegir", "Siguiente"}}, {"en", {"Choose", "Next"}}},
                      {{"es", "Español"}, {"en", "English"}, {"fr", "Français"}}};

// A WAV file as espeak-ng writes it to a pipe: the header does not know the length.
Bytes wav_of(const std::vector<std::int16_t>& samples, std::uint32_t rate = 22'050) {
  base::Writer w;
  w.fixed(as_bytes(std::string_view("RIFF")));
  w.u32(0x7ffff024);
  w.fixed(as_bytes(std::string_view("WAVEfmt ")));
  w.u32(16);
  w.u16(1);
  w.u16(1);
  w.u32(rate);
  w.u32(2 * rate);
  w.u16(2);
  w.u16(16);
  w.fixed(as_bytes(std::string_view("data")));
  w.u32(0x7ffff000);
  for (const std::int16_t sample : samples) w.u16(static_cast<std::uint16_t>(sample));
  return std::move(w).take();
}

std::vector<std::int16_t> tone(double hertz, double seconds) {
  std::vector<std::int16_t> samples(static_cast<std::size_t>(22'050 * seconds));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] =
        static_cast<std::int16_t>(10'000 * std::sin(2 * std::numbers::pi * hertz *
                                                    static_cast<double>(i) / 22'050));
  }
  return samples;
}

// ITU-T G.711, the other way.
int linear(std::uint8_t code) {
  code = static_cast<std::uint8_t>(~code);
  const int value = (((code & 0x0f) << 3) + 132) << (code >> 4 & 7);
  return (code & 0x80) != 0 ? 132 - value : value - 132;
}

double power(const Bytes& wav) {
  double sum = 0;
  for (std::size_t i = 44; i < wav.size(); ++i) {
    const double value = linear(wav[i]);
    sum += value * value;
  }
  return std::sqrt(2 * sum / static_cast<double>(wav.size() - 44));
}

TEST(Voice, CompactSoundKeepsSpeechAndNothingFoldsBack) {
  const Bytes speech = compact_wav(wav_of(tone(1'000, 1))).value();
  EXPECT_NEAR(static_cast<double>(speech.size()), 44 + 11'025, 10);
  EXPECT_NEAR(power(speech), 10'000, 500);
  // What half the rate cannot hold is gone instead of sounding as something else.
  EXPECT_LT(power(compact_wav(wav_of(tone(9'500, 1))).value()), 1'000);
}

TEST(Voice, SilenceAtBothEndsIsCutOff) {
  auto samples = tone(500, 0.5);
  samples.insert(samples.begin(), 22'050, 0);
  samples.insert(samples.end(), 22'050, 3);
  EXPECT_LT(compact_wav(wav_of(samples)).value().size(), 44u + 7'700u);
  EXPECT_TRUE(compact_wav(wav_of(std::vector<std::int16_t>(1'000, 0))));
}

TEST(Voice, RefusesWhatIsNoSound) {
  EXPECT_EQ(compact_wav(Bytes(10, 1)).error().kind, errors::bad_package);
  EXPECT_EQ(compact_wav(Bytes(200, 1)).error().kind, errors::bad_package);
  EXPECT_EQ(compact_wav(wav_of({1, 2}, 44'100)).error().kind, errors::bad_package);
  EXPECT_FALSE(parse_page_words("{", "x"));
  EXPECT_FALSE(parse_page_words("{\"texts\":{\"es\":[7]},\"names\":{}}", "x"));
  EXPECT_FALSE(parse_page_words("{\"texts\":[]}", "x"));
}

TEST(Voice, SpeaksEveryTextOfTheBallotInEveryLanguageOnce) {
  testing::World world;
  std::size_t spoken = 0, heard = 0;
  const auto clips = render_voice(
      kPage, world.definition, world.station_index,
      [&](const std::string&, const std::string& text) -> Result<Bytes> {
        EXPECT_FALSE(text.empty());
        ++spoken;
        return wav_of(tone(400, 0.1));
      },
      [&](std::size_t done, std::size_t) { heard = done; });
  ASSERT_TRUE(clips);
  EXPECT_EQ(spoken, clips->size());
  EXPECT_EQ(heard, clips->size());
  const auto has = [&](const std::string& language, const std::string& text) {
    return std::ranges::any_of(*clips, [&](const Clip& clip) {
      return clip.language == language && clip.text == text;
    });
  };
  for (const char* language : {"es", "en"}) {
    const auto words = ballot_words(world.definition, world.station_index, language);
    for (const auto& contest : words.contests) {
      EXPECT_TRUE(has(language, contest.title));
      for (const auto& option : contest.options) EXPECT_TRUE(has(language, option));
    }
    for (const auto& party : words.parties) EXPECT_TRUE(has(language, party.name));
    EXPECT_TRUE(has(language, "7"));
  }
  EXPECT_TRUE(has("en", "English"));
  EXPECT_FALSE(has("fr", "Français")) << "not a language of this election";
  for (std::size_t i = 1; i < clips->size(); ++i) {
    EXPECT_LT(std::tie((*clips)[i - 1].language, (*clips)[i - 1].text),
              std::tie((*clips)[i].language, (*clips)[i].text));
  }
}

TEST(Voice, ALanguageWithoutAVoiceIsAnError) {
  testing::World world;
  const auto clips = render_voice(
      kPage, world.definition, world.station_index,
      [](const std::string& language, const std::string&) -> Result<Bytes> {
        if (language == "en") {
          return fail(base::errors::file_access, "no such voice");
        }
        return wav_of({1});
      });
  EXPECT_FALSE(clips);
}

TEST(Voice, EspeakSpeaksWhatThePackageNeeds) {
  const auto spoken = speak_by_espeak("es", "-x --help Elija una opción.");
  if (!spoken) GTEST_SKIP() << spoken.error().text();
  const auto wav = compact_wav(*spoken);
  ASSERT_TRUE(wav);
  EXPECT_GT(wav->size(), 11'025u) << "a second of speech at least";
  EXPECT_FALSE(speak_by_espeak("xx-nowhere", "a"));
}

TEST(Process, TellsStatusAndOutputAndKillsWhatHangs) {
  const std::string text(300'000, 'x');
  const auto same =
      base::run_program({"cat"}, as_bytes(text), std::chrono::seconds(20));
  ASSERT_TRUE(same);
  EXPECT_EQ(as_text(same->output), text);
  EXPECT_EQ(
      base::run_program({"false"}, as_bytes(text), std::chrono::seconds(20))->status,
      1);
  EXPECT_FALSE(base::run_program({"sleep", "60"}, {}, std::chrono::milliseconds(100)));
  EXPECT_FALSE(
      base::run_program({"urna-no-such-program"}, {}, std::chrono::seconds(1)));
}

}  // namespace
}  // namespace urna::machine
