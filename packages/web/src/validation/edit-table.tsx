import { Button, Checkbox } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import { api, type EditReason, type Finding } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { cellsOf, exactUnit, integerOf, shown } from "./exact.ts";
import { ReasonFields } from "./reason-fields.tsx";
import type { Edited } from "./reject-dialog.tsx";
import { energyWords, usualReason } from "./words.ts";

/** Texts of new values by slot: what somebody is about to save. */
export type Draft = ReadonlyMap<number, string>;

/** Values of the draft that are energies, by slot. */
export function valuesOf(draft: Draft, detail: Finding): { slot: number; value: number }[] {
  const unit = exactUnit(detail.finding.unit, detail.finding.scale);
  return [...draft].flatMap(([slot, text]) => {
    const value = integerOf(text, unit);
    return value === undefined ? [] : [{ slot, value }];
  });
}

/** New values by typing, pasting a column, or arrow keys; saved together with a reason as one version. */
export function EditTable(props: {
  readonly detail: Finding;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly onClose: () => void;
  readonly onDone: (edited: Edited) => void;
}) {
  const { t, f } = useLocale();
  const { detail, draft, onDraft } = props;
  const { finding } = detail;
  const unit = exactUnit(finding.unit, finding.scale);
  const [all, setAll] = useState(detail.slots.length === 0);
  const [reason, setReason] = useState<EditReason>(() => usualReason(finding.rule));
  const [comment, setComment] = useState("");
  const [tooMany, setTooMany] = useState<{ readonly count: number; readonly room: number }>();
  const body = useRef<HTMLTableSectionElement>(null);
  const slots = all ? detail.measured.map((_, slot) => slot) : detail.slots;
  const values = valuesOf(draft, detail);
  const wrong = [...draft].filter(([, text]) => text.trim() !== "" && integerOf(text, unit) === undefined);
  const change = values.reduce((sum, { slot, value }) => sum + value - (detail.counted[slot] ?? 0), 0);
  const save = useMutation({
    mutationFn: () =>
      api.editValues({
        channelId: finding.channelId,
        day: finding.day,
        kind: "values",
        values,
        reason,
        comment: comment.trim(),
      }),
    onSuccess: props.onDone,
  });
  const put = (entries: readonly (readonly [slot: number, text: string])[]) => {
    const next = new Map(draft);
    for (const [slot, text] of entries) {
      if (text.trim() === "") next.delete(slot);
      else next.set(slot, text);
    }
    onDraft(next);
  };
  const focusRow = (row: number) => body.current?.querySelectorAll("input")[row]?.focus();
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>, row: number, slot: number) => {
    if (event.key === "Enter") {
      event.preventDefault();
      focusRow(row + 1);
      return;
    }
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const now = integerOf(draft.get(slot) ?? "", unit) ?? detail.counted[slot] ?? 0;
    const step = (event.shiftKey ? 10 : 1) * (event.key === "ArrowUp" ? 1 : -1);
    put([[slot, shown(Math.max(0, now + step), unit, f)]]);
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>, row: number) => {
    const cells = cellsOf(event.clipboardData.getData("text"));
    if (cells.length < 2) return;
    event.preventDefault();
    // A column of another day's length would stand at wrong hours from the change of the clock on.
    const room = slots.length - row;
    setTooMany(cells.length > room ? { count: cells.length, room } : undefined);
    if (cells.length > room) return;
    put(
      cells.flatMap((text, nth) =>
        slots[row + nth] === undefined ? [] : [[slots[row + nth]!, text] as const],
      ),
    );
  };
  const startMs = Date.parse(detail.dayStart);
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (values.length > 0 && wrong.length === 0 && comment.trim() !== "") save.mutate();
      }}
    >
      <div className="e-row" style={{ justifyContent: "space-between" }}>
        <h3 className="e-small">{t("vee.edit-title", { day: f.day(finding.day) })}</h3>
        {detail.slots.length > 0 ? (
          <Checkbox
            label={t("vee.all-intervals")}
            checked={all}
            onChange={(event) => setAll(event.currentTarget.checked)}
          />
        ) : null}
      </div>
      <p className="e-muted e-small">{t("vee.edit-help")}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section className="e-edit-scroll e-scroll-x" tabIndex={0} aria-label={t("vee.edit")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("vee.column.interval")}</th>
              <th scope="col" className="e-end">
                {t("vee.column.measured", { unit: unit.label })}
              </th>
              <th scope="col" className="e-end">
                {t("vee.column.counted", { unit: unit.label })}
              </th>
              <th scope="col" className="e-end">
                {t("vee.column.new", { unit: unit.label })}
              </th>
            </tr>
          </thead>
          <tbody ref={body}>
            {slots.map((slot, row) => {
              const interval = f.interval(startMs + slot * detail.periodSeconds * 1000, detail.periodSeconds);
              const told = (value: number | null | undefined) =>
                value == null ? noValue : shown(value, unit, f);
              const text = draft.get(slot) ?? "";
              return (
                <tr key={slot}>
                  <td className="e-nowrap">{interval}</td>
                  <td className="e-num">{told(detail.measured[slot])}</td>
                  <td className="e-num">{told(detail.counted[slot])}</td>
                  <td className="e-num">
                    <input
                      inputMode="decimal"
                      aria-label={t("vee.new-of", { interval })}
                      aria-invalid={text !== "" && integerOf(text, unit) === undefined}
                      // biome-ignore lint/a11y/noAutofocus: who presses "edit values" types next.
                      autoFocus={row === 0}
                      value={text}
                      onChange={(event) => put([[slot, event.currentTarget.value]])}
                      onKeyDown={(event) => onKeyDown(event, row, slot)}
                      onPaste={(event) => onPaste(event, row)}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <p className="e-num" role="status">
        {wrong.length > 0
          ? t("vee.wrong-value")
          : t("vee.change-sum", { value: `${change > 0 ? "+" : ""}${energyWords(change, finding, f)}` })}
      </p>
      {tooMany ? (
        <p className="e-notice" data-tone="warning" role="alert">
          {t("vee.paste-too-many", tooMany)}
        </p>
      ) : null}
      <ReasonFields reason={reason} comment={comment} onReason={setReason} onComment={setComment} />
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      <div className="e-row">
        <Button
          type="submit"
          loading={save.isPending}
          disabled={values.length === 0 || wrong.length > 0 || comment.trim() === ""}
        >
          {t("vee.save", { count: values.length })}
        </Button>
        <Button variant="default" onClick={props.onClose}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
