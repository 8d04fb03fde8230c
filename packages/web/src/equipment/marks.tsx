import type { ConcentratorRow } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";

const states: Record<ConcentratorRow["state"], [shape: string, tone: Tone]> = {
  online: ["●", "ok"],
  silent: ["■", "bad"],
  shutdown: ["▲", "warning"],
  quarantine: ["◌", "accent"],
  retired: ["×", "muted"],
};

export function ConcentratorMark(props: { readonly state: ConcentratorRow["state"] }) {
  const { t } = useLocale();
  const [shape, tone] = states[props.state];
  return (
    <Mark shape={shape} tone={tone}>
      {t(`equipment.${props.state}`)}
    </Mark>
  );
}

const supplies: Record<ConcentratorRow["supply"], [shape: string, tone: Tone]> = {
  mains: ["●", "ok"],
  backup: ["▲", "warning"],
  "battery-low": ["■", "bad"],
  "shutting-down": ["■", "bad"],
  unknown: ["◌", "muted"],
};

export function SupplyMark(props: { readonly supply: ConcentratorRow["supply"] }) {
  const { t } = useLocale();
  const [shape, tone] = supplies[props.supply];
  return (
    <Mark shape={shape} tone={tone}>
      {t(`equipment.supply-${props.supply}`)}
    </Mark>
  );
}

type MeterState = "new" | "known" | "missing" | "moved" | "exchanged" | "removed";
const meters: Record<MeterState, [shape: string, tone: Tone]> = {
  known: ["●", "ok"],
  new: ["◌", "accent"],
  missing: ["■", "bad"],
  moved: ["▲", "warning"],
  exchanged: ["▲", "warning"],
  removed: ["×", "muted"],
};

export function MeterMark(props: { readonly state: MeterState }) {
  const { t } = useLocale();
  const [shape, tone] = meters[props.state];
  return (
    <Mark shape={shape} tone={tone}>
      {t(`meter-state.${props.state}`)}
    </Mark>
  );
}
