import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type SavedView } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { type AnalysisSearch, analysisSearch } from "./search.ts";

/** Views of this page under a name: to open one, or to keep what is shown now. */
export function SavedViews(props: {
  readonly page: SavedView["page"];
  readonly search: AnalysisSearch;
  readonly change: (next: AnalysisSearch) => void;
}) {
  const { t } = useLocale();
  const { page, search, change } = props;
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const query = useQuery({
    queryKey: ["reports", "views", page],
    queryFn: ({ signal }) => api.savedViews(page, signal),
  });
  const save = useMutation({
    mutationFn: () => api.saveView({ name, page: page as "/an/peaks", search: { ...search }, shared }),
    onSuccess: async () => {
      setAsking(false);
      setName("");
      notifications.show({ message: t("an.view-saved") });
      await queries.invalidateQueries({ queryKey: ["reports"] });
    },
  });
  const open = (value: string) => {
    const view = query.data?.rows.find((row) => String(row.savedViewId) === value);
    if (view) change(analysisSearch(view.search));
  };
  return (
    <div className="e-row">
      {query.data && query.data.rows.length > 0 ? (
        <select
          className="e-cell-input e-select"
          aria-label={t("an.view-open")}
          value=""
          onChange={({ currentTarget }) => open(currentTarget.value)}
        >
          <option value="">{t("an.views")}</option>
          {query.data.rows.map((view) => (
            <option key={view.savedViewId} value={view.savedViewId}>
              {view.mine ? view.name : `${view.name} · ${view.owner}`}
            </option>
          ))}
        </select>
      ) : null}
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {t("an.view-save")}
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("an.view-save")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        <form
          className="e-stack"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          {save.isError ? <ProblemNotice error={save.error} /> : null}
          <TextInput
            label={t("an.view-name")}
            required
            maxLength={120}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Checkbox
            label={t("an.view-shared")}
            checked={shared}
            onChange={({ currentTarget }) => setShared(currentTarget.checked)}
          />
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>
            {t("an.view-save")}
          </Button>
        </form>
      </Modal>
    </div>
  );
}
