// What check-in refuses, in the words of people at a polling station. The numbers are
// those that its service can answer (src/checkin/errors.hpp); a test holds the two
// together. An error that is not here is shown as the service says it.

import type { Glossary } from "../ui/glossary.ts";

export const checkinErrors = {
  U6210: { es: "Ese paquete no es para este equipo o esta mesa.", en: "That package is not for this device or this station." },
  U6211: { es: "El equipo no tiene llaves que sirvan. Llame a quien ayuda.", en: "The device has no usable keys. Call whoever helps." },
  U6212: { es: "Eso no se puede hacer ahora. Mire lo que dice la pantalla.", en: "That cannot be done now. See what the screen says." },
  U6213: { es: "Lo guardado en este equipo está dañado o es una copia anterior. Apártelo como evidencia y siga con la lista en papel.", en: "What this device stores is damaged or an older copy. Put it aside as evidence and go on with the paper list." },
  U6220: { es: "No quedan fichas en este equipo. Siga en otro equipo de la mesa, o dos miembros activan la máquina sin ficha.", en: "No token is left in this device. Go on at another one of the station, or two officials begin the session at the machine." },
  U6230: { es: "No está en el padrón de esta mesa.", en: "Not on this station’s roll." },
  U6231: { es: "Vota en otra mesa.", en: "Votes at another station." },
  U6232: { es: "Esta persona ya fue admitida. Búsquela otra vez para ver cuándo.", en: "This person has been admitted already. Search again to see when." },
  U6233: { es: "Todavía no se comparó ningún dedo. Pruebe los dedos, o diga que la persona no puede dar huellas.", en: "No finger has been compared yet. Try the fingers, or say that the person cannot give prints." },
  U6234: { es: "Ese dedo ya se probó tres veces. Pruebe otro, o deciden dos miembros.", en: "That finger was tried three times. Try another one, or two officials decide." },
  U6240: { es: "Hacen falta dos miembros distintos de esta mesa, cada uno con su llave.", en: "Two different officials of this station are needed, each with a stick." },
  U6241: { es: "Demasiados PIN incorrectos. Espere, o traiga a otro miembro.", en: "Too many wrong PINs. Wait, or bring another official." },
  U6250: { es: "Un equipo cuenta su pasado de dos maneras. Guarde los dos equipos como evidencia y siga con la lista en papel.", en: "One device tells its past in two ways. Keep both devices as evidence and go on with the paper list." },
  U6251: { es: "El registro de esa llave no es de un equipo de esta mesa, o está dañado.", en: "The log on that stick is not of a device of this station, or is damaged." },
  U6260: { es: "La impresora no terminó. La persona está admitida: arregle el papel e imprima la ficha.", en: "The printer did not finish. The person is admitted: mend the paper and print the token." },
  U1213: { es: "El PIN no es correcto. Después de cinco intentos hay que esperar cada vez más.", en: "The PIN is wrong. After five attempts you wait longer each time." },
  U5140: { es: "El lector no responde. Vuelva a enchufarlo; si no vuelve, dos miembros siguen sin él.", en: "The reader does not answer. Plug it in again; if it stays away, two officials go on without it." },
  U5141: { es: "El lector falló. Desenchúfelo y vuelva a enchufarlo; si sigue así, dos miembros siguen sin él.", en: "The reader failed. Unplug it and plug it in again; if it stays so, two officials go on without it." },
  other: { es: "No se pudo hacer: {message} ({number})", en: "It could not be done: {message} ({number})" },
  title: { es: "No se pudo hacer", en: "That did not work" },
  number: { es: "Número para quien ayuda: {number}", en: "Number for whoever helps: {number}" },
} as const satisfies Glossary;
