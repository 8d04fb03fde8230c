import Type from "typebox";
import { BranchPath, closed, Id, NumberOrNull, Text, Whole, Yes } from "./basics.ts";

const facts = {
  name: Text("Its name", { minLength: 1, maxLength: 100, pattern: "\\S" }),
  parentId: Type.Unsafe<number | null>({
    type: ["integer", "null"],
    minimum: 1,
    maximum: 2_147_483_647,
    description: "The branch above it; null: at the top",
  }),
};
const reason = Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 });

export const BranchParams = Type.Object({ branchId: Id("Branch") }, closed);
export const BranchGiven = Type.Object({ ...facts, reason }, closed);
export const BranchAdded = Type.Object({ branchId: Id("The new branch") }, closed);
export const BranchChanged = Type.Object({ changed: Yes("Something was different") }, closed);
export const BranchRemoval = Type.Object({ reason }, closed);
export const Branches = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          branchId: Id("Branch"),
          parentId: NumberOrNull("The branch above it"),
          name: Text("Its name"),
          path: BranchPath,
          points: Whole("Points of measure in it itself"),
          locations: Whole("Locations in it itself"),
          concentrators: Whole("Concentrators in it itself"),
          groups: Whole("Groups of it itself"),
          people: Whole("People who have a right for it itself"),
        },
        closed,
      ),
    ),
  },
  closed,
);
