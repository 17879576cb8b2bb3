import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import proxyAddr from "proxy-addr";

export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

/** How many proxies stand in front, or their addresses and networks ("loopback", "10.0.0.0/8"). */
export type TrustProxy = number | readonly string[];

/** Everything the environment decides, read once at the start of a process. */
export interface Config {
  /** mysql://user:password@host:port/database */
  databaseUrl: string;
  /** redis://… or rediss://… */
  redisUrl: string;
  /** 0 lets the system choose. */
  port: number;
  /** The address to listen on: the loopback address unless HOST says otherwise. */
  host: string;
  /** Where people reach Duly, without a slash at the end; the base of every link in a mail. */
  publicUrl: string;
  /** smtp://… or smtps://…; without it mail is kept and readable in the back office. */
  smtpUrl?: string;
  mailFrom: string;
  /** The address that mail servers report failures to; without it to that of `mailFrom`. See `duly bounces`. */
  mailBounces?: string;
  /** In demo mode the only addresses that SMTP_URL may be used for, in lower case. */
  smtpAllow: readonly string[];
  /** Where the database lives, in words: another one makes it a copy (`engine/place.ts`). */
  place: string;
  /** After how many months what is kept of the past is let go of (`engine/clearAged.ts`); 0: never. */
  ages: { emails: number; views: number; timers: number };
  /** The folder for what is kept outside the database. */
  dataDir: string;
  demo: boolean;
  /** The demo people's password; demo mode only. */
  demoPassword?: string;
  /** The number from which an empty database is given a year of the demo school; without it the school has only begun. */
  demoSeed?: number;
  /** 32 bytes: signs one-time links and seals, encrypts sensitive fields. Never in the database. */
  key: Buffer;
  logLevel: LogLevel;
  production: boolean;
  /** Opens /metrics to whoever sends it; without it only to this machine. */
  metricsToken?: string;
  /** Whose `x-forwarded-for` is believed; nobody's where it is not set. */
  trustProxy?: TrustProxy;
  /** Requests a minute: of one session or token, and of one address without any. */
  rateLimit: number;
  rateLimitUnsigned: number;
  /** A file that the worker writes each time its sweep has come round: how a container's health is asked. */
  roundFile?: string;
}

/** Names every problem of the environment at once, one sentence each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s):\n${problems.map((text) => `- ${text}`).join("\n")}`);
    this.name = "ConfigError";
  }
}

const logLevels: readonly LogLevel[] = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/**
 * Reads `env`; nothing else in api or workers reads the environment.
 * @throws ConfigError naming every variable that is missing or wrong.
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  // An empty variable is one that is not set: compose files pass those on.
  const text = (name: string) => env[name]?.trim() || undefined;

  function url(name: string, schemes: readonly string[], value = text(name)): string {
    if (value === undefined) return "";
    const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : undefined;
    if (scheme === undefined || !schemes.includes(scheme))
      problems.push(`${name} must be a URL that starts with ${schemes.map((each) => `${each}://`).join(" or ")}.`);
    return value;
  }

  function needed(name: string, value: string): string {
    if (value === "" && text(name) === undefined) problems.push(`${name} is missing.`);
    return value;
  }

  function flag(name: string): boolean {
    const value = text(name);
    if (value !== undefined && !/^(0|1|true|false)$/.test(value)) problems.push(`${name} must be 0 or 1.`);
    return value === "1" || value === "true";
  }

  const databaseUrl = needed("DATABASE_URL", url("DATABASE_URL", ["mysql", "mariadb"]));
  if (URL.canParse(databaseUrl) && new URL(databaseUrl).pathname.length < 2)
    problems.push("DATABASE_URL must name a database, as in mysql://user:password@host:3306/duly.");

  const port = Number(text("PORT") ?? 4400);
  const portIsGood = Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (!portIsGood) problems.push("PORT must be a whole number up to 65535.");

  const seed = text("DULY_DEMO_SEED");
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) problems.push("DULY_DEMO_SEED must be a whole number.");

  const level = text("LOG_LEVEL") ?? "info";
  const logLevel = logLevels.find((each) => each === level);
  if (logLevel === undefined) problems.push(`LOG_LEVEL must be one of ${logLevels.join(", ")}.`);

  const months = (name: string, usual: number): number => {
    const value = text(name);
    if (value !== undefined && !/^\d{1,4}$/.test(value)) problems.push(`${name} must be a whole number of months.`);
    return value === undefined ? usual : Number(value);
  };

  const mailFrom = text("MAIL_FROM") ?? "Duly <duly@localhost>";
  if (!/^[^<>@\s]+@[^<>@\s]+$|^[^<>]*<[^<>@\s]+@[^<>@\s]+>$/.test(mailFrom))
    problems.push("MAIL_FROM must be an address, as in Duly <duly@school.example>.");

  const mailBounces = text("MAIL_BOUNCES");
  if (mailBounces !== undefined && !/^[^<>@\s]+@[^<>@\s]+$/.test(mailBounces))
    problems.push("MAIL_BOUNCES must be an address, as in bounces@school.example.");

  const rate = (name: string, otherwise: number): number => {
    const value = text(name) ?? String(otherwise);
    if (!/^[1-9]\d{0,8}$/.test(value)) problems.push(`${name} must be a number of requests a minute, 1 or more.`);
    return Number(value);
  };
  const rateLimit = rate("RATE_LIMIT", 3_000);
  const rateLimitUnsigned = rate("RATE_LIMIT_UNSIGNED", 1_200);
  const trustProxy = readTrustProxy(text("TRUST_PROXY"), problems);

  const config: Config = {
    databaseUrl,
    redisUrl: needed("REDIS_URL", url("REDIS_URL", ["redis", "rediss"])),
    port,
    host: text("HOST") ?? "127.0.0.1",
    publicUrl: url(
      "PUBLIC_URL",
      ["http", "https"],
      text("PUBLIC_URL") ?? `http://localhost:${portIsGood ? port : 4400}`,
    ).replace(/(?<!\/)\/+$/, ""),
    smtpUrl: url("SMTP_URL", ["smtp", "smtps"]) || undefined,
    mailFrom,
    mailBounces,
    smtpAllow: (text("SMTP_ALLOW") ?? "")
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter(Boolean),
    ages: {
      emails: months("KEEP_EMAIL_MONTHS", 24),
      views: months("KEEP_VIEW_MONTHS", 72),
      timers: months("KEEP_TIMER_MONTHS", 12),
    },
    place: text("DULY_PLACE") ?? placeOf(databaseUrl, text("PUBLIC_URL")),
    dataDir: resolve(text("DULY_DATA") ?? "var"),
    demo: flag("DULY_DEMO"),
    demoPassword: text("DULY_DEMO_PASSWORD"),
    ...(Number(seed ?? 0) > 0 ? { demoSeed: Number(seed) } : {}),
    key: readKey(text("DULY_KEY_FILE"), problems),
    logLevel: logLevel ?? "info",
    production: env.NODE_ENV === "production",
    metricsToken: text("METRICS_TOKEN"),
    ...(trustProxy === undefined ? {} : { trustProxy }),
    rateLimit,
    rateLimitUnsigned,
    roundFile: text("DULY_ROUND_FILE"),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/**
 * The server and the database's name, and the address people use where one is set. No port: a private server may get
 * another at each start.
 */
function placeOf(databaseUrl: string, publicUrl = ""): string {
  if (!URL.canParse(databaseUrl)) return "";
  const { hostname, pathname } = new URL(databaseUrl);
  const address = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  const own = address && !["localhost", "127.0.0.1"].includes(address.hostname);
  // As it is compared: a slash at its end is no other place.
  const reached = own ? ` for ${address.origin}${address.pathname.replace(/(?<!\/)\/+$/, "")}` : "";
  return `${hostname}${pathname}${reached}`.slice(0, 400);
}

function readTrustProxy(value: string | undefined, problems: string[]): TrustProxy | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]$/.test(value)) return Number(value);
  const networks = value.split(/[\s,]+/).filter(Boolean);
  try {
    // By itself it reads "0" as an address.
    if (networks.some((each) => !/^(loopback|linklocal|uniquelocal)$|[.:]/.test(each)))
      throw new TypeError("No address.");
    proxyAddr.compile(networks);
    return networks;
  } catch {
    problems.push(
      "TRUST_PROXY must say how many proxies stand in front (1 to 9), or name them: loopback, uniquelocal, 10.0.0.5, 10.0.0.0/8.",
    );
    return undefined;
  }
}

/** The file holds the 32 bytes as they are, or as 64 hexadecimal digits. */
function readKey(file: string | undefined, problems: string[]): Buffer {
  if (file === undefined) {
    problems.push("DULY_KEY_FILE is missing: it names a file of 32 random bytes.");
    return Buffer.alloc(0);
  }
  try {
    const bytes = readFileSync(file);
    const digits = bytes.length === 32 ? "" : bytes.toString("latin1").trim();
    const key = /^[0-9a-f]{64}$/i.test(digits) ? Buffer.from(digits, "hex") : bytes;
    if (key.length !== 32) problems.push(`DULY_KEY_FILE must hold 32 bytes; ${file} has ${key.length}.`);
    return key;
  } catch (error) {
    problems.push(`DULY_KEY_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
    return Buffer.alloc(0);
  }
}
