// One PostgreSQL for the whole run; each test file copies its database from a migrated template.
import { startTestServer, stopTestServer } from "@energsys/store/testing";

export const setup = startTestServer;
export const teardown = stopTestServer;
