import { Button, Modal, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { dayOf } from "../time/zone.ts";
import "./texts.ts";

/** Tariffs as they are today, and the way to a new one. */
export function TariffsPage() {
  const { t, f } = useLocale();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const query = useQuery({ queryKey: ["tariffs"], queryFn: ({ signal }) => api.tariffs(signal) });
  const add = may("tariffs.change") ? (
    <Button onClick={() => setAdding(true)}>{t("tariffs.add")}</Button>
  ) : undefined;
  const rows = query.data?.rows;
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.tariffs") }]}
        title={t("nav.tariffs")}
        actions={add}
      />
      <section className="e-panel" aria-label={t("nav.tariffs")}>
        {query.isPending ? <Waiting /> : null}
        {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
        {rows?.length === 0 ? (
          <EmptyNotice title={t("tariffs.none")} action={add}>
            {t("tariffs.none-do")}
          </EmptyNotice>
        ) : null}
        {rows && rows.length > 0 ? (
          <Scrolled label={t("nav.tariffs")}>
            <table className="e-list-table">
              <thead>
                <tr>
                  <th scope="col">{t("tariffs.code")}</th>
                  <th scope="col">{t("tariffs.name")}</th>
                  <th scope="col">{t("tariffs.rates")}</th>
                  <th scope="col">{t("tariffs.valid")}</th>
                  <th scope="col" className="e-end">
                    {t("tariffs.points")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.tariffId}>
                    <td className="e-nowrap">
                      <Link to="/cfg/tariffs/$tariffId" params={{ tariffId: row.tariffId }}>
                        {row.code}
                      </Link>
                    </td>
                    <td>{row.name}</td>
                    <td>{row.rates.join(", ")}</td>
                    <td className="e-nowrap">
                      {row.validFrom === null
                        ? t("tariffs.no-version")
                        : row.validTo === null
                          ? t("tariffs.valid-open", { from: f.day(row.validFrom) })
                          : f.days(row.validFrom, row.validTo)}
                    </td>
                    <td className="e-num e-end">{f.number(row.points)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolled>
        ) : null}
      </section>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t("tariffs.add")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        <AddTariff onEnd={() => setAdding(false)} />
      </Modal>
    </>
  );
}

function AddTariff({ onEnd }: { readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const today = dayOf(useNow(60_000), zone);
  const templates = useQuery({
    queryKey: ["tariffs", "templates"],
    queryFn: ({ signal }) => api.tariffTemplates(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [template, setTemplate] = useState<string | null>(null);
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const [fromDay, setFromDay] = useState(`${today.slice(0, 7)}-01`);
  const [reason, setReason] = useState("");
  const chosen = templates.data?.rows.find((row) => row.code === template);
  const complete =
    chosen && /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(code) && name.trim() && reason.trim().length >= 3;
  const add = useMutation({
    mutationFn: () =>
      api.addTariff({
        code,
        name: name.trim(),
        fromDay,
        toDay: null,
        terms: chosen!.terms,
        reason: reason.trim(),
      }),
    onSuccess: async ({ tariffId }) => {
      notifications.show({ message: t("tariffs.saved") });
      await queries.invalidateQueries({ queryKey: ["tariffs"] });
      onEnd();
      void navigate({ to: "/cfg/tariffs/$tariffId", params: { tariffId } });
    },
  });
  return (
    <form
      className="e-stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (complete) add.mutate();
      }}
    >
      {add.isError ? <ProblemNotice error={add.error} /> : null}
      {templates.isError ? <ProblemNotice error={templates.error} /> : null}
      <Select
        label={t("tariffs.template")}
        data={(templates.data?.rows ?? []).map(({ code, name }) => ({ value: code, label: name }))}
        value={template}
        onChange={(next) => {
          setTemplate(next);
          const row = templates.data?.rows.find((one) => one.code === next);
          if (!row) return;
          if (code === "") setCode(row.code);
          if (name === "") setName(row.name);
        }}
      />
      <TextInput
        label={t("tariffs.code")}
        value={code}
        maxLength={40}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <TextInput
        label={t("tariffs.name")}
        value={name}
        maxLength={120}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t("tariffs.from")}
        type="date"
        value={fromDay}
        onChange={(event) => setFromDay(event.currentTarget.value)}
      />
      <TextInput
        label={t("tariffs.reason")}
        description={t("tariffs.reason-help")}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button type="submit" loading={add.isPending} disabled={!complete}>
        {t("tariffs.save")}
      </Button>
    </form>
  );
}
