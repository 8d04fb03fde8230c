/** Languages of the console. */
export const languages = ["ro", "en"] as const;
export type Language = (typeof languages)[number];

/** Words of the console, Romanian and English. Romanian without marks: a terminal on a serial port may know ASCII only. */
const table = {
  welcome: [
    "Consola concentratorului; 'ajutor' arata comenzile",
    "Console of the concentrator; 'help' shows the commands",
  ],
  unknown: ["comanda necunoscuta; 'ajutor' arata comenzile", "unknown command; 'help' shows the commands"],
  supply: ["Alimentare", "Supply"],
  battery: ["Baterie", "Battery"],
  clock: ["Ceas", "Clock"],
  reliable: ["sigur", "reliable"],
  notReliable: ["nesigur", "not reliable"],
  store: ["Memorie", "Store"],
  daysLeft: ["zile ramase", "days left"],
  journal: ["Jurnal", "Journal"],
  newest: ["ultima", "newest"],
  oldest: ["prima", "oldest"],
  taken: ["predata", "taken"],
  notTaken: ["nepredate", "not taken"],
  starts: ["Porniri", "Starts"],
  lastStart: ["ultima", "last"],
  centre: ["Centru", "Centre"],
  failures: ["incercari esuate", "failed calls"],
  modem: ["Modem", "Modem"],
  meters: ["Contoare", "Meters"],
  modules: ["module", "modules"],
  none: ["nimic", "nothing"],
  never: ["niciodata", "never"],
  contact: ["contact", "contact"],
  reading: ["citire", "reading"],
  broken: ["intrerupta", "broken"],
  open: ["buna", "good"],
  waiting: ["in asteptare", "waiting"],
  started: ["pornit", "started"],
  dumped: ["scris", "written"],
  entries: ["inregistrari", "entries"],
  failed: ["esuat", "failed"],
  clockSet: ["ceasul a fost potrivit", "the clock was set"],
  noTime: ["scrie ceas AAAA-LL-ZZ HH:MM:SS", "write clock YYYY-MM-DD HH:MM:SS"],
  noFile: ["scrie copie FISIER [DE_LA [PANA_LA]]", "write dump FILE [FROM [TO]]"],
  bye: ["la revedere", "bye"],
  english: ["limba romana", "language English"],
  connected: ["conectat", "connected"],
  disconnected: ["deconectat", "disconnected"],
  ordered: ["comandat", "ordered"],
} as const;

export type Word = keyof typeof table;

export const wordOf = (word: Word, language: Language): string =>
  table[word][languages.indexOf(language)] as string;

const supplies = {
  mains: ["retea", "mains"],
  backup: ["rezerva", "backup"],
  low: ["baterie descarcata", "battery low"],
  stopping: ["se opreste", "shutting down"],
  unknown: ["necunoscuta", "unknown"],
} as const;

export const supplyWord = (supply: keyof typeof supplies, language: Language): string =>
  supplies[supply][languages.indexOf(language)] as string;

const states = {
  new: ["nou", "new"],
  known: ["cunoscut", "known"],
  missing: ["lipsa", "missing"],
  moved: ["mutat", "moved"],
  exchanged: ["schimbat", "exchanged"],
  removed: ["scos", "removed"],
} as const;

export const stateWord = (state: keyof typeof states, language: Language): string =>
  states[state][languages.indexOf(language)] as string;

const centreLines = {
  off: ["oprit", "off"],
  waiting: ["asteapta", "waiting"],
  calling: ["suna", "calling"],
  announced: ["anuntat", "announced"],
  accepted: ["acceptat", "accepted"],
} as const;

export const centreWord = (line: keyof typeof centreLines, language: Language): string =>
  centreLines[line][languages.indexOf(language)] as string;

/** By the enum of the state object. */
const modems: Readonly<Record<number, readonly [ro: string, en: string]>> = {
  0: ["fara retea", "off"],
  1: ["cauta reteaua", "searching"],
  2: ["in retea", "registered"],
  3: ["conectat", "connected"],
};

export const modemWord = (state: number, language: Language): string =>
  (modems[state] ?? ["necunoscut", "unknown"])[languages.indexOf(language)] as string;
