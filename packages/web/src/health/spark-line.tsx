import type { SystemHealth } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";

const width = 120;
const height = 24;
const dayMs = 86_400_000;

/** The last day of a measure as a line, and its highest and lowest value in words. */
export function SparkLine(props: {
  readonly history: SystemHealth["history"][number] | undefined;
  readonly say: (value: number) => string;
}) {
  const { t } = useLocale();
  const { history } = props;
  if (!history || history.values.length < 2) return <span className="e-muted">–</span>;
  const { values } = history;
  const most = Math.max(...values);
  const least = Math.min(...values);
  const times = history.at.map((at) => Date.parse(at));
  const last = times.at(-1) ?? 0;
  const x = (ms: number) => width - ((last - ms) / dayMs) * width;
  const y = (value: number) => height - 2 - ((value - least) / (most - least || 1)) * (height - 4);
  const points = values.map((value, index) => `${x(times[index] ?? last).toFixed(1)},${y(value).toFixed(1)}`);
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t("health.spark", { least: props.say(least), most: props.say(most) })}
    >
      <title>{t("health.spark", { least: props.say(least), most: props.say(most) })}</title>
      <polyline points={points.join(" ")} fill="none" stroke="var(--e-accent)" strokeWidth="1.5" />
    </svg>
  );
}
