import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Tariff, type TariffTerms } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { ItsLog } from "../log/its-log.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { dayOf } from "../time/zone.ts";
import { AddTariff, lastOf } from "./add-tariff.tsx";
import { AssignForm } from "./assign-form.tsx";
import { CalendarPicture } from "./calendar-picture.tsx";
import { saveTariffFile } from "./file.ts";
import { VersionEditor } from "./version-editor.tsx";
import "./texts.ts";

/** One tariff: its versions, when which rate holds, what costs how much, who has it, and what was changed. */
export function TariffPage() {
  const { t, f, zone } = useLocale();
  const { tariffId } = useParams({ from: "/inside/cfg/tariffs/$tariffId" });
  const may = useMay();
  const today = dayOf(useNow(60_000), zone);
  const [shown, setShown] = useState<number>();
  const [form, setForm] = useState<"version" | "assign" | "copy">();
  const query = useQuery({
    queryKey: ["tariffs", tariffId],
    queryFn: ({ signal }) => api.tariff(tariffId, signal),
  });
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.tariffs"), to: "/cfg/tariffs" }];
  if (query.isPending) return <Waiting />;
  const tariff = query.data;
  if (!tariff)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.tariffs")} />
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  const { versions } = tariff;
  const version =
    versions.find(({ versionId }) => versionId === shown) ??
    versions.find(({ validFrom, validTo }) => validFrom <= today && (validTo === null || today < validTo)) ??
    versions.at(-1);
  const copy = version && lastOf(t, { ...tariff, versions: [version] });
  const daysOf = ({ validFrom, validTo }: Tariff["versions"][number]) =>
    validTo === null ? t("tariffs.valid-open", { from: f.day(validFrom) }) : f.days(validFrom, validTo);
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: tariff.code }]}
        title={`${tariff.code} · ${tariff.name}`}
        actions={
          <>
            <ItsLog search={{ object: "tariff", id: String(tariffId) }} />
            <Button variant="default" size="xs" onClick={() => saveTariffFile(tariff)}>
              {t("tariffs.file-out")}
            </Button>
            {may("tariffs.change") ? (
              <>
                {copy ? (
                  <Button variant="default" size="xs" onClick={() => setForm("copy")}>
                    {t("tariffs.copy")}
                  </Button>
                ) : null}
                <Button variant="default" size="xs" onClick={() => setForm("assign")}>
                  {t("tariffs.assign")}
                </Button>
                <Button size="xs" onClick={() => setForm("version")}>
                  {t("tariffs.change")}
                </Button>
              </>
            ) : null}
          </>
        }
      />
      <div className="e-stack">
        {form === "version" && version ? (
          <VersionEditor
            key={version.versionId}
            tariffId={tariffId}
            code={tariff.code}
            name={tariff.name}
            terms={version.terms}
            today={today}
            onEnd={() => setForm(undefined)}
          />
        ) : null}
        {form === "assign" ? (
          <AssignForm tariffId={tariffId} today={today} onEnd={() => setForm(undefined)} />
        ) : null}
        <section className="e-panel" aria-labelledby="versions">
          <div className="e-panel-head">
            <h2 id="versions">{t("tariffs.versions")}</h2>
          </div>
          <Scrolled label={t("tariffs.versions")}>
            <table className="e-list-table">
              <thead>
                <tr>
                  <th scope="col">{t("tariffs.valid")}</th>
                  <th scope="col">{t("tariffs.reason")}</th>
                  <th scope="col">{t("tariffs.by")}</th>
                  <th scope="col" />
                </tr>
              </thead>
              <tbody>
                {versions.map((each) => (
                  <tr key={each.versionId} aria-current={each === version ? "true" : undefined}>
                    <td>
                      <Button
                        variant={each === version ? "light" : "subtle"}
                        size="compact-sm"
                        onClick={() => setShown(each.versionId)}
                      >
                        {daysOf(each)}
                      </Button>
                    </td>
                    <td>{each.reason}</td>
                    <td>
                      {each.by}, {f.instant(Date.parse(each.at))}
                    </td>
                    <td className="e-end">
                      {may("tariffs.change") ? (
                        <Button
                          variant="default"
                          size="compact-sm"
                          aria-label={t("tariffs.copy-version-of", { days: daysOf(each) })}
                          onClick={() => {
                            setShown(each.versionId);
                            setForm("version");
                          }}
                        >
                          {t("tariffs.copy-version")}
                        </Button>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolled>
        </section>
        {version ? (
          <>
            <section className="e-panel" aria-labelledby="calendar">
              <div className="e-panel-head">
                <h2 id="calendar">{t("tariffs.calendar")}</h2>
                <span className="e-muted e-small">{daysOf(version)}</span>
              </div>
              <div className="e-panel-body">
                <CalendarPicture terms={version.terms} />
              </div>
            </section>
            <Prices terms={version.terms} />
          </>
        ) : null}
        <History tariffId={tariffId} />
      </div>
      <Modal
        opened={form === "copy" && copy !== undefined}
        onClose={() => setForm(undefined)}
        title={t("tariffs.copy")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {copy ? <AddTariff copy={copy} onEnd={() => setForm(undefined)} /> : null}
      </Modal>
    </>
  );
}

function Prices({ terms }: { readonly terms: TariffTerms }) {
  const { t, f } = useLocale();
  const basisOf = ({ basis }: TariffTerms["components"][number]): string => {
    const text =
      basis.kind === "rate"
        ? t("tariffs.basis.rate", { rate: basis.rate })
        : basis.kind === "blocks"
          ? t("tariffs.basis.blocks", { days: basis.ofDays })
          : basis.kind === "percent"
            ? t("tariffs.basis.percent", { of: basis.of.join(", ") })
            : t(`tariffs.basis.${basis.kind}`);
    return "side" in basis && basis.side === "export" ? t("tariffs.exported", { basis: text }) : text;
  };
  const priceOf = ({ basis, price }: TariffTerms["components"][number]): string =>
    basis.kind === "blocks"
      ? basis.blocks
          .map((block) =>
            block.upToKwh === undefined
              ? t("tariffs.block-last", { price: f.decimal(block.price) })
              : t("tariffs.block", { limit: f.decimal(block.upToKwh), price: f.decimal(block.price) }),
          )
          .join("; ")
      : f.decimal(price ?? "0");
  const { reactive } = terms;
  return (
    <section className="e-panel" aria-labelledby="prices">
      <div className="e-panel-head">
        <h2 id="prices">{t("tariffs.prices")}</h2>
        <span className="e-muted e-small">
          {t("tariffs.vat")}: {f.decimal(terms.vatPercent)}
        </span>
      </div>
      <Scrolled label={t("tariffs.prices")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("tariffs.name")}</th>
              <th scope="col">{t("tariffs.basis")}</th>
              <th scope="col" className="e-end">
                {t("tariffs.price")}, {terms.currency}
              </th>
            </tr>
          </thead>
          <tbody>
            {terms.components.map((component) => (
              <tr key={component.code}>
                <td>{component.name}</td>
                <td>{basisOf(component)}</td>
                <td className="e-num e-end">{priceOf(component)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      {reactive ? (
        <p className="e-panel-body e-small">
          {t("tariffs.reactive", {
            neutral: f.decimal(reactive.neutralFactor),
            second: f.decimal(reactive.secondFactor),
            multiplier: f.decimal(reactive.multiplier),
            period: t(`tariffs.period.${reactive.basePeriod}`),
          })}
        </p>
      ) : null}
    </section>
  );
}

function History({ tariffId }: { readonly tariffId: number }) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const missing = reason.trim().length < 3;
  const query = useQuery({
    queryKey: ["tariffs", tariffId, "changes"],
    queryFn: ({ signal }) => api.tariffChanges(tariffId, signal),
  });
  const undo = useMutation({
    mutationFn: (changeId: number) => api.undoTariffChange(changeId, { reason: reason.trim() }),
    onSuccess: async () => {
      notifications.show({ message: t("tariffs.saved") });
      await queries.invalidateQueries({ queryKey: ["tariffs"] });
      setReason("");
      setTried(false);
    },
  });
  const rows = query.data?.rows ?? [];
  return (
    <section className="e-panel" aria-labelledby="history">
      <div className="e-panel-head">
        <h2 id="history">{t("tariffs.history")}</h2>
        {may("tariffs.change") ? (
          <TextInput
            size="xs"
            aria-label={t("tariffs.reason")}
            placeholder={t("tariffs.reason")}
            value={reason}
            maxLength={500}
            error={tried && missing ? t("tariffs.reason-missing") : undefined}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        ) : null}
      </div>
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {undo.isError ? <ProblemNotice error={undo.error} /> : null}
      <Scrolled label={t("tariffs.history")}>
        <table className="e-list-table">
          <tbody>
            {rows.map((row) => (
              <tr key={row.changeId}>
                <td className="e-nowrap">{f.instant(Date.parse(row.at))}</td>
                <td>
                  {t(`tariffs.kind.${row.kind}`)}
                  {row.points === null ? "" : ` · ${f.number(row.points)}`}
                </td>
                <td className="e-nowrap">
                  {row.toDay === null
                    ? t("tariffs.valid-open", { from: f.day(row.fromDay) })
                    : f.days(row.fromDay, row.toDay)}
                </td>
                <td>{row.by}</td>
                <td>{row.reason}</td>
                <td>
                  {row.undone ? (
                    t("tariffs.undone")
                  ) : may("tariffs.change") && row.kind !== "undo" ? (
                    <Button
                      variant="default"
                      size="compact-sm"
                      loading={undo.isPending && undo.variables === row.changeId}
                      onClick={() => {
                        setTried(true);
                        if (!missing) undo.mutate(row.changeId);
                      }}
                    >
                      {t("tariffs.undo")}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}
