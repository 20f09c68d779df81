// The words of the results site's pages that compute.

import type { Glossary } from "../../ui/glossary.ts";

export const resultsWords = {
  sections: { es: "Secciones", en: "Sections" },
  results: { es: "Resultados", en: "Results" },
  receipt: { es: "Buscar mi comprobante", en: "Find my receipt" },
  verify: { es: "Verificar una mesa", en: "Verify a station" },
  count: { es: "Conteo ciudadano", en: "Citizens’ count" },
  noSite: { es: "No se pueden leer los datos de este sitio: {reason}", en: "The data of this site cannot be read: {reason}" },
  loading: { es: "Leyendo los datos del sitio…", en: "Reading the site’s data…" },

  receiptLead: {
    es: "Escriba la mesa y el código de su comprobante. Esta página descarga la lista completa de códigos de la mesa y busca el suyo en ella: su código no sale de este navegador.",
    en: "Type the station and the code on your receipt. This page downloads the station’s whole list of codes and looks for yours in it: your code does not leave this browser.",
  },
  station: { es: "Mesa", en: "Polling station" },
  stationHelp: { es: "Está en su comprobante, por ejemplo N01.", en: "It stands on your receipt, for instance N01." },
  code: { es: "Código del comprobante, o el texto de su QR", en: "Code on the receipt, or the text of its QR" },
  look: { es: "Buscar", en: "Look up" },
  badStation: { es: "Escriba el código de la mesa: letras mayúsculas y cifras.", en: "Type the station’s code: capital letters and digits." },
  noStation: { es: "Aquí no hay una lista de códigos de la mesa {station}.", en: "There is no list of codes of station {station} here." },
  badCode: {
    es: "Esto no es un código completo: son 13 grupos de cuatro letras y cifras.",
    en: "This is not a whole code: it has 13 groups of four letters and digits.",
  },
  foundCast: {
    es: "Su voto está entre los {all} votos publicados de la mesa {station}: depositado, y se cuenta.",
    en: "Your ballot is among the {all} published ballots of station {station}: cast, and it is counted.",
  },
  foundChallenged: {
    es: "Este voto de la mesa {station} fue una prueba: está abierto y no se cuenta.",
    en: "This ballot of station {station} was a test: it is opened, and it is not counted.",
  },
  foundVoided: {
    es: "Este voto de la mesa {station} se anuló para empezar de nuevo, y no se cuenta.",
    en: "This ballot of station {station} was voided to start again, and it is not counted.",
  },
  notFound: {
    es: "Este código no está entre los {all} de la mesa {station}. Revise las letras y la mesa. Si son correctas, su comprobante firmado es la prueba para reclamar.",
    en: "This code is not among the {all} of station {station}. Check the letters and the station. If they are right, your signed receipt is the evidence for a complaint.",
  },
  offline: {
    es: "Esta página solo mira la lista. Verifique la mesa para comprobar que la lista sale del paquete firmado.",
    en: "This page only looks at the list. Verify the station to check that the list comes from the signed package.",
  },

  verifyLead: {
    es: "Descarga todo lo que publicó la mesa y lo comprueba aquí: cada voto cifrado, las firmas, el acta y los totales. Es el segundo verificador, escrito aparte.",
    en: "Downloads everything that the station published and checks it here: every sealed ballot, the signatures, the tally sheet and the totals. It is the second verifier, written separately.",
  },
  verdict: { es: "Resultado", en: "Result" },
  start: { es: "Descargar y verificar", en: "Download and verify" },
  noPackage: { es: "De la mesa {station} no hay un paquete publicado.", en: "There is no published package of station {station}." },
  downloading: { es: "Descargando {done} de {all} documentos", en: "Downloading {done} of {all} documents" },
  verifying: { es: "Comprobando {done} de {all} votos cifrados", en: "Checking {done} of {all} sealed ballots" },
  broken: {
    es: "Un documento no se puede usar: {reason}. Si dice SHA-256, sus bytes no son los que el registro anotó.",
    en: "A document cannot be used: {reason}. If it says SHA-256, its bytes are not those that the record logged.",
  },

  countLead: {
    es: "Sume usted las actas. Elija fotografías de los códigos QR de las actas, o pegue sus textos. Todo se lee en este navegador; se comprueba la firma de cada máquina y los totales se ponen al lado de los publicados.",
    en: "Add up the sheets yourself. Choose photographs of the sheets’ QR codes, or paste their texts. Everything is read in this browser; each machine’s signature is checked, and the totals stand beside the published ones.",
  },
  choose: { es: "Elegir fotografías o archivos", en: "Choose photographs or files" },
  drop: { es: "Arrastre aquí las fotografías (PNG o JPEG) o los archivos de las actas.", en: "Drag photographs (PNG or JPEG) or sheet files here." },
  paste: { es: "Textos de códigos QR, uno por línea", en: "Texts of QR codes, one a line" },
  add: { es: "Agregar los textos", en: "Add the texts" },
  pasted: { es: "textos pegados", en: "pasted texts" },
  again: { es: "Empezar de nuevo", en: "Start over" },
  reading: { es: "Leyendo {name}", en: "Reading {name}" },
  noCodes: { es: "no se encontró ningún código de un acta", en: "no code of a tally sheet was found" },
  unread: { es: "No se pudo leer: {source} ({why})", en: "Could not be read: {source} ({why})" },
  sheets: { es: "Actas", en: "Tally sheets" },
  sheetGood: { es: "Mesa {station}, segmento {segment}: firma correcta ({source})", en: "Station {station}, segment {segment}: signature good ({source})" },
  sheetBad: { es: "Mesa {station}, segmento {segment}: no se cuenta, {why} ({source})", en: "Station {station}, segment {segment}: not counted, {why} ({source})" },
  election: { es: "es de otra elección", en: "it is of another election" },
  authority: { es: "ninguna autoridad de la elección reconoció la máquina", en: "no authority of the election certified the machine" },
  uncounted: {
    es: "la máquina no pudo contar; solo los custodios cuentan esta mesa",
    en: "the machine could not count; only the trustees count this station",
  },
  contests: { es: "sus opciones no son las de la elección", en: "its options are not those of the election" },
  contradictions: { es: "Contradicciones", en: "Contradictions" },
  noContradiction: {
    es: "Ninguna de las {n} mesas contadas aquí contradice lo publicado.",
    en: "None of the {n} stations counted here contradicts what was published.",
  },
  differs: { es: "El acta firmada de la mesa {station} no es la publicada ({source}).", en: "The signed sheet of station {station} is not the published one ({source})." },
  two: { es: "Hay dos actas firmadas distintas de la mesa {station} ({source}).", en: "There are two different signed sheets of station {station} ({source})." },
  absent: { es: "De la mesa {station} no hay un acta publicada ({source}).", en: "There is no published sheet of station {station} ({source})." },
  more: {
    es: "{contest}, {option}: las actas suman {counted}, más que los {published} publicados.",
    en: "{contest}, {option}: the sheets add up to {counted}, more than the {published} published.",
  },
  totals: { es: "Sumas de las {n} mesas contadas aquí, al lado de lo publicado de {all}", en: "Sums of the {n} stations counted here, beside what was published of {all}" },
  option: { es: "Opción", en: "Option" },
  here: { es: "Aquí", en: "Here" },
  published: { es: "Publicado", en: "Published" },
  blank: { es: "En blanco", en: "Blank" },
  nullVotes: { es: "Nulos", en: "Null" },
} as const satisfies Glossary;
