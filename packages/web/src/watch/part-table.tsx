import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { WatchPart } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { eventKey } from "../text/event-words.ts";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { startOfDay } from "../time/zone.ts";
import type { WatchSearch } from "./search.ts";

type Column = WatchPart["columns"][number];
type Row = WatchPart["rows"][number];

const ends = new Set<Column["kind"]>(["number", "percent", "duration"]);
const narrow = new Set<Column["kind"]>(["instant", "day", "month", "point", "mark"]);
/** Longer texts wrap: reasons. */
const shortTextMax = 32;
const shapes = { good: ["●", "ok"], bad: ["■", "bad"], unknown: ["◌", "muted"] } as const;

/** One table of a report: numbers to the right with their unit in the head, a way to the point, and a way to the row alone. */
export function PartTable(props: {
  readonly part: WatchPart;
  /** Shows a row alone, by what it says itself. */
  readonly onNarrow: (by: WatchSearch) => void;
}) {
  const { t } = useLocale();
  const { part, onNarrow } = props;
  const id = `part-${part.key}`;
  return (
    <section className="e-panel" aria-labelledby={id}>
      <div className="e-panel-head">
        <h2 id={id}>{part.title}</h2>
      </div>
      <div className="e-panel-body">
        {part.rows.length === 0 ? (
          <p className="e-muted">{t("watch.no-rows")}</p>
        ) : (
          <Scrolled label={part.title}>
            <table className="e-list-table">
              <thead>
                <tr>
                  {part.columns.map(({ key, label, kind, unit }) => (
                    <th key={key} scope="col" className={ends.has(kind) ? "e-end" : ""}>
                      {unit ? `${label} (${unit})` : label}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {part.rows.map((row, nth) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows of a report have no other name, and come anew as a whole.
                  <tr key={nth}>
                    {part.columns.map((column, place) => (
                      <Cell key={column.key} column={column} row={row} place={place} onNarrow={onNarrow} />
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolled>
        )}
        {part.more > 0 ? <p className="e-muted e-small">{t("watch.more", { count: part.more })}</p> : null}
      </div>
    </section>
  );
}

function Cell(props: {
  readonly column: Column;
  readonly row: Row;
  readonly place: number;
  readonly onNarrow: (by: WatchSearch) => void;
}) {
  const { t } = useLocale();
  const { column, row, place } = props;
  const told = useCell(column, row, place);
  const by = row.narrow as WatchSearch | undefined;
  const content =
    place === 0 && by ? (
      <button
        type="button"
        className="e-link-button"
        title={t("watch.narrow", { name: row.cells[0] ?? "" })}
        onClick={() => props.onNarrow(by)}
      >
        {told}
      </button>
    ) : (
      told
    );
  const short = (row.cells[place]?.length ?? 0) <= shortTextMax;
  const className = ends.has(column.kind)
    ? "e-num e-end"
    : narrow.has(column.kind) || short
      ? "e-nowrap"
      : "e-wraps";
  return place === 0 ? (
    <th scope="row" className={className}>
      {content}
    </th>
  ) : (
    <td className={className}>{content}</td>
  );
}

function useCell({ kind }: Column, { cells, pointId, state }: Row, place: number): ReactNode {
  const { t, f, zone } = useLocale();
  const cell = cells[place] ?? null;
  if (cell === null) return kind === "number" || kind === "percent" || kind === "duration" ? "–" : "";
  switch (kind) {
    case "number":
    case "percent":
      return f.decimal(cell);
    case "duration":
      return f.duration(Number(cell) * 1000);
    case "instant":
      return f.instant(Date.parse(cell));
    case "day":
      return f.day(cell);
    case "month":
      return f.month(startOfDay(cell, zone));
    case "point":
      return pointId === undefined ? (
        cell
      ) : (
        <Link to="/points/$pointId" params={{ pointId }} search={{}}>
          {cell}
        </Link>
      );
    case "event": {
      const key = eventKey(cell);
      return key ? t(key) : cell;
    }
    case "error":
      return t(problemWords(cell).what);
    case "mark": {
      const [shape, tone] = shapes[state ?? "unknown"];
      return (
        <Mark shape={shape} tone={tone}>
          {cell}
        </Mark>
      );
    }
    default:
      return cell;
  }
}
