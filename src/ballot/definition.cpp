#include "ballot/definition.hpp"

namespace urna::ballot {

Result<BallotStyle> style_of(const election::Definition& definition,
                             election::StyleIndex style) {
  std::vector<ContestShape> shapes;
  for (const election::ContestIndex index : definition.styles()[style].contests) {
    const election::Contest& contest = definition.contests()[index];
    shapes.push_back(
        {static_cast<std::uint32_t>(contest.options.size()), contest.limit});
  }
  return BallotStyle::make(style, std::move(shapes));
}

Result<Station> station_of(const election::Definition& definition,
                           election::StationIndex station, const Hash32& election_hash,
                           std::vector<std::uint32_t> segments) {
  URNA_TRY(BallotStyle style, style_of(definition, definition.style_index_of(station)));
  return Station::make(election_hash, definition.stations()[station].code,
                       std::move(segments), {std::move(style)});
}

}  // namespace urna::ballot
