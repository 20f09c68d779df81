// The page of one polling station: what failed first, then the three lines of evidence
// side by side, then every document with its hash.
#include "base/encoding.hpp"
#include "count/html_parts.hpp"
#include "crypto/sha256.hpp"
#include "results/pages.hpp"
#include "results/words.hpp"
#include "sheet/definition_check.hpp"
#include "sheet/reconcile.hpp"
#include "sheet/signed_sheet.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::results {
namespace {

using count::boxed;
using count::escaped;
using count::Page;
using election::StationIndex;
using sheet::SheetFields;

class StationPage {
 public:
  StationPage(const SitePages& site, StationIndex station,
              const std::vector<CodePicture>& codes, Language language)
      : site_(site),
        evidence_(site.evidence),
        one_(site.evidence.stations[station]),
        definition_(site.evidence.definition()),
        station_(station),
        code_(definition_.stations()[station].code),
        codes_(codes),
        language_(language),
        page_(*site.evidence.count, language, site.html) {
    for (const std::string& text : one_.sheets) {
      if (auto sheet = sheet::parse_signed_sheet(text))
        sheets_.push_back(*std::move(sheet));
    }
    if (!one_.box.empty()) {
      if (auto box = sheet::parse_box_count(one_.box)) box_ = *std::move(box);
    }
  }

  std::string write();

 private:
  [[nodiscard]] std::string_view say(std::string_view spanish,
                                     std::string_view english) const {
    return either(language_, spanish, english);
  }
  void add(std::string_view html) { page_.add(html); }
  void failures();
  void lines();
  void contest(std::size_t slot);
  void equalities();
  void tally_sheet();
  void documents();
  void checks();

  [[nodiscard]] std::vector<const SheetFields*> segments() const {
    std::vector<const SheetFields*> out;
    for (const auto& sheet : sheets_) out.push_back(&sheet.sheet.fields());
    return out;
  }
  [[nodiscard]] std::string number(const std::optional<std::uint64_t>& value) const {
    return value ? page_.say().number(*value) : std::string("–");
  }
  // Whether the stated ones among these are the same.
  [[nodiscard]] std::string sign(
      std::initializer_list<std::optional<std::uint64_t>> values) const;
  [[nodiscard]] std::string blob(const Hash32& hash) const {
    return site_.options.record + log::blob_path(hash);
  }
  [[nodiscard]] std::vector<std::uint64_t> sheet_row() const;

  const SitePages& site_;
  const Evidence& evidence_;
  const StationEvidence& one_;
  const election::Definition& definition_;
  StationIndex station_;
  const std::string& code_;
  const std::vector<CodePicture>& codes_;
  Language language_;
  Page page_;
  std::vector<sheet::SignedSheet> sheets_;
  std::optional<sheet::SignedBoxCount> box_;
};

std::string StationPage::sign(
    std::initializer_list<std::optional<std::uint64_t>> values) const {
  std::optional<std::uint64_t> first;
  std::size_t stated = 0;
  bool same = true;
  for (const auto& value : values) {
    if (!value) continue;
    ++stated;
    if (first && *first != *value) same = false;
    first = value;
  }
  if (!same)
    return fmt::format("<span class=\"bad\">{}</span>", say("distinto", "differs"));
  if (stated < 2)
    return fmt::format("<span class=\"open\">{}</span>",
                       say("un solo dato", "one figure"));
  return fmt::format("<span class=\"good\">{}</span>", say("igual", "equal"));
}

// The sheet's numbers over all segments, as the definition lays them out; empty when
// they do not fit it, or a machine could not count.
std::vector<std::uint64_t> StationPage::sheet_row() const {
  std::vector<std::uint64_t> sum(definition_.style_of(station_).fields, 0);
  for (const auto& sheet : sheets_) {
    const auto at = sheet::check_definition(sheet.sheet.fields(), definition_);
    if (!at || *at != station_ || !sheet.sheet.fields().counted()) return {};
    const auto row = sheet::to_row(sheet.sheet.fields());
    for (std::size_t i = 0; i < std::min(sum.size(), row.size()); ++i) sum[i] += row[i];
  }
  return sheets_.empty() ? std::vector<std::uint64_t>{} : sum;
}

void StationPage::failures() {
  std::string out;
  const auto item = [&](std::string_view name, std::string_view what) {
    out += fmt::format(
        "<li><strong>{}</strong> <span class=\"wrap\" lang=\"en\">{}</span></li>",
        escaped(name), escaped(what));
  };
  if (one_.report != nullptr) {
    for (const record::Failure& failure : one_.report->findings.failures()) {
      const std::string ballot =
          failure.ballot.empty() ? "" : fmt::format("{}: ", failure.ballot);
      item(fmt::format("{} {}: {}.", record::number(failure.check),
                       record::info(failure.check).name,
                       check_says(failure.check, language_)),
           ballot + failure.what);
    }
  }
  for (const count::Conflict& conflict : evidence_.count->conflicts) {
    if (conflict.station == station_)
      item(fmt::format("U{}.", conflict.kind.number), page_.say()(conflict.message));
  }
  for (const count::Notice& notice : evidence_.count->notices) {
    if (notice.station == station_)
      item(fmt::format("U{}.", notice.kind.number), page_.say()(notice.message));
  }
  if (!one_.no_package.empty()) item(say("Paquete:", "Package:"), one_.no_package);
  if (out.empty()) return;
  add(fmt::format("<h2>{}</h2><div class=\"conflict\"><ul>{}</ul></div>",
                  say("Lo que no concuerda", "What does not agree"), out));
}

void StationPage::lines() {
  std::optional<std::uint64_t> papers, cast, ballots;
  if (box_) papers = box_->box.fields().papers;
  for (const auto& sheet : sheets_)
    if (sheet.sheet.fields().cast) cast = cast.value_or(0) + *sheet.sheet.fields().cast;
  const bool opened =
      one_.report != nullptr &&
      one_.report->findings.of(record::Check::proofs).state != record::State::not_run;
  if (opened) ballots = one_.report->cast;
  std::string table = fmt::format(
      "<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th>"
      "<th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th>"
      "<th scope=\"col\">{}</th></tr></thead><tbody>",
      say("Prueba", "Evidence"), say("Papeletas", "Papers"), say("Acta", "Sheet"),
      say("Cifrados", "Sealed"), say("¿Iguales?", "Equal?"));
  table += fmt::format(
      "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
      "class=\"n\">{}</td><td>{}</td></tr></tbody></table>",
      say("Votos depositados", "Ballots cast"), number(papers), number(cast),
      number(ballots), sign({papers, cast, ballots}));
  const std::string title(say("Tres pruebas, una al lado de la otra",
                              "Three lines of evidence, side by side"));
  add(fmt::format("<h2>{}</h2>", title));
  if (!box_)
    add(fmt::format("<p>{}</p>", say("La caja de papeletas aún no se ha contado.",
                                     "The box of papers is not yet counted.")));
  if (!opened)
    add(fmt::format(
        "<p>{}</p>",
        evidence_.sealed
            ? say("Los votos cifrados no se pudieron verificar.",
                  "The sealed ballots could not be verified.")
            : say("Los votos cifrados no se verificaron al hacer esta página.",
                  "The sealed ballots were not verified when this page was made.")));
  add(boxed(title, table));
  for (std::size_t slot = 0; slot < definition_.style_of(station_).contests.size();
       ++slot)
    contest(slot);
}

// One contest: the hand count where people made one, the sheet, the decrypted total.
void StationPage::contest(std::size_t slot) {
  const auto& style = definition_.style_of(station_);
  const election::Contest& contest = definition_.contests()[style.contests[slot]];
  const std::size_t start = style.field_start[slot];
  const auto on_sheet = sheet_row();
  const auto* decrypted =
      one_.report != nullptr && one_.report->row ? &*one_.report->row : nullptr;
  const sheet::ContestResult* hand = nullptr;
  if (box_) {
    for (const auto& counted : box_->box.fields().contests)
      if (counted.code == contest.code) hand = &counted;
  }
  std::string rows;
  const auto row = [&](const std::string& name, std::size_t field,
                       std::optional<std::uint64_t> paper) {
    std::optional<std::uint64_t> sheet, sealed;
    if (!on_sheet.empty()) sheet = on_sheet[start + field];
    if (decrypted != nullptr && start + field < decrypted->size())
      sealed = (*decrypted)[start + field];
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td>{}</td></tr>",
        name, number(paper), number(sheet), number(sealed),
        sign({paper, sheet, sealed}));
  };
  for (std::size_t o = 0; o < contest.options.size(); ++o) {
    const election::Option& option = contest.options[o];
    std::string name =
        escaped(page_.say().contender(style.contests[slot], option.contender));
    if (option.code != contest.contenders[option.contender].code)
      name += fmt::format(" <span class=\"note\">{}</span>", escaped(option.code));
    row(name, o,
        hand != nullptr && o < hand->options.size()
            ? std::optional<std::uint64_t>(hand->options[o].votes)
            : std::nullopt);
  }
  const auto stated = [](const sheet::Count& value) {
    return value ? std::optional<std::uint64_t>(*value) : std::nullopt;
  };
  row(std::string(page_.say()(count::Word::blank)), contest.options.size(),
      hand != nullptr ? stated(hand->blank) : std::nullopt);
  row(std::string(page_.say()(count::Word::null_votes)), contest.options.size() + 1,
      hand != nullptr ? stated(hand->null_votes) : std::nullopt);
  const std::string title(page_.say()(contest.title));
  add(fmt::format("<h3 id=\"from-{}\">{}</h3>", contest.code, escaped(title)));
  add(boxed(title,
            fmt::format(
                "<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\" "
                "class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th><th "
                "scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th></tr>"
                "</thead><tbody>{}</tbody></table>",
                say("Opción", "Option"), say("A mano", "By hand"), say("Acta", "Sheet"),
                say("Cifrados", "Sealed"), say("¿Iguales?", "Equal?"), rows)));
}

void StationPage::equalities() {
  if (sheets_.empty()) return;
  std::string rows;
  for (const sheet::EqualityResult& result :
       sheet::reconcile(segments(), box_ ? &box_->box.fields() : nullptr)) {
    const auto side = [&](const sheet::Count& value) {
      return value ? page_.say().number(*value) : std::string("–");
    };
    const std::string_view mark = result.fails()   ? "bad"
                                  : result.holds() ? "good"
                                                   : "open";
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td>"
        "<span class=\"{}\">{}</span></td></tr>",
        escaped(sheet::equality_text(result.equality, count::language_tag(language_))),
        side(result.left), side(result.right), mark,
        result.fails()   ? say("distinto", "differs")
        : result.holds() ? say("igual", "equal")
                         : say("no consta", "not stated"));
  }
  const std::string title(
      say("Personas, fichas y votos", "People, tokens and ballots"));
  add(fmt::format("<h2>{}</h2>", title));
  add(boxed(title, fmt::format(
                       "<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\" "
                       "class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th><th "
                       "scope=\"col\">{}</th></tr></thead><tbody>{}</tbody></table>",
                       say("Debe ser igual", "Must be equal"), say("Izquierda", "Left"),
                       say("Derecha", "Right"), say("¿Iguales?", "Equal?"), rows)));
}

void StationPage::tally_sheet() {
  if (sheets_.empty()) return;
  add(fmt::format(
      "<h2 id=\"sheet\">{}</h2><p>{}</p><div class=\"qr\">",
      say("El acta y sus códigos QR", "The tally sheet and its QR codes"),
      say("Los mismos códigos están en el acta de papel. Cualquier teléfono los "
          "lee; «urna count» o el conteo ciudadano comprueban la firma.",
          "The same codes stand on the paper sheet. Any telephone reads them; "
          "“urna count” or the citizens' count check the signature.")));
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    const std::string caption = fmt::format("{} {} {} {}", say("Código", "Code"), i + 1,
                                            say("de", "of"), codes_.size());
    add(fmt::format(
        "<figure><img src=\"../{}\" alt=\"{}\" width=\"272\" height=\"272\" "
        "loading=\"lazy\"><figcaption>{}</figcaption></figure>",
        escaped(codes_[i].path),
        escaped(fmt::format("{} {}", say("QR del acta:", "QR of the sheet:"), caption)),
        escaped(caption)));
  }
  add("</div>");
  for (const auto& sheet : sheets_) {
    add(fmt::format(
        "<details><summary>{} {}: {}</summary><pre tabindex=\"0\">{}</pre></details>",
        say("Texto del acta, segmento", "Text of the sheet, segment"),
        sheet.sheet.fields().segment, sheet::short_digest(sheet.sheet.digest()),
        escaped(sheet.sheet.text())));
  }
}

void StationPage::documents() {
  std::string rows;
  const auto row = [&](std::string_view name, const std::string& href,
                       const Hash32& hash) {
    rows += fmt::format(
        "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th><td><code>{}</code></td></tr>",
        escaped(href), escaped(name), base::to_hex(ByteView(hash)));
  };
  if (one_.package)
    row(say("Paquete de la mesa, con los votos cifrados",
            "Station package, with the sealed ballots"),
        blob(*one_.package), *one_.package);
  for (std::size_t i = 0; i < one_.sheets.size(); ++i)
    row(fmt::format("{} {}", say("Acta firmada, segmento", "Signed sheet, segment"),
                    i + 1),
        fmt::format("../sheets/{}-{}.txt", code_, i + 1),
        crypto::sha256(as_bytes(one_.sheets[i])));
  if (one_.box_hash)
    row(say("Conteo de la caja", "Box count"), blob(*one_.box_hash), *one_.box_hash);
  if (one_.signatures)
    row(say("Firmas de los miembros de mesa", "Signatures of the officials"),
        blob(*one_.signatures), *one_.signatures);
  if (one_.exclusion)
    row(say("Decisión sobre votos excluidos", "Decision on excluded ballots"),
        blob(*one_.exclusion), *one_.exclusion);
  for (const auto& [name, hash] : one_.decryptions)
    row(fmt::format("{} {}", say("Descifrado", "Decryption"), name), blob(hash), hash);
  if (rows.empty()) return;
  const std::string title(say("Documentos", "Documents"));
  add(fmt::format("<h2>{}</h2>", title));
  add(boxed(title,
            fmt::format("<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">"
                        "SHA-256</th></tr></thead><tbody>{}</tbody></table>",
                        title, rows)));
}

void StationPage::checks() {
  if (one_.report == nullptr) return;
  std::string rows;
  for (const record::State state :
       {record::State::failed, record::State::not_run, record::State::passed}) {
    for (const record::CheckInfo& check : record::checks()) {
      if (check.scope != record::Scope::station) continue;
      const record::Outcome& outcome = one_.report->findings.of(check.check);
      if (outcome.state != state) continue;
      rows += fmt::format(
          "<tr><th scope=\"row\">{}. {}</th><td><span "
          "class=\"{}\">{}</span>{}</td></tr>",
          record::number(check.check), escaped(check_says(check.check, language_)),
          state_class(state), state_word(state, language_),
          state == record::State::not_run
              ? fmt::format("<br><span class=\"note wrap\" lang=\"en\">{}</span>",
                            escaped(outcome.why))
              : std::string());
    }
  }
  const std::string title(
      say("Lo que comprobó el verificador", "What the verifier checked"));
  add(fmt::format("<h2>{}</h2>", title));
  add(boxed(
      title,
      fmt::format("<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}"
                  "</th></tr></thead><tbody>{}</tbody></table>",
                  say("Comprobación", "Check"), say("Resultado", "Result"), rows)));
}

std::string StationPage::write() {
  const election::Station& station = definition_.stations()[station_];
  const std::string tag(count::language_tag(language_));
  page_.trail(station.area, true);
  page_.masthead(fmt::format("{} {}", page_.say()(count::Word::station), code_),
                 page_.say()(station.name));
  page_.banners();
  add(fmt::format("<p class=\"lead\">{}</p>",
                  escaped(station_sentence(evidence_, station_, language_))));
  if (site_.options.app && one_.package) {
    const auto act = [&](std::string_view task, std::string_view text) {
      add(
          fmt::format("<a class=\"act\" "
                      "href=\"../app/index.html?lang={}&amp;station={}#{}\">{}</a>",
                      tag, code_, task, text));
    };
    add("<p>");
    act("receipt", say("Buscar mi comprobante", "Find my receipt"));
    act("verify", say("Verificar esta mesa en mi navegador",
                      "Verify this station in my browser"));
    add("</p>");
  }
  failures();
  lines();
  equalities();
  tally_sheet();
  documents();
  checks();
  return page_.finish(fmt::format("{} {}", page_.say()(count::Word::station), code_),
                      station_file(evidence_, station_));
}

}  // namespace

std::string station_file(const Evidence& evidence, StationIndex station) {
  return "station-" + evidence.definition().stations()[station].code + ".html";
}

std::string station_page(const SitePages& site, StationIndex station,
                         const std::vector<CodePicture>& codes, Language language) {
  return StationPage(site, station, codes, language).write();
}

}  // namespace urna::results
