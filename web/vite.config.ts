// Builds one page into a folder of static files: PAGE=pages/verifier or machine.

import { join } from "node:path";
import { defineConfig } from "vite";

const page = process.env["PAGE"] ?? "pages/verifier";

export default defineConfig({
  root: join(import.meta.dirname, page),
  base: "./",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic" } },
  worker: { format: "es" },
  build: {
    outDir: join(import.meta.dirname, "../build/web", page.replace("pages/", "")),
    emptyOutDir: true,
    target: "chrome120",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
});
