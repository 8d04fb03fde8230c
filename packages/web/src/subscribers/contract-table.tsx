import "./texts.ts";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Contract } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { Mark } from "../parts/marks.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

/** Contracts, the newest first: of a point with whose each is, of a subscriber with where. */
export function ContractTable(props: {
  readonly contracts: readonly Contract[];
  readonly of: "point" | "subscriber";
  readonly action?: (contract: Contract) => ReactNode;
}) {
  const { t, f } = useLocale();
  const may = useMay();
  const nowMs = useNow(60_000);
  const { contracts, of, action } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("subscribers.contracts")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{of === "point" ? t("contracts.subscriber") : t("contracts.point")}</th>
            <th scope="col">{t("contracts.number")}</th>
            <th scope="col">{t("contracts.from")}</th>
            <th scope="col">{t("contracts.to")}</th>
            {action ? <th scope="col" aria-label={t("contracts.take-back")} /> : null}
          </tr>
        </thead>
        <tbody>
          {contracts.map((contract) => (
            <tr key={contract.contractId}>
              <td>
                {of === "point" ? (
                  <Link to="/cfg/subscribers/$subscriberId" params={{ subscriberId: contract.subscriberId }}>
                    {contract.subscriber || t("subscribers.erased", { id: String(contract.subscriberId) })}
                  </Link>
                ) : may("points.see") ? (
                  <Link
                    to="/points/$pointId"
                    params={{ pointId: contract.pointId }}
                    search={{ tab: "subscriber" }}
                    className="e-num"
                  >
                    {contract.pod}
                  </Link>
                ) : (
                  <span className="e-num">{contract.pod}</span>
                )}
              </td>
              <td className="e-nowrap">{contract.number || noValue}</td>
              <td className="e-nowrap">{f.instant(Date.parse(contract.from))}</td>
              <td className="e-nowrap">
                {contract.to !== null ? (
                  f.instant(Date.parse(contract.to))
                ) : Date.parse(contract.from) > nowMs ? (
                  <Mark shape="◌" tone="accent">
                    {t("contracts.later")}
                  </Mark>
                ) : (
                  <Mark shape="●" tone="ok">
                    {t("contracts.runs")}
                  </Mark>
                )}
              </td>
              {action ? <td>{action(contract)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
