#include "ballot/package.hpp"
#include "base/binary.hpp"
#include "base/json.hpp"
#include "log/policy.hpp"
#include "record/errors.hpp"
#include "record/recorder.hpp"
#include "sheet/box_count.hpp"
#include "sheet/certificate.hpp"
#include "sheet/lost_machine.hpp"
#include "sheet/officials.hpp"
#include "trustees/decision.hpp"
#include "trustees/election_key.hpp"
#include "trustees/message.hpp"
#include "trustees/partial.hpp"

#include <fmt/format.h>

namespace urna::record {
namespace {

using Named = Result<NewDocument>;

NewDocument named(std::string_view kind, std::string name, Bytes bytes) {
  return {std::string(kind), std::move(name), std::move(bytes)};
}

// A text with its length in four bytes in front.
bool begins_with_text(ByteView bytes, std::string_view text) {
  return bytes.size() > 4 + text.size() &&
         as_text(bytes.subspan(4, text.size())) == text;
}

Named binary(std::string_view magic, Bytes bytes) {
  if (magic == "urna-dec") {
    URNA_TRY(const auto partial, trustees::Partial::decode(bytes));
    std::string name = fmt::format("{}-{:02}", partial.station, partial.share.trustee);
    return named(kinds::decryption, std::move(name), std::move(bytes));
  }
  if (magic == "urna-xcl") {
    URNA_TRY(const auto decision, trustees::Decision::decode(bytes));
    return named(kinds::exclusion, decision.station, std::move(bytes));
  }
  if (magic == "urna-ekr") {
    URNA_CHECK(trustees::ElectionKey::decode(bytes));
    return named(kinds::election_key, "election-key", std::move(bytes));
  }
  if (magic == "urna-ctr") {
    URNA_CHECK(trustees::Terms::decode(bytes));
    return named(kinds::ceremony, "terms.urna", std::move(bytes));
  }
  if (magic == "urna-cer") {
    URNA_TRY(const auto message, trustees::Message::decode(bytes));
    return named(kinds::ceremony, trustees::file_name(message.slot), std::move(bytes));
  }
  return fail(errors::unknown_document, "");
}

Named text(std::string_view content, Bytes bytes) {
  if (content.starts_with("URNA:CERT/")) {
    std::string_view line = content;
    if (line.ends_with('\n')) line.remove_suffix(1);
    URNA_TRY(const auto certificate, sheet::Certificate::parse(line));
    return named(kinds::certificate, certificate.fields().name, std::move(bytes));
  }
  if (content.starts_with("URNA:BOX/")) {
    URNA_TRY(const auto box, sheet::parse_box_count(content));
    return named(kinds::box_count, box.box.fields().station, std::move(bytes));
  }
  if (content.starts_with("URNA:SIGNATURE/")) {
    URNA_TRY(const auto signatures, sheet::parse_officials(content));
    if (!signatures.empty()) {
      return named(kinds::signatures, signatures.front().station(), std::move(bytes));
    }
  }
  if (content.starts_with('{')) {
    URNA_TRY(const auto json, base::parse_json(content));
    const base::Json* format = json.find("format");
    const std::string* value = format == nullptr ? nullptr : format->if_string();
    if (value != nullptr && *value == "urna-decisions-1") {
      return named(kinds::decisions, "decisions.json", std::move(bytes));
    }
    if (value != nullptr && *value == "urna-results-1") {
      return named(kinds::results, "results.json", std::move(bytes));
    }
  }
  // Last, because it has no mark of its own but the word that begins its lines.
  if (log::Policy::parse(content)) {
    return named(kinds::policy, "witnesses", std::move(bytes));
  }
  return fail(errors::unknown_document, "");
}

}  // namespace

Result<NewDocument> identify(const std::string& file_name, Bytes bytes) {
  Named found = fail(errors::unknown_document, "");
  if (begins_with_text(bytes, "urna-station-package-1")) {
    auto package = ballot::parse_package(bytes);
    if (!package) return std::unexpected(std::move(package).error().at(file_name));
    return named(kinds::package, package->box.station.code(), std::move(bytes));
  }
  if (begins_with_text(bytes, sheet::kLostMachineMagic)) {
    auto lost = sheet::read_lost_machine(bytes);
    if (!lost) return std::unexpected(std::move(lost).error().at(file_name));
    return named(kinds::lost_machine, lost->station, std::move(bytes));
  }
  const std::string_view magic = as_text(ByteView(bytes)).substr(0, 8);
  if (magic.starts_with("urna-")) {
    found = binary(magic, bytes);
  } else {
    const std::string content(as_text(bytes));
    found = text(content, bytes);
  }
  if (found) return found;
  Error error = std::move(found).error();
  if (error.kind == errors::unknown_document) {
    error.message = "nobody can tell from its content what this file is";
    error.to_do = "a note for people is added with --kind correction --name NAME";
  }
  return std::unexpected(std::move(error).at(file_name));
}

}  // namespace urna::record
