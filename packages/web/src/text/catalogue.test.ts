import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attributesText } from "../attributes/messages.ts";
import { billingText } from "../billing/messages.ts";
import { branchesText } from "../branches/messages.ts";
import { databaseText } from "../database/messages.ts";
import { equipmentActionText } from "../equipment/action-messages.ts";
import { seenExchangeText } from "../equipment/exchange-messages.ts";
import { gatewaySettingText } from "../equipment/settings-messages.ts";
import { exchangeText } from "../exchange/messages.ts";
import { exportsText } from "../exports/messages.ts";
import { mappingText } from "../field-imports/mapping-messages.ts";
import { fieldWorkText } from "../field-work/messages.ts";
import { firstRunText } from "../first-run/messages.ts";
import { groupFileText } from "../groups/file-messages.ts";
import { lossesText } from "../losses/messages.ts";
import { metersText } from "../meters/messages.ts";
import { modemsText } from "../modems/messages.ts";
import { tariffAccountText } from "../multi-rate/account-messages.ts";
import { multiRateText } from "../multi-rate/messages.ts";
import { formText } from "../parts/form-messages.ts";
import { peaksText } from "../peaks/messages.ts";
import { placesText } from "../places/messages.ts";
import { reportsText } from "../reports/messages.ts";
import { erasureText } from "../subscribers/erasure-messages.ts";
import { subscribersText } from "../subscribers/messages.ts";
import { tariffText } from "../tariffs/messages.ts";
import { validationText } from "../validation/messages.ts";
import { validationRuleText } from "../validation/rule-messages.ts";
import { watchText } from "../watch/messages.ts";
import { addTexts, catalogue, catalogueParts, type MessageKey } from "./catalogue.ts";
import { fold } from "./fold.ts";
import { failureWords, problemWords } from "./problem-words.ts";
import { translator } from "./provider.tsx";
import { pseudo } from "./pseudo.ts";

/** Texts that come with their pages. */
const late = [
  equipmentActionText,
  gatewaySettingText,
  firstRunText,
  fieldWorkText,
  lossesText,
  exchangeText,
  groupFileText,
  mappingText,
  attributesText,
  databaseText,
  billingText,
  exportsText,
  validationText,
  validationRuleText,
  watchText,
  tariffText,
  tariffAccountText,
  multiRateText,
  reportsText,
  seenExchangeText,
  placesText,
  formText,
  metersText,
  branchesText,
  modemsText,
  erasureText,
  subscribersText,
  peaksText,
];
for (const part of late) addTexts(part);
const keys = Object.keys(catalogue) as MessageKey[];
/** Names of the values that a text takes, also those inside plural branches. */
const valuesOf = (text: string) =>
  [...new Set([...text.matchAll(/\{\s*([a-zA-Z]+)\s*[,}]/g)].map((match) => match[1]!))].sort();

test("no key is there twice", () => {
  const all = [...catalogueParts, ...late].flatMap((part) => Object.keys(part));
  expect(all.filter((key, index) => all.indexOf(key) !== index)).toEqual([]);
});

test.each(["ro", "en"] as const)(
  "every text of %s is there and can be formatted with any count",
  (language) => {
    const t = translator(language, "Europe/Bucharest");
    for (const key of keys) {
      expect(catalogue[key][language].trim(), key).not.toBe("");
      for (const count of [0, 1, 2, 19, 20, 101]) {
        const values = Object.fromEntries(valuesOf(catalogue[key][language]).map((name) => [name, count]));
        const text = t(key, values);
        expect(text, key).not.toMatch(/[{}]|undefined/);
      }
    }
  },
);

test("both languages take the same values", () => {
  for (const key of keys) expect(valuesOf(catalogue[key].ro), key).toEqual(valuesOf(catalogue[key].en));
});

test("Romanian counts as Romanian does: 1 punct, 2 puncte, 20 de puncte", () => {
  const t = translator("ro", "Europe/Bucharest");
  expect([1, 2, 19, 20, 101, 120].map((count) => t("common.points", { count }))).toEqual([
    "1 punct",
    "2 puncte",
    "19 puncte",
    "20 de puncte",
    "101 puncte",
    "120 de puncte",
  ]);
});

test("numbers in texts have the separators of the language, and numbers of things that are no quantity have none", () => {
  const [en, ro] = (["en", "ro"] as const).map((language) => translator(language, "Europe/Bucharest"));
  const states = { online: 1640, silent: 2, shutdown: 0, quarantine: 12_345 };
  expect(en!("equipment.counts", states)).toBe("1,640 online, 2 silent, 0 shut down, 12,345 in quarantine");
  expect(ro!("equipment.counts", states)).toContain("1.640 ");
  expect(ro!("common.points", { count: 3702 })).toBe("3.702 puncte");
  expect(en!("loss.case-at", { number: "1640" })).toBe("Case 1640");
});

test("a value that a text counts by is written by the count alone", () => {
  for (const key of keys)
    for (const text of Object.values(catalogue[key]))
      for (const [, name] of text.matchAll(/\{(\w+),/g)) expect(text, key).not.toContain(`{${name}}`);
});

test("Romanian plurals tell one, few and other apart wherever English counts", () => {
  for (const key of keys) {
    if (!/, plural,[^}]*one \{/.test(catalogue[key].en)) continue;
    expect(catalogue[key].ro, key).toMatch(/few \{/);
  }
});

test("Romanian is written with comma-below letters only", () => {
  for (const key of keys) expect(catalogue[key].ro, key).not.toMatch(/[şţŞŢ]/);
});

test("a stretched text is at least 40 % longer and keeps its values", () => {
  const t = translator("en", "Europe/Bucharest", true);
  const plain = translator("en", "Europe/Bucharest");
  const values = { count: 12_345 };
  expect(t("common.points", values).length).toBeGreaterThanOrEqual(
    plain("common.points", values).length * 1.4,
  );
  expect(pseudo("7 kWh")).toContain("7");
});

test("every text that the code asks for by a literal key is of the catalogue, and no screen has a text of its own", () => {
  const folder = join(import.meta.dirname, "..");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".tsx") && !name.includes("parts-page"),
  );
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const code = readFileSync(join(folder, file), "utf8");
    for (const [, key] of code.matchAll(/\bt\("([a-z.-]+)"/g)) expect(keys, file).toContain(key);
    // Words between tags that are no expression: a text that no translation would reach.
    const loose = [...code.matchAll(/^\s+([A-Z][a-z]+(?: [a-z]+)+)\s*$/gm)].map((match) => match[1]);
    expect(loose, file).toEqual([]);
  }
});

test.each([
  ["link.timeout", "problem.link.timeout"],
  ["link.something-new", "problem.family.link"],
  ["hdlc.fcs", "problem.family.answer"],
  ["store.full", "problem.family.store"],
  ["what.ever", "problem.family.other"],
])("the code %s is told as %s", (code, what) => {
  expect(problemWords(code)).toEqual({ what, todo: `${what}.do` });
});

test("a meter that falls silent behind a standing connection is looked for on the bus, not at the modem", () => {
  const at = "2026-11-23T10:00:00Z";
  const stages = ["queued", "connected", "associated", "failed"].map((stage) => ({ stage, at }));
  expect(failureWords("link.timeout", { stages, startedAt: at })).toEqual({
    what: "problem.link.timeout",
    todo: "hop.reading.do",
    hop: "hop.reading",
  });
  expect(failureWords("link.timeout", { stages: stages.slice(0, 1), startedAt: at })).toEqual({
    what: "problem.link.timeout",
    todo: "problem.link.timeout.do",
    hop: "hop.connecting",
  });
});

test("diacritics do not matter for finding: ş and ș are one letter", () => {
  expect(fold("Argeș ARGEŞ Țițești")).toBe("arges arges titesti");
});

test.each([
  "dial.refused",
  "identity.mismatch",
  "association.unproven",
  "association.pdu-too-short",
  "dlms.deciphering-refused",
  "dlms.tag",
  "dlms.replay",
  "dlms.counter-refused",
  "dlms.exception",
  "dlms.pdu-refused",
  "dlms.value-truncated",
  "read.no-profile",
  "modem.busy",
  "modem.delayed",
  "modem.lost",
  "modem.network",
  "modem.no-answer",
  "modem.no-carrier",
  "modem.no-dialtone",
  "modem.refused",
  "modem.silent",
  "modem.timeout",
])("what a dispatcher can do about %s is said in words of its own", (code) => {
  expect(problemWords(code)).toEqual({ what: `problem.${code}`, todo: `problem.${code}.do` });
});
