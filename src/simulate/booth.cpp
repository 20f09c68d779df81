#include "simulate/booth.hpp"

#include "base/errors.hpp"
#include "machine/errors.hpp"

#include <algorithm>

namespace urna::simulate {
namespace {

using machine::Life;
using machine::Voter;
using Event = machine::VoterEvent;
namespace refused = machine::errors;

constexpr int kTries = 400;

bool blocked(Voter state) {
  return state == Voter::broken_slip || state == Voter::cast_blocked ||
         state == Voter::open_blocked || state == Voter::void_blocked ||
         state == Voter::leave_blocked;
}

}  // namespace

machine::PrinterFault BoothPrinter::status() {
  return power_.dead() ? machine::PrinterFault::offline : fault_;
}

Result<void> BoothPrinter::print(const sheet::Document& document, bool cut) {
  if (status() != machine::PrinterFault::none) return machine::printer_error(status());
  if (dice_.once_in(risk_)) {
    constexpr std::array kFaults{
        machine::PrinterFault::offline, machine::PrinterFault::cover_open,
        machine::PrinterFault::paper_out, machine::PrinterFault::jam};
    fault_ = kFaults[dice_.below(kFaults.size())];
    diary_.write("{}: printer {}", power_.device(), machine::fault_name(fault_));
    return machine::printer_error(fault_);
  }
  if (!cut) slip_ = chosen_;
  if (cut && slip_) footer(document);
  if (dice_.once_in(2 * risk_)) {
    power_.strike();
    return machine::printer_error(machine::PrinterFault::offline);
  }
  return {};
}

void BoothPrinter::footer(const sheet::Document& document) {
  for (const sheet::Block& block : document.body) {
    const auto* banner = std::get_if<sheet::BannerBlock>(&block);
    if (banner == nullptr) continue;
    finish_by_hand(banner->text == "EMITIDO" || banner->text == "CAST");
    return;
  }
}

void BoothPrinter::finish_by_hand(bool cast) {
  if (slip_ && cast) box_.push_back(*slip_);
  slip_.reset();
}

Booth::Booth(const Town& town, const Station& station, std::uint32_t risk, Dice dice,
             Diary& diary)
    : town_(town),
      station_(station),
      diary_(diary),
      dice_(dice),
      power_(fmt::format("machine {}", station.code), risk, dice_.for_part(), diary),
      random_(dice_.below(UINT32_MAX)),
      clock_(kMorning),
      printer_(power_, risk, dice_.for_part(), diary),
      device_("M-" + station.code) {
  for (const machine::KitOfficial& official : station.kit.officials) {
    officials_.push_back({official.role, official.pin});
    const std::string stick = "sticks/" + official.role;
    (void)base::make_folder_durable(power_.disk(), stick);
    (void)base::write_durable(power_.disk(), stick + "/official.key",
                              official.key_file);
  }
}

bool Booth::running() {
  for (int tries = 0; tries < kTries; ++tries) {
    if (program_ && !power_.dead()) return true;
    program_.reset();
    if (power_.dead()) power_.start_again();
    printer_.mend();
    power_.worry();
    auto started = machine::Machine::start(
        {power_, random_, clock_, printer_},
        {"device", "sticks", device_, false, crypto::CheapKeyFiles::cost(), {}},
        town_.authority.public_key());
    if (started) {
      program_ = *std::move(started);
    } else if (!power_.dead() && started.error().kind != base::errors::disk_full) {
      diary_.problem("machine {} does not start: {}", station_.code,
                     started.error().text());
      return false;
    }
  }
  diary_.problem("machine {} does not come back", station_.code);
  return false;
}

bool Booth::settled(const Result<void>& done, std::string_view step) {
  if (printer_.broken()) printer_.mend();
  if (done || power_.dead()) return true;
  const ErrorKind kind = done.error().kind;
  if (kind == base::errors::disk_full || kind == refused::store_stopped) {
    power_.strike();  // people start the machine again
    return true;
  }
  if (kind == refused::printer_failed) return true;
  diary_.problem("machine {}: {}: {}", station_.code, step, done.error().text());
  return false;
}

Result<void> Booth::certify_and_test() {
  URNA_TRY(const auto key, program_->device_key());
  URNA_TRY(const auto certificate,
           sheet::Certificate::issue(
               {town_.definition->model().mode, town_.definition->hash(),
                std::string(sheet::kMachineRole), station_.code, device_},
               key, town_.authority));
  URNA_CHECK(program_->certify(certificate.text()));
  certificate_ = certificate.text();
  return program_->test();
}

Result<void> Booth::next_step(Life goal) {
  switch (program_->life()) {
    case Life::empty:
      return program_->provision(station_.kit.package);
    case Life::provisioned:
      return certify_and_test();
    case Life::tested:
      return program_->print_zero(officials_);
    case Life::zero:
      return program_->open(officials_);
    case Life::paused:
      return program_->resume(officials_);
    case Life::stopped:
      power_.strike();
      return {};
    case Life::open:
      if (program_->session()->state() != Voter::idle) return finish();
      return goal == Life::open ? Result<void>()
                                : program_->close(officials_, "SIMULATED");
    case Life::closed:
      return program_->print_sheet(officials_, slip_, unused_);
    case Life::printed:
      return program_->sign_sheet(officials_);
    case Life::signed_:
      return program_->export_to("sticks/PRESIDENT");
    default:
      return {};
  }
}

bool Booth::bring_to(Life goal) {
  for (int tries = 0; tries < kTries && running(); ++tries) {
    if (program_->life() == goal &&
        (goal != Life::open || program_->session()->state() == Voter::idle)) {
      return true;
    }
    power_.worry();
    const auto before = machine::describe(program_->life()).name;
    if (!settled(next_step(goal), before)) return false;
  }
  diary_.problem("machine {} does not go on", station_.code);
  return false;
}

void Booth::open() {
  if (bring_to(Life::open)) check("opening");
}

Result<void> Booth::finish() {
  machine::VoterSession& session = *program_->session();
  const Voter state = session.state();
  if (blocked(state)) {
    printer_.mend();
    // Sometimes officials give up on the printer and write on the paper by hand.
    if (state != Voter::broken_slip && dice_.once_in(4)) {
      // They write first, and then say so to the machine.
      printer_.finish_by_hand(state == Voter::cast_blocked);
      return session.handle(Event::end);
    }
    return session.handle(Event::printer_ready);
  }
  return session.handle(state == Voter::ended ? Event::go_on : Event::end);
}

Result<void> Booth::choose() {
  machine::VoterSession& session = *program_->session();
  const auto& contests = session.slips().words().contests;
  Choices chosen(contests.size());
  for (std::uint32_t c = 0; c < contests.size(); ++c) {
    URNA_CHECK(session.clear_contest(c));
    std::vector<std::uint32_t> options(contests[c].options.size());
    for (std::uint32_t o = 0; o < options.size(); ++o) options[o] = o;
    dice_.shuffle(options);
    const auto most = std::min<std::uint32_t>(
        contests[c].limit, static_cast<std::uint32_t>(options.size()));
    options.resize(dice_.below(most + 1));
    for (const std::uint32_t option : options) URNA_CHECK(session.choose(c, option));
    chosen[c] = std::move(options);
  }
  printer_.choices(chosen);
  URNA_CHECK(session.handle(Event::to_review));
  return session.handle(Event::confirm);
}

Result<void> Booth::decide() {
  machine::VoterSession& session = *program_->session();
  if (session.tests_left() > 0 && dice_.once_in(10)) {
    return session.handle(Event::challenge);
  }
  return session.handle(dice_.once_in(10) ? Event::start_again : Event::cast);
}

Result<void> Booth::step_of_voter(const std::string& token, bool leaves) {
  machine::VoterSession& session = *program_->session();
  switch (session.state()) {
    case Voter::idle:
      return by_officials_ ? program_->activate(officials_)
                           : program_->show_token(token);
    case Voter::activated:
      return session.handle(leaves ? Event::end : Event::begin);
    case Voter::voting:
      return choose();
    case Voter::review:
      return session.handle(Event::confirm);
    case Voter::deciding:
      return decide();
    case Voter::opened:
      return session.handle(Event::go_on);
    default:
      return finish();
  }
}

bool Booth::at_work() const {
  return program_ && !power_.dead() && program_->life() == Life::open;
}

// What a restart says of the voter who stood there.
void Booth::recount() {
  const std::uint32_t cast = program_->store()->counts().cast;
  if (told_ && cast != cast_ + 1) {
    diary_.problem("machine {}: a vote that was told is gone", station_.code);
  }
  told_ = told_ || cast == cast_ + 1;
}

bool Booth::visit(const std::string& token, bool leaves) {
  for (int tries = 0; tries < kTries; ++tries) {
    if (!at_work()) {
      if (!bring_to(Life::open)) return false;
      recount();
      if (told_) return true;
    }
    const Voter before = program_->session()->state();
    power_.worry();
    Result<void> done = step_of_voter(token, leaves);
    if (!done && done.error().kind == refused::token_used && !by_officials_) {
      // The session ended without a vote just as the program did.
      if (leaves) return true;
      by_officials_ = true;
      continue;
    }
    if (at_work() && program_->session()->vote_counts()) told_ = true;
    if (const auto kept = program_->settle(); done && !kept) done = kept;
    if (!settled(done, "a voter")) return false;
    if (!at_work()) continue;
    if (before != Voter::idle && program_->session()->state() == Voter::idle) {
      return true;
    }
  }
  diary_.problem("machine {}: a voter never gets away", station_.code);
  return false;
}

void Booth::serve(const std::string& token, bool leaves) {
  told_ = by_officials_ = false;
  if (!visit(token, leaves)) return;
  if (!told_ && !leaves) {
    diary_.problem("machine {}: a voter went away without a vote", station_.code);
  }
  if (told_) ++cast_;
  clock_.advance(std::chrono::seconds(30 + dice_.below(200)));
  if (bring_to(Life::open)) check("a voter left");
}

void Booth::refuse(const std::string& token) {
  if (!bring_to(Life::open)) return;
  const auto shown = program_->show_token(token);
  if (!shown && shown.error().kind == refused::token_used) return;
  if (power_.dead()) return;
  diary_.problem("machine {}: a used token is not refused", station_.code);
}

void Booth::check(std::string_view when) {
  const machine::StoreCounts counts = program_->store()->counts();
  const auto expect = [&](std::string_view what, std::size_t is, std::size_t should) {
    if (is == should) return;
    diary_.problem("machine {}, {}: {} is {}, not {}", station_.code, when, what, is,
                   should);
  };
  expect("votes cast", counts.cast, cast_);
  expect("records", counts.records, cast_);
  expect("papers in the box", printer_.box().size(), cast_);
  expect("pending ballots", counts.pending, 0);
  expect("sessions", counts.activated(), counts.cast + counts.ended_without_vote);
}

void Booth::close(const std::string& check_in_slip, std::uint32_t unused) {
  slip_ = check_in_slip;
  unused_ = unused;
  if (!bring_to(Life::exported)) return;
  const sheet::SheetFields& fields = program_->sheet()->sheet.fields();
  if (fields.cast != cast_) {
    diary_.problem("machine {}: the sheet says {} votes, voters were told {}",
                   station_.code, fields.cast.value_or(0), cast_);
  }
  std::vector<std::uint64_t> counted;
  for (const sheet::ContestResult& contest : fields.contests) {
    for (const auto& option : contest.options) counted.push_back(option.votes);
    counted.push_back(contest.blank.value_or(0));
    counted.push_back(contest.null_votes.value_or(0));
  }
  if (counted != papers()) {
    diary_.problem("machine {}: the sheet and the papers in the box differ",
                   station_.code);
  }
}

std::vector<std::uint64_t> Booth::papers() const {
  std::vector<std::uint64_t> out;
  const auto& style = town_.definition->styles()[town_.definition->style_index_of(
      *town_.definition->find_station(station_.code))];
  for (std::size_t c = 0; c < style.contests.size(); ++c) {
    const std::size_t options =
        town_.definition->contests()[style.contests[c]].options.size();
    std::vector<std::uint64_t> field(options + 2);  // and blank, null
    for (const Choices& paper : printer_.box()) {
      for (const std::uint32_t option : paper[c]) ++field[option];
      if (paper[c].empty()) ++field[options];
    }
    out.insert(out.end(), field.begin(), field.end());
  }
  return out;
}

Bytes Booth::exported(std::string_view ending) {
  const std::string path = fmt::format("sticks/PRESIDENT/{}.{}", station_.code, ending);
  return base::read_file(power_.disk(), path).value_or(Bytes());
}

crypto::SigningKey Booth::device_key() {
  const Bytes seed = base::read_file(power_.disk(), "device/device.key").value();
  return crypto::SigningKey::from_seed(std::span<const std::uint8_t, 32>(seed));
}

}  // namespace urna::simulate
