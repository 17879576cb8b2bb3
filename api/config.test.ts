import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, loadConfig } from "./config";

describe("the configuration", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "duly-config-"));
    writeFileSync(join(folder, "key"), Buffer.alloc(32, 7));
    env = {
      DATABASE_URL: "mysql://duly:secret@127.0.0.1:3306/duly",
      REDIS_URL: "redis://127.0.0.1:6379",
      DULY_KEY_FILE: join(folder, "key"),
    };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function problems(): readonly string[] {
    try {
      loadConfig(env);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  }

  test("needs no more than a database, Redis and a key", () => {
    const config = loadConfig(env);
    expect(config).toMatchObject({ port: 4400, publicUrl: "http://localhost:4400", demo: false, logLevel: "info" });
    expect(config.key).toEqual(Buffer.alloc(32, 7));
    expect(config.smtpUrl).toBeUndefined();
  });

  test("names all its problems at once, and no secret in them", () => {
    env = {
      DATABASE_URL: "mysql://duly:secret@127.0.0.1:3306",
      REDIS_URL: "http://:secret@localhost",
      PORT: "44OO",
      DULY_DEMO: "yes",
      LOG_LEVEL: "loud",
      MAIL_FROM: "the office",
    };
    const found = problems();
    expect(found.map((sentence) => sentence.split(" ")[0])).toEqual([
      "DATABASE_URL",
      "PORT",
      "LOG_LEVEL",
      "MAIL_FROM",
      "REDIS_URL",
      "DULY_DEMO",
      "DULY_KEY_FILE",
    ]);
    expect(found.join()).not.toContain("secret");
  });

  test("takes a variable set to nothing as one that is not set", () => {
    env = { ...env, DATABASE_URL: "", SMTP_URL: " ", PORT: "" };
    expect(problems()).toEqual(["DATABASE_URL is missing."]);
  });

  test("reads a key written as hexadecimal digits, and refuses one of another length", () => {
    writeFileSync(join(folder, "key"), `${"0a".repeat(32)}\n`);
    expect(loadConfig(env).key).toEqual(Buffer.alloc(32, 10));
    writeFileSync(join(folder, "key"), "short");
    expect(problems()).toEqual([expect.stringContaining("32 bytes")]);
  });

  test("reads the addresses that demo mode may mail, however they are separated", () => {
    env.SMTP_ALLOW = "Head@School.example, chair@school.example\nclerk@school.example";
    expect(loadConfig(env).smtpAllow).toEqual(["head@school.example", "chair@school.example", "clerk@school.example"]);
  });

  test("gives links a base without a slash at its end", () => {
    env.PUBLIC_URL = "https://duly.school.example/";
    expect(loadConfig(env).publicUrl).toBe("https://duly.school.example");
  });
});
