/** Problems of the work of validation: what is wrong, and what to do. */
export const validationProblemText = {
  "problem.finding.not-found": { en: "There is no such finding.", ro: "Nu există o astfel de constatare." },
  "problem.finding.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.finding.not-open": {
    en: "The finding was accepted already, or its values have changed.",
    ro: "Constatarea a fost deja acceptată sau valorile ei s-au schimbat.",
  },
  "problem.finding.not-open.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.finding.not-accepted": {
    en: "The finding is not accepted.",
    ro: "Constatarea nu este acceptată.",
  },
  "problem.finding.not-accepted.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.finding.no-estimate": {
    en: "No estimate stands at its intervals yet.",
    ro: "La intervalele ei nu există încă o estimare.",
  },
  "problem.finding.no-estimate.do": {
    en: "Give values, or wait until the day is estimated, twelve hours after its end.",
    ro: "Introduceți valori sau așteptați estimarea zilei, la douăsprezece ore după sfârșitul ei.",
  },
  "problem.finding.method-not-applicable": {
    en: "The method does not apply to these intervals.",
    ro: "Metoda nu se aplică acestor intervale.",
  },
  "problem.finding.method-not-applicable.do": {
    en: "Choose one of the methods that are offered.",
    ro: "Alegeți una dintre metodele oferite.",
  },
  "problem.finding.assignee-unknown": {
    en: "There is no such account.",
    ro: "Nu există un astfel de cont.",
  },
  "problem.finding.assignee-unknown.do": {
    en: "Name an account that can sign in.",
    ro: "Indicați un cont care se poate conecta.",
  },
  "problem.edit.not-found": { en: "There is no such edit.", ro: "Nu există o astfel de modificare." },
  "problem.edit.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.edit.decided": {
    en: "Somebody has decided about the edit already.",
    ro: "Cineva a decis deja asupra modificării.",
  },
  "problem.edit.decided.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.edit.same-person": {
    en: "Who asked for an edit does not decide about it.",
    ro: "Cine a cerut o modificare nu decide asupra ei.",
  },
  "problem.edit.same-person.do": {
    en: "Ask a second person to decide.",
    ro: "Rugați o a doua persoană să decidă.",
  },
  "problem.edit.not-applied": {
    en: "Only an edit that counts can be taken back.",
    ro: "Numai o modificare în vigoare poate fi anulată.",
  },
  "problem.edit.not-applied.do": {
    en: "Look at the edits of the day.",
    ro: "Verificați modificările zilei.",
  },
  "problem.edit.empty": { en: "The edit names no interval.", ro: "Modificarea nu cuprinde niciun interval." },
  "problem.edit.empty.do": { en: "Give at least one value.", ro: "Introduceți cel puțin o valoare." },
  "problem.edit.future": { en: "That interval has not begun yet.", ro: "Acel interval nu a început încă." },
  "problem.edit.future.do": { en: "Correct the day or the table.", ro: "Corectați ziua sau tabelul." },
  "problem.edit.slot": {
    en: "The day does not have one of the intervals.",
    ro: "Ziua nu are unul dintre intervale.",
  },
  "problem.edit.slot.do": { en: "Correct the table.", ro: "Corectați tabelul." },
  "problem.edit.value": {
    en: "A value is negative or finer than the channel can hold.",
    ro: "O valoare este negativă sau mai fină decât permite canalul.",
  },
  "problem.edit.value.do": { en: "Correct it.", ro: "Corectați-o." },
  "problem.edit.nothing-measured": {
    en: "Nothing was measured there that could be refused.",
    ro: "Acolo nu s-a măsurat nimic ce ar putea fi respins.",
  },
  "problem.edit.nothing-measured.do": {
    en: "Give a value instead.",
    ro: "Introduceți o valoare în loc.",
  },
  "problem.validation.threshold": {
    en: "A threshold is out of its bounds.",
    ro: "Un prag este în afara limitelor.",
  },
  "problem.validation.threshold.do": {
    en: "Correct it: the bounds stand beside the field.",
    ro: "Corectați-l: limitele sunt afișate lângă câmp.",
  },
} as const;
