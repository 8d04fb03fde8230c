import { Button } from "@mantine/core";
import type { Finding } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";

/** Decisions about the finding and edits of its day, the newest first; an edit that counts can be taken back. */
export function FindingHistory(props: {
  readonly detail: Finding;
  readonly onUndo: ((editId: number) => void) | undefined;
}) {
  const { t, f } = useLocale();
  const { edits, decisions } = props.detail;
  if (edits.length + decisions.length === 0) return null;
  return (
    <details>
      <summary>{t("vee.history")}</summary>
      <ul className="e-stack e-small" style={{ gap: 6, marginTop: 8 }}>
        {edits.map((edit) => (
          <li key={`e${edit.editId}`} className="e-row">
            <span>
              {f.instant(Date.parse(edit.requestedAt))} · {edit.requestedBy} ·{" "}
              {t(`vee.edit-kind.${edit.kind}`)} {edit.method ?? ""} ·{" "}
              {t("vee.intervals", { count: edit.values.length })} · {t(`vee.reason.${edit.reason}`)}:{" "}
              {edit.comment} · <strong>{t(`vee.edit-state.${edit.state}`)}</strong>
              {edit.decidedBy ? ` (${edit.decidedBy})` : ""}
            </span>
            {(edit.state === "applied" || (edit.state === "waiting" && edit.own)) && props.onUndo ? (
              <Button variant="default" size="compact-sm" onClick={() => props.onUndo?.(edit.editId)}>
                {t("vee.undo")}
              </Button>
            ) : null}
          </li>
        ))}
        {decisions.map((decision) => (
          <li key={`d${decision.decidedAt} ${decision.decision}`}>
            {f.instant(Date.parse(decision.decidedAt))} · {decision.decidedBy} ·{" "}
            {t(`vee.decision.${decision.decision}`)} {decision.note}
          </li>
        ))}
      </ul>
    </details>
  );
}
