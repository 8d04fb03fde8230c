import { Button, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Concentrator } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { addJob } from "../shell/jobs.ts";
import { useLocale } from "../text/provider.tsx";
import { ConcentratorDialog, type ConcentratorDialogKind } from "./concentrator-dialog.tsx";

/** What can be done with a concentrator as it stands now: what helps at once as buttons, the rest in a menu. */
export function ConcentratorActions(props: { readonly concentrator: Concentrator }) {
  const { t } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const { concentrator } = props;
  const { gatewayId, state } = concentrator;
  const name = concentrator.name || concentrator.identity;
  const [opened, setOpened] = useState<ConcentratorDialogKind>();
  const ask = useMutation({
    mutationFn: (action: "scan" | "read-all") => api.askConcentrator(gatewayId, { action }),
    onSuccess: async ({ attemptId }, action) => {
      addJob({ attemptId, name: `${name}: ${t(`gateway-action.${action}`)}`, pointId: null });
      await queries.invalidateQueries({ queryKey: ["equipment", gatewayId] });
    },
  });
  const isOurs = state !== "quarantine" && state !== "retired";
  const change = may("equipment.change");
  const command = may("equipment.command") && isOurs;
  return (
    <>
      {ask.isError ? <ProblemNotice error={ask.error} /> : null}
      {command ? (
        <>
          <Button loading={ask.isPending} onClick={() => ask.mutate("read-all")}>
            {t("gateway-action.read-all")}
          </Button>
          <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate("scan")}>
            {t("gateway-action.scan")}
          </Button>
        </>
      ) : null}
      {change && !isOurs ? (
        <Button onClick={() => setOpened("adopt")}>
          {t(state === "retired" ? "gateway-action.take-back" : "gateway-action.adopt")}
        </Button>
      ) : null}
      {command || change ? (
        <Menu position="bottom-end" width={260} shadow="md">
          <Menu.Target>
            <Button variant="default">{t("gateway-action.more")}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {command ? (
              <Menu.Item onClick={() => setOpened("set-clocks")}>
                {t("gateway-action.set-clocks")} <span aria-hidden="true">⚠</span>
              </Menu.Item>
            ) : null}
            {change && isOurs ? (
              <Menu.Item onClick={() => setOpened("change")}>{t("gateway-action.change")}</Menu.Item>
            ) : null}
            {change && state !== "quarantine" ? (
              <Menu.Item onClick={() => setOpened("hand-over")}>
                {t("gateway-action.hand-over")} <span aria-hidden="true">⚠</span>
              </Menu.Item>
            ) : null}
            {change && state !== "retired" ? (
              <Menu.Item onClick={() => setOpened("retire")}>
                {t(isOurs ? "gateway-action.retire" : "gateway-action.turn-away")}{" "}
                <span aria-hidden="true">⚠</span>
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      <ConcentratorDialog concentrator={concentrator} kind={opened} onClose={() => setOpened(undefined)} />
    </>
  );
}
