#include "simulate/check_in_table.hpp"

#include "base/errors.hpp"
#include "checkin/errors.hpp"
#include "checkin/log_exchange.hpp"
#include "sheet/check_in_slip.hpp"

namespace urna::simulate {
namespace {

namespace refused = checkin::errors;
// How often people try one thing before they call it broken.
constexpr int kTries = 60;

}  // namespace

Result<void> TablePrinter::print(const sheet::Document& document, sheet::Medium) {
  const auto broken = [] {
    return fail(refused::printer_failed, "the printer did not finish");
  };
  if (power_.dead()) return broken();
  if (dice_.once_in(risk_)) {
    diary_.write("{}: the printer jams", power_.device());
    return broken();
  }
  for (const sheet::Block& block : document.body) {
    if (const auto* code = std::get_if<sheet::QrBlock>(&block)) out_ = code->text;
  }
  // The paper is out, and the program never learns of it.
  if (dice_.once_in(risk_)) {
    power_.strike();
    return broken();
  }
  return {};
}

CheckInTable::CheckInTable(const Town& town, Station& station, std::uint32_t risk,
                           Dice dice, Diary& diary)
    : town_(town),
      station_(station),
      diary_(diary),
      dice_(dice),
      power_(fmt::format("check-in {}", station.code), risk, dice_.for_part(), diary),
      random_(dice_.below(UINT32_MAX)),
      clock_(kMorning - 1800),
      printer_(power_, risk, dice_.for_part(), diary) {
  power_.disk() = station.check_in_disk;
  for (const auto& [credential, file] : station.check_in_officials) {
    officials_.push_back(credential);
    const std::string stick = "sticks/" + credential.stick;
    (void)base::make_folder_durable(power_.disk(), stick);
    (void)base::write_durable(power_.disk(), stick + "/check-in.key", file);
  }
}

bool CheckInTable::running() {
  for (int tries = 0; tries < kTries; ++tries) {
    if (program_ && !power_.dead()) return true;
    program_.reset();
    if (power_.dead()) power_.start_again();
    auto keys = checkin::open_device(power_, "device", as_bytes(station_.passphrase),
                                     crypto::CheapKeyFiles::cost());
    if (!keys) {
      diary_.problem("check-in {}: its keys are gone: {}", station_.code,
                     keys.error().text());
      return false;
    }
    power_.worry();
    auto started = checkin::Station::start(
        {power_, random_, clock_, printer_, nullptr},
        {"device", "sticks", crypto::CheapKeyFiles::cost()}, std::move(*keys));
    if (started) {
      program_ = *std::move(started);
    } else if (!passing(started.error())) {
      diary_.problem("check-in {} does not start: {}", station_.code,
                     started.error().text());
      return false;
    }
  }
  diary_.problem("check-in {} does not come back", station_.code);
  return false;
}

bool CheckInTable::passing(const Error& error) const {
  return power_.dead() || error.kind == base::errors::disk_full ||
         error.kind == refused::printer_failed;
}

void CheckInTable::set_up() {
  for (int tries = 0; tries < kTries && running(); ++tries) {
    power_.worry();
    Result<void> done;
    if (program_->setup() == nullptr) {
      done =
          program_->provision(station_.check_in_package, town_.authority.public_key());
    } else if (!program_->has_certificate()) {
      const auto certificate = sheet::Certificate::issue(
          {town_.definition->model().mode, town_.definition->hash(),
           std::string(sheet::kCheckInRole), station_.code, checkin::device_label(1)},
          station_.check_in_device->signing, town_.authority);
      done = program_->certify(certificate.value().text());
    } else if (!program_->opened()) {
      done = program_->open(officials_);
    } else {
      return;
    }
    if (!done && !passing(done.error())) {
      return diary_.problem("check-in {} is not set up: {}", station_.code,
                            done.error().text());
    }
    // After a fault of the disk the files decide what was done.
    if (!done) power_.strike();
  }
  diary_.problem("check-in {} is never set up", station_.code);
}

Result<void> CheckInTable::admit(const std::string& id) {
  if (program_->token_waits()) return program_->print_token();
  if (program_->book().admissions(id).empty()) {
    URNA_CHECK(program_->begin(id));
    URNA_CHECK(program_->admit({}));
    return {};
  }
  // Admitted, and the token's slot is taken, but no paper came: it was in the memory of
  // a program that ended. Two officials see that the voter has none.
  diary_.write("check-in {}: another token for a lost one", station_.code);
  return program_->replace_token(officials_);
}

std::optional<std::string> CheckInTable::serve(const std::string& id) {
  for (int tries = 0; tries < kTries && running(); ++tries) {
    power_.worry();
    const auto done = admit(id);
    if (auto token = printer_.take()) {
      // The voter is gone, whatever the program knows of it.
      if (!done && !power_.dead()) power_.strike();
      return token;
    }
    if (done) {
      diary_.problem("check-in {}: admitted without a paper", station_.code);
      return std::nullopt;
    }
    if (!passing(done.error())) {
      diary_.problem("check-in {}: {}", station_.code, done.error().text());
      return std::nullopt;
    }
    if (done.error().kind != refused::printer_failed) power_.strike();
  }
  diary_.problem("check-in {}: a voter gets no token", station_.code);
  return std::nullopt;
}

void CheckInTable::turn_away(const std::string& id) {
  for (int tries = 0; tries < kTries && running(); ++tries) {
    if (program_->token_waits()) {
      // The program ended after the paper was out and now owes a token that nobody
      // waits for: it is printed, and the officials keep it.
      power_.worry();
      const auto printed = program_->print_token();
      (void)printer_.take();
      if (!printed && printed.error().kind != refused::printer_failed) power_.strike();
      continue;
    }
    const auto again = program_->begin(id);
    if (again || again.error().kind != refused::already_admitted) {
      diary_.problem("check-in {}: a voter who was admitted is not turned away",
                     station_.code);
    }
    return;
  }
}

std::string CheckInTable::close() {
  for (int tries = 0; tries < kTries && running(); ++tries) {
    power_.worry();
    if (program_->token_waits()) {
      const auto printed = program_->print_token();
      (void)printer_.take();
      if (!printed && printed.error().kind != refused::printer_failed) power_.strike();
      continue;
    }
    if (!program_->closed()) {
      const auto closed = program_->close(officials_);
      if (!closed && !passing(closed.error())) {
        diary_.problem("check-in {} does not close: {}", station_.code,
                       closed.error().text());
        return {};
      }
      if (!closed) power_.strike();
      continue;
    }
    (void)printer_.take();
    const auto printed = program_->print_slip();
    if (auto slip = printer_.take()) {
      if (!program_->book().admitted_twice().empty()) {
        diary_.problem("check-in {}: somebody was admitted twice", station_.code);
      }
      return *slip;
    }
    if (!printed && !passing(printed.error())) {
      diary_.problem("check-in {} prints no slip: {}", station_.code,
                     printed.error().text());
      return {};
    }
  }
  diary_.problem("check-in {} never closes", station_.code);
  return {};
}

}  // namespace urna::simulate
