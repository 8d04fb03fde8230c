import type { KeyOverview } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";

type State = KeyOverview["meterKeys"][number]["state"];
const marks: Record<State, [shape: string, tone: Tone]> = {
  NEW: ["◐", "warning"],
  ACTIVE: ["●", "ok"],
  EXPIRED: ["○", "muted"],
  WITHDRAWN: ["×", "muted"],
};

export function KeyState(props: { readonly state: State }) {
  const { t } = useLocale();
  const [shape, tone] = marks[props.state];
  return (
    <Mark shape={shape} tone={tone}>
      {t(`keys.state.${props.state}`)}
    </Mark>
  );
}
