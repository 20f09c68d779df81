// What the machine refuses, in the words of people at a polling station. The numbers are
// those of src/machine/errors.hpp; a test holds the two together. An error that is not
// here is shown as the service says it.

import type { Glossary } from "../ui/glossary.ts";

export const errorWords = {
  U6001: { es: "Los votos guardados no se pueden leer bien. Pare la máquina y guárdela como evidencia.", en: "What is stored cannot be read well. Stop the machine and keep it as evidence." },
  U6002: { es: "No queda lugar para otro votante. Cierre esta máquina y abra una de repuesto.", en: "There is no room for a further voter. Close this machine and open a spare one." },
  U6003: { es: "La máquina dejó de aceptar votos. Llame a un miembro de mesa.", en: "The machine has stopped voting. Please call an official." },
  U6004: { es: "Eso no se puede hacer ahora.", en: "That cannot be done now." },
  U6005: { es: "Ya hay algo guardado en la máquina: no se puede abrir así. Bórrela y póngale otra vez su paquete.", en: "Something is stored in the machine already: it cannot open like this. Wipe it and give it its package again." },
  U6006: { es: "Alguien puso una copia anterior en esta máquina. No la use y avise a la autoridad.", en: "Somebody put an older copy back into this machine. Do not use it, and tell the authority." },
  U6010: { es: "Eso no se puede hacer ahora. Mire lo que dice la pantalla.", en: "That cannot be done now. See what the screen says." },
  U6011: { es: "Esta ficha no es de esta mesa, o le falta una letra. Pruebe otra vez, o pregunte a un miembro de mesa.", en: "This token is not of this station, or a letter is wrong. Try again, or ask an official." },
  U6012: { es: "Esta ficha ya se usó. Cada ficha vale para un voto. Pregunte a un miembro de mesa.", en: "This token was used before. Each token is good for one vote. Ask an official." },
  U6013: { es: "Aquí ya eligió todo lo que se puede. Quite primero una de sus opciones.", en: "You have chosen all you may here. First take one of your choices away." },
  U6014: { es: "Eso no está en esta boleta.", en: "That is not on this ballot." },
  U6015: { es: "Ya no quedan pruebas. Deposite este voto o empiece de nuevo.", en: "No tests are left. Cast this ballot or start again." },
  U6020: { es: "La impresora no puede imprimir ahora. Sus votos siguen aquí. Llame a un miembro de mesa.", en: "The printer cannot print now. Your choices are kept. Please call an official." },
  U6021: {
    es: "La impresora guarda lo que imprime. No la use: avise a la autoridad electoral.",
    en: "The printer keeps what it prints. Do not use it: tell the electoral authority.",
  },
  U6030: { es: "Ese documento no es para esta máquina o esta mesa.", en: "That document is not for this machine or this station." },
  U6031: { es: "Ese paquete es más viejo que el que la máquina ya tuvo.", en: "That package is older than one this machine had before." },
  U6040: { es: "Esa llave no es de un miembro de esta mesa.", en: "That key is not of an official of this station." },
  U6041: { es: "El PIN no es correcto. Después de cinco intentos la máquina espera cada vez más.", en: "The PIN is wrong. After five attempts the machine waits longer each time." },
  U6042: { es: "Demasiados PIN incorrectos. Espere unos minutos y pruebe de nuevo.", en: "Too many wrong PINs. Wait some minutes and try again." },
  U6043: { es: "Hacen falta dos miembros de mesa distintos, cada uno con su llave.", en: "Two different officials are needed, each with a key." },
  U6044: { es: "Todavía no es la hora. Para cerrar antes hace falta un motivo.", en: "It is not yet the hour. Closing early needs a reason." },
  U6045: { es: "Falta lo de la primera máquina: su exportación en una llave, o la declaración de que está perdida.", en: "Nothing of the first machine is here: bring its export on a stick, or declare it lost." },
  U6050: { es: "Esas llaves no abren el conteo. Traigan las de los dos miembros que guardan la llave de cierre.", en: "These keys do not open the count. Bring those of the two officials who keep the closing key." },
  U6051: { es: "Lo guardado y lo contado no coinciden. Guarde la máquina: esta mesa la cuentan los custodios de la llave.", en: "What is stored and what is counted do not agree. Keep the machine: the trustees count this station." },
  U6060: {
    es: "El paquete no se transmitió. Inténtelo otra vez, o lleve una llave a un punto de transmisión.",
    en: "The package was not transmitted. Try again, or carry a stick to a transmission point.",
  },
  other: { es: "No se pudo hacer: {message} ({number})", en: "It could not be done: {message} ({number})" },
  title: { es: "No se pudo hacer", en: "That did not work" },
  number: { es: "Número para quien ayuda: {number}", en: "Number for whoever helps: {number}" },
} as const satisfies Glossary;
