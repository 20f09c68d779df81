#include "sheet/paper/words.hpp"

namespace urna::sheet {
namespace {

constexpr Words kEnglish{
    .tally_sheet = "TALLY SHEET",
    .demo = "DEMONSTRATION · NOT A REAL ELECTION",
    .test = "TEST · THESE VOTES DO NOT COUNT",
    .station = "Polling station",
    .segment = "Segment",
    .device = "Machine",
    .software = "Software",
    .opened = "Voting opened",
    .closed = "Voting closed",
    .election_hash = "Election",
    .not_stated = "not stated",
    .balance = "Do the numbers agree?",
    .no_differences = "NO DIFFERENCES",
    .one_difference = "1 DIFFERENCE · EXPLAIN IT IN WRITING",
    .differences = "{} DIFFERENCES · EXPLAIN THEM IN WRITING",
    .box_not_counted = "box not yet counted",
    .people = "Voters and ballots",
    .registered = "Registered voters",
    .checked_in = "Checked in",
    .matched = "fingerprint matches",
    .not_matched = "fingerprint does not match",
    .no_print = "no fingerprint on file",
    .not_taken = "fingerprint could not be taken",
    .no_reader = "without the fingerprint reader",
    .slip_missing = "check-in slip missing",
    .tokens = "Tokens handed out",
    .unused = "Tokens not used",
    .activated = "Sessions activated",
    .by_officials = "by officials, without a token",
    .cast = "BALLOTS CAST",
    .no_vote = "Ended without a vote",
    .sealed = "Ballots sealed",
    .challenged = "opened as a test by the voter",
    .voided = "started again (void)",
    .choose_one = "One vote for each voter",
    .choose_up_to = "Up to {} votes for each voter",
    .votes = "Votes",
    .blank = "Blank",
    .null_votes = "Null",
    .ballots = "Ballots with this contest",
    .imported = "IMPORTED · NOT MADE BY A VOTING MACHINE",
    .uncounted = "NOT COUNTED HERE · ONLY THE TRUSTEES COUNT THESE BALLOTS",
    .uncounted_help =
        "The closing key is lost, so the machine could not count. The sealed ballots "
        "are whole: the trustees decrypt their sum. Count the papers in the box.",
    .continued = "{} (continued)",
    .digest = "Digest of this sheet",
    .digest_help = "Whoever publishes or counts this sheet must show the same digest.",
    .signatures = "Signatures",
    .signatures_help =
        "Name, identity number, signature; before anything is transmitted.",
    .codes = "Codes",
    .codes_help =
        "Photograph every code: they hold all numbers of this sheet and the machine's "
        "signature. The pictures may be in any order.",
    .code_of = "Code {} of {}",
    .certificate = "Certificate of the machine",
    .page = "page",
    .president = "President",
    .secretary = "Secretary",
    .member_a = "Member A",
    .witness_a = "Witness A",
    .witness_b = "Witness B",
    .operator_ = "Operator",
    .officials_slip = "SIGNATURES OF THE OFFICIALS",
    .officials_help =
        "These people signed the sheet with this digest with keys of their own.",
    .signed_by = "Signed by",
    .key = "Key",
};

constexpr Words kSpanish{
    .tally_sheet = "ACTA DE ESCRUTINIO",
    .demo = "DEMOSTRACIÓN · NO ES UNA ELECCIÓN REAL",
    .test = "PRUEBA · ESTOS VOTOS NO CUENTAN",
    .station = "Mesa",
    .segment = "Segmento",
    .device = "Máquina",
    .software = "Programa",
    .opened = "Apertura",
    .closed = "Cierre",
    .election_hash = "Elección",
    .not_stated = "no indicado",
    .balance = "¿Cuadran los números?",
    .no_differences = "SIN DIFERENCIAS",
    .one_difference = "1 DIFERENCIA · EXPLICARLA POR ESCRITO",
    .differences = "{} DIFERENCIAS · EXPLICARLAS POR ESCRITO",
    .box_not_counted = "caja aún no contada",
    .people = "Electores y boletas",
    .registered = "Electores inscritos",
    .checked_in = "Identificados",
    .matched = "la huella coincide",
    .not_matched = "la huella no coincide",
    .no_print = "sin huella registrada",
    .not_taken = "no se pudo tomar la huella",
    .no_reader = "sin lector de huellas",
    .slip_missing = "falta el comprobante",
    .tokens = "Fichas entregadas",
    .unused = "Fichas sin usar",
    .activated = "Sesiones activadas",
    .by_officials = "por los miembros, sin ficha",
    .cast = "BOLETAS DEPOSITADAS",
    .no_vote = "Terminadas sin votar",
    .sealed = "Boletas selladas",
    .challenged = "abiertas como prueba por el elector",
    .voided = "comenzadas de nuevo (anuladas)",
    .choose_one = "Un voto por elector",
    .choose_up_to = "Hasta {} votos por elector",
    .votes = "Votos",
    .blank = "En blanco",
    .null_votes = "Nulos",
    .ballots = "Boletas con esta elección",
    .imported = "IMPORTADA · NO HECHA POR UNA MÁQUINA DE VOTACIÓN",
    .uncounted = "SIN CONTAR AQUÍ · SOLO LOS CUSTODIOS CUENTAN ESTAS BOLETAS",
    .uncounted_help =
        "La llave de cierre se perdió y la máquina no pudo contar. Los votos sellados "
        "están completos: los custodios descifran su suma. Cuenten las papeletas de la "
        "urna.",
    .continued = "{} (continuación)",
    .digest = "Resumen digital de esta acta",
    .digest_help =
        "Quien publique o cuente esta acta debe mostrar el mismo resumen digital.",
    .signatures = "Firmas",
    .signatures_help = "Nombre, documento y firma; antes de transmitir.",
    .codes = "Códigos",
    .codes_help =
        "Fotografíe todos los códigos: contienen todos los números de esta acta y la "
        "firma de la máquina. Las fotos pueden ir en cualquier orden.",
    .code_of = "Código {} de {}",
    .certificate = "Certificado de la máquina",
    .page = "página",
    .president = "Presidente",
    .secretary = "Secretario",
    .member_a = "Miembro A",
    .witness_a = "Testigo A",
    .witness_b = "Testigo B",
    .operator_ = "Operador",
    .officials_slip = "FIRMAS DE LOS MIEMBROS",
    .officials_help =
        "Estas personas firmaron con claves propias el acta con este resumen digital.",
    .signed_by = "Firmado por",
    .key = "Clave",
};

}  // namespace

const Words& words_of(std::string_view language) {
  return language == "es" || language.starts_with("es-") ? kSpanish : kEnglish;
}

}  // namespace urna::sheet
