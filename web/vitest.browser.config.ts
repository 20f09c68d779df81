import { defineConfig } from "vitest/config";

// Many votes in a real browser: minutes each, so only in the long run (URNA_LONG=1).
const long = ["browser/machine-sealed.test.ts", "browser/machine-traces.test.ts"];

export default defineConfig({
  test: {
    include: ["browser/**/*.test.ts"],
    exclude: process.env["URNA_LONG"] === undefined ? long : [],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    maxWorkers: 1,
  },
});
