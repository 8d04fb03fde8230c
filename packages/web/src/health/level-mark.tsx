import type { SystemHealth } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";

type Level = SystemHealth["level"];

const marks: Record<Level, [shape: string, tone: Tone]> = {
  good: ["●", "ok"],
  warning: ["▲", "warning"],
  bad: ["■", "bad"],
  none: ["–", "muted"],
};

export function LevelMark({ level }: { readonly level: Level }) {
  const { t } = useLocale();
  const [shape, tone] = marks[level];
  return (
    <Mark shape={shape} tone={tone}>
      {t(`health.level-${level}`)}
    </Mark>
  );
}
