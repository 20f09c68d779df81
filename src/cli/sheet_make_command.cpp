// `urna sheet make | import | certify | sign | endorse | box`.
#include "base/csv.hpp"
#include "base/encoding.hpp"
#include "cli/key_input.hpp"
#include "cli/sheet_command.hpp"
#include "sheet/box_count.hpp"
#include "sheet/definition_check.hpp"
#include "sheet/errors.hpp"
#include "sheet/sheet_json.hpp"
#include "sheet/venezuela2024.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string input;
  std::string output = "-";
  std::string definition;
  std::string contest;
  std::string key, passphrase_file, certificate, public_key;
  std::string role = std::string(sheet::kMachineRole), name, station, mode = "official",
              election;
};

using OptionsPointer = std::shared_ptr<Options>;

void finish(const Result<void>& result, Outcome& outcome) {
  if (!result) report_error(outcome, result.error());
}

// Sheets of the fields that can be sheets; what is impossible goes to the report.
std::string to_lines(std::vector<sheet::SheetFields> all, base::Report& report,
                     const std::string& file) {
  std::string out;
  for (sheet::SheetFields& fields : all) {
    const std::string station = fields.station;
    const auto made = sheet::Sheet::make(std::move(fields));
    if (made) {
      out += made->text() + '\n';
    } else {
      report.add(made.error(), {file, 0, station});
    }
  }
  return out;
}

Result<void> make(const Options& o, Outcome& outcome) {
  base::RealFiles files;
  URNA_TRY(std::string text, base::read_text(files, o.input));
  base::Report report;
  std::vector<sheet::SheetFields> made;
  if (o.input.ends_with(".csv")) {
    URNA_TRY(const auto definition, load_optional_definition(o.definition));
    if (!definition) {
      return fail(sheet::errors::bad_import,
                  "a CSV needs the definition of its election",
                  "give --definition FOLDER");
    }
    const auto table = base::parse_csv(std::move(text), o.input, report);
    made = sheet::sheets_from_csv(table, *definition, report);
  } else {
    auto json = base::parse_json(text);
    if (!json) return std::unexpected(std::move(json).error().at(o.input));
    auto fields = sheet::sheet_from_json(*json, o.input, report);
    if (fields) made.push_back(std::move(*fields));
  }
  const std::string lines = to_lines(std::move(made), report, o.input);
  if (!report.findings().empty()) report_findings(outcome, report);
  if (!report.ok()) return {};
  return write_output(o.output, as_bytes(lines));
}

Result<void> import_venezuela(const Options& o, Outcome& outcome) {
  base::RealFiles files;
  URNA_TRY(const std::string text, base::read_text(files, o.input));
  URNA_TRY(const auto definition, load_optional_definition(o.definition));
  base::Report report;
  std::string lines;
  std::size_t line_number = 0;
  for (std::string_view left = text; !left.empty();) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    const std::string_view line = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    ++line_number;
    if (line.empty()) continue;
    auto acta = sheet::parse_venezuela_2024(line);
    Result<sheet::Sheet> made = std::unexpected(acta ? Error{} : acta.error());
    if (acta) {
      std::vector<std::string> options;
      for (std::size_t i = 1; i <= acta->votes.size(); ++i) {
        options.push_back(fmt::format("CARD{:02}", i));
      }
      Hash32 election{};
      sheet::Mode mode = sheet::Mode::official;
      if (definition) {
        election = definition->hash();
        mode = definition->model().mode;
        options.clear();
        if (const auto contest = definition->find_contest(o.contest)) {
          for (const auto& option : definition->contests()[*contest].options) {
            options.push_back(option.code);
          }
        }
      }
      made = sheet::to_sheet(*acta, mode, election, o.contest, options);
    }
    if (made) {
      lines += made->text() + '\n';
    } else {
      report.add(made.error(), {o.input, line_number, {}});
    }
  }
  if (!report.findings().empty()) report_findings(outcome, report);
  if (lines.empty()) return {};
  return write_output(o.output, as_bytes(lines));
}

Result<void> certify(const Options& o) {
  base::RealFiles files;
  sheet::CertificateFields fields;
  fields.role = o.role;
  fields.station = o.station;
  fields.name = o.name;
  URNA_TRY(const auto definition, load_optional_definition(o.definition));
  if (definition) {
    fields.election = definition->hash();
    fields.mode = definition->model().mode;
  } else {
    URNA_TRY(fields.election, base::array_from_hex<32>(o.election));
    std::string mode = o.mode;
    for (char& c : mode) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    URNA_TRY(fields.mode, sheet::parse_mode(mode));
  }
  URNA_TRY(const crypto::PublicKey device, parse_public_key(files, o.public_key));
  URNA_TRY(const crypto::SigningKey authority,
           load_signing_key(files, o.key, o.passphrase_file));
  URNA_TRY(const auto certificate,
           sheet::Certificate::issue(std::move(fields), device, authority));
  return write_output(o.output, as_bytes(certificate.text() + '\n'));
}

Result<void> sign(const Options& o) {
  base::RealFiles files;
  URNA_TRY(const std::string text, base::read_text(files, o.input));
  URNA_TRY(sheet::SignedSheet unsigned_sheet, sheet::parse_signed_sheet(text));
  URNA_TRY(std::string certificate_text, base::read_text(files, o.certificate));
  if (certificate_text.ends_with('\n')) certificate_text.pop_back();
  URNA_TRY(auto certificate, sheet::Certificate::parse(certificate_text));
  URNA_TRY(const crypto::SigningKey device,
           load_signing_key(files, o.key, o.passphrase_file));
  URNA_TRY(const auto signed_sheet, sheet::sign_sheet(std::move(unsigned_sheet.sheet),
                                                      std::move(certificate), device));
  return write_output(o.output, as_bytes(sheet::to_file_text(signed_sheet)));
}

// The signature of one official over a sheet or a box count.
Result<sheet::OfficialSignature> official_signature(const Options& o,
                                                    sheet::SignedDocument document,
                                                    const Hash32& digest,
                                                    const std::string& station) {
  base::RealFiles files;
  URNA_TRY(const crypto::SigningKey key,
           load_signing_key(files, o.key, o.passphrase_file));
  return sheet::OfficialSignature::sign(document, digest, station, o.role, o.name, key);
}

Result<void> endorse(const Options& o) {
  base::RealFiles files;
  URNA_TRY(const std::string text, base::read_text(files, o.input));
  if (text.starts_with("URNA:BOX/")) {
    URNA_TRY(sheet::SignedBoxCount box, sheet::parse_box_count(text));
    URNA_TRY(auto signature,
             official_signature(o, sheet::SignedDocument::box, box.box.digest(),
                                box.box.fields().station));
    box.signatures.push_back(std::move(signature));
    return write_output(o.output, as_bytes(sheet::to_file_text(box)));
  }
  URNA_TRY(const sheet::SignedSheet signed_sheet, load_sheet({o.input}));
  URNA_TRY(
      const auto signature,
      official_signature(o, sheet::SignedDocument::sheet, signed_sheet.sheet.digest(),
                         signed_sheet.sheet.fields().station));
  return write_output(o.output, as_bytes(signature.text() + '\n'));
}

Result<void> box(const Options& o, Outcome& outcome) {
  base::RealFiles files;
  URNA_TRY(const std::string text, base::read_text(files, o.input));
  URNA_TRY(const sheet::SignedSheet beside, load_sheet({o.certificate}));
  auto json = base::parse_json(text);
  if (!json) return std::unexpected(std::move(json).error().at(o.input));
  base::Report report;
  auto fields = sheet::box_count_from_json(*json, o.input, report);
  if (!fields) {
    report_findings(outcome, report);
    return {};
  }
  fields->mode = beside.sheet.fields().mode;
  fields->election = beside.sheet.fields().election;
  fields->station = beside.sheet.fields().station;
  fields->sheet = beside.sheet.digest();
  URNA_TRY(const auto made, sheet::BoxCount::make(std::move(*fields)));
  return write_output(o.output, as_bytes(made.text() + '\n'));
}

void add_key_options(CLI::App& command, Options& o, const std::string& whose) {
  command.add_option("--key", o.key, "key file of " + whose)->required();
  command.add_option("--passphrase-file", o.passphrase_file,
                     "first line: the key's passphrase (default: ask)");
}

void add_output(CLI::App& command, Options& o) {
  command.add_option("-o,--output", o.output, "file to write (default: the terminal)");
}

void add_make_and_import(CLI::App& app, Outcome& outcome) {
  const auto o = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "make",
      "Sheets (not signed) from numbers: one from JSON, many from CSV\n\n"
      "The CSV has the columns station, contest, item, value.");
  command->add_option("INPUT", o->input, "numbers as .json or .csv")->required();
  command->add_option("--definition", o->definition, "the election's folder (for CSV)");
  add_output(*command, *o);
  command->callback([o, &outcome] { finish(make(*o, outcome), outcome); });

  const auto i = std::make_shared<Options>();
  CLI::App* import = app.add_subcommand(
      "import",
      "Sheets (not signed) from the QR texts of Venezuela's sheets of 2024\n\n"
      "One text a line: 220103007.01.1.0001!140,7,10!0!0. With --definition the\n"
      "votes take the option codes of the contest, else CARD01, CARD02, ...");
  import->add_option("INPUT", i->input, "file of texts")->required();
  import->add_option("--definition", i->definition, "the election's folder");
  import->add_option("--contest", i->contest, "code of the contest")->required();
  add_output(*import, *i);
  import->callback([i, &outcome] { finish(import_venezuela(*i, outcome), outcome); });
}

void add_signing(CLI::App& app, Outcome& outcome) {
  const auto c = std::make_shared<Options>();
  CLI::App* certify_command = app.add_subcommand(
      "certify", "Certify a device's key for one station, as the election authority");
  add_key_options(*certify_command, *c, "the authority");
  certify_command
      ->add_option("--device-key", c->public_key,
                   "public key (hexadecimal) or key file")
      ->required();
  certify_command->add_option("--name", c->name, "label of the device")->required();
  certify_command->add_option("--station", c->station,
                              "code of the station (default: every station)");
  certify_command->add_option("--role", c->role, "MACHINE, or an official's role");
  certify_command->add_option("--definition", c->definition, "the election's folder");
  certify_command->add_option("--election", c->election,
                              "the definition's hash, without --definition");
  certify_command->add_option("--mode", c->mode, "demo, test or official (default)")
      ->check(CLI::IsMember({"demo", "test", "official"}));
  add_output(*certify_command, *c);
  certify_command->callback([c, &outcome] { finish(certify(*c), outcome); });

  const auto s = std::make_shared<Options>();
  CLI::App* sign_command =
      app.add_subcommand("sign", "Sign a sheet as the device that made it");
  sign_command->add_option("SHEET", s->input, "a sheet of one line")->required();
  add_key_options(*sign_command, *s, "the device");
  sign_command->add_option("--certificate", s->certificate, "the device's certificate")
      ->required();
  add_output(*sign_command, *s);
  sign_command->callback([s, &outcome] { finish(sign(*s), outcome); });
}

void add_people(CLI::App& app, Outcome& outcome) {
  const auto e = std::make_shared<Options>();
  e->role.clear();
  CLI::App* endorse_command = app.add_subcommand(
      "endorse",
      "Sign a sheet or a box count as an official\n\n"
      "For a sheet: one line, to be kept beside it. For a box count: the file again,\n"
      "with one more signature.");
  endorse_command->add_option("DOCUMENT", e->input, "sheet or box count")->required();
  add_key_options(*endorse_command, *e, "the official");
  endorse_command->add_option("--role", e->role, "PRESIDENT, WITNESS, ...")->required();
  endorse_command->add_option("--name", e->name, "initials or identity number")
      ->required();
  add_output(*endorse_command, *e);
  endorse_command->callback([e, &outcome] { finish(endorse(*e), outcome); });

  const auto b = std::make_shared<Options>();
  CLI::App* box_command = app.add_subcommand(
      "box", "A box count, to stand beside a sheet: papers found, hand count");
  box_command->add_option("INPUT", b->input, "JSON: papers, image, contests")
      ->required();
  box_command->add_option("--sheet", b->certificate, "the station's sheet")->required();
  add_output(*box_command, *b);
  box_command->callback([b, &outcome] { finish(box(*b, outcome), outcome); });
}

}  // namespace

void add_sheet_making(CLI::App& sheet, Outcome& outcome) {
  add_make_and_import(sheet, outcome);
  add_signing(sheet, outcome);
  add_people(sheet, outcome);
}

}  // namespace urna::cli
