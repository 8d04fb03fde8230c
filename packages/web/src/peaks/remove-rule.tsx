import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

/** Takes a rule away, after it was said what stays of it. */
export function RemoveRule({ ruleId, onEnd }: { readonly ruleId: number; readonly onEnd: () => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.removePeakRule(ruleId),
    onSuccess: async () => {
      notifications.show({ message: t("peaks.removed") });
      await queries.invalidateQueries({ queryKey: ["peak-rules"] });
      onEnd();
    },
  });
  if (!asking)
    return (
      <Button variant="subtle" size="xs" onClick={() => setAsking(true)}>
        {t("peaks.remove")}
      </Button>
    );
  return (
    <div className="e-row" role="alert">
      {remove.isError ? <ProblemNotice error={remove.error} /> : null}
      <span className="e-small">{t("peaks.remove-sure")}</span>
      <Button size="xs" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
        {t("peaks.remove-yes")}
      </Button>
      <Button size="xs" variant="default" onClick={() => setAsking(false)}>
        {t("common.cancel")}
      </Button>
    </div>
  );
}
