import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The strict Content-Security-Policy of the server allows scripts from our own origin only: nothing is inlined.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2024",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": process.env.ENERGSYS_API ?? "http://127.0.0.1:8420" },
  },
});
