import { useEffect, useRef } from "react";
import type { FindingRow } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { obisSymbol } from "../parts/obis.ts";
import { useLocale } from "../text/provider.tsx";
import { rangeWords, ruleWords, severityMarks } from "./words.ts";

/** The work list; j and k of the page move in it, and the chosen row is kept in sight. */
export function FindingRows(props: {
  readonly rows: readonly FindingRow[];
  readonly chosen: number | undefined;
  readonly onChoose: (findingId: number) => void;
}) {
  const locale = useLocale();
  const { t } = locale;
  const list = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row to show changes with what is chosen.
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }, [props.chosen]);
  return (
    <ul ref={list} className="e-work-list" aria-label={t("vee.list")}>
      {props.rows.map((row) => {
        const [shape, tone] = severityMarks[row.severity];
        return (
          <li key={row.findingId}>
            <button
              type="button"
              aria-current={row.findingId === props.chosen}
              onClick={() => props.onChoose(row.findingId)}
            >
              <Mark shape={shape} tone={tone}>
                {ruleWords(t, row.rule)}
              </Mark>
              <span className="e-muted e-num">
                {row.count === 0 ? t("vee.whole-day") : t("vee.intervals", { count: row.count })}
              </span>
              <span>
                {row.pod || row.name} <span className="e-muted">{obisSymbol(row.obis)}</span>
              </span>
              <span className="e-muted">{row.assignedTo ?? ""}</span>
              <span className="e-muted" style={{ gridColumn: "1 / -1" }}>
                {rangeWords(row, locale)}
                {row.fieldTask === null ? "" : " · "}
                {row.fieldTask === null ? null : row.fieldTask === "waiting" ? (
                  <Mark shape="◌" tone="accent">
                    {t("task.waits")}
                  </Mark>
                ) : (
                  <Mark shape="●" tone="ok">
                    {t("task.back")}
                  </Mark>
                )}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
