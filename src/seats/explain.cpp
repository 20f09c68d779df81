#include "seats/explain.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace urna::seats {
namespace {

using base::Json;

struct Words {
  StepKind kind;
  std::string_view code;
  std::string_view english;
  std::string_view spanish;
};

// {0} list, {1} seats, {2} value.
constexpr std::array kWords{
    Words{StepKind::excluded, "excluded", "{0} is below the threshold of {2} votes",
          "{0} no alcanza el umbral de {2} votos"},
    Words{StepKind::full_seats, "full_seats", "{0}: {1} for whole quotas of {2}",
          "{0}: {1} por cocientes enteros de {2}"},
    Words{StepKind::quotient, "quotient", "{0}: {1}, highest quotient {2}",
          "{0}: {1}, cociente mayor {2}"},
    Words{StepKind::largest_remainder, "largest_remainder",
          "{0}: {1}, largest remainder {2}", "{0}: {1}, resto mayor {2}"},
    Words{StepKind::unique_average, "unique_average",
          "{0}: {1}, highest average {2} (one each)",
          "{0}: {1}, media mayor {2} (una por lista)"},
    Words{StepKind::most_votes, "most_votes", "{0}: {1}, {2} votes",
          "{0}: {1}, {2} votos"},
    Words{StepKind::majority_loses, "majority_loses",
          "{0} gives up the seat of value {2} to the list with the majority of votes",
          "{0} cede el escaño de valor {2} a la lista con mayoría de votos"},
    Words{StepKind::majority_gains, "majority_gains",
          "{0}: {1}, because it has the majority of the votes",
          "{0}: {1}, por tener la mayoría de los votos"},
    Words{StepKind::exhausted, "exhausted",
          "{0} has more seats than candidates and passes one on",
          "{0} tiene más escaños que candidatos y deja uno a otra lista"},
    Words{StepKind::quota_excess, "quota_excess",
          "{0} gives back a seat that the rounded quota gave too many (remainder {2})",
          "{0} devuelve un escaño que el cociente redondeado dio de más (resto {2})"},
    Words{StepKind::district_seats, "district_seats", "{0}: {1} won in districts",
          "{0}: {1} ganados en circuitos"},
    Words{StepKind::overhang, "overhang", "{0}: {1} beyond its share, kept (overhang)",
          "{0}: {1} por encima de su cuota, que conserva"},
    Words{StepKind::house_grows, "house_grows",
          "the house grows by {1} to cover every guaranteed seat",
          "la cámara crece en {1} para cubrir los escaños garantizados"},
    Words{StepKind::unassigned, "unassigned", "{1} stay empty: no list can take more",
          "quedan sin asignar: {1}"},
};

const Words& words(StepKind kind) {
  return *std::ranges::find(kWords, kind, &Words::kind);
}

bool spanish(Language language) {
  return language == Language::spanish;
}

std::string seats_text(SeatCount seats, Language language) {
  if (spanish(language))
    return fmt::format("{} escaño{}", seats, seats == 1 ? "" : "s");
  return fmt::format("{} seat{}", seats, seats == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string step_text(const Allocation& award, const Step& step, Language language) {
  const Words& say = words(step.kind);
  std::string text =
      fmt::format(fmt::runtime(spanish(language) ? say.spanish : say.english),
                  step.list ? award.names[*step.list] : "",
                  seats_text(step.seats, language), step.value.mixed());
  if (step.tied.empty() && step.decided == Decided::by_value) return text;
  std::vector<std::string> tied;
  for (const std::size_t i : step.tied) tied.push_back(award.names[i]);
  std::string_view how;
  switch (step.decided) {
    case Decided::by_value:
      how = spanish(language) ? "iguales, todas reciben" : "level, all receive";
      break;
    case Decided::by_more_votes:
      how = spanish(language) ? "por más votos entre" : "by more votes among";
      break;
    case Decided::by_lot:
      how = spanish(language) ? "por sorteo entre" : "drawn by lot among";
      break;
  }
  return text + fmt::format(" ({}{}{})", how, tied.empty() ? "" : ": ", joined(tied));
}

void write_table(std::string& out, const Allocation& award, Language language) {
  std::size_t width = 4;
  for (const std::string& name : award.names) width = std::max(width, name.size());
  out += fmt::format("{:<{}}  {:>15}  {:>6}\n", spanish(language) ? "lista" : "list",
                     width, spanish(language) ? "votos" : "votes",
                     spanish(language) ? "escaños" : "seats");
  for (std::size_t i = 0; i < award.names.size(); ++i)
    out += fmt::format("{:<{}}  {:>15}  {:>6}\n", award.names[i], width, award.votes[i],
                       award.seats[i]);
}

void write_quotients(std::string& out, const Allocation& award, Language language) {
  if (award.quotients.empty()) return;
  out += spanish(language) ? "\nCocientes (con * los que dan escaño)\n"
                           : "\nQuotients (* won a seat)\n";
  std::size_t list = award.names.size();
  for (const Quotient& q : award.quotients) {
    if (q.list != list) {
      out += fmt::format("{}{}:", list == award.names.size() ? "" : "\n",
                         award.names[q.list]);
      list = q.list;
    }
    out += fmt::format("  {}{}", q.value.mixed(), q.won ? "*" : "");
  }
  out += "\n";
}

}  // namespace

std::string lots_text(const LotsNeeded& lots, Language language) {
  const std::string stage = lots.stage.empty() ? "" : lots.stage + ": ";
  if (spanish(language)) {
    return fmt::format("{}hace falta sorteo: sacar {} de {{{}}} para {} el escaño ({})",
                       stage, lots.take, joined(lots.among),
                       lots.to_lose ? "ceder" : "recibir", lots.reason);
  }
  return fmt::format("{}lots are needed: draw {} of {{{}}} to {} the seat ({})", stage,
                     lots.take, joined(lots.among),
                     lots.to_lose ? "give up" : "receive", lots.reason);
}

std::string explain(const Allocation& award, Language language, bool steps) {
  std::string out;
  if (!award.stage.empty()) out += award.stage + "\n";
  out += fmt::format("{}, {}\n", method_name(award.method),
                     seats_text(award.house, language));
  write_table(out, award, language);
  if (award.unassigned > 0)
    out += fmt::format("{}: {}\n", spanish(language) ? "sin asignar" : "unassigned",
                       award.unassigned);
  for (const std::string& note : award.notes) out += "! " + note + "\n";
  for (const LotsNeeded& lots : award.lots)
    out += "! " + lots_text(lots, language) + "\n";
  if (!steps) return out;
  if (award.quota)
    out += fmt::format("\n{}: {}\n", spanish(language) ? "cociente electoral" : "quota",
                       award.quota->mixed());
  if (!award.steps.empty()) out += spanish(language) ? "\nPasos\n" : "\nSteps\n";
  for (std::size_t s = 0; s < award.steps.size(); ++s)
    out +=
        fmt::format("{:>4}  {}\n", s + 1, step_text(award, award.steps[s], language));
  write_quotients(out, award, language);
  for (const Allocation& inner : award.inner) out += "\n" + explain(inner, language);
  return out;
}

namespace {

Json names_json(const std::vector<std::string>& names) {
  Json out = Json::array();
  for (const std::string& name : names) out.push(name);
  return out;
}

Json step_json(const Allocation& award, const Step& step) {
  Json out = Json::object();
  out.set("kind", words(step.kind).code);
  if (step.list) out.set("list", award.names[*step.list]);
  out.set("seats", step.seats);
  if (step.value != Fraction{}) out.set("value", step.value.text());
  if (step.decided != Decided::by_value)
    out.set("decided", step.decided == Decided::by_lot ? "lot" : "more votes");
  if (!step.tied.empty()) {
    Json tied = Json::array();
    for (const std::size_t i : step.tied) tied.push(award.names[i]);
    out.set("tied", std::move(tied));
  }
  return out;
}

Json lots_json(const std::vector<LotsNeeded>& lots) {
  Json out = Json::array();
  for (const LotsNeeded& need : lots) {
    Json item = Json::object();
    item.set("stage", need.stage);
    item.set("reason", need.reason);
    item.set("among", names_json(need.among));
    item.set("take", need.take);
    item.set("to_lose", need.to_lose);
    out.push(std::move(item));
  }
  return out;
}

}  // namespace

Json to_json(const Allocation& award) {
  Json out = Json::object();
  if (!award.stage.empty()) out.set("stage", award.stage);
  out.set("method", method_name(award.method));
  out.set("house", award.house);
  Json lists = Json::array();
  for (std::size_t i = 0; i < award.names.size(); ++i) {
    Json list = Json::object();
    list.set("name", award.names[i]);
    list.set("votes", award.votes[i]);
    list.set("seats", award.seats[i]);
    lists.push(std::move(list));
  }
  out.set("lists", std::move(lists));
  out.set("unassigned", award.unassigned);
  if (award.quota) out.set("quota", award.quota->text());
  Json steps = Json::array();
  for (const Step& step : award.steps) steps.push(step_json(award, step));
  out.set("steps", std::move(steps));
  Json quotients = Json::array();
  for (const Quotient& q : award.quotients) {
    Json item = Json::object();
    item.set("list", award.names[q.list]);
    item.set("number", q.number);
    item.set("divisor", q.divisor.text());
    item.set("value", q.value.text());
    item.set("won", q.won);
    quotients.push(std::move(item));
  }
  out.set("quotients", std::move(quotients));
  out.set("lots", lots_json(award.lots));
  out.set("notes", names_json(award.notes));
  Json inner = Json::array();
  for (const Allocation& part : award.inner) inner.push(to_json(part));
  if (!award.inner.empty()) out.set("parts", std::move(inner));
  return out;
}

Json to_json(const ParallelResult& result) {
  Json out = Json::object();
  out.set("house", result.house);
  out.set("reserved", result.reserved);
  out.set("unassigned", result.unassigned);
  Json parties = Json::array();
  for (const PartySeats& party : result.parties) {
    Json item = Json::object();
    item.set("party", party.party);
    item.set("list_votes", party.list_votes);
    item.set("nominal", party.nominal);
    item.set("regional", party.regional);
    item.set("national", party.national);
    item.set("total", party.total());
    parties.push(std::move(item));
  }
  out.set("parties", std::move(parties));
  const auto all = [](const std::vector<Allocation>& parts) {
    Json array = Json::array();
    for (const Allocation& part : parts) array.push(to_json(part));
    return array;
  };
  out.set("nominal", all(result.nominal));
  out.set("regional", all(result.regional));
  if (result.national) out.set("national", to_json(*result.national));
  out.set("lots", lots_json(result.lots));
  return out;
}

}  // namespace urna::seats
