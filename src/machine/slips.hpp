// What the machine prints for a voter, as documents. docs/formats/slips.md describes
// the texts of the codes.
//
//   receipt    to take home: the confirmation code and its signed QR, no choices
//   body       the ballot itself, uncut: election, station, style and the choices in
//              words. Nothing differs between voters who chose alike, and the paper is
//              equally long whatever is chosen.
//   footer     CAST, VOID or TEST, on the same piece of paper, then the cut
//   cast       "your vote was cast": the second signature; prints last
//   opened     a challenged ballot: what anybody needs to check it
//
// Thread rule: pure functions, except that making Slips measures. The body shows
// choices: it goes to the printer and nowhere else.
#pragma once

#include "ballot/station.hpp"
#include "crypto/sign.hpp"
#include "election/model.hpp"
#include "machine/ballot_words.hpp"
#include "sheet/paper/document.hpp"

namespace urna::machine {

enum class Footer : std::uint8_t { cast, voided, test };

// The text of the QR on a receipt ("URNAR1 ...") and on the cast slip ("URNAC1 ...").
[[nodiscard]] std::string receipt_code(const ballot::Station& station,
                                       const Hash32& code,
                                       const crypto::SigningKey& device);
[[nodiscard]] std::string cast_code(const ballot::Station& station, const Hash32& code,
                                    const crypto::SigningKey& device);
// "URNAO1 ...": the opening of a challenged ballot.
[[nodiscard]] std::string opening_code(const ballot::Station& station,
                                       const Hash32& code, ByteView opening);

class Slips {
 public:
  // Measures every option's name, so that all bodies can be made equally long. Error:
  // cannot_print.
  [[nodiscard]] static Result<Slips> make(const BallotWords& words, election::Mode mode,
                                          std::string style);

  [[nodiscard]] sheet::Document receipt(const Hash32& code,
                                        const std::string& qr) const;
  // `bits`: one byte an option.
  [[nodiscard]] sheet::Document body(ByteView bits) const;
  [[nodiscard]] sheet::Document footer(Footer footer) const;
  [[nodiscard]] sheet::Document cast(const Hash32& code, const std::string& qr) const;
  [[nodiscard]] sheet::Document opened(const Hash32& code, ByteView bits,
                                       const std::string& qr) const;
  // Every contest and option with 0.
  [[nodiscard]] sheet::Document zero_report() const;

  [[nodiscard]] const BallotWords& words() const { return words_; }

 private:
  Slips(BallotWords words, election::Mode mode, std::string style)
      : words_(std::move(words)), mode_(mode), style_(std::move(style)) {}

  [[nodiscard]] sheet::Document headed() const;
  void add_choices(sheet::Document& document, ByteView bits, bool padded) const;
  [[nodiscard]] bool spanish() const { return words_.language == "es"; }

  BallotWords words_;
  election::Mode mode_;
  std::string style_;
  std::vector<std::vector<double>> heights_;  // of each option's line, by contest
  std::vector<double> tallest_;               // line of each contest
  double blank_ = 0;                          // of the "no choice" line
  double rest_ = 0;                           // below the body, up to whole dots
};

}  // namespace urna::machine
