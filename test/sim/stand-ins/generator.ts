import { bls12_381 } from "@noble/curves/bls12-381.js";

const { Point } = bls12_381.G1;
type G1Point = InstanceType<typeof Point>;

/** Bits of a scalar that are looked up at once. */
const WINDOW = 4n;
/** Multiples of the generator by window of a scalar and digit in it; made as far as scalars need them. */
const multiples: G1Point[][] = [];

/** The generator times a small scalar, with a table: an addition for every four bits. */
export function timesGenerator(scalar: bigint): G1Point {
  let product = Point.ZERO;
  for (let window = 0, left = scalar; left > 0n; window++, left >>= WINDOW) {
    const row = multiples[window] ?? rowAfter(multiples[window - 1]?.[1]);
    multiples[window] = row;
    product = product.add(row[Number(left & ((1n << WINDOW) - 1n))] as G1Point);
  }
  return product;
}

/** The multiples 0 to 15 of a window's first, given that of the window before. */
function rowAfter(before: G1Point | undefined): G1Point[] {
  const first = before === undefined ? Point.BASE : before.double().double().double().double();
  const row = [Point.ZERO];
  for (let digit = 1; digit < 1 << Number(WINDOW); digit++) row.push((row[digit - 1] as G1Point).add(first));
  return row;
}
