// The page about the record itself, and what stands on top of an area's page: what
// failed and what is missing.
#include "base/encoding.hpp"
#include "count/html_parts.hpp"
#include "results/pages.hpp"
#include "results/words.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::results {
namespace {

using count::boxed;
using count::escaped;
using election::StationIndex;

constexpr std::size_t kShown = 50;

const record::Outcome& outcome_of(const Evidence& evidence, record::Check check) {
  const bool result = record::info(check).scope == record::Scope::result;
  return (result ? evidence.report.result : evidence.report.record.findings).of(check);
}

std::vector<record::Failure> failures_of_record(const Evidence& evidence) {
  std::vector<record::Failure> out = evidence.report.record.findings.failures();
  const auto& more = evidence.report.result.failures();
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

std::string checks_table(const Evidence& evidence, Language language) {
  std::string rows;
  for (const record::CheckInfo& check : record::checks()) {
    if (check.scope == record::Scope::station) continue;
    const record::Outcome& outcome = outcome_of(evidence, check.check);
    rows += fmt::format(
        "<tr><th scope=\"row\">{}. {}</th><td><span class=\"{}\">{}</span>{}</td></tr>",
        record::number(check.check), escaped(check_says(check.check, language)),
        state_class(outcome.state), state_word(outcome.state, language),
        outcome.state == record::State::not_run
            ? fmt::format("<br><span class=\"note wrap\" lang=\"en\">{}</span>",
                          escaped(outcome.why))
            : std::string());
  }
  return fmt::format(
      "<table><thead><tr><th scope=\"col\">{}</th><th "
      "scope=\"col\">{}</th></tr></thead>"
      "<tbody>{}</tbody></table>",
      either(language, "Comprobación", "Check"),
      either(language, "Resultado", "Result"), rows);
}

std::string station_links(const Evidence& evidence,
                          const std::vector<StationIndex>& list) {
  std::string out;
  for (std::size_t i = 0; i < std::min(list.size(), kShown); ++i)
    out += fmt::format("{}<a href=\"{}\">{}</a>", i == 0 ? "" : ", ",
                       station_file(evidence, list[i]),
                       evidence.definition().stations()[list[i]].code);
  if (list.size() > kShown) out += fmt::format(", … + {}", list.size() - kShown);
  return out;
}

}  // namespace

std::string area_alerts(const SitePages& site, election::AreaIndex area,
                        Language language) {
  const Evidence& evidence = site.evidence;
  const auto& definition = evidence.definition();
  const count::Speech say(*evidence.count, language);
  std::array<std::vector<StationIndex>, 4> by;
  for (const election::Place& place : definition.places()) {
    if (!std::ranges::binary_search(place.areas, area)) continue;
    for (const StationIndex s : place.stations)
      by.at(static_cast<std::size_t>(verdict_of(evidence, s))).push_back(s);
  }
  for (auto& list : by) std::ranges::sort(list);
  const auto& fails = by[static_cast<std::size_t>(Verdict::fails)];
  const auto& missing = by[static_cast<std::size_t>(Verdict::missing)];
  const auto& open = by[static_cast<std::size_t>(Verdict::open)];
  const auto& agrees = by[static_cast<std::size_t>(Verdict::agrees)];
  std::string out;
  if (area == definition.root()) {
    const auto broken = failures_of_record(evidence);
    if (!broken.empty()) {
      out += fmt::format(
          "<p><strong>{}</strong></p><ul>",
          either(language, "El registro público no pasa todas sus comprobaciones.",
                 "The public record does not pass all its checks."));
      for (std::size_t i = 0; i < std::min(broken.size(), kShown); ++i)
        out += fmt::format("<li>{} {}: <span class=\"wrap\" lang=\"en\">{}</span></li>",
                           record::number(broken[i].check),
                           escaped(check_says(broken[i].check, language)),
                           escaped(broken[i].what));
      out += "</ul>";
    }
  }
  if (!fails.empty())
    out += fmt::format("<p><strong>{}</strong> {}</p>",
                       either(language, "Mesas con números que no concuerdan:",
                              "Stations whose numbers do not agree:"),
                       station_links(evidence, fails));
  if (!missing.empty())
    out += fmt::format("<p><strong>{}</strong> {}</p>",
                       either(language, "Mesas que faltan:", "Stations still missing:"),
                       station_links(evidence, missing));
  if (!out.empty()) out = fmt::format("<div class=\"banner\">{}</div>", out);
  if (!agrees.empty() || !open.empty())
    out += fmt::format(
        "<p><span class=\"good\">{}: {}.</span> <span class=\"open\">{}: "
        "{}.</span></p>",
        either(language, "Mesas en que las tres pruebas concuerdan",
               "Stations where the three lines of evidence agree"),
        say.number(agrees.size()),
        either(language, "Mesas sin contradicción, con algo por comprobar",
               "Stations without contradiction, with something still to be checked"),
        say.number(open.size()));
  return out;
}

std::string station_mark(const Evidence& evidence, StationIndex station,
                         Language language) {
  switch (verdict_of(evidence, station)) {
    case Verdict::missing:
      return {};
    case Verdict::fails:
      return fmt::format(" · <span class=\"bad\">{}</span>",
                         either(language, "no concuerda", "does not agree"));
    case Verdict::open:
      return fmt::format(" · <span class=\"open\">{}</span>",
                         either(language, "sin contradicción", "no contradiction"));
    case Verdict::agrees:
      return fmt::format(" · <span class=\"good\">{}</span>",
                         either(language, "concuerda", "agrees"));
  }
  return {};
}

std::string record_page(const SitePages& site, Language language) {
  const Evidence& evidence = site.evidence;
  count::Page page(*evidence.count, language, site.html);
  const record::RecordReport& report = evidence.report.record;
  const auto say = [&](std::string_view spanish, std::string_view english) {
    return either(language, spanish, english);
  };
  page.masthead(
      page.say()(evidence.definition().model().name),
      say("El registro público y las descargas", "The public record and downloads"));
  page.banners();
  page.add(area_alerts(site, evidence.definition().root(), language));
  std::string facts;
  const auto fact = [&](std::string_view name, const std::string& value) {
    facts += fmt::format("<tr><th scope=\"row\">{}</th><td><code>{}</code></td></tr>",
                         name, escaped(value));
  };
  fact(say("Origen", "Origin"), report.origin);
  fact(say("Documentos", "Documents"), page.say().number(report.size));
  fact(say("Raíz", "Root"), base::to_hex(ByteView(report.root)));
  if (report.election)
    fact(say("Huella de la elección", "Election hash"),
         base::to_hex(ByteView(*report.election)));
  const std::string about(say("El registro", "The record"));
  page.add(
      fmt::format("<h2>{}</h2><p>{}</p>", about,
                  say("Todas estas páginas se hacen solo con el registro público. "
                      "Cualquiera lo descarga, lo comprueba con «urna verify» y vuelve "
                      "a hacer las mismas páginas, byte por byte.",
                      "All these pages are made from the public record alone. Anybody "
                      "can download it, check it with “urna verify” and make the same "
                      "pages again, byte for byte.")));
  page.add(boxed(about, fmt::format("<table><tbody>{}</tbody></table>", facts)));
  page.add(fmt::format("<h2>{}</h2><ul>", say("Descargas", "Downloads")));
  const auto download = [&](std::string_view href, std::string_view text) {
    page.add(fmt::format("<li><a href=\"{}\">{}</a></li>", href, text));
  };
  download("../data/results.csv",
           say("Resultados por mesa (CSV)", "Results by station (CSV)"));
  download("../data/results.json",
           say("Todo el conteo (JSON)", "The whole count (JSON)"));
  download("../data/results-cdf.json",
           say("Formato común de NIST, Election Results Reporting 2 (JSON)",
               "NIST common data format, Election Results Reporting 2 (JSON)"));
  download("../data/sheets.txt",
           say("Todas las actas firmadas (texto)", "All signed tally sheets (text)"));
  download(site.options.record + "checkpoint",
           say("Punto de control del registro", "Checkpoint of the record"));
  page.add("</ul>");
  const std::string checks(say("Comprobaciones del registro", "Checks of the record"));
  page.add(fmt::format("<h2>{}</h2>", checks));
  page.add(boxed(checks, checks_table(evidence, language)));
  if (!evidence.findings.empty()) {
    page.add(fmt::format("<h2>{}</h2><ul>", say("Documentos que no cuentan",
                                                "Documents that take no part")));
    for (const std::string& finding : evidence.findings)
      page.add(fmt::format("<li lang=\"en\">{}</li>", escaped(finding)));
    page.add("</ul>");
  }
  return page.finish(std::string(say("El registro público", "The public record")),
                     "record.html");
}

}  // namespace urna::results
