import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["verifier/**/*.test.ts", "ui/**/*.test.ts", "machine/**/*.test.ts", "checkin/**/*.test.ts", "pages/**/*.test.ts"],
    testTimeout: 240_000,
    maxWorkers: 2,
  },
});
