// `urna center`: the client's side of a centre. Stations, transmission points and
// officials use it; the centre itself is the program urna-center.
#include "base/encoding.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "center/decision.hpp"
#include "center/document.hpp"
#include "center/errors.hpp"
#include "center/pki.hpp"
#include "center/sender.hpp"
#include "cli/commands.hpp"
#include "cli/key_input.hpp"
#include "cli/passphrase.hpp"
#include "sheet/paper/collect.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string url;
  std::string certificate;
  std::string passphrase_file;
  std::string authority;
  std::string centre_key;
  unsigned patience = 600;
  unsigned wait = 0;
  std::vector<std::string> inputs;
  std::string receipts;
  bool json = false;
  bool agree = false;
  std::string about;
  std::string counts;
  std::string reason;
  std::string date;
  std::string official_key;
  std::string official_passphrase_file;
  std::string role;
  std::string name;
  std::string fingerprint;
};

constexpr std::size_t kMaxKeyFile = 64 * 1024;
// A stick from outside is not trusted to be small or flat.
constexpr std::size_t kMostFiles = 2'000;
constexpr int kDeepest = 4;

Result<center::Sender> sender_of(base::FileSystem& files, const Options& options) {
  base::SystemClock clock;
  URNA_TRY(const Bytes file, base::read_file(files, options.certificate, kMaxKeyFile));
  URNA_TRY(const auto passphrase, get_passphrase(options.passphrase_file));
  crypto::Stretch stretch(passphrase.expose());
  auto identity = center::open_identity(file, center::Purpose::client, stretch, clock);
  if (!identity) {
    return std::unexpected(std::move(identity).error().at(options.certificate));
  }
  center::SenderOptions out;
  out.url = options.url;
  out.client.tls.certificates = identity->certificates;
  out.client.tls.key = identity->key;
  URNA_TRY(out.client.tls.roots,
           base::read_text(files, options.authority, kMaxKeyFile));
  out.client.idle = std::chrono::seconds(60);
  if (!options.centre_key.empty()) {
    URNA_TRY(out.centre_key, parse_public_key(files, options.centre_key));
  }
  out.patience = std::chrono::seconds(options.patience);
  out.verdict = std::chrono::seconds(options.wait);
  return center::Sender(std::move(out));
}

// Regular files below a folder, never through links.
Result<void> gather(base::FileSystem& files, const std::string& path, int depth,
                    std::vector<std::string>& out) {
  const base::FileKind kind = files.kind(path);
  if (kind == base::FileKind::file) out.push_back(path);
  if (kind != base::FileKind::folder) return {};
  if (depth > kDeepest || out.size() > kMostFiles) {
    return fail(center::errors::not_accepted,
                fmt::format("{} holds too many files or folders", path),
                "name the files that should be sent");
  }
  URNA_TRY(const auto names, files.list(path));
  for (const std::string& name : names) {
    URNA_CHECK(gather(files, base::join_path(path, name), depth + 1, out));
  }
  return {};
}

struct Found {
  std::string path;  // of a file; of a sheet read from photographs: where it was found
  center::Identified what;
  std::string text{};  // of such a sheet
};

bool is_picture(const std::string& path) {
  for (const std::string_view ending : {".jpg", ".jpeg", ".png", ".JPG", ".pdf"}) {
    if (path.ends_with(ending)) return true;
  }
  return false;
}

// Tally sheets whose codes are on photographs; several pictures may show one sheet.
Result<void> add_photographed(base::FileSystem& files,
                              const std::vector<std::string>& pictures,
                              std::vector<Found>& out) {
  if (pictures.empty()) return {};
  const auto read = sheet::collect_sheets(files, pictures);
  for (const Error& error : read.errors) fmt::print(stderr, "{}\n", error.text());
  for (const auto& one : read.sheets) {
    std::string text = sheet::to_file_text(one.sheet);
    URNA_TRY(auto what, center::identify_document(as_bytes(text)));
    out.push_back({one.source, std::move(what), std::move(text)});
  }
  return {};
}

// The documents among the files, in an order in which none waits for another.
Result<std::vector<Found>> documents_in(base::FileSystem& files,
                                        const std::vector<std::string>& inputs) {
  std::vector<Found> out;
  std::vector<std::string> pictures;
  for (const std::string& input : inputs) {
    if (files.kind(input) == base::FileKind::missing) {
      return fail(center::errors::not_accepted, fmt::format("there is no '{}'", input),
                  "name files or folders");
    }
    std::vector<std::string> paths;
    URNA_CHECK(gather(files, input, 0, paths));
    const bool named = files.kind(input) == base::FileKind::file;
    for (const std::string& path : paths) {
      if (is_picture(path)) {
        // Of what lies in a folder, only what was meant: a machine prints pictures too.
        if (named) pictures.push_back(path);
        continue;
      }
      auto bytes = base::read_file(files, path, center::kLongestDocument);
      if (!bytes) {
        if (named) return std::unexpected(std::move(bytes).error());
        continue;
      }
      auto what = center::identify_document(*bytes);
      // Other things lie on a stick too; a file that was named must be a document.
      if (!what && named) return std::unexpected(std::move(what).error().at(path));
      if (what) out.push_back({path, *std::move(what)});
    }
  }
  URNA_CHECK(add_photographed(files, pictures, out));
  const auto place = [](const Found& found) {
    const int rank = found.what.kind == "certificate" ? 0
                     : found.what.kind == "package"   ? 1
                                                      : 2;
    return std::pair(rank, found.path);
  };
  std::ranges::sort(out, {}, place);
  return out;
}

Result<void> keep_receipts(base::FileSystem& files, const Options& options,
                           const Found& found, const center::Sent& sent) {
  if (options.receipts.empty()) return {};
  URNA_CHECK(base::make_folder_durable(files, options.receipts));
  const std::string stem = base::join_path(
      options.receipts,
      fmt::format("{}-{}-{}", found.what.kind, found.what.name,
                  base::to_hex(ByteView(sent.received.hash)).substr(0, 8)));
  URNA_CHECK(
      base::write_durable(files, stem + ".received", as_bytes(sent.received_file)));
  if (sent.verdict_file.empty()) return {};
  return base::write_durable(files, stem + ".verdict", as_bytes(sent.verdict_file));
}

void print_sent(const Found& found, const center::Sent& sent) {
  fmt::print("{} {}: received {}", found.what.kind, found.what.name,
             base::utc_text(sent.received.time));
  if (sent.verdict) {
    fmt::print("; {} {}", center::said_name(sent.verdict->said),
               base::utc_text(sent.verdict->time));
    if (!sent.verdict->reason.empty()) fmt::print(": {}", sent.verdict->reason);
  } else {
    fmt::print("; {}", sent.state == "waiting" ? "waits for another document"
                                               : "not yet verified");
  }
  fmt::print("\n");
}

// The answer is "no" when the centre refused one or it contradicts another.
Result<bool> send(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const auto found, documents_in(files, options.inputs));
  if (found.empty()) {
    return fail(center::errors::not_accepted, "there is no document to send",
                "name the folder that the machine exported to");
  }
  URNA_TRY(auto sender, sender_of(files, options));
  bool good = true;
  for (const Found& one : found) {
    Bytes bytes = to_bytes(as_bytes(one.text));
    if (bytes.empty()) {
      URNA_TRY(bytes, base::read_file(files, one.path, center::kLongestDocument));
    }
    const auto sent = sender.send(bytes);
    if (!sent) {
      if (sent.error().kind != center::errors::refused) {
        return std::unexpected(Error(sent.error()).at(one.path));
      }
      fmt::print("{} {}: REFUSED: {}\n", one.what.kind, one.what.name,
                 sent.error().message);
      good = false;
      continue;
    }
    print_sent(one, *sent);
    URNA_CHECK(keep_receipts(files, options, one, *sent));
    if (sent->verdict && sent->verdict->said != center::Said::verified) good = false;
  }
  return good;
}

std::string text_in(const base::Json& json, std::string_view key) {
  const base::Json* value = json.find(key);
  const std::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : *text;
}

const std::vector<base::Json>& list_in(const base::Json& json, std::string_view key) {
  static const base::Json nothing;
  const base::Json* value = json.find(key);
  return value == nullptr ? nothing.items() : value->items();
}

Result<base::Json> ask(const Options& options, std::string_view path,
                       center::Sender& sender) {
  URNA_TRY(const std::string text, sender.get(path));
  if (options.json) fmt::print("{}\n", text);
  return base::parse_json(text);
}

// The answer is "no" while stations are missing or something waits for people.
Result<bool> status(const Options& options) {
  base::RealFiles files;
  URNA_TRY(auto sender, sender_of(files, options));
  URNA_TRY(const auto json, ask(options, "v1/status", sender));
  std::map<std::string, std::vector<std::string>> by_state;
  for (const base::Json& one : list_in(json, "stations")) {
    by_state[text_in(one, "state")].push_back(text_in(one, "station"));
  }
  const bool good = by_state.size() == 1 && by_state.contains("published");
  if (options.json) return good;
  for (const auto& [state, stations] : by_state) {
    constexpr std::size_t kShown = 20;
    fmt::print("{:<10} {:>7}  ", state, stations.size());
    for (std::size_t i = 0; state != "published" && i < stations.size(); ++i) {
      if (i == kShown) fmt::print("...");
      if (i >= kShown) break;
      fmt::print("{} ", stations[i]);
    }
    fmt::print("\n");
  }
  if (const base::Json* states = json.find("states")) {
    for (const auto& [state, tally] : states->members()) {
      const base::Json* count = tally.find("documents");
      if (count != nullptr && count->if_int() != nullptr && *count->if_int() > 0) {
        fmt::print("documents {:<10} {:>7}\n", state, *count->if_int());
      }
    }
  }
  const std::string trouble = text_in(json, "trouble");
  if (!trouble.empty()) fmt::print("TROUBLE: {}\n", trouble);
  return good;
}

void print_conflict(const base::Json& conflict) {
  fmt::print("{} {}: these contradict one another\n", text_in(conflict, "family"),
             text_in(conflict, "name"));
  for (const base::Json& one : list_in(conflict, "documents")) {
    fmt::print("  {} {} {} by {}, {}\n", text_in(one, "hash"), text_in(one, "kind"),
               text_in(one, "time"), text_in(one, "sender"), text_in(one, "state"));
  }
  for (const base::Json& one : list_in(conflict, "proposals")) {
    fmt::print("  proposed by {}; a second person agrees with --agree:\n{}",
               text_in(one, "identity"), text_in(one, "statement"));
  }
}

Result<bool> conflicts(const Options& options) {
  base::RealFiles files;
  URNA_TRY(auto sender, sender_of(files, options));
  URNA_TRY(const auto json, ask(options, "v1/queue", sender));
  const auto& list = list_in(json, "conflicts");
  if (options.json) return list.empty();
  for (const base::Json& one : list) print_conflict(one);
  for (const base::Json& one : list_in(json, "refused")) {
    fmt::print("refused {} {} by {}: {}\n  {}\n", text_in(one, "kind"),
               text_in(one, "name"), text_in(one, "sender"), text_in(one, "reason"),
               text_in(one, "hash"));
  }
  if (list.empty()) fmt::print("nothing waits for two people\n");
  return list.empty();
}

// The conflict that --about names.
Result<base::Json> find_conflict(const Options& options, center::Sender& sender,
                                 std::string& definition) {
  URNA_TRY(const std::string text, sender.get("v1/queue"));
  URNA_TRY(const auto json, base::parse_json(text));
  definition = text_in(json, "definition");
  for (const base::Json& one : list_in(json, "conflicts")) {
    const std::string about =
        fmt::format("{} {}", text_in(one, "family"), text_in(one, "name"));
    if (about == options.about) return one;
  }
  return fail(center::errors::not_in_queue,
              fmt::format("nothing waits for people about '{}'", options.about),
              "`urna center conflicts` lists what does");
}

Result<center::Statement> new_statement(const Options& options,
                                        const base::Json& conflict,
                                        const std::string& definition) {
  base::SystemClock clock;
  center::Statement out;
  URNA_TRY(out.definition, base::array_from_hex<32>(definition));
  out.family = text_in(conflict, "family");
  out.name = text_in(conflict, "name");
  for (const base::Json& one : list_in(conflict, "documents")) {
    URNA_TRY(out.documents.emplace_back(),
             base::array_from_hex<32>(text_in(one, "hash")));
  }
  if (options.counts != "none") {
    URNA_TRY(out.counts, base::array_from_hex<32>(options.counts));
  }
  out.reason = options.reason;
  out.date = options.date.empty() ? base::utc_text(clock.unix_seconds()).substr(0, 10)
                                  : options.date;
  return out;
}

Result<std::string> words_to_sign(const Options& options, const base::Json& conflict,
                                  const std::string& definition) {
  if (!options.agree) {
    URNA_TRY(const auto statement, new_statement(options, conflict, definition));
    URNA_CHECK(center::Statement::parse(statement.text()));
    return statement.text();
  }
  const auto& proposals = list_in(conflict, "proposals");
  if (proposals.size() != 1) {
    return fail(center::errors::not_in_queue,
                fmt::format("there are {} proposals, not one", proposals.size()),
                "say what you decide with --counts and --reason, in the same words");
  }
  const std::string words = text_in(proposals.front(), "statement");
  URNA_CHECK(center::Statement::parse(words));
  return words;
}

Result<void> decide(const Options& options) {
  base::RealFiles files;
  if (!options.agree && (options.counts.empty() || options.reason.empty())) {
    return fail(center::errors::bad_decision, "nothing is said yet",
                "give --counts HASH|none and --reason, or --agree");
  }
  URNA_TRY(auto sender, sender_of(files, options));
  std::string definition;
  URNA_TRY(const auto conflict, find_conflict(options, sender, definition));
  URNA_TRY(const std::string words, words_to_sign(options, conflict, definition));
  fmt::print("{}", words);
  URNA_TRY(const auto key, load_signing_key(files, options.official_key,
                                            options.official_passphrase_file));
  const std::string line =
      center::sign_statement(words, options.role, options.name, key);
  URNA_CHECK(center::read_decision_signature(words, line));
  URNA_TRY(const std::string answer, sender.post("v1/decisions", words + line));
  URNA_TRY(const auto json, base::parse_json(answer));
  const base::Json* done = json.find("carried_out");
  const bool both = done != nullptr && done->if_bool() != nullptr && *done->if_bool();
  fmt::print("{}\n", both ? "signed by two people, and carried out"
                          : "signed; a second person must agree");
  return {};
}

Result<void> withdraw(const Options& options) {
  base::RealFiles files;
  URNA_TRY(auto sender, sender_of(files, options));
  URNA_CHECK(
      sender.post(fmt::format("v1/clients/{}/withdraw", options.fingerprint), ""));
  fmt::print("{} is shut out from now on\n", options.fingerprint);
  return {};
}

void add_common(CLI::App& command, Options& options) {
  command.add_option("--to", options.url, "The centre: https://centre.example:8443")
      ->required();
  command.add_option("--certificate", options.certificate, "From urna pki client")
      ->required();
  command.add_option("--passphrase-file", options.passphrase_file,
                     "Its passphrase; read from here instead of the terminal");
  command
      .add_option("--authority", options.authority,
                  "The authority's certificates, PEM (urna pki show --certificates)")
      ->required();
  command.add_option("--patience", options.patience,
                     "Seconds to keep trying (default: 600)");
}

void add_send(CLI::App& command, const std::shared_ptr<Options>& options,
              Outcome& outcome) {
  add_common(command, *options);
  command
      .add_option("files", options->inputs,
                  "Files or folders; photographs of a tally sheet's codes by name")
      ->required();
  command.add_option("--centre-key", options->centre_key,
                     "The key of its receipts that you know: hexadecimal or key file");
  command.add_option("--receipts", options->receipts, "Write the signed receipts here");
  command.add_option("--wait", options->wait,
                     "Seconds to wait for the second receipt of each document");
  command.callback([options, &outcome] {
    const auto good = send(*options);
    if (!good) return report_error(outcome, good.error());
    if (!*good) outcome.status = kNo;
  });
}

void add_decide(CLI::App& command, const std::shared_ptr<Options>& options,
                Outcome& outcome) {
  add_common(command, *options);
  command.add_option("--about", options->about, "Such as 'package N01'")->required();
  command.add_option("--counts", options->counts,
                     "SHA-256 of the document that counts, or none");
  command.add_option("--reason", options->reason, "In words, one line");
  command.add_option("--date", options->date, "YYYY-MM-DD (default: today)");
  command.add_flag("--agree", options->agree, "Sign what the first person proposed");
  command
      .add_option("--official-key", options->official_key,
                  "Your signing key, which the election knows")
      ->required();
  command.add_option("--official-passphrase-file", options->official_passphrase_file,
                     "Its passphrase");
  command.add_option("--role", options->role, "Your role, such as PRESIDENT")
      ->required();
  command.add_option("--name", options->name, "Your label, such as V-1")->required();
  command.callback([options, &outcome] {
    if (const auto done = decide(*options); !done) report_error(outcome, done.error());
  });
}

}  // namespace

void add_center_command(CLI::App& app, Outcome& outcome) {
  auto* group = app.add_subcommand(
      "center", "Send documents to a centre, see where they stand, decide conflicts");
  group->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  add_send(
      *group->add_subcommand(
          "send", "Send a station's documents; goes on where a transfer broke off"),
      options, outcome);
  add_send(*group->add_subcommand(
               "take", "The same for a stick that was carried to a transmission point"),
           options, outcome);
  const auto view = [&](const char* name, const char* says,
                        Result<bool> (*what)(const Options&)) {
    auto* command = group->add_subcommand(name, says);
    add_common(*command, *options);
    command->add_flag("--json", options->json, "Machine form");
    command->callback([options, &outcome, what] {
      const auto good = what(*options);
      if (!good) return report_error(outcome, good.error());
      if (!*good) outcome.status = kNo;
    });
  };
  view("status", "Which stations have arrived; exit status 1 while any is missing",
       status);
  view("conflicts", "What waits for two people; exit status 1 while something does",
       conflicts);
  add_decide(*group->add_subcommand(
                 "decide", "Say which of two documents counts; two people must agree"),
             options, outcome);
  auto* out = group->add_subcommand("withdraw", "Shut a client's certificate out");
  add_common(*out, *options);
  out->add_option("fingerprint", options->fingerprint,
                  "Of the certificate, from urna pki show")
      ->required();
  out->callback([options, &outcome] {
    if (const auto done = withdraw(*options); !done) {
      report_error(outcome, done.error());
    }
  });
}

}  // namespace urna::cli
