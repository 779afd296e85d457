import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The gateway behind `npm run dev`. */
const gateway = process.env["GAPIN_URL"] ?? "http://127.0.0.1:8080";
const proxied = ["/api", "/aibbar", "/auth", "/me", "/users", "/events", "/health", "/sse"];

/** Rules that touch the page all the same. */
const withPage = ["src/api/client.test.ts", "src/lib/clock.test.ts", "src/lib/download.test.ts"];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { tsconfigPaths: true },
  build: {
    target: "es2022",
    manifest: true,
    // No `data:` addresses: the policy of the page allows none for fonts.
    assetsInlineLimit: 0,
    // A preload polyfill would be an inline script.
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      ...Object.fromEntries(proxied.map((path) => [path, { target: gateway, changeOrigin: true }])),
      "/ws": { target: gateway, ws: true, changeOrigin: true },
    },
  },
  test: {
    restoreMocks: true,
    // For a machine that does much else; none of them waits for it.
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "rules",
          environment: "node",
          include: ["src/**/*.test.ts"],
          exclude: withPage,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "parts",
          environment: "happy-dom",
          include: ["src/**/*.test.tsx", ...withPage],
          setupFiles: ["./src/test-setup.ts"],
        },
      },
    ],
  },
});
