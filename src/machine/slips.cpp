#include "machine/slips.hpp"

#include "ballot/code.hpp"
#include "ballot/hashes.hpp"
#include "base/encoding.hpp"
#include "sheet/voter_slip.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace urna::machine {
namespace {

using sheet::BannerBlock;
using sheet::Document;
using sheet::GapBlock;
using sheet::HeadingBlock;
using sheet::QrBlock;
using sheet::RowBlock;
using sheet::RuleBlock;
using sheet::TextBlock;

constexpr double kDotsPerMm = 8;

TextBlock choice_line(const std::string& text) {
  return {text, 4.0, true, false, false};
}

std::string signed_code(sheet::VoterSlipKind kind, std::string_view use,
                        const ballot::Station& station, const Hash32& code,
                        const crypto::SigningKey& device) {
  const Bytes statement =
      ballot::ballot_statement(station.election_hash(), station.code(), code);
  return sheet::to_text({kind, station.code(), code, device.sign(use, statement)});
}

// The height of a line on the roll, in millimetres.
Result<double> line_height(const std::string& text) {
  Document document;
  URNA_TRY(const double empty, sheet::roll_length(document));
  document.body.emplace_back(choice_line(text));
  URNA_TRY(const double with_line, sheet::roll_length(document));
  return with_line - empty;
}

std::string_view no_choice(bool spanish) {
  return spanish ? "— (sin elegir)" : "— (no choice)";
}

}  // namespace

std::string receipt_code(const ballot::Station& station, const Hash32& code,
                         const crypto::SigningKey& device) {
  return signed_code(sheet::VoterSlipKind::receipt, ballot::kReceiptUse, station, code,
                     device);
}

std::string cast_code(const ballot::Station& station, const Hash32& code,
                      const crypto::SigningKey& device) {
  return signed_code(sheet::VoterSlipKind::cast, ballot::kCastUse, station, code,
                     device);
}

std::string opening_code(const ballot::Station& station, const Hash32& code,
                         ByteView opening) {
  return fmt::format("URNAO1 STATION:{} CODE:{} OPENING:{}", station.code(),
                     base::to_base32(code), base::to_base32(opening));
}

Result<Slips> Slips::make(const BallotWords& words, election::Mode mode,
                          std::string style) {
  Slips slips(words, mode, std::move(style));
  URNA_TRY(slips.blank_, line_height(std::string(no_choice(slips.spanish()))));
  for (const WordedContest& contest : words.contests) {
    std::vector<double> heights;
    for (const std::string& option : contest.options) {
      URNA_TRY(const double height, line_height(option));
      heights.push_back(height);
    }
    slips.tallest_.push_back(std::max(slips.blank_, std::ranges::max(heights)));
    slips.heights_.push_back(std::move(heights));
  }
  // All bodies are equally long but for the last digits of the sums, which must not
  // decide how the printer rounds to dots: a quarter of a dot away from where it turns.
  const auto& last = words.contests.back();
  URNA_TRY(const double length,
           sheet::roll_length(slips.body(Bytes(last.first + last.options.size()))));
  slips.rest_ = (std::ceil(length * kDotsPerMm) + 0.25) / kDotsPerMm - length;
  return slips;
}

Document Slips::headed() const {
  Document d;
  if (mode_ != election::Mode::official) {
    d.body.emplace_back(BannerBlock{spanish() ? "PRUEBA" : "TEST"});
  }
  d.body.emplace_back(TextBlock{words_.authority, 2.6, false, true, false});
  d.body.emplace_back(TextBlock{words_.election, 3.2, true, true, false});
  d.body.emplace_back(TextBlock{words_.date, 2.6, false, true, false});
  d.body.emplace_back(TextBlock{words_.station, 2.8, false, true, false});
  return d;
}

Document Slips::receipt(const Hash32& code, const std::string& qr) const {
  Document d = headed();
  d.body.emplace_back(RuleBlock{});
  d.body.emplace_back(TextBlock{spanish() ? "Recibo" : "Receipt", 4.5, true, true});
  d.body.emplace_back(
      TextBlock{spanish() ? "Llévelo a casa. No muestra lo que usted eligió. Con este "
                            "código puede buscar su boleta en el registro público."
                          : "Take it home. It does not show your choices. With this "
                            "code you can look your ballot up in the public record.",
                2.8});
  d.body.emplace_back(GapBlock{});
  d.body.emplace_back(TextBlock{ballot::code_text(code), 3.4, true, true, true});
  d.body.emplace_back(QrBlock{qr, spanish() ? "Código firmado" : "Signed code"});
  d.body.emplace_back(
      TextBlock{spanish() ? "Sin el comprobante «VOTO EMITIDO», este recibo dice: no "
                            "emitido."
                          : "Without the slip “VOTE CAST” this receipt says: not cast.",
                2.8, true});
  return d;
}

// Every contest takes exactly `limit` lines of the height of its tallest name, so that
// the length of the paper says nothing.
void Slips::add_choices(Document& d, ByteView bits, bool padded) const {
  for (std::size_t c = 0; c < words_.contests.size(); ++c) {
    const WordedContest& contest = words_.contests[c];
    d.body.emplace_back(HeadingBlock{contest.title, {}, {}, false});
    std::uint32_t lines = 0;
    const auto line = [&](const std::string& text, double height) {
      d.body.emplace_back(choice_line(text));
      if (padded) d.body.emplace_back(GapBlock{tallest_[c] - height});
      ++lines;
    };
    for (std::size_t o = 0; o < contest.options.size(); ++o) {
      if (bits[contest.first + o] == 1) line(contest.options[o], heights_[c][o]);
    }
    const auto most = std::min<std::size_t>(contest.limit, contest.options.size());
    while (lines < most) line(std::string(no_choice(spanish())), blank_);
  }
}

Document Slips::body(ByteView bits) const {
  Document d = headed();
  d.body.emplace_back(
      TextBlock{(spanish() ? "Boleta " : "Ballot ") + style_, 4.0, true, true});
  add_choices(d, bits, true);
  d.body.emplace_back(RuleBlock{});
  d.body.emplace_back(GapBlock{rest_});
  return d;
}

Document Slips::footer(Footer footer) const {
  Document d;
  switch (footer) {
    case Footer::cast:
      d.body.emplace_back(BannerBlock{spanish() ? "EMITIDO" : "CAST"});
      d.body.emplace_back(TextBlock{spanish() ? "Deposite esta boleta en la urna."
                                              : "Put this ballot in the box.",
                                    3.0, true, true});
      break;
    case Footer::voided:
      d.body.emplace_back(BannerBlock{spanish() ? "ANULADO" : "VOID"});
      d.body.emplace_back(
          TextBlock{spanish() ? "No va en la urna. Entréguela a los funcionarios."
                              : "Not for the box. Give it to the officials.",
                    3.0, true, true});
      break;
    case Footer::test:
      d.body.emplace_back(BannerBlock{spanish() ? "PRUEBA DE LA MÁQUINA" : "TEST"});
      d.body.emplace_back(TextBlock{
          spanish() ? "No cuenta y no va en la urna. Compárela con lo que "
                      "usted eligió."
                    : "Does not count and is not for the box. Compare it with "
                      "what you chose.",
          3.0, true, true});
      break;
  }
  return d;
}

Document Slips::cast(const Hash32& code, const std::string& qr) const {
  Document d = headed();
  d.body.emplace_back(BannerBlock{spanish() ? "VOTO EMITIDO" : "VOTE CAST"});
  d.body.emplace_back(TextBlock{ballot::code_text(code), 3.4, true, true, true});
  d.body.emplace_back(
      QrBlock{qr, spanish() ? "Guárdelo con su recibo" : "Keep it with your receipt"});
  return d;
}

Document Slips::opened(const Hash32& code, ByteView bits, const std::string& qr) const {
  Document d = headed();
  d.body.emplace_back(BannerBlock{spanish() ? "BOLETA ABIERTA" : "OPENED BALLOT"});
  d.body.emplace_back(TextBlock{
      spanish() ? "Esta boleta fue una prueba: no cuenta, y cualquiera puede "
                  "leerla y comprobarla."
                : "This ballot was a test: it does not count, and anybody can "
                  "read and check it.",
      2.8});
  d.body.emplace_back(TextBlock{ballot::code_text(code), 3.4, true, true, true});
  add_choices(d, bits, false);
  d.body.emplace_back(QrBlock{qr, spanish() ? "Apertura" : "Opening"});
  return d;
}

Document Slips::zero_report() const {
  Document d = headed();
  d.body.emplace_back(
      BannerBlock{spanish() ? "ACTA DE INICIO EN CERO" : "ZERO REPORT"});
  for (const WordedContest& contest : words_.contests) {
    d.body.emplace_back(HeadingBlock{contest.title, {}, {}, false});
    for (const std::string& option : contest.options) {
      d.body.emplace_back(RowBlock{option, "0"});
    }
  }
  d.body.emplace_back(RowBlock{spanish() ? "Boletas" : "Ballots", "0", true});
  for (int i = 1; i <= 2; ++i) {
    d.body.emplace_back(sheet::SignatureBlock{
        fmt::format("{} {}", spanish() ? "Funcionario" : "Official", i)});
  }
  return d;
}

}  // namespace urna::machine
