#include "sheet/reconcile.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace urna::sheet {
namespace {

using Segments = std::span<const SheetFields* const>;

Count add(const Count& a, const Count& b) {
  return a && b ? Count{*a + *b} : Count{};
}

// Stated by every segment, or not at all.
template <class Get>
Count sum_of_all(Segments segments, Get get) {
  Count total = 0;
  for (const SheetFields* segment : segments) total = add(total, get(*segment));
  return segments.empty() ? Count{} : total;
}

// Stated by the segment that read the slip.
template <class Get>
Count sum_of_stated(Segments segments, Get get) {
  Count total;
  for (const SheetFields* segment : segments) {
    const Count value = get(*segment);
    if (value) total = total.value_or(0) + *value;
  }
  return total;
}

struct Words {
  std::string_view name;
  std::string_view english;
  std::string_view spanish;
};

constexpr std::array<Words, kEqualities.size()> kWords{{
    {"outcomes", "fingerprint outcomes = checked in",
     "resultados de huella = identificados"},
    {"tokens", "checked in = tokens issued", "identificados = fichas entregadas"},
    {"activations", "tokens + by officials = activated + unused",
     "fichas + por miembros = activadas + sin usar"},
    {"sessions", "activated = cast + ended without a vote",
     "activadas = depositados + sin votar"},
    {"sealed", "sealed = cast + challenged + voided",
     "sellados = depositados + de prueba + anulados"},
    {"box", "papers in the box = cast", "papeletas en la caja = depositados"},
}};

const Words& words(Equality equality) {
  return kWords.at(static_cast<std::size_t>(equality));
}

}  // namespace

std::vector<EqualityResult> reconcile(Segments segments, const BoxCountFields* box) {
  const auto all = [&](auto member) { return sum_of_all(segments, member); };
  const auto stated = [&](auto member) { return sum_of_stated(segments, member); };
  using F = SheetFields;
  const Count checked_in = stated([](const F& f) { return f.check_in.total; });
  const Count issued = stated([](const F& f) { return f.check_in.tokens_issued; });
  const Count outcomes = stated([](const F& f) {
    const CheckIn& c = f.check_in;
    return add(add(add(c.matched, c.not_matched), add(c.no_stored_print, c.not_taken)),
               c.without_biometrics);
  });
  const Count unused = stated([](const F& f) { return f.tokens_unused; });
  const Count activated = all([](const F& f) { return f.activated; });
  const Count by_officials = all([](const F& f) { return f.activated_by_officials; });
  const Count cast = all([](const F& f) { return f.cast; });
  const Count no_vote = all([](const F& f) { return f.ended_without_vote; });
  const Count sealed = all([](const F& f) { return f.sealed; });
  const Count challenged = all([](const F& f) { return f.challenged; });
  const Count voided = all([](const F& f) { return f.voided; });
  return {
      {Equality::outcomes, outcomes, checked_in},
      {Equality::tokens, checked_in, issued},
      {Equality::activations, add(issued, by_officials), add(activated, unused)},
      {Equality::sessions, activated, add(cast, no_vote)},
      {Equality::sealed, sealed, add(add(cast, challenged), voided)},
      {Equality::box, box ? Count{box->papers} : Count{}, cast},
  };
}

std::vector<EqualityResult> reconcile(const SheetFields& only_segment,
                                      const BoxCountFields* box) {
  const std::array<const SheetFields*, 1> one{&only_segment};
  return reconcile(one, box);
}

std::vector<HandCountDifference> hand_count_differences(Segments segments,
                                                        const BoxCountFields& box) {
  std::vector<HandCountDifference> out;
  if (!std::ranges::all_of(segments, &SheetFields::counted)) return out;
  for (const ContestResult& paper : box.contests) {
    const auto compare = [&](std::string item, std::uint64_t on_paper, auto number) {
      std::uint64_t on_sheets = 0;
      for (const SheetFields* segment : segments) {
        for (const ContestResult& contest : segment->contests) {
          if (contest.code == paper.code) on_sheets += number(contest);
        }
      }
      if (on_paper != on_sheets) {
        out.push_back({paper.code, std::move(item), on_paper, on_sheets});
      }
    };
    for (std::size_t o = 0; o < paper.options.size(); ++o) {
      compare(paper.options[o].code, paper.options[o].votes,
              [o](const ContestResult& contest) {
                return o < contest.options.size() ? contest.options[o].votes : 0;
              });
    }
    if (paper.blank)
      compare("blank", *paper.blank,
              [](const ContestResult& contest) { return contest.blank.value_or(0); });
    if (paper.null_votes)
      compare("null", *paper.null_votes, [](const ContestResult& contest) {
        return contest.null_votes.value_or(0);
      });
  }
  return out;
}

std::string_view equality_name(Equality equality) {
  return words(equality).name;
}

std::string_view equality_text(Equality equality, std::string_view language) {
  return language == "es" ? words(equality).spanish : words(equality).english;
}

}  // namespace urna::sheet
