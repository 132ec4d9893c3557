import { defineConfig } from "vite";

// The hub serves the built files as static files of its own: one script for each kind of page, no inline script.
// What two of them share, and what is loaded only when it is needed, stands in chunks/.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../hub/web/static/built",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    rolldownOptions: {
      input: { pages: "src/pages/main.ts", app: "src/app/main.tsx" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: ({ names }) =>
          names.includes("app.css") ? "[name][extname]" : "chunks/[name]-[hash][extname]",
      },
    },
  },
});
