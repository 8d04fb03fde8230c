import { Button, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type TariffTerms } from "../api/client.ts";
import { AccountLines } from "../multi-rate/account-lines.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { addDays, addMonths } from "../time/zone.ts";
import { CalendarPicture } from "./calendar-picture.tsx";

/** A version as a copy of another: prices in fields, everything as text; checked and drawn while it is written, tried on a point. */
export function VersionEditor(props: {
  readonly tariffId: number;
  readonly terms: TariffTerms;
  readonly today: string;
  readonly onEnd: () => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [terms, setTerms] = useState(props.terms);
  const [text, setText] = useState(() => JSON.stringify(props.terms, null, 2));
  const [broken, setBroken] = useState<string>();
  const [fromDay, setFromDay] = useState(addMonths(`${props.today.slice(0, 7)}-01`, 1));
  const [toDay, setToDay] = useState("");
  const [reason, setReason] = useState("");
  const change = (next: TariffTerms) => {
    setTerms(next);
    setText(JSON.stringify(next, null, 2));
    setBroken(undefined);
  };
  const check = useQuery({
    queryKey: ["tariffs", "check", terms],
    queryFn: () => api.checkTariff({ terms }),
    retry: false,
  });
  const faults = check.data?.faults ?? [];
  const good = broken === undefined && check.isSuccess && faults.length === 0;
  const complete = good && fromDay !== "" && reason.trim().length >= 3;
  const save = useMutation({
    mutationFn: () =>
      api.setTariffVersion(props.tariffId, { fromDay, toDay: toDay || null, terms, reason: reason.trim() }),
    onSuccess: async () => {
      notifications.show({ message: t("tariffs.saved") });
      await queries.invalidateQueries({ queryKey: ["tariffs"] });
      props.onEnd();
    },
  });
  const priced = (nth: number, price: string) =>
    change({
      ...terms,
      components: terms.components.map((component, place) =>
        place === nth ? { ...component, price } : component,
      ),
    });
  return (
    <section className="e-panel" aria-labelledby="editor">
      <div className="e-panel-head">
        <h2 id="editor">{t("tariffs.change")}</h2>
      </div>
      <form
        className="e-panel-body e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (complete) save.mutate();
        }}
      >
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <div className="e-log-filters">
          <TextInput
            label={t("tariffs.from")}
            type="date"
            value={fromDay}
            onChange={(event) => setFromDay(event.currentTarget.value)}
          />
          <TextInput
            label={t("tariffs.to")}
            type="date"
            value={toDay}
            onChange={(event) => setToDay(event.currentTarget.value)}
          />
          <TextInput
            label={t("tariffs.vat")}
            value={terms.vatPercent}
            onChange={(event) => change({ ...terms, vatPercent: event.currentTarget.value })}
          />
        </div>
        <div className="e-log-filters">
          {terms.components.map(({ code, name, price }, nth) =>
            price === undefined ? null : (
              <TextInput
                key={code}
                label={name}
                value={price}
                onChange={(event) => priced(nth, event.currentTarget.value)}
              />
            ),
          )}
        </div>
        <details>
          <summary>{t("tariffs.text")}</summary>
          <Textarea
            aria-label={t("tariffs.text")}
            description={t("tariffs.text-help")}
            value={text}
            rows={20}
            spellCheck={false}
            onChange={(event) => {
              const next = event.currentTarget.value;
              setText(next);
              try {
                const parsed = JSON.parse(next) as Partial<TariffTerms> | null;
                // What else is wrong the check says; without a list of components nothing could be shown.
                const { components } = parsed ?? {};
                if (
                  !Array.isArray(components) ||
                  components.some((one) => typeof one !== "object" || one === null)
                )
                  throw new Error("components");
                setTerms(parsed as TariffTerms);
                setBroken(undefined);
              } catch (error) {
                setBroken(error instanceof Error ? error.message : String(error));
              }
            }}
          />
        </details>
        <div aria-live="polite">
          {broken !== undefined ? (
            <p className="e-notice" data-tone="warning">
              ▲ {t("tariffs.not-json", { what: broken })}
            </p>
          ) : check.isError ? (
            <ProblemNotice error={check.error} />
          ) : faults.length > 0 ? (
            <ul aria-label={t("tariffs.faults")}>
              {faults.map(({ code, at }) => (
                <li key={`${code} ${at}`}>
                  ▲ <code>{code}</code> {at}
                </li>
              ))}
            </ul>
          ) : check.isSuccess ? (
            <p>{t("tariffs.good")}</p>
          ) : null}
        </div>
        {good ? (
          <details>
            <summary>{t("tariffs.calendar")}</summary>
            <CalendarPicture terms={terms} />
          </details>
        ) : null}
        <Preview terms={terms} today={props.today} ready={good} />
        <TextInput
          label={t("tariffs.reason")}
          description={t("tariffs.reason-help")}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className="e-row">
          <Button type="submit" loading={save.isPending} disabled={!complete}>
            {t("tariffs.save")}
          </Button>
          <Button variant="default" onClick={props.onEnd}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </section>
  );
}

const sampleDays = 30;

/** The account of a sample point's last days, as it is and with this version. */
function Preview(props: { readonly terms: TariffTerms; readonly today: string; readonly ready: boolean }) {
  const { t, f } = useLocale();
  const [pod, setPod] = useState("");
  const preview = useMutation({
    mutationFn: () =>
      api.previewTariff({
        terms: props.terms,
        pod: pod.trim(),
        from: addDays(props.today, -sampleDays),
        to: props.today,
      }),
  });
  return (
    <div className="e-stack">
      <div className="e-row">
        <TextInput
          aria-label={t("tariffs.sample")}
          placeholder={t("tariffs.sample")}
          value={pod}
          maxLength={40}
          onChange={(event) => setPod(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={!props.ready || pod.trim() === ""}
          loading={preview.isPending}
          onClick={() => preview.mutate()}
        >
          {t("tariffs.preview")}
        </Button>
      </div>
      {preview.isError ? <ProblemNotice error={preview.error} /> : null}
      {preview.data ? (
        <>
          {preview.data.difference === null ? null : (
            <p className="e-num">Δ {f.decimal(preview.data.difference)}</p>
          )}
          <h3>{t("tariffs.before")}</h3>
          <AccountLines account={preview.data.before} />
          <h3>{t("tariffs.after")}</h3>
          <AccountLines account={preview.data.after} />
        </>
      ) : null}
    </div>
  );
}
