// Who may import whom: workers → api → schema ← admin, and inside api graphql → engine → store. Nobody imports test.

// dependency-cruiser asks swc for TypeScript without JSX, whatever the file: tell it which files have JSX.
const swc = require("@swc/core");
const { parseFileSync } = swc;
swc.parseFileSync = (path, options) => parseFileSync(path, { ...options, tsx: path.endsWith(".tsx") });

const tests = "\\.test\\.tsx?$";
const wall = (name, from, to, comment, fromNot = tests) => ({
  name,
  severity: "error",
  comment,
  from: { path: from, pathNot: fromNot },
  to: { path: to },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    wall("schema-is-the-floor", "^schema/", "^(api|workers|admin|test)/", "schema is pure and runs in the browser"),
    { ...wall("schema-does-no-io", "^schema/", "", "no Node module"), to: { dependencyTypes: ["core"] } },
    wall("admin-only-schema", "^admin/", "^(api|workers|test)/", "the browser never loads server code"),
    wall("api-below-workers", "^api/", "^(workers|admin|test)/", "workers use api, not the other way round"),
    wall("store-is-lowest", "^api/store/", "^api/(engine|graphql|main|cli)", "graphql → engine → store"),
    wall("engine-below-graphql", "^api/engine/", "^api/(graphql|main|cli)", "graphql → engine → store"),
    wall("workers-without-graphql", "^workers/", "^(admin|test|api/graphql)/", "workers call the engine"),
    wall(
      "host-stands-alone",
      "^api/host/",
      "^(schema|workers|admin|test|api/(?!host/)|node_modules)",
      "runs before npm install",
    ),
    wall("nobody-imports-host", "^(schema|api/(?!host/)|workers|admin)", "^api/host/", "scripts are not a library"),
    wall("nobody-imports-tests", "^(schema|api|workers|admin)/", tests, "a test exports nothing", "^$"),
  ],
  options: {
    // TypeScript 7 has no API that dependency-cruiser could parse with; swc reads the same syntax, types included.
    parser: "swc",
    moduleSystems: ["es6", "cjs"],
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(build|var|coverage)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
      extensions: [".ts", ".tsx", ".mts", ".mjs", ".cjs", ".js", ".json"],
    },
  },
};
