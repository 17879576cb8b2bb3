import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// DULY_API is set by `npm run dev`; PORT serves whoever starts Vite on its own beside a running API.
const api = process.env["DULY_API"] ?? `http://127.0.0.1:${process.env["PORT"] ?? 4400}`;
// Whole paths: "/graphql" alone would also take our own graphql.ts away from Vite.
const passed = ["^/(graphql|live)$", "^/(files|texts|crests)(/|$)", "^/healthz$", "^/readyz$"];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // One copy each, whoever imports them: two would be two contexts.
  resolve: { dedupe: ["react", "react-dom", "ra-core", "@tanstack/react-query", "react-router", "react-router-dom"] },
  // The page may run no inline script and load no data: address, so small files stay files.
  build: {
    outDir: "../build/admin",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    sourcemap: false,
    // The server reads in it what the signed-in app is made of: see adminFiles.ts.
    manifest: "app-chunks.json",
    rolldownOptions: {
      input: { index: `${import.meta.dirname}/index.html`, ahead: `${import.meta.dirname}/ahead.ts` },
    },
  },
  server: { proxy: Object.fromEntries(passed.map((path) => [path, { target: api, changeOrigin: false }])) },
});
