#include "simulate/centre.hpp"

#include "base/errors.hpp"
#include "log/merkle.hpp"
#include "log/tile.hpp"

#include <algorithm>

namespace urna::simulate {
namespace {

constexpr int kTries = 200;
constexpr std::string_view kOrigin = "simulated.example/town";

crypto::SigningKey key_of(std::uint8_t number) {
  return crypto::SigningKey::from_seed(ByteArray<32>{number, 's', 'i', 'm'});
}

log::NoteSigner signer(std::string name, log::KeyType type, std::uint8_t number) {
  return log::NoteSigner::make(std::move(name), type, key_of(number)).value();
}

log::NoteSigner log_signer() {
  return signer(std::string(kOrigin), log::KeyType::ed25519, 1);
}

}  // namespace

Centre::Centre(std::uint32_t risk, Dice dice, Diary& diary)
    : diary_(diary),
      dice_(dice),
      risk_(risk),
      power_("centre", risk, dice_.for_part(), diary),
      clock_(kMorning + 50'000),
      log_key_(log_signer().verifier()) {
  for (std::size_t w = 0; w < witnesses_.size(); ++w) {
    witnesses_[w] =
        log::Witness::open(
            witness_disk_, {":memory:", fmt::format("evidence{}", w)}, clock_,
            {log_key_},
            signer(fmt::format("witness{}.example", w), log::KeyType::cosignature,
                   static_cast<std::uint8_t>(10 + w)))
            .value();
  }
}

bool Centre::running() {
  for (int tries = 0; tries < kTries; ++tries) {
    if (recorder_ && !power_.dead()) return true;
    recorder_.reset();
    if (power_.dead()) power_.start_again();
    clock_.advance(std::chrono::seconds(1 + dice_.below(60)));
    power_.worry();
    const std::string state = folder() + ".state";
    const log::LogPlaces places{folder(), state};
    (void)base::make_folder_durable(power_, folder());
    (void)base::make_folder_durable(power_, state);
    const bool begun = lock_.load().value().has_value();
    auto opened =
        begun ? record::Recorder::open(power_, places, lock_, clock_, log_signer())
              : record::Recorder::create(power_, places, lock_, clock_, log_signer());
    if (opened) {
      recorder_ = *std::move(opened);
    } else if (!power_.dead() && opened.error().kind != base::errors::disk_full) {
      diary_.problem("the centre does not start: {}", opened.error().text());
      return false;
    }
  }
  diary_.problem("the centre does not come back");
  return false;
}

void Centre::take(const record::NewDocument& document) {
  for (int tries = 0; tries < kTries && running(); ++tries) {
    power_.worry();
    clock_.advance(std::chrono::seconds(1 + dice_.below(60)));
    const auto added = recorder_->add({&document, 1});
    if (added) {
      if (added->front().conflict) {
        diary_.problem("the centre sees a conflict about {} {}", document.kind,
                       document.name);
      }
      return;
    }
    if (!power_.dead()) power_.strike();  // the sequencer wants to be opened anew
  }
  diary_.problem("the centre never takes {} {}", document.kind, document.name);
}

void Centre::receive(std::vector<record::NewDocument> documents) {
  taken_.insert(taken_.end(), documents.begin(), documents.end());
  while (!documents.empty()) {
    const std::size_t at = dice_.below(static_cast<std::uint32_t>(documents.size()));
    const std::string name = documents[at].kind + " " + documents[at].name;
    if (dice_.once_in(risk_)) {
      diary_.write("network: {} is lost, and will be sent again", name);
      continue;
    }
    take(documents[at]);
    if (dice_.once_in(risk_)) {
      diary_.write("network: {} will arrive again", name);
      continue;
    }
    documents.erase(documents.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

std::string Centre::checkpoint(const std::string& folder) {
  return base::read_text(power_.disk(), folder + "/checkpoint").value_or("");
}

void Centre::ask(std::size_t witness, const std::string& folder) {
  auto note = log::parse_note(checkpoint(folder));
  if (!note) return diary_.problem("{} has no checkpoint", folder);
  const auto text = log::parse_checkpoint(note->text).value();
  const log::VerifierKey& key = witnesses_[witness]->key();
  const auto signs = [](const log::VerifierKey& who) {
    return [&who](const log::NoteSignature& s) {
      return s.key_id == who.id() && s.name == who.name();
    };
  };
  if (std::ranges::any_of(note->signatures, signs(key))) return;
  const log::Note own{note->text,
                      {*std::ranges::find_if(note->signatures, signs(log_key()))}};
  // What this witness has of the log, whichever record it was shown.
  const std::uint64_t old = seen_[witness];
  log::TileNodes nodes(text.size, log::folder_tiles(power_.disk(), folder));
  const auto proof = log::consistency_proof(std::min(old, text.size), text.size,
                                            [&](log::NodeId n) { return nodes(n); });
  const auto answer = witnesses_[witness]->add_checkpoint(log::add_checkpoint_body(
      old, proof.value_or(std::vector<Hash32>()), own.format()));
  if (answer.status != 200) {
    diary_.write("witness {} refuses: {}", witness, answer.status);
    return;
  }
  seen_[witness] = text.size;
  const auto lines = log::parse_note(note->text + "\n" + answer.body);
  if (!lines) return diary_.problem("a witness gives an unreadable signature");
  note->signatures.insert(note->signatures.end(), lines->signatures.begin(),
                          lines->signatures.end());
  (void)base::write_durable(power_.disk(), folder + "/checkpoint",
                            as_bytes(note->format()));
}

void Centre::cosign() {
  if (!running()) return;
  for (std::size_t w = 0; w < witnesses_.size(); ++w) {
    while (dice_.once_in(risk_)) {
      diary_.write("network: witness {} cannot be reached", w);
      clock_.advance(std::chrono::minutes(5));
    }
    ask(w, folder());
  }
}

std::vector<log::VerifierKey> Centre::witness_keys() const {
  return {witnesses_[0]->key(), witnesses_[1]->key()};
}

std::string Centre::policy() const {
  std::string out = fmt::format("log {}\n", log_key().text());
  for (std::size_t w = 0; w < witnesses_.size(); ++w) {
    out += fmt::format("witness w{} {}\n", w, witnesses_[w]->key().text());
  }
  return out + "group both all w0 w1\nquorum both\n";
}

Result<void> Centre::write_other(const std::string& folder,
                                 std::span<const record::NewDocument> documents) {
  log::testing::MemoryLock lock;
  URNA_CHECK(base::make_folder_durable(power_.disk(), folder));
  URNA_CHECK(base::make_folder_durable(power_.disk(), folder + ".state"));
  URNA_TRY(auto recorder,
           record::Recorder::create(power_.disk(), {folder, folder + ".state"}, lock,
                                    clock_, log_signer()));
  clock_.advance(std::chrono::seconds(60));
  URNA_CHECK(recorder.add(documents));
  return {};
}

Result<std::pair<std::uint64_t, std::vector<Hash32>>> Centre::inclusion(
    std::string_view kind, std::string_view name) {
  if (!running()) return fail(base::errors::file_access, "the centre is down");
  const auto& versions = recorder_->index().versions(kind, name);
  if (versions.empty()) {
    return fail(base::errors::file_missing, fmt::format("no {} {}", kind, name));
  }
  const std::uint64_t size = recorder_->log().size();
  log::TileNodes nodes(size, log::folder_tiles(power_.disk(), folder()));
  URNA_TRY(auto proof, log::inclusion_proof(versions.front().entry, size,
                                            [&](log::NodeId n) { return nodes(n); }));
  return std::pair{versions.front().entry, std::move(proof)};
}

}  // namespace urna::simulate
