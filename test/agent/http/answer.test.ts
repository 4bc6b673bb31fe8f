import { expect } from "chai";
import { reasonOf, textOf } from "../../../sdk/agent/http/answer.ts";

/** An answer in pieces, and how many of them were read. */
function answerOf(pieces: string[]): { response: Response; read: () => number; isCancelled: () => boolean } {
  let read = 0;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces[read++];
        if (piece === undefined) controller.close();
        else controller.enqueue(Buffer.from(piece));
      },
      cancel() {
        isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(body), read: () => read, isCancelled: () => isCancelled };
}

describe("an answer over HTTP", () => {
  it("is read as a whole up to its bound", async () => {
    expect(await textOf(answerOf(["ab", "cä"]).response, 5)).to.equal("abcä");
    expect(await textOf(new Response(null), 0)).to.equal("");
  });

  it("is read no further when it is one byte too long, and its sender is told", async () => {
    const { response, read, isCancelled } = answerOf(["ab", "cde", "never read"]);
    const failure = await textOf(response, 4).catch(reasonOf);
    expect(failure).to.equal("expected an answer of at most 4 bytes, got more");
    expect([read(), isCancelled()]).to.deep.equal([2, true]);
  });

  it("that does not come has the reason that fetch keeps to itself", () => {
    expect(reasonOf(new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") }))).to.equal(
      "fetch failed: connect ECONNREFUSED",
    );
    expect(reasonOf(new Error("late"))).to.equal("late");
    expect(reasonOf("gone")).to.equal("gone");
  });
});
