import { StoreError } from "@energsys/store";
import { Problem, type ProblemCode, problems } from "./problem.ts";

const isProblem = (code: string): code is ProblemCode => Object.hasOwn(problems, code);

/** Does work of the store; what it refuses under a code that the API knows is that problem, anything else stays what it is. */
export async function orProblem<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof StoreError) || !isProblem(error.code)) throw error;
    // What is not there and what is another branch's are answered alike, word for word.
    const told = problems[error.code].status === 404 ? {} : { detail: error.message };
    throw new Problem(error.code, told, error);
  }
}
