import type { ReactNode } from "react";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";

export type Tone = "ok" | "warning" | "bad" | "muted" | "accent";

/** A state is always a shape and a word; the colour only repeats them. */
export function Mark(props: { readonly shape: string; readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={`e-mark e-tone-${props.tone}`}>
      <b aria-hidden="true">{props.shape}</b>
      <span>{props.children}</span>
    </span>
  );
}

export type PointState = "talking" | "silent" | "never" | "none";
const pointMarks: Record<PointState, [shape: string, tone: Tone, key: MessageKey]> = {
  talking: ["●", "ok", "state.talking"],
  silent: ["■", "bad", "state.silent"],
  never: ["◌", "muted", "state.never"],
  none: ["–", "muted", "state.none"],
};

export function PointMark(props: { readonly state: PointState }) {
  const { t } = useLocale();
  const [shape, tone, key] = pointMarks[props.state];
  return (
    <Mark shape={shape} tone={tone}>
      {t(key)}
    </Mark>
  );
}

export type AttemptState = "queued" | "connecting" | "reading" | "storing" | "done" | "failed" | "cancelled";
const attemptMarks: Record<AttemptState, [shape: string, tone: Tone]> = {
  queued: ["◌", "muted"],
  connecting: ["↻", "accent"],
  reading: ["↻", "accent"],
  storing: ["↻", "accent"],
  done: ["●", "ok"],
  failed: ["■", "bad"],
  cancelled: ["⊘", "muted"],
};

export function AttemptMark(props: { readonly state: AttemptState }) {
  const { t } = useLocale();
  const [shape, tone] = attemptMarks[props.state];
  return (
    <Mark shape={shape} tone={tone}>
      {t(`attempt.${props.state}`)}
    </Mark>
  );
}

export function isOpen(state: AttemptState): boolean {
  return state === "queued" || state === "connecting" || state === "reading" || state === "storing";
}
