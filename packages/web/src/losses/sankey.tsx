import type { LossReport } from "../api/client.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { useEnergy } from "./figures.tsx";
import { labelPlaces } from "./flow-labels.ts";

const width = 900;
const height = 360;
const bandsMax = 8;
const gap = 8;

interface Flow {
  readonly name: string;
  readonly wh: number;
  readonly colour: string;
}

/** Bands one below the other, as high as their part of the whole. */
function stacked(flows: readonly Flow[], total: number) {
  const room = height - gap * Math.max(0, flows.length - 1);
  let y = 0;
  return flows.map((flow) => {
    const band = { ...flow, y, height: Math.max(1, (flow.wh / total) * room) };
    y += band.height + gap;
    return band;
  });
}

/** Supply → groups at the top of the tree → what was counted, technical, missing and unexplained; the table below says the same in figures. */
export function Sankey({ report }: { readonly report: LossReport }) {
  const { t } = useLocale();
  const energy = useEnergy();
  const { total } = report;
  const input = Number(total?.input ?? 0);
  if (!total || input <= 0) return null;
  const tops = report.rows
    .filter(({ depth, all }) => depth === 0 && Number(all?.input ?? 0) > 0)
    .map(({ name, all }) => ({ name, wh: Number(all?.input) }))
    .sort((a, b) => b.wh - a.wh);
  const rest = tops.slice(bandsMax).reduce((sum, { wh }) => sum + wh, 0);
  const groups = [
    ...tops.slice(0, bandsMax).map((top) => ({ ...top, colour: "var(--e-series-0)" })),
    ...(rest > 0 ? [{ name: t("loss.others"), wh: rest, colour: "var(--e-series-4)" }] : []),
  ];
  const ends: Flow[] = [
    { name: t("loss.counted"), wh: Number(total.counted), colour: "var(--e-series-0)" },
    { name: t("loss.technical"), wh: total.technicalWh ?? 0, colour: "var(--e-series-4)" },
    { name: t("loss.missing"), wh: total.missingWh, colour: "var(--e-series-3)" },
    { name: t("loss.unexplained"), wh: total.unexplainedWh ?? 0, colour: "var(--e-series-1)" },
  ].filter(({ wh }) => wh > 0);
  const middle = stacked(groups, input);
  const right = stacked(ends, input);
  const [middleWords, rightWords] = [middle, right].map((bands) =>
    labelPlaces(
      bands.map((band) => band.y + band.height / 2),
      height,
    ),
  ) as [number[], number[]];
  const columns = [12, 330, 690] as const;
  // What comes out of the left of a column leaves it in the same order, so bands never cross.
  let [fromY, leaves] = [0, 0];
  const scale = height / input;
  return (
    <figure className="e-stack" aria-label={t("loss.flow")}>
      <Scrolled label={t("loss.flow")}>
        <svg
          viewBox={`-8 -4 ${width + 16} ${height + 8}`}
          role="img"
          aria-label={t("loss.flow")}
          className="e-duration e-flow"
        >
          <rect x={columns[0] - 12} y={0} width={12} height={height} fill="var(--e-series-0)" />
          {middle.map((band, nth) => {
            const high = band.wh * scale;
            const path = ribbon(columns[0], fromY, fromY + high, columns[1], band.y, band.y + band.height);
            fromY += high;
            return (
              <g key={band.name}>
                <path d={path} fill={band.colour} opacity={0.25} />
                <rect x={columns[1]} y={band.y} width={12} height={band.height} fill={band.colour} />
                <text x={columns[1] - 6} y={middleWords[nth]! + 4} textAnchor="end">
                  {band.name}
                </text>
              </g>
            );
          })}
          {right.map((band, nth) => {
            const high = band.wh * scale;
            const path = ribbon(
              columns[1] + 12,
              leaves,
              leaves + high,
              columns[2],
              band.y,
              band.y + band.height,
            );
            leaves += high;
            return (
              <g key={band.name}>
                <path d={path} fill={band.colour} opacity={0.25} />
                <rect x={columns[2]} y={band.y} width={12} height={band.height} fill={band.colour} />
                <text x={columns[2] + 18} y={rightWords[nth]! + 4}>
                  {band.name} {energy(band.wh)}
                </text>
              </g>
            );
          })}
        </svg>
      </Scrolled>
      <figcaption className="e-muted e-small">{t("loss.flow-note")}</figcaption>
    </figure>
  );
}

function ribbon(
  x0: number,
  top0: number,
  bottom0: number,
  x1: number,
  top1: number,
  bottom1: number,
): string {
  const middle = (x0 + x1) / 2;
  return `M${x0},${top0} C${middle},${top0} ${middle},${top1} ${x1},${top1} L${x1},${bottom1} C${middle},${bottom1} ${middle},${bottom0} ${x0},${bottom0} Z`;
}
