import { defineConfig } from "vite";

// The hub serves the built files as static files of its own, with no inline script: app.js begins, and every page of the
// application is a chunk of its own that is loaded when somebody goes there.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../hub/web/static/built",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    rolldownOptions: {
      input: { app: "src/app/main.tsx" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: ({ names }) =>
          names.includes("app.css") ? "[name][extname]" : "chunks/[name]-[hash][extname]",
      },
    },
  },
});
