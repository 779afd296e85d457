// Holds the dashboards to the types that Grafana publishes of its own dashboards and panels, with TypeScript's compiler:
// a member that Grafana does not know, a word that is none of its words, an option that is left out are faults.
//   node check.mjs FOLDER    (where package.json was installed)
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const folder = resolve(process.argv[2]);
const dashboards = join(dirname(fileURLToPath(import.meta.url)), "../../dashboards");

/** Kinds of panels, and where their options are described. */
const KINDS = {
  heatmap: "heatmap/panelcfg/x/Heatmap",
  logs: "logs/panelcfg/x/Logs",
  stat: "stat/panelcfg/x/Stat",
  "state-timeline": "statetimeline/panelcfg/x/StateTimeline",
  table: "table/panelcfg/x/Table",
  timeseries: "timeseries/panelcfg/x/TimeSeries",
};
const WITH_FIELDS = ["state-timeline", "table", "timeseries"];

const lines = [
  `import type { Dashboard, Panel, RowPanel, VariableModel } from "@grafana/schema";`,
  // JSON has the words and numbers of enumerations, and not their names.
  `type Plain<T> = T extends string ? \`\${T}\` : T extends number ? number : T extends Array<infer U> ? Array<Plain<U>>`,
  `  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;`,
  // What the types of dashboards leave out, and Grafana writes itself.
  `type Threshold = { color: string; value: number | null };`,
  `type Defaults = Omit<NonNullable<Panel["fieldConfig"]>["defaults"], "thresholds">;`,
  `type Fields = { defaults: Plain<Defaults> & { thresholds: { mode: "absolute" | "percentage"; steps: Threshold[] } };`,
  `  overrides: Plain<NonNullable<Panel["fieldConfig"]>["overrides"]> };`,
  `type Whole = Plain<Omit<Dashboard, "panels" | "templating">>;`,
  `type OnePanel = Plain<Omit<Panel, "fieldConfig">> & { fieldConfig: Fields };`,
];
for (const [kind, path] of Object.entries(KINDS)) {
  const name = kind.replace(/\W/g, "");
  lines.push(`import type * as ${name} from "@grafana/schema/dist/esm/raw/composable/${path}PanelCfg_types.gen";`);
}

let count = 0;
const check = (type, value) => {
  lines.push(`export const v${count++}: ${type} = ${JSON.stringify(value)};`);
};
for (const file of readdirSync(dashboards).sort()) {
  const { panels, templating, ...whole } = JSON.parse(readFileSync(join(dashboards, file), "utf8"));
  check("Whole", whole);
  for (const variable of templating.list) check("Plain<VariableModel>", variable);
  for (const panel of panels) {
    lines.push(`// ${file}: ${panel.title}`);
    if (panel.type === "row") {
      check("Plain<RowPanel>", panel);
      continue;
    }
    const name = panel.type.replace(/\W/g, "");
    if (!(panel.type in KINDS)) throw new Error(`${panel.type}: a kind of panel that this check does not know`);
    check("OnePanel", panel);
    check(`Plain<${name}.Options>`, panel.options);
    const { custom } = panel.fieldConfig.defaults;
    if (WITH_FIELDS.includes(panel.type)) check(`Plain<Partial<${name}.FieldConfig>>`, custom ?? {});
  }
}
const made = join(folder, "dashboards.ts");
writeFileSync(made, `${lines.join("\n")}\n`);
try {
  execFileSync(
    process.execPath,
    [
      ...[join(folder, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--skipLibCheck"],
      ...["--module", "nodenext", "--moduleResolution", "nodenext", "--target", "es2022", made],
    ],
    { encoding: "utf8", cwd: folder },
  );
} catch (error) {
  const written = readFileSync(made, "utf8").split("\n");
  for (const fault of error.stdout.split("\n").filter((line) => line.includes("error TS"))) {
    const at = Number(/dashboards\.ts\((\d+)/.exec(fault)?.[1]);
    const which = written.slice(0, at).findLast((line) => line.startsWith("// "));
    console.error(`${which?.slice(3) ?? ""}: ${fault.slice(0, 600)}`);
  }
  process.exit(1);
}
console.log(`grafana: ${count} parts of dashboards fit Grafana's own types`);
