import { messages } from "../text/message.ts";

/** Words of tariffs that menu, rights and reports show before their pages are open. */
export const tariffStartText = messages({
  "nav.tariffs": { en: "Tariffs & calendars", ro: "Tarife și calendare" },
  "page.tariffs": { en: "Tariffs", ro: "Tarife" },
  "nav.multi-rate": { en: "Multi-rate", ro: "Multitarif" },
});
