import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Tests with a browser or whole programs are spread evenly among the others: two of them at once take more than two cores bear, and one
 * that is begun last keeps a single worker busy.
 */
export class EvenlySpread extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = (file: TestSpecification) => /\/e2e\//.test(file.moduleId);
    const long = sorted.filter(isLong);
    const rest = sorted.filter((file) => !isLong(file));
    const between = Math.ceil(rest.length / Math.max(1, long.length));
    const spread = long.flatMap((file, nth) => [file, ...rest.slice(nth * between, (nth + 1) * between)]);
    return [...spread, ...rest.slice(long.length * between)];
  }
}
