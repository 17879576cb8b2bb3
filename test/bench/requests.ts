/** What is asked of each contestant: the same four operations over HTTP, and answers that are compared beforehand. */
import { isDeepStrictEqual } from "node:util";
import { Connections, median, ratio, spread, type Target, verdict } from "./load";
import { benchPolicy, states } from "./policyType";
import { type Contestant, residentMb, startDuly, startLimit } from "./processes";
import { type Bench, newBench, policyCount } from "./seed";
import { auditTables } from "./statements";

type Name = "raw" | "hand" | "duly";
const names: Name[] = ["raw", "hand", "duly"];

/** One operation: sends it to a contestant. `n` is any number: it chooses the policy or the state. */
interface Operation {
  label: string;
  /** Times what `hand` reaches. */
  target: number;
  send: (name: Name, lane: number, n: number) => Promise<string>;
}

const LINE = "id reference title state reviewBy owner { id name }";
const one = `query One($id: ID!) { benchPolicy(id: $id) { ${LINE} text } }`;
const list = {
  hand: `query List($state: String!) { benchPolicies(state: $state) { nodes { ${LINE} } } }`,
  duly: `query List($state: BenchPolicyState!) {
    benchPolicies(filter: { state: { eq: $state } }, sort: [REVIEW_BY_ASC], first: 25) { nodes { ${LINE} } } }`,
};
const update = {
  hand: `mutation Update($id: ID!, $input: UpdateBenchPolicyInput!) {
    updateBenchPolicy(id: $id, input: $input) { id note version } }`,
  duly: `mutation Update($id: ID!, $version: Int!, $input: UpdateBenchPolicyInput!) {
    updateBenchPolicy(id: $id, expectedVersion: $version, input: $input) { id note version } }`,
};
const counts = {
  hand: "query Counts { benchPolicyCounts { value count } }",
  duly: "query Counts { benchPolicyCounts(by: STATE) { value count } }",
};

function operations(bench: Bench, targets: Record<Name, Target>, connections: Connections): Operation[] {
  const ask = (name: Name, query: string, variables: Record<string, unknown>) =>
    connections.send(targets[name], {
      method: "POST",
      path: name === "duly" ? "/graphql" : "/",
      body: JSON.stringify({ query, variables }),
    });
  const get = (path: string) => connections.send(targets.raw, { method: "GET", path });
  const policy = (n: number) => bench.policies[n % policyCount] ?? "";
  // Versions are known to who changes a policy: each contestant and connection changes policies of its own.
  const versions = new Map<string, number>();
  const share = Math.floor(policyCount / (names.length * connections.count));
  const mine = (name: Name, lane: number, n: number) =>
    policy((names.indexOf(name) * connections.count + lane) * share + (n % share));
  return [
    {
      label: "one policy by id, with owner",
      target: 0.8,
      send: (name, _lane, n) => (name === "raw" ? get(`/policy/${policy(n)}`) : ask(name, one, { id: policy(n) })),
    },
    {
      label: "25 of one state by review date, with owners",
      target: 1.3,
      send(name, _lane, n) {
        const state = states[n % states.length];
        return name === "raw" ? get(`/policies/${state}`) : ask(name, list[name], { state });
      },
    },
    {
      label: "update of one field, audited",
      target: 0.5,
      async send(name, lane, n) {
        const id = mine(name, lane, n);
        const note = `Seen in round ${n}`;
        if (name === "raw")
          return connections.send(targets.raw, {
            method: "POST",
            path: `/policy/${id}`,
            body: JSON.stringify({ note }),
          });
        const version = versions.get(id) ?? 1;
        const text = await ask(name, update[name], { id, input: { note }, ...(name === "duly" && { version }) });
        versions.set(id, version + 1);
        return text;
      },
    },
    {
      label: "counts by state",
      target: 0.9,
      send: (name) => (name === "raw" ? get("/counts") : ask(name, counts[name], {})),
    },
  ];
}

/** The rows of an answer, whatever stands around them. */
function rowsOf(text: string): unknown {
  let value = JSON.parse(text) as unknown;
  while (typeof value === "object" && value !== null && Object.keys(value).length === 1) [value] = Object.values(value);
  if (!Array.isArray(value)) return value;
  return value.map((row) => JSON.stringify(row, Object.keys(row as object).sort())).sort();
}

/** @throws where a contestant answers something else than `hand`: its speed would mean nothing. */
async function compareAnswers(all: Operation[]): Promise<void> {
  for (const { label, send } of all)
    for (const n of [1, 7]) {
      const [raw, hand, duly] = await Promise.all(names.map(async (name) => rowsOf(await send(name, 0, n))));
      // Each updates a policy of its own: there only the note and the version can be compared.
      const part = (value: unknown) =>
        label.startsWith("update") ? { ...(value as Record<string, unknown>), id: "" } : value;
      if (!isDeepStrictEqual(part(duly), part(hand)) || (n === 1 && JSON.stringify(raw).length < 20))
        throw new Error(`${label}: ${JSON.stringify(duly).slice(0, 300)} is not ${JSON.stringify(hand).slice(0, 300)}`);
    }
}

export interface RequestOptions {
  rounds: number;
  forMs: number;
  connections: number;
}

export async function benchRequests({ rounds, forMs, connections: count }: RequestOptions): Promise<string[]> {
  const stateOf = (n: number) => states[n % states.length] ?? "";
  const bench = await newBench({ type: benchPolicy, stateOf, reviewIn: (n) => 30 + (n % 300) });
  const running: Contestant[] = [];
  // The API is ready only where a worker lives: this is its heartbeat.
  const beat = () => void bench.world.queue.heartbeat("bench").catch(() => undefined);
  beat();
  const beating = setInterval(beat, 4_000);
  const connections = new Connections(count);
  try {
    for (const statement of auditTables) await bench.world.db.execute(statement);
    const env = { ...bench.env, BENCH_ORGANISATION: bench.organisation, BENCH_PERSON: bench.clerk };
    const readyMs: number[] = [];
    for (let i = 0; i < 3; i++) {
      const started = await startDuly(bench.env);
      readyMs.push(started.readyMs);
      if (i < 2) await started.stop();
      else running.push(started);
    }
    const [duly] = running;
    const [raw, hand] = [await startLimit("raw.ts", env), await startLimit("hand.ts", env)];
    running.push(raw, hand);
    const target = (contestant: Contestant | undefined, headers: Record<string, string> = {}): Target => ({
      port: contestant?.port ?? 0,
      headers,
    });
    const targets = {
      raw: target(raw),
      hand: target(hand),
      duly: target(duly, { Authorization: `Bearer ${bench.token}` }),
    };
    const all = operations(bench, targets, connections);
    await compareAnswers(all);
    const lines = await race(all, connections, { rounds, forMs });
    return [...lines, ...(await benchMemory(bench, targets, duly, readyMs))];
  } finally {
    connections.close();
    for (const contestant of running) await contestant.stop();
    clearInterval(beating);
    await bench.close();
  }
}

async function race(
  all: Operation[],
  connections: Connections,
  { rounds, forMs }: Pick<RequestOptions, "rounds" | "forMs">,
): Promise<string[]> {
  let n = 10;
  const measured = all.map(() => ({ raw: [] as number[], hand: [] as number[], duly: [] as number[] }));
  const run = (send: Operation["send"], name: Name, ms: number) =>
    // A stride that visits all policies, in no order the database could profit from.
    connections.measure(ms, (lane) => send(name, lane, (n += 7_919)));
  for (const { send } of all) for (const name of names) await run(send, name, forMs);
  for (let round = 0; round < rounds; round++)
    for (const [i, { send }] of all.entries())
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + round) % names.length] ?? "raw";
        measured[i]?.[name].push(await run(send, name, forMs));
      }
  return all.flatMap(({ label, target }, i) => {
    const rates = measured[i];
    if (!rates) return [];
    const perSecond = (name: Name) =>
      `${name} ${median(rates[name]).toFixed(0)}/s ± ${(spread(rates[name]) * 100).toFixed(0)} %`;
    const { value, text } = ratio(rates.duly, rates.hand);
    return [
      label,
      `  ${names.map(perSecond).join(" | ")}`,
      `  Duly to hand ${text}, target ≥ ${target}: ${verdict(value, target)}; hand to raw ${ratio(rates.hand, rates.raw).text}`,
    ];
  });
}

/** Memory at 64 connections that mix everything. */
async function benchMemory(
  bench: Bench,
  targets: Record<Name, Target>,
  duly: Contestant | undefined,
  readyMs: number[],
): Promise<string[]> {
  const connections = new Connections(64);
  const mixed = operations(bench, targets, connections).filter(({ label }) => !label.startsWith("update"));
  const resting = residentMb(duly?.child.pid);
  let n = 0;
  let most = 0;
  const watching = setInterval(() => (most = Math.max(most, residentMb(duly?.child.pid))), 100);
  await connections.measure(5_000, () => mixed[++n % mixed.length]?.send("duly", 0, n * 7_919) ?? Promise.resolve());
  clearInterval(watching);
  connections.close();
  const ready = median(readyMs) / 1_000;
  return [
    `API process: ${most.toFixed(0)} MB resident at 64 connections, target < 200: ${most < 200 ? "met" : "MISSED"}` +
      `; ${resting.toFixed(0)} MB before, its most ever ${residentMb(duly?.child.pid, "VmHWM").toFixed(0)} MB`,
    `API process: ready after ${ready.toFixed(2)} s, target < 3: ${ready < 3 ? "met" : "MISSED"} (median of ${readyMs.length})`,
  ];
}
