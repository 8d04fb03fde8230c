import { messages } from "../text/message.ts";

/** Words of validation that menu, tray and list of keys show before any of its pages is open. */
export const validationStartText = messages({
  "nav.validation": { en: "Validation", ro: "Validare" },
  "nav.validation-edits": { en: "Edits to approve", ro: "Modificări de aprobat" },
  "nav.validation-rules": { en: "Validation rules", ro: "Reguli de validare" },
  "nav.quality": { en: "Data quality", ro: "Calitatea datelor" },
  "page.validation": { en: "Validation", ro: "Validare" },
  "page.validation-rules": { en: "Validation rules", ro: "Reguli de validare" },
  "jobs.kind.accept-findings": { en: "Accept findings", ro: "Acceptare constatări" },
  "jobs.kind.dry-run-validation": { en: "Trial of rules", ro: "Probă de reguli" },
  "jobs.retry-failed": { en: "Failed ones again", ro: "Reia eșecurile" },
  "keys.findings": {
    en: "Validation: next, previous finding",
    ro: "Validare: constatarea următoare, anterioară",
  },
  "keys.accept": { en: "Validation: accept what is chosen", ro: "Validare: acceptă ce este ales" },
  "keys.decide": {
    en: "Validation: edit values, reject, all like this, field task, undo",
    ro: "Validare: modifică valorile, respinge, toate de acest fel, lucrare pe teren, anulează",
  },
});
