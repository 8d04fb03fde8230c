import { useLocale } from "../text/provider.tsx";

export interface Counts {
  readonly expected: number;
  readonly present: number;
  readonly good: number;
  readonly estimated: number;
}

/** A figure of which less is known than this is marked wherever it stands. */
const coverageMin = 0.95;

/** Share of the values that should be there, rounded down: 100 % means that nothing is missing. */
export const shareOf = (part: number, expected: number): number =>
  expected === 0 ? Number.NaN : Math.floor((1000 * Math.min(part, expected)) / expected) / 10;

/** How much of what a figure stands on is there, good and estimated; nothing on these pages is without it. */
export function CoverageLine(props: { readonly counts: Counts; readonly zone: string }) {
  const { t, f } = useLocale();
  const { expected, present, good, estimated } = props.counts;
  if (expected === 0) return <p className="e-muted e-small">{t("an.coverage-none", { zone: props.zone })}</p>;
  return (
    <p className={present / expected < coverageMin ? "e-notice" : "e-muted e-small"} data-tone="warning">
      {present / expected < coverageMin ? "▲ " : ""}
      {t("an.coverage-line", {
        present: f.percent(shareOf(present, expected)),
        good: f.percent(shareOf(good, expected)),
        estimated: f.percent(Math.ceil((1000 * estimated) / expected) / 10),
        count: expected,
        zone: props.zone,
      })}
    </p>
  );
}

/** The same in a cell of a table. */
export function CoverageCell({ counts }: { readonly counts: Counts }) {
  const { f } = useLocale();
  const share = shareOf(counts.present, counts.expected);
  return (
    <td className="e-num e-end">
      {Number.isNaN(share) ? "–" : `${share < 100 * coverageMin ? "▲ " : ""}${f.percent(share)}`}
      {counts.estimated > 0
        ? ` ◌ ${f.percent(Math.ceil((1000 * counts.estimated) / Math.max(1, counts.expected)) / 10)}`
        : ""}
    </td>
  );
}
