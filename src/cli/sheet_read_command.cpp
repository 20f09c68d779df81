// `urna sheet read | verify | show | print`.
#include "base/encoding.hpp"
#include "cli/key_input.hpp"
#include "cli/sheet_command.hpp"
#include "sheet/definition_check.hpp"
#include "sheet/errors.hpp"
#include "sheet/paper/collect.hpp"
#include "sheet/paper/sheet_print.hpp"
#include "sheet/reconcile.hpp"
#include "sheet/sheet_json.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::vector<std::string> inputs;
  std::string output = "-";
  std::string definition;
  std::vector<std::string> authorities;
  std::string officials, box;
  std::string paper = "a4", language = "es", copy;
  bool json = false;
};

void print_errors(const std::vector<Error>& errors_found, Outcome& outcome) {
  for (const Error& error : errors_found) fmt::print(stderr, "{}\n", error.text());
  if (!errors_found.empty()) outcome.status = kNo;
}

Result<void> read(const Options& o, Outcome& outcome) {
  base::RealFiles files;
  const auto found = sheet::collect_sheets(files, o.inputs);
  std::string out;
  for (const auto& s : found.sheets) out += sheet::to_file_text(s.sheet);
  print_errors(found.errors, outcome);
  fmt::print(stderr,
             "sheets: {}; from files: {}, pictures: {}, codes: {}; errors: {}\n",
             found.sheets.size(), found.files, found.pictures, found.codes,
             found.errors.size());
  if (out.empty()) return {};
  return write_output(o.output, as_bytes(out));
}

Result<std::vector<crypto::PublicKey>> authorities_of(
    const Options& o, const std::optional<election::Definition>& definition) {
  base::RealFiles files;
  std::vector<crypto::PublicKey> out;
  for (const std::string& text : o.authorities) {
    URNA_TRY(const crypto::PublicKey key, parse_public_key(files, text));
    out.push_back(key);
  }
  if (definition) {
    URNA_TRY(const auto keys,
             sheet::authority_keys(definition->model().device_authorities));
    out.insert(out.end(), keys.begin(), keys.end());
  }
  return out;
}

// One line for each check: passed, failed, or not run and why.
class Checks {
 public:
  explicit Checks(Outcome& outcome) : outcome_(outcome) {}
  void result(std::string_view name, const Result<void>& result) {
    if (result) return passed(name);
    fmt::print("  FAILED   {}: {}\n", name, result.error().message);
    if (!result.error().to_do.empty())
      fmt::print("           -> {}\n", result.error().to_do);
    outcome_.status = kNo;
  }
  void passed(std::string_view name) { fmt::print("  passed   {}\n", name); }
  void not_run(std::string_view name, std::string_view why) {
    fmt::print("  not run  {}: {}\n", name, why);
  }

 private:
  Outcome& outcome_;
};

void print_balance(const sheet::SheetFields& fields, const sheet::BoxCountFields* box) {
  const auto equalities = sheet::reconcile(fields, box);
  const auto failing = std::ranges::count_if(equalities, &sheet::EqualityResult::fails);
  fmt::print("  {} of the station's equalities fail\n", failing);
  for (const auto& e : equalities) {
    const std::string_view text = sheet::equality_text(e.equality, "en");
    if (e.stated()) {
      fmt::print("    {:<3} {:<46} {} {} {}\n", e.holds() ? "ok" : "NO", text, *e.left,
                 e.holds() ? "=" : "≠", *e.right);
    } else {
      fmt::print(
          "    -   {:<46} {}\n", text,
          e.equality == sheet::Equality::box ? "box not yet counted" : "not stated");
    }
  }
}

Result<void> verify_officials(const Options& o, const sheet::SignedSheet& s,
                              const std::vector<sheet::TrustedOfficial>& trusted,
                              Checks& checks) {
  if (o.officials.empty()) {
    checks.not_run("officials' signatures", "no --officials file was given");
    return {};
  }
  base::RealFiles files;
  URNA_TRY(const std::string text, base::read_text(files, o.officials));
  URNA_TRY(const auto signatures, sheet::parse_officials(text));
  const auto result =
      sheet::check_officials(signatures, sheet::SignedDocument::sheet, s.sheet.digest(),
                             s.sheet.fields().station, trusted);
  for (const auto* good : result.good) {
    checks.passed(fmt::format("signature of {} {}", good->role(), good->name()));
  }
  for (const Error& error : result.errors) {
    checks.result("signature of an official", std::unexpected(error));
  }
  return {};
}

Result<void> verify(const Options& o, Outcome& outcome) {
  URNA_TRY(const sheet::SignedSheet s, load_sheet(o.inputs));
  URNA_TRY(const auto definition, load_optional_definition(o.definition));
  URNA_TRY(const auto authorities, authorities_of(o, definition));
  const sheet::SheetFields& f = s.sheet.fields();
  fmt::print("Station {}, segment {}, device {}, digest {}\n", f.station, f.segment,
             f.device.empty() ? "not stated" : f.device,
             sheet::short_digest(s.sheet.digest()));
  Checks checks(outcome);
  checks.passed("text in its one form, contest sums possible");
  if (authorities.empty()) {
    checks.not_run("signature and certificate",
                   "no authority key: give --authority or a --definition that has one");
    outcome.status = kNo;
  } else {
    checks.result("signature and certificate", sheet::check_signature(s, authorities));
  }
  std::vector<sheet::TrustedOfficial> trusted;
  if (definition) {
    const auto station = sheet::check_definition(f, *definition);
    checks.result("election, station, contests and options",
                  station ? Result<void>() : std::unexpected(station.error()));
    URNA_TRY(trusted, sheet::trusted_officials(*definition));
  } else {
    checks.not_run("election, station, contests and options",
                   "no --definition was given");
  }
  URNA_CHECK(verify_officials(o, s, trusted, checks));
  std::optional<sheet::SignedBoxCount> box;
  if (!o.box.empty()) {
    base::RealFiles files;
    URNA_TRY(const std::string text, base::read_text(files, o.box));
    URNA_TRY(box, sheet::parse_box_count(text));
    checks.result("box count beside this sheet",
                  sheet::check_box_count(*box, s.sheet, trusted));
  }
  print_balance(f, box ? &box->box.fields() : nullptr);
  return {};
}

std::string stated(const sheet::Count& count) {
  return count ? std::to_string(*count) : "not stated";
}

Result<void> show(const Options& o) {
  URNA_TRY(const sheet::SignedSheet s, load_sheet(o.inputs));
  URNA_TRY(const auto definition, load_optional_definition(o.definition));
  const sheet::SheetFields& f = s.sheet.fields();
  if (o.json) {
    base::Json json = sheet::to_json(f);
    json.set("digest", base::to_hex(s.sheet.digest()));
    json.set("signed", s.signature.has_value());
    fmt::print("{}\n", json.dump());
    return {};
  }
  const bool known = definition && sheet::check_definition(f, *definition);
  const auto names = known ? sheet::names_from_definition(f, *definition, o.language)
                           : sheet::names_from_codes(f, o.language);
  fmt::print("{}\nStation {} {}\nSegment {}   device {}   {}   {}\nDigest  {}\n",
             names.election, f.station, names.station, f.segment,
             f.device.empty() ? "not stated" : f.device, sheet::to_text(f.mode),
             s.signature ? "signed" : "NOT SIGNED",
             sheet::short_digest(s.sheet.digest()));
  print_balance(f, nullptr);
  fmt::print("  registered {}   checked in {}   cast {}\n", stated(f.registered),
             stated(f.check_in.total), stated(f.cast));
  for (std::size_t i = 0; i < f.contests.size(); ++i) {
    const sheet::ContestResult& contest = f.contests[i];
    fmt::print("\n{}\n", names.contests[i].title);
    for (std::size_t j = 0; j < contest.options.size(); ++j) {
      fmt::print("  {:>8}  {}\n", contest.options[j].votes,
                 names.contests[i].options[j]);
    }
    fmt::print("  {:>8}  votes in all; blank {}, null {}\n", contest.sum(),
               stated(contest.blank), stated(contest.null_votes));
  }
  return {};
}

std::string page_name(const std::string& path, std::size_t page, std::size_t pages) {
  if (pages == 1) return path;
  const std::filesystem::path p(path);
  return (p.parent_path() /
          fmt::format("{}-{}{}", p.stem().string(), page + 1, p.extension().string()))
      .string();
}

Result<void> write_document(const sheet::Document& document, const Options& o) {
  const auto medium = o.paper == "a4" ? sheet::Medium::a4 : sheet::Medium::roll80;
  if (o.output.ends_with(".pdf")) {
    URNA_TRY(const Bytes pdf, sheet::to_pdf(document, medium));
    return write_output(o.output, pdf);
  }
  if (!o.output.ends_with(".png")) {
    return fail(sheet::errors::cannot_print,
                fmt::format("'{}' ends neither in .pdf nor in .png", o.output),
                "choose the form by the name: -o sheet.pdf");
  }
  URNA_TRY(const auto pages, sheet::to_png(document, medium));
  for (std::size_t i = 0; i < pages.size(); ++i) {
    URNA_CHECK(write_output(page_name(o.output, i, pages.size()), pages[i]));
  }
  return {};
}

Result<void> print(const Options& o) {
  URNA_TRY(const sheet::SignedSheet s, load_sheet(o.inputs));
  URNA_TRY(const auto definition, load_optional_definition(o.definition));
  if (definition) URNA_CHECK(sheet::check_definition(s.sheet.fields(), *definition));
  const auto names = definition ? sheet::names_from_definition(s.sheet.fields(),
                                                               *definition, o.language)
                                : sheet::names_from_codes(s.sheet.fields(), o.language);
  sheet::PrintOptions options;
  options.language = o.language;
  options.copy = o.copy;
  base::RealFiles files;
  if (!o.officials.empty()) {
    URNA_TRY(const std::string text, base::read_text(files, o.officials));
    URNA_TRY(const auto signatures, sheet::parse_officials(text));
    return write_document(
        sheet::officials_document(s.sheet, signatures, names, options), o);
  }
  std::optional<sheet::SignedBoxCount> box;
  if (!o.box.empty()) {
    URNA_TRY(const std::string text, base::read_text(files, o.box));
    URNA_TRY(box, sheet::parse_box_count(text));
    options.box = &box->box.fields();
  }
  URNA_TRY(const auto document, sheet::sheet_document(s, names, options));
  return write_document(document, o);
}

CLI::App* add(CLI::App& app, const std::string& name, const std::string& text,
              const std::shared_ptr<Options>& o, bool definition) {
  CLI::App* command = app.add_subcommand(name, text);
  command->add_option("INPUT", o->inputs, "sheet files, pictures, PDFs, folders")
      ->required();
  if (definition) {
    command->add_option("--definition", o->definition, "the election's folder");
  }
  return command;
}

void finish(const Result<void>& result, Outcome& outcome) {
  if (!result) report_error(outcome, result.error());
}

}  // namespace

void add_sheet_reading(CLI::App& app, Outcome& outcome) {
  auto o = std::make_shared<Options>();
  CLI::App* command = add(
      app, "read", "Read sheets from pictures of their codes, or from files", o, false);
  command->add_option("-o,--output", o->output, "file for all sheets found");
  command->callback([o, &outcome] { finish(read(*o, outcome), outcome); });

  o = std::make_shared<Options>();
  command =
      add(app, "verify",
          "Check one sheet: text, sums, signature, certificate, definition, people", o,
          true);
  command->add_option("--authority", o->authorities,
                      "the authority's public key (hexadecimal) or key file");
  command->add_option("--officials", o->officials, "file of the officials' signatures");
  command->add_option("--box", o->box, "the station's box count");
  command->callback([o, &outcome] { finish(verify(*o, outcome), outcome); });

  o = std::make_shared<Options>();
  command = add(app, "show", "Show what a sheet says", o, true);
  command->add_flag("--json", o->json, "as JSON");
  command->add_option("--lang", o->language, "es (default) or en");
  command->callback([o, &outcome] { finish(show(*o), outcome); });

  o = std::make_shared<Options>();
  command = add(app, "print",
                "Print a sheet, or its officials' slip, as PDF or PNG\n\n"
                "PNG: one picture a page, NAME-1.png, NAME-2.png, ...",
                o, true);
  command->add_option("-o,--output", o->output, "NAME.pdf or NAME.png")->required();
  command
      ->add_option("--paper", o->paper, "a4 (default) or roll80: 80 mm thermal paper")
      ->check(CLI::IsMember({"a4", "roll80"}));
  command->add_option("--lang", o->language, "es (default) or en");
  command->add_option("--copy", o->copy, "text under the title, such as 'Copy 2 of 9'");
  command->add_option("--box", o->box, "the station's box count, to be compared");
  command->add_option("--officials", o->officials,
                      "print the slip of these officials' signatures instead");
  command->callback([o, &outcome] { finish(print(*o), outcome); });
}

}  // namespace urna::cli
