import { messages } from "../text/message.ts";

/** Words of every form that changes data of the network. */
export const formText = messages({
  "form.reason": { en: "Reason", ro: "Motiv" },
  "form.reason-help": { en: "It stands in the activity log.", ro: "Apare în jurnalul de activitate." },
  "form.save": { en: "Save", ro: "Salvează" },
  "form.incomplete": {
    en: "Something is missing or wrong: look over the fields; a reason has three characters or more.",
    ro: "Lipsește sau este greșit ceva: verificați câmpurile; motivul are cel puțin trei caractere.",
  },
  "form.saved": { en: "Saved.", ro: "Salvat." },
});
