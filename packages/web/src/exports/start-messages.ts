import { messages } from "../text/message.ts";

/** Words of data files that menu and tray show before their page is open. */
export const exportsStartText = messages({
  "nav.exports": { en: "Data files", ro: "Fișiere de date" },
  "page.exports": { en: "Data files", ro: "Fișiere de date" },
  "log.thing.data_export": { en: "data file", ro: "fișier de date" },
  "jobs.kind.write-values": { en: "File of interval values", ro: "Fișier cu valori pe interval" },
});
