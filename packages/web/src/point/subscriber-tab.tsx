import "../subscribers/texts.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Contract } from "../api/client.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { type ContractAct, ContractDialog } from "../subscribers/contract-dialog.tsx";
import { ContractTable } from "../subscribers/contract-table.tsx";
import { MoveIn } from "../subscribers/move-in.tsx";
import { useLocale } from "../text/provider.tsx";
import type { TabProps } from "./point-page.tsx";

/** Who uses the energy of the point, who did before, and the way from one to the next. */
export function SubscriberTab({ point }: TabProps) {
  const { t } = useLocale();
  const may = useMay();
  const { pointId } = point;
  const [movingIn, setMovingIn] = useState(false);
  const [asked, setAsked] = useState<{ readonly contract: Contract; readonly act: ContractAct }>();
  const query = useQuery({
    queryKey: ["contracts", pointId],
    queryFn: ({ signal }) => api.pointContracts(pointId, signal),
  });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  const contracts = query.data.rows;
  const [newest] = contracts;
  const running = newest?.to === null ? newest : undefined;
  const mayChange = may("subscribers.change");
  const ask = (contract: Contract, act: ContractAct) => (
    <Button key={act} variant="default" size="xs" onClick={() => setAsked({ contract, act })}>
      {t(act === "end" ? "contracts.move-out" : "contracts.take-back")}
    </Button>
  );
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("subscribers.contracts")}</h2>
        {mayChange && !movingIn ? (
          <Button size="xs" onClick={() => setMovingIn(true)}>
            {t("contracts.move-in")}
          </Button>
        ) : null}
      </div>
      {movingIn ? <MoveIn pointId={pointId} running={running} onEnd={() => setMovingIn(false)} /> : null}
      {contracts.length === 0 ? (
        <EmptyNotice title={t("contracts.none")}>{t("contracts.none-do")}</EmptyNotice>
      ) : (
        <ContractTable
          contracts={contracts}
          of="point"
          {...(mayChange
            ? {
                action: (contract: Contract) =>
                  // What was somebody's who is erased now stays as it is.
                  contract === newest && contract.subscriber !== "" ? (
                    <span className="e-row" style={{ flexWrap: "nowrap" }}>
                      {contract.to === null ? ask(contract, "end") : null}
                      {ask(contract, "take-back")}
                    </span>
                  ) : null,
              }
            : {})}
        />
      )}
      {asked ? <ContractDialog {...asked} onClose={() => setAsked(undefined)} /> : null}
    </section>
  );
}
