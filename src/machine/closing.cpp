// The evening: counting, the sheet, the signatures, the package.
#include "ballot/package.hpp"
#include "ballot/verify.hpp"
#include "machine/count.hpp"
#include "machine/errors.hpp"
#include "machine/machine.hpp"
#include "sheet/definition_check.hpp"
#include "sheet/paper/sheet_print.hpp"

#include <fmt/format.h>

namespace urna::machine {
namespace {

constexpr std::size_t kMaxText = std::size_t{1} << 20;
constexpr std::size_t kMaxPackage = std::size_t{128} << 20;

ballot::Decision decision_of(BallotState state) {
  switch (state) {
    case BallotState::cast:
    case BallotState::cast_to_finish:
      return ballot::Decision::cast;
    case BallotState::challenged:
    case BallotState::challenged_to_finish:
      return ballot::Decision::challenged;
    default:
      return ballot::Decision::voided;
  }
}

}  // namespace

Result<void> Machine::test() {
  URNA_CHECK(next(LifeEvent::pass_test));
  const ballot::BallotStyle& style = setup_->station.styles().front();
  URNA_TRY(const auto closing, crypto::BoxSecretKey::generate(ports_.random));
  std::vector<Bytes> records;
  // Option i of each contest gets i + 1 votes, so that a swap shows.
  std::uint32_t rounds = 0;
  for (const auto& shape : style.contests()) rounds = std::max(rounds, shape.options);
  rounds = std::min(rounds, std::uint32_t{12});
  for (std::uint32_t last = 0; last < rounds; ++last) {
    for (std::uint32_t option = last; option < rounds; ++option) {
      Bytes record{static_cast<std::uint8_t>(style.number()), 0, 0, 0};
      for (const auto& shape : style.contests()) {
        Bytes bits(shape.options, 0);
        if (option < shape.options) bits[option] = 1;
        append(record, bits);
      }
      const ByteView bits = ByteView(record).subspan(4);
      if (last == 0) {
        URNA_TRY(const auto choices, ballot::Choices::make(style, bits));
        URNA_TRY(const auto sealed,
                 ballot::seal(setup_->station, style.number(), setup_->segment,
                              setup_->key, choices, ports_.random));
        if (ballot::verify_ballot(setup_->station, setup_->key, sealed.ballot)) {
          return fail(errors::not_now,
                      "a sealed ballot does not verify: do not use it");
        }
      }
      URNA_TRY(Bytes box, crypto::seal_box(ports_.random, closing.public_key(),
                                           record_context(setup_->station), record));
      records.push_back(std::move(box));
    }
  }
  auto fields = sheet::blank_sheet(setup_->definition, setup_->station_index);
  URNA_CHECK(count_records(records, closing, setup_->station, fields));
  for (const auto& contest : fields.contests) {
    for (std::uint32_t i = 0; i < std::min<std::size_t>(rounds, contest.options.size());
         ++i) {
      if (contest.options[i].votes != i + 1) {
        return fail(errors::count_mismatch, "the test deck was counted wrongly");
      }
    }
  }
  URNA_CHECK(log_->add("TEST-PRINTED", "DECK"));
  return move(LifeEvent::pass_test);
}

Result<void> Machine::check_slip(std::string_view check_in,
                                 sheet::SheetFields& fields) const {
  if (check_in.empty()) return {};
  URNA_TRY(const auto authorities,
           sheet::authority_keys(setup_->definition.model().device_authorities));
  URNA_TRY(const sheet::CheckInSlip slip,
           sheet::read_check_in_slip(check_in, authorities));
  if (slip.election != fields.election || slip.station != fields.station ||
      slip.mode != fields.mode) {
    return fail(errors::bad_package, "the check-in slip is of another station",
                "scan the slip of this station, or mark it as missing");
  }
  fields.check_in = slip.counts;
  return {};
}

Result<sheet::SheetFields> Machine::stated(std::string_view check_in,
                                           sheet::Count unused) {
  auto f = sheet::blank_sheet(setup_->definition, setup_->station_index);
  const StoreCounts counts = store_->counts();
  const auto offset =
      static_cast<std::int16_t>(setup_->definition.model().day.utc_offset_minutes);
  f.segment = setup_->segment;
  f.device = place_.device;
  f.software = kRelease;
  f.opened = sheet::local_time(opened_, offset);
  f.closed = sheet::local_time(closed_, offset);
  f.registered = setup_->registered;
  f.tokens_unused = unused;
  f.activated = counts.activated();
  f.activated_by_officials = counts.by_officials;
  f.cast = counts.cast;
  f.ended_without_vote = counts.ended_without_vote;
  f.sealed = counts.sealed();
  f.challenged = counts.challenged;
  f.voided = counts.voided;
  URNA_CHECK(check_slip(check_in, f));
  return f;
}

Result<void> Machine::count(const std::vector<Present>& officials,
                            sheet::SheetFields& fields) {
  if (!officials[0].half || !officials[1].half) {
    return fail(errors::closing_key, "these sticks hold no halves of the closing key",
                "bring the sticks of the two officials who keep it");
  }
  URNA_TRY(const auto closing, join_closing_key(*officials[0].half, *officials[1].half,
                                                setup_->closing_key));
  URNA_TRY(const auto records, store_->records());
  const StoreCounts counts = store_->counts();
  if (counts.records != counts.cast) {
    return fail(errors::count_mismatch,
                fmt::format("{} ballots were cast, {} records are stored", counts.cast,
                            counts.records),
                "print without a count: the trustees count this station");
  }
  fields.origin = sheet::Origin::machine;
  return count_records(records, closing, setup_->station, fields);
}

Result<void> Machine::print_sheet(const std::vector<Credential>& officials,
                                  std::string_view check_in, sheet::Count unused) {
  if (life_ != Life::closed) return fail(errors::not_now, std::string(refusal(life_)));
  URNA_TRY(const auto present, two(officials));
  URNA_TRY(sheet::SheetFields fields, stated(check_in, unused));
  URNA_CHECK(count(present, fields));
  return finish_sheet(std::move(fields), check_in, LifeEvent::print_sheet);
}

Result<void> Machine::print_uncounted(const std::vector<Credential>& officials,
                                      std::string_view check_in, sheet::Count unused) {
  URNA_CHECK(next(LifeEvent::print_uncounted));
  URNA_TRY(const auto present, two(officials));
  URNA_TRY(sheet::SheetFields fields, stated(check_in, unused));
  if (auto counted = fields; count(present, counted)) {
    return fail(errors::closing_key, "both halves of the closing key are here",
                "count with them and print the sheet");
  }
  fields.origin = sheet::Origin::uncounted;
  fields.contests.clear();
  return finish_sheet(std::move(fields), check_in, LifeEvent::print_uncounted);
}

Result<void> Machine::finish_sheet(sheet::SheetFields fields, std::string_view check_in,
                                   LifeEvent event) {
  URNA_TRY(sheet::Sheet sheet, sheet::Sheet::make(std::move(fields)));
  URNA_TRY(sheet::SignedSheet signed_sheet,
           sheet::sign_sheet(std::move(sheet), *certificate_, *device_));
  URNA_CHECK(base::write_durable(ports_.files, path("check-in"), as_bytes(check_in)));
  URNA_CHECK(base::write_durable(ports_.files, path("sheet"),
                                 as_bytes(sheet::to_file_text(signed_sheet))));
  sheet_ = std::move(signed_sheet);
  check_in_ = check_in;
  URNA_CHECK(print_signed_sheet());
  return move(event);
}

Result<void> Machine::print_signed_sheet() {
  const auto& language = setup_->definition.model().languages.front();
  sheet::PrintOptions options;
  options.language = language;
  ++copies_;
  URNA_TRY(const auto document, sheet::sheet_document(*sheet_,
                                                      sheet::names_from_definition(
                                                          sheet_->sheet.fields(),
                                                          setup_->definition, language),
                                                      options));
  URNA_CHECK(ports_.printer.print(document, true));
  return log_->add("SHEET-PRINTED", std::to_string(copies_));
}

Result<void> Machine::print_copy() {
  if (life_ == Life::closed || !sheet_) {
    return fail(errors::not_now, std::string(refusal(life_)));
  }
  URNA_CHECK(next(LifeEvent::print_sheet));
  return print_signed_sheet();
}

Result<void> Machine::load_closed() {
  const auto read = [&](std::string_view name) -> Result<std::string> {
    if (ports_.files.kind(path(name)) == base::FileKind::missing) return std::string();
    return base::read_text(ports_.files, path(name), kMaxText);
  };
  URNA_CHECK(load_predecessor());
  URNA_TRY(check_in_, read("check-in"));
  URNA_TRY(const std::string sheet, read("sheet"));
  if (life_ != Life::closed && !sheet.empty()) {
    URNA_TRY(sheet_, sheet::parse_signed_sheet(sheet));
  }
  URNA_TRY(const std::string signatures, read("signatures"));
  if (!signatures.empty()) {
    URNA_TRY(signatures_, sheet::parse_officials(signatures));
  }
  return {};
}

Result<void> Machine::sign_sheet(const std::vector<Credential>& officials) {
  URNA_CHECK(next(LifeEvent::sign_sheet));
  URNA_TRY(const auto present, two(officials));
  std::vector<sheet::OfficialSignature> signatures;
  for (const Present& official : present) {
    URNA_TRY(auto signature, sheet::OfficialSignature::sign(
                                 sheet::SignedDocument::sheet, sheet_->sheet.digest(),
                                 setup_->station.code(), official.who->role,
                                 official.who->name, official.key));
    signatures.push_back(std::move(signature));
  }
  URNA_CHECK(base::write_durable(ports_.files, path("signatures"),
                                 as_bytes(sheet::to_file_text(signatures))));
  signatures_ = std::move(signatures);
  const auto& language = setup_->definition.model().languages.front();
  sheet::PrintOptions options;
  options.language = language;
  URNA_CHECK(ports_.printer.print(
      sheet::officials_document(
          sheet_->sheet, signatures_,
          sheet::names_from_definition(sheet_->sheet.fields(), setup_->definition,
                                       language),
          options),
      true));
  // The sheet is printed and signed: nothing may open a single record any more.
  URNA_CHECK(store_->destroy_records());
  for (std::size_t i = 0; i < present.size(); ++i) {
    if (present[i].half) URNA_CHECK(officials_.forget_half(present[i], officials[i]));
  }
  return move(LifeEvent::sign_sheet);
}

Result<Bytes> Machine::package() {
  URNA_TRY(const auto stored, store_->ballots());
  ballot::Box box{setup_->station, setup_->key, {}};
  if (predecessor_) {
    // The station's package is one: of all its machines.
    auto segments = predecessor_->package.box.station.segments();
    segments.push_back(setup_->segment);
    URNA_TRY(box.station,
             ballot::station_of(setup_->definition, setup_->station_index,
                                setup_->station.election_hash(), segments));
    box.ballots = predecessor_->package.box.ballots;
  }
  for (const StoredBallot& ballot : stored) {
    box.ballots.push_back({decision_of(ballot.state), ballot.ballot, ballot.opening});
  }
  ballot::StationPackage content{std::move(box), {}, {}, {}, {}, {}, {}};
  if (predecessor_) content.sheets = predecessor_->package.sheets;
  content.sheets.push_back(sheet::to_file_text(*sheet_));
  content.check_in = check_in_;
  content.events = log_->public_text();
  content.certificate = certificate_->text();
  return ballot::make_package(std::move(content), *device_);
}

Result<Bytes> Machine::package_once() {
  if (ports_.files.kind(path("package.out")) == base::FileKind::file) {
    return base::read_file(ports_.files, path("package.out"), kMaxPackage);
  }
  URNA_CHECK(log_->add("PACKAGE-MADE"));
  URNA_TRY(Bytes bytes, package());
  URNA_CHECK(base::write_durable(ports_.files, path("package.out"), bytes));
  return bytes;
}

Result<void> Machine::transmit() {
  URNA_CHECK(next(LifeEvent::export_));
  if (!can_transmit()) {
    return fail(errors::not_transmitted, "this machine has no way to the centre",
                "export to a stick and carry it to a transmission point");
  }
  URNA_TRY(const Bytes bytes, package_once());
  const std::string folder = path("outbox");
  URNA_CHECK(base::make_folder_durable(ports_.files, folder));
  // Nothing of an election before is sent along.
  URNA_TRY(const auto before, ports_.files.list(folder));
  for (const std::string& file : before) {
    URNA_CHECK(ports_.files.remove(base::join_path(folder, file)));
  }
  const std::string name = base::join_path(folder, setup_->station.code());
  URNA_CHECK(base::write_durable(ports_.files, name + ".package", bytes));
  URNA_CHECK(base::write_durable(ports_.files, name + ".signatures",
                                 as_bytes(sheet::to_file_text(signatures_))));
  if (const auto sent = place_.transmit(folder); !sent) {
    return fail(errors::not_transmitted, sent.error().message,
                "try again, or export to a stick and carry it to a transmission point");
  }
  return move(LifeEvent::export_);
}

Result<void> Machine::export_to(const std::string& folder) {
  URNA_CHECK(next(LifeEvent::export_));
  URNA_TRY(const Bytes bytes, package_once());
  URNA_CHECK(base::make_folder_durable(ports_.files, folder));
  const std::string name = setup_->station.code();
  const auto write = [&](const std::string& file, ByteView content) {
    return base::write_durable(ports_.files, base::join_path(folder, file), content);
  };
  URNA_CHECK(write(name + ".package", bytes));
  // What a spare machine needs to go on.
  std::vector<bool> used = spent_;
  used.resize(setup_->tokens.tokens().size());
  for (std::uint32_t token = 0; token < used.size(); ++token) {
    used[token] = used[token] || store_->token_used(token);
  }
  URNA_CHECK(write(name + ".used", make_used_tokens(setup_->definition.hash(), name,
                                                    setup_->segment, used, *device_)));
  if (ports_.files.kind(path("lost")) == base::FileKind::file) {
    URNA_TRY(const Bytes lost, base::read_file(ports_.files, path("lost"), 4096));
    URNA_CHECK(write(name + ".lost", lost));
  }
  URNA_CHECK(write(name + ".sheet", as_bytes(sheet::to_file_text(*sheet_))));
  URNA_CHECK(write(name + ".signatures", as_bytes(sheet::to_file_text(signatures_))));
  URNA_CHECK(write(
      name + ".events.json",
      as_bytes(
          to_nist_json(*log_, setup_->definition.model().code, place_.device).dump())));
  return move(LifeEvent::export_);
}

Result<void> Machine::archive() {
  return move(LifeEvent::archive);
}

Result<std::string> Machine::stick_folder(const std::string& stick) {
  URNA_TRY(const auto sticks, officials_.sticks());
  for (const std::string& name : sticks) {
    if (name == stick) return base::join_path(place_.sticks, name);
  }
  return fail(errors::not_official, "there is no such stick");
}

}  // namespace urna::machine
