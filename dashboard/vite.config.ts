import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The gateway behind `npm run dev`. */
const gateway = process.env["GAPIN_URL"] ?? "http://127.0.0.1:8080";
const proxied = ["/api", "/aibbar", "/auth", "/me", "/users", "/events", "/health", "/sse"];

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
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./src/test-setup.ts"],
    restoreMocks: true,
  },
});
