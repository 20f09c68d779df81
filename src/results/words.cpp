#include "results/words.hpp"

#include <array>

#include <fmt/format.h>

namespace urna::results {
namespace {

// In the order of the checks' numbers; docs/verification.md has them in English.
constexpr std::array<std::string_view, record::kChecks> kSpanish{
    "la clave del registro es la que usted dio",
    "el punto de control es una nota firmada con la clave del registro",
    "los testigos que pide la política firmaron el punto de control",
    "todo punto de control visto antes es un comienzo de este registro",
    "los asientos y los bloques dan exactamente la raíz del punto de control",
    "cada asiento nombra un documento de una clase conocida",
    "cada documento está, byte por byte, como dice su asiento",
    "ningún documento tiene dos versiones, o una decisión dice cuál cuenta",
    "los archivos de la definición se leen sin problemas",
    "las pruebas de la clave valen, es la suma de las partes de los custodios y todos "
    "la confirmaron",
    "todos los archivos de la ceremonia valen y las cuatro rondas dan esta clave",
    "la huella de la elección es la que usted dio",
    "cada certificado está firmado por una autoridad de la definición para esta "
    "elección",
    "las decisiones y los sorteos se leen y son de esta definición",
    "el paquete de la mesa se puede leer",
    "una máquina certificada de esta mesa firmó el paquete",
    "los votos son de esta elección, clave, mesa y boleta",
    "cada voto tiene su forma legal y sus pruebas valen",
    "los votos de prueba se abren a lo que se cifró, y ningún otro está abierto",
    "ningún identificador, código ni cifrado aparece dos veces",
    "cada grupo de votos está ordenado por código de confirmación",
    "las tres raíces de Merkle son las de los votos",
    "cada acta está firmada por su máquina certificada y corresponde a la definición",
    "las actas cuentan tantos votos depositados, de prueba y anulados como hay",
    "cuadran las personas, fichas, sesiones y votos, con los números que firmó la "
    "identificación",
    "las papeletas de la caja son tantas como los votos, y el conteo a mano coincide",
    "las firmas de los miembros valen y son de estas actas",
    "la bitácora se puede leer, y la mesa se abrió y se cerró",
    "una decisión firmada nombra exactamente los votos que quedaron fuera",
    "el descifrado de cada custodio está firmado y su prueba vale",
    "hay descifrados buenos suficientes para un total en cada campo",
    "los totales descifrados son los de las actas, campo por campo",
    "cada mesa de la definición está en el registro con totales",
    "el documento de resultados dice las sumas de todas las mesas",
    "el documento de resultados da los escaños que dan las reglas",
};

}  // namespace

std::string_view check_says(record::Check check, Language language) {
  if (language == Language::english) return record::info(check).says;
  return kSpanish.at(record::number(check) - 1);
}

std::string_view state_word(record::State state, Language language) {
  switch (state) {
    case record::State::passed:
      return either(language, "Se cumple", "Holds");
    case record::State::failed:
      return either(language, "Falla", "Fails");
    case record::State::not_run:
      return either(language, "Sin comprobar", "Not checked");
  }
  return {};
}

std::string_view state_class(record::State state) {
  switch (state) {
    case record::State::passed:
      return "good";
    case record::State::failed:
      return "bad";
    case record::State::not_run:
      return "open";
  }
  return {};
}

std::string station_sentence(const Evidence& evidence, election::StationIndex station,
                             Language language) {
  switch (verdict_of(evidence, station)) {
    case Verdict::missing:
      return std::string(
          either(language, "De esta mesa no ha llegado nada que se pueda contar.",
                 "Nothing that can be counted has come from this station."));
    case Verdict::fails:
      return std::string(either(language, "En esta mesa hay números que no concuerdan.",
                                "Numbers of this station do not agree."));
    case Verdict::agrees:
      return std::string(either(
          language,
          "Las papeletas de la caja, el acta y los votos cifrados dicen lo mismo.",
          "The papers in the box, the tally sheet and the sealed ballots say the "
          "same."));
    case Verdict::open:
      break;
  }
  const StationEvidence& one = evidence.stations[station];
  if (one.trustees_only)
    return std::string(either(
        language,
        "Contada solo por los custodios: la máquina perdió su llave de cierre y no "
        "pudo "
        "contar.",
        "Counted by the trustees only: the machine lost its closing key and could not "
        "count."));
  if (one.report == nullptr)
    return std::string(either(
        language, "El acta está contada; los votos cifrados no se verificaron aquí.",
        "The tally sheet is counted; the sealed ballots were not verified here."));
  if (!one.report->row)
    return std::string(either(
        language, "El acta está contada; los votos cifrados aún no se han descifrado.",
        "The tally sheet is counted; the sealed ballots are not decrypted yet."));
  if (one.box.empty())
    return std::string(either(
        language,
        "El acta y los votos cifrados dicen lo mismo; la caja aún no se ha contado.",
        "The tally sheet and the sealed ballots say the same; the box is not yet "
        "counted."));
  return std::string(
      either(language, "Nada se contradice, y algo falta por comprobar.",
             "Nothing disagrees, and something is still to be checked."));
}

}  // namespace urna::results
