import "./texts.ts";
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Contract, type SubscriberRow } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { isComplete, nobody, SubscriberFields, trimmed } from "./subscriber-fields.tsx";

/** Somebody moves in at a point: who, under which contract, since which day, and whose contract that ends. */
export function MoveIn(props: {
  readonly pointId: number;
  readonly running: Contract | undefined;
  readonly onEnd: () => void;
}) {
  const { t, zone } = useLocale();
  const queries = useQueryClient();
  const { pointId, running } = props;
  const [way, setWay] = useState<"new" | "known">("new");
  const [given, setGiven] = useState(nobody);
  const [known, setKnown] = useState<SubscriberRow>();
  const [number, setNumber] = useState("");
  const [day, setDay] = useState(() => fieldOfInstant(new Date().toISOString(), zone).slice(0, 10));
  const from = instantOfField(`${day}T00:00`, zone);
  const complete =
    number.trim() !== "" && from !== undefined && (way === "new" ? isComplete(given) : known !== undefined);
  const start = useMutation({
    mutationFn: () =>
      api.startContract(pointId, {
        number: number.trim(),
        from: from ?? "",
        ...(way === "new" ? { subscriber: trimmed(given) } : { subscriberId: known?.subscriberId ?? 0 }),
      }),
    onSuccess: async () => {
      notifications.show({ message: t("contracts.started") });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["contracts", pointId] }),
        queries.invalidateQueries({ queryKey: ["subscribers"] }),
        queries.invalidateQueries({ queryKey: ["subscriber"] }),
      ]);
      props.onEnd();
    },
  });
  return (
    <form
      className="e-panel-body e-stack"
      aria-label={t("contracts.move-in")}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (complete) start.mutate();
      }}
    >
      <SegmentedControl
        aria-label={t("contracts.who")}
        style={{ alignSelf: "flex-start" }}
        value={way}
        onChange={(value) => setWay(value === "known" ? "known" : "new")}
        data={[
          { value: "new", label: t("contracts.who-new") },
          { value: "known", label: t("contracts.who-known") },
        ]}
      />
      {way === "new" ? (
        <SubscriberFields value={given} onChange={setGiven} />
      ) : (
        <KnownSubscriber chosen={known} onChoose={setKnown} />
      )}
      <div className="e-log-filters">
        <TextInput
          label={t("contracts.number")}
          required
          withAsterisk={false}
          maxLength={60}
          autoComplete="off"
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t("contracts.begins")}
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
      </div>
      <p>
        {running
          ? t("contracts.effect", { number: running.number, name: running.subscriber })
          : t("contracts.effect-none")}
      </p>
      {start.isError ? <ProblemNotice error={start.error} /> : null}
      <div className="e-row">
        <Button type="submit" loading={start.isPending} disabled={!complete}>
          {t("contracts.move-in")}
        </Button>
        <Button variant="default" onClick={props.onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}

const shownMax = 8;

function KnownSubscriber(props: {
  readonly chosen: SubscriberRow | undefined;
  readonly onChoose: (chosen: SubscriberRow | undefined) => void;
}) {
  const { t } = useLocale();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 150);
  const found = useQuery({
    queryKey: ["subscribers", "found", asked],
    queryFn: ({ signal }) => api.subscribers({ q: asked, limit: shownMax }, signal),
    enabled: asked.length >= 2,
  });
  return (
    <div className="e-stack">
      <TextInput
        label={t("contracts.find")}
        value={text}
        autoComplete="off"
        onChange={(event) => {
          setText(event.currentTarget.value);
          props.onChoose(undefined);
        }}
      />
      {props.chosen ? (
        <strong role="status">
          {t("contracts.chosen", { name: props.chosen.name, number: props.chosen.number })}
        </strong>
      ) : (
        <ul className="e-plain-list">
          {(asked.length >= 2 ? (found.data?.rows ?? []) : []).map((row) => (
            <li key={row.subscriberId} className="e-row">
              <Button variant="default" size="xs" onClick={() => props.onChoose(row)}>
                {t("contracts.choose")}
              </Button>
              <span>
                {row.name} <span className="e-muted e-num">{row.number}</span>
              </span>
            </li>
          ))}
          {found.data && found.data.rows.length === 0 && asked.length >= 2 ? (
            <li className="e-muted">{t("contracts.nobody")}</li>
          ) : null}
        </ul>
      )}
      {found.isError ? <ProblemNotice error={found.error} /> : null}
    </div>
  );
}
