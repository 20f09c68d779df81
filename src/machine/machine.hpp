// The voting machine as officials see it: its life from the package to the archive,
// with everything that must hold at each step. Owns the store, the event log, the
// device's key and the voter's session. Called by the service (api.hpp) and by tests;
// the table of life.hpp decides what is possible when.
//
// In its folder: life (state, hours, freshness), package, device.key, certificate,
// votes/, events, pins, on a spare machine before and before.used, or lost, and after
// closing sheet, signatures, package.out.
//
// Thread rule: one thread at a time. Secrets: the device's signing key; PINs and
// halves of the closing key pass through and are wiped.
#pragma once

#include "machine/events.hpp"
#include "machine/life.hpp"
#include "machine/officials.hpp"
#include "machine/session.hpp"
#include "machine/setup.hpp"
#include "machine/takeover.hpp"
#include "sheet/check_in_slip.hpp"
#include "sheet/officials.hpp"
#include "sheet/signed_sheet.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace urna::machine {

// The outside world; everything outlives the machine.
struct Ports {
  base::FileSystem& files;
  base::Random& random;
  base::Clock& clock;
  Printer& printer;
};

// Sends the documents in this folder to the centre, and returns when the centre has
// signed that it holds them.
using Transmit = std::function<Result<void>(const std::string& folder)>;

struct Place {
  std::string folder;
  std::string sticks;
  std::string device = "M1";     // the machine's label
  bool keeping_printer = false;  // the printer keeps what it prints: no official use
  crypto::KeyFileCost cost = crypto::KeyFileCost::standard();
  Patience patience{};
  Transmit transmit{};  // none: this machine has no network
};

inline constexpr std::string_view kRelease = "URNA-0.1.0";

// What a restart found of the session that it interrupted; its paper is being finished.
enum class Found : std::uint8_t {
  nothing,
  cast,     // the last vote counts
  test,     // the last ballot was a test
  voided,   // the last ballot is void
  session,  // nobody had confirmed yet: the token can be used again
};
// "cast"; empty for nothing.
[[nodiscard]] std::string_view name_of(Found found);

class Machine {
 public:
  // Finds the machine as the last run left it, and finishes or voids what was
  // interrupted. `anchor`: whose packages it believes.
  [[nodiscard]] static Result<std::unique_ptr<Machine>> start(
      Ports ports, Place place, const crypto::PublicKey& anchor);

  [[nodiscard]] Life life() const { return life_; }
  [[nodiscard]] const Setup* setup() const { return setup_ ? &*setup_ : nullptr; }
  [[nodiscard]] const VoteStore* store() const { return store_ ? &*store_ : nullptr; }
  [[nodiscard]] const EventLog* events() const { return log_ ? &*log_ : nullptr; }
  [[nodiscard]] Officials& officials() { return officials_; }
  [[nodiscard]] const std::optional<sheet::SignedSheet>& sheet() const {
    return sheet_;
  }
  [[nodiscard]] std::size_t signatures() const { return signatures_.size(); }
  // What the last restart found, until officials resume.
  [[nodiscard]] Found found() const { return found_; }

  // While the polls are open or paused. Voters may begin only while they are open.
  [[nodiscard]] VoterSession* session() { return session_ ? &*session_ : nullptr; }
  // Begins a session; the events of one go to session() itself.
  [[nodiscard]] Result<void> show_token(std::string_view typed);
  [[nodiscard]] Result<void> activate(const std::vector<Credential>& officials);
  // After every call of session(): notices a stopped store and printer faults.
  [[nodiscard]] Result<void> settle();

  [[nodiscard]] Result<void> provision(ByteView package);
  // New keys, no store: before another package of this election (for instance from the
  // test package to the official one), or when the election is over.
  [[nodiscard]] Result<void> wipe(const std::vector<Credential>& officials);
  // The public half of the device's key, for the authority to certify.
  [[nodiscard]] Result<crypto::PublicKey> device_key();
  [[nodiscard]] Result<void> certify(std::string_view certificate);
  // Seals, verifies and counts one ballot for every option of every contest.
  [[nodiscard]] Result<void> test();
  [[nodiscard]] Result<void> print_zero(const std::vector<Credential>& officials);
  // The first machine of a station. Error handover on a spare one, which opens by one
  // of the next two.
  [[nodiscard]] Result<void> open(const std::vector<Credential>& officials);
  // Goes on for the machine whose export lies in this folder (a stick).
  [[nodiscard]] Result<void> take_over(const std::vector<Credential>& officials,
                                       const std::string& folder);
  // Goes on for a machine that the two officials declare lost.
  [[nodiscard]] Result<void> declare_lost(const std::vector<Credential>& officials);
  [[nodiscard]] Result<void> pause(const std::vector<Credential>& officials);
  [[nodiscard]] Result<void> resume(const std::vector<Credential>& officials);
  // `reason` is needed before the hour of closing; the event log keeps it.
  [[nodiscard]] Result<void> close(const std::vector<Credential>& officials,
                                   std::string_view reason);
  // Counts with both halves of the closing key and prints. `check_in`: the slip's text,
  // empty when it is missing. `unused`: tokens that officials counted, if they did.
  [[nodiscard]] Result<void> print_sheet(const std::vector<Credential>& officials,
                                         std::string_view check_in,
                                         sheet::Count unused);
  // The closing key is lost, or a record is damaged: the sheet states people, sessions
  // and ballots but no votes, and the trustees alone count the station. Error
  // closing_key while these officials could count.
  [[nodiscard]] Result<void> print_uncounted(const std::vector<Credential>& officials,
                                             std::string_view check_in,
                                             sheet::Count unused);
  [[nodiscard]] Result<void> print_copy();
  // Two officials sign; the records and the halves of the closing key are destroyed.
  [[nodiscard]] Result<void> sign_sheet(const std::vector<Credential>& officials);
  // Writes package, sheet, signatures and logs into a folder (a stick).
  // The package is made once: every stick and the centre get the same bytes, because
  // two packages of one station are a conflict.
  [[nodiscard]] Result<void> export_to(const std::string& folder);
  // Sends package and signatures to the centre. Error not_transmitted; then nothing has
  // changed, and it may be tried again or a stick be carried there.
  [[nodiscard]] Result<void> transmit();
  [[nodiscard]] bool can_transmit() const { return static_cast<bool>(place_.transmit); }
  [[nodiscard]] Result<void> archive();
  // Where a stick of this name lies, for the export.
  [[nodiscard]] Result<std::string> stick_folder(const std::string& stick);

 private:
  Machine(Ports ports, Place place, const crypto::PublicKey& anchor);

  [[nodiscard]] std::string path(std::string_view name) const;
  [[nodiscard]] Result<void> load();
  [[nodiscard]] Result<void> load_setup();
  [[nodiscard]] Result<void> load_life();
  [[nodiscard]] Result<std::optional<SetupBefore>> last_package();
  [[nodiscard]] Result<void> remember_package();
  [[nodiscard]] Result<void> forget_store();
  [[nodiscard]] Result<void> save_life(Life life);
  // The table's answer, or not_now with the state's sentence.
  [[nodiscard]] Result<Life> next(LifeEvent event) const;
  [[nodiscard]] Result<void> move(LifeEvent event);
  [[nodiscard]] Result<std::vector<Present>> two(const std::vector<Credential>& given);
  [[nodiscard]] Result<void> advance_freshness(const std::vector<Credential>& given);
  [[nodiscard]] Result<void> may_open();
  // Event OPENED, or TOOK-OVER with what it took over from.
  [[nodiscard]] Result<void> begin_poll(const std::vector<Credential>& officials,
                                        std::string_view event, std::string label);
  [[nodiscard]] Result<void> load_predecessor();
  [[nodiscard]] Result<void> forget(std::string_view name);
  [[nodiscard]] Result<void> make_session();
  // Everything of a sheet but its origin and contests.
  [[nodiscard]] Result<sheet::SheetFields> stated(std::string_view check_in,
                                                  sheet::Count unused);
  // Fills the contests with what the records say.
  [[nodiscard]] Result<void> count(const std::vector<Present>& officials,
                                   sheet::SheetFields& fields);
  [[nodiscard]] Result<void> finish_sheet(sheet::SheetFields fields,
                                          std::string_view check_in, LifeEvent event);
  [[nodiscard]] Result<void> check_slip(std::string_view check_in,
                                        sheet::SheetFields& fields) const;
  [[nodiscard]] Result<void> load_closed();
  [[nodiscard]] Result<void> print_signed_sheet();
  [[nodiscard]] Result<Bytes> package();
  [[nodiscard]] Result<Bytes> package_once();
  [[nodiscard]] std::int64_t hour(const std::string& text) const;

  Ports ports_;
  Place place_;
  crypto::PublicKey anchor_;
  Officials officials_;
  Life life_ = Life::empty;
  std::int64_t opened_ = 0;
  std::int64_t closed_ = 0;
  std::uint64_t freshness_ = 0;
  std::uint32_t copies_ = 0;
  std::optional<Setup> setup_;
  std::optional<crypto::SigningKey> device_;
  std::optional<sheet::Certificate> certificate_;
  std::map<std::string, Slips> slips_;
  std::optional<Predecessor> predecessor_;
  std::vector<bool> spent_;  // used at the machine before this one
  std::optional<VoteStore> store_;
  std::optional<EventLog> log_;
  std::optional<VoterSession> session_;
  std::optional<sheet::SignedSheet> sheet_;
  std::string check_in_;
  std::vector<sheet::OfficialSignature> signatures_;
  PrinterFault fault_ = PrinterFault::none;
  Found found_ = Found::nothing;
};

}  // namespace urna::machine
