// What the linter checks in the browser modules and their tests. TypeScript checks types (tsconfig.json).

import js from "@eslint/js";
import globals from "globals";

const MAX_COMPLEXITY = 10;
const MAX_LINE_LENGTH = 110;

/** Fields of Plotly and gl-vis that only the adapter reads. */
const PLOTLY_INTERNALS = [
  "_fullLayout",
  "_fullData",
  "_input",
  "_scene",
  "_vao",
  "_length",
  "_offset",
  "calcdata",
  "c2p",
  "cameraParams",
  "d2p",
  "drawTransparent",
  "getCamera",
  "glplot",
  "linePlot",
  "onrender",
  "p2d",
  "scatterPlot",
  "textMarkers",
  "vao",
];

/** Module syntax that app/browser_assets/module_bundle.py does not join; its docstring says what it does. */
const UNJOINED_SYNTAX = [
  ["ExportDefaultDeclaration", "Export a name: the bundle knows no default export."],
  ["ExportAllDeclaration", "Import from the module that defines it: the bundle has no re-exports."],
  [
    "ExportNamedDeclaration[declaration=null]",
    "Export the declaration itself: the bundle has neither lists of exports nor re-exports.",
  ],
  [
    "ExportNamedDeclaration > VariableDeclaration:not([kind='const'])",
    "Export a constant: the bundle copies the value once.",
  ],
  [
    "ExportNamedDeclaration > VariableDeclaration[declarations.length>1]",
    "Export one constant a statement: the bundle reads one name.",
  ],
  [
    "ExportNamedDeclaration > VariableDeclaration > VariableDeclarator > :matches(ObjectPattern, ArrayPattern).id",
    "Export one name a statement: the bundle does not read patterns.",
  ],
  ["ExportNamedDeclaration > FunctionDeclaration[generator=true]", "The bundle does not export generators."],
  ["ImportDefaultSpecifier", "Import names: the bundle knows no default export."],
  ["ImportNamespaceSpecifier", "Import names: the bundle has no namespace objects."],
  ["ImportExpression", "Import at the top: the bundle has no modules at run time."],
  [
    "ImportDeclaration[source.value!=/^\\.{1,2}\\u002F.*\\.mjs$/]",
    "Import by a relative path to a .mjs file.",
  ],
  ["MetaProperty[meta.name='import']", "The bundle has no import.meta."],
].map(([selector, message]) => ({ selector, message }));

const properties = (names, message) => names.map((property) => ({ property, message }));

export default [
  { ignores: ["node_modules/", ".venv/", "build/", "docs/_build/"] },
  js.configs.recommended,
  {
    files: ["**/*.mjs"],
    rules: {
      complexity: ["error", MAX_COMPLEXITY],
      eqeqeq: "error",
      "max-len": ["error", { code: MAX_LINE_LENGTH, ignoreStrings: true, ignoreTemplateLiterals: true }],
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["assets/js/**/*.mjs"],
    languageOptions: { globals: { ...globals.browser, Plotly: "readonly" } },
    rules: {
      "no-restricted-syntax": ["error", ...UNJOINED_SYNTAX],
      "no-restricted-properties": [
        "error",
        ...properties(PLOTLY_INTERNALS, "Plotly's internals are read in plot/plotly_internals.mjs only."),
      ],
    },
  },
  {
    files: ["assets/js/plot/plotly_internals.mjs"],
    rules: { "no-restricted-properties": "off" },
  },
  {
    files: ["*.config.mjs", "tests/js/**/*.mjs", "tools/**/*.mjs"],
    languageOptions: { globals: { ...globals.node, document: "readonly", location: "readonly" } },
  },
];
