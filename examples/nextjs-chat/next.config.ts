import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  // The recorder is one in a process: it is loaded by Node.js, and not put into each route's bundle.
  serverExternalPackages: ["@gapin/sdk"],
};

export default config;
