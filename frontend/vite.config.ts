import { defineConfig } from "vite";

// The hub serves the built file as a static file of its own; one file, no inline script.
export default defineConfig({
  build: {
    outDir: "../hub/web/static/built",
    emptyOutDir: true,
    target: "es2022",
    lib: { entry: "src/pages/main.ts", formats: ["es"], fileName: () => "pages.js" },
  },
});
