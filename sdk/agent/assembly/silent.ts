import type { Logger } from "../types/logger.ts";

const nothing = (): void => {};

/** For commands that print what they find, and log nothing. */
export const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
