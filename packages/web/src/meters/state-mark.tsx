import { Mark, type Tone } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";
import type { meterStates } from "./search.ts";

type State = (typeof meterStates)[number];
const marks: Readonly<Record<State, readonly [shape: string, tone: Tone]>> = {
  manufacturing: ["◌", "muted"],
  assembly: ["◌", "muted"],
  testing: ["↻", "accent"],
  stock: ["○", "muted"],
  verification: ["↻", "accent"],
  verified: ["●", "ok"],
  installed: ["●", "ok"],
  removed: ["○", "warning"],
  repair: ["▲", "warning"],
  scrapped: ["⊘", "muted"],
  unknown: ["–", "muted"],
};

/** The state of a meter: a shape and a word. */
export function MeterStateMark({ state }: { readonly state: State }) {
  const { t } = useLocale();
  const [shape, tone] = marks[state];
  return (
    <Mark shape={shape} tone={tone}>
      {t(`meters.state-${state}`)}
    </Mark>
  );
}
