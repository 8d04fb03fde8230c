import type { LossFigures } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { displayUnit } from "../time/quantity.ts";

/** A little less than nothing is 0, not -0. */
const tenths = (percent: number): number => Math.round(percent * 10) / 10 || 0;

/** Energy in Wh with the unit that suits it. */
export function useEnergy() {
  const { f } = useLocale();
  return (wh: number | string | null | undefined): string => {
    if (wh === null || wh === undefined) return noValue;
    const value = Number(wh);
    const unit = displayUnit("Wh", Math.abs(value));
    return `${f.number(value * unit.factor, unit.digits)} ${unit.label}`;
  };
}

export const shareOf = ({ good, expected }: LossFigures["balance"]): number | undefined =>
  expected === 0 ? undefined : Math.floor((1000 * good) / expected) / 10;

/** The figures of a group or of the network, each with its coverage; a loss never stands without both. */
export function LossFacts({ figures }: { readonly figures: LossFigures }) {
  const { t, f } = useLocale();
  const energy = useEnergy();
  const percent = (value: number | null) => (value === null ? "" : ` · ${f.percent(tenths(value))}`);
  const share = (side: LossFigures["balance"]) => {
    const value = shareOf(side);
    return value === undefined ? noValue : f.percent(value);
  };
  const rows: readonly (readonly [label: string, value: string])[] = [
    [t("loss.in"), energy(figures.input)],
    [t("loss.counted"), energy(figures.counted)],
    [t("loss.loss"), `${energy(figures.loss)}${percent(figures.percent)}`],
    [
      t("loss.technical"),
      figures.technicalWh === null ? t("loss.no-technical") : energy(figures.technicalWh),
    ],
    ...(figures.missingWh > 0 ? [[t("loss.missing"), energy(figures.missingWh)] as const] : []),
    [
      t("loss.unexplained"),
      `${energy(figures.unexplainedWh)} ± ${energy(figures.uncertaintyWh)}${percent(figures.unexplainedPercent)}`,
    ],
    [t("loss.coverage-in"), share(figures.balance)],
    [t("loss.coverage-out"), share(figures.members)],
  ];
  return (
    <>
      <dl className="e-figures">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt className="e-muted e-small">{label}</dt>
            <dd className="e-num">{value}</dd>
          </div>
        ))}
      </dl>
      {figures.reportable ? null : (
        <span className="e-notice" data-tone="warning">
          ▲ {t("loss.low-coverage")}
        </span>
      )}
      {figures.loss !== null && !figures.significant ? (
        <span className="e-muted e-small">
          {t("loss.unexplained")}: {t("loss.not-significant")}
        </span>
      ) : null}
    </>
  );
}

/** Heads and cells of a line of figures, for tables. */
export const figureHeads = [
  "loss.in",
  "loss.counted",
  "loss.loss",
  "loss.technical",
  "loss.unexplained",
  "loss.coverage-in",
  "loss.coverage-out",
] as const;

export function FigureCells({ figures }: { readonly figures: LossFigures | null }) {
  const { t, f } = useLocale();
  const energy = useEnergy();
  if (!figures)
    return figureHeads.map((key) => (
      <td key={key} data-label={t(key)} className="e-num e-end">
        {noValue}
      </td>
    ));
  const share = (side: LossFigures["balance"]) => {
    const value = shareOf(side);
    return value === undefined ? noValue : `${value < 95 ? "▲ " : ""}${f.percent(value)}`;
  };
  const percent = figures.percent === null ? "" : ` (${f.percent(tenths(figures.percent))})`;
  const cells = [
    energy(figures.input),
    energy(figures.counted),
    `${energy(figures.loss)}${percent}`,
    energy(figures.technicalWh),
    figures.unexplainedWh === null
      ? noValue
      : `${energy(figures.unexplainedWh)} ± ${energy(figures.uncertaintyWh)}`,
    share(figures.balance),
    share(figures.members),
  ];
  return figureHeads.map((key, nth) => (
    <td key={key} data-label={t(key)} className="e-num e-end e-nowrap">
      {cells[nth]}
    </td>
  ));
}
