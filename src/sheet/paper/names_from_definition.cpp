#include "sheet/paper/names.hpp"

#include <fmt/format.h>

namespace urna::sheet {
namespace {

// "Ana Pérez (SUN)": who is voted for, and on which card.
std::string option_name(const election::Definition& definition,
                        const election::Contest& contest,
                        const election::Option& option, std::size_t language) {
  const election::Contender& contender = contest.contenders[option.contender];
  std::string cards;
  for (const election::PartyIndex party : option.cards) {
    cards += fmt::format("{}{}", cards.empty() ? "" : " · ",
                         definition.parties()[party].short_name);
  }
  const std::string_view name = contender.name.in(language);
  if (cards.empty() || cards == name) return std::string(name);
  // Lists and many-carded candidates: the card is what the voter touched.
  if (option.cards.size() == 1 && contender.options.size() > 1) {
    return fmt::format("{}: {}", cards, name);
  }
  return fmt::format("{} ({})", name, cards);
}

void add_place(SheetNames& out, const election::Definition& definition,
               election::StationIndex station, std::size_t language) {
  for (const election::AreaIndex index : definition.place_of(station).areas) {
    const election::Area& area = definition.areas()[index];
    const auto& kind = definition.model().area_kinds[area.kind];
    out.place.emplace_back(kind.name.in(language), area.name.in(language));
  }
}

}  // namespace

SheetNames names_from_definition(const SheetFields& fields,
                                 const election::Definition& definition,
                                 std::string_view language) {
  const auto station = definition.find_station(fields.station);
  if (!station) return names_from_codes(fields, language);
  const election::Model& model = definition.model();
  const std::size_t in = definition.find_language(language).value_or(0);
  SheetNames out;
  out.authority = model.authority.in(in);
  out.election = model.name.in(in);
  out.date = model.day.date;
  out.notice = model.notice.in(in);
  out.station = definition.stations()[*station].name.in(in);
  add_place(out, definition, *station, in);
  for (const election::ContestIndex index : definition.style_of(*station).contests) {
    const election::Contest& contest = definition.contests()[index];
    ContestNames names;
    names.title = contest.title.in(in);
    for (const election::Option& option : contest.options) {
      names.options.push_back(option_name(definition, contest, option, in));
    }
    out.contests.push_back(std::move(names));
  }
  for (const election::Official& official : model.officials) {
    if (official.station && *official.station != *station) continue;
    out.signers.push_back(official.name.empty()
                              ? official.role
                              : fmt::format("{} · {}", official.role, official.name));
  }
  if (out.signers.empty()) out.signers = usual_signers(language);
  return out;
}

}  // namespace urna::sheet
