import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Group } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { optionsQuery } from "./options.ts";
import { RuleFields, RuleWords, soundRule } from "./rule-fields.tsx";

/** The rule of a free group, to read and to change; members stay until it is applied. */
export function RulePanel({ group }: { readonly group: Group }) {
  const { t } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const options = useQuery({ ...optionsQuery, enabled: may("groups.change") });
  const [editing, setEditing] = useState(false);
  const [rule, setRule] = useState(group.rule ?? {});
  const save = useMutation({
    mutationFn: () => {
      const sound = soundRule(rule);
      return api.editGroup(group.groupId, { rule: Object.keys(sound).length === 0 ? null : sound });
    },
    onSuccess: async () => {
      notifications.show({ message: t("rule.saved") });
      setEditing(false);
      await queries.invalidateQueries({ queryKey: ["groups"] });
    },
  });
  return (
    <section className="e-panel" aria-labelledby="rule">
      <div className="e-panel-head">
        <h2 id="rule">{t("rule.title")}</h2>
        {may("groups.change") && !editing ? (
          <Button size="xs" variant="default" onClick={() => setEditing(true)}>
            {t("rule.edit")}
          </Button>
        ) : null}
      </div>
      <div className="e-panel-body e-stack">
        {editing && options.data ? (
          <form
            className="e-stack"
            aria-label={t("rule.edit")}
            onSubmit={(event: FormEvent) => {
              event.preventDefault();
              save.mutate();
            }}
          >
            <RuleFields options={options.data} branchId={group.branchId} value={rule} onChange={setRule} />
            {save.isError ? <ProblemNotice error={save.error} /> : null}
            <div className="e-row">
              <Button type="submit" loading={save.isPending}>
                {t("rule.save")}
              </Button>
              <Button variant="default" onClick={() => setEditing(false)}>
                {t("common.cancel")}
              </Button>
            </div>
          </form>
        ) : group.rule ? (
          <RuleWords rule={group.rule} options={options.data} />
        ) : (
          <span className="e-muted">{t("rule.none")}</span>
        )}
      </div>
    </section>
  );
}
