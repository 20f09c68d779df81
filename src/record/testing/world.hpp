// An honest election in small, made from one seed: a real key ceremony with five
// trustees of whom three decrypt, stations with cast, challenged and voided ballots,
// signed sheets, packages, box counts, decryptions, results. Every key in it is known
// to everybody: for tests, benchmarks and newcomers, never for an election.
//
// Pieces stay at hand unencoded, so that tests can change one and sign it again.
// Thread rule: one thread.
#pragma once

#include "ballot/package.hpp"
#include "base/testing/scripted.hpp"
#include "base/testing/scripted_files.hpp"
#include "election/definition.hpp"
#include "log/sequencer.hpp"
#include "record/recorder.hpp"
#include "record/results.hpp"
#include "sheet/signed_sheet.hpp"
#include "trustees/partial.hpp"
#include "trustees/testing/ceremony.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace urna::record::testing {

// What happened to the first station's machine.
enum class Spare : std::uint8_t {
  none,        // nothing
  goes_on,     // a spare machine took over with its export and made the package
  first_lost,  // it was lost before anybody voted, and two officials declared so
};

struct WorldOptions {
  election::DefinitionFiles files;  // of a definition; its trustees are replaced
  std::size_t cast = 3;             // ballots a station
  std::size_t challenged = 1;
  std::size_t voided = 1;
  std::uint32_t decryptions = 4;  // trustees who decrypt, at least 3
  std::size_t stations = 0;       // only the first so many get packages; 0: all
  std::uint64_t seed = 2026;
  Spare spare = Spare::none;
  std::function<void(std::size_t done)> progress{};  // after each station
};

// Keys that everybody knows, by what they are for.
[[nodiscard]] crypto::SigningKey known_key(std::string_view name);

struct WorldStation {
  std::string code;
  std::string device;              // the machine that made the package
  ballot::StationPackage content;  // before signing
  sheet::SheetFields sheet;        // the last
  std::vector<std::uint64_t> row;  // the true totals, with a 0 for null
};

using Documents = std::vector<NewDocument>;

class World {
 public:
  explicit World(const WorldOptions& options);

  [[nodiscard]] const election::Definition& definition() const { return *definition_; }
  [[nodiscard]] const election::DefinitionFiles& files() const { return files_; }
  [[nodiscard]] const trustees::ElectionKey& key() const { return *key_; }
  [[nodiscard]] const std::vector<WorldStation>& stations() const { return stations_; }
  [[nodiscard]] trustees::testing::Ceremony& ceremony() { return *ceremony_; }
  [[nodiscard]] base::Random& random() { return random_; }

  // All documents of the record, in a sensible order.
  [[nodiscard]] const Documents& documents() const { return documents_; }

  // What the machine of a station makes of these pieces, signed.
  [[nodiscard]] sheet::SignedSheet sign_sheet(const sheet::SheetFields& fields,
                                              std::string_view device) const;
  // Check-in's signed slip with the numbers of this sheet.
  [[nodiscard]] std::string check_in_slip(const sheet::SheetFields& fields,
                                          std::string_view device = "check-in") const;
  [[nodiscard]] std::string certificate(std::string_view device,
                                        std::string_view station) const;
  [[nodiscard]] Bytes package(const WorldStation& station) const;
  // Trustee l's decryption of a package, whatever it says.
  [[nodiscard]] trustees::Partial partial(ByteView package, std::uint32_t trustee);
  [[nodiscard]] Bytes results() const;
  // Decisions without a conflict, with a drawing for every tie.
  [[nodiscard]] Bytes decisions() const;
  // A choice-by-choice ballot of the station's style, sealed.
  [[nodiscard]] ballot::BoxBallot seal(const WorldStation& station,
                                       ballot::Decision decision, ByteView bits,
                                       std::uint32_t segment = 1);
  [[nodiscard]] Bytes random_bits(const WorldStation& station);

 private:
  void make_definition(election::DefinitionFiles files);
  void make_station(election::StationIndex index, const WorldOptions& options);
  // One machine of a station: seals its ballots into the station's box, adds them to
  // the true totals, and gives its sheet, which says nothing yet of people and tokens.
  sheet::SheetFields run_machine(WorldStation& station, election::StationIndex index,
                                 std::uint32_t segment, const WorldOptions& options);
  void put(std::string_view kind, std::string name, Bytes bytes);
  [[nodiscard]] Derived derive(bool draw) const;
  void put_evidence(const WorldStation& station);
  [[nodiscard]] static sheet::ContestResult counted_by_hand(
      const WorldStation& station);

  base::testing::ScriptedRandom random_;
  election::DefinitionFiles files_;
  std::optional<election::Definition> definition_;
  std::unique_ptr<trustees::testing::Ceremony> ceremony_;
  std::optional<trustees::ElectionKey> key_;
  std::vector<trustees::KeyShare> shares_;
  std::vector<WorldStation> stations_;
  Documents documents_;
};

inline constexpr std::string_view kOrigin = "example.org/town-2026";
[[nodiscard]] log::NoteSigner log_signer();

// Logs the documents in order, in a new record in `folder`.
[[nodiscard]] Result<void> write_record(base::FileSystem& files,
                                        const std::string& folder,
                                        std::span<const NewDocument> documents);

// The bundled example that most tests use.
[[nodiscard]] election::DefinitionFiles example_files(const std::string& folder);

}  // namespace urna::record::testing
