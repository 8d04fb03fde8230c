import { messages } from "../text/message.ts";

/** Names of the pages, for menu, palette and rights. */
export const watchStartText = messages({
  "nav.power-quality": { en: "Power quality", ro: "Calitatea energiei" },
  "nav.continuity": { en: "Continuity", ro: "Continuitate" },
  "nav.system-events": { en: "System events", ro: "Evenimente de sistem" },
  "nav.communication": { en: "Communication history", ro: "Istoricul comunicației" },
  "nav.acquisition": { en: "Acquisition & reading quality", ro: "Achiziție și calitatea citirilor" },
  "page.quality-limits": { en: "Limits of voltage quality", ro: "Limite de calitate a tensiunii" },
});
