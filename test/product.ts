/** The built product as a school runs it: its own database and mail server, API processes and workers, and people at it. */
import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { SMTPServer } from "smtp-server";
import { newDatabase } from "./database";
import { freePort } from "./freePort";

export interface Reply<T> {
  data: T | null;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; problems?: { path: string; message: string }[] };
  }[];
}

export interface Person {
  /** Answers with data; throws what the API refused, code first. */
  ask<T = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** The whole answer. */
  tell<T = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Reply<T>>;
  upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Response>;
}

export interface Product {
  databaseUrl: string;
  urls: string[];
  /** Where a school of its own is founded; empty for the demo. */
  foundUrl: string;
  /** Mails that reached the mail server. */
  mails: { to: string; raw: string }[];
  signIn(name: string, api?: number): Promise<Person>;
  anonymous(api?: number): Person;
  /** Moves the school's clock and waits until it has arrived. */
  advanceClock(to: string): Promise<void>;
  close(): Promise<void>;
}

const root = resolve(__dirname, "..");
const password = "a password for tests only";
export const emailOf = (name: string): string =>
  `${name.toLowerCase().replace(/[^a-z]+/g, ".")}@canterburyroad.invalid`;

async function mailServer(mails: Product["mails"]): Promise<{ url: string; close: () => Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const raw = Buffer.concat(parts).toString("utf8");
        for (const { address } of session.envelope.rcptTo) mails.push({ to: address, raw });
        done();
      });
    },
  });
  const port = await freePort();
  await new Promise<void>((ready) => server.listen(port, "127.0.0.1", ready));
  return { url: `smtp://127.0.0.1:${port}`, close: () => new Promise((done) => server.close(() => done())) };
}

/**
 * Starts a demo school, or an installation that waits for its own, with `apis` API processes and one worker. `year`: a
 * school with a year behind it, made from this number.
 */
export async function startProduct(
  options: { apis?: number; worker?: boolean; demo?: boolean; year?: number } = {},
): Promise<Product> {
  const mails: Product["mails"] = [];
  const [{ url: databaseUrl, db, dir, keyFile, drop }, smtp] = [await newDatabase(), await mailServer(mails)];
  await db.close();
  const people = ["Lindsey Glanville", "Zoe King", "Rowan Ashdown", "Edith Marlowe", "Nora Wingham"];
  const port = await freePort();
  const env: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    TZ: "UTC",
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl,
    REDIS_URL: process.env["TEST_REDIS_URL"],
    SMTP_URL: smtp.url,
    SMTP_ALLOW: people.map(emailOf).join(","),
    DULY_DATA: dir,
    DULY_DEMO: options.demo === false ? "0" : "1",
    DULY_DEMO_PASSWORD: password,
    DULY_DEMO_SEED: String(options.year ?? 0),
    DULY_KEY_FILE: keyFile,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    LOG_LEVEL: "warn",
    // One test asks for more in a minute than a school's people do.
    RATE_LIMIT: "1000000",
    RATE_LIMIT_UNSIGNED: "1000000",
  };
  const children: ChildProcess[] = [];
  let foundUrl = "";
  const start = (script: string, more: NodeJS.ProcessEnv = {}): ChildProcess => {
    const child = spawn(process.execPath, [join(root, "build", script)], {
      env: { ...env, ...more },
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout?.on("data", (text: Buffer) => {
      foundUrl = /"found":"([^"]+)"/.exec(text.toString())?.[1] ?? foundUrl;
    });
    children.push(child);
    return child;
  };
  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((done) => (child.exitCode === null ? child.once("exit", (code) => done(code)) : done(child.exitCode)));
  if ((await ended(start("api/migrate.js", { PORT: String(port) }))) !== 0)
    throw new Error("The database could not be prepared.");
  const ports = [port, ...(await Promise.all(Array.from({ length: (options.apis ?? 1) - 1 }, freePort)))];
  const urls = ports.map((one) => `http://127.0.0.1:${one}`);
  for (const one of ports) start("api/main.js", { PORT: String(one) });
  if (options.worker ?? true) start("workers/main.js", { PORT: String(port) });
  for (const url of urls) await until(async () => (await fetch(`${url}/healthz`)).ok, `${url} to answer`);

  function person(url: string, headers: Record<string, string>): Person {
    const tell = async <T>(
      query: string,
      variables: Record<string, unknown> = {},
      more: Record<string, string> = {},
    ) => {
      const response = await fetch(`${url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-duly": "1", ...headers, ...more },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Reply<T>;
    };
    return {
      tell,
      upload: (name, body) =>
        fetch(`${url}/files?name=${encodeURIComponent(name)}`, {
          method: "POST",
          headers: { "x-duly": "1", ...headers },
          body,
        }),
      async ask<T>(query: string, variables?: Record<string, unknown>) {
        const { data, errors } = await tell<T>(query, variables);
        if (errors?.length || !data) {
          const [first] = errors ?? [];
          throw new Error(
            `${first?.extensions.code ?? "?"}: ${first?.message ?? "no data"} ${JSON.stringify(first?.extensions.problems ?? [])}`,
          );
        }
        return data;
      },
    };
  }
  const product: Product = {
    databaseUrl,
    urls,
    foundUrl,
    mails,
    anonymous: (api = 0) => person(urls[api] ?? "", {}),
    async signIn(name, api = 0) {
      const response = await fetch(`${urls[api]}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-duly": "1" },
        body: JSON.stringify({
          query:
            "mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { __typename } }",
          variables: { email: emailOf(name), password },
        }),
      });
      const cookie = response.headers.getSetCookie()[0]?.split(";")[0];
      if (!cookie) throw new Error(`${name} could not sign in: ${await response.text()}`);
      return person(urls[api] ?? "", { cookie });
    },
    async advanceClock(to) {
      const someone = await product.signIn("Harriet Stowting");
      await someone.ask("mutation ($to: DateTime!) { advanceClock(to: $to) { now } }", { to });
      await until(async () => {
        const { clock } = await someone.ask<{ clock: { now: string; advancingTo: string | null } }>(
          "{ clock { now advancingTo } }",
        );
        return clock.advancingTo === null && clock.now >= to;
      }, `the clock to reach ${to}`);
    },
    async close() {
      for (const child of children) child.kill("SIGTERM");
      await Promise.all(children.map(ended));
      await smtp.close();
      await drop();
    },
  };
  return product;
}

/** Asks again until it holds. @throws after 40 seconds. */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 40_000;
  for (;;) {
    if (await holds().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((again) => setTimeout(again, 150));
  }
}
