#include "base/encoding.hpp"
#include "base/file.hpp"
#include "cli/commands.hpp"
#include "record/errors.hpp"
#include "record/receipt.hpp"
#include "sheet/paper/image.hpp"
#include "sheet/paper/qr.hpp"
#include "sheet/voter_slip.hpp"

#include <algorithm>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string record;
  std::string code;
  std::string picture;
  std::string station;
  std::string log_key;
  std::string election;
  std::string out;
  bool json = false;
};

// The slip in a picture; the stronger one when both are there.
Result<record::Slip> read_picture(base::FileSystem& files, const std::string& path) {
  URNA_TRY(const Bytes bytes, base::read_file(files, path, std::size_t{1} << 28));
  URNA_TRY(const sheet::GrayImage image, sheet::decode_picture(bytes));
  auto texts = sheet::read_qr(image, [](const std::vector<std::string>& found) {
    return std::ranges::any_of(found, sheet::is_voter_slip);
  });
  std::erase_if(texts,
                [](const std::string& text) { return !sheet::is_voter_slip(text); });
  if (texts.empty()) {
    return fail(record::errors::bad_receipt_code,
                "the picture shows no code of a receipt or of a cast slip",
                "take it again, straight and near; or type the code", path);
  }
  return record::parse_slip(std::ranges::min(texts));  // URNAC1 before URNAR1
}

// What this answer rests on without anybody having looked.
std::string not_checked(const Options& options) {
  std::string what;
  if (options.log_key.empty()) what += " whose log this is (--log-key);";
  if (options.election.empty()) what += " which election this is (--election);";
  if (!what.empty()) what = "not checked:" + what;
  return what + (what.empty() ? "" : "\n");
}

Result<bool> check(const Options& options) {
  if (options.picture.empty() == options.code.empty()) {
    return fail(record::errors::bad_receipt_code, "no code and no picture was given",
                "give the code as printed, or --picture FILE");
  }
  base::RealFiles files;
  Result<record::Slip> slip = options.picture.empty()
                                  ? record::parse_slip(options.code)
                                  : read_picture(files, options.picture);
  if (!slip) return std::unexpected(std::move(slip).error());
  if (slip->station.empty()) slip->station = options.station;
  record::Trust trust;
  if (!options.log_key.empty()) {
    URNA_TRY(trust.log_key, log::VerifierKey::parse(options.log_key));
  }
  if (!options.election.empty()) {
    URNA_TRY(trust.election, base::array_from_hex<32>(options.election));
  }
  URNA_TRY(const record::Frame frame, record::read_frame(files, options.record, trust));
  URNA_TRY(const auto answer, record::check_slip(frame, *slip));
  const std::string json = answer.to_json(*slip).dump();
  if (!options.out.empty()) {
    URNA_CHECK(base::write_durable(files, options.out, as_bytes(json + "\n")));
  }
  if (options.json) {
    fmt::print("{}\n", json);
  } else {
    fmt::print("{}{}", answer.text(*slip), not_checked(options));
  }
  return answer.kept();
}

}  // namespace

void add_receipt_command(CLI::App& app, Outcome& outcome) {
  auto* receipt = app.add_subcommand("receipt", "What a voter took home");
  receipt->require_subcommand(1);
  auto options = std::make_shared<Options>();
  auto* command = receipt->add_subcommand(
      "check", "Is my ballot recorded as cast? The proof, or evidence for a complaint");
  command->add_option("record", options->record, "The folder of the record")
      ->required();
  auto* code = command->add_option("code", options->code,
                                   "The code as printed, or the text of the QR code");
  auto* picture =
      command->add_option("--picture", options->picture, "A picture of the QR code");
  picture->excludes(code);
  command->add_option("--station", options->station, "Look only here: faster");
  command->add_option("--log-key", options->log_key,
                      "The log's verifier key that you know from elsewhere");
  command->add_option("--election", options->election,
                      "The election hash that you know from elsewhere");
  command->add_option("--out", options->out, "Keep the answer and its proof here");
  command->add_flag("--json", options->json, "Machine form, with the whole proof");
  command->callback([options, &outcome] {
    const auto good = check(*options);
    if (!good) return report_error(outcome, good.error());
    if (!*good) outcome.status = kNo;
  });
}

}  // namespace urna::cli
