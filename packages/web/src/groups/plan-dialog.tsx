import "../attributes/texts.ts";
import { Modal } from "@mantine/core";
import { api, type Group } from "../api/client.ts";
import { PlanForm } from "../point/plan-form.tsx";
import { useLocale } from "../text/provider.tsx";

/** By which reading plan the members of a group are read from now on. */
export function PlanDialog({ group, onClose }: { readonly group: Group; readonly onClose: () => void }) {
  const { t } = useLocale();
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("plan.change")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <div className="e-stack">
        <p className="e-muted e-small">{t("plan.group-lead", { members: group.members })}</p>
        <p className="e-small">
          {group.plan
            ? t("plan.group-now", { name: group.plan.name ?? t("plan.none") })
            : t("plan.group-says-nothing")}
        </p>
        <PlanForm
          {...(group.plan ? { planName: group.plan.name } : {})}
          changes={[["point"], ["group"]]}
          give={(given) => api.setGroupPlan(group.groupId, { ...given, dryRun: false })}
          {...(group.plan
            ? {
                end: {
                  label: t("plan.end-group"),
                  run: (reason: string) => api.endGroupPlan(group.groupId, { reason, dryRun: false }),
                },
              }
            : {})}
          done={({ changed, byConcentrator, withoutDevice, ownPlan, otherGroup }) =>
            t("plan.group-done", { changed, byConcentrator, withoutDevice, ownPlan, otherGroup })
          }
          onEnd={onClose}
        />
      </div>
    </Modal>
  );
}
