/** The load: keep-alive connections of node:http, each sending its next request when the last was answered. */
import { Agent, request as httpRequest } from "node:http";

export interface Call {
  method: "GET" | "POST";
  path: string;
  body?: string;
}

export interface Target {
  port: number;
  headers: Record<string, string>;
}

export class Connections {
  private agent: Agent;

  constructor(readonly count: number) {
    this.agent = this.open();
  }

  private open(): Agent {
    return new Agent({ keepAlive: true, maxSockets: this.count });
  }

  /** @throws for anything but a 200 whose body holds no GraphQL errors. */
  send(target: Target, call: Call): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers: Record<string, string | number> = { ...target.headers };
      if (call.body !== undefined) {
        headers["Content-Type"] = "application/json";
        headers["Content-Length"] = Buffer.byteLength(call.body);
      }
      const sent = httpRequest(
        { host: "127.0.0.1", port: target.port, path: call.path, method: call.method, headers, agent: this.agent },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(parts).toString();
            if (response.statusCode === 200 && !text.startsWith('{"errors"')) resolve(text);
            else reject(new Error(`${response.statusCode}: ${text.slice(0, 500)}`));
          });
        },
      );
      sent.on("error", reject);
      sent.end(call.body);
    });
  }

  /** Answered requests per second. `lane` is the number of the connection. */
  async measure(forMs: number, one: (lane: number) => Promise<unknown>): Promise<number> {
    const began = performance.now();
    let answered = 0;
    await Promise.all(
      Array.from({ length: this.count }, async (_, lane) => {
        while (performance.now() - began < forMs) {
          await one(lane);
          answered++;
        }
      }),
    );
    const rate = (answered * 1_000) / (performance.now() - began);
    // A server ends connections that rest while the others have their turn: the next run opens its own.
    this.agent.destroy();
    this.agent = this.open();
    return rate;
  }

  close(): void {
    this.agent.destroy();
  }
}

export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
};

/** Half the distance between the fastest and the slowest run, as a share of the median. */
export const spread = (values: number[]): number => (Math.max(...values) - Math.min(...values)) / 2 / median(values);

/** "0.93 ± 4 %": the median of the ratios of runs that stood beside each other. */
export function ratio(own: number[], others: number[]): { value: number; text: string } {
  const ratios = own.map((value, i) => value / (others[i] ?? NaN));
  const value = median(ratios);
  return { value, text: `${value.toFixed(2)} × ± ${(spread(ratios) * 100).toFixed(0)} %` };
}

export const verdict = (value: number, atLeast: number): string => (value >= atLeast ? "met" : "MISSED");
