#include "checkin/paper.hpp"

#include "base/clock.hpp"
#include "checkin/words.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

// Papers are in the election's main language: Spanish, or English otherwise.
struct Voice {
  bool spanish;
  [[nodiscard]] std::string operator()(std::string_view es, std::string_view en) const {
    return std::string(spanish ? es : en);
  }
};

Voice voice_of(const Setup& setup) {
  return {setup.definition.model().languages.front() == "es"};
}

sheet::Document headed(const Setup& setup) {
  const Voice say = voice_of(setup);
  const auto& model = setup.definition.model();
  const auto& station = setup.definition.stations()[setup.station_index];
  sheet::Document out;
  if (setup.mode() != election::Mode::official) {
    out.body.emplace_back(sheet::BannerBlock{say("PRUEBA", "TEST")});
  }
  out.body.emplace_back(
      sheet::TextBlock{std::string(model.name.in(0)), 3.4, true, true, false});
  out.body.emplace_back(sheet::TextBlock{
      fmt::format("{} {}", station.code, station.name.in(0)), 3.0, false, true, false});
  out.body.emplace_back(sheet::RuleBlock{});
  return out;
}

std::string number(const sheet::Count& count) {
  return count ? fmt::format("{}", *count) : std::string("-");
}

}  // namespace

std::string local_hour(const Setup& setup, std::uint64_t hybrid_time) {
  const std::int64_t local = HybridClock::seconds(hybrid_time) +
                             setup.definition.model().day.utc_offset_minutes * 60;
  return base::utc_text(local).substr(11, 5);
}

sheet::Document token_paper(const Setup& setup, std::string_view token) {
  const Voice say = voice_of(setup);
  sheet::Document out = headed(setup);
  out.body.emplace_back(
      sheet::TextBlock{say("Llévela a la máquina de votación. Sirve una sola vez.",
                           "Take this to the voting machine. It works once."),
                       3.0, false, true, false});
  out.body.emplace_back(sheet::QrBlock{std::string(token), ""});
  out.body.emplace_back(sheet::TextBlock{std::string(token), 5.0, true, true, true});
  out.body.emplace_back(sheet::TextBlock{
      say("Boleta ", "Ballot ") + setup.definition.style_of(setup.station_index).code,
      2.6, false, true, false});
  return out;
}

sheet::Document closing_paper(const Setup& setup, const Book& book,
                              const std::string& slip) {
  const Voice say = voice_of(setup);
  const Totals& t = book.totals();
  sheet::Document out = headed(setup);
  out.body.emplace_back(sheet::HeadingBlock{
      say("Cierre de la identificación", "Check-in closed"), "", ""});
  const auto row = [&](std::string name, std::string value, bool bold = false) {
    out.body.emplace_back(sheet::RowBlock{std::move(name), std::move(value), bold});
  };
  row(say("Personas admitidas", "People admitted"), number(t.counts.total), true);
  row(say("Huella coincide", "Print matched"), number(t.counts.matched));
  row(say("Huella no coincide", "Print did not match"), number(t.counts.not_matched));
  row(say("Sin huella registrada", "No stored print"),
      number(t.counts.no_stored_print));
  row(say("No puede dar huellas", "Cannot give prints"), number(t.counts.not_taken));
  row(say("Lector fuera de servicio", "Reader out of use"),
      number(t.counts.without_biometrics));
  row(say("Fichas entregadas", "Tokens issued"), number(t.counts.tokens_issued), true);
  row(say("Fichas que quedan", "Tokens left"), fmt::format("{}", t.tokens_left));
  row(say("Fichas perdidas y repuestas", "Tokens lost and replaced"),
      fmt::format("{}", t.tokens_lost));
  row(say("Decididas por dos miembros", "Decided by two officials"),
      fmt::format("{}", t.overridden));
  row(say("Personas asistidas", "Assisted voters"), fmt::format("{}", t.assisted));
  row(say("Avisos de parecido", "Likeness alerts"), fmt::format("{}", t.alerts));
  row(say("Segundas presentaciones", "Second claims"), fmt::format("{}", t.claims));
  for (const std::string& id : book.admitted_twice()) {
    out.body.emplace_back(sheet::TextBlock{
        say("ADMITIDA DOS VECES: ", "ADMITTED TWICE: ") + id, 3.0, true});
  }
  out.body.emplace_back(sheet::QrBlock{
      slip, say("Para la máquina de votación", "For the voting machine")});
  out.body.emplace_back(sheet::TextBlock{slip, 2.0, false, false, true});
  out.body.emplace_back(sheet::SignatureBlock{say("Presidente", "President")});
  out.body.emplace_back(sheet::SignatureBlock{say("Secretario", "Secretary")});
  return out;
}

sheet::Document emergency_list(const Setup& setup, const Book& book) {
  const Voice say = voice_of(setup);
  sheet::Document out = headed(setup);
  out.running_title = setup.roll.station;
  out.page_word = say("página", "page");
  std::vector<std::pair<std::string, const Voter*>> sorted;
  for (const Voter& voter : setup.roll.voters) {
    sorted.emplace_back(folded(voter.surnames + " " + voter.names), &voter);
  }
  std::ranges::sort(sorted);
  for (const auto& [key, voter] : sorted) {
    const auto came = book.admissions(voter->id);
    out.body.emplace_back(sheet::RowBlock{
        fmt::format("{}, {} · {}", voter->surnames, voter->names, voter->id),
        came.empty() ? say("firma ______________", "signature ______________")
                     : local_hour(setup, came.front().time)});
  }
  return out;
}

}  // namespace urna::checkin
