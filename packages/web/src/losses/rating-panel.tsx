import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type GroupLosses } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

type DatedRating = GroupLosses["ratings"][number];

/** What transformer and lines are through the time that is shown, and the way to say it anew. */
export function RatingPanel(props: { readonly groupId: number; readonly ratings: readonly DatedRating[] }) {
  const { t, f } = useLocale();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const { groupId, ratings } = props;
  const told = (value: string | number | undefined, unit: string) =>
    value === undefined ? noValue : `${f.number(Number(value), 3).replace(/[.,]?0+$/, "")} ${unit}`;
  return (
    <section className="e-panel" aria-labelledby="rating">
      <div className="e-panel-head">
        <h2 id="rating">{t("rating.title")}</h2>
        {may("groups.change") ? (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {t("rating.set")}
          </Button>
        ) : null}
      </div>
      {asking ? (
        <RatingDialog groupId={groupId} last={ratings.at(-1)} onClose={() => setAsking(false)} />
      ) : null}
      <div className="e-panel-body">
        {ratings.length === 0 ? (
          <p className="e-muted">{t("rating.none")}</p>
        ) : (
          <Scrolled label={t("rating.title")}>
            <table className="e-list-table">
              <thead>
                <tr>
                  <th scope="col">{t("rating.from")}</th>
                  {(
                    [
                      "rating.kva",
                      "rating.iron",
                      "rating.copper",
                      "rating.ohm",
                      "rating.volts",
                      "rating.cos",
                    ] as const
                  ).map((key) => (
                    <th key={key} scope="col" className="e-end">
                      {t(key)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {ratings.map(({ from, to, transformer, line, cosPhi }) => (
                  <tr key={from}>
                    <th scope="row" className="e-nowrap">
                      {f.instant(Date.parse(from))} –{" "}
                      {to === null ? t("rating.lasts") : f.instant(Date.parse(to))}
                    </th>
                    <td className="e-num e-end">
                      {told(transformer ? transformer.ratedVa / 1000 : undefined, "kVA")}
                    </td>
                    <td className="e-num e-end">
                      {transformer ? `${f.decimal(transformer.noLoadLossW)} W` : noValue}
                    </td>
                    <td className="e-num e-end">
                      {transformer ? `${f.decimal(transformer.loadLossW)} W` : noValue}
                    </td>
                    <td className="e-num e-end">{line ? `${f.decimal(line.ohm)} Ω` : noValue}</td>
                    <td className="e-num e-end">{line ? `${f.number(line.volts)} V` : noValue}</td>
                    <td className="e-num e-end">{f.decimal(cosPhi)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolled>
        )}
      </div>
    </section>
  );
}

/** A decimal comma is read like a point. */
const decimalOf = (text: string): string | undefined => {
  const plain = text.trim().replace(",", ".");
  return /^\d{1,9}(\.\d{1,6})?$/.test(plain) ? plain : undefined;
};

function RatingDialog(props: {
  readonly groupId: number;
  readonly last: DatedRating | undefined;
  readonly onClose: () => void;
}) {
  const { t, zone } = useLocale();
  const { groupId, last } = props;
  const queries = useQueryClient();
  const [from, setFrom] = useState(
    () => `${fieldOfInstant(new Date().toISOString(), zone).slice(0, 10)}T00:00`,
  );
  const [fields, setFields] = useState({
    kva: last?.transformer ? String(last.transformer.ratedVa / 1000) : "",
    iron: last?.transformer?.noLoadLossW ?? "",
    copper: last?.transformer?.loadLossW ?? "",
    ohm: last?.line?.ohm ?? "",
    volts: last?.line ? String(last.line.volts) : "",
    cos: last?.cosPhi ?? "0.95",
  });
  const [reason, setReason] = useState("");
  const names = Object.keys(fields) as (keyof typeof fields)[];
  const fromAt = instantOfField(from, zone);
  const empty = (...list: (keyof typeof fields)[]) => list.every((name) => fields[name].trim() === "");
  const whole = (...list: (keyof typeof fields)[]) =>
    list.every((name) => decimalOf(fields[name]) !== undefined);
  const [noTransformer, noLine] = [empty("kva", "iron", "copper"), empty("ohm", "volts")];
  const complete =
    fromAt !== undefined &&
    reason.trim() !== "" &&
    whole("cos") &&
    (noTransformer || whole("kva", "iron", "copper")) &&
    (noLine || whole("ohm", "volts")) &&
    !(noTransformer && noLine);
  const save = useMutation({
    mutationFn: () =>
      api.setRating(groupId, {
        from: fromAt!,
        reason: reason.trim(),
        rating: {
          transformer: noTransformer
            ? null
            : {
                ratedVa: Math.round(Number(decimalOf(fields.kva)) * 1000),
                noLoadLossW: decimalOf(fields.iron)!,
                loadLossW: decimalOf(fields.copper)!,
              },
          line: noLine
            ? null
            : { ohm: decimalOf(fields.ohm)!, volts: Math.round(Number(decimalOf(fields.volts))) },
          cosPhi: decimalOf(fields.cos)!,
        },
      }),
    onSuccess: async ({ changeId }) => {
      props.onClose();
      await queries.invalidateQueries({ queryKey: ["losses"] });
      if (changeId === null) return;
      const id = `rating-${changeId}`;
      const undo = async () => {
        notifications.hide(id);
        try {
          await api.undoGroupChange(groupId, changeId, { reason: t("change.undo") });
        } catch (error) {
          const { code } = asProblem(error);
          notifications.show({ color: "red", message: `${t(problemWords(code).what)} (${code})` });
        }
        await queries.invalidateQueries({ queryKey: ["losses"] });
      };
      notifications.show({
        id,
        autoClose: 10_000,
        message: (
          <span className="e-row">
            {t("rating.done")}
            <Button size="compact-sm" variant="default" onClick={() => void undo()}>
              {t("change.undo")}
            </Button>
          </span>
        ),
      });
    },
  });
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t("rating.title")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <form
        className="e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (complete) save.mutate();
        }}
      >
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <p className="e-small e-muted">{t("rating.leave")}</p>
        <TextInput
          type="datetime-local"
          step={900}
          label={t("rating.from")}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        {names.map((name) => (
          <TextInput
            key={name}
            inputMode="decimal"
            label={t(`rating.${name}`)}
            value={fields[name]}
            onChange={({ currentTarget: { value } }) => setFields((now) => ({ ...now, [name]: value }))}
          />
        ))}
        <TextInput
          label={t("rating.reason")}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className="e-row">
          <Button type="submit" loading={save.isPending} disabled={!complete}>
            {t("rating.save")}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
