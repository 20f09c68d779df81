#include "base/clock.hpp"
#include "base/errors.hpp"
#include "base/file.hpp"
#include "base/progress.hpp"
#include "cli/commands.hpp"
#include "cli/serve_options.hpp"
#include "crypto/sha256.hpp"
#include "log/check_folder.hpp"
#include "log/document.hpp"
#include "log/errors.hpp"
#include "log/mirror.hpp"
#include "log/receipt.hpp"
#include "log/sequencer.hpp"
#include "log/service.hpp"
#include "record/checkpoint.hpp"

#include <chrono>
#include <thread>

#include <CLI/App.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace urna::cli {
namespace {

struct Options {
  std::string source;
  std::string folder;
  std::string policy;
  std::string log_key;
  std::string entry;
  std::string document;
  std::string out;
  std::uint64_t index = 0;
  bool json = false;
  ServeOptions serve;
};

// From --policy or --log; nothing when neither is given.
Result<std::optional<log::Policy>> policy_of(base::FileSystem& files,
                                             const Options& options) {
  if (!options.policy.empty()) {
    URNA_TRY(auto policy, log::read_policy(files, options.policy));
    return policy;
  }
  if (options.log_key.empty()) return std::nullopt;
  URNA_TRY(const auto key, log::VerifierKey::parse(options.log_key));
  return log::Policy::log_alone(key);
}

Result<log::Policy> needed_policy(base::FileSystem& files, const Options& options) {
  URNA_TRY(auto policy, policy_of(files, options));
  if (policy) return *std::move(policy);
  return fail(log::errors::bad_policy, "nothing says whose signatures count",
              "give --policy FILE, or --log KEY for the log's signature alone");
}

std::string signed_by(const std::vector<std::string>& witnesses) {
  if (witnesses.empty()) return "signed by the log, by no witness of the policy";
  return fmt::format("signed by the log and by {}", fmt::join(witnesses, ", "));
}

Result<bool> run_mirror(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const log::Policy policy, needed_policy(files, options));
  std::unique_ptr<log::RecordSource> source;
  if (options.source.starts_with("http")) {
    URNA_TRY(const http::Url url, http::parse_url(options.source));
    source = log::http_source(url);
  } else {
    source = log::folder_source(files, options.source);
  }
  log::MirrorOptions how;
  how.pause = [](unsigned attempt) {
    std::this_thread::sleep_for(std::chrono::seconds(1U << std::min(attempt, 5U)));
  };
  Result<log::MirrorSummary> done = log::MirrorSummary{};
  {
    base::LateProgress progress("Mirroring", "entries");
    how.progress = std::ref(progress);
    done = log::mirror(*source, files, options.folder, policy, how);
  }
  if (!done) {
    const bool no = done.error().kind == log::errors::split_view ||
                    done.error().kind == log::errors::quorum_missing;
    if (!no) return std::unexpected(std::move(done).error());
    fmt::print(stderr, "{}\n", done.error().text());
    return false;
  }
  fmt::print(
      "{} entries ({} new), {} files and {} bytes fetched, every one checked\n{}\n",
      done->size, done->size - done->old_size, done->files, done->bytes,
      signed_by(done->witnesses));
  return true;
}

Result<bool> run_check(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const auto policy, policy_of(files, options));
  Result<log::FolderCheck> checked = log::FolderCheck{};
  {
    base::LateProgress progress("Checking", "entries");
    checked = log::check_folder(files, options.folder, policy, std::ref(progress));
  }
  if (!checked) return std::unexpected(std::move(checked).error());
  if (options.json) {
    base::Json json = base::Json::object();
    json.set("entries", checked->entries);
    json.set("blobs", checked->blobs);
    json.set("signatures", policy ? "checked" : "not checked");
    json.set("report", checked->report.to_json());
    fmt::print("{}\n", json.dump());
    return checked->report.ok();
  }
  if (!checked->report.findings().empty()) {
    fmt::print("{}\n", checked->report.text());
  }
  if (!checked->report.ok()) return false;
  fmt::print(
      "{} entries, {} blobs: all files are what the checkpoint of {} commits to\n",
      checked->entries, checked->blobs, checked->checkpoint->origin);
  if (policy) {
    fmt::print("{}\n", signed_by(checked->witnesses));
  } else {
    fmt::print("signatures: NOT CHECKED; give --policy or --log\n");
  }
  return true;
}

Result<bool> run_serve(const Options& options) {
  base::RealFiles files;
  if (files.kind(base::join_path(options.folder, "checkpoint")) !=
      base::FileKind::file) {
    return fail(log::errors::log_state,
                fmt::format("{} has no file 'checkpoint'", options.folder),
                "name the folder of a log or of a mirror");
  }
  http::Router router;
  log::add_log_routes(router, files, options.folder);
  URNA_CHECK(serve_until_stopped(std::move(router), options.serve));
  return true;
}

Result<bool> run_cosign(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const log::Policy policy, needed_policy(files, options));
  URNA_TRY(const auto outcomes,
           log::collect_cosignatures(files, options.folder, policy));
  for (const log::CosignOutcome& outcome : outcomes) {
    fmt::print("{}: {}\n", outcome.witness,
               outcome.result ? "signed" : outcome.result.error().text());
  }
  URNA_TRY(const std::string note,
           base::read_text(files, base::join_path(options.folder, "checkpoint"),
                           log::kMaxNote));
  const auto checked = policy.check(note);
  fmt::print("{}\n", checked ? signed_by(checked->witnesses) : checked.error().text());
  return checked.has_value();
}

// The entry that names a document with these bytes.
Result<std::uint64_t> entry_of(base::FileSystem& files, const Options& options) {
  URNA_TRY(const Bytes bytes, base::read_file(files, options.document));
  const Hash32 hash = crypto::sha256(bytes);
  std::optional<std::uint64_t> found;
  URNA_CHECK(record::scan_log(files, options.folder,
                              [&](std::uint64_t at, const Bytes& entry) {
                                const auto document = log::parse_document(entry);
                                if (document && document->hash == hash) found = at;
                              }));
  if (found) return *found;
  return fail(log::errors::log_state,
              fmt::format("no entry of the log names {}", options.document),
              "name a file that was added to this record");
}

Result<bool> run_receipt(const Options& options) {
  base::RealFiles files;
  std::uint64_t index = options.index;
  if (!options.document.empty()) {
    URNA_TRY(index, entry_of(files, options));
  }
  URNA_TRY(const std::string note,
           base::read_text(files, base::join_path(options.folder, "checkpoint"),
                           log::kMaxNote));
  URNA_TRY(const log::Receipt receipt,
           log::make_receipt(log::folder_tiles(files, options.folder), note, index));
  if (options.out.empty()) {
    fmt::print("{}", receipt.text());
    return true;
  }
  URNA_CHECK(base::write_durable(files, options.out, as_bytes(receipt.text())));
  return true;
}

Result<bool> run_check_receipt(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const log::Policy policy, needed_policy(files, options));
  URNA_TRY(const std::string text, base::read_text(files, options.source, 1 << 20));
  URNA_TRY(const Bytes entry,
           base::read_file(files, options.entry, std::size_t{1} << 20));
  URNA_TRY(const log::Receipt receipt, log::parse_receipt(text));
  const auto checked = log::check_receipt(receipt, entry, policy);
  if (!checked) {
    fmt::print("{}\n", checked.error().text());
    return false;
  }
  fmt::print("yes: entry {} of {}, {}\n", receipt.index,
             checked->signed_checkpoint.checkpoint.origin,
             signed_by(checked->witnesses));
  return true;
}

}  // namespace

void add_log_command(CLI::App& app, Outcome& outcome) {
  auto* top = app.add_subcommand(
      "log", "Mirror, check and serve a record's log; no key and no database needed");
  top->require_subcommand(1);
  auto options = std::make_shared<Options>();
  const auto run = [options, &outcome](Result<bool> (*what)(const Options&)) {
    return [options, &outcome, what] {
      const auto good = what(*options);
      if (!good) return report_error(outcome, good.error());
      if (!*good) outcome.status = kNo;
    };
  };
  const auto trust = [&](CLI::App* command) {
    command->add_option("--policy", options->policy,
                        "Logs, witnesses and quorum (docs/formats/log-policy.md)");
    command->add_option("--log", options->log_key,
                        "Or: the log's key; no witness is asked for");
  };

  auto* copy = top->add_subcommand(
      "mirror", "Copy a record and check every file; run again to go on or to update");
  copy->add_option("source", options->source, "A folder, or http(s)://...")->required();
  copy->add_option("folder", options->folder, "Where the mirror is")->required();
  trust(copy);
  copy->callback(run(run_mirror));

  auto* check = top->add_subcommand("check", "Name every file that is not as signed");
  check->add_option("folder", options->folder, "With the file 'checkpoint'")
      ->required();
  trust(check);
  check->add_flag("--json", options->json, "Machine form");
  check->callback(run(run_check));

  auto* serve = top->add_subcommand("serve", "Serve a log or a mirror until Ctrl-C");
  serve->add_option("folder", options->folder, "With the file 'checkpoint'")
      ->required();
  add_serve_options(*serve, options->serve);
  serve->callback(run(run_serve));

  auto* cosign = top->add_subcommand(
      "cosign", "Ask the policy's witnesses to sign the checkpoint of a log's folder");
  cosign->add_option("folder", options->folder, "With the file 'checkpoint'")
      ->required();
  trust(cosign);
  cosign->callback(run(run_cosign));

  auto* receipt = top->add_subcommand(
      "receipt", "Write the proof that an entry stands in the log, to check offline");
  receipt->add_option("folder", options->folder, "With the file 'checkpoint'")
      ->required();
  auto* which = receipt->add_option_group("which")->require_option(1);
  which->add_option("--index", options->index, "Of the entry, from 0");
  which->add_option("--document", options->document, "Or the file that it names");
  receipt->add_option("--out", options->out, "File to write instead of the screen");
  receipt->callback(run(run_receipt));

  auto* verify = top->add_subcommand("check-receipt", "Check such a proof");
  verify->add_option("receipt", options->source, "The file")->required();
  verify->add_option("--entry", options->entry, "The entry's bytes, as logged")
      ->required();
  trust(verify);
  verify->callback(run(run_check_receipt));
}

}  // namespace urna::cli
