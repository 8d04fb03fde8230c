import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  type ColumnDef,
  type ColumnVisibilityState,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { useLocale } from "../text/provider.tsx";
import { recall, remember } from "../text/settings.ts";
import { afterPaint } from "./after-paint.ts";
import { ProblemNotice, Waiting } from "./notices.tsx";
import { allRows, countOf, extendTo, isSelected, noRows, rangesOf, toggleRow } from "./row-selection.ts";
import type { RowSource } from "./row-source.ts";
import { type CellPlace, moveCell } from "./table-keys.ts";
import { toTsv } from "./table-text.ts";

export interface TableColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** Least width, px; what is left over is shared by `grow`. */
  readonly width: number;
  readonly grow?: number;
  readonly end?: boolean;
  readonly sortable?: boolean;
  /** The cell as text: for copying, and on the screen where `cell` is absent. */
  text(row: Row): string;
  cell?(row: Row): ReactNode;
  /** Control that narrows by this column. */
  readonly filter?: ReactNode;
  /** Not shown until it is chosen. */
  readonly hidden?: boolean;
}

export interface TableOrder {
  readonly column: string;
  readonly descending: boolean;
}

export interface DataTableProps<Row> {
  /** Names the table: for the screen reader, and for what is remembered of it. */
  readonly name: string;
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: RowSource<Row>;
  readonly order?: TableOrder | undefined;
  readonly onOrder?: (order: TableOrder) => void;
  /** Opens a row's page: Enter, or a click. */
  readonly onOpen?: (row: Row) => void;
  readonly selectable?: boolean;
  /** CSS height of the scrolled part. */
  readonly height?: string;
  readonly toolbar?: ReactNode;
  readonly csvHref?: string;
  readonly empty: ReactNode;
}

interface Line<Row> {
  readonly index: number;
  readonly row: Row | undefined;
}

const features = tableFeatures({ columnVisibilityFeature });
const rowHeights = { compact: 32, comfortable: 40 } as const;
const checkWidth = 44;
/** A column is never narrower than its header, in either language: what a letter takes, the padding, and the mark of the order. */
const letterWidth = 7.5;
const widthOf = ({ width, header, sortable }: TableColumn<never>): number =>
  Math.max(width, Math.ceil(header.length * letterWidth) + 26 + (sortable ? 14 : 0));
/** Copying is for the clipboard of a person; whole lists go as CSV. */
const copyRowsMax = 10_000;

/** The one table of the application: virtual rows of any number, and the keys of a grid. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { t, f } = useLocale();
  const { rows, selectable = false } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [density, setDensity] = useState<keyof typeof rowHeights>(() =>
    recall("density") === "comfortable" ? "comfortable" : "compact",
  );
  const [visibility, setVisibility] = useState<ColumnVisibilityState>(() =>
    recallColumns(props.name, props.columns),
  );
  const [selection, setSelection] = useState(noRows);
  const [active, setActive] = useState<CellPlace>({ row: 0, column: 0 });
  const [focused, setFocused] = useState(false);
  const rowHeight = rowHeights[density];

  const headHeight = props.columns.some((column) => column.filter) ? 72 : 37;
  const virtual = useVirtualizer({
    count: rows.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    // The header sticks over the first rows: what is scrolled to stays clear of it.
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    scrollPaddingEnd: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another density makes other heights.
  useEffect(() => {
    virtual.measure();
  }, [rowHeight, virtual]);
  const items = virtual.getVirtualItems();
  const from = items[0]?.index ?? 0;
  const to = (items.at(-1)?.index ?? -1) + 1;
  const { want } = rows;
  useEffect(() => {
    want(from, to);
  }, [want, from, to]);

  // Another order or filter makes other rows of the same places: what was chosen by place is meant no more.
  useRowMarks(rows);
  const [shownKey, setShownKey] = useState(rows.key);
  if (rows.key !== shownKey) {
    setShownKey(rows.key);
    setSelection(noRows);
    setActive({ row: 0, column: active.column });
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows begin at their top.
  useEffect(() => {
    // A block, not an expression: scrolling answers with a promise in newer browsers, which is no clean-up.
    scroller.current?.scrollTo({ top: 0 });
  }, [rows.key]);

  const defs = useMemo<ColumnDef<typeof features, Line<Row>>[]>(
    () => props.columns.map((column) => ({ id: column.id, header: column.header, enableHiding: true })),
    [props.columns],
  );
  const lines: Line<Row>[] = items.map((item) => ({ index: item.index, row: rows.row(item.index) }));
  const table = useTable({
    features,
    columns: defs,
    data: lines,
    getRowId: (line) => String(line.index),
    state: { columnVisibility: visibility },
    onColumnVisibilityChange: setVisibility,
  });
  const specs = new Map(props.columns.map((column) => [column.id, column]));
  const columns = table.getVisibleLeafColumns().map((column) => specs.get(column.id)!);
  const template = [
    ...(selectable ? [`${checkWidth}px`] : []),
    ...columns.map((column) => `minmax(${widthOf(column)}px, ${column.grow ?? 0.001}fr)`),
  ].join(" ");
  const least = columns.reduce((sum, column) => sum + widthOf(column), selectable ? checkWidth : 0);
  const sizes = { "--columns": template, "--width": `${least}px` } as React.CSSProperties;
  const shift = selectable ? 1 : 0;

  const chooseDensity = (next: keyof typeof rowHeights) => {
    remember("density", next);
    setDensity(next);
  };
  const go = (place: CellPlace) => {
    setActive(place);
    virtual.scrollToIndex(place.row, { align: "auto" });
  };
  const copy = async () => {
    const ranges =
      selection.all || selection.rows.size > 0
        ? rangesOf(selection, rows.total)
        : [[active.row, active.row + 1]];
    const found: Row[] = [];
    for (const [first, last] of ranges) {
      if (found.length >= copyRowsMax) break;
      found.push(...(await rows.load(first!, Math.min(last!, first! + copyRowsMax - found.length))));
    }
    const text = toTsv([
      columns.map((column) => column.header),
      ...found.map((row) => columns.map((column) => column.text(row))),
    ]);
    await navigator.clipboard.writeText(text);
    notifications.show({ message: t("table.copied", { count: found.length }), autoClose: 3_000 });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (ctrl && event.key.toLowerCase() === "c") {
      if (window.getSelection()?.isCollapsed === false) return;
      event.preventDefault();
      void copy();
      return;
    }
    if (ctrl && event.key.toLowerCase() === "a" && selectable) {
      event.preventDefault();
      setSelection(allRows);
      return;
    }
    const { onOpen } = props;
    if (event.key === "Enter" && onOpen && active.row < rows.total) {
      event.preventDefault();
      // The row may still be on its way when somebody is quick.
      void rows.load(active.row, active.row + 1).then(([row]) => row !== undefined && onOpen(row));
      return;
    }
    if (event.key === " " && selectable) {
      event.preventDefault();
      setSelection(toggleRow(selection, active.row, rows.total));
      return;
    }
    if (event.key === "Escape" && (selection.all || selection.rows.size > 0)) {
      event.preventDefault();
      setSelection(noRows);
      return;
    }
    if (event.altKey || (ctrl && event.key !== "Home" && event.key !== "End")) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const next = moveCell(active, event.key, ctrl, {
      rows: rows.total,
      columns: columns.length + shift,
      page,
    });
    if (!next || rows.total === 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey && selectable) setSelection(extendTo(selection, active.row, next.row));
    go(next);
  };

  const chosen = countOf(selection, rows.total);
  const sortHeader = (column: TableColumn<Row>) => {
    const own = props.order?.column === column.id ? props.order : undefined;
    if (!column.sortable || !props.onOrder) return <span title={column.header}>{column.header}</span>;
    return (
      <button
        type="button"
        className="e-sort"
        aria-label={t("table.sort", { column: column.header })}
        onClick={() => props.onOrder?.({ column: column.id, descending: own ? !own.descending : false })}
      >
        {column.header}
        <span aria-hidden="true">{own ? (own.descending ? "▼" : "▲") : ""}</span>
      </button>
    );
  };
  const pin = (index: number): React.CSSProperties | undefined =>
    index < 1 + shift ? { left: index === 1 && selectable ? checkWidth : 0 } : undefined;
  const pinName = (index: number) => (index === shift ? "last" : index < shift ? "first" : undefined);
  const hasFilters = columns.some((column) => column.filter);

  return (
    <div className="e-table">
      <div className="e-table-bar">
        {props.toolbar}
        <div className="e-table-bar-end">
          <span className="e-muted e-small e-num" role="status">
            {rows.isPending ? "" : t("table.rows", { count: rows.total, shown: f.number(rows.total) })}
          </span>
          <Menu closeOnItemClick={false} position="bottom-end" shadow="md">
            <Menu.Target>
              <Button variant="default" size="xs" rightSection="▾">
                {t("table.columns")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {table.getAllLeafColumns().map((column) => (
                <Menu.CheckboxItem
                  key={column.id}
                  checked={column.getIsVisible()}
                  disabled={column.id === props.columns[0]?.id}
                  onChange={(on) => {
                    const next = { ...visibility, [column.id]: on };
                    remember(`columns.${props.name}`, JSON.stringify(next));
                    setVisibility(next);
                  }}
                >
                  {specs.get(column.id)?.header}
                </Menu.CheckboxItem>
              ))}
              <Menu.Divider />
              <Menu.RadioGroup value={density} onChange={(value) => chooseDensity(value as typeof density)}>
                <Menu.RadioItem value="compact">{t("table.compact")}</Menu.RadioItem>
                <Menu.RadioItem value="comfortable">{t("table.comfortable")}</Menu.RadioItem>
              </Menu.RadioGroup>
            </Menu.Dropdown>
          </Menu>
          {props.csvHref ? (
            <Button component="a" href={props.csvHref} download variant="default" size="xs">
              {t("common.csv")}
            </Button>
          ) : null}
        </div>
      </div>
      {chosen > 0 ? (
        <div className="e-table-batch">
          <span role="status">{t("table.selected", { count: chosen, shown: f.number(chosen) })}</span>
          {selection.all ? null : (
            <Button variant="subtle" size="compact-sm" onClick={() => setSelection(allRows)}>
              {t("table.select-all", { shown: f.number(rows.total) })}
            </Button>
          )}
          <Button variant="subtle" size="compact-sm" onClick={() => void copy()}>
            {t("table.copy")}
          </Button>
          <Button variant="subtle" size="compact-sm" onClick={() => setSelection(noRows)}>
            {t("table.clear")}
          </Button>
        </div>
      ) : null}
      {rows.error ? <ProblemNotice error={rows.error} onRetry={rows.retry} /> : null}
      {/* biome-ignore lint/a11y/useSemanticElements: a table element cannot hold a hundred thousand virtual rows. */}
      <div
        ref={scroller}
        className="e-grid"
        data-table-scroll=""
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={rows.total + 1}
        aria-colcount={columns.length + shift}
        aria-multiselectable={selectable}
        aria-busy={rows.isPending || rows.isFormer}
        data-former={rows.isFormer || undefined}
        aria-activedescendant={focused && rows.total > 0 ? `${id}-${active.row}-${active.column}` : undefined}
        style={{ ...sizes, maxHeight: props.height ?? "420px" }}
        onKeyDown={onKeyDown}
        onFocus={(event) => event.target === scroller.current && setFocused(true)}
        onBlur={() => setFocused(false)}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
        <div className="e-grid-head" role="rowgroup">
          {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
          <div className="e-grid-row" role="row" tabIndex={-1} aria-rowindex={1}>
            {selectable ? (
              // biome-ignore lint/a11y/useSemanticElements: as above.
              // biome-ignore lint/a11y/useFocusableInteractive: as above.
              <div className="e-cell" role="columnheader" data-pin="first" style={pin(0)}>
                <input
                  type="checkbox"
                  aria-label={t("table.select-every")}
                  checked={rows.total > 0 && chosen === rows.total}
                  onChange={(event) => setSelection(event.currentTarget.checked ? allRows : noRows)}
                />
              </div>
            ) : null}
            {columns.map((column, index) => (
              // biome-ignore lint/a11y/useSemanticElements: as above.
              // biome-ignore lint/a11y/useFocusableInteractive: as above.
              <div
                key={column.id}
                className="e-cell"
                role="columnheader"
                data-end={column.end || undefined}
                data-pin={pinName(index + shift)}
                style={pin(index + shift)}
                aria-sort={
                  props.order?.column === column.id
                    ? props.order.descending
                      ? "descending"
                      : "ascending"
                    : undefined
                }
              >
                {sortHeader(column)}
              </div>
            ))}
          </div>
          {hasFilters ? (
            // biome-ignore lint/a11y/useSemanticElements: as above.
            <div className="e-grid-row e-grid-filters" role="row" tabIndex={-1}>
              {selectable ? (
                // biome-ignore lint/a11y/useSemanticElements: as above.
                // biome-ignore lint/a11y/useFocusableInteractive: as above.
                <div className="e-cell" role="gridcell" data-pin="first" style={pin(0)} />
              ) : null}
              {columns.map((column, index) => (
                // biome-ignore lint/a11y/useSemanticElements: as above.
                // biome-ignore lint/a11y/useFocusableInteractive: as above.
                <div
                  key={column.id}
                  className="e-cell"
                  role="gridcell"
                  data-pin={pinName(index + shift)}
                  style={pin(index + shift)}
                >
                  {column.filter}
                </div>
              ))}
            </div>
          ) : null}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
        <div className="e-grid-lines" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {table.getRowModel().rows.map((line) => {
            const { index, row } = line.original;
            const selected = isSelected(selection, index);
            return (
              // biome-ignore lint/a11y/useSemanticElements: as above.
              // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on the grid does the same.
              <div
                key={line.id}
                className="e-grid-row"
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 2}
                aria-selected={selectable ? selected : undefined}
                data-open={props.onOpen ? "" : undefined}
                style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
                onClick={(event) => {
                  if (event.defaultPrevented || window.getSelection()?.isCollapsed === false) return;
                  setActive({ row: index, column: 0 });
                  if (row !== undefined) props.onOpen?.(row);
                }}
              >
                {selectable ? (
                  // biome-ignore lint/a11y/useSemanticElements: as above.
                  // biome-ignore lint/a11y/useFocusableInteractive: as above.
                  // biome-ignore lint/a11y/useKeyWithClickEvents: Space on the grid does the same.
                  <div
                    id={`${id}-${index}-0`}
                    className="e-cell"
                    role="gridcell"
                    data-pin="first"
                    data-active={(focused && active.row === index && active.column === 0) || undefined}
                    style={pin(0)}
                    onClick={(event) => event.stopPropagation()}
                  >
                    <input
                      type="checkbox"
                      tabIndex={-1}
                      aria-label={t("table.select-row")}
                      checked={selected}
                      onChange={() => setSelection(toggleRow(selection, index, rows.total))}
                    />
                  </div>
                ) : null}
                {columns.map((column, columnIndex) => {
                  const place = columnIndex + shift;
                  const isActive = focused && active.row === index && active.column === place;
                  return (
                    // biome-ignore lint/a11y/useSemanticElements: as above.
                    // biome-ignore lint/a11y/useFocusableInteractive: as above.
                    <div
                      key={column.id}
                      id={`${id}-${index}-${place}`}
                      className="e-cell"
                      role="gridcell"
                      data-end={column.end || undefined}
                      data-pin={pinName(place)}
                      data-active={isActive || undefined}
                      style={pin(place)}
                    >
                      {row === undefined ? (
                        <span className="e-muted">…</span>
                      ) : (
                        (column.cell?.(row) ?? <span title={column.text(row)}>{column.text(row)}</span>)
                      )}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      {rows.isPending && !rows.error ? <Waiting /> : null}
      {!rows.isPending && rows.total === 0 && !rows.error ? props.empty : null}
    </div>
  );
}

/** Marks of User Timing for the bench of the screens: when the first rows were there, and when they were painted. */
function useRowMarks<Row>(rows: RowSource<Row>): void {
  const there = !rows.isPending && rows.total > 0;
  useEffect(() => {
    if (!there) return;
    performance.mark("rows-received");
    return afterPaint(() => performance.mark("rows-painted"));
  }, [there]);
}

function recallColumns<Row>(name: string, columns: readonly TableColumn<Row>[]): ColumnVisibilityState {
  const usual = Object.fromEntries(columns.map((column) => [column.id, !column.hidden]));
  try {
    const found: unknown = JSON.parse(recall(`columns.${name}`) ?? "{}");
    if (typeof found !== "object" || found === null) return usual;
    for (const [id, on] of Object.entries(found)) if (id in usual && typeof on === "boolean") usual[id] = on;
  } catch {
    // Unreadable: the usual columns.
  }
  return usual;
}
