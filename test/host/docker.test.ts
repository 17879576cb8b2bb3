import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { loadConfig } from "../../api/config";

const root = resolve(__dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Service {
  image: string;
  stop_grace_period?: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  secrets?: string[];
  healthcheck?: unknown;
}
interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, unknown>;
  volumes: Record<string, unknown>;
}

const compose: Compose = parse(read("docker/compose.yaml"), { merge: true });
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.image === "duly");

describe("the files for Docker, which no test can run here", () => {
  test("api, worker and migrate are one image with three commands, each of a source that exists", () => {
    expect(ours.map(([name]) => name).sort()).toEqual(["api", "migrate", "worker"]);
    const command = /^CMD (.*)$/m.exec(read("docker/Dockerfile"))?.[1] ?? "[]";
    const files = ours.map(([, service]) => (service.command ?? (JSON.parse(command) as string[])).at(-1) ?? "");
    expect(new Set(files).size).toBe(3);
    for (const file of files) {
      const source = file.replace(/^build\//, "").replace(/\.js$/, ".ts");
      expect([source, existsSync(join(root, source))]).toEqual([source, true]);
    }
  });

  test("every service, volume and secret that is named is there, and what is waited for can tell that it is ready", () => {
    for (const [, service] of services) {
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(Object.keys(compose.services)).toContain(name);
        if (condition === "service_healthy") expect(compose.services[name]?.healthcheck).toBeDefined();
      }
      for (const volume of service.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(":")[0]);
      for (const secret of service.secrets ?? []) expect(Object.keys(compose.secrets)).toContain(secret);
    }
  });

  test("the environment they are given is a configuration that Duly accepts, on hosts that exist", () => {
    for (const [, service] of ours) {
      const given = Object.entries(service.environment ?? {}).map(([name, value]): [string, string] => [
        name,
        value.replace(/\$\{\w+:\?\}/g, "password").replace(/\$\{\w+:-([^}]*)\}/g, "$1"),
      ]);
      const env: Record<string, string> = Object.fromEntries(given);
      expect(env.DULY_KEY_FILE).toBe(`/run/secrets/${service.secrets?.[0]}`);
      expect(() => loadConfig({ ...env, DULY_KEY_FILE: undefined })).toThrow(/^The configuration has 1 problem/);
      for (const name of ["DATABASE_URL", "REDIS_URL", "SMTP_URL"])
        expect(Object.keys(compose.services)).toContain(new URL(env[name] ?? "").hostname);
    }
  });

  test("each age that is documented can be set for them, and is otherwise as documented", () => {
    const ages = [...read("docs/running.md").matchAll(/^\| `(KEEP_\w+)`.*\| (\d+) +\|$/gm)].map(
      ([, name = "", months = ""]) => [name, `\${${name}:-${months}}`],
    );
    expect(ages).toHaveLength(3);
    for (const [, service] of ours) expect(service.environment).toMatchObject(Object.fromEntries(ages) as object);
  });

  test("the command line is in the image, and each of our servers is given time to end", () => {
    expect(read("docker/Dockerfile")).toContain("exec node /duly/build/api/cli.js");
    for (const [name, service] of services)
      if (name !== "mailpit")
        expect([name, service.stop_grace_period]).toEqual([name, expect.stringMatching(/^\d+s$/)]);
  });

  test("Valkey may not evict, and the image's user is not root", () => {
    expect(compose.services.valkey?.command?.join(" ")).toContain("--maxmemory-policy noeviction");
    expect(read("docker/Dockerfile")).toMatch(/^USER node$/m);
  });
});
