import { messages } from "../text/message.ts";

export const operationsText = messages({
  "op.title": { en: "Operations", ro: "Operațiuni" },
  "op.success": { en: "Read success today", ro: "Citiri reușite azi" },
  "op.success-detail": {
    en: "{done} done · {failed} failed · {late} late",
    ro: "{done} reușite · {failed} nereușite · {late} întârziate",
  },
  "op.silent": { en: "Silent devices", ro: "Echipamente care nu comunică" },
  "op.silent-detail": {
    en: "{count, plural, one {of # device} other {of {shown} devices}}",
    ro: "{count, plural, one {din # echipament} few {din {shown} echipamente} other {din {shown} de echipamente}}",
  },
  "op.coverage": { en: "Coverage {day}", ro: "Acoperire {day}" },
  "op.coverage-detail": {
    en: "{present} of {expected} intervals, {good} good",
    ro: "{present} din {expected} intervale, {good} bune",
  },
  "op.open": { en: "Reads under way", ro: "Citiri în curs" },
  "op.open-detail": { en: "queued or on the wire", ro: "în așteptare sau pe linie" },
  "op.figures": { en: "Figures of now", ro: "Situația curentă" },
  "op.attention": { en: "Needs attention", ro: "Necesită atenție" },
  "op.attention-concentrator": {
    en: "Concentrator {name}: {points, plural, one {# point} other {# points}}",
    ro: "Concentratorul {name}: {points, plural, one {# punct} few {# puncte} other {# de puncte}}",
  },
  "op.attention-branch": {
    en: "{branch}: {silent} of {points} points silent",
    ro: "{branch}: nu comunică {silent} din {points} puncte",
  },
  "op.attention-silent": { en: "silent {duration}", ro: "nu comunică de {duration}" },
  "op.attention-never": { en: "never heard", ro: "nu a comunicat niciodată" },
  "op.attention-none": { en: "Nothing needs attention", ro: "Nimic nu necesită atenție" },
  "op.attention-none-do": {
    en: "No device is overdue.",
    ro: "Niciun echipament nu a depășit termenul de comunicare.",
  },
  "op.attention-all": { en: "All {shown} silent points", ro: "Toate cele {shown} puncte care nu comunică" },
  "op.branches": { en: "Network", ro: "Rețea" },
  "op.branch": { en: "Branch", ro: "Ramură" },
  "op.branch-points": { en: "Points", ro: "Puncte" },
  "op.branch-silent": { en: "Silent", ro: "Nu comunică" },
  "op.branch-coverage": { en: "Coverage", ro: "Acoperire" },
  "op.branch-open": { en: "Open {branch}", ro: "Desfă {branch}" },
  "op.branch-close": { en: "Close {branch}", ro: "Strânge {branch}" },
  "op.acquisition": { en: "Acquisition today by hour", ro: "Citirile de azi, pe ore" },
  "op.acquisition-caption": {
    en: "Ended reads per hour, {day}, time zone {zone}.",
    ro: "Citiri încheiate pe oră, {day}, fus orar {zone}.",
  },
  "op.hour": { en: "Hour", ro: "Oră" },
  "op.hour-label": {
    en: "{hour}: {done} done, {failed} failed",
    ro: "{hour}: {done} reușite, {failed} nereușite",
  },
  "op.no-reads": { en: "No read has ended today yet.", ro: "Azi nu s-a încheiat încă nicio citire." },
  "op.feed": { en: "Live feed", ro: "Activitate în direct" },
  "op.pause": { en: "Pause", ro: "Pauză" },
  "op.resume": { en: "Resume", ro: "Reia" },
  "op.feed-waiting": {
    en: "{count, plural, one {# new, held} other {# new, held}}",
    ro: "{count, plural, one {# nou, reținut} few {# noi, reținute} other {# de noi, reținute}}",
  },
  "op.feed-none": { en: "Nothing has happened yet.", ro: "Încă nu s-a întâmplat nimic." },
  "op.feed-brought": {
    en: "{intervals, plural, =0 {} one {# interval, } other {# intervals, }}{registers, plural, one {# register} other {# registers}}",
    ro: "{intervals, plural, =0 {} one {# interval, } few {# intervale, } other {# de intervale, }}{registers, plural, one {# index} few {# indexuri} other {# de indexuri}}",
  },
  "op.feed-event": { en: "event {code}", ro: "eveniment {code}" },
  "op.empty": { en: "No devices yet", ro: "Încă nu există echipamente" },
  "op.empty-do": {
    en: "Add your first device by its address, or look around in a simulated network.",
    ro: "Adăugați primul echipament prin adresa sa sau încercați cu o rețea simulată.",
  },
});
