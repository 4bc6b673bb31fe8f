import type { ChainHead, Standing } from "./interface.ts";

/** What one endpoint told of its chain. */
export interface Look {
  head: ChainHead;
  /** Hash of its block at the number all are compared at; undefined if it has none there. */
  hashAtCommon: string | undefined;
}

/** An endpoint may lag behind the most advanced one by this: a block takes its time to everybody. */
const LAG_BLOCKS = 1;

/**
 * The number at which chains are compared: the lower median of the heads, so that neither one that stands still nor
 * one that claims to be far ahead decides it alone. Undefined without heads.
 */
export function commonNumber(heads: readonly (ChainHead | undefined)[]): number | undefined {
  const numbers = heads.flatMap((head) => (head === undefined ? [] : [head.number])).sort((a, b) => a - b);
  return numbers[Math.floor((numbers.length - 1) / 2)];
}

/**
 * Pure: where each endpoint's chain stands. The fork of the most endpoints counts; of two that have as many, the one in
 * use, unless the other has advanced further than a block that is on its way explains. Whoever told nothing is `level`:
 * its silence is judged elsewhere.
 */
export function standingsOf(looks: readonly (Look | undefined)[], current: number): Standing[] {
  const forks = new Map<string, { count: number; best: number; hasCurrent: boolean }>();
  for (const [at, look] of looks.entries()) {
    if (look?.hashAtCommon === undefined) continue;
    const fork = forks.get(look.hashAtCommon) ?? { count: 0, best: 0, hasCurrent: false };
    forks.set(look.hashAtCommon, {
      count: fork.count + 1,
      best: Math.max(fork.best, look.head.number),
      hasCurrent: fork.hasCurrent || at === current,
    });
  }
  const most = Math.max(0, ...[...forks.values()].map(({ count }) => count));
  const largest = [...forks].filter(([, { count }]) => count === most);
  const rank = ({ best, hasCurrent }: { best: number; hasCurrent: boolean }): number =>
    best + (hasCurrent ? LAG_BLOCKS + 0.5 : 0);
  const [hash, fork] = largest.sort(([, a], [, b]) => rank(b) - rank(a))[0] ?? [undefined, { best: 0 }];
  return looks.map((look) => {
    if (look === undefined) return "level";
    if (look.hashAtCommon !== undefined && look.hashAtCommon !== hash) return "forked";
    return look.head.number < fork.best - LAG_BLOCKS ? "behind" : "level";
  });
}
