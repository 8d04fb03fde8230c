import type { Attempt } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { failureWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { isOpen } from "./marks.tsx";

const steps = ["queued", "connecting", "reading", "storing"] as const;

/** The stages of one read, each with the time it took; what failed says at which hop, and what to do. */
export function StageLine(props: { readonly attempt: Attempt }) {
  const { t, f } = useLocale();
  const { attempt } = props;
  const nowMs = useNow(500);
  const reached = new Map(attempt.stages.map((entry) => [entry.stage, Date.parse(entry.at)]));
  const endMs = attempt.endedAt ? Date.parse(attempt.endedAt) : nowMs;
  const lastStep = steps.findLastIndex((step) => reached.has(step));
  const open = isOpen(attempt.state);
  const seconds = (ms: number) => `${f.number(Math.max(0, ms) / 1000, 1)} s`;
  return (
    <ol className="e-stages">
      {steps.map((step, index) => {
        const startMs = reached.get(step);
        // A quick read tells only some of its stages: what lies before one that was told is done all the same.
        if (startMs === undefined && index < lastStep)
          return (
            <li key={step} data-state="done">
              <span aria-hidden="true">✓</span> {t(`attempt.${step}`)}
            </li>
          );
        if (startMs === undefined)
          return (
            <li key={step} data-state="later">
              <span aria-hidden="true">·</span> {t(`attempt.${step}`)}
            </li>
          );
        const next = steps.slice(index + 1).find((later) => reached.has(later));
        const untilMs = next ? reached.get(next)! : endMs;
        const running = open && index === lastStep;
        const failed = index === lastStep && (attempt.state === "failed" || attempt.state === "cancelled");
        return (
          <li key={step} data-state={running ? "running" : failed ? "failed" : "done"}>
            <span aria-hidden="true">{running ? "◌" : failed ? "■" : "✓"}</span> {t(`attempt.${step}`)}{" "}
            <span className="e-num e-muted">{seconds(untilMs - startMs)}</span>
          </li>
        );
      })}
      {attempt.state === "done" ? (
        <li data-state="done">
          <span aria-hidden="true">●</span>{" "}
          {t(attempt.cause === "trial" ? "attempt.answered" : "attempt.done")}
        </li>
      ) : null}
    </ol>
  );
}

/** How a read ended, in a sentence. */
export function AttemptEnd(props: { readonly attempt: Attempt }) {
  const { t } = useLocale();
  const { attempt } = props;
  if (attempt.state === "done")
    return (
      <p>
        {t("point.read-done", {
          intervals: attempt.intervals,
          registers: attempt.registers,
          events: attempt.events,
        })}
      </p>
    );
  if (attempt.state === "cancelled") return <p>{t("point.read-cancelled")}</p>;
  if (attempt.state !== "failed") return null;
  const words = failureWords(attempt.errorCode ?? "attempt.failed", attempt.stages);
  return (
    <p>
      {t("point.read-failed", { hop: t(words.hop), what: t(words.what), todo: t(words.todo) })}{" "}
      <span className="e-muted e-small">{t("common.code", { code: attempt.errorCode ?? "–" })}</span>
    </p>
  );
}
