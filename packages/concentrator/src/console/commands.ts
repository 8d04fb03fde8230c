import type { CentreState } from "../centre/centre-link.ts";
import { writeDump } from "../dump/dump.ts";
import type { Edge } from "../edge.ts";
import { eventsIn } from "../objects/events.ts";
import { registersOf } from "../objects/meter-objects.ts";
import { foreverMs, type ServedCore, type ServedMeter } from "../objects/served-core.ts";
import { type LocalOffset, offsetIn } from "../objects/values.ts";
import { eventWord } from "./event-words.ts";
import { centreWord, type Language, modemWord, stateWord, supplyWord, type Word, wordOf } from "./words.ts";

/** What the console shows and starts. */
export interface ConsoleSubject {
  readonly edge: Edge;
  readonly core: ServedCore;
  centre(): CentreState;
}

export interface ConsoleCall extends ConsoleSubject {
  readonly language: Language;
  readonly words: readonly string[];
}

/** Most lines that one command writes: a terminal at 9600 Bd shows about ten a second. */
const linesMax = 200;
const widthMax = 80;
const dayMs = 86_400_000;
/** Events of modules and their inputs; below it a meter's codes are its maker's. */
const modulesFrom = 0x1000;
/** What the state object says when the end of the store is not in sight. */
const daysUnseen = 65_535;
/** Beginning of the identification of a supply unit (docs/protocols/module-concentrator.md, section 4). */
const supplyModel = "PS";

type Answer = readonly string[] | Promise<readonly string[]>;

interface Command {
  /** Romanian and English; both work in both languages. */
  readonly names: readonly [ro: string, en: string];
  readonly about: readonly [ro: string, en: string];
  run(call: ConsoleCall): Answer;
}

export const commands: readonly Command[] = [
  { names: ["stare", "state"], about: ["starea concentratorului", "state of the concentrator"], run: state },
  {
    names: ["contoare", "meters"],
    about: ["contoare, ultim contact si citire", "meters, last contact and reading"],
    run: meters,
  },
  { names: ["linii", "lines"], about: ["liniile RS-485", "the RS-485 lines"], run: lines },
  { names: ["alimentare", "supply"], about: ["alimentarea si bateria", "supply and battery"], run: supply },
  {
    names: ["jurnal", "journal"],
    about: ["ce s-a scris si ce s-a predat", "what was written and taken"],
    run: journal,
  },
  {
    names: ["evenimente", "events"],
    about: ["evenimentele ultimei zile", "events of the last day"],
    run: events,
  },
  {
    names: ["comenzi", "orders"],
    about: ["starea comenzilor de conectare", "state of the switching orders"],
    run: orders,
  },
  { names: ["cauta", "scan"], about: ["cauta aparate pe linii", "scans the lines"], run: scan },
  { names: ["citeste", "read"], about: ["citeste tot acum", "reads everything now"], run: read },
  { names: ["copie", "dump"], about: ["copie FISIER [DE_LA [PANA_LA]]", "dump FILE [FROM [TO]]"], run: dump },
  {
    names: ["ceas", "clock"],
    about: ["arata ceasul, sau ceas DATA ORA", "shows the clock, or clock DATE TIME"],
    run: clock,
  },
];

/** The lines of an answer, none longer than 80 characters. */
export async function runCommand(call: ConsoleCall): Promise<readonly string[]> {
  const [name = ""] = call.words;
  const command = commands.find(({ names }) => (names as readonly string[]).includes(name));
  const answer = command ? await command.run(call) : [wordOf("unknown", call.language)];
  return answer.slice(0, linesMax).map((line) => line.slice(0, widthMax));
}

export function help(language: Language): readonly string[] {
  const at = language === "ro" ? 0 : 1;
  return [
    ...commands.map(({ names, about }) => `  ${names[at].padEnd(12)}${about[at]}`),
    language === "ro" ? "  limba       ro|en: schimba limba" : "  language    ro|en: changes the language",
    language === "ro" ? "  iesire      inchide consola" : "  exit        closes the console",
  ];
}

const say =
  ({ language }: ConsoleCall) =>
  (word: Word) =>
    wordOf(word, language);

/** Local time of the concentrator, to the second. */
function timeIn(call: ConsoleCall): (ms: number | undefined) => string {
  const offset = offsetIn(call.core.zone);
  return (ms) =>
    ms === undefined || ms === 0
      ? wordOf("never", call.language)
      : new Date(ms + offset(ms).minutes * 60_000).toISOString().slice(0, 19).replace("T", " ");
}

const row = (name: string, value: string): string => `${(name && `${name}:`).padEnd(14)}${value}`;

function state(call: ConsoleCall): readonly string[] {
  const word = say(call);
  const time = timeIn(call);
  const { edge, core } = call;
  const kept = edge.state();
  const devices = core.meters().filter(({ state }) => state !== "removed");
  const others = devices.filter(({ isModule }) => isModule);
  const modules = others.filter(({ model }) => !model.startsWith(supplyModel)).length;
  const centre = call.centre();
  const left = kept.storeDaysLeft === daysUnseen ? "" : `, ${kept.storeDaysLeft} ${word("daysLeft")}`;
  return [
    `${core.identity}  ${core.firmware}`,
    row(word("clock"), `${time(core.now())} (${word(edge.clock.reliable ? "reliable" : "notReliable")})`),
    ...supply(call),
    row(word("centre"), `${centreWord(centre.line, call.language)}  ${centre.address ?? ""}`),
    row("", `${time(centre.sinceMs)}  ${word("failures")}: ${centre.failures}`),
    ...modem(call),
    row(word("meters"), `${devices.length - others.length}, ${word("modules")}: ${modules}`),
    row(word("store"), `${(kept.storeBytes / 1e6).toFixed(1)} MB${left}`),
    ...journal(call),
    row(word("starts"), `${kept.starts}, ${word("lastStart")} ${time(kept.lastStartMs)}`),
  ];
}

/** Nothing where the configuration names no modem. */
function modem(call: ConsoleCall): readonly string[] {
  if (!call.edge.config.modem) return [];
  const { modem, signalDbm } = call.core.state();
  const signal = signalDbm === 0 ? "" : `, ${signalDbm} dBm`;
  return [row(say(call)("modem"), `${modemWord(modem, call.language)}${signal}`)];
}

function supply(call: ConsoleCall): readonly string[] {
  const word = say(call);
  const { supply, batteryPercent } = call.edge.state();
  const battery = supply === "unknown" ? "-" : `${batteryPercent} %`;
  return [row(word("supply"), `${supplyWord(supply, call.language)}, ${word("battery")} ${battery}`)];
}

function journal(call: ConsoleCall): readonly string[] {
  const word = say(call);
  const { newest, oldest, taken } = call.core.journal;
  const numbers = `${word("oldest")} ${oldest}, ${word("newest")} ${newest}, ${word("taken")} ${taken}`;
  return [row(word("journal"), numbers), row("", `${word("notTaken")}: ${call.edge.state().notTaken}`)];
}

/** One meter or module in one line; of a meter its import register as last read. */
function meters(call: ConsoleCall): readonly string[] {
  const time = timeIn(call);
  const [, part = ""] = call.words;
  const shown = call.core
    .meters()
    .filter(({ state, name }) => state !== "removed" && name.toLowerCase().includes(part));
  if (shown.length === 0) return [wordOf("none", call.language)];
  return shown.map((meter) => {
    const place = `${meter.line}/${meter.address}${meter.input > 0 ? `.${meter.input}` : ""}`;
    return [
      String(meter.logicalDevice).padStart(4),
      meter.name.padEnd(14),
      place.padEnd(16),
      stateWord(meter.state, call.language).padEnd(9),
      (meter.lastContactMs === undefined ? time(undefined) : time(meter.lastContactMs).slice(5, 16)).padEnd(
        12,
      ),
      reading(call, meter),
    ].join(" ");
  });
}

function reading({ core }: ConsoleCall, { logicalDevice, isModule }: ServedMeter): string {
  if (isModule) return "";
  const register = registersOf(core, logicalDevice).get("1-0:1.8.0*255");
  if (!register) return "-";
  const { value, scaler } = register;
  // Wh in kWh: three more digits behind the point.
  const digits = value.toString().padStart(Math.max(1, 4 - scaler), "0");
  const behind = 3 - scaler;
  if (behind <= 0) return `${value * 10n ** BigInt(-behind)} kWh`;
  return `${digits.slice(0, -behind)}.${digits.slice(-behind)} kWh`;
}

function lines(call: ConsoleCall): readonly string[] {
  const word = say(call);
  return call.edge
    .lines()
    .map(({ name, broken, waiting }) =>
      row(name, `${word(broken ? "broken" : "open")}, ${word("waiting")}: ${waiting}`),
    );
}

function events(call: ConsoleCall): readonly string[] {
  const { core } = call;
  const time = timeIn(call);
  const offset: (ms: number) => LocalOffset = offsetIn(core.zone);
  const sinceMs = core.now() - dayMs;
  const found = [1, ...core.meters().map(({ logicalDevice }) => logicalDevice)].flatMap((logicalDevice) =>
    core.journal
      .readOf(logicalDevice, 3, sinceMs, foreverMs)
      .flatMap((entry) => eventsIn(entry, offset).map((event) => ({ ...event, logicalDevice }))),
  );
  if (found.length === 0) return [wordOf("none", call.language)];
  return found
    .sort((a, b) => a.atMs - b.atMs)
    .slice(-linesMax)
    .map(({ atMs, logicalDevice, code, detail }) => {
      const number = `0x${code.toString(16).padStart(4, "0")}`;
      const word = logicalDevice === 1 || code >= modulesFrom ? eventWord(code, call.language) : "";
      const said = [word, printable(detail)].filter(Boolean).join(": ");
      return `${time(atMs)} ${String(logicalDevice).padStart(4)} ${number} ${said}`;
    });
}

function orders(call: ConsoleCall): readonly string[] {
  const word = say(call);
  const shown = call.core.meters().flatMap((meter) => {
    const known = call.core.switchOf(meter.logicalDevice);
    if (!known) return [];
    const now = word(known.output ? "connected" : "disconnected");
    const waits = known.waiting
      ? `, ${word("ordered")}: ${word(known.waiting === "reconnect" ? "connected" : "disconnected")}`
      : "";
    return [`${String(meter.logicalDevice).padStart(4)} ${meter.name.padEnd(14)} ${now}${waits}`];
  });
  return shown.length > 0 ? shown : [word("none")];
}

function scan(call: ConsoleCall): readonly string[] {
  call.core.run("scan");
  return [wordOf("started", call.language)];
}

function read(call: ConsoleCall): readonly string[] {
  call.core.run("read");
  return [wordOf("started", call.language)];
}

async function dump(call: ConsoleCall): Promise<readonly string[]> {
  const word = say(call);
  const [, file, ...numbers] = call.words;
  if (!file || numbers.length > 2 || !numbers.every((text) => /^\d{1,10}$/.test(text)))
    return [word("noFile")];
  const [from, to] = numbers.map(Number);
  try {
    const outcome = await writeDump(file, call.core, { from, to });
    call.edge.recordEvent(0x0401, `${outcome.first}-${outcome.last}`);
    return [`${word("dumped")} ${file}: ${outcome.entries} ${word("entries")}`, `SHA-256 ${outcome.sha256}`];
  } catch (error) {
    return [`${word("failed")}: ${(error as Error).message}`];
  }
}

/** Local time, as it stands on a technician's watch. */
function clock(call: ConsoleCall): readonly string[] {
  const [, date, hour] = call.words;
  const time = timeIn(call);
  if (date === undefined) return [time(call.core.now())];
  try {
    const local = Temporal.PlainDateTime.from(`${date}T${hour ?? ""}`);
    call.core.setClock(local.toZonedDateTime(call.core.zone).epochMilliseconds, "console");
    return [wordOf("clockSet", call.language), time(call.core.now())];
  } catch {
    return [wordOf("noTime", call.language)];
  }
}

/** Details come from devices: what is no printable ASCII could steer the terminal. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?");
