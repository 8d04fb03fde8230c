import { Button, FileButton, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useRef, useState } from "react";
import { api, type Point } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { CheckPanel } from "./check-panel.tsx";
import { askedOf, type ExchangeForm, faultsOf, formOf, ratiosOf } from "./form.ts";
import { NewMeterFields, OldMeterFields } from "./meter-fields.tsx";
import { photosMax, sendPhotos } from "./photos.ts";

type Installation = Point["installations"][number];

/** The steps of an exchange on one page: what was, what comes, what it does, and who did it and why. */
export function ExchangeTask({
  point,
  standing,
}: {
  readonly point: Point;
  readonly standing: Installation;
}) {
  const { t, f, zone } = useLocale();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const id = useId();
  const whole = useRef<HTMLFormElement>(null);
  const result = useRef<HTMLElement>(null);
  const [form, setForm] = useState(() => formOf(point, fieldOfInstant(new Date().toISOString(), zone)));
  const [shownFaults, setShownFaults] = useState<"none" | "check" | "make">("none");
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set());
  const [photos, setPhotos] = useState<readonly File[]>([]);
  const instant = instantOfField(form.at, zone);
  const faults = shownFaults === "none" ? {} : faultsOf(form, instant, shownFaults === "make");
  const change = (changes: Partial<ExchangeForm>) => setForm((now) => ({ ...now, ...changes }));
  // What the check was about: who and why are none of it.
  const asked = instant === undefined ? undefined : askedOf(form, instant);
  const check = useMutation({
    mutationFn: async (body: NonNullable<typeof asked>) => ({
      body: JSON.stringify(body),
      ...(await api.checkExchange(point.pointId, body)),
    }),
    onSuccess: () => {
      setAccepted(new Set());
      requestAnimationFrame(() => result.current?.focus());
    },
  });
  const isCurrent = check.data !== undefined && check.data.body === JSON.stringify(asked);
  const isPossible = isCurrent && !check.data.findings.some(({ refused }) => refused);
  const isAccepted = isPossible && check.data.doubts.every((doubt) => accepted.has(doubt));
  const make = useMutation({
    mutationFn: async () => {
      const made = await api.makeExchange(point.pointId, {
        ...asked!,
        ...ratiosOf(form, standing),
        fittedBy: form.fittedBy.trim(),
        reason: form.reason.trim(),
        accepted: [...accepted],
      });
      return { ...made, refused: await sendPhotos(made.exchangeId, photos) };
    },
    onSuccess: async ({ days, refused }) => {
      await Promise.all(
        ["point", "exchanges", "ratio-requests", "load-curve"].map((first) =>
          queries.invalidateQueries({ queryKey: [first] }),
        ),
      );
      notifications.show({
        color: "accent",
        message: t("exchange.made", { days }),
        autoClose: 8_000,
        withBorder: true,
      });
      for (const name of refused)
        notifications.show({
          color: "red",
          message: t("exchange.photo-failed", { name }),
          autoClose: false,
          withBorder: true,
        });
      await navigate({
        to: "/points/$pointId",
        params: { pointId: point.pointId },
        search: { tab: "configuration" },
      });
    },
  });
  /** Shows what is wrong, and leads to the first of it. */
  const stopAt = (kind: "check" | "make"): boolean => {
    setShownFaults(kind);
    if (Object.keys(faultsOf(form, instant, kind === "make")).length === 0) return false;
    requestAnimationFrame(() => whole.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    return true;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isCurrent) {
      if (!stopAt("check") && asked) check.mutate(asked);
    } else if (isAccepted && !stopAt("make")) make.mutate();
  };
  const wordOf = (fault: "missing" | "number" | "instant" | undefined) =>
    fault === undefined ? undefined : t(`exchange.fault-${fault}`);
  const fields = { form, change, error: (field: keyof typeof faults) => wordOf(faults[field]) };
  return (
    <form ref={whole} className="e-stack" onSubmit={submit} noValidate aria-label={t("exchange.title")}>
      <p>{t("exchange.lead")}</p>
      <section className="e-panel" aria-labelledby={`${id}-old`}>
        <div className="e-panel-head">
          <h2 id={`${id}-old`}>1 · {t("exchange.step-old")}</h2>
          <span className="e-muted">
            {t("exchange.standing", {
              manufacturer: standing.manufacturer,
              serial: standing.serial,
              from: f.instant(Date.parse(standing.from)),
            })}
          </span>
        </div>
        <OldMeterFields {...fields} point={point} />
      </section>
      <section className="e-panel" aria-labelledby={`${id}-new`}>
        <div className="e-panel-head">
          <h2 id={`${id}-new`}>2 · {t("exchange.step-new")}</h2>
        </div>
        <NewMeterFields
          {...fields}
          standing={standing}
          canRead={point.device !== null && point.chain === null}
        />
      </section>
      <section className="e-panel" aria-labelledby={`${id}-check`} ref={result} tabIndex={-1}>
        <div className="e-panel-head">
          <h2 id={`${id}-check`}>3 · {t("exchange.step-check")}</h2>
          <Button
            type="submit"
            variant={isCurrent ? "default" : "filled"}
            loading={check.isPending}
            disabled={isCurrent}
          >
            {t(check.data ? "exchange.check-again" : "exchange.check")}
          </Button>
        </div>
        <div className="e-panel-body e-stack">
          {check.isError ? <ProblemNotice error={check.error} /> : null}
          {check.data && !isCurrent ? <p role="status">{t("exchange.changed")}</p> : null}
          {check.data && isCurrent ? (
            <CheckPanel
              check={check.data}
              accepted={accepted}
              onAccept={(doubt, yes) =>
                setAccepted((now) => new Set(yes ? [...now, doubt] : [...now].filter((one) => one !== doubt)))
              }
            />
          ) : null}
        </div>
      </section>
      {isPossible ? (
        <section className="e-panel" aria-labelledby={`${id}-why`}>
          <div className="e-panel-head">
            <h2 id={`${id}-why`}>4 · {t("exchange.step-why")}</h2>
          </div>
          <div className="e-panel-body e-stack">
            <TextInput
              label={t("exchange.fitted-by")}
              value={form.fittedBy}
              maxLength={200}
              error={fields.error("fittedBy")}
              onChange={(event) => change({ fittedBy: event.currentTarget.value })}
            />
            <Textarea
              label={t("exchange.reason")}
              description={t("exchange.reason-help")}
              value={form.reason}
              maxLength={500}
              autosize
              minRows={2}
              error={fields.error("reason")}
              onChange={(event) => change({ reason: event.currentTarget.value })}
            />
            <div className="e-row">
              <FileButton
                multiple
                accept="image/jpeg,image/png,image/webp"
                onChange={(files) => setPhotos(files.slice(0, photosMax))}
              >
                {(given) => (
                  <Button variant="default" {...given}>
                    {t("exchange.choose-photos")}
                  </Button>
                )}
              </FileButton>
              <span className="e-muted e-small" role="status">
                {t("exchange.photos-help")} · {t("exchange.photos-chosen", { count: photos.length })}
              </span>
            </div>
            {make.isError ? <ProblemNotice error={make.error} /> : null}
            <div className="e-row">
              <Button type="submit" loading={make.isPending} disabled={!isAccepted}>
                {t("exchange.make")}
              </Button>
              <Link
                to="/points/$pointId"
                params={{ pointId: point.pointId }}
                search={{ tab: "configuration" }}
              >
                {t("common.cancel")}
              </Link>
            </div>
          </div>
        </section>
      ) : null}
    </form>
  );
}
