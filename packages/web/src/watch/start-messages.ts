import { messages } from "../text/message.ts";

/** Names of the pages, for menu, palette and rights. */
export const watchStartText = messages({
  "nav.power-quality": { en: "Power quality", ro: "Calitatea energiei" },
  "nav.continuity": { en: "Continuity", ro: "Continuitate" },
  "page.analysis": { en: "Analysis", ro: "Analize" },
  "page.quality-limits": { en: "Limits of voltage quality", ro: "Limite de calitate a tensiunii" },
});
