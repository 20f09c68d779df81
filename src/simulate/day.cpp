#include "simulate/day.hpp"

#include "base/encoding.hpp"
#include "record/results.hpp"
#include "simulate/booth.hpp"
#include "simulate/centre.hpp"
#include "simulate/check_in_table.hpp"
#include "trustees/decryption_desk.hpp"
#include "trustees/package.hpp"

#include <algorithm>

namespace urna::simulate {
namespace {

using record::Check;
using record::NewDocument;
namespace kinds = record::kinds;

NewDocument document(std::string_view kind, std::string name, Bytes bytes) {
  return {std::string(kind), std::move(name), std::move(bytes)};
}

NewDocument text_document(std::string_view kind, std::string name,
                          std::string_view text) {
  return document(kind, std::move(name), to_bytes(as_bytes(text)));
}

class Day {
 public:
  Day(const DayPlan& plan, Town& town)
      : plan_(plan),
        town_(town),
        dice_(plan.seed),
        random_(plan.seed ^ 0x646179U),
        centre_(plan.risk, dice_.for_part(), diary_) {
    for (auto& station : town_.stations) {
      tables_.push_back(std::make_unique<CheckInTable>(town_, *station, plan.risk,
                                                       dice_.for_part(), diary_));
      booths_.push_back(std::make_unique<Booth>(town_, *station, plan.risk,
                                                dice_.for_part(), diary_));
    }
  }

  DayReport run() {
    diary_.write("seed {}, risk {}, {}", plan_.seed, plan_.risk,
                 info(plan_.cheat).says);
    for (std::size_t s = 0; s < town_.stations.size() && going(); ++s) vote_at(s);
    if (going()) transmit();
    if (going()) decrypt();
    if (going()) publish();
    if (going()) cheat_as_centre();
    if (going()) verify();
    DayReport report{diary_.problems(), diary_.text(), 0};
    for (const auto& booth : booths_) {
      report.cast += static_cast<std::uint32_t>(booth->box_size());
    }
    return report;
  }

 private:
  [[nodiscard]] bool going() const { return diary_.problems().empty(); }

  // A step that no fault can touch; its failure is a problem.
  template <class T>
  std::optional<T> must(Result<T> result, std::string_view what) {
    if (result) return std::move(*result);
    diary_.problem("{}: {}", what, result.error().text());
    return std::nullopt;
  }

  // Somebody sets a clock by mistake: ten years, an hour, a few minutes, either way.
  void disturb_clocks(std::size_t s) {
    if (!dice_.once_in(plan_.risk)) return;
    constexpr std::array<std::int64_t, 4> kJumps{315'360'000, 3'600, 420, 86'400};
    const std::int64_t jump =
        kJumps[dice_.below(kJumps.size())] * (dice_.once_in(2) ? 1 : -1);
    const bool machine = dice_.once_in(2);
    diary_.write("{} {}: the clock jumps by {} s", machine ? "machine" : "check-in",
                 town_.stations[s]->code, jump);
    (machine ? booths_[s]->clock() : tables_[s]->clock())
        .jump(std::chrono::seconds(jump));
  }

  void vote_at(std::size_t s) {
    CheckInTable& table = *tables_[s];
    Booth& booth = *booths_[s];
    table.set_up();
    booth.open();
    std::vector<std::string> voters = town_.stations[s]->voters;
    dice_.shuffle(voters);
    std::uint32_t unused = 0;
    for (const std::string& voter : voters) {
      if (!going()) return;
      if (dice_.once_in(6)) continue;  // stays at home
      const auto token = table.serve(voter);
      if (!token) return;
      disturb_clocks(s);
      if (dice_.once_in(4)) table.turn_away(voter);
      if (dice_.once_in(12)) {
        ++unused;  // goes home with the token
        continue;
      }
      booth.serve(*token, dice_.once_in(10));
      if (going() && dice_.once_in(4)) booth.refuse(*token);
    }
    const std::string slip = table.close();
    if (!going()) return;
    booth.close(slip, unused);
    diary_.write("{}: {} papers in the box", town_.stations[s]->code, booth.box_size());
  }

  // What a station sends; the cheating one is the second.
  std::vector<NewDocument> of_station(std::size_t s) {
    const Station& station = *town_.stations[s];
    Booth& booth = *booths_[s];
    std::vector<NewDocument> out;
    out.push_back(text_document(kinds::certificate, "M-" + station.code,
                                booth.certificate() + "\n"));
    for (const auto& official : station.kit.officials) {
      out.push_back(text_document(kinds::certificate,
                                  official.role + "-" + station.code,
                                  official.certificate + "\n"));
    }
    Bytes package = booth.exported("package");
    if (s == 1) {
      auto false_one =
          must(falsify_package(plan_.cheat, package, booths_[0]->exported("package"),
                               booth.device_key(), random_),
               "cheating");
      if (false_one) package = std::move(*false_one);
    }
    packages_.push_back(package);
    out.push_back(document(kinds::package, station.code, std::move(package)));
    out.push_back(
        document(kinds::signatures, station.code, booth.exported("signatures")));
    return out;
  }

  void transmit() {
    std::vector<NewDocument> documents;
    for (const auto& [name, text] : town_.files.files) {
      documents.push_back(text_document(kinds::definition, name, text));
    }
    documents.push_back(
        document(kinds::ceremony, "terms.urna", town_.key->terms().encode()));
    for (const auto& [name, bytes] : town_.ceremony->files()) {
      documents.push_back(document(kinds::ceremony, name, bytes));
    }
    documents.push_back(
        document(kinds::election_key, "election-key", town_.key->encode()));
    documents.push_back(text_document(kinds::policy, "witnesses", centre_.policy()));
    for (std::size_t s = 0; s < town_.stations.size(); ++s) {
      auto more = of_station(s);
      std::ranges::move(more, std::back_inserter(documents));
    }
    centre_.receive(std::move(documents));
    centre_.cosign();
    seen_ = centre_.checkpoint(Centre::folder());
  }

  // Trustees 2, 4 and 5 decrypt; what they sign can be asked for again after a crash.
  void decrypt() {
    std::vector<NewDocument> out;
    for (std::size_t s = 0; s < packages_.size(); ++s) {
      const std::string& code = town_.stations[s]->code;
      const auto checked =
          must(trustees::check_package(*town_.definition, *town_.key, packages_[s], 1),
               "a trustee checks a package");
      const auto where =
          must(centre_.inclusion(kinds::package, code), "the proof of a package");
      if (!checked || !where) return;
      if (!checked->sums.excluded.empty()) {
        diary_.write(
            "{}: {} ballots are faulty; no trustee decrypts without a decision", code,
            checked->sums.excluded.size());
        continue;
      }
      for (const std::uint32_t trustee : {2U, 4U, 5U}) {
        const auto partial = decrypt_by(
            trustee, checked->sums,
            {{}, where->first, where->second, centre_.checkpoint(Centre::folder())});
        if (!partial) return;
        out.push_back(document(kinds::decryption,
                               fmt::format("{}-{:02}", code, trustee), *partial));
      }
    }
    centre_.receive(std::move(out));
    centre_.cosign();
  }

  std::optional<Bytes> decrypt_by(std::uint32_t trustee,
                                  const trustees::StationSums& sums,
                                  const log::Receipt& receipt) {
    const auto policy =
        must(log::Policy::witnessed(centre_.log_key(), centre_.witness_keys(), 2),
             "two witnesses of three");
    if (!policy) return std::nullopt;
    auto& person = town_.ceremony->person(trustee);
    auto desk = must(trustees::DecryptionDesk::open(
                         person.files, *person.random, "private", *town_.key,
                         town_.ceremony->share(trustee),
                         trustees::testing::keys_from_seed(person.seed), *policy, {}),
                     "a trustee opens the desk");
    if (!desk) return std::nullopt;
    auto partial = must(desk->decrypt(sums, receipt, nullptr), "a trustee decrypts");
    if (!partial) return std::nullopt;
    if (plan_.cheat == Cheat::wrong_share && trustee == 4) {
      std::swap(partial->share.shares.front(), partial->share.shares.back());
    }
    return partial->encode();
  }

  [[nodiscard]] record::Trust trust() const {
    return {centre_.log_key(), town_.key->election_hash(), centre_.policy(), {seen_}};
  }

  record::VerifyOptions verify_options() const {
    record::VerifyOptions options;
    options.trust = trust();
    options.jobs = 1;
    return options;
  }

  void publish() {
    const auto frame = must(
        record::read_frame(centre_.files(), Centre::folder(), trust()), "the record");
    if (!frame) return;
    const auto part = must(record::verify_part(*frame, verify_options()), "verifying");
    if (!part) return;
    record::Rows rows;
    std::uint64_t cast = 0;
    for (const auto& [code, station] : part->stations) {
      if (!station.row) continue;
      rows.emplace(code, *station.row);
      cast += station.cast;
    }
    const auto open = must(record::derive_results(*frame, rows, cast), "the results");
    if (!open) return;
    record::Frame decided = *frame;
    const base::Json decisions = draw_lots(open->lots, decided);
    const auto derived = must(record::derive_results(decided, rows, cast), "the seats");
    if (!derived) return;
    std::string text = derived->json.dump();
    if (plan_.cheat == Cheat::changed_results) change_a_number(text);
    centre_.receive(
        {text_document(kinds::decisions, "decisions.json", decisions.dump()),
         text_document(kinds::results, "results.json", text)});
    centre_.cosign();
  }

  // Few voters tie often: whoever is named first is drawn.
  base::Json draw_lots(const std::vector<seats::LotsNeeded>& lots,
                       record::Frame& frame) const {
    base::Json drawings = base::Json::array();
    for (const seats::LotsNeeded& tie : lots) {
      base::Json among = base::Json::array();
      base::Json drawn = base::Json::array();
      for (const std::string& name : tie.among) {
        if (drawn.items().size() < tie.take) drawn.push(name);
        among.push(name);
      }
      base::Json one = base::Json::object();
      one.set("stage", tie.stage);
      one.set("among", std::move(among));
      one.set("drawn", std::move(drawn));
      one.set("note", "drawn before witnesses");
      drawings.push(std::move(one));
      frame.decisions.drawings.push_back(
          {tie.stage, tie.among, {tie.among.begin(), tie.among.begin() + tie.take}});
    }
    base::Json out = base::Json::object();
    out.set("format", "urna-decisions-1");
    out.set("election", base::to_hex(town_.definition->hash()));
    out.set("decisions", base::Json::array());
    out.set("drawings", std::move(drawings));
    return out;
  }

  // One more vote for whoever stands first among the totals.
  static void change_a_number(std::string& text) {
    std::size_t at = text.find("\"votes\":");
    at = text.find_first_of("0123456789", at);
    text[at] = text[at] == '9' ? '1' : static_cast<char>(text[at] + 1);
  }

  // The record without the first station's last word: another package instead.
  std::vector<NewDocument> other_history() const {
    std::vector<NewDocument> out;
    for (const NewDocument& d : centre_.documents()) {
      const bool replaced = d.name.starts_with(town_.stations[0]->code);
      if (!replaced) out.push_back(d);
    }
    return out;
  }

  void cheat_as_centre() {
    shown_ = Centre::folder();
    if (plan_.cheat != Cheat::rewritten_history && plan_.cheat != Cheat::split_view) {
      return;
    }
    const auto documents = other_history();
    if (const auto done = centre_.write_other("other", documents); !done) {
      return diary_.problem("writing another history: {}", done.error().text());
    }
    for (std::size_t w = 0; w < 2; ++w) centre_.ask(w, "other");
    shown_ = "other";
  }

  void verify() {
    const auto report =
        must(record::verify(centre_.files(), shown_, verify_options()), "the verifier");
    if (!report) return;
    const CheatInfo& cheat = info(plan_.cheat);
    for (const Check check : cheat.caught_by) {
      const auto count = report->count(check);
      if (count.failed == 0) {
        diary_.problem("{} is not caught by check '{}'", cheat.name,
                       record::info(check).name);
      } else {
        diary_.write("caught: {} by check '{}'", cheat.name, record::info(check).name);
      }
    }
    if (plan_.cheat != Cheat::none) return;
    if (report->failed()) diary_.problem("an honest day fails:\n{}", report->text());
    for (const record::CheckInfo& one : record::checks()) {
      if (report->count(one.check).passed == 0 && !optional(one.check)) {
        diary_.problem("check '{}' was not run on an honest day", one.name);
      }
    }
    for (std::size_t s = 0; s < booths_.size(); ++s) {
      const auto& row = report->stations.at(town_.stations[s]->code).row;
      if (!row || *row != booths_[s]->papers()) {
        diary_.problem("{}: the decrypted totals are not those of the papers",
                       town_.stations[s]->code);
      }
    }
    diary_.write("verified");
  }

  // Nobody counts the boxes by hand here, and nothing was excluded or decided.
  static bool optional(Check check) {
    return check == Check::box_count || check == Check::exclusion ||
           check == Check::decisions;
  }

  const DayPlan& plan_;
  Town& town_;
  Diary diary_;
  Dice dice_;
  base::testing::ScriptedRandom random_;
  Centre centre_;
  std::vector<std::unique_ptr<CheckInTable>> tables_;
  std::vector<std::unique_ptr<Booth>> booths_;
  std::vector<Bytes> packages_;  // as sent, by station
  std::string seen_;             // a checkpoint that somebody kept
  std::string shown_;            // the folder that the public sees
};

}  // namespace

Result<DayReport> simulate_day(const DayPlan& plan) {
  URNA_TRY(const auto town, make_town(plan.example, plan.seed, plan.voters));
  return Day(plan, *town).run();
}

}  // namespace urna::simulate
