// Stations whose machine was replaced, honest and not.
#include "record/testing/tamper_table.hpp"
#include "sheet/lost_machine.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <tuple>

namespace urna::record::testing {
namespace {

constexpr const char* kStation = "N01";

// The same election with another history.
World& spare_world(const World& like, Spare spare) {
  static std::map<Spare, std::unique_ptr<World>> worlds;
  auto& world = worlds[spare];
  if (!world) {
    WorldOptions options;
    options.files = like.files();
    options.spare = spare;
    world = std::make_unique<World>(options);
  }
  return *world;
}

Tampering record_of(std::string name, Spare spare, Check check = {}) {
  return {std::move(name),
          check,
          [spare](World& world, Documents& documents) {
            documents = spare_world(world, spare).documents();
          },
          {},
          kStation,
          {}};
}

Bytes declaration(const Hash32& definition, std::string_view station,
                  std::uint32_t segment, std::string_view first,
                  std::string_view second) {
  const auto a = known_key(first);
  const auto b = known_key(second);
  const std::array declarants{sheet::Declarant{first, &a},
                              sheet::Declarant{second, &b}};
  return sheet::declare_lost(definition, station, segment, declarants);
}

void drop_first_machines_ballots(WorldStation& w) {
  std::erase_if(w.content.box.ballots, [](const ballot::BoxBallot& item) {
    return item.ballot[5] == 1;  // its segment
  });
}

}  // namespace

std::vector<Tampering> honest_records() {
  Tampering plain;
  plain.name = "honest";
  return {plain,
          record_of("honest, a spare machine went on for the first", Spare::goes_on),
          record_of("honest, the first machine was lost", Spare::first_lost)};
}

void Table::spares() {
  const auto package = [&](std::string name, Check check,
                           std::function<void(World&, WorldStation&)> change) {
    Tampering row = record_of("spare machine: " + name, Spare::goes_on, check);
    row.documents = [change](World& like, Documents& documents) {
      World& world = spare_world(like, Spare::goes_on);
      documents = world.documents();
      WorldStation w = world.stations()[0];
      change(world, w);
      replace(documents, kinds::package, w.code, world.package(w));
    };
    rows_.push_back(std::move(row));
  };
  const auto no_first_sheet = [](WorldStation& w) {
    w.content.sheets.erase(w.content.sheets.begin());
  };
  package("the first one's sheet left out", Check::sheets,
          [no_first_sheet](World&, WorldStation& w) { no_first_sheet(w); });
  package("the first one's ballots left out", Check::counts,
          [](World&, WorldStation& w) { drop_first_machines_ballots(w); });
  package("as if there had been no first one", Check::sheets,
          [no_first_sheet](World&, WorldStation& w) {
            no_first_sheet(w);
            drop_first_machines_ballots(w);
            change_station(w, [](auto&, auto&, auto& segments) { segments = {2}; });
          });
  package("sheets in the other order", Check::sheets,
          [](World&, WorldStation& w) { std::ranges::reverse(w.content.sheets); });
  package("the first one signs for both", Check::sheets,
          [](World& world, WorldStation& w) {
            w.device = "UM-000001";
            w.content.certificate = world.certificate(w.device, w.code);
          });
  package("the first one's sheet a second time", Check::sheets,
          [](World&, WorldStation& w) {
            w.content.sheets.push_back(w.content.sheets.front());
          });

  const auto loss = [&](std::string name, Check check,
                        std::function<void(World&, Documents&)> change) {
    Tampering row = record_of("lost machine: " + name, Spare::first_lost, check);
    row.documents = [change](World& like, Documents& documents) {
      World& world = spare_world(like, Spare::first_lost);
      documents = world.documents();
      change(world, documents);
    };
    rows_.push_back(std::move(row));
  };
  loss("nobody declared it", Check::sheets, [](World&, Documents& documents) {
    erase(documents, kinds::lost_machine, kStation);
  });
  for (const auto& [name, station, segment, second] :
       std::vector<std::tuple<std::string, std::string, std::uint32_t, std::string>>{
           {"declared by one person twice", kStation, 1, "PRESIDENT"},
           {"declared with a stranger", kStation, 1, "STRANGER"},
           {"another station's declaration", "N02", 1, "SECRETARY"},
           {"another machine's declaration", kStation, 2, "SECRETARY"}}) {
    loss(name, Check::sheets,
         [station, segment, second](World& world, Documents& documents) {
           replace(documents, kinds::lost_machine, kStation,
                   declaration(world.definition().hash(), station, segment, "PRESIDENT",
                               second));
         });
  }
  loss("another election's declaration", Check::sheets,
       [](World&, Documents& documents) {
         replace(documents, kinds::lost_machine, kStation,
                 declaration(Hash32{1}, kStation, 1, "PRESIDENT", "SECRETARY"));
       });
  loss("a signature flipped", Check::sheets, [](World&, Documents& documents) {
    bytes_of(documents, kinds::lost_machine, kStation).back() ^= 1;
  });
  loss("declaration cut", Check::sheets, [](World&, Documents& documents) {
    bytes_of(documents, kinds::lost_machine, kStation).pop_back();
  });
  loss("two declarations", Check::conflicts, [](World& world, Documents& documents) {
    documents.push_back(
        {std::string(kinds::lost_machine), kStation,
         declaration(world.definition().hash(), kStation, 1, "PRESIDENT", "BOARD")});
  });
  for (std::size_t s = 0; s < world_.stations().size(); ++s) {
    const std::string code = world_.stations()[s].code;
    add(
        fmt::format("{}: declared lost, and no sheet is missing", code), Check::sheets,
        [code](World& world, Documents& documents) {
          documents.push_back({std::string(kinds::lost_machine), code,
                               declaration(world.definition().hash(), code, 1,
                                           "PRESIDENT", "SECRETARY")});
        },
        code);
  }
}

}  // namespace urna::record::testing
