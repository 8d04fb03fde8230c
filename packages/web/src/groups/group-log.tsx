import { Button } from "@mantine/core";
import type { Group } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

/** Every change of the group, the newest first, with a way back. */
export function GroupLog(props: {
  readonly changes: Group["changes"];
  readonly onUndo: ((changeId: number) => void) | undefined;
}) {
  const { t, f } = useLocale();
  const { changes, onUndo } = props;
  return (
    <section className="e-panel" aria-labelledby="group-log">
      <div className="e-panel-head">
        <h2 id="group-log">{t("groups.log")}</h2>
      </div>
      {changes.length === 0 ? (
        <p className="e-panel-body e-muted">{t("groups.log-none")}</p>
      ) : (
        <div className="e-panel-body">
          <ul className="e-change-list">
            {changes.map((change) => (
              <li key={change.changeId}>
                <span className="e-row">
                  <strong>{t(`groups.log.${change.kind}`)}</strong>
                  <span className="e-num e-small">
                    +{f.number(change.added)} / −{f.number(change.ended)}
                  </span>
                  {change.undoneBy === null ? null : (
                    <span className="e-muted e-small">⊘ {t("groups.log.is-undone")}</span>
                  )}
                  {onUndo && change.undoneBy === null ? (
                    <Button size="compact-xs" variant="default" onClick={() => onUndo(change.changeId)}>
                      {t("change.undo")}
                    </Button>
                  ) : null}
                </span>
                <span className="e-small">{change.reason || noValue}</span>
                <span className="e-muted e-small">
                  {change.by}, {f.instant(Date.parse(change.at))}
                  {change.effectiveFrom === null
                    ? ""
                    : ` · ${t("groups.log.effective")} ${f.instant(Date.parse(change.effectiveFrom))}`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
