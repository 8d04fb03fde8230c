export { figuresAnswer, reportAnswer, suspectedOf } from "./answers.ts";
export { RankingRunner } from "./ranking-runner.ts";
