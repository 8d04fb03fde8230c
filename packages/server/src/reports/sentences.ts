import type { FormulaErrorCode } from "@energsys/metering";
import type { Language } from "@energsys/store";

type Params = Readonly<Record<string, string | number>>;
type Sentence = Readonly<Record<Language, string>>;

/** Codes of reports themselves, of mail and of the folder, as they stand in a run's history. */
export const reportCodes = [
  "report.too-long",
  "report.memory",
  "report.busy",
  "report.cancelled",
  "report.too-many-rows",
  "report.period",
  "report.reach",
  "report.too-large",
  "report.subject-missing",
  "report.row-input",
  "report.no-right",
  "report.broke",
  "report.file-too-large",
  "mail.not-set",
  "mail.not-allowed",
  "mail.unreachable",
  "mail.certificate",
  "mail.sign-in",
  "mail.refused",
  "mail.secret",
  "folder.not-set",
  "folder.refused",
  "folder.unwritable",
  "delivery.broke",
  "delivery.file-gone",
] as const;
export type ReportCode = (typeof reportCodes)[number];

/** Why a formula is refused, in a sentence; where it is stands behind it. */
const formulas: Readonly<Record<FormulaErrorCode, Sentence>> = {
  "formula.too-long": {
    ro: "Formula are peste {max} de caractere: împărțiți-o în mai multe coloane",
    en: "The formula has more than {max} characters: divide it into columns",
  },
  "formula.empty": { ro: "Scrieți o formulă", en: "Write a formula" },
  "formula.character": {
    ro: "Caracterul „{found}” nu are înțeles aici; argumentele se despart prin „;”",
    en: "The character “{found}” means nothing here; arguments are separated by “;”",
  },
  "formula.number": {
    ro: "„{found}” nu este un număr: o singură virgulă sau un singur punct, fără separator de mii",
    en: "“{found}” is no number: one comma or point, and no separator of thousands",
  },
  "formula.unit": { ro: "„{found}” nu este o unitate", en: "“{found}” is no unit" },
  "formula.unclosed": {
    ro: "„{opening}” este deschis și nu se închide cu „{closing}”",
    en: "“{opening}” is opened and never closed by “{closing}”",
  },
  "formula.expected": {
    ro: "„{found}” nu poate sta aici; înainte lipsește un operator, un nume sau un număr",
    en: "“{found}” cannot stand here; an operator, a name or a number is missing before it",
  },
  "formula.depth": {
    ro: "Parantezele sunt imbricate pe mai mult de {max} niveluri",
    en: "Parentheses are more than {max} deep",
  },
  "formula.nodes": {
    ro: "Formula are peste {max} de părți: împărțiți-o în mai multe coloane",
    en: "The formula has more than {max} parts: divide it into columns",
  },
  "formula.series": {
    ro: "Formula folosește peste {max} de mărimi: folosiți un grup",
    en: "The formula uses more than {max} inputs: use a group",
  },
  "formula.values": {
    ro: "S-ar calcula peste {max} de valori: alegeți o perioadă mai scurtă sau mai puțini membri",
    en: "More than {max} values would be computed: take a shorter period or fewer members",
  },
  "formula.unknown-name": { ro: "Nu există mărimea „{name}”", en: "There is no input “{name}”" },
  "formula.unknown-function": { ro: "Nu există funcția „{name}”", en: "There is no function “{name}”" },
  "formula.arguments": {
    ro: "{name} are între {min} și {max} argumente, nu {found}",
    en: "{name} takes {min} to {max} arguments, not {found}",
  },
  "formula.argument": {
    ro: "Aici {name} are nevoie de {expected}",
    en: "Here {name} needs {expected}",
  },
  "formula.kind": {
    ro: "Aici trebuie {expected}, nu {found}",
    en: "Here should be {expected}, not {found}",
  },
  "formula.add-units": {
    ro: "{left} și {right} nu se pot aduna sau alege împreună",
    en: "{left} and {right} cannot be added or chosen between",
  },
  "formula.compare-units": {
    ro: "{left} și {right} nu se pot compara",
    en: "{left} and {right} cannot be compared",
  },
  "formula.sum-of-power": {
    ro: "Suma puterilor ({unit}) nu are sens: însumați energia, cu energy(x)",
    en: "A sum of powers ({unit}) means nothing: sum the energy, by energy(x)",
  },
  "formula.exponent": {
    ro: "Exponentul este un număr întreg între −{max} și {max}",
    en: "The exponent is a whole number from −{max} to {max}",
  },
  "formula.step": {
    ro: "Intervale diferite ({left} și {right}): aduceți-le la același pas cu resample",
    en: "Different steps ({left} and {right}): bring them to one by resample",
  },
  "formula.unknown-rate": {
    ro: "Tariful ales nu are zona „{name}”",
    en: "The tariff that was chosen has no rate “{name}”",
  },
  "formula.rate-switch": {
    ro: "Zona se schimbă în interiorul unui interval de {minutes} min: acesta nu aparține niciuneia",
    en: "The rate changes within an interval of {minutes} min: it belongs to neither",
  },
};

const reports: Readonly<Record<ReportCode, Sentence>> = {
  "report.too-long": {
    ro: "Calculul a fost oprit după {seconds} s",
    en: "The computation was stopped after {seconds} s",
  },
  "report.memory": {
    ro: "Calculul a fost oprit: avea nevoie de prea multă memorie",
    en: "The computation was stopped: it needed too much memory",
  },
  "report.busy": {
    ro: "Prea multe rapoarte așteaptă să fie calculate; reîncercați peste un minut",
    en: "Too many reports wait to be computed; try again in a minute",
  },
  "report.cancelled": { ro: "Rularea a fost anulată", en: "The run was cancelled" },
  "report.too-many-rows": {
    ro: "Raportul ar avea {found} de rânduri; cel mult {max}",
    en: "The report would have {found} rows; at most {max}",
  },
  "report.period": {
    ro: "Perioada are cel puțin o zi și cel mult {max}",
    en: "The period has at least one day and at most {max}",
  },
  "report.reach": {
    ro: "Formulele privesc cu peste {max} de zile înapoi sau înainte",
    en: "Formulas look more than {max} days back or ahead",
  },
  "report.too-large": {
    ro: "Prea multe date pentru {points} puncte: cel mult {days} zile",
    en: "Too much for {points} points: at most {days} days",
  },
  "report.subject-missing": {
    ro: "Mărimea „{name}” este a unui punct, grup sau ramuri care nu există sau la care nu aveți drepturi",
    en: "The input “{name}” is of a point, group or branch that is not there, or beyond your rights",
  },
  "report.row-input": {
    ro: "Mărimea „{name}” este a fiecărui rând, iar raportul nu are un rând pentru fiecare punct sau grup",
    en: "The input “{name}” is of each row, and the report has no row for each point or group",
  },
  "report.no-right": {
    ro: "Proprietarul programării nu mai are dreptul să vadă analize",
    en: "The owner of the schedule has no right to see analyses any more",
  },
  "report.broke": {
    ro: "Rularea s-a întrerupt; detaliile sunt în jurnal",
    en: "The run broke off; the log has the details",
  },
  "report.file-too-large": {
    ro: "Fișierul depășește {max} MB: alegeți mai puține rânduri sau formatul XLSX",
    en: "The file is larger than {max} MB: take fewer rows, or XLSX",
  },
  "mail.not-set": { ro: "Serverul de e-mail nu este configurat", en: "No mail server is set" },
  "mail.not-allowed": {
    ro: "Adresa serverului de e-mail nu este între rețelele permise",
    en: "The address of the mail server is not among the networks that may be called",
  },
  "mail.unreachable": { ro: "Serverul de e-mail nu răspunde", en: "The mail server does not answer" },
  "mail.certificate": {
    ro: "Certificatul serverului de e-mail nu este valabil",
    en: "The certificate of the mail server does not hold",
  },
  "mail.sign-in": {
    ro: "Serverul de e-mail refuză numele sau parola",
    en: "The mail server refuses the name or the password",
  },
  "mail.refused": { ro: "Serverul de e-mail refuză mesajul", en: "The mail server refuses the message" },
  "mail.secret": {
    ro: "Parola serverului de e-mail nu poate fi deschisă",
    en: "The password of the mail server cannot be opened",
  },
  "folder.not-set": {
    ro: "Nu este configurat un director pentru livrări (ENERGSYS_DELIVERY_FOLDER)",
    en: "No folder for deliveries is configured (ENERGSYS_DELIVERY_FOLDER)",
  },
  "folder.refused": {
    ro: "Directorul iese din cel configurat pentru livrări",
    en: "The folder leads out of the one that is configured for deliveries",
  },
  "delivery.broke": { ro: "Livrarea a eșuat neașteptat", en: "The delivery failed unexpectedly" },
  "delivery.file-gone": { ro: "Fișierul nu se mai păstrează", en: "The file is not kept any more" },
  "folder.unwritable": { ro: "În director nu se poate scrie", en: "The folder cannot be written to" },
};

/** Words that stand for parts of the language in a sentence. */
const words: Readonly<Record<string, Sentence>> = {
  number: { ro: "un număr", en: "a number" },
  series: { ro: "o serie de valori", en: "a series of values" },
  one: {
    ro: "o singură valoare pe rând (de exemplu sum, avg, maxof)",
    en: "one value for each row (such as sum, avg, maxof)",
  },
  logical: { ro: "o condiție", en: "a condition" },
  instant: { ro: "un moment", en: "an instant" },
  group: { ro: "un grup", en: "a group" },
  members: { ro: "membrii unui grup", en: "the members of a group" },
  text: { ro: "un text", en: "a text" },
  span: { ro: "un interval de timp, ca 1h sau -1d", en: "a span of time such as 1h or -1d" },
  step: { ro: "un pas, ca 15min, 1h, day sau month", en: "a step such as 15min, 1h, day or month" },
  method: { ro: "una dintre sum, avg, min, max, first, last", en: "one of sum, avg, min, max, first, last" },
  integer: { ro: "un număr întreg", en: "a whole number" },
};
const nothing: Sentence = { ro: "nimic", en: "nothing" };
const where: Sentence = { ro: "coloana {column}", en: "column {column}" };
const endsEarly: Sentence = {
  ro: "Formula se termină prea devreme: lipsește un nume, un număr sau o paranteză",
  en: "The formula ends too early: a name, a number or a parenthesis is missing",
};
const meant: Sentence = { ro: "ați vrut {proposal}?", en: "did you mean {proposal}?" };
const ofColumn: Sentence = { ro: "„{title}”: {sentence}", en: "“{title}”: {sentence}" };

const isFormulaCode = (code: string): code is FormulaErrorCode => Object.hasOwn(formulas, code);
const isReportCode = (code: string): code is ReportCode => Object.hasOwn(reports, code);

const fill = (sentence: string, params: Params): string =>
  sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ""));

/**
 * A refusal in one sentence of the reader's language: what is wrong, at which column of the formula, and what may have been meant. The title
 * of the report's column stands before it where it is known.
 */
export function sentenceOf(code: string, params: Params, language: Language): string {
  if (isReportCode(code)) return fill(reports[code][language], params);
  if (!isFormulaCode(code)) return code;
  const told: Record<string, string | number> = { ...params };
  const sentences = code === "formula.expected" && params.found === "" ? endsEarly : formulas[code];
  for (const name of ["expected", "found"] as const) {
    const given = params[name];
    if (given === "" || given === undefined) told[name] = nothing[language];
    else if (typeof given === "string" && Object.hasOwn(words, given)) told[name] = words[given]![language];
  }
  const parts = [
    fill(sentences[language], told),
    ...(params.column === undefined ? [] : [fill(where[language], params)]),
    ...(params.proposal === undefined || code === "formula.sum-of-power"
      ? []
      : [fill(meant[language], params)]),
  ];
  const sentence = parts.join(", ");
  return params.title === undefined ? sentence : fill(ofColumn[language], { title: params.title, sentence });
}
