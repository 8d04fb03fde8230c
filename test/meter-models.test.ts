import { join } from "node:path";
import { expect, test } from "vitest";
import { type MeterModel, meterModels } from "../packages/metering/src/models/index.ts";
import { type StatusBit, statusTables } from "../packages/metering/src/models/status-tables.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");

function rowOf(model: MeterModel): string {
  const { name, title, protocols, registers, profiles, eventLogs, quirks, proof } = model;
  const has = [
    registers === "all" ? "every register" : `${registers.length} registers`,
    ...profiles.map(
      ({ obis, periodSeconds, status }) => `profile ${obis}, ${periodSeconds} s, status ${status}`,
    ),
    ...eventLogs.map(({ obis, table }) => `log ${obis}, events ${table}`),
    ...Object.entries(quirks).map(([quirk, { reason }]) => `${quirk}: ${reason}`),
  ];
  return `| \`${name}\` | ${cell(title)} | ${protocols.join(", ")} | ${cell(has.join("; "))} | ${cell(proof.join("; "))} |`;
}

const page = [
  "# Meter models",
  "",
  "What the head-end knows of each model, made from `packages/metering/src/models`; `vitest -u test/meter-models.test.ts` writes this",
  "page anew. A device is recognised by its own words; a model that is not here is read by the generic one of its protocol.",
  "",
  "| model | title | protocols | has | tried on |",
  "| --- | --- | --- | --- | --- |",
  ...(Object.values(meterModels) as readonly MeterModel[]).map(rowOf),
  "",
  "## Status of profiles",
  "",
  "What the bits of a row's status mean. Those that say something about the value become its quality flags.",
  "",
  "| table | bits |",
  "| --- | --- |",
  ...(Object.entries(statusTables) as [string, readonly StatusBit[]][]).map(
    ([name, bits]) =>
      `| \`${name}\` | ${bits.map(({ bit, means, quality }) => `${bit.toString(16).padStart(2, "0")} ${means}${quality === 0 ? " (no flag)" : ""}`).join(", ")} |`,
  ),
  "",
].join("\n");

test("docs/meter-models.md says what the models are", async () => {
  await expect(page).toMatchFileSnapshot(join(import.meta.dirname, "../docs/meter-models.md"));
});
