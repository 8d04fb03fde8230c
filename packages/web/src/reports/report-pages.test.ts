import { expect, test } from "vitest";
import { pages } from "../shell/pages.ts";
import { reportPages } from "./report-pages.ts";

test("every page of the analysis menu that is a report stands beside the templates", () => {
  const reports = pages
    .filter(({ group, right }) => group === "analyse" && right === "analysis.see")
    .map(({ to }) => to)
    .filter((to) => to !== "/an/reports" && to !== "/an/exports");
  expect(reportPages.map(({ to }) => to).sort()).toEqual(reports.sort());
});
