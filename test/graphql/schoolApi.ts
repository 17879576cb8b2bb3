/** The API of a demo school in this process, and somebody who asks it over HTTP. */
import { request as httpRequest } from "node:http";
import { openWorld, type World } from "../../api/engine/world";
import { type Api, type ApiOptions, startApi } from "../../api/graphql/server";
import { demoPassword, newSchool, type School } from "../school";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** Empty where there is none. */
  data: Record<string, unknown>;
  errors: {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; problems?: { path: string; message: string }[]; current?: number };
  }[];
}

/** Opens /metrics. */
export const metricsToken = "a token for tests only";

export interface Asker {
  (query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
}

export interface SchoolApi {
  school: School;
  api: Api;
  /** A second process's server on the same database. */
  second(): Promise<{ world: World; api: Api; ask: (cookie?: string) => Asker }>;
  anybody: Asker;
  /** The session's cookie. */
  signIn(name: string): Promise<string>;
  as(name: string): Promise<Asker>;
  /** The id of a file that somebody has uploaded. */
  upload(name: string, file: string, bytes: Buffer | string): Promise<string>;
  close(): Promise<void>;
}

export const emailOf = (name: string): string => `${name.toLowerCase().replace(" ", ".")}@canterburyroad.invalid`;
export const SIGN_IN =
  "mutation SignIn($email: String!, $password: String!) { signIn(email: $email, password: $password) { person { id name } } }";

/** Sends one request as it is given; `fetch` would not let a test name every header. */
export function send(
  port: number,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = "POST", path = "/graphql", headers = {}, body } = options;
    const request = httpRequest({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const json = String(response.headers["content-type"]).startsWith("application/json")
          ? (JSON.parse(text) as Partial<Answer>)
          : {};
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          data: json.data ?? {},
          errors: json.errors ?? [],
        });
      });
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

export const asker =
  (port: number, always: Record<string, string> = {}): Asker =>
  (query, variables = {}, headers = {}) =>
    send(port, {
      headers: { "content-type": "application/json", "x-duly": "1", ...always, ...headers },
      body: JSON.stringify({ query, variables }),
    });

/** Uploads a file for an operation to read, as whoever the cookie is of. */
export async function sendFile(port: number, cookie: string, name: string, bytes: Buffer | string): Promise<string> {
  const headers = { cookie, "x-duly": "1" };
  const answer = await send(port, {
    path: `/files?name=${encodeURIComponent(name)}`,
    headers,
    body: Buffer.from(bytes),
  });
  if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${answer.text}`);
  return (JSON.parse(answer.text) as { id: string }).id;
}

/** `demo: false` as it is in production; `startsAt` as newSchool takes it. */
export async function newSchoolApi(
  options: {
    demo?: boolean;
    startsAt?: string;
    limits?: ApiOptions["limits"];
    rates?: ApiOptions["rates"];
    log?: World["log"];
  } = {},
): Promise<SchoolApi> {
  const school = await newSchool(options.startsAt);
  if (options.demo === false) school.world.demo = false;
  if (options.log) school.world.log = options.log;
  const { limits = {}, rates = {} } = options;
  const api = await startApi(school.world, 0, {
    adminFolder: "nowhere",
    host: "127.0.0.1",
    limits,
    rates,
    metricsToken,
  });
  const anybody = asker(api.port);
  const more: { world: World; api: Api }[] = [];
  const signIn = async (name: string): Promise<string> => {
    const answer = await anybody(SIGN_IN, { email: emailOf(name), password: demoPassword });
    const cookie = /^duly=[^;]+/.exec(String(answer.headers["set-cookie"]))?.[0];
    if (!cookie) throw new Error(`${name} could not sign in: ${answer.text}`);
    return cookie;
  };
  return {
    school,
    api,
    anybody,
    signIn,
    as: async (name) => asker(api.port, { cookie: await signIn(name) }),
    upload: async (name, file, bytes) => sendFile(api.port, await signIn(name), file, bytes),
    async second() {
      const world = await openWorld(school.world.config, 5);
      world.machineNow = () => school.world.machineNow();
      world.timeAt = (databaseNow) => school.world.timeAt(databaseNow);
      world.demo = school.world.demo;
      const other = await startApi(world, 0, { adminFolder: "nowhere", host: "127.0.0.1", rates });
      more.push({ world, api: other });
      return { world, api: other, ask: (cookie) => asker(other.port, cookie ? { cookie } : {}) };
    },
    async close() {
      for (const other of more) {
        await other.api.close();
        await other.world.close();
      }
      await api.close();
      await school.close();
    },
  };
}
