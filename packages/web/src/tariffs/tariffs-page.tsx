import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { AddTariff } from "./add-tariff.tsx";
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
