#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/passphrase.hpp"
#include "trustees/desk.hpp"
#include "trustees/election_key.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

using trustees::Board;
using trustees::Desk;
using trustees::Message;

constexpr std::string_view kTermsName = "terms.urna";

struct Options {
  std::string election;
  std::string folder;  // of the ceremony, public
  std::string after;   // the folder of the attempt before
  std::string key;
  std::string private_folder;
  std::string passphrase_file;
  std::string out;
  std::uint32_t other = 0;  // complained about, or answered
  bool json = false;
};

Result<trustees::Terms> read_terms(base::FileSystem& files, const std::string& folder) {
  const std::string path = base::join_path(folder, kTermsName);
  URNA_TRY(const Bytes bytes, base::read_file(files, path, 1 << 20));
  auto terms = trustees::Terms::decode(bytes);
  if (!terms) return std::unexpected(std::move(terms).error().at(path));
  return terms;
}

// The board of a folder: every file in it but the terms.
Result<Board> read_board(base::FileSystem& files, const std::string& folder) {
  URNA_TRY(const trustees::Terms terms, read_terms(files, folder));
  URNA_TRY(const std::vector<std::string> names, files.list(folder));
  std::vector<trustees::NamedFile> found;
  for (const std::string& name : names) {
    if (name == kTermsName || !name.ends_with(".urna")) continue;
    URNA_TRY(Bytes bytes,
             base::read_file(files, base::join_path(folder, name), 1 << 21));
    found.push_back({name, std::move(bytes)});
  }
  return Board::read(terms, found);
}

Result<void> call_ceremony(const Options& options) {
  base::RealFiles files;
  base::SystemRandom random;
  const std::string path = base::join_path(options.folder, kTermsName);
  if (files.kind(path) != base::FileKind::missing) {
    return fail(base::errors::file_access, fmt::format("{} exists", path),
                "each attempt has a folder of its own");
  }
  Result<trustees::Terms> terms = std::unexpected(Error{});
  if (!options.after.empty()) {
    URNA_TRY(const Board before, read_board(files, options.after));
    if (before.fatal() == nullptr && before.owed().empty()) {
      return fail(base::errors::file_access,
                  fmt::format("the attempt in {} is complete", options.after),
                  "make its key: urna trustee combine");
    }
    terms = before.terms().next_attempt();
  } else {
    URNA_TRY(const auto definition, election::load_definition(options.election));
    terms = trustees::Terms::for_definition(random, definition);
  }
  if (!terms) return std::unexpected(terms.error());
  URNA_CHECK(files.make_folder(options.folder));
  URNA_CHECK(base::write_durable(files, path, terms->encode()));
  fmt::print("{}: attempt {}, {} trustees, {} needed to decrypt\n", path,
             terms->binding().attempt, terms->n(), terms->k());
  return {};
}

using Step = Result<Message> (*)(Desk&, const Board&, const Options&);

// One step of one trustee: opens the private files, takes the step, publishes.
Result<void> take_step(const Options& options, Step step) {
  base::RealFiles files;
  base::SystemRandom random;
  URNA_TRY(const Board board, read_board(files, options.folder));
  URNA_TRY(const auto passphrase, get_passphrase(options.passphrase_file));
  crypto::Stretch stretch(passphrase.expose());
  const trustees::Vault vault{files, random, stretch};
  URNA_TRY(auto keys, trustees::TrusteeKeys::load(vault, options.key));
  const std::string folder = options.private_folder.empty()
                                 ? base::parent_folder(options.key)
                                 : options.private_folder;
  URNA_CHECK(files.make_folder(folder));
  URNA_TRY(Desk desk, Desk::open(vault, folder, board.terms(), std::move(keys)));
  URNA_TRY(const Message message, step(desk, board, options));
  const std::string path =
      base::join_path(options.folder, trustees::file_name(message.slot));
  URNA_CHECK(base::write_durable(files, path, message.encode()));
  fmt::print("{}\n", path);
  if (message.slot.step == trustees::Step::confirm) {
    fmt::print("your share of the key: {}\n", desk.share_path());
  }
  return {};
}

base::Json status_json(const Board& board) {
  base::Json owed = base::Json::array();
  for (const trustees::Owed& one : board.owed()) {
    base::Json item = base::Json::object();
    item.set("trustee", one.slot.trustee);
    item.set("step", trustees::step_name(one.slot.step));
    owed.push(std::move(item));
  }
  base::Json faults = base::Json::array();
  for (const trustees::Fault& fault : board.faults()) {
    base::Json item = base::Json::object();
    item.set("number", fault.kind.number);
    item.set("trustee", fault.trustee);
    item.set("ends_attempt", fault.ends_attempt);
    item.set("text", fault.text);
    faults.push(std::move(item));
  }
  base::Json out = base::Json::object();
  out.set("attempt", board.terms().binding().attempt);
  out.set("owed", std::move(owed));
  out.set("faults", std::move(faults));
  return out;
}

// The answer is "no" when somebody was caught.
Result<bool> show_status(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const Board board, read_board(files, options.folder));
  fmt::print("{}",
             options.json ? status_json(board).dump() : trustees::progress_text(board));
  return board.fatal() == nullptr;
}

Result<void> combine(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const Board board, read_board(files, options.folder));
  if (!options.election.empty()) {
    URNA_TRY(const auto definition, election::load_definition(options.election));
    URNA_CHECK(board.terms().check_belongs(definition));
  }
  URNA_TRY(const auto key, trustees::ElectionKey::combine(board));
  URNA_CHECK(base::write_durable(files, options.out, key.encode()));
  fmt::print("{}\njoint key      {}\nelection hash  {}\n", options.out,
             base::to_hex(key.key().bytes()), base::to_hex(key.election_hash()));
  return {};
}

void add_step(CLI::App& trustee, const std::shared_ptr<Options>& options,
              Outcome& outcome, const char* name, const char* what, Step step,
              const char* other) {
  auto* command = trustee.add_subcommand(name, what);
  command->add_option("--folder", options->folder, "The ceremony's folder")->required();
  command->add_option("--key", options->key, "Your trustee key file")->required();
  command->add_option("--private", options->private_folder,
                      "Where your private files are (default: beside the key)");
  command->add_option("--passphrase-file", options->passphrase_file,
                      "Read the passphrase from here instead of the terminal");
  if (other != nullptr) {
    command->add_option(other, options->other, "The other trustee's number")
        ->required();
  }
  command->callback([options, &outcome, step] {
    if (const auto done = take_step(*options, step); !done) {
      report_error(outcome, done.error());
    }
  });
}

void add_steps(CLI::App& trustee, const std::shared_ptr<Options>& options,
               Outcome& outcome) {
  add_step(
      trustee, options, outcome, "commit", "Round 1: draw your secrets and commit",
      [](Desk& desk, const Board&, const Options&) { return desk.commit(); }, nullptr);
  add_step(
      trustee, options, outcome, "reveal", "Round 2: show your public coefficients",
      [](Desk& desk, const Board& board, const Options&) { return desk.reveal(board); },
      nullptr);
  add_step(
      trustee, options, outcome, "share", "Round 3: deal the sealed shares",
      [](Desk& desk, const Board& board, const Options&) { return desk.share(board); },
      nullptr);
  add_step(
      trustee, options, outcome, "confirm", "Round 4: check your shares and confirm",
      [](Desk& desk, const Board& board, const Options&) {
        return desk.confirm(board);
      },
      nullptr);
  add_step(
      trustee, options, outcome, "complain", "A share does not fit: say so",
      [](Desk& desk, const Board& board, const Options& o) {
        return desk.complain(board, o.other);
      },
      "--about");
  add_step(
      trustee, options, outcome, "answer", "Open the share complained about, to all",
      [](Desk& desk, const Board& board, const Options& o) {
        return desk.answer(board, o.other);
      },
      "--to");
}

}  // namespace

void add_trustee_command(CLI::App& app, Outcome& outcome) {
  auto* trustee = app.add_subcommand(
      "trustee", "The key ceremony and the decryption: what trustees do");
  trustee->require_subcommand(1);
  auto options = std::make_shared<Options>();

  auto* begin = trustee->add_subcommand("new", "Call a ceremony, or its next attempt");
  auto* source = begin->add_option_group("source");
  source->add_option("--election", options->election, "The definition's folder");
  source->add_option("--after", options->after,
                     "The folder of the attempt that failed");
  source->require_option(1);
  begin->add_option("--folder", options->folder, "A new folder")->required();
  begin->callback([options, &outcome] {
    if (const auto done = call_ceremony(*options); !done) {
      report_error(outcome, done.error());
    }
  });

  add_steps(*trustee, options, outcome);

  auto* status = trustee->add_subcommand("status", "Who has done what, who owes what");
  status->add_option("--folder", options->folder, "The ceremony's folder")->required();
  status->add_flag("--json", options->json, "Machine form");
  status->callback([options, &outcome] {
    const auto good = show_status(*options);
    if (!good) return report_error(outcome, good.error());
    if (!*good) outcome.status = kNo;
  });

  auto* finish = trustee->add_subcommand("combine", "Make the public election key");
  finish->add_option("--folder", options->folder, "The ceremony's folder")->required();
  finish->add_option("--election", options->election, "Check against this definition");
  finish->add_option("--out", options->out, "Where to write it")->required();
  finish->callback([options, &outcome] {
    if (const auto done = combine(*options); !done) {
      report_error(outcome, done.error());
    }
  });
  add_trustee_decrypt_command(*trustee, outcome);
}

}  // namespace urna::cli
