#include "checkin/station.hpp"

#include "checkin/errors.hpp"
#include "checkin/log_exchange.hpp"
#include "checkin/paper.hpp"
#include "checkin/words.hpp"
#include "sheet/check_in_slip.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

constexpr std::size_t kMostFound = 20;
constexpr std::size_t kMostLog = 64u << 20;
constexpr std::string_view kDrawerKey = "token-drawer";

std::string digits_of(std::string_view id) {
  std::string out;
  std::ranges::copy_if(id, std::back_inserter(out),
                       [](char c) { return c >= '0' && c <= '9'; });
  return out;
}

}  // namespace

Station::Station(Ports ports, Place place, DeviceKeys keys)
    : ports_(ports),
      place_(std::move(place)),
      keys_(std::move(keys)),
      officials_(ports.files, ports.clock, place_.sticks, place_.cost),
      clock_(ports.clock) {}

std::string Station::path(std::string_view name) const {
  return base::join_path(place_.folder, name);
}

Result<std::unique_ptr<Station>> Station::start(Ports ports, Place place,
                                                DeviceKeys keys) {
  std::unique_ptr<Station> out(new Station(ports, std::move(place), std::move(keys)));
  if (ports.files.kind(out->path("setup")) != base::FileKind::missing) {
    // A run that was killed may not have synced what it made.
    URNA_CHECK(ports.files.sync_folder(out->place_.folder));
    URNA_CHECK(out->load());
  }
  return out;
}

Result<void> Station::provision(ByteView package, const crypto::PublicKey& anchor) {
  if (setup_) {
    return fail(errors::bad_package, "this device has its package already",
                "make a new device for another election");
  }
  URNA_TRY(const PackageParts parts, split_package(package, anchor));
  URNA_TRY(Setup setup, open_setup(parts.setup, keys_));
  if (std::ranges::find(setup.definition.model().device_authorities, anchor.bytes()) ==
      setup.definition.model().device_authorities.end()) {
    return fail(errors::bad_package,
                "its definition does not name the authority that signed it");
  }
  if (setup.mode() == election::Mode::official && ports_.printer.keeps()) {
    return fail(errors::bad_package,
                "an official election needs a printer that keeps nothing");
  }
  URNA_CHECK(refuse_invented(setup));
  URNA_CHECK(open_prints(parts.prints, setup, keys_));
  URNA_TRY(std::vector<Token> tokens, open_tokens(parts.tokens, setup, keys_));
  auto& files = ports_.files;
  URNA_CHECK(base::make_folder_durable(files, place_.folder));
  URNA_CHECK(base::write_durable(files, path("prints.sealed"), parts.prints));
  URNA_CHECK(TokenDrawer::create(files, ports_.random, path("tokens"),
                                 keys_.own_key(kDrawerKey).expose(),
                                 std::move(tokens)));
  URNA_CHECK(
      EventLog::create(files, path("events"), setup.definition.hash(), setup.device));
  // Last: a folder without it was never provisioned.
  URNA_CHECK(base::write_durable(files, path("setup"), parts.setup));
  return load();
}

Result<void> Station::load() {
  auto& files = ports_.files;
  URNA_TRY(const Bytes setup_bytes, base::read_file(files, path("setup")));
  URNA_TRY(Setup setup, open_setup(setup_bytes, keys_));
  URNA_CHECK(refuse_invented(setup));
  URNA_TRY(const std::uint64_t replay_key, ports_.random.below(UINT64_MAX));
  replays_.emplace(replay_key);
  if (keys_.prints) {
    URNA_TRY(const Bytes prints, base::read_file(files, path("prints.sealed")));
    URNA_CHECK(open_prints(prints, setup, keys_));
    URNA_TRY(prints_, PrintBook::make(setup.roll));
  }
  URNA_TRY(drawer_, TokenDrawer::open(files, ports_.random, path("tokens"),
                                      keys_.own_key(kDrawerKey)));
  URNA_TRY(log_, EventLog::open(files, ports_.random, path("events"),
                                setup.definition.hash(), setup.centre_key.expose()));
  setup_ = std::move(setup);
  if (files.kind(path("certificate")) != base::FileKind::missing) {
    URNA_TRY(const std::string text, base::read_text(files, path("certificate"), 4096));
    URNA_TRY(certificate_, sheet::Certificate::parse(text));
  }
  URNA_CHECK(load_peers());
  for (const Event& event : log_->events()) {
    if (event.kind == EventKind::opened) opened_ = true;
    if (event.kind == EventKind::closed) closed_ = true;
    if (event.kind == EventKind::reader_out) reader_works_ = false;
    if (event.kind == EventKind::reader_back) reader_works_ = true;
  }
  if (owed() < 0 || owed() > 1) {
    return fail(
        errors::store_damaged,
        "the token drawer and the log contradict one another: one of them is a "
        "copy of earlier",
        "keep the device for the electoral authority; go on with the paper list");
  }
  return rejoin();
}

Result<void> Station::load_peers() {
  auto& files = ports_.files;
  if (files.kind(path("peers")) != base::FileKind::folder) return {};
  URNA_TRY(const auto names, files.list(path("peers")));
  for (const std::string& name : names) {
    if (!name.ends_with(".log")) continue;
    URNA_TRY(const Bytes bytes,
             base::read_file(files, base::join_path(path("peers"), name)));
    URNA_TRY(ReadLog read,
             read_log(bytes, setup_->definition.hash(), setup_->centre_key.expose()));
    peers_[read.device] = std::move(read.events);
  }
  return {};
}

Result<void> Station::rejoin() {
  std::vector<Event> all = log_->events();
  for (const auto& [device, events] : peers_) {
    all.insert(all.end(), events.begin(), events.end());
  }
  for (const Event& event : all) clock_.saw(event.time);
  URNA_TRY(book_, Book::join(std::move(all)));
  return {};
}

Result<void> Station::certify(const std::string& text) {
  if (!setup_) return fail(errors::not_ready, "there is no package yet");
  URNA_TRY(auto certificate, sheet::Certificate::parse(text));
  URNA_TRY(const auto authorities,
           sheet::authority_keys(setup_->definition.model().device_authorities));
  URNA_CHECK(certificate.check(authorities));
  const auto& whose = certificate.fields();
  if (whose.role != sheet::kCheckInRole || whose.mode != setup_->mode() ||
      whose.election != setup_->definition.hash() ||
      certificate.key() != keys_.signing.public_key() ||
      whose.name != device_label(setup_->device)) {
    return fail(errors::bad_device,
                fmt::format("the certificate is not that of {} here",
                            device_label(setup_->device)),
                "certify this device's key with role CHECKIN and that name");
  }
  URNA_CHECK(base::write_durable(ports_.files, path("certificate"), as_bytes(text)));
  certificate_ = std::move(certificate);
  return {};
}

Result<void> Station::require_open() const {
  if (!setup_) return fail(errors::not_ready, "there is no package yet");
  if (closed_) return fail(errors::not_ready, "check-in has closed");
  if (!opened_) {
    return fail(errors::not_ready, "check-in has not been opened yet",
                "two officials open it");
  }
  if (token_waits()) {
    return fail(errors::not_ready, "the last voter's token has not been printed",
                "print it first");
  }
  return {};
}

Result<void> Station::refuse_invented(const Setup& setup) const {
  if (ports_.scanner == nullptr || !ports_.scanner->synthetic() ||
      setup.mode() == election::Mode::demo) {
    return {};
  }
  return fail(errors::not_ready, "invented fingers are for demonstrations only",
              "start with the station's real reader, or with none");
}

Result<Event> Station::decided_by_two(EventKind kind,
                                      const std::vector<Credential>& given) {
  URNA_TRY(const auto two, officials_.prove_two(setup_->officials, given));
  Event event;
  event.kind = kind;
  event.official_a = two.first;
  event.official_b = two.second;
  return event;
}

Result<void> Station::open(const std::vector<Credential>& given) {
  if (!setup_ || opened_) {
    return fail(errors::not_ready, "check-in cannot be opened now");
  }
  URNA_TRY(Event event, decided_by_two(EventKind::opened, given));
  URNA_CHECK(note(std::move(event)));
  opened_ = true;
  return {};
}

std::optional<election::StationIndex> Station::elsewhere(std::string_view typed) const {
  const std::string id = id_number(typed);
  if (!setup_ || digits_of(id).empty() || setup_->roll.find(id)) return std::nullopt;
  const auto code = setup_->directory.station_of(setup_->definition.hash(), id);
  if (!code || *code == setup_->roll.station) return std::nullopt;
  return setup_->definition.find_station(*code);
}

Result<std::vector<std::size_t>> Station::find(std::string_view typed) const {
  if (!setup_) return fail(errors::not_ready, "there is no package yet");
  const auto& voters = setup_->roll.voters;
  std::vector<std::size_t> out;
  const std::string id = id_number(typed);
  const std::string digits = digits_of(id);
  if (const auto exact = setup_->roll.find(id)) return std::vector{*exact};
  if (!digits.empty()) {
    if (const auto at = elsewhere(typed)) {
      const auto& where = setup_->definition.stations()[*at];
      return fail(errors::other_station,
                  fmt::format("{} votes at station {}: {}, {}", id, where.code,
                              where.name.in(0), where.address),
                  "show the voter the way");
    }
    // Typed without the letter in front.
    for (std::size_t v = 0; v < voters.size() && id == digits; ++v) {
      if (digits_of(voters[v].id) == digits) out.push_back(v);
    }
  } else if (const std::string words = folded(typed); !words.empty()) {
    for (std::size_t v = 0; v < voters.size() && out.size() < kMostFound; ++v) {
      if (words_begin(words, folded(voters[v].full_name()))) out.push_back(v);
    }
  }
  if (out.empty()) {
    return fail(
        errors::not_found, "nobody of this station's roll is called that",
        "type the ID number again; else the voter asks at the information desk");
  }
  return out;
}

Result<void> Station::begin(std::string_view id) {
  URNA_CHECK(require_open());
  const auto voter = setup_->roll.find(id_number(id));
  if (!voter) return fail(errors::not_found, "there is no such voter on this roll");
  const auto before = book_.admissions(setup_->roll.voters[*voter].id);
  if (!before.empty()) {
    return fail(
        errors::already_admitted,
        fmt::format("was admitted at {} at device {}",
                    local_hour(*setup_, before.front().time), before.front().device),
        "if the person insists, two officials record the claim and settle it on "
        "paper");
  }
  check_ = VoterCheck{*voter, ++checks_, {}, {}, false};
  return {};
}

Result<Event> Station::note(Event event) {
  event.time = clock_.now();
  URNA_TRY(Event written, log_->append(std::move(event)));
  URNA_CHECK(rejoin());
  return written;
}

std::int64_t Station::owed() const {
  if (!log_ || !drawer_) return 0;
  std::int64_t admitted = 0, lost = 0;
  for (const Event& event : log_->events()) {
    admitted += event.kind == EventKind::admitted ? 1 : 0;
    lost += event.kind == EventKind::token_lost ? 1 : 0;
  }
  return admitted + lost - static_cast<std::int64_t>(drawer_->taken());
}

std::uint32_t Station::issued() const {
  std::uint32_t admitted = 0;
  for (const Event& event : log_->events()) {
    admitted += event.kind == EventKind::admitted ? 1 : 0;
  }
  return admitted;
}

Result<Outcome> Station::decide(const AdmitRequest& request, Event& event) {
  const Voter& voter = setup_->roll.voters[check_->voter];
  if (check_->matched()) return Outcome::matched;
  if (!reader_works()) return Outcome::no_reader;
  if (voter.prints.empty()) return Outcome::no_stored_print;
  if (check_->scores.empty() && !request.cannot_give_prints) {
    return fail(errors::not_decided, "no usable finger was compared yet",
                "try the fingers, or say that the voter cannot give prints");
  }
  URNA_TRY(const auto two, officials_.prove_two(setup_->officials, request.officials));
  event.overridden = true;
  event.official_a = two.first;
  event.official_b = two.second;
  return check_->scores.empty() ? Outcome::not_taken : Outcome::not_matched;
}

Result<Outcome> Station::admit(const AdmitRequest& request) {
  URNA_CHECK(require_open());
  if (!check_) return fail(errors::not_ready, "no voter is being checked");
  const auto style = setup_->definition.style_index_of(setup_->station_index);
  if (!drawer_->has(style)) {
    return fail(errors::no_tokens, "no activation token is left",
                "go on at another device of the station, or with the paper list");
  }
  Event event;
  event.kind = EventKind::admitted;
  event.voter = setup_->roll.voters[check_->voter].id;
  event.assisted = request.assisted;
  URNA_TRY(event.outcome, decide(request, event));
  const Outcome outcome = event.outcome;
  URNA_CHECK(note(std::move(event)));
  check_.reset();
  URNA_CHECK(print_token());
  return outcome;
}

Result<void> Station::print_token() {
  if (!setup_) return fail(errors::not_ready, "there is no package yet");
  if (!pending_) {
    if (owed() != 1) return fail(errors::not_ready, "no token is owed");
    URNA_TRY(pending_,
             drawer_->take(setup_->definition.style_index_of(setup_->station_index)));
  }
  std::string text = token_text(*pending_);
  const auto printed =
      ports_.printer.print(token_paper(*setup_, text), sheet::Medium::roll80);
  crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!printed) return printed;
  crypto::wipe(*pending_);
  pending_.reset();
  return {};
}

Result<void> Station::replace_token(const std::vector<Credential>& given) {
  URNA_CHECK(require_open());
  if (issued() == 0) return fail(errors::not_ready, "no token was handed out yet");
  URNA_TRY(Event event, decided_by_two(EventKind::token_lost, given));
  URNA_CHECK(note(std::move(event)));
  return print_token();
}

Result<void> Station::record_claim(std::string_view id,
                                   const std::vector<Credential>& given) {
  URNA_CHECK(require_open());
  const std::string number = id_number(id);
  if (book_.admissions(number).empty()) {
    return fail(errors::not_ready, "this voter has not been admitted");
  }
  URNA_TRY(Event event, decided_by_two(EventKind::claim, given));
  event.voter = number;
  URNA_CHECK(note(std::move(event)));
  return {};
}

Result<void> Station::set_reader(bool works, const std::vector<Credential>& given) {
  if (!setup_ || closed_) return fail(errors::not_ready, "check-in is closed");
  URNA_TRY(
      Event event,
      decided_by_two(works ? EventKind::reader_back : EventKind::reader_out, given));
  URNA_CHECK(note(std::move(event)));
  reader_works_ = works;
  return {};
}

Result<void> Station::print_emergency_list() {
  if (!setup_) return fail(errors::not_ready, "there is no package yet");
  return ports_.printer.print(emergency_list(*setup_, book_), sheet::Medium::a4);
}

Result<Bytes> Station::copy_log() {
  if (!setup_ || !certificate_) {
    return fail(errors::not_ready, "this device has no certificate yet");
  }
  URNA_TRY(const Bytes bytes, log_->bytes());
  return export_log(bytes, keys_.signing, *certificate_);
}

Result<void> Station::join_log(ByteView file) {
  if (!setup_) return fail(errors::not_ready, "there is no package yet");
  URNA_TRY(const auto authorities,
           sheet::authority_keys(setup_->definition.model().device_authorities));
  URNA_TRY(const Bytes log, import_log(file, setup_->definition.hash(),
                                       setup_->roll.station, authorities));
  URNA_TRY(ReadLog read,
           read_log(log, setup_->definition.hash(), setup_->centre_key.expose()));
  if (read.device == setup_->device) {
    URNA_TRY(const Bytes own, log_->bytes());
    return check_growth(own, log);
  }
  const std::string folder = path("peers");
  const std::string to = base::join_path(folder, fmt::format("{}.log", read.device));
  if (ports_.files.kind(to) != base::FileKind::missing) {
    URNA_TRY(const Bytes before, base::read_file(ports_.files, to));
    URNA_CHECK(check_growth(before, log));
    if (log.size() <= before.size()) return {};
  }
  URNA_CHECK(base::make_folder_durable(ports_.files, folder));
  URNA_CHECK(base::write_durable(ports_.files, to, log));
  peers_[read.device] = std::move(read.events);
  return rejoin();
}

Result<std::vector<std::uint32_t>> Station::exchange_logs(const std::string& stick) {
  URNA_TRY(const std::string folder, officials_.stick_folder(stick));
  URNA_TRY(const Bytes own, copy_log());
  const std::string prefix = setup_->roll.station + "-check-in-";
  const auto name_of = [&](std::uint32_t device) {
    return fmt::format("{}{}.log", prefix, device);
  };
  std::vector<std::uint32_t> joined;
  for (std::uint32_t device = 1; device <= setup_->devices; ++device) {
    const std::string path = base::join_path(folder, name_of(device));
    if (device == setup_->device || ports_.files.kind(path) != base::FileKind::file) {
      continue;
    }
    URNA_TRY(const Bytes log, base::read_file(ports_.files, path, kMostLog));
    URNA_CHECK(join_log(log));
    joined.push_back(device);
  }
  URNA_CHECK(base::write_durable(
      ports_.files, base::join_path(folder, name_of(setup_->device)), own));
  return joined;
}

Result<void> Station::close(const std::vector<Credential>& given) {
  URNA_CHECK(require_open());
  URNA_TRY(Event event, decided_by_two(EventKind::closed, given));
  check_.reset();
  event.issued = issued();
  event.left = static_cast<std::uint32_t>(drawer_->left());
  URNA_CHECK(note(std::move(event)));
  closed_ = true;
  return {};
}

Result<std::string> Station::slip() const {
  if (!setup_ || !certificate_) {
    return fail(errors::not_ready, "this device has no certificate yet");
  }
  const auto closed =
      std::ranges::count(book_.events(), EventKind::closed, &Event::kind);
  if (!closed_ || static_cast<std::uint32_t>(closed) != setup_->devices) {
    return fail(errors::not_ready,
                fmt::format("{} of {} devices have closed", closed, setup_->devices),
                "close every device and bring its log here; a device that is lost is "
                "written in the minutes, and the slip is marked as missing");
  }
  return sheet::make_check_in_slip(
      {setup_->mode(), setup_->definition.hash(), setup_->roll.station,
       book_.totals().counts, book_.totals().tokens_left},
      *certificate_, keys_.signing);
}

Result<void> Station::print_slip() {
  URNA_TRY(const std::string text, slip());
  return ports_.printer.print(closing_paper(*setup_, book_, text),
                              sheet::Medium::roll80);
}

}  // namespace urna::checkin
