import { useLiveStatus } from "../live/provider.tsx";
import { useLocale } from "../text/provider.tsx";

/** Whether what is on the screen is of now: never freezes silently. */
export function LiveIndicator() {
  const { t, f } = useLocale();
  const status = useLiveStatus();
  const [shape, word] =
    status.kind === "live"
      ? ["●", t("live.live")]
      : status.kind === "stale"
        ? ["◌", t("live.stale", { time: f.time(status.sinceMs) })]
        : ["↻", t("live.reconnecting")];
  return (
    <span className="e-live" data-kind={status.kind} role="status" aria-label={t("live.label")}>
      <b aria-hidden="true">{shape}</b>{" "}
      <span className={status.kind === "live" ? "e-phone-hide" : ""}>{word}</span>
    </span>
  );
}
