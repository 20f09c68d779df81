#include "machine/machine.hpp"

#include "base/binary.hpp"
#include "machine/errors.hpp"

#include <array>
#include <chrono>

#include <fmt/format.h>

namespace urna::machine {
namespace {

constexpr std::string_view kLifeMagic = "urna-life-1";
constexpr std::size_t kLongestReason = 16;
constexpr std::size_t kMaxPackage = std::size_t{64} << 20;

bool polls_begun(Life life) {
  return life == Life::open || life == Life::paused || life == Life::stopped;
}

StoreShape shape_for(const Setup& setup) {
  const ballot::BallotStyle* largest = &setup.station.styles().front();
  for (const auto& style : setup.station.styles()) {
    if (style.ballot_size() > largest->ballot_size()) largest = &style;
  }
  // Everybody on the roll, an eighth more by officials' activation, and as many void
  // and test ballots again as experience asks for: one for every four voters.
  const std::uint32_t voters = std::max(
      setup.registered, static_cast<std::uint32_t>(setup.tokens.tokens().size()));
  StoreShape s;
  s.sessions = voters + voters / 8 + 16;
  s.ballots = s.sessions + s.sessions / 4 + 16;
  s.tokens = static_cast<std::uint32_t>(setup.tokens.tokens().size());
  s.ballot_size = static_cast<std::uint32_t>(setup.station.largest_ballot());
  s.opening_size = static_cast<std::uint32_t>(largest->opening_size());
  s.record_size =
      static_cast<std::uint32_t>(4 + largest->options() + crypto::kBoxOverhead);
  return s;
}

// A reason as the event log can hold it: "Storm!" is STORM.
std::string label_of(std::string_view reason) {
  std::string label;
  for (const char c : reason) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const bool plain = (upper >= 'A' && upper <= 'Z') || (upper >= '0' && upper <= '9');
    if (plain) label += upper;
    if (!plain && !label.empty() && label.back() != '-') label += '-';
  }
  label.resize(std::min<std::size_t>(label.size(), kLongestReason));
  while (label.ends_with('-')) label.pop_back();
  return reason.empty() || !label.empty() ? label : "OTHER";
}

}  // namespace

Machine::Machine(Ports ports, Place place, const crypto::PublicKey& anchor)
    : ports_(ports),
      place_(std::move(place)),
      anchor_(anchor),
      officials_(ports_.files, ports_.random, ports_.clock, place_.sticks, path("pins"),
                 place_.cost) {}

std::string_view name_of(Found found) {
  constexpr std::array<std::string_view, 5> kNames{"", "cast", "test", "void",
                                                   "session"};
  return kNames[static_cast<std::size_t>(found)];
}

std::string Machine::path(std::string_view name) const {
  return base::join_path(place_.folder, name);
}

Result<std::unique_ptr<Machine>> Machine::start(Ports ports, Place place,
                                                const crypto::PublicKey& anchor) {
  std::unique_ptr<Machine> machine(new Machine(ports, std::move(place), anchor));
  URNA_CHECK(base::make_folder_durable(ports.files, machine->place_.folder));
  // A run that was killed may not have synced what it made.
  URNA_CHECK(ports.files.sync_folder(machine->place_.folder));
  URNA_CHECK(machine->load());
  return machine;
}

Result<void> Machine::load_life() {
  if (ports_.files.kind(path("life")) == base::FileKind::missing) return {};
  URNA_TRY(const Bytes bytes, base::read_file(ports_.files, path("life"), 4096));
  base::Reader r(bytes);
  URNA_TRY(const std::string magic, r.text(64));
  URNA_TRY(const std::uint8_t life, r.u8());
  URNA_TRY(const std::uint64_t opened, r.u64());
  URNA_TRY(const std::uint64_t closed, r.u64());
  URNA_TRY(freshness_, r.u64());
  URNA_CHECK(r.finish());
  if (magic != kLifeMagic || life >= kLives) {
    return fail(errors::store_damaged, "the machine's state cannot be read");
  }
  life_ = static_cast<Life>(life);
  opened_ = static_cast<std::int64_t>(opened);
  closed_ = static_cast<std::int64_t>(closed);
  return {};
}

Result<void> Machine::save_life(Life life) {
  base::Writer w;
  w.text(kLifeMagic);
  w.u8(static_cast<std::uint8_t>(life));
  w.u64(static_cast<std::uint64_t>(opened_));
  w.u64(static_cast<std::uint64_t>(closed_));
  w.u64(freshness_);
  URNA_CHECK(base::write_durable(ports_.files, path("life"), w.view()));
  life_ = life;
  return {};
}

Result<void> Machine::load_setup() {
  URNA_TRY(const Bytes package,
           base::read_file(ports_.files, path("package"), kMaxPackage));
  URNA_TRY(setup_, read_setup(package, anchor_));
  if (place_.keeping_printer && setup_->mode() == election::Mode::official) {
    return fail(errors::bad_package,
                "this printer keeps what it prints: no official election may use it",
                "connect a receipt printer");
  }
  const auto& model = setup_->definition.model();
  const std::string style = setup_->definition.style_of(setup_->station_index).code;
  for (const std::string& language : model.languages) {
    URNA_TRY(auto slips, Slips::make(ballot_words(setup_->definition,
                                                  setup_->station_index, language),
                                     setup_->mode(), style));
    slips_.emplace(language, std::move(slips));
  }
  URNA_TRY(Bytes seed, base::read_file(ports_.files, path("device.key"), 32));
  if (seed.size() != 32)
    return fail(errors::store_damaged, "the device key is damaged");
  device_ = crypto::SigningKey::from_seed(std::span<const std::uint8_t, 32>(seed));
  crypto::wipe(seed);
  if (ports_.files.kind(path("certificate")) == base::FileKind::file) {
    URNA_TRY(const std::string text,
             base::read_text(ports_.files, path("certificate"), 4096));
    URNA_TRY(certificate_, sheet::Certificate::parse(text));
  }
  URNA_TRY(log_,
           EventLog::open(ports_.files, ports_.clock, path("events"),
                          static_cast<std::int16_t>(model.day.utc_offset_minutes)));
  return {};
}

Result<void> Machine::load() {
  URNA_CHECK(load_life());
  if (life_ == Life::empty) return {};
  URNA_CHECK(load_setup());
  if (life_ == Life::provisioned) URNA_CHECK(remember_package());
  URNA_TRY(store_, VoteStore::open(ports_.files, ports_.random, path("votes")));
  URNA_CHECK(log_->add("STARTED", std::string(kRelease)));
  if (polls_begun(life_)) {
    const bool clean = store_->recovered().clean();
    if (!clean) URNA_CHECK(log_->add("POWER-LOST"));
    URNA_CHECK(load_predecessor());
    URNA_CHECK(make_session());
    const auto& unfinished = store_->recovered().unfinished;
    if (unfinished) {
      found_ = unfinished->state == BallotState::cast_to_finish         ? Found::cast
               : unfinished->state == BallotState::challenged_to_finish ? Found::test
                                                                        : Found::voided;
    } else if (store_->recovered().session_lost) {
      found_ = Found::session;
    }
    URNA_CHECK(move(LifeEvent::restart_open));
    return session_->recover();
  }
  return load_closed();
}

Result<void> Machine::make_session() {
  session_.emplace(
      SessionParts{*store_, ports_.printer, ports_.random, ports_.clock,
                   setup_->station, setup_->segment, setup_->key, setup_->closing_key,
                   *device_, setup_->definition.hash(), setup_->tokens, slips_,
                   setup_->definition.model().languages.front(),
                   setup_->definition.model().challenges_per_session, &spent_},
      place_.patience);
  return {};
}

Result<Life> Machine::next(LifeEvent event) const {
  const auto* transition = find_transition(life_table(), life_, event);
  if (transition == nullptr) {
    return fail(errors::not_now, std::string(refusal(life_)));
  }
  return transition->to;
}

Result<void> Machine::move(LifeEvent event) {
  URNA_TRY(const Life to, next(event));
  return save_life(to);
}

Result<std::vector<Present>> Machine::two(const std::vector<Credential>& given) {
  return officials_.prove_two(setup_->officials, given);
}

// A copy of an older state of the machine knows a smaller number than the sticks.
Result<void> Machine::advance_freshness(const std::vector<Credential>& given) {
  for (const Credential& credential : given) {
    URNA_TRY(const std::uint64_t stick,
             officials_.freshness(credential.stick, place_.device));
    if (stick > freshness_) {
      return fail(errors::store_rolled_back,
                  fmt::format("the stick saw opening {}, this machine remembers {}",
                              stick, freshness_),
                  "an older copy was put back: do not use this machine");
    }
  }
  ++freshness_;
  URNA_CHECK(save_life(life_));
  for (const Credential& credential : given) {
    URNA_CHECK(officials_.set_freshness(credential.stick, place_.device, freshness_));
  }
  return {};
}

// Seconds since 1970 of an hour of the voting day, "06:00" local time.
std::int64_t Machine::hour(const std::string& text) const {
  const auto& day = setup_->definition.model().day;
  const auto number = [](std::string_view digits) {
    std::int64_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
  };
  const std::string_view date = day.date;
  const auto days = std::chrono::sys_days(
      std::chrono::year(static_cast<int>(number(date.substr(0, 4)))) /
      static_cast<int>(number(date.substr(5, 2))) /
      static_cast<int>(number(date.substr(8, 2))));
  return days.time_since_epoch().count() * 86'400 +
         number(std::string_view(text).substr(0, 2)) * 3'600 +
         number(std::string_view(text).substr(3, 2)) * 60 -
         std::int64_t{day.utc_offset_minutes} * 60;
}

// What the last package was, also after the machine was wiped for another one.
Result<std::optional<SetupBefore>> Machine::last_package() {
  std::optional<SetupBefore> before;
  if (ports_.files.kind(path("last")) == base::FileKind::missing) return before;
  URNA_TRY(const Bytes bytes, base::read_file(ports_.files, path("last"), 4096));
  base::Reader r(bytes);
  before.emplace();
  URNA_TRY(before->definition, r.array<32>());
  URNA_TRY(before->station, r.text(16));
  URNA_TRY(before->issue, r.u32());
  URNA_CHECK(r.finish());
  return before;
}

// A store whose making was interrupted, or that is wiped: its header goes first.
Result<void> Machine::forget_store() {
  store_.reset();
  const std::string header = base::join_path(path("votes"), "header");
  if (ports_.files.kind(header) == base::FileKind::missing) return {};
  URNA_CHECK(ports_.files.remove(header));
  return ports_.files.sync_folder(path("votes"));
}

Result<void> Machine::wipe(const std::vector<Credential>& officials) {
  URNA_CHECK(next(LifeEvent::wipe));
  URNA_CHECK(two(officials));
  const bool over = life_ == Life::archived;
  // The state first: whatever is left after an interruption is of an empty machine.
  URNA_CHECK(move(LifeEvent::wipe));
  URNA_CHECK(forget_store());
  for (const std::string_view name :
       {"device.key", "certificate", "package", "events", "check-in", "sheet",
        "signatures", "before", "before.used", "lost", "package.out", "last"}) {
    // While the election lasts, an older package stays refused.
    if (name == "last" && !over) continue;
    if (ports_.files.kind(path(name)) == base::FileKind::missing) continue;
    URNA_CHECK(ports_.files.remove(path(name)));
  }
  URNA_CHECK(ports_.files.sync_folder(place_.folder));
  setup_.reset();
  device_.reset();
  certificate_.reset();
  log_.reset();
  sheet_.reset();
  slips_.clear();
  signatures_.clear();
  predecessor_.reset();
  spent_.clear();
  return {};
}

Result<void> Machine::provision(ByteView package) {
  URNA_CHECK(next(LifeEvent::provision));
  URNA_TRY(const auto before, last_package());
  URNA_TRY(Setup setup, read_setup(package, anchor_, before));
  URNA_CHECK(forget_store());
  URNA_CHECK(base::write_durable(ports_.files, path("package"), package));
  crypto::SecretArray<32> seed;
  URNA_CHECK(ports_.random.fill(seed.writable()));
  URNA_CHECK(base::write_durable(ports_.files, path("device.key"), seed.expose()));
  URNA_CHECK(
      VoteStore::create(ports_.files, ports_.random, path("votes"), shape_for(setup)));
  URNA_CHECK(load_setup());
  URNA_TRY(store_, VoteStore::open(ports_.files, ports_.random, path("votes")));
  URNA_CHECK(move(LifeEvent::provision));
  URNA_CHECK(remember_package());
  return log_->add("STARTED", std::string(kRelease));
}

// After the machine's state: written before it, an interruption between the two would
// make the machine refuse the very package that it never finished accepting.
Result<void> Machine::remember_package() {
  base::Writer last;
  last.fixed(setup_->definition.hash());
  last.text(setup_->station.code());
  last.u32(setup_->issue);
  return base::write_durable(ports_.files, path("last"), last.view());
}

Result<crypto::PublicKey> Machine::device_key() {
  if (!device_) return fail(errors::not_now, std::string(refusal(life_)));
  return device_->public_key();
}

Result<void> Machine::certify(std::string_view text) {
  if (!device_) return fail(errors::not_now, std::string(refusal(life_)));
  URNA_TRY(auto certificate, sheet::Certificate::parse(text));
  URNA_TRY(const auto authorities,
           sheet::authority_keys(setup_->definition.model().device_authorities));
  URNA_CHECK(certificate.check(authorities));
  if (certificate.key() != device_->public_key() ||
      certificate.fields().name != place_.device ||
      !certificate.is_for_machine(setup_->definition.hash(), setup_->mode(),
                                  setup_->station.code())) {
    return fail(errors::bad_package, "the certificate is not for this machine");
  }
  URNA_CHECK(base::write_durable(ports_.files, path("certificate"), as_bytes(text)));
  certificate_ = std::move(certificate);
  return {};
}

Result<void> Machine::print_zero(const std::vector<Credential>& officials) {
  URNA_CHECK(next(LifeEvent::print_zero));
  URNA_CHECK(two(officials));
  if (!store_->empty()) {
    return fail(errors::store_not_empty, "something is stored: the polls cannot open",
                "wipe the machine and provision it again");
  }
  if (!certificate_) {
    return fail(errors::not_now, "the authority has not certified this machine yet");
  }
  const auto& language = setup_->definition.model().languages.front();
  URNA_CHECK(ports_.printer.print(slips_.at(language).zero_report(), true));
  URNA_CHECK(log_->add("TEST-PRINTED", "ZERO"));
  return move(LifeEvent::print_zero);
}

Result<void> Machine::may_open() {
  URNA_CHECK(next(LifeEvent::open));
  const auto& day = setup_->definition.model().day;
  if (setup_->mode() == election::Mode::official &&
      ports_.clock.unix_seconds() < hour(day.opens)) {
    return fail(errors::too_early,
                fmt::format("the polls open on {} at {}", day.date, day.opens),
                "check the machine's clock if it is that hour");
  }
  if (!store_->empty()) {
    return fail(errors::store_not_empty, "something is stored: the polls cannot open");
  }
  return {};
}

Result<void> Machine::begin_poll(const std::vector<Credential>& officials,
                                 std::string_view event, std::string label) {
  URNA_CHECK(advance_freshness(officials));
  URNA_CHECK(make_session());
  opened_ = ports_.clock.unix_seconds();
  URNA_CHECK(log_->add(event, std::move(label)));
  return move(LifeEvent::open);
}

Result<void> Machine::open(const std::vector<Credential>& officials) {
  URNA_CHECK(may_open());
  if (setup_->segment > 1) {
    return fail(errors::handover,
                fmt::format("this is the station's machine {}: it goes on for another",
                            setup_->segment),
                "bring the first machine's export on a stick, or declare it lost");
  }
  URNA_CHECK(two(officials));
  return begin_poll(officials, "OPENED", {});
}

Result<void> Machine::pause(const std::vector<Credential>& officials) {
  URNA_CHECK(next(LifeEvent::pause));
  if (session_->state() != Voter::idle) {
    return fail(errors::not_now, "a voter is at the machine");
  }
  URNA_CHECK(two(officials));
  URNA_CHECK(log_->add("PAUSED"));
  return move(LifeEvent::pause);
}

Result<void> Machine::resume(const std::vector<Credential>& officials) {
  URNA_CHECK(next(LifeEvent::resume));
  URNA_CHECK(two(officials));
  URNA_CHECK(advance_freshness(officials));
  URNA_CHECK(log_->add("RESUMED"));
  found_ = Found::nothing;
  return move(LifeEvent::resume);
}

Result<void> Machine::close(const std::vector<Credential>& officials,
                            std::string_view reason) {
  URNA_CHECK(next(LifeEvent::close));
  if (session_->state() != Voter::idle) {
    return fail(errors::not_now, "a voter is at the machine");
  }
  const auto& day = setup_->definition.model().day;
  const std::int64_t now = ports_.clock.unix_seconds();
  if (now < hour(day.closes) && reason.empty()) {
    return fail(errors::too_early, fmt::format("the polls close at {}", day.closes),
                "closing early needs a reason");
  }
  URNA_CHECK(two(officials));
  closed_ = now;
  session_.reset();
  URNA_CHECK(log_->add("CLOSED", label_of(reason)));
  return move(LifeEvent::close);
}

Result<void> Machine::show_token(std::string_view typed) {
  if (life_ != Life::open) return fail(errors::not_now, std::string(refusal(life_)));
  URNA_CHECK(session_->show_token(typed));
  return settle();
}

Result<void> Machine::activate(const std::vector<Credential>& officials) {
  if (life_ != Life::open) return fail(errors::not_now, std::string(refusal(life_)));
  URNA_CHECK(two(officials));
  URNA_CHECK(session_->activate_by_officials());
  return settle();
}

Result<void> Machine::settle() {
  if (store_ && store_->stopped() && polls_begun(life_) && life_ != Life::stopped) {
    // The disk may refuse this too; the state holds for this run in any case.
    (void)log_->add("DISK-FAULT");
    if (!move(LifeEvent::disk_failed)) life_ = Life::stopped;
  }
  if (session_ && session_->fault() != fault_) {
    fault_ = session_->fault();
    const bool ready = fault_ == PrinterFault::none;
    const bool paper = fault_ == PrinterFault::paper_out;
    URNA_CHECK(log_->add(ready   ? "PRINTER-READY"
                         : paper ? "PAPER-OUT"
                                 : "PRINTER-FAULT"));
  }
  return {};
}

}  // namespace urna::machine
