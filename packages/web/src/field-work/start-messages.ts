import { messages } from "../text/message.ts";

/** Words of field work that menu and list of keys show before any of its pages is open. */
export const fieldWorkStartText = messages({
  "nav.field": { en: "Field work", ro: "Lucrări pe teren" },
  "page.field-tasks": { en: "Field work", ro: "Lucrări pe teren" },
});
