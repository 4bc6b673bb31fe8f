import { randomBytes } from "node:crypto";
import { Bloom } from "@ethereumjs/vm";
import { expect } from "chai";
import { mayHoldLogsOf } from "../../../sdk/agent/l1/bloom.ts";
import { bytesToHex } from "../../../sdk/types/hex.ts";

describe("a block's bloom filter", () => {
  it("is read as another implementation writes it", () => {
    const bloom = new Bloom();
    const addresses = Array.from({ length: 40 }, () => randomBytes(20));
    for (const address of addresses.slice(0, 20)) bloom.add(address);
    const logsBloom = bytesToHex(bloom.bitvector);
    const shown = `addresses ${addresses.map(bytesToHex).join()}`;
    for (const address of addresses) {
      expect(mayHoldLogsOf(bytesToHex(address), logsBloom), shown).to.equal(bloom.check(address));
    }
    expect(mayHoldLogsOf(bytesToHex(addresses[0] as Uint8Array), `0x${"00".repeat(256)}`)).to.equal(false);
  });
});
