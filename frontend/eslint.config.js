import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules", "dist"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js", "sizes.mjs"] } },
    },
  },
  {
    rules: {
      "@typescript-eslint/no-unnecessary-type-parameters": "off", // What the hub answers is said by whoever asks.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, varsIgnorePattern: "^_$" }],
    },
  },
  {
    files: ["**/*.tsx", "**/use*.ts"],
    plugins: { "react-hooks": hooks },
    rules: hooks.configs.recommended.rules,
  },
  {
    // The document is plain data: it knows neither React nor the canvas nor the hub.
    files: ["src/document/**"],
    rules: { "no-restricted-imports": ["error", { patterns: ["react*", "@xyflow/*", "../*"] }] },
  },
  {
    files: ["eslint.config.js", "sizes.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly" } },
  },
);
