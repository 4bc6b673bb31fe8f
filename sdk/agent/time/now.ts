/** The machine's clock, for a thread that only compares deadlines: Unix ms. Everything that waits takes a `Clock`. */
export const machineNowMs = (): number => Date.now();
