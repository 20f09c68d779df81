#include "sheet/paper/sheet_print.hpp"

#include "base/encoding.hpp"
#include "sheet/chain.hpp"
#include "sheet/paper/words.hpp"
#include "sheet/reconcile.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

std::string filled(std::string_view pattern, std::size_t a, std::size_t b = 0) {
  return fmt::format(fmt::runtime(pattern), a, b);
}

// Builds the parts in the order in which people read them.
class SheetPrinter {
 public:
  SheetPrinter(const SheetFields& fields, const SheetNames& names,
               const PrintOptions& options)
      : f_(fields), names_(names), options_(options), w_(words_of(options.language)) {}

  void head(std::string_view title) {
    auto& head = out_.head;
    const auto centred = [&](const std::string& text, double size, bool bold) {
      if (text.empty()) return;
      head.push_back(TextBlock{
          .text = text, .size = size, .bold = bold, .centred = true, .mono = false});
    };
    if (f_.mode == Mode::demo) head.push_back(BannerBlock{std::string(w_.demo)});
    if (f_.mode == Mode::test) head.push_back(BannerBlock{std::string(w_.test)});
    if (f_.origin == Origin::imported) {
      head.push_back(BannerBlock{std::string(w_.imported)});
    }
    if (!f_.counted()) head.push_back(BannerBlock{std::string(w_.uncounted)});
    centred(names_.authority, 2.9, false);
    centred(names_.election, 3.8, true);
    centred(names_.date, 2.9, false);
    head.push_back(GapBlock{1.5});
    centred(std::string(title), 5.7, true);
    centred(fmt::format("{} {}", w_.station, f_.station), 4.6, true);
    centred(names_.station, 3.0, false);
    if (!options_.copy.empty()) centred(options_.copy, 2.9, false);
    if (!names_.notice.empty()) centred(names_.notice, 2.6, false);
    head.push_back(GapBlock{1.0});
    out_.running_title =
        fmt::format("{} · {} {} · {}", title, w_.station, f_.station, names_.election);
    out_.page_word = w_.page;
  }

  void balance() {
    const auto equalities = reconcile(f_, options_.box);
    const auto differences = static_cast<std::size_t>(
        std::ranges::count_if(equalities, &EqualityResult::fails));
    heading(w_.balance);
    if (differences == 0) {
      out_.body.push_back(TextBlock{
          .text = "✓ " + std::string(w_.no_differences), .size = 3.2, .bold = true});
    } else {
      out_.body.push_back(BannerBlock{differences == 1
                                          ? std::string(w_.one_difference)
                                          : filled(w_.differences, differences)});
    }
    // Those that fail come first.
    for (const bool failing : {true, false}) {
      for (const EqualityResult& e : equalities) {
        if (e.fails() == failing) equality(e);
      }
    }
  }

  void place() {
    heading(w_.station);
    for (const auto& [label, value] : names_.place) row(label, value);
    row(w_.segment, std::to_string(f_.segment));
    row(w_.device, f_.device.empty() ? std::string(w_.not_stated) : f_.device);
    if (!f_.software.empty()) row(w_.software, f_.software);
    row(w_.opened, time(f_.opened));
    row(w_.closed, time(f_.closed));
    row(w_.election_hash, short_digest(f_.election));
  }

  void people() {
    heading(w_.people);
    count(w_.registered, f_.registered);
    const CheckIn& c = f_.check_in;
    if (c.total || f_.origin == Origin::imported) {
      count(w_.checked_in, c.total);
      outcome(w_.matched, c.matched);
      outcome(w_.not_matched, c.not_matched);
      outcome(w_.no_print, c.no_stored_print);
      outcome(w_.not_taken, c.not_taken);
      outcome(w_.no_reader, c.without_biometrics);
      count(w_.tokens, c.tokens_issued);
    } else {
      row(w_.checked_in, std::string(w_.slip_missing));
    }
    count(w_.unused, f_.tokens_unused);
    count(w_.activated, f_.activated);
    outcome(w_.by_officials, f_.activated_by_officials);
    count(w_.no_vote, f_.ended_without_vote);
    count(w_.sealed, f_.sealed);
    outcome(w_.challenged, f_.challenged);
    outcome(w_.voided, f_.voided);
    out_.body.push_back(
        RowBlock{std::string(w_.cast), stated(f_.cast), true, false, true});
  }

  // Where the votes would stand.
  void uncounted() {
    heading(w_.votes);
    out_.body.push_back(
        TextBlock{.text = std::string(w_.uncounted_help), .size = 3.2, .bold = true});
  }

  void contest(const ContestResult& contest, const ContestNames& names) {
    out_.body.push_back(
        HeadingBlock{names.title,
                     contest.limit == 1 ? std::string(w_.choose_one)
                                        : filled(w_.choose_up_to, contest.limit),
                     fmt::format(fmt::runtime(w_.continued), names.title), true});
    for (std::size_t i = 0; i < contest.options.size(); ++i) {
      row(names.options[i], std::to_string(contest.options[i].votes));
    }
    out_.body.push_back(RowBlock{std::string(w_.votes), std::to_string(contest.sum()),
                                 true, false, true});
    count(w_.blank, contest.blank);
    count(w_.null_votes, contest.null_votes);
    if (contest.ballots != f_.cast) count(w_.ballots, contest.ballots);
  }

  void digest(const Hash32& digest) {
    heading(w_.digest);
    out_.body.push_back(TextBlock{.text = short_digest(digest),
                                  .size = 5.0,
                                  .bold = true,
                                  .centred = true,
                                  .mono = true});
    const std::string all = to_upper_hex(digest);
    out_.body.push_back(TextBlock{.text = all.substr(0, 32) + "\n" + all.substr(32),
                                  .size = 2.6,
                                  .bold = false,
                                  .centred = true,
                                  .mono = true});
    note(w_.digest_help);
  }

  void signatures() {
    out_.body.push_back(HeadingBlock{std::string(w_.signatures),
                                     std::string(w_.signatures_help),
                                     std::string(w_.signatures), true});
    for (const std::string& signer : names_.signers) {
      out_.body.push_back(SignatureBlock{signer});
    }
  }

  void codes(const std::vector<std::string>& texts) {
    out_.body.push_back(ColumnBreak{});
    out_.body.push_back(HeadingBlock{std::string(w_.codes), std::string(w_.codes_help),
                                     std::string(w_.codes)});
    for (std::size_t i = 0; i + 1 < texts.size(); ++i) {
      out_.body.push_back(
          QrBlock{texts[i], filled(w_.code_of, i + 1, texts.size() - 1)});
    }
    out_.body.push_back(
        QrBlock{texts.back(), fmt::format("{} {}", w_.certificate, f_.device)});
  }

  void officials(std::span<const OfficialSignature> signatures) {
    note(w_.officials_help);
    for (const OfficialSignature& s : signatures) {
      heading(fmt::format("{} {}", s.role(), s.name()));
      row(w_.key, short_digest(s.key().bytes()));
      out_.body.push_back(
          QrBlock{s.text(), fmt::format("{} {}", w_.signed_by, s.name())});
    }
  }

  Document take() && { return std::move(out_); }

 private:
  void heading(std::string_view text) {
    out_.body.push_back(HeadingBlock{
        .text = std::string(text), .detail = {}, .again = {}, .together = true});
  }
  void note(std::string_view text) {
    out_.body.push_back(TextBlock{.text = std::string(text), .size = 2.6});
  }
  void row(std::string_view name, std::string value) {
    out_.body.push_back(RowBlock{std::string(name), std::move(value)});
  }
  [[nodiscard]] std::string stated(const Count& value) const {
    return value ? std::to_string(*value) : std::string(w_.not_stated);
  }
  void count(std::string_view name, const Count& value) { row(name, stated(value)); }
  void outcome(std::string_view name, const Count& value) {
    RowBlock block{std::string(name), stated(value)};
    block.indented = true;
    out_.body.push_back(std::move(block));
  }
  [[nodiscard]] std::string time(const std::optional<LocalTime>& when) const {
    return when ? to_human(*when) : std::string(w_.not_stated);
  }

  void equality(const EqualityResult& e) {
    const std::string_view text = equality_text(e.equality, options_.language);
    std::string value;
    if (e.stated()) {
      value = fmt::format("{} {} {}", *e.left, e.holds() ? "=" : "≠", *e.right);
    } else {
      value = e.equality == Equality::box ? std::string(w_.box_not_counted)
                                          : std::string(w_.not_stated);
    }
    out_.body.push_back(RowBlock{std::string(text), std::move(value), e.fails()});
  }

  const SheetFields& f_;
  const SheetNames& names_;
  const PrintOptions& options_;
  const Words& w_;
  Document out_;
};

}  // namespace

Result<Document> sheet_document(const SignedSheet& sheet, const SheetNames& names,
                                const PrintOptions& options) {
  const SheetFields& f = sheet.sheet.fields();
  SheetPrinter p(f, names, options);
  p.head(words_of(options.language).tally_sheet);
  p.balance();
  p.place();
  p.people();
  if (!f.counted()) p.uncounted();
  for (std::size_t i = 0; i < f.contests.size(); ++i) {
    p.contest(f.contests[i], names.contests[i]);
  }
  p.digest(sheet.sheet.digest());
  p.signatures();
  if (sheet.signature) {
    URNA_TRY(const auto texts, write_chain(sheet));
    p.codes(texts);
  }
  return std::move(p).take();
}

Document officials_document(const Sheet& sheet,
                            std::span<const OfficialSignature> signatures,
                            const SheetNames& names, const PrintOptions& options) {
  SheetPrinter p(sheet.fields(), names, options);
  p.head(words_of(options.language).officials_slip);
  p.digest(sheet.digest());
  p.officials(signatures);
  return std::move(p).take();
}

}  // namespace urna::sheet
