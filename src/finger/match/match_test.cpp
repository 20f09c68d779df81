#include "finger/errors.hpp"
#include "finger/eval/evaluate.hpp"
#include "finger/extract/extract.hpp"
#include "finger/match/codec.hpp"
#include "finger/match/cylinder.hpp"
#include "finger/match/filter.hpp"
#include "finger/match/gallery.hpp"
#include "finger/match/score.hpp"
#include "finger/synth/impression.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace urna::finger {
namespace {

// Templates of a few fingers, two impressions each, made once.
const std::vector<std::array<Template, 2>>& prints() {
  static const auto made = [] {
    std::vector<std::array<Template, 2>> out;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      const auto finger = synth::finger(seed);
      std::array<Template, 2> pair;
      for (std::uint64_t k = 0; k < 2; ++k)
        pair[k] = extract(synth::impression(finger, 10 * seed + k).image).value();
      out.push_back(pair);
    }
    return out;
  }();
  return made;
}

int score_of(const Template& a, const Template& b) {
  const Prepared pa = prepare(a);
  const Prepared pb = prepare(b);
  Matcher matcher;
  return score(matcher.compare(pa, pb), model_for(pa, pb));
}

// The minutiae turned about the middle and shifted; without the map, which does not
// turn with them.
Template moved(const Template& print, double degrees, int dx, int dy) {
  Template out = bare_template(print);
  out.width = out.height = 900;
  const double a = degrees * 3.14159265358979 / 180;
  for (Minutia& m : out.minutiae) {
    const double x = m.x - print.width * 4.0;
    const double y = m.y - print.height * 4.0;
    m.x = static_cast<std::int16_t>(std::lround(std::cos(a) * x + std::sin(a) * y) +
                                    3600 + dx);
    m.y = static_cast<std::int16_t>(std::lround(-std::sin(a) * x + std::cos(a) * y) +
                                    3600 + dy);
    m.angle = static_cast<std::uint16_t>(m.angle + std::lround(degrees * 65536 / 360));
  }
  return out;
}

TEST(Match, TellsSameFingersFromDifferentOnes) {
  for (std::size_t i = 0; i < prints().size(); ++i)
    for (std::size_t j = 0; j < prints().size(); ++j) {
      const int s = score_of(prints()[i][0], prints()[j][1]);
      if (i == j)
        EXPECT_GE(s, 60) << i;
      else
        EXPECT_LT(s, 40) << i << " " << j;
    }
}

TEST(Match, GoesBothWaysAlike) {
  for (std::size_t i = 0; i + 1 < prints().size(); ++i) {
    EXPECT_NEAR(score_of(prints()[i][0], prints()[i][1]),
                score_of(prints()[i][1], prints()[i][0]), 15);
  }
}

RC_GTEST_PROP(Match, DoesNotMindRotationAndShift, ()) {
  const auto which = *rc::gen::inRange<std::size_t>(0, 8);
  const double degrees = *rc::gen::inRange(-180, 180);
  const Template still = moved(prints()[which][0], 0, 0, 0);
  const Template turned =
      moved(prints()[which][1], degrees, *rc::gen::inRange(-800, 800),
            *rc::gen::inRange(-800, 800));
  const int straight = score_of(still, moved(prints()[which][1], 0, 0, 0));
  // Rounding to pixels, directions and cells costs at most a fifth.
  RC_ASSERT(score_of(still, turned) >= std::min(straight, 150) * 8 / 10 - 5);
}

TEST(Match, StillKnowsAFingerOfWhichHalfIsMissing) {
  int known = 0;
  for (const auto& pair : prints()) {
    Template half = bare_template(pair[1]);
    std::erase_if(half.minutiae,
                  [&](const Minutia& m) { return m.y > half.height * kSubPixel / 2; });
    if (score_of(bare_template(pair[0]), half) >= 30) ++known;
  }
  EXPECT_GE(known, 5);
}

TEST(Match, EmptyAndTinyTemplatesScoreZero) {
  Template empty;
  EXPECT_EQ(score_of(empty, prints()[0][0]), 0);
  Template two = bare_template(prints()[0][0]);
  two.minutiae.resize(2);
  EXPECT_EQ(score_of(two, prints()[0][0]), 0);
}

TEST(Score, RisesWithTheEvidenceAndStaysInItsScale) {
  for (const ScoreModel model :
       {ScoreModel::with_maps, ScoreModel::minutiae_only, ScoreModel::classical}) {
    int last = -1;
    for (int raw = -20000; raw <= 200000; raw += 50) {
      const int s = calibrate(raw, model);
      EXPECT_GE(s, last);
      EXPECT_LE(s, kMostScore);
      last = s;
    }
    EXPECT_EQ(calibrate(-20000, model), 0);
  }
}

TEST(Score, WithoutFittedWeightsStillTellsFingersApart) {
  Matcher matcher;
  const auto classical = [&](const Template& a, const Template& b) {
    const Prepared pa = prepare(a);
    const Prepared pb = prepare(b);
    return score(matcher.compare(pa, pb), model_for(pa, pb, Scoring::classical));
  };
  for (std::size_t k = 0; k < prints().size(); ++k) {
    EXPECT_GE(classical(prints()[k][0], prints()[k][1]), 30);
    EXPECT_LT(classical(prints()[k][0], prints()[(k + 1) % prints().size()][1]), 30);
  }
}

TEST(Score, FusesFingersByAddingAndImpressionsByTheBest) {
  const std::array<int, 3> scores = {10, 35, 20};
  EXPECT_EQ(fuse_fingers(scores), 65);
  EXPECT_EQ(fuse_impressions(scores), 30);
  EXPECT_EQ(fuse_impressions({}), 0);
}

TEST(Filter, VectorAndPortableAgree) {
  for (const auto& pair : prints())
    for (const auto& other : prints()) {
      const FilterProbe a = filter_probe(by_use(pair[0]));
      const Template candidate = by_use(other[1]);
      const FilterBits b = filter_bits(candidate);
      Partners fast;
      Partners slow;
      best_partners(a, b, fast);
      best_partners_portable(a, b, slow);
      EXPECT_EQ(fast.value, slow.value);
      EXPECT_EQ(fast.index, slow.index);
      CandidatePlaces places;
      const auto size =
          std::min<std::size_t>(kFilterMinutiae, candidate.minutiae.size());
      for (std::size_t k = 0; k < size; ++k) {
        places.x[k] = static_cast<std::int16_t>(candidate.minutiae[k].x / kSubPixel);
        places.y[k] = static_cast<std::int16_t>(candidate.minutiae[k].y / kSubPixel);
        places.angle[k] = static_cast<std::int16_t>(candidate.minutiae[k].angle >> 8);
      }
      Ballot fast_ballot;
      Ballot slow_ballot;
      vote(a, fast, places, static_cast<int>(size), fast_ballot);
      vote_portable(a, slow, places, static_cast<int>(size), slow_ballot);
      EXPECT_EQ(fast_ballot.votes, slow_ballot.votes);
    }
}

TEST(Cylinder, VectorAndPortableSetTheSameBits) {
  for (const auto& pair : prints())
    for (const Template& print : {pair[0], bare_template(pair[1])}) {
      Prepared fast = prepare(print);
      Prepared slow = fast;
      describe_neighbourhoods(fast);
      describe_neighbourhoods_portable(slow);
      ASSERT_EQ(fast.descriptor.size(), print.minutiae.size());
      for (std::size_t k = 0; k < fast.descriptor.size(); ++k) {
        EXPECT_EQ(fast.descriptor[k].layer, slow.descriptor[k].layer);
        EXPECT_EQ(fast.descriptor[k].valid, slow.descriptor[k].valid);
      }
    }
}

// Without the floor that lets everybody of a small gallery through.
constexpr SearchOptions kStrict{
    .threshold = 20, .at_least = 1, .overlaid = 0.25, .matched = 0.04};

TEST(Gallery, FindsEveryFingerFirstAndScoresItAsTheMatcherDoes) {
  Gallery gallery;
  for (const auto& pair : prints()) ASSERT_TRUE(gallery.add(pair[0]).has_value());
  // Synthetic prints have more minutiae than people's, which take 1170 on average.
  EXPECT_LE(gallery.bytes_per_template(), 1250U);
  for (std::size_t i = 0; i < prints().size(); ++i) {
    SearchStatistics statistics;
    const auto found = gallery.search(prints()[i][1], kStrict, &statistics);
    ASSERT_EQ(found.size(), 1U) << i;
    EXPECT_EQ(statistics.matched, 1U);
    EXPECT_EQ(found[0].index, i);
    EXPECT_EQ(found[0].score, score_of(prints()[i][1], gallery.at(i)));
  }
}

TEST(Gallery, ExhaustiveSearchScoresEverybody) {
  Gallery gallery;
  for (const auto& pair : prints()) ASSERT_TRUE(gallery.add(pair[0]).has_value());
  SearchStatistics statistics;
  const auto found = gallery.search(prints()[2][1], {.exhaustive = true}, &statistics);
  EXPECT_EQ(statistics.matched, prints().size());
  ASSERT_EQ(found.size(), prints().size());
  EXPECT_EQ(found[0].index, 2U);
}

TEST(Gallery, EmptyGalleriesAndProbesWithoutMinutiaeFindNobody) {
  Gallery gallery;
  EXPECT_TRUE(gallery.search(prints()[0][0], {}).empty());
  Template nothing;
  nothing.width = nothing.height = 300;
  ASSERT_TRUE(gallery.add(nothing).has_value());
  ASSERT_TRUE(gallery.add(prints()[0][0]).has_value());
  EXPECT_TRUE(gallery.search(nothing, {.threshold = 1}).empty());
  const auto found = gallery.search(prints()[0][1], {.threshold = 1});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].index, 1U);
}

TEST(Gallery, GivesTheSameAnswersWithAndWithoutVectorsAndOnAnyNumberOfThreads) {
  Gallery gallery;
  for (const auto& pair : prints()) ASSERT_TRUE(gallery.add(pair[0]).has_value());
  SearchOptions half = kStrict;
  half.threshold = 0;
  half.matched = 0.5;
  for (const auto& pair : prints()) {
    const auto a = gallery.search(pair[1], half);
    allow_filter_vectors(false);
    const auto b = gallery.search(pair[1], half);
    allow_filter_vectors(true);
    half.threads = 3;
    const auto c = gallery.search(pair[1], half);
    half.threads = 1;
    ASSERT_EQ(a.size(), b.size());
    ASSERT_EQ(a.size(), c.size());
    for (std::size_t k = 0; k < a.size(); ++k) {
      EXPECT_EQ(a[k].index, b[k].index);
      EXPECT_EQ(a[k].score, b[k].score);
      EXPECT_EQ(a[k].index, c[k].index);
    }
  }
}

TEST(Codec, EveryTruncationAndEveryTrailingByteIsAnError) {
  const auto bytes = encode_template(prints()[0][0]).value();
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_FALSE(decode_template(ByteView(bytes).first(n)).has_value()) << n;
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(decode_template(longer).has_value());
}

RC_GTEST_PROP(Codec, WhatDecodesEncodesToTheSameBytes, ()) {
  Bytes bytes = encode_template(prints()[0][0]).value();
  const auto flips = *rc::gen::inRange(1, 6);
  for (int k = 0; k < flips; ++k)
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] ^=
        static_cast<std::uint8_t>(1U << *rc::gen::inRange(0, 8));
  const auto print = decode_template(bytes);
  if (!print) return;
  const auto again = encode_template(*print);
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == bytes);
}

}  // namespace
}  // namespace urna::finger
