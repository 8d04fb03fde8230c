import { encodeObis, type ObisCode } from "../obis.ts";

export type Language = "en" | "ro";
type Words = Readonly<Record<Language, string>>;
const words = (en: string, ro: string): Words => ({ en, ro });

// Names of OBIS codes for electricity (IEC 62056-6-1): A 0 abstract objects, A 1 electricity. Value group C is the
// quantity, D how it was made, E tariff or angle, F billing period.

/** Quantity of value group C (sum of phases): as energy where D is a time integral, as power else. */
const quantities: Readonly<Record<number, { readonly energy: Words; readonly power: Words }>> = {
  1: both("active", "import (+A)", "activă", "consumată (+A)"),
  2: both("active", "export (-A)", "activă", "livrată (-A)"),
  3: both("reactive", "import (+R)", "reactivă", "consumată (+R)"),
  4: both("reactive", "export (-R)", "reactivă", "livrată (-R)"),
  5: both("reactive", "quadrant I", "reactivă", "cadranul I"),
  6: both("reactive", "quadrant II", "reactivă", "cadranul II"),
  7: both("reactive", "quadrant III", "reactivă", "cadranul III"),
  8: both("reactive", "quadrant IV", "reactivă", "cadranul IV"),
  9: both("apparent", "import (+S)", "aparentă", "consumată (+S)"),
  10: both("apparent", "export (-S)", "aparentă", "livrată (-S)"),
  11: same("current", "curent"),
  12: same("voltage", "tensiune"),
  13: same("power factor", "factor de putere"),
  14: same("frequency", "frecvență"),
  15: both("active", "absolute sum (|+A|+|-A|)", "activă", "sumă absolută (|+A|+|-A|)"),
  16: both("active", "net (+A-A)", "activă", "netă (+A-A)"),
  17: both("active", "quadrant I", "activă", "cadranul I"),
  18: both("active", "quadrant II", "activă", "cadranul II"),
  19: both("active", "quadrant III", "activă", "cadranul III"),
  20: both("active", "quadrant IV", "activă", "cadranul IV"),
};
/** Quantities above the phases. */
const others: Readonly<Record<number, Words>> = {
  81: words("angle", "unghi"),
  90: words("sum of the phase currents", "suma curenților de fază"),
  91: words("neutral current", "curent de nul"),
  92: words("neutral voltage", "tensiune de nul"),
};

function both(en: string, enWay: string, ro: string, roWay: string) {
  return {
    energy: words(`${en} energy ${enWay}`, `energie ${ro} ${roWay}`),
    power: words(`${en} power ${enWay}`, `putere ${ro} ${roWay}`),
  };
}

function same(en: string, ro: string) {
  return { energy: words(en, ro), power: words(en, ro) };
}

/** How the value was made, value group D; an empty text says nothing more than the quantity. */
const processings: Readonly<Record<number, Words>> = {
  1: words("cumulated minimum", "minim cumulat"),
  2: words("cumulated maximum", "maxim cumulat"),
  3: words("minimum", "minim"),
  4: words("current average", "medie curentă"),
  5: words("last average", "ultima medie"),
  6: words("maximum", "maxim"),
  7: words("instantaneous", "valoare instantanee"),
  8: words("", ""),
  9: words("in the billing period", "în perioada de facturare"),
  10: words("beyond the limit", "peste limită"),
  24: words("average of scheme 3", "medie, schema 3"),
  25: words("last average of scheme 3", "ultima medie, schema 3"),
  27: words("average of scheme 5", "medie, schema 5"),
  28: words("average of scheme 6", "medie, schema 6"),
  29: words("per interval", "pe interval"),
  30: words("per interval 2", "pe intervalul 2"),
  31: words("lower limit", "limită inferioară"),
  32: words("times under the limit", "numărul scăderilor sub limită"),
  33: words("duration under the limit", "durata sub limită"),
  34: words("depth under the limit", "amplitudinea sub limită"),
  35: words("upper limit", "limită superioară"),
  36: words("times over the limit", "numărul depășirilor limitei"),
  37: words("duration over the limit", "durata peste limită"),
  38: words("height over the limit", "amplitudinea peste limită"),
  39: words("threshold of absence", "prag de lipsă"),
  40: words("times missing", "numărul lipsurilor"),
  41: words("duration missing", "durata lipsei"),
  42: words("depth of absence", "amplitudinea lipsei"),
  58: words("time integral 4", "integrala de timp 4"),
};
const integrals: ReadonlySet<number> = new Set([8, 9, 10, 29, 30, 58]);
/** D from 11 to 16, from 21 to 23, and 26 are 1 to 6 with another averaging period; 24 and 25 are averages of their own. */
const withPeriod = (d: number) =>
  d >= 11 && d <= 16
    ? { base: d - 10, period: 2 }
    : (d >= 21 && d <= 23) || d === 26
      ? { base: d - 20, period: 3 }
      : undefined;

/** Whole codes, without A-B and F where those do not matter. `*` in place of E takes any. */
const named: Readonly<Record<string, Words>> = {
  "0:1.0.0": words("clock", "ceas"),
  "0:42.0.0": words("logical device name", "numele dispozitivului logic"),
  "0:40.0.0": words("current association", "asociere curentă"),
  "0:40.0.*": words("association", "asociere"),
  "0:41.0.0": words("logical devices", "dispozitive logice"),
  "0:43.0.*": words("security setup", "setări de securitate"),
  "0:43.1.*": words("invocation counter", "contor de invocare"),
  "0:44.0.0": words("firmware image transfer", "transfer de firmware"),
  "0:96.1.0": words("serial number", "serie"),
  "0:96.1.*": words("device identity", "identificare dispozitiv"),
  "0:0.2.0": words("firmware version", "versiune firmware"),
  "1:0.2.0": words("firmware version", "versiune firmware"),
  "1:99.1.0": words("load profile 1", "curbă de sarcină 1"),
  "1:99.2.0": words("load profile 2", "curbă de sarcină 2"),
  "0:98.1.0": words("billing values, monthly", "valori de facturare, lunare"),
  "0:98.2.0": words("billing values, daily", "valori de facturare, zilnice"),
  "0:99.98.0": words("event log, standard", "jurnal de evenimente, standard"),
  "0:99.98.1": words("event log, fraud", "jurnal de evenimente, fraudă"),
  "0:99.98.2": words("event log, disconnector", "jurnal de evenimente, deconectare"),
  "0:99.98.3": words("event log, M-Bus", "jurnal de evenimente, M-Bus"),
  "0:99.98.4": words("event log, power quality", "jurnal de evenimente, calitatea energiei"),
  "0:99.98.5": words("event log, communication", "jurnal de evenimente, comunicație"),
  "0:99.98.*": words("event log", "jurnal de evenimente"),
  "1:99.98.*": words("event log", "jurnal de evenimente"),
  "1:99.97.0": words("power failure log", "jurnal de întreruperi"),
  "0:96.10.*": words("profile status", "starea curbei"),
  "0:96.11.*": words("event code", "cod de eveniment"),
  "0:97.97.*": words("error register", "registru de erori"),
  "0:97.98.0": words("alarm register 1", "registru de alarme 1"),
  "0:97.98.1": words("alarm register 2", "registru de alarme 2"),
  "0:97.98.10": words("alarm filter 1", "filtru de alarme 1"),
  "0:97.98.11": words("alarm filter 2", "filtru de alarme 2"),
  "0:97.98.20": words("alarm descriptor 1", "descriptor de alarme 1"),
  "0:97.98.21": words("alarm descriptor 2", "descriptor de alarme 2"),
  "0:96.3.10": words("disconnect control", "comandă de deconectare"),
  "0:17.0.0": words("limiter", "limitator"),
  "0:13.0.0": words("activity calendar", "calendar tarifar"),
  "0:11.0.0": words("special days", "zile speciale"),
  "0:10.0.0": words("script: global reset", "script: resetare generală"),
  "0:10.0.1": words("script: billing reset", "script: închidere de perioadă"),
  "0:10.0.100": words("script: tariffs", "script: tarife"),
  "0:10.0.101": words("script: test mode", "script: mod de test"),
  "0:10.0.102": words("script: normal mode", "script: mod normal"),
  "0:10.0.103": words("script: outputs", "script: ieșiri"),
  "0:10.0.105": words("script: power quality", "script: calitatea energiei"),
  "0:10.0.106": words("script: disconnection", "script: deconectare"),
  "0:10.0.107": words("script: firmware activation", "script: activare firmware"),
  "0:10.0.108": words("script: push", "script: transmitere"),
  "0:15.0.0": words("schedule: end of billing period", "programare: închidere de perioadă"),
  "0:15.0.1": words("schedule: disconnection", "programare: deconectare"),
  "0:15.0.2": words("schedule: firmware activation", "programare: activare firmware"),
  "0:15.0.3": words("schedule: output", "programare: ieșire"),
  "0:15.0.4": words("schedule: push", "programare: transmitere"),
  "0:25.9.0": words("push setup", "setări de transmitere"),
  "0:25.0.0": words("TCP and UDP", "TCP și UDP"),
  "0:25.1.0": words("IPv4", "IPv4"),
  "0:25.2.0": words("MAC address", "adresă MAC"),
  "0:25.3.0": words("PPP", "PPP"),
  "0:25.4.0": words("GPRS modem", "modem GPRS"),
  "0:25.6.0": words("GSM diagnostic", "diagnostic GSM"),
  "0:25.7.0": words("IPv6", "IPv6"),
  "0:2.0.0": words("modem configuration", "configurarea modemului"),
  "0:2.1.0": words("auto connect", "conectare automată"),
  "0:2.2.0": words("auto answer", "răspuns automat"),
  "0:22.0.0": words("HDLC setup", "setări HDLC"),
  "0:20.0.0": words("optical port", "port optic"),
  "0:1.1.0": words("clock of the operator", "ceasul operatorului"),
  "0:14.0.*": words("register activation", "activare de registre"),
  "0:16.1.*": words("register monitor", "supraveghere de registre"),
  "0:16.2.*": words("parameter monitor", "supraveghere de parametri"),
  "0:18.0.*": words("array manager", "administrare de liste"),
  "0:19.0.*": words("prepayment account", "cont de preplată"),
  "0:19.1.*": words("prepayment credit", "credit de preplată"),
  "0:19.2.*": words("prepayment charge", "taxă de preplată"),
  "0:19.4.*": words("token gateway", "preluare de coduri de credit"),
  "0:21.0.*": words("instantaneous values", "valori instantanee"),
  "0:24.4.0": words("M-Bus valve or relay", "vană sau releu M-Bus"),
  "0:24.5.*": words("M-Bus log", "jurnal M-Bus"),
  "0:24.6.0": words("M-Bus port", "port M-Bus"),
  "0:24.8.*": words("M-Bus port of the device", "port M-Bus al dispozitivului"),
  "0:24.9.*": words("M-Bus diagnostic", "diagnostic M-Bus"),
  "0:25.5.0": words("SMTP", "SMTP"),
  "0:25.10.0": words("NTP", "NTP"),
  "0:25.11.*": words("LTE monitoring", "supraveghere LTE"),
  "0:29.0.*": words("CoAP", "CoAP"),
  "0:29.1.*": words("CoAP diagnostic", "diagnostic CoAP"),
  "0:29.2.*": words("CoAP over UDP", "CoAP prin UDP"),
  "0:43.2.*": words("data protection", "protecția datelor"),
  "0:44.1.*": words("function control", "comandă de funcții"),
  "0:44.2.*": words("port protection", "protecția portului"),
  "0:65.*.*": words("table of ANSI C12.19", "tabel ANSI C12.19"),
  "0:66.0.*": words("compact data", "date compacte"),
  "0:10.1.*": words("script of the maker", "script al producătorului"),
  "0:96.2.*": words("parameter changes", "modificări de parametri"),
  "0:96.4.*": words("state of the relays", "starea releelor"),
  "0:96.5.*": words("operating state", "stare de funcționare"),
  "0:96.9.*": words("temperature", "temperatură"),
  "0:96.12.*": words("signal and connection", "semnal și conexiune"),
  "0:96.13.0": words("message to the consumer", "mesaj pentru consumator"),
  "0:96.13.*": words("message to the consumer", "mesaj pentru consumator"),
  "0:96.15.*": words("number of events", "numărul evenimentelor"),
  "0:96.16.*": words("event counters", "contoare de evenimente"),
  "0:96.20.*": words("tamper counters and times", "contoare și momente de fraudă"),
  "0:98.*.*": words("billing values", "valori de facturare"),
  "0:0.1.*": words("billing period counter or time", "contor sau moment al perioadei de facturare"),
  "0:0.9.*": words("date and time", "data și ora"),
  "1:0.0.*": words("identity of the measuring point", "identificarea punctului de măsură"),
  "1:0.1.*": words("billing period counter or time", "contor sau moment al perioadei de facturare"),
  "1:0.2.8": words("version of the customer port", "versiunea portului de client"),
  "1:0.2.129": words("list version", "versiunea listei"),
  "1:0.2.*": words("program or parameter set", "program sau set de parametri"),
  "1:0.3.*": words("output constant", "constantă de ieșire"),
  "1:0.4.*": words("transformer ratio", "raport de transformare"),
  "1:0.8.*": words("measurement period", "perioadă de măsurare"),
  "1:0.9.*": words("date and time", "data și ora"),
  "1:82.8.*": words("pulse input", "intrare de impulsuri"),
  "1:94.*.*": words("national value", "valoare națională"),
  "1:96.1.*": words("device identity", "identificare dispozitiv"),
  "1:96.5.*": words("operating state", "stare de funcționare"),
  "1:98.*.*": words("billing values", "valori de facturare"),
  "1:99.*.*": words("profile", "curbă"),
  "0:99.*.*": words("profile", "curbă"),
  "0:96.7.*": words("power failures", "întreruperi de alimentare"),
  "0:96.14.0": words("active tariff", "tarif activ"),
  "0:96.8.0": words("operating time", "timp de funcționare"),
  "0:96.6.*": words("battery", "baterie"),
  "0:24.1.0": words("M-Bus channel", "canal M-Bus"),
  "0:24.2.*": words("M-Bus value", "valoare M-Bus"),
  "0:24.3.0": words("M-Bus profile", "curbă M-Bus"),
};

const tariff = words("tariff", "tarif");
const billing = words("billing period", "perioada de facturare");
const averaging = words("period", "perioada");

/** What value group A stands for. */
const media: Readonly<Record<number, Words>> = {
  0: words("abstract object", "obiect abstract"),
  1: words("electricity", "energie electrică"),
  4: words("heat cost allocator", "repartitor de căldură"),
  5: words("cooling", "răcire"),
  6: words("heat", "căldură"),
  7: words("gas", "gaz"),
  8: words("cold water", "apă rece"),
  9: words("hot water", "apă caldă"),
};
const maker = words("code of the maker", "cod al producătorului");
const channel = words("channel", "canal");

/**
 * A readable form for every code: its name, else what can be told of any code: medium, channel, groups C to E, and whether
 * the maker chose it (128 to 199 in B, 128 to 254 in C to F).
 */
export function describeObis(obis: ObisCode, language: Language = "en"): string {
  const name = nameObis(obis, language);
  if (name !== undefined) return name;
  const [a, b, c, d, e, f] = encodeObis(obis) as unknown as [number, number, number, number, number, number];
  const own = (b >= 128 && b < 200) || [c, d, e].some((group) => group >= 128 && group < 255);
  const parts = [
    media[a]?.[language] ?? `A ${a}`,
    ...(b === 0 ? [] : [`${channel[language]} ${b}`]),
    `${own ? `${maker[language]} ` : ""}${c}.${d}.${e}`,
    ...(f === 255 ? [] : [f < 100 ? `${billing[language]} ${f}` : `F ${f}`]),
  ];
  return parts.join(", ");
}

/** The name of a code in words, or `undefined` for one that has none here. */
export function nameObis(obis: ObisCode, language: Language = "en"): string | undefined {
  const [a, , c, d, e, f] = encodeObis(obis) as unknown as [number, number, number, number, number, number];
  const key = `${a}:${c}.${d}.`;
  const whole = named[`${key}${e}`] ?? named[`${key}*`] ?? named[`${a}:${c}.*.*`];
  const name = whole?.[language] ?? (a === 1 ? quantityName(c, d, e, language) : undefined);
  if (name === undefined || f === 255) return name;
  // 101 and above count from now backwards, each maker in a way of its own.
  return f < 100 ? `${name}, ${billing[language]} ${f}` : `${name}, F ${f}`;
}

function quantityName(c: number, d: number, e: number, language: Language): string | undefined {
  const phase = c > 20 && c <= 80 ? Math.floor((c - 1) / 20) : 0;
  const averaged = withPeriod(d);
  const how = processings[averaged?.base ?? d];
  const quantity = quantities[phase === 0 ? c : c - phase * 20];
  const what = quantity ? (integrals.has(d) ? quantity.energy : quantity.power) : others[c];
  if (!how || !what) return undefined;
  const parts = [what[language]];
  if (phase > 0) parts.push(`L${phase}`);
  if (how[language]) parts.push(how[language]);
  if (averaged) parts.push(`${averaging[language]} ${averaged.period}`);
  if (c === 81) parts.push(`E ${e}`);
  else if (e >= 1 && e <= 63) parts.push(`${tariff[language]} ${e}`);
  return parts.join(", ");
}
