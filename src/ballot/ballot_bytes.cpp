#include "ballot/ballot_bytes.hpp"

#include "ballot/errors.hpp"
#include "base/binary.hpp"

#include <array>

#include <fmt/format.h>

namespace urna::ballot {

namespace {

struct Header {
  std::uint8_t version;
  BallotIdentity identity;
};

Result<Header> read_header(ByteView bytes) {
  base::Reader reader(bytes);
  Header header;
  URNA_TRY(header.version, reader.u8());
  URNA_TRY(header.identity.style, reader.u32());
  URNA_TRY(header.identity.segment, reader.u32());
  URNA_TRY(header.identity.id, reader.array<32>());
  return header;
}

std::unexpected<Fault> refuse(ErrorKind kind, std::string place) {
  return std::unexpected(Fault{kind, std::move(place)});
}

// The contest whose fields, which begin at `start(place)`, contain `index`.
template <class Start>
std::size_t contest_of(const BallotStyle& style, std::size_t index, Start start) {
  std::size_t contest = style.contests().size() - 1;
  while (contest > 0 && start(style.place(contest)) > index) --contest;
  return contest;
}

std::string ciphertext_name(const BallotStyle& style, std::size_t index) {
  const std::size_t contest =
      contest_of(style, index, [](const ContestPlace& p) { return p.ciphertexts; });
  const std::size_t within = index - style.place(contest).ciphertexts;
  const std::size_t option = within / 2;
  const char* letter = within % 2 == 0 ? "alpha" : "beta";
  if (option == style.contests()[contest].options) {
    return fmt::format("contest {}, blank indicator, {}", contest, letter);
  }
  return fmt::format("contest {}, option {}, {}", contest, option, letter);
}

}  // namespace

Checked<BallotBytes> BallotBytes::read(const Station& station, ByteView bytes) {
  if (bytes.empty()) return refuse(errors::short_ballot, "0 bytes");
  if (bytes[0] != kBallotVersion) {
    return refuse(errors::bad_version, fmt::format("version {}", bytes[0]));
  }
  const auto header = read_header(bytes);
  if (!header)
    return refuse(errors::short_ballot, fmt::format("{} bytes", bytes.size()));
  const BallotStyle* style = station.style(header->identity.style);
  if (style == nullptr) {
    return refuse(errors::unknown_style,
                  fmt::format("style {}", header->identity.style));
  }
  if (!station.has_segment(header->identity.segment)) {
    return refuse(errors::unknown_segment,
                  fmt::format("segment {}", header->identity.segment));
  }
  if (bytes.size() != style->ballot_size()) {
    return refuse(bytes.size() < style->ballot_size() ? errors::short_ballot
                                                      : errors::long_ballot,
                  fmt::format("{} bytes where style {} has {}", bytes.size(),
                              style->number(), style->ballot_size()));
  }
  return BallotBytes(*style, header->identity, bytes);
}

Hash32 BallotBytes::hash(const Station& station) const {
  return ballot_hash(station.election_hash(), station.code(), identity_);
}

std::string point_name(const BallotStyle& style, std::size_t index) {
  if (index < style.ciphertext_points()) return ciphertext_name(style, index);
  const std::size_t contest =
      contest_of(style, index, [](const ContestPlace& p) { return p.commitments; });
  const std::size_t within = index - style.place(contest).commitments;
  const std::size_t in_options = 4 * std::size_t{style.contests()[contest].options};
  if (within < in_options) {
    static constexpr std::array<const char*, 4> kNames = {"a0", "b0", "a1", "b1"};
    return fmt::format("contest {}, option {}, {}", contest, within / 4,
                       kNames[within % 4]);
  }
  const std::size_t in_proof = within - in_options;
  return fmt::format("contest {}, contest proof, {}{}", contest,
                     in_proof % 2 == 0 ? 'a' : 'b', in_proof / 2);
}

std::string scalar_name(const BallotStyle& style, std::size_t index) {
  const std::size_t contest =
      contest_of(style, index, [](const ContestPlace& p) { return p.scalars; });
  const std::size_t within = index - style.place(contest).scalars;
  const ContestShape& shape = style.contests()[contest];
  const std::size_t in_options = 3 * std::size_t{shape.options};
  if (within < in_options) {
    static constexpr std::array<const char*, 3> kNames = {"c0", "v0", "v1"};
    return fmt::format("contest {}, option {}, {}", contest, within / 3,
                       kNames[within % 3]);
  }
  const std::size_t in_proof = within - in_options;
  if (in_proof + 1 < shape.branches()) {
    return fmt::format("contest {}, contest proof, c{}", contest, in_proof + 1);
  }
  return fmt::format("contest {}, contest proof, r{}", contest,
                     in_proof + 1 - shape.branches());
}

}  // namespace urna::ballot
