import { Mark, type Tone } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";
import type { SealState } from "./search.ts";

export const sealMarks: Readonly<Record<SealState, readonly [shape: string, tone: Tone]>> = {
  intact: ["●", "ok"],
  broken: ["■", "bad"],
  none: ["–", "muted"],
};

/** What is known of the seals of a location. */
export function SealMark({ state }: { readonly state: SealState }) {
  const { t } = useLocale();
  const [shape, tone] = sealMarks[state];
  return (
    <Mark shape={shape} tone={tone}>
      {t(`places.seal-${state}`)}
    </Mark>
  );
}
