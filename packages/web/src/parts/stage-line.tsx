import type { Attempt } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { failureWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { isOpen } from "./marks.tsx";
import { courseOf, type Phase } from "./stages.ts";

const shapes: Record<Phase["state"], string> = {
  later: "·",
  running: "◌",
  done: "✓",
  failed: "■",
  cancelled: "⊘",
};

/** How one read goes: its phases with the time that each took, and under them what the meter told, by its moment. */
export function StageLine(props: { readonly attempt: Attempt }) {
  const { t, f } = useLocale();
  const { attempt } = props;
  const nowMs = useNow(500);
  const course = courseOf(attempt, nowMs);
  const { milestones } = course;
  // What did not happen is no part of a read that has ended.
  const phases = course.phases.filter(({ state }) => isOpen(attempt.state) || state !== "later");
  const seconds = (ms: number) => `${f.number(ms / 1000, 1)} s`;
  return (
    <div className="e-course">
      <ol className="e-stages">
        {phases.map(({ name, state, ms }) => (
          <li key={name} data-state={state === "cancelled" ? "failed" : state}>
            <span aria-hidden="true">{shapes[state]}</span>{" "}
            {t(
              state === "done"
                ? attempt.cause === "trial" && name === "reading"
                  ? "attempt.answered"
                  : `phase.${name}`
                : `attempt.${name}`,
            )}
            {ms === undefined ? null : <span className="e-num e-muted"> {seconds(ms)}</span>}
          </li>
        ))}
      </ol>
      {milestones.length > 0 ? (
        <ol
          className="e-milestones e-small e-muted"
          aria-label={t(isOpen(attempt.state) ? "stage.so-far" : "stage.all")}
        >
          {milestones.map(({ name, afterMs }) => (
            <li key={`${name} ${afterMs}`}>
              {t(`stage.${name}`)} <span className="e-num">{seconds(afterMs)}</span>
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  );
}

/** How a read ended, in a sentence. */
export function AttemptEnd(props: { readonly attempt: Attempt }) {
  const { t } = useLocale();
  const { attempt } = props;
  const { intervals, registers, events } = attempt;
  if (attempt.state === "done") return <p>{t("point.read-done", { intervals, registers, events })}</p>;
  // Parts of a read are stored as they come: an early end does not take them back.
  const partly =
    attempt.cause !== "trial" && intervals + registers + events > 0
      ? t("point.read-partly", { intervals, registers, events })
      : undefined;
  if (attempt.state === "cancelled")
    return (
      <p>
        {t("point.read-cancelled")} {partly ?? t("point.read-nothing")}
      </p>
    );
  if (attempt.state !== "failed") return null;
  const words = failureWords(attempt.errorCode ?? "attempt.failed", attempt);
  return (
    <p>
      {t("point.read-failed", { hop: t(words.hop), what: t(words.what), todo: t(words.todo) })} {partly}{" "}
      <span className="e-muted e-small">{t("common.code", { code: attempt.errorCode ?? "–" })}</span>
    </p>
  );
}
