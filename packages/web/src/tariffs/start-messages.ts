import { messages } from "../text/message.ts";

/** Words of tariffs that menu, rights and reports show before their pages are open. */
export const tariffStartText = messages({
  "page.tariffs": { en: "Tariffs", ro: "Tarife" },
  "nav.multi-rate": { en: "Multi-rate", ro: "Multitarif" },
});
