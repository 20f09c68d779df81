#include "ballot/ballot_bytes.hpp"
#include "record/testing/tamper_table.hpp"

#include <algorithm>

namespace urna::record::testing {

using ballot::Decision;

// What stands beside the ballots in a package, signed again by the machine.
void Table::packages() {
  for (std::size_t s = 0; s < world_.stations().size(); ++s) {
    const std::string code = world_.stations()[s].code;
    const auto last_bytes = [&](std::string name, std::function<void(Bytes&)> change) {
      add(
          fmt::format("{}: {}", code, name), Check::package_signature,
          [code, change](World&, Documents& documents) {
            change(bytes_of(documents, kinds::package, code));
          },
          code);
    };
    last_bytes("signature flipped", [](Bytes& b) { b.back() ^= 1; });
    last_bytes("event log changed, not signed again",
               [](Bytes& b) { replace_text(b, "PAPER-LOADED", "SCREEN-FAULT"); });
    const auto layout = [&](std::string name, std::function<void(Bytes&)> change) {
      add(
          fmt::format("{}: {}", code, name), Check::package,
          [code, change](World&, Documents& documents) {
            change(bytes_of(documents, kinds::package, code));
          },
          code);
    };
    layout("cut by one byte", [](Bytes& b) { b.pop_back(); });
    layout("one byte more", [](Bytes& b) { b.push_back(0); });
    layout("another magic", [](Bytes& b) { b[4] ^= 1; });
    layout("half of it", [](Bytes& b) { b.resize(b.size() / 2); });
    add_package("signed by another machine", Check::package_signature, s,
                [](World&, WorldStation& w) { w.device = "UM-999999"; });
    add_package("certificate of another station", Check::package_signature, s,
                [](World& world, WorldStation& w) {
                  const std::string other = w.code == "N01" ? "N02" : "N01";
                  w.content.certificate = world.certificate(w.device, other);
                });
    add_package("certificate by no authority", Check::package_signature, s,
                [](World& world, WorldStation& w) {
                  w.content.certificate = forged_certificate(world, w);
                });
    for (std::size_t g = 0; g < 3; ++g) {
      add(
          fmt::format("{}: root {} changed, signed", code, g), Check::roots,
          [s, g](World& world, Documents& documents) {
            WorldStation w = world.stations()[s];
            w.content.roots = ballot::group_roots(w.content.box);
            w.content.roots[g][7] ^= 1;
            replace(documents, kinds::package, w.code, sign_as_it_stands(w));
          },
          code);
    }
    add_package("event that is none", Check::events, s, [](World&, WorldStation& w) {
      w.content.events += "20261206T190000-0400 VOTE\n";
    });
    add_package("never opened", Check::events, s,
                [](World&, WorldStation& w) { cut_line(w.content.events, "OPENED"); });
    add_package("never closed", Check::events, s,
                [](World&, WorldStation& w) { cut_line(w.content.events, "CLOSED"); });
    add_package("events out of order", Check::events, s, [](World&, WorldStation& w) {
      w.content.events += "20201206T190000-0400 STOPPED\n";
    });
    add_package("ballots of another election", Check::ballot_box, s,
                [](World&, WorldStation& w) {
                  change_station(w, [](Hash32& he, auto&, auto&) { he[0] ^= 1; });
                });
    add_package("ballots under another key", Check::ballot_box, s,
                [](World&, WorldStation& w) { change_key(w); });
    add_package("ballots of an unknown station", Check::ballot_box, s,
                [](World&, WorldStation& w) {
                  change_station(
                      w, [](auto&, std::string& code_of, auto&) { code_of = "X99"; });
                });
    add_package("a segment without a sheet", Check::sheets, s,
                [](World&, WorldStation& w) {
                  change_station(
                      w, [](auto&, auto&, auto& segments) { segments.push_back(2); });
                });
  }
}

// Every kind of field of a ballot: a bit flipped, another legal value put in.
void Table::ballot_fields() {
  for (std::size_t s = 0; s < world_.stations().size(); ++s) {
    const auto& box = world_.stations()[s].content.box;
    const ballot::BallotStyle& style = box.station.styles().front();
    for (const std::size_t b : {std::size_t{0}, box.ballots.size() - 1}) {
      const auto change = [&](std::string name, Check check,
                              std::function<void(Bytes&)> edit_ballot) {
        add_package(fmt::format("ballot {}: {}", b, name), check, s,
                    [b, edit_ballot](World&, WorldStation& w) {
                      edit_ballot(w.content.box.ballots[b].ballot);
                    });
      };
      change("version", Check::proofs, [](Bytes& x) { x[0] = 2; });
      change("style", Check::proofs, [](Bytes& x) { x[1] ^= 1; });
      change("segment", Check::proofs, [](Bytes& x) { x[5] ^= 4; });
      change("identifier", Check::proofs, [](Bytes& x) { x[9] ^= 1; });
      change("cut", Check::proofs, [](Bytes& x) { x.pop_back(); });
      change("longer", Check::proofs, [](Bytes& x) { x.push_back(0); });
      for (std::size_t c = 0; c < style.contests().size(); ++c) {
        const auto& place = style.place(c);
        const std::size_t points = place.ciphertexts;
        for (const auto& [what, index] :
             {std::pair{"alpha", points}, std::pair{"beta", points + 1},
              std::pair{"option commitment", place.commitments}}) {
          change(fmt::format("contest {}, {} doubled", c, what), Check::proofs,
                 [index](Bytes& x) { double_point(x, index); });
        }
        for (const auto& [what, index] : {std::pair{"challenge", place.scalars},
                                          std::pair{"response", place.scalars + 1}}) {
          change(fmt::format("contest {}, {} off by one", c, what), Check::proofs,
                 [index, n = style.points()](Bytes& x) { bump_scalar(x, n + index); });
        }
      }
      change("identity as alpha", Check::proofs, [](Bytes& x) {
        std::fill_n(x.begin() + ballot::kHeaderSize, 32, std::uint8_t{0});
      });
      change("point that is none", Check::proofs, [](Bytes& x) {
        std::fill_n(x.begin() + ballot::kHeaderSize, 32, std::uint8_t{0xff});
      });
      change("scalar above the order", Check::proofs,
             [](Bytes& x) { std::fill_n(x.end() - 32, 32, std::uint8_t{0xff}); });
      change("two options' ciphertexts swapped", Check::proofs, [](Bytes& x) {
        std::swap_ranges(x.begin() + ballot::kHeaderSize,
                         x.begin() + ballot::kHeaderSize + 64,
                         x.begin() + ballot::kHeaderSize + 64);
      });
    }
  }
}

void Table::openings() {
  for (std::size_t s = 0; s < world_.stations().size(); ++s) {
    const auto& ballots = world_.stations()[s].content.box.ballots;
    const auto at = [&](Decision decision) {
      return static_cast<std::size_t>(
          std::ranges::find(ballots, decision, &ballot::BoxBallot::decision) -
          ballots.begin());
    };
    const std::size_t open = at(Decision::challenged);
    const std::size_t shut = at(Decision::cast);
    const std::size_t voided = at(Decision::voided);
    const auto change = [&](std::string name, std::size_t b,
                            std::function<void(Bytes&)> edit_opening) {
      add_package("opening: " + std::move(name), Check::openings, s,
                  [b, edit_opening](World&, WorldStation& w) {
                    edit_opening(w.content.box.ballots[b].opening);
                  });
    };
    change("gone", open, [](Bytes& o) { o.clear(); });
    change("another seed", open, [](Bytes& o) { o[1] ^= 1; });
    change("another choice", open, [](Bytes& o) { o.back() ^= 1; });
    change("choice 2", open, [](Bytes& o) { o.back() = 2; });
    change("every option chosen", open, [](Bytes& o) {
      std::fill(o.begin() + ballot::kHeaderSize - 8, o.end(), std::uint8_t{1});
    });
    change("cut", open, [](Bytes& o) { o.pop_back(); });
    change("another version", open, [](Bytes& o) { o[0] = 9; });
    change("of a cast ballot", shut, [](Bytes& o) { o = Bytes(40, 1); });
    change("of a voided ballot", voided, [](Bytes& o) { o = Bytes(40, 1); });
  }
}

void Table::ballots_moved() {
  const std::size_t n = world_.stations().size();
  for (std::size_t s = 0; s < n; ++s) {
    const std::size_t count = world_.stations()[s].content.box.ballots.size();
    for (std::size_t b = 0; b < count; ++b) {
      add_package(fmt::format("ballot {} dropped", b), Check::counts, s,
                  [b](World&, WorldStation& w) {
                    auto& list = w.content.box.ballots;
                    list.erase(list.begin() + static_cast<std::ptrdiff_t>(b));
                  });
      add_package(fmt::format("ballot {} doubled", b), Check::unique, s,
                  [b](World&, WorldStation& w) {
                    auto& list = w.content.box.ballots;
                    list.push_back(list[b]);
                  });
      add_package(fmt::format("ballot {} replaced by one of another station", b),
                  Check::proofs, s, [s, n, b](World& world, WorldStation& w) {
                    // Where the other station's ballots have this style's form, the
                    // proofs fail; where not, the form does.
                    const auto& other = world.stations()[(s + 1) % n].content.box;
                    w.content.box.ballots[b].ballot = other.ballots[0].ballot;
                  });
    }
    add_package("a ballot more", Check::counts, s, [](World& world, WorldStation& w) {
      w.content.box.ballots.push_back(
          world.seal(w, Decision::cast, world.random_bits(w)));
    });
    add_package("a cast ballot called voided", Check::counts, s,
                [](World&, WorldStation& w) {
                  w.content.box.ballots[0].decision = Decision::voided;
                });
    add_package("a voided ballot called cast", Check::counts, s,
                [](World&, WorldStation& w) {
                  w.content.box.ballots.back().decision = Decision::cast;
                });
    add_package("a cast ballot voided too", Check::unique, s,
                [](World&, WorldStation& w) {
                  auto copy = w.content.box.ballots[0];
                  copy.decision = Decision::voided;
                  w.content.box.ballots.push_back(copy);
                });
    add(
        fmt::format("{}: ballots in another order, signed", world_.stations()[s].code),
        Check::order,
        [s](World& world, Documents& documents) {
          WorldStation w = world.stations()[s];
          std::swap(w.content.box.ballots[0], w.content.box.ballots[1]);
          w.content.roots = ballot::group_roots(w.content.box);
          replace(documents, kinds::package, w.code, sign_as_it_stands(w));
        },
        world_.stations()[s].code);
    add(fmt::format("{}: package of station {} under its name",
                    world_.stations()[s].code, world_.stations()[(s + 1) % n].code),
        Check::ballot_box, [s, n](World& world, Documents& documents) {
          replace(documents, kinds::package, world.stations()[s].code,
                  world.package(world.stations()[(s + 1) % n]));
        });
    add(fmt::format("{}: package missing", world_.stations()[s].code), Check::stations,
        [code = world_.stations()[s].code](World&, Documents& documents) {
          erase(documents, kinds::package, code);
        });
    add(fmt::format("{}: a second package", world_.stations()[s].code),
        Check::conflicts, [s](World& world, Documents& documents) {
          WorldStation w = world.stations()[s];
          w.content.events += "20261206T190000-0400 STOPPED\n";
          documents.push_back({std::string(kinds::package), w.code, world.package(w)});
        });
  }
}

void Table::sheets() {
  for (std::size_t s = 0; s < world_.stations().size(); ++s) {
    const WorldStation& station = world_.stations()[s];
    for (std::size_t c = 0; c < station.sheet.contests.size(); ++c) {
      // The trustees decrypt what is logged, so they decrypt this package too.
      add(
          fmt::format("{}: sheet: contest {}, a vote moved", station.code, c),
          Check::sheet_totals,
          [s, c](World& world, Documents& documents) {
            WorldStation w = world.stations()[s];
            move_vote(w.sheet.contests[c]);
            w.content.sheets = {
                sheet::to_file_text(world.sign_sheet(w.sheet, w.device))};
            const Bytes bytes = world.package(w);
            replace(documents, kinds::package, w.code, bytes);
            for (std::uint32_t l = 1; l <= 4; ++l) {
              replace(documents, kinds::decryption, fmt::format("{}-{:02}", w.code, l),
                      world.partial(bytes, l).encode());
            }
          },
          station.code);
    }
    add_sheet("a ballot cast more", Check::counts, s,
              [](sheet::SheetFields& f) { add_blank_ballot(f); });
    add_sheet("a challenged ballot less", Check::counts, s, [](sheet::SheetFields& f) {
      f.challenged = *f.challenged - 1;
      f.sealed = *f.sealed - 1;
    });
    add_sheet("sealed wrong", Check::equalities, s,
              [](sheet::SheetFields& f) { f.sealed = *f.sealed + 1; });
    add_sheet("tokens wrong", Check::equalities, s, [](sheet::SheetFields& f) {
      f.check_in.tokens_issued = *f.check_in.tokens_issued + 1;
    });
    add_sheet("people wrong", Check::equalities, s,
              [](sheet::SheetFields& f) { f.check_in.total = *f.check_in.total + 1; });
    add_sheet("matched wrong", Check::equalities, s, [](sheet::SheetFields& f) {
      f.check_in.matched = *f.check_in.matched + 1;
    });
    add_sheet("sessions wrong", Check::equalities, s, [](sheet::SheetFields& f) {
      f.ended_without_vote = *f.ended_without_vote + 1;
    });
    add_sheet("unused wrong", Check::equalities, s,
              [](sheet::SheetFields& f) { f.tokens_unused = *f.tokens_unused + 1; });
    add_sheet("another segment", Check::sheets, s,
              [](sheet::SheetFields& f) { f.segment = 2; });
    add_sheet("another election", Check::sheets, s,
              [](sheet::SheetFields& f) { f.election[0] ^= 1; });
    add_sheet("another contest", Check::sheets, s,
              [](sheet::SheetFields& f) { f.contests.pop_back(); });
    add_sheet("another option", Check::sheets, s,
              [](sheet::SheetFields& f) { f.contests[0].options[0].code = "NOBODY"; });
    const auto text = [&](std::string name, std::function<void(std::string&)> change) {
      add_package("sheet: " + name, Check::sheets, s,
                  [change](World&, WorldStation& w) { change(w.content.sheets[0]); });
    };
    text("digit changed, not signed again",
         [](std::string& t) { replace_text(t, "REGISTERED:", "REGISTERED:1"); });
    text("signature of another sheet", [](std::string& t) {
      const std::size_t at = t.find("SIGN:") + 7;
      t[at] = t[at] == 'A' ? 'B' : 'A';
    });
    text("not signed", [](std::string& t) { t.resize(t.find("SIGN:")); });
    text("no certificate", [](std::string& t) { t.resize(t.find("URNA:CERT")); });
    add_package("sheet signed by another certified machine", Check::sheets, s,
                [](World& world, WorldStation& w) {
                  w.sheet.device = "UM-000777";
                  w.content.sheets = {
                      sheet::to_file_text(world.sign_sheet(w.sheet, "UM-000777"))};
                });
    add_package("sheet of another station", Check::sheets, s,
                [s](World& world, WorldStation& w) {
                  w.content.sheets = world.stations()[s == 0 ? 1 : 0].content.sheets;
                });
    add_package("two sheets of one segment", Check::sheets, s,
                [](World&, WorldStation& w) {
                  w.content.sheets.push_back(w.content.sheets[0]);
                });
    const auto slip = [&](std::string name,
                          std::function<void(World&, WorldStation&)> change) {
      add_package("check-in's slip: " + std::move(name), Check::equalities, s,
                  std::move(change));
    };
    slip("missing", [](World&, WorldStation& w) { w.content.check_in.clear(); });
    slip("a person more, signed again", [](World& world, WorldStation& w) {
      sheet::SheetFields other = w.sheet;
      other.check_in.total = *other.check_in.total + 1;
      other.check_in.matched = *other.check_in.matched + 1;
      w.content.check_in = world.check_in_slip(other);
    });
    slip("a token less, signed again", [](World& world, WorldStation& w) {
      sheet::SheetFields other = w.sheet;
      other.check_in.tokens_issued = *other.check_in.tokens_issued - 1;
      w.content.check_in = world.check_in_slip(other);
    });
    slip("of another station", [](World& world, WorldStation& w) {
      sheet::SheetFields other = w.sheet;
      other.station = w.code == "N01" ? "N02" : "N01";
      w.content.check_in = world.check_in_slip(other);
    });
    slip("of another election", [](World& world, WorldStation& w) {
      sheet::SheetFields other = w.sheet;
      other.election[0] ^= 1;
      w.content.check_in = world.check_in_slip(other);
    });
    slip("a number changed, not signed again", [](World&, WorldStation& w) {
      replace_text(w.content.check_in, "CHECKEDIN:", "CHECKEDIN:1");
    });
    slip("no certificate", [](World&, WorldStation& w) {
      w.content.check_in.resize(w.content.check_in.find('\n') + 1);
    });
    slip("certified as a voting machine", [](World& world, WorldStation& w) {
      std::string& made = w.content.check_in;
      made = world.check_in_slip(w.sheet, "UM-000778");
      made.resize(made.find('\n') + 1);
      made += world.certificate("UM-000778", w.code) + "\n";
    });
    slip(
        "two people more on slip and sheet, and nobody voted for them",
        [](World& world, WorldStation& w) {
          w.sheet.check_in.total = *w.sheet.check_in.total + 2;
          w.sheet.check_in.matched = *w.sheet.check_in.matched + 2;
          w.sheet.check_in.tokens_issued = *w.sheet.check_in.tokens_issued + 2;
          w.content.sheets = {sheet::to_file_text(world.sign_sheet(w.sheet, w.device))};
          w.content.check_in = world.check_in_slip(w.sheet);
        });
  }
}

}  // namespace urna::record::testing
