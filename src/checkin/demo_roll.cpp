#include "checkin/demo_roll.hpp"

#include "checkin/errors.hpp"
#include "finger/extract/extract.hpp"
#include "finger/match/codec.hpp"
#include "finger/synth/impression.hpp"
#include "finger/synth/set.hpp"

#include <array>
#include <map>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

using finger::FingerPosition;

constexpr std::array<std::string_view, 12> kNames{"Ana",   "Bruno",   "Carla", "Darío",
                                                  "Elena", "Félix",   "Gala",  "Hugo",
                                                  "Inés",  "Joaquín", "Lucía", "Mateo"};
constexpr std::array<std::string_view, 17> kSurnames{
    "Peña",  "Ríos",   "Salas",  "Montes", "Núñez", "Fuentes",
    "León",  "Ortega", "Vidal",  "Sol",    "Rojas", "Lara",
    "Muñoz", "Ibáñez", "Campos", "Acosta", "Duarte"};

std::uint64_t seed_of(const DemoPlan& plan, std::size_t voter,
                      FingerPosition position) {
  return finger::synth::finger_seed(
      plan.seed, static_cast<int>(voter * 11 + static_cast<std::size_t>(position)));
}

// Growing a finger takes a good part of a second, and a demonstration's few fingers are
// put down again and again.
const finger::synth::Finger& grown(std::uint64_t seed) {
  static std::map<std::uint64_t, finger::synth::Finger> fingers;
  const auto [at, fresh] = fingers.try_emplace(seed);
  if (fresh) at->second = finger::synth::finger(seed);
  return at->second;
}

constexpr std::array kThumbs{FingerPosition::right_thumb, FingerPosition::left_thumb};
// The numbers of other stations' people begin here, one such step a station.
constexpr std::size_t kNextStation = 100'000;

constexpr std::string_view kMapping = R"({"format": "urna-roll-mapping-1",
 "columns": {"id": "CEDULA", "surnames": "APELLIDOS", "names": "NOMBRES",
             "station": "MESA",
             "prints": {"right_thumb": "PULGAR_D", "left_thumb": "PULGAR_I"}}}
)";

Result<Voter> demo_voter(const DemoPlan& plan, std::size_t person) {
  Voter voter{demo_id(person),
              fmt::format("{} {}", kSurnames[person % kSurnames.size()],
                          kSurnames[(person / 7) % kSurnames.size()]),
              std::string(kNames[person % kNames.size()]),
              {}};
  if (person >= std::min(plan.with_prints, plan.voters)) return voter;
  for (const auto position : kThumbs) {
    URNA_TRY(const auto print,
             finger::extract(demo_impression(plan, person, position, 0)));
    URNA_TRY(Bytes bytes, finger::encode_template(print));
    voter.prints.push_back({position, std::move(bytes)});
  }
  return voter;
}

}  // namespace

finger::Image demo_impression(const DemoPlan& plan, std::size_t voter,
                              FingerPosition position, std::uint64_t touch,
                              Placing placing) {
  auto conditions = finger::synth::usual_conditions();
  if (placing == Placing::hurried) {
    // A dry finger that hardly touches, and only with its edge.
    conditions = finger::synth::hard_conditions();
    conditions.pressure = -1;
    conditions.moisture = -1;
    conditions.partial = 1;
    conditions.shift = 70;
  }
  return finger::synth::impression(grown(seed_of(plan, voter, position)), touch,
                                   conditions)
      .image;
}

std::string demo_id(std::size_t voter) {
  return fmt::format("V{}", 10'000'000 + voter * 37);
}

std::string demo_id_elsewhere() {
  return demo_id(kNextStation);
}

std::vector<std::string> demo_ids_with_prints(const DemoPlan& plan) {
  std::vector<std::string> out;
  for (std::size_t v = 0; v < std::min(plan.with_prints, plan.voters); ++v) {
    out.push_back(demo_id(v));
  }
  return out;
}

Result<void> put_demo_finger(SyntheticScanner& scanner, const DemoPlan& plan,
                             std::string_view id, FingerPosition position,
                             std::uint64_t touch, Placing placing) {
  for (std::size_t v = 0; v < plan.with_prints; ++v) {
    if (demo_id(v) != id) continue;
    scanner.put(demo_impression(plan, v, position, touch, placing));
    return {};
  }
  return fail(errors::not_found, "this voter has no synthetic fingers");
}

Result<std::vector<Roll>> demo_rolls(const election::Definition& definition,
                                     const DemoPlan& plan) {
  std::vector<Roll> out;
  std::size_t first = kNextStation;
  for (const auto& station : definition.stations()) {
    const bool ours = station.code == plan.station;
    Roll roll{definition.hash(), station.code, {}};
    for (std::size_t v = 0; v < (ours ? plan.voters : plan.elsewhere); ++v) {
      URNA_TRY(Voter voter, demo_voter(plan, ours ? v : first + v));
      roll.voters.push_back(std::move(voter));
    }
    if (!ours) first += kNextStation;
    out.push_back(std::move(roll));
  }
  return out;
}

Result<void> write_demo_roll(base::FileSystem& files, const std::string& folder,
                             const DemoPlan& plan) {
  base::Report report;
  const auto read = election::read_definition_files(files, plan.definition, report);
  if (!read) return std::unexpected(report.first_problem());
  const auto definition = election::parse_definition(*read, report);
  if (!definition) return std::unexpected(report.first_problem());
  URNA_TRY(const auto rolls, demo_rolls(*definition, plan));
  const std::string prints = base::join_path(folder, "prints");
  URNA_CHECK(base::make_folder_durable(files, folder));
  URNA_CHECK(base::make_folder_durable(files, prints));
  std::string csv = "CEDULA,NOMBRES,APELLIDOS,MESA,PULGAR_D,PULGAR_I\n";
  for (const Roll& roll : rolls) {
    for (const Voter& voter : roll.voters) {
      csv += fmt::format("{},{},{},{}", voter.id, voter.names, voter.surnames,
                         roll.station);
      for (std::size_t thumb = 0; thumb < kThumbs.size(); ++thumb) {
        csv += ',';
        if (thumb >= voter.prints.size()) continue;
        const StoredPrint& print = voter.prints[thumb];
        const std::string name =
            fmt::format("{}-{}", voter.id, position_name(print.position));
        URNA_CHECK(
            base::write_durable(files, base::join_path(prints, name), print.bytes));
        csv += name;
      }
      csv += '\n';
    }
  }
  URNA_CHECK(
      base::write_durable(files, base::join_path(folder, "roll.csv"), as_bytes(csv)));
  return base::write_durable(files, base::join_path(folder, "mapping.json"),
                             as_bytes(kMapping));
}

}  // namespace urna::checkin
