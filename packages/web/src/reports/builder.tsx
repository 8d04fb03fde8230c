import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Choice } from "../analysis/frame.tsx";
import { energies } from "../analysis/search.ts";
import { SubjectPicker } from "../analysis/subject-picker.tsx";
import type { ColumnCheck, ReportDefinition } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { useLocale } from "../text/provider.tsx";
import { addDays, dayOf } from "../time/zone.ts";
import { freeName, renamed } from "./definition.ts";
import { type Completion, FormulaField } from "./formula-field.tsx";
import { functionsQuery } from "./queries.ts";

const rowKinds = ["interval", "day", "month", "period", "subject"] as const;
const eachKinds = ["self", "group", "point"] as const;
const charts = ["none", "line", "bar"] as const;
const periods = [
  "yesterday",
  "last-7-days",
  "last-30-days",
  "this-month",
  "last-month",
  "this-year",
  "last-year",
  "fixed",
] as const;

interface Props {
  readonly definition: ReportDefinition;
  readonly checks: readonly ColumnCheck[] | undefined;
  readonly change: (next: ReportDefinition) => void;
}

/** What a report computes: whose data, over which days, and the formulas. */
export function Builder(props: Props) {
  const { t } = useLocale();
  return (
    <>
      <section className="e-panel" aria-labelledby="rp-data">
        <div className="e-panel-head">
          <h2 id="rp-data">{t("rp.data")}</h2>
        </div>
        <div className="e-panel-body e-stack">
          <Rows {...props} />
          <Inputs {...props} />
        </div>
      </section>
      <section className="e-panel" aria-labelledby="rp-columns">
        <div className="e-panel-head">
          <h2 id="rp-columns">{t("rp.columns")}</h2>
        </div>
        <div className="e-panel-body e-stack">
          <Columns {...props} />
          <Functions />
        </div>
      </section>
    </>
  );
}

function Rows({ definition, change }: Props) {
  const { t, zone } = useLocale();
  const today = dayOf(useNow(60_000), zone);
  const { rows, period, chart, each = "self", subjects = ["s"] } = definition;
  const choosePeriod = (kind: (typeof periods)[number]) =>
    change({
      ...definition,
      period: kind === "fixed" ? { kind, fromDay: addDays(today, -7), toDay: today } : { kind },
    });
  const chooseRows = (next: ReportDefinition["rows"]) => {
    const { subjects: _, each: __, ...rest } = definition;
    // Of each row means something only where each row is of somebody.
    const inputs = definition.inputs.map((input) => ({
      ...input,
      of: next === "subject" ? input.of : input.of.startsWith("row") ? "s" : input.of,
    }));
    change({ ...rest, inputs, rows: next, ...(next === "subject" ? { subjects, each: "point" } : {}) });
  };
  return (
    <>
      <div className="e-controls">
        <Choice
          label={t("rp.rows")}
          value={rows}
          options={rowKinds.map((kind) => [kind, t(`rp.rows.${kind}`)])}
          onChange={(value) => chooseRows(value as ReportDefinition["rows"])}
        />
        <Choice
          label={t("rp.period")}
          value={period.kind}
          options={periods.map((kind) => [kind, t(`rp.period.${kind}`)])}
          onChange={(value) => choosePeriod(value as (typeof periods)[number])}
        />
        {period.kind === "fixed" ? (
          <>
            <DayField
              label={t("rp.from")}
              value={period.fromDay}
              onChange={(fromDay) => change({ ...definition, period: { ...period, fromDay } })}
            />
            <DayField
              label={t("rp.to")}
              value={addDays(period.toDay, -1)}
              onChange={(last) => change({ ...definition, period: { ...period, toDay: addDays(last, 1) } })}
            />
          </>
        ) : null}
        <Tariff definition={definition} change={change} />
        <Choice
          label={t("rp.chart")}
          value={chart}
          options={charts.map((kind) => [kind, t(`rp.chart.${kind}`)])}
          onChange={(value) => change({ ...definition, chart: value as ReportDefinition["chart"] })}
        />
      </div>
      {rows === "subject" ? (
        <div className="e-controls">
          <SubjectPicker
            subjects={subjects}
            onChange={(next) => change({ ...definition, subjects: [...next] })}
          />
          <Choice
            label={t("rp.each")}
            value={each}
            options={eachKinds.map((kind) => [kind, t(`rp.each.${kind}`)])}
            onChange={(value) => change({ ...definition, each: value as (typeof eachKinds)[number] })}
          />
        </div>
      ) : null}
    </>
  );
}

/** By whose rates `band` goes; the rates are named, since formulas name them. */
function Tariff({ definition, change }: Pick<Props, "definition" | "change">) {
  const { t } = useLocale();
  const tariffs = useQuery(functionsQuery).data?.tariffs ?? [];
  const { tariffId, ...without } = definition;
  if (tariffs.length === 0 && tariffId === undefined) return null;
  return (
    <Choice
      label={t("rp.tariff")}
      value={String(tariffId ?? "")}
      options={[
        ["", t("rp.tariff-none")],
        ...tariffs.map((one): [string, string] => [
          String(one.tariffId),
          `${one.code} (${one.rates.join(", ")})`,
        ]),
      ]}
      onChange={(value) => change(value === "" ? without : { ...without, tariffId: Number(value) })}
    />
  );
}

function DayField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
}) {
  return (
    <label className="e-row e-small">
      <span className="e-muted">{props.label}</span>
      <input
        type="date"
        className="e-cell-input"
        value={props.value}
        onChange={({ currentTarget: { value } }) => {
          if (/^\d{4}-\d\d-\d\d$/.test(value)) props.onChange(value);
        }}
      />
    </label>
  );
}

/** The name of an input. Formulas follow it when it is left: on the way it may be that of another input, and two would become one. */
function NameField(props: {
  readonly label: string;
  readonly name: string;
  readonly isTaken: (name: string) => boolean;
  readonly onRename: (name: string) => void;
}) {
  const [text, setText] = useState(props.name);
  const clean = text.replaceAll(/[[\]\r\n]/g, "").trim();
  const isWrong = clean === "" || props.isTaken(clean);
  return (
    <TextInput
      size="xs"
      aria-label={props.label}
      value={text}
      maxLength={80}
      error={isWrong}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={() => {
        if (isWrong) setText(props.name);
        else if (clean !== props.name) props.onRename(clean);
      }}
    />
  );
}

function Inputs({ definition, change }: Props) {
  const { t } = useLocale();
  const { inputs, rows } = definition;
  const set = (nth: number, next: Partial<ReportDefinition["inputs"][number]>) =>
    change({
      ...definition,
      inputs: inputs.map((input, at) => (at === nth ? { ...input, ...next } : input)),
    });
  const rename = (nth: number, clean: string) =>
    change({
      ...definition,
      inputs: inputs.map((input, at) => (at === nth ? { ...input, name: clean } : input)),
      columns: definition.columns.map((column) => ({
        ...column,
        formula: renamed(column.formula, inputs[nth]!.name, clean),
      })),
    });
  const add = () => {
    const last = inputs.at(-1)!;
    const energy = energies.find((one) => !inputs.some((input) => input.energy === one)) ?? "A+";
    change({
      ...definition,
      inputs: [...inputs, { name: freeName(energy, definition), of: last.of, energy }],
    });
  };
  return (
    <div className="e-stack">
      {inputs.map((input, nth) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an input is known by its place; its name is what is typed.
        <div key={nth} className="e-controls e-report-input">
          <NameField
            key={input.name}
            label={`${t("rp.input-name")} ${nth + 1}`}
            name={input.name}
            isTaken={(name) => inputs.some((other, at) => at !== nth && other.name === name)}
            onRename={(name) => rename(nth, name)}
          />
          {rows === "subject" ? (
            <Choice
              label={t("rp.input-of")}
              value={input.of.startsWith("row") ? input.of : "other"}
              options={[
                ["row", t("rp.input-row")],
                ["row-balance", t("rp.input-row-balance")],
                ["other", t("an.kind.system")],
              ]}
              onChange={(value) => set(nth, { of: value === "other" ? "s" : value })}
            />
          ) : null}
          {input.of.startsWith("row") ? null : (
            <SubjectPicker subjects={[input.of]} single onChange={([of]) => set(nth, { of: of ?? "s" })} />
          )}
          <Choice
            label={t("rp.input-energy")}
            value={input.energy}
            options={energies.map((energy) => [energy, t(`an.energy.${energy}`)])}
            onChange={(value) => set(nth, { energy: value as (typeof input)["energy"] })}
          />
          {inputs.length > 1 ? (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`${t("rp.remove")}: ${t("rp.remove-input", { name: input.name })}`}
              onClick={() => change({ ...definition, inputs: inputs.filter((_, at) => at !== nth) })}
            >
              {t("rp.remove")}
            </Button>
          ) : null}
        </div>
      ))}
      <div>
        <Button size="xs" variant="default" onClick={add} disabled={inputs.length >= 50}>
          {t("rp.add-input")}
        </Button>
      </div>
    </div>
  );
}

function Columns({ definition, checks, change }: Props) {
  const { t } = useLocale();
  const functions = useQuery(functionsQuery);
  const { columns, inputs } = definition;
  const completions: Completion[] = [
    ...inputs.map(({ name }) => ({ text: name, insert: `[${name}]` })),
    ...(functions.data?.functions.map(({ name }) => ({ text: name, insert: `${name}(` })) ?? []),
  ];
  const set = (nth: number, next: Partial<ReportDefinition["columns"][number]>) =>
    change({
      ...definition,
      columns: columns.map((column, at) => (at === nth ? { ...column, ...next } : column)),
    });
  return (
    <div className="e-stack">
      {columns.map((column, nth) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a column is known by its place; its title is what is typed.
        <div key={nth} className="e-report-column">
          <TextInput
            aria-label={t("rp.title", { number: nth + 1 })}
            value={column.title}
            maxLength={120}
            onChange={({ currentTarget }) => set(nth, { title: currentTarget.value })}
          />
          <FormulaField
            label={t("rp.formula", { number: nth + 1 })}
            value={column.formula}
            completions={completions}
            check={checks?.[nth]}
            onChange={(formula) => set(nth, { formula })}
          />
          {columns.length > 1 ? (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`${t("rp.remove")}: ${t("rp.remove-column", { number: nth + 1 })}`}
              onClick={() => change({ ...definition, columns: columns.filter((_, at) => at !== nth) })}
            >
              {t("rp.remove")}
            </Button>
          ) : null}
        </div>
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          disabled={columns.length >= 30}
          onClick={() =>
            change({
              ...definition,
              columns: [
                ...columns,
                { title: String(columns.length + 1), formula: `sum([${inputs[0]!.name}])` },
              ],
            })
          }
        >
          {t("rp.add-column")}
        </Button>
      </div>
    </div>
  );
}

/** The functions with a line of help each, beside what is written. */
function Functions() {
  const { t } = useLocale();
  const functions = useQuery(functionsQuery);
  const groups = ["interval", "period", "time", "energy"] as const;
  return (
    <details>
      <summary>{t("rp.functions")}</summary>
      {groups.map((group) => (
        <div key={group}>
          <h3 className="e-story-head">{t(`rp.functions.${group}`)}</h3>
          <dl className="e-function-list">
            {functions.data?.functions
              .filter((each) => each.group === group)
              .map(({ name, signature, help, example }) => (
                <div key={name}>
                  <dt>
                    <code>{signature}</code>
                  </dt>
                  <dd>
                    {help}: <code>{example}</code>
                  </dd>
                </div>
              ))}
          </dl>
        </div>
      ))}
    </details>
  );
}
