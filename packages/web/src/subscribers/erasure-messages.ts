import { messages } from "../text/message.ts";

export const erasureText = messages({
  "erasure.title": { en: "Erasure of personal data", ro: "Ștergerea datelor personale" },
  "erasure.none": {
    en: "Nobody has asked to erase what names this subscriber. One person asks, another confirms.",
    ro: "Nimeni nu a cerut ștergerea datelor care numesc acest abonat. O persoană cere, alta confirmă.",
  },
  "erasure.contract-runs": {
    en: "A contract of this subscriber has not ended: it has to end first.",
    ro: "Un contract al acestui abonat nu s-a încheiat: trebuie întâi încheiat.",
  },
  "erasure.ask": { en: "Ask for erasure", ro: "Cere ștergerea" },
  "erasure.confirm": { en: "Confirm", ro: "Confirmă" },
  "erasure.refuse": { en: "Refuse", ro: "Refuză" },
  "erasure.withdraw": { en: "Take back", ro: "Retrage" },
  "erasure.effect": {
    en: "Number, name, telephone, mail, address for letters and the numbers of contracts go for good, and the name of a point that holds theirs. Points, times of contracts, readings and what was billed stay.",
    ro: "Numărul, numele, telefonul, e-mailul, adresa de corespondență și numerele contractelor dispar definitiv, la fel numele unui punct care îl conține. Punctele, perioadele contractelor, citirile și ce s-a facturat rămân.",
  },
  "erasure.reason": { en: "Reason", ro: "Motiv" },
  "erasure.reason-help": {
    en: "It stays in the activity log: name nobody, say which letter asked for it.",
    ro: "Rămâne în jurnalul de activitate: nu numiți pe nimeni, spuneți prin ce scrisoare s-a cerut.",
  },
  "erasure.note": { en: "Note (optional)", ro: "Observație (opțional)" },
  "erasure.asked-toast": {
    en: "Asked for: the data go when another person confirms.",
    ro: "S-a cerut: datele se șterg când confirmă altă persoană.",
  },
  "erasure.done-toast": {
    en: "{points, plural, =0 {The data are erased.} one {The data are erased, and the name of # point.} other {The data are erased, and the names of # points.}}",
    ro: "{points, plural, =0 {Datele au fost șterse.} one {Datele au fost șterse, la fel numele unui punct.} few {Datele au fost șterse, la fel numele a # puncte.} other {Datele au fost șterse, la fel numele a # de puncte.}}",
  },
  "erasure.refused-toast": { en: "Refused: nothing changes.", ro: "Refuzat: nu se schimbă nimic." },
  "erasure.withdrawn-toast": { en: "The request is taken back.", ro: "Cererea a fost retrasă." },
  "erasure.own": {
    en: "your own request: another person confirms",
    ro: "cererea dvs.: confirmă altă persoană",
  },
  "erasure.state-asked": { en: "waits", ro: "așteaptă" },
  "erasure.state-withdrawn": { en: "taken back", ro: "retrasă" },
  "erasure.state-refused": { en: "refused", ro: "refuzată" },
  "erasure.state-erased": { en: "erased", ro: "date șterse" },
  "erasure.asked-by": { en: "Asked by", ro: "Cerută de" },
  "erasure.decided-by": { en: "Decided by", ro: "Decisă de" },
  "erasure.replayed": {
    en: "done again on {time}, after a backup of before was restored",
    ro: "repetată la {time}, după restaurarea unei copii anterioare",
  },
  "erasure.waiting": { en: "Erasures of personal data", ro: "Ștergeri de date personale" },
  "erasure.waiting-lead": {
    en: "Decided on the page of the subscriber. Who asked cannot confirm.",
    ro: "Se decid pe pagina abonatului. Cine a cerut nu poate confirma.",
  },
  "erasure.none-open": { en: "No erasure waits", ro: "Nicio ștergere nu așteaptă" },
  "erasure.none-ever": { en: "Nobody has asked for an erasure yet", ro: "Încă nu s-a cerut nicio ștergere" },
  "problem.erasure.asked": {
    en: "The erasure waits for its confirmation already.",
    ro: "Ștergerea așteaptă deja confirmarea.",
  },
  "problem.erasure.asked.do": {
    en: "Another person decides on it on this page.",
    ro: "Altă persoană decide asupra ei pe această pagină.",
  },
  "problem.erasure.decided": {
    en: "The request was decided or taken back meanwhile.",
    ro: "Cererea a fost între timp decisă sau retrasă.",
  },
  "problem.erasure.decided.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
  "problem.erasure.names-person": {
    en: "The text names the person whose data are to go; the activity log would keep it.",
    ro: "Textul numește persoana ale cărei date se șterg; jurnalul de activitate l-ar păstra.",
  },
  "problem.erasure.names-person.do": {
    en: "Write it without the name, for example with the number of their letter.",
    ro: "Scrieți-l fără nume, de exemplu cu numărul scrisorii primite.",
  },
  "problem.erasure.not-yours": { en: "Somebody else asked for it.", ro: "A cerut-o altcineva." },
  "problem.erasure.not-yours.do": { en: "Refuse it instead.", ro: "Refuzați-o." },
  "problem.erasure.other-branches": {
    en: "Contracts of this subscriber are in branches that your right does not cover",
    ro: "Abonatul are contracte în ramuri pe care dreptul dv. nu le acoperă",
  },
  "problem.erasure.other-branches.do": {
    en: "Somebody with the right for all of these branches asks or confirms.",
    ro: "Cere sau confirmă cineva cu dreptul pentru toate aceste ramuri.",
  },
  "problem.erasure.own-request": {
    en: "Whoever asked for it, or gave them a right within the last day, cannot confirm it.",
    ro: "Cine a cerut-o, sau i-a dat celui care a cerut un drept în ultima zi, nu o poate confirma.",
  },
  "problem.erasure.own-request.do": {
    en: "Another person confirms it.",
    ro: "O confirmă altă persoană.",
  },
  "problem.erasure.unknown": { en: "There is no such request.", ro: "Nu există o asemenea cerere." },
  "problem.erasure.unknown.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
});
