import { Button, Textarea } from "@mantine/core";
import { useId, useRef, useState } from "react";
import type { ColumnCheck } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";

/** What can stand in a formula. */
export interface Completion {
  readonly text: string;
  /** What is written; the caret stands behind it. */
  readonly insert: string;
}

const shownMax = 8;

/** The word before the caret, and where it begins: a name that is opened by a bracket, or letters. */
export function wordBefore(formula: string, caret: number): { readonly from: number; readonly word: string } {
  const before = formula.slice(0, caret);
  const bracket = /\[([^\][]*)$/.exec(before);
  if (bracket) return { from: bracket.index, word: bracket[1]! };
  const word = /[\p{L}_][\p{L}\d_+-]*$/u.exec(before)?.[0] ?? "";
  return { from: caret - word.length, word };
}

/** A formula with its completions, what it gives, or what is wrong in it, marked where it is. */
export function FormulaField(props: {
  readonly label: string;
  readonly value: string;
  readonly completions: readonly Completion[];
  readonly check: ColumnCheck | undefined;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useLocale();
  const { label, value, completions, check, onChange } = props;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number>();
  const { from, word } = wordBefore(value, caret ?? value.length);
  const wanted = word.toLowerCase();
  const offered =
    caret === undefined
      ? []
      : completions
          .filter(
            ({ text, insert }) =>
              text.toLowerCase().startsWith(wanted) && insert !== value.slice(from, caret),
          )
          .slice(0, shownMax);
  const take = ({ insert }: Completion) => {
    const end = caret ?? value.length;
    onChange(value.slice(0, from) + insert + value.slice(end));
    const place = from + insert.length;
    setCaret(place);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(place, place);
    });
  };
  const refused = check?.sentence ?? null;
  return (
    <div className="e-formula">
      <Textarea
        ref={field}
        aria-label={label}
        aria-invalid={refused !== null}
        aria-describedby={`${id}-check`}
        value={value}
        autosize
        minRows={1}
        maxRows={6}
        spellCheck={false}
        maxLength={4_000}
        classNames={{ input: "e-mono" }}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.value);
          setCaret(currentTarget.selectionStart);
        }}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
      />
      {offered.length > 0 ? (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own layout.
        <div className="e-row" role="group" aria-label={t("rp.suggest")}>
          {offered.map((completion) => (
            <Button
              key={completion.text}
              size="compact-xs"
              variant="default"
              onClick={() => take(completion)}
            >
              {completion.text}
            </Button>
          ))}
        </div>
      ) : null}
      <div id={`${id}-check`} className="e-small" role="status">
        {refused !== null ? <Refusal value={value} sentence={refused} column={check?.column ?? 1} /> : null}
        {check && refused === null ? <span className="e-tone-ok">{givesText(t, check)}</span> : null}
      </div>
    </div>
  );
}

function givesText(t: ReturnType<typeof useLocale>["t"], { of, unit }: ColumnCheck): string {
  if (of === "logical") return t("rp.gives-logical");
  if (of === "instant") return t("rp.gives-instant");
  return unit ? t("rp.gives", { unit }) : t("rp.gives-number");
}

/** The formula once more with its fault marked, and the sentence. */
function Refusal(props: { readonly value: string; readonly sentence: string; readonly column: number }) {
  const { value, sentence, column } = props;
  const at = Math.min(column - 1, value.length);
  const [start, shown] = [Math.max(0, at - 40), value.slice(at, at + 40)];
  return (
    <span className="e-tone-bad">
      <code aria-hidden="true" className="e-formula-fault">
        {start > 0 ? "…" : ""}
        {value.slice(start, at)}
        <mark>{shown.slice(0, 1) || " "}</mark>
        {shown.slice(1)}
      </code>{" "}
      ▲ {sentence}
    </span>
  );
}
