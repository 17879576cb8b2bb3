/** Documents made to hurt: each fails with a sentence, while everybody else goes on. */
import { bounds, endIdleThreads, heavily } from "../../api/engine/heavy/pool";
import { Failure } from "../../schema/failure";
import { docxOf, hostileDocuments, paragraph } from "../hostileFiles";

const read = (bytes: Uint8Array, owner = "Zoe", fileName = "policy.docx") =>
  heavily("policyDocument", { bytes, fileName, today: "2026-11-30" }, owner);
const harmless = () =>
  docxOf(["Mobile phone policy", "Phones stay in bags.", "Next review: 1 September 2027"].map(paragraph).join(""));

/** What became of a job, and how often the event loop came round meanwhile. */
async function outcomeOf(job: Promise<unknown>): Promise<{ failure: Failure | undefined; turns: number }> {
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 5);
  try {
    await job;
    return { failure: undefined, turns };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { failure: error, turns };
  } finally {
    clearInterval(ticking);
  }
}

const { policyDocument } = bounds;
beforeEach(() => {
  bounds.policyDocument = { ...policyDocument, seconds: 4 };
});
/** Whatever else the machine does, a small document is read. */
const patiently = (): void => void (bounds.policyDocument = { ...policyDocument, seconds: 60 });
afterAll(async () => {
  bounds.policyDocument = policyDocument;
  await endIdleThreads();
});

test.each(Object.entries(hostileDocuments))("%s: refused or read, and the next document is read", async (_, make) => {
  const bytes = await make();
  const { failure } = await outcomeOf(read(bytes));
  if (failure) {
    expect(failure.code).toBe("INVALID_INPUT");
    expect(failure.problems).toEqual([
      { path: "file", message: expect.stringMatching(/^(This|policy\.docx) .*\.$/) as string },
    ]);
  }
  patiently();
  const [policy] = await read(await harmless());
  expect(policy?.values.reviewBy).toBe("2027-09-01");
});

test("while a document is being read the loop goes on", async () => {
  const make = hostileDocuments["a hundred thousand paragraphs"];
  const { failure, turns } = await outcomeOf(read((await make?.()) ?? Buffer.alloc(0)));
  expect(failure?.message).toMatch(/too large or too complicated to read/);
  expect(turns).toBeGreaterThan(50);
});

test("one person's documents do not keep another's waiting, and nobody's queue is endless", async () => {
  const slow = (await hostileDocuments["a hundred thousand paragraphs"]?.()) ?? Buffer.alloc(0);
  const order: string[] = [];
  const flood = Array.from({ length: 40 }, () =>
    read(slow, "Flooder").then(
      () => undefined,
      (error: unknown) => {
        if ((error as Failure).code !== "UNAVAILABLE") order.push("Flooder");
        return (error as Failure).code;
      },
    ),
  );
  await read(await harmless(), "Zoe").then(() => order.push("Zoe"));
  const codes = await Promise.all(flood);
  expect(codes.filter((code) => code === "UNAVAILABLE").length).toBe(36);
  // At most the one that ran in the other thread was done with before.
  expect(order.indexOf("Zoe")).toBeLessThanOrEqual(1);
});
