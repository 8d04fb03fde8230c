import { Checkbox, MultiSelect, NativeSelect, Switch, TextInput } from "@mantine/core";
import type { TariffTerms } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";
import { type Draft, type Line, type LineKind, newKey, newLine } from "./draft.ts";
import { useFaultAt } from "./faults.ts";
import {
  AddButton,
  changed,
  Fault,
  KeySelect,
  type PartProps,
  RemoveButton,
  without,
} from "./field-parts.tsx";

/** Kinds that a line is given by hand; demand and reactive energy come by their switches. */
const kinds = ["energy", "rate", "blocks", "day", "month", "fixed", "percent"] as const;

/** Currency, VAT, and each line of the account: for what it is paid, and how much. */
export function PriceFields({ draft, change }: PartProps) {
  const { t } = useLocale();
  const faultAt = useFaultAt();
  const { lines } = draft;
  return (
    <fieldset className="e-fieldset e-stack">
      <legend>{t("tariffs.prices")}</legend>
      <div className="e-log-filters">
        <TextInput
          label={t("tariffs.currency")}
          error={faultAt("/currency")}
          w={110}
          maxLength={3}
          value={draft.currency}
          onChange={(event) => change({ currency: event.currentTarget.value })}
        />
        <TextInput
          label={t("tariffs.vat")}
          error={faultAt("/vatPercent")}
          w={110}
          inputMode="decimal"
          value={draft.vatPercent}
          onChange={(event) => change({ vatPercent: event.currentTarget.value })}
        />
      </div>
      {lines.map((line, nth) => (
        <LineFields
          key={line.key}
          line={line}
          path={`/components/${nth}`}
          draft={draft}
          before={lines.slice(0, nth)}
          onChange={(next) => change({ lines: changed(lines, line.key, next) })}
          onRemove={() => change({ lines: without(lines, line.key) })}
        />
      ))}
      <AddButton
        label={t("tariffs.add-line")}
        onClick={() =>
          change({ lines: [...lines, { ...newLine("energy"), code: freeCode(lines, "pozitie") }] })
        }
      />
    </fieldset>
  );
}

/** A code that no line has yet. */
function freeCode(lines: readonly Line[], wish: string): string {
  const taken = new Set(lines.map(({ code }) => code));
  for (let number = 1; ; number++) {
    const code = number === 1 ? wish : `${wish}-${number}`;
    if (!taken.has(code)) return code;
  }
}

function LineFields(props: {
  readonly line: Line;
  readonly path: string;
  readonly draft: Draft;
  readonly before: readonly Line[];
  readonly onChange: (next: Partial<Line>) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useLocale();
  const faultAt = useFaultAt();
  const { line, path, draft, onChange } = props;
  const { kind } = line;
  const given = kind !== "demand" && kind !== "reactive";
  return (
    <div className="e-stack" style={{ gap: 6, borderBottom: "1px solid var(--e-line)", paddingBottom: 12 }}>
      <div className="e-log-filters" style={{ alignItems: "flex-start" }}>
        <TextInput
          size="xs"
          label={t("tariffs.name")}
          error={faultAt(`${path}/name`)}
          value={line.name}
          maxLength={120}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          w={130}
          label={t("tariffs.code")}
          error={faultAt(`${path}/code`)}
          value={line.code}
          maxLength={60}
          onChange={(event) => onChange({ code: event.currentTarget.value })}
        />
        {given ? (
          <NativeSelect
            size="xs"
            label={t("tariffs.basis")}
            value={kind}
            onChange={(event) => onChange({ kind: event.currentTarget.value as LineKind })}
            data={kinds.map((value) => ({ value, label: t(`tariffs.kind-of.${value}`) }))}
          />
        ) : (
          <TextInput
            size="xs"
            label={t("tariffs.basis")}
            value={t(`tariffs.basis.${kind}`)}
            error={faultAt(`${path}/basis`)}
            readOnly
          />
        )}
        {kind === "rate" ? (
          <div>
            <span className="e-small">{t("tariffs.rate")}</span>
            <KeySelect
              label={t("tariffs.rate")}
              list={draft.rates}
              value={line.rate}
              error={faultAt(`${path}/basis/rate`)}
              onChange={(rate) => onChange({ rate })}
            />
          </div>
        ) : null}
        {kind === "blocks" ? (
          <TextInput
            size="xs"
            w={150}
            label={t("tariffs.of-days")}
            inputMode="numeric"
            error={faultAt(`${path}/basis/ofDays`)}
            value={line.ofDays}
            onChange={(event) => onChange({ ofDays: event.currentTarget.value })}
          />
        ) : (
          <TextInput
            size="xs"
            w={150}
            label={
              kind === "percent"
                ? t("tariffs.percent")
                : t("tariffs.price-in", { currency: draft.currency, per: perWords(t, kind) })
            }
            inputMode="decimal"
            error={faultAt(`${path}/price`)}
            value={line.price}
            onChange={(event) => onChange({ price: event.currentTarget.value })}
          />
        )}
        <RemoveButton what={line.name} onClick={props.onRemove} />
      </div>
      {kind === "energy" || kind === "rate" ? (
        <Checkbox
          size="xs"
          label={t("tariffs.of-export")}
          checked={line.exported}
          onChange={(event) => onChange({ exported: event.currentTarget.checked })}
        />
      ) : null}
      {kind === "percent" ? (
        <MultiSelect
          size="xs"
          label={t("tariffs.percent-of")}
          error={faultAt(`${path}/basis/of`)}
          value={[...line.of]}
          data={props.before.map(({ key, name, code }) => ({ value: key, label: name || code || "–" }))}
          onChange={(of) => onChange({ of })}
        />
      ) : null}
      {kind === "blocks" ? (
        <BlockFields
          line={line}
          path={`${path}/basis/blocks`}
          currency={draft.currency}
          onChange={onChange}
        />
      ) : null}
    </div>
  );
}

const perWords = (t: ReturnType<typeof useLocale>["t"], kind: Exclude<LineKind, "blocks" | "percent">) =>
  kind === "rate" ? "kWh" : t(`tariffs.basis.${kind}`);

/** Limits that rise, each with its price; what is beyond the last limit has a price, too. */
function BlockFields(props: {
  readonly line: Line;
  readonly path: string;
  readonly currency: string;
  readonly onChange: (next: Partial<Line>) => void;
}) {
  const { t } = useLocale();
  const faultAt = useFaultAt();
  const { line, path, onChange } = props;
  const { blocks } = line;
  const last = blocks.length - 1;
  const price = t("tariffs.price-in", { currency: props.currency, per: "kWh" });
  return (
    <div className="e-stack" style={{ gap: 8 }}>
      <Fault at={path} />
      <table className="e-list-table" style={{ width: "auto" }}>
        <thead>
          <tr>
            <th scope="col">{t("tariffs.block-limit")}</th>
            <th scope="col">{price}</th>
            <th scope="col" />
          </tr>
        </thead>
        <tbody>
          {blocks.map((block, nth) => (
            <tr key={block.key}>
              <td>
                {nth === last ? (
                  t("tariffs.block-beyond")
                ) : (
                  <TextInput
                    size="xs"
                    w={110}
                    inputMode="decimal"
                    aria-label={t("tariffs.block-limit")}
                    error={faultAt(`${path}/${nth}/upToKwh`)}
                    value={block.upToKwh}
                    onChange={(event) =>
                      onChange({ blocks: changed(blocks, block.key, { upToKwh: event.currentTarget.value }) })
                    }
                  />
                )}
              </td>
              <td>
                <TextInput
                  size="xs"
                  w={110}
                  inputMode="decimal"
                  aria-label={price}
                  error={faultAt(`${path}/${nth}/price`)}
                  value={block.price}
                  onChange={(event) =>
                    onChange({ blocks: changed(blocks, block.key, { price: event.currentTarget.value }) })
                  }
                />
              </td>
              <td>
                {nth === last ? null : (
                  <RemoveButton
                    what={block.upToKwh}
                    onClick={() => onChange({ blocks: without(blocks, block.key) })}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <AddButton
        label={t("tariffs.add-block")}
        onClick={() =>
          onChange({
            blocks: [...blocks.slice(0, -1), { key: newKey(), upToKwh: "", price: "" }, ...blocks.slice(-1)],
          })
        }
      />
    </div>
  );
}

type Reactive = NonNullable<TariffTerms["reactive"]>;
/** What the rule of 2015 is read as; all of it is a setting, since the sources disagree. */
const usualRule: Reactive = {
  neutralFactor: "0.90",
  secondFactor: "0.65",
  multiplier: "3",
  mode: "marginal",
  basePeriod: "hour",
};

/** Greatest power and reactive energy: charged or not, and by which rule. */
export function ChargeSwitches({ draft, change }: PartProps) {
  const { t, f } = useLocale();
  const { lines, reactive } = draft;
  const demanded = lines.some(({ kind }) => kind === "demand");
  const withLine = (kind: "demand" | "reactive", code: string): readonly Line[] =>
    lines.some((line) => line.kind === kind)
      ? lines
      : [...lines, { ...newLine(kind), code: freeCode(lines, code), name: t(`tariffs.line.${kind}`) }];
  const mark = f.decimal("0.5").charAt(1);
  return (
    <fieldset className="e-fieldset e-stack">
      <legend>{t("tariffs.charges")}</legend>
      <Switch
        label={t("tariffs.charge.demand")}
        checked={demanded}
        onChange={(event) =>
          change({
            lines: event.currentTarget.checked
              ? withLine("demand", "putere")
              : lines.filter(({ kind }) => kind !== "demand"),
          })
        }
      />
      <Switch
        label={t("tariffs.charge.reactive")}
        checked={reactive !== undefined}
        onChange={(event) =>
          change(
            event.currentTarget.checked
              ? {
                  reactive: {
                    ...usualRule,
                    neutralFactor: usualRule.neutralFactor.replace(".", mark),
                    secondFactor: usualRule.secondFactor.replace(".", mark),
                  },
                  lines: withLine("reactive", "reactiva"),
                }
              : { reactive: undefined, lines: lines.filter(({ kind }) => kind !== "reactive") },
          )
        }
      />
      {reactive ? (
        <ReactiveFields rule={reactive} onChange={(next) => change({ reactive: { ...reactive, ...next } })} />
      ) : null}
    </fieldset>
  );
}

function ReactiveFields(props: {
  readonly rule: Reactive;
  readonly onChange: (next: Partial<Reactive>) => void;
}) {
  const { t } = useLocale();
  const { rule, onChange } = props;
  const number = (name: "neutralFactor" | "secondFactor" | "multiplier") => (
    <TextInput
      key={name}
      size="xs"
      label={t(`tariffs.rule.${name}`)}
      inputMode="decimal"
      value={rule[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <div className="e-stack" style={{ gap: 8 }}>
      <div className="e-log-filters">
        {(["neutralFactor", "secondFactor", "multiplier"] as const).map(number)}
        <NativeSelect
          size="xs"
          label={t("tariffs.rule.basePeriod")}
          value={rule.basePeriod}
          onChange={(event) => onChange({ basePeriod: event.currentTarget.value as Reactive["basePeriod"] })}
          data={(["quarter", "hour", "month"] as const).map((value) => ({
            value,
            label: t(`tariffs.period.${value}`),
          }))}
        />
      </div>
      <Switch
        label={t("tariffs.rule.whole")}
        description={t("tariffs.rule.whole-help")}
        checked={rule.mode === "whole"}
        onChange={(event) => onChange({ mode: event.currentTarget.checked ? "whole" : "marginal" })}
      />
      <Fault at="/reactive" />
    </div>
  );
}
