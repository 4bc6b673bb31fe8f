import { expect } from "chai";
import { SigningKey } from "ethers";
import { recoverPublicKey } from "../../../sdk/agent/engine/crypto/recovery.ts";
import { hexToBytes } from "../../../sdk/types/hex.ts";

const bytes = (hex: string): Uint8Array => hexToBytes(hex as `0x${string}`);
const key = new SigningKey(`0x${"17".repeat(32)}`);
const message = `0x${"ab".repeat(32)}`;
const { r, s, yParity } = key.sign(message);
const recover = (digest: string, v: bigint, chainId?: bigint): string =>
  Buffer.from(recoverPublicKey(bytes(digest), v, bytes(r), bytes(s), chainId)).toString("hex");
const expected = key.publicKey.slice(4);

describe("recovering who signed", () => {
  it("answers the same however often, and however the recovery bit is written", () => {
    for (const v of [BigInt(yParity), BigInt(yParity) + 27n]) {
      for (const _ of [1, 2]) expect(recover(message, v)).to.equal(expected);
    }
    expect(recover(message, BigInt(yParity) + 35n + 2n * 7n, 7n)).to.equal(expected);
  });

  it("remembers nothing that another message or bit could take for its own", () => {
    expect(recover(message, BigInt(yParity))).to.equal(expected);
    expect(recover(`0x${"ab".repeat(31)}ac`, BigInt(yParity))).to.not.equal(expected);
    expect(recover(message, BigInt(1 - yParity))).to.not.equal(expected);
  });

  it("gives out bytes of its own each time", () => {
    const first = recoverPublicKey(bytes(message), BigInt(yParity), bytes(r), bytes(s));
    first.fill(0);
    expect(recover(message, BigInt(yParity))).to.equal(expected);
  });
});
