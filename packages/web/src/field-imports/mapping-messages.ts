import { messages } from "../text/message.ts";

export const mappingText = messages({
  "map.title": { en: "Columns of the file", ro: "Coloanele fișierului" },
  "map.open": { en: "Map the columns", ro: "Asociază coloanele" },
  "map.lead": {
    en: "Say which column holds what. A file with the same head line is mapped so the next time.",
    ro: "Indicați ce conține fiecare coloană. Un fișier cu același antet va fi citit la fel data viitoare.",
  },
  "map.profile": {
    en: "Such a file was mapped before: as below.",
    ro: "Un astfel de fișier a mai fost asociat: ca mai jos.",
  },
  "map.kind": { en: "The file holds", ro: "Fișierul conține" },
  "map.kind.load-curves": {
    en: "load curves: one interval a line",
    ro: "curbe de sarcină: un interval pe rând",
  },
  "map.kind.hand-held": { en: "readings of registers", ro: "indexuri" },
  "map.serial": { en: "Serial number of the meter", ro: "Seria contorului" },
  "map.start": { en: "Start of the interval, or its date", ro: "Începutul intervalului sau data" },
  "map.time": { en: "Time of the reading, or its date", ro: "Momentul citirii sau data" },
  "map.clock": { en: "Time of day, where apart", ro: "Ora, dacă e separată" },
  "map.value": { en: "Value", ro: "Valoare" },
  "map.obis": { en: "Register (OBIS)", ro: "Registru (OBIS)" },
  "map.unit": { en: "Unit", ro: "Unitate" },
  "map.quality": { en: "Quality", ro: "Calitate" },
  "map.none": { en: "no column", ro: "nicio coloană" },
  "map.obis-all": { en: "Register of every line", ro: "Registrul tuturor rândurilor" },
  "map.unit-all": { en: "Unit of every line", ro: "Unitatea tuturor rândurilor" },
  "map.sample": { en: "First lines", ro: "Primele rânduri" },
  "map.lines": {
    en: "{count, plural, one {# line} other {# lines}}",
    ro: "{count, plural, one {# rând} few {# rânduri} other {# de rânduri}}",
  },
  "map.check": { en: "Check with these columns", ro: "Verifică cu aceste coloane" },
});
