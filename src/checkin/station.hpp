// Check-in at one device of a polling station: accepts the authority's package, finds
// voters, checks their fingers, admits them and hands out tokens, joins other devices'
// logs, and closes. What the JSON service and the demonstration drive.
//
// Admitting is three steps, each durable before the next: the admission is written to
// the log; a token's slot is overwritten; the token is printed. Counts tell after any
// interruption which of them is missing: more admissions than taken slots means that
// the last voter still gets a token ("owed"). No file says which token.
//
// Thread rule: one thread. Personal and biometric data; images and probe templates
// live in memory until the voter's check ends.
#pragma once

#include "checkin/book.hpp"
#include "checkin/officials.hpp"
#include "checkin/print_book.hpp"
#include "checkin/printer.hpp"
#include "checkin/token_drawer.hpp"
#include "finger/capture/replay_detector.hpp"
#include "finger/capture/scanner.hpp"
#include "sheet/certificate.hpp"

#include <map>
#include <memory>
#include <optional>

namespace urna::checkin {

struct Ports {
  base::FileSystem& files;
  base::Random& random;
  base::Clock& clock;
  Printer& printer;
  finger::capture::Scanner* scanner = nullptr;  // null: no reader
};

struct Place {
  std::string folder;
  std::string sticks;
  crypto::KeyFileCost cost = crypto::KeyFileCost::standard();
};

inline constexpr std::uint32_t kTriesPerFinger = 3;
inline constexpr std::uint8_t kGoodQuality = 30;  // below, another try is asked for

// What a capture said.
struct Capture {
  bool usable = false;  // false: nothing was compared
  std::uint8_t quality = 0;
  // Code: good, dry_or_light, off_centre, no_finger, again; replayed: this very picture
  // was presented before.
  std::string advice;
  std::uint32_t tries_left = 0;
  bool matched = false;
  std::optional<std::string> resembles;  // another voter's ID number: the alert
};

// The check of the voter who stands at the table.
struct VoterCheck {
  std::size_t voter = 0;
  std::uint64_t serial = 0;  // another one for every check
  std::map<finger::FingerPosition, std::vector<int>> scores;
  std::map<finger::FingerPosition, std::uint32_t> tries;
  bool alerted = false;

  [[nodiscard]] std::uint32_t tries_left(finger::FingerPosition position) const;
  [[nodiscard]] int score() const;
  [[nodiscard]] bool matched() const { return score() >= kMatchScore; }
};

struct AdmitRequest {
  bool assisted = false;
  bool cannot_give_prints = false;
  std::vector<Credential> officials;
};

class Station {
 public:
  // With what the folder holds; without a package only provision() works. Errors:
  // those of keys, package and files; store_damaged when the token drawer and the log
  // contradict one another (one of them was put back from a copy).
  [[nodiscard]] static Result<std::unique_ptr<Station>> start(Ports ports, Place place,
                                                              DeviceKeys keys);

  // Error bad_package, also when a package was accepted before.
  [[nodiscard]] Result<void> provision(ByteView package,
                                       const crypto::PublicKey& anchor);
  [[nodiscard]] Result<void> certify(const std::string& certificate);

  // By ID number, or by the beginnings of words of the name (at most 20). Errors:
  // other_station says where to go; not_found.
  [[nodiscard]] Result<std::vector<std::size_t>> find(std::string_view typed) const;
  // Where the voter of an ID number votes, when that is not here.
  [[nodiscard]] std::optional<election::StationIndex> elsewhere(
      std::string_view typed) const;
  // Two officials begin the day: before it nobody is admitted.
  [[nodiscard]] Result<void> open(const std::vector<Credential>& given);
  // Errors: already_admitted says when.
  [[nodiscard]] Result<void> begin(std::string_view id);
  // One picture of a finger of the voter at the table: may_capture, the scanner,
  // captured. The service does the three apart, because waiting for a finger takes
  // seconds and must hold up nobody.
  [[nodiscard]] Result<Capture> capture(finger::FingerPosition position,
                                        std::chrono::milliseconds timeout);
  // Errors: not_ready, poor_print when this finger was tried often enough.
  [[nodiscard]] Result<void> may_capture(finger::FingerPosition position) const;
  // What the scanner gave. The picture is wiped before this returns.
  [[nodiscard]] Result<Capture> captured(finger::FingerPosition position,
                                         Result<finger::Image> image);
  void cancel() { check_.reset(); }
  // Admits and prints. Errors: not_decided, not_official, no_tokens; printer_failed
  // means admitted, and print_token() goes on.
  [[nodiscard]] Result<Outcome> admit(const AdmitRequest& request);
  // Prints the token that is owed or whose paper failed; the same token, as long as
  // the program runs.
  [[nodiscard]] Result<void> print_token();
  // Two officials saw that the last token did not reach its voter: another one.
  [[nodiscard]] Result<void> replace_token(const std::vector<Credential>& given);
  // Somebody claims to be a voter who was admitted already: written down by two
  // officials, who settle it on paper. No token.
  [[nodiscard]] Result<void> record_claim(std::string_view id,
                                          const std::vector<Credential>& given);
  [[nodiscard]] Result<void> set_reader(bool works,
                                        const std::vector<Credential>& given);

  [[nodiscard]] Result<void> print_emergency_list();
  // This device's log for the others; another device's log for this one. Errors:
  // bad_log, log_forked.
  [[nodiscard]] Result<Bytes> copy_log();
  [[nodiscard]] Result<void> join_log(ByteView file);
  // Leaves this device's log on a stick and joins those of the station's other devices
  // that it carries; the devices that were joined. Any stick, any order.
  [[nodiscard]] Result<std::vector<std::uint32_t>> exchange_logs(
      const std::string& stick);

  [[nodiscard]] Result<void> close(const std::vector<Credential>& given);
  // The signed totals of all devices, once all have closed and their logs are here.
  [[nodiscard]] Result<std::string> slip() const;
  [[nodiscard]] Result<void> print_slip();

  [[nodiscard]] const Setup* setup() const { return setup_ ? &*setup_ : nullptr; }
  [[nodiscard]] const Book& book() const { return book_; }
  [[nodiscard]] const std::optional<VoterCheck>& check() const { return check_; }
  [[nodiscard]] bool has_prints() const { return keys_.prints.has_value(); }
  [[nodiscard]] bool has_certificate() const { return certificate_.has_value(); }
  // False also when there is no reader at all.
  [[nodiscard]] bool reader_works() const {
    return reader_works_ && ports_.scanner != nullptr;
  }
  // Null: none. The service waits on it without the station.
  [[nodiscard]] finger::capture::Scanner* scanner() const { return ports_.scanner; }
  [[nodiscard]] bool opened() const { return opened_; }
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] bool token_waits() const { return pending_ || owed() != 0; }
  [[nodiscard]] std::size_t tokens_left() const {
    return drawer_ ? drawer_->left() : 0;
  }
  [[nodiscard]] const DeviceKeys& keys() const { return keys_; }
  [[nodiscard]] const Officials& officials() const { return officials_; }

 private:
  Station(Ports ports, Place place, DeviceKeys keys);
  [[nodiscard]] std::string path(std::string_view name) const;
  [[nodiscard]] Result<void> load();
  [[nodiscard]] Result<void> load_peers();
  [[nodiscard]] Result<void> rejoin();
  [[nodiscard]] Result<void> require_open() const;
  // A demonstration's fingers are refused by everything else.
  [[nodiscard]] Result<void> refuse_invented(const Setup& setup) const;
  [[nodiscard]] Result<Capture> examine(finger::FingerPosition position,
                                        const finger::Image& image);
  [[nodiscard]] Result<Event> note(Event event);
  // An event that two officials stand for, to be completed and noted.
  [[nodiscard]] Result<Event> decided_by_two(EventKind kind,
                                             const std::vector<Credential>& given);
  [[nodiscard]] Result<Outcome> decide(const AdmitRequest& request, Event& event);
  // Own admissions less tokens that were taken for them.
  [[nodiscard]] std::int64_t owed() const;
  [[nodiscard]] std::uint32_t issued() const;

  Ports ports_;
  Place place_;
  DeviceKeys keys_;
  Officials officials_;
  HybridClock clock_;
  std::optional<Setup> setup_;
  std::optional<sheet::Certificate> certificate_;
  std::optional<TokenDrawer> drawer_;
  std::optional<EventLog> log_;
  std::map<std::uint32_t, std::vector<Event>> peers_;
  PrintBook prints_;
  Book book_;
  std::optional<VoterCheck> check_;
  std::optional<ByteArray<kTokenBytes>> pending_;  // taken, not printed; memory only
  // The pictures of this run, as bits that mean nothing without its key; memory only.
  std::optional<finger::capture::ReplayDetector> replays_;
  std::uint64_t checks_ = 0;
  bool reader_works_ = true;
  bool opened_ = false;
  bool closed_ = false;
};

}  // namespace urna::checkin
