import { type Fragment, Interface, type InterfaceAbi, id } from "ethers";
import { compareText } from "./text.ts";

/** Kinds of an ABI's entries, in the order they are shown. */
const KINDS = ["constructor", "fallback", "receive", "function", "event", "error"];

/** An ABI for reading: one entry a line, sorted by kind and name, behind it its selector or topic. */
export function abiText(abi: InterfaceAbi): string {
  const { fragments } = new Interface(abi);
  const blocks = KINDS.map((kind) =>
    fragments
      .filter(({ type }) => type === kind)
      .map(lineOf)
      .sort(compareText)
      .join("\n"),
  );
  return blocks.filter((block) => block !== "").join("\n\n");
}

function lineOf(fragment: Fragment): string {
  const line = fragment.format("full").replaceAll(",", ", ").replaceAll(",  ", ", ");
  const selector = selectorOf(fragment);
  return selector === undefined ? line : `${line}\n  ${selector}`;
}

/** The first four bytes of the signature's hash; of an event all of them, which are its first topic. */
function selectorOf(fragment: Fragment): string | undefined {
  if (fragment.type === "event") return id(fragment.format("sighash"));
  if (fragment.type === "function" || fragment.type === "error") return id(fragment.format("sighash")).slice(0, 10);
  return undefined;
}
