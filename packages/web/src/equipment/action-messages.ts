import { messages } from "../text/message.ts";

/** What is done with concentrators. */
export const equipmentActionText = messages({
  "gateway-was.address": { en: "Address", ro: "Adresă" },
  "gateway-was.ownership": { en: "Ownership", ro: "Apartenență" },
  "gateway-was.adopted": { en: "ours", ro: "preluat" },
  "gateway-was.since": { en: "So since", ro: "Valabil din" },
  "gateway-was.from": { en: "From", ro: "De la" },
  "gateway-was.until": { en: "Until", ro: "Până la" },
  "gateway-was.by": { en: "Ended by", ro: "Încheiat de" },
  "gateway-was.data": { en: "Data", ro: "Date" },
  "gateway-was.history": { en: "What it was before", ro: "Ce a fost înainte" },
  "gateway-was.none": { en: "Nothing of it was ever changed.", ro: "Nu a fost modificat niciodată." },
  "gateway-was.rest": {
    en: "Name, branch, address and ownership are those of then; what it says of itself and what is behind it stand on its page of now.",
    ro: "Numele, ramura, adresa și apartenența sunt cele de atunci; ce spune despre sine și ce se află în spatele lui stau pe pagina sa de acum.",
  },
  "gateway-action.adopt": { en: "Adopt", ro: "Preia" },
  "gateway-action.take-back": { en: "Take back", ro: "Preia din nou" },
  "gateway-action.read-all": { en: "Read everything now", ro: "Citește tot acum" },
  "gateway-action.scan": { en: "Scan now", ro: "Scanează acum" },
  "gateway-action.set-clocks": { en: "Set the clocks", ro: "Reglează ceasurile" },
  "gateway-action.read-state": { en: "Read its state", ro: "Citește starea" },
  "gateway-action.configure": { en: "Send the configuration", ro: "Trimite configurația" },
  "gateway-action.change": { en: "Name and branch", ro: "Nume și ramură" },
  "gateway-action.hand-over": { en: "Hand over to another", ro: "Predă altuia" },
  "gateway-action.retire": { en: "Retire", ro: "Scoate din uz" },
  "gateway-action.turn-away": { en: "Turn away", ro: "Respinge" },
  "gateway-action.more": { en: "More ▾", ro: "Mai multe ▾" },
  "gateway-dialog.adopt": { en: "Adopt {name}", ro: "Preia {name}" },
  "gateway-dialog.change": { en: "Name and branch of {name}", ro: "Numele și ramura pentru {name}" },
  "gateway-dialog.retire": { en: "Retire {name}", ro: "Scoate din uz {name}" },
  "gateway-dialog.hand-over": { en: "Hand over {name}", ro: "Predă {name}" },
  "gateway-dialog.set-clocks": { en: "Set the clocks below {name}", ro: "Reglează ceasurile de la {name}" },
  "gateway-dialog.adopt-lead": {
    en: "{identity} calls again within seconds and is then read. Make sure that it is the one that was mounted: the number stands on its plate.",
    ro: "{identity} apelează din nou în câteva secunde și apoi este citit. Asigurați-vă că este cel montat: numărul este pe plăcuța sa.",
  },
  "gateway-dialog.take-back-lead": {
    en: "{identity} was retired. Taken back it is read again from where its journal stood; meters that were handed over stay where they are.",
    ro: "{identity} a fost scos din uz. Preluat din nou, este citit de unde a rămas jurnalul său; contoarele predate rămân unde sunt.",
  },
  "gateway-dialog.name": { en: "Name", ro: "Nume" },
  "gateway-dialog.name-help": {
    en: "As people call it, such as MC-118",
    ro: "Cum îi spune lumea, de exemplu MC-118",
  },
  "gateway-dialog.branch": { en: "Branch", ro: "Ramură" },
  "gateway-dialog.branch-help": {
    en: "Whoever may see this branch sees the concentrator",
    ro: "Cine poate vedea ramura vede și concentratorul",
  },
  "gateway-dialog.save": { en: "Save", ro: "Salvează" },
  "gateway-dialog.reason": { en: "Reason", ro: "Motiv" },
  "gateway-dialog.reason-help": { en: "Stands in the activity log", ro: "Rămâne în jurnalul de activitate" },
  "gateway-dialog.retire-lead": {
    en: "Its line is closed and it is not admitted any more. {count, plural, =0 {No point is read through it} one {# point is read through it and falls silent} other {# points are read through it and fall silent}}. All values that it brought stay. Hand its meters over instead when another one takes its place.",
    ro: "Linia se închide și nu mai este primit. {count, plural, =0 {Niciun punct nu se citește prin el} one {# punct se citește prin el și va rămâne fără comunicație} few {# puncte se citesc prin el și vor rămâne fără comunicație} other {# de puncte se citesc prin el și vor rămâne fără comunicație}}. Toate valorile aduse rămân. Dacă altul îi ia locul, predați-i contoarele.",
  },
  "gateway-dialog.retire-waiting": {
    en: "{count} entries of its journal are not stored yet. Read it before, or take a dump on site.",
    ro: "{count} înregistrări din jurnalul său nu sunt încă stocate. Citiți-l înainte sau luați o copie la fața locului.",
  },
  "gateway-dialog.turn-away-lead": {
    en: "It is not ours: its calls are refused from now on. It stays in the list of the retired, from where it can be taken back.",
    ro: "Nu este al nostru: apelurile sale vor fi refuzate. Rămâne în lista celor scoase din uz, de unde poate fi preluat.",
  },
  "gateway-dialog.set-clocks-lead": {
    en: "The clock of the concentrator and those of {count, plural, one {# meter or module} other {# meters and modules}} are set to ours. Intervals during which a clock is set are marked.",
    ro: "Ceasul concentratorului și ale celor {count, plural, one {# contor sau modul} few {# contoare și module} other {# de contoare și module}} se reglează după al nostru. Intervalele în care se reglează un ceas sunt marcate.",
  },
  "gateway-dialog.hand-over-lead": {
    en: "Another concentrator takes its place: all its meters are read through that one, and this one is retired. A dump of this one can still be taken in.",
    ro: "Alt concentrator îi ia locul: toate contoarele sale se citesc prin acela, iar acesta este scos din uz. O copie a jurnalului său se poate importa și mai târziu.",
  },
  "gateway-dialog.hand-over-to": { en: "Takes over", ro: "Preia" },
  "gateway-dialog.hand-over-effect": {
    en: "{meters, plural, =0 {No meter} one {# meter} other {# meters}} to hand over; found by the new one already: {found}. The rest follows when it finds them.",
    ro: "De predat: {meters, plural, =0 {niciun contor} one {# contor} few {# contoare} other {# de contoare}}; găsite deja de cel nou: {found}. Restul urmează când le găsește.",
  },
  "gateway-done.saved": { en: "{name} is changed.", ro: "{name} a fost modificat." },
  "gateway-done.adopted": { en: "{name} is adopted.", ro: "{name} a fost preluat." },
  "gateway-done.retired": { en: "{name} is retired.", ro: "{name} a fost scos din uz." },
  "gateway-request.waits": {
    en: "The concentrator has no line now: it is asked as soon as it calls.",
    ro: "Concentratorul nu are legătură acum: va fi întrebat de îndată ce apelează.",
  },
  "gateway-request.scan": {
    en: "It scans its lines now. What it finds appears below as it tells of it, within minutes.",
    ro: "Își scanează acum liniile. Ce găsește apare mai jos pe măsură ce anunță, în câteva minute.",
  },
  "gateway-request.read-all": {
    en: "It reads all its meters now. The values come with its journal, within minutes.",
    ro: "Își citește acum toate contoarele. Valorile vin cu jurnalul său, în câteva minute.",
  },
  "gateway-request.set-clocks": {
    en: "Its clock is compared with ours and set, and it sets those of its meters.",
    ro: "Ceasul său a fost comparat cu al nostru și reglat, iar el le reglează pe ale contoarelor.",
  },
  "gateway-request.read-state": {
    en: "State and configuration are read.",
    ro: "Starea și configurația au fost citite.",
  },
  "gateway-request.configure": {
    en: "It took the configuration and tries it now.",
    ro: "A primit configurația și o probează acum.",
  },
  "meters.adopt": {
    en: "Adopt {count, plural, =0 {} other {(#)}}",
    ro: "Preia {count, plural, =0 {} other {(#)}}",
  },
  "meters.check": {
    en: "Check {count, plural, =0 {} other {(#)}}",
    ro: "Verifică {count, plural, =0 {} other {(#)}}",
  },
  "meters.adopt-lead": {
    en: "Give each meter the POD code of its point: one that is there, or a new one, which is made in the concentrator's branch. A column copied from a spreadsheet can be pasted into the first field. Meters without a code are left out.",
    ro: "Dați fiecărui contor codul POD al punctului său: unul existent sau unul nou, care se creează în ramura concentratorului. O coloană copiată dintr-o foaie de calcul poate fi lipită în primul câmp. Contoarele fără cod sunt lăsate deoparte.",
  },
  "meters.pod-of": { en: "POD of {name}", ro: "POD pentru {name}" },
  "meters.checked": {
    en: "{good} can be adopted, {bad} are refused. Nothing is written yet.",
    ro: "{good} pot fi preluate, {bad} sunt refuzate. Încă nu s-a scris nimic.",
  },
  "meters.existing": { en: "at a point that is there", ro: "la un punct existent" },
  "meters.new": { en: "makes a new point", ro: "creează un punct nou" },
  "meters.adopted": { en: "adopted: to its point", ro: "preluat: la punctul său" },
  "meters.exchange": { en: "Accept the exchange", ro: "Acceptă schimbarea" },
  "meters.exchange-of": { en: "Exchange {old} → {new}", ro: "Schimbare {old} → {new}" },
  "meters.exchange-lead": {
    en: "At {pod} the meter {new} takes the place of {old}, with the same transformer ratios. The curve goes on without a gap or an overlap; the day of the exchange is derived again.",
    ro: "La {pod} contorul {new} ia locul lui {old}, cu aceleași rapoarte de transformare. Curba continuă fără gol și fără suprapunere; ziua schimbării se recalculează.",
  },
  "meters.exchange-at": { en: "Exchanged at", ro: "Schimbat la" },
  "meters.exchange-at-help": {
    en: "When it was really done ({zone}); the concentrator noticed it at the moment that stands here",
    ro: "Când s-a făcut de fapt ({zone}); concentratorul a observat la momentul înscris aici",
  },
  "meters.final-index": { en: "Last index of {name}, kWh", ro: "Ultimul index al {name}, kWh" },
  "meters.initial-index": { en: "First index of {name}, kWh", ro: "Primul index al {name}, kWh" },
  "meters.index-wrong": { en: "A number such as 48210.5", ro: "Un număr precum 48210,5" },
  "meters.exchange-done": {
    en: "{pod} has its new meter; {days} days were derived again.",
    ro: "{pod} are contorul nou; {days} zile au fost recalculate.",
  },
  "meters.csv": { en: "Meters as CSV", ro: "Contoare în CSV" },
  "equipment.retired-value": { en: "{name}, {time}", ro: "{name}, {time}" },
  "equipment.is-retired": {
    en: "It is retired: it is not admitted to a line. What it brought stays.",
    ro: "Este scos din uz: nu mai este primit pe linie. Ce a adus rămâne.",
  },
  "equipment.replaced-by": { en: "Another one took its place.", ro: "Altul i-a luat locul." },
  "equipment.replacement": {
    en: "To the concentrator that took over",
    ro: "La concentratorul care a preluat",
  },
});
