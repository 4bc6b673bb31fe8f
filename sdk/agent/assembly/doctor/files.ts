import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { computeAddress } from "ethers";
import type { Hex } from "../../../types/hex.ts";
import type { AgentConfig } from "../../config/interface.ts";
import { readJwtSecret } from "../../config/jwt-secret.ts";
import { readToken } from "../../config/signer.ts";
import { publicKeyIn } from "../validator.ts";
import { type Finding, fail, failed, ok, warn } from "./finding.ts";

const MEBIBYTE = 1 << 20;
/** Below it the next epochs may not fit. */
const FEW_MEBIBYTES = 4_096;
/** Below it a database may fail to grow at the next write. */
const TOO_FEW_MEBIBYTES = 256;

/** Whether the keys are keys, and who can read the files they stand in. */
export function examineKeys(config: AgentConfig, configFile: string): Finding[] {
  const findings = [privacyOf(configFile)];
  const { validators, engine } = config;
  const { accountKeys } = config.l1;
  for (const [i, validator] of validators.entries()) {
    findings.push(
      attempt("validator key", `Put the validator's own key into validators[${i}].blsSecretKey`, () => {
        return `its public key starts with ${publicKeyIn(validator).slice(0, 18)}`;
      }),
    );
    const tokenPath = validator.signer?.tokenPath;
    if (tokenPath === undefined) continue;
    const token = attempt("signer token", "Give agent and remote signer the same file", () => {
      readToken(tokenPath);
      return "can be read";
    });
    findings.push(token);
    if (token.result === "ok") findings.push(privacyOf(tokenPath));
  }
  for (const accountKey of accountKeys) {
    const account = accountOf(accountKey);
    findings.push(
      account === undefined
        ? fail(
            "account key",
            "expected a number from 1 to the curve's order",
            "Put an L1 account's key into l1.accountKeys",
          )
        : ok("account key", `its account is ${account}`),
    );
  }
  if (engine !== undefined) {
    const secret = attempt("JWT secret", "Give agent and execution client the same file", () => {
      readJwtSecret(engine.jwtSecretPath);
      return "can be read";
    });
    findings.push(secret);
    if (secret.result === "ok") findings.push(privacyOf(engine.jwtSecretPath));
  }
  return findings;
}

/** Whether the agent can write where it keeps what it must not lose. */
export function examineDisk({ dataDir }: AgentConfig): Finding[] {
  const { directory, isWritable, freeBytes } = placeOf(dataDir);
  if (!isWritable) {
    return [fail("disk", `${directory} cannot be written to`, "Give its owner the agent's user, or change dataDir")];
  }
  return [spaceFinding(directory, Math.floor(freeBytes / MEBIBYTE))];
}

/** Where a directory is, or would be made, and what could be put there. */
export function placeOf(path: string): { directory: string; isWritable: boolean; freeBytes: number } {
  const directory = nearestExisting(resolve(path));
  const { bavail, bsize } = statfsSync(directory);
  const isDirectory = statSync(directory).isDirectory();
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return { directory, isWritable: isDirectory, freeBytes: bavail * bsize };
  } catch {
    return { directory, isWritable: false, freeBytes: bavail * bsize };
  }
}

/** What so much free space means for an agent. */
export function spaceFinding(directory: string, freeMebibytes: number): Finding {
  const text = `${freeMebibytes} MiB free for ${directory}`;
  const remedy = `Free some space: expected ${FEW_MEBIBYTES} MiB`;
  if (freeMebibytes < TOO_FEW_MEBIBYTES) return fail("disk", text, remedy);
  return freeMebibytes < FEW_MEBIBYTES ? warn("disk", text, remedy) : ok("disk", text);
}

/** Address of a key's L1 account; undefined if the key is none. */
export function accountOf(key: Hex): Hex | undefined {
  try {
    return computeAddress(key).toLowerCase() as Hex;
  } catch {
    return undefined;
  }
}

function privacyOf(path: string): Finding {
  const mode = statSync(path).mode & 0o777;
  const text = `${path} has mode ${mode.toString(8)}`;
  return mode & 0o077
    ? warn("permissions", `${text}, so others can use its keys`, `Run chmod 600 ${path}`)
    : ok("permissions", text);
}

function attempt(check: string, remedy: string, action: () => string): Finding {
  try {
    return ok(check, action());
  } catch (error) {
    return failed(check, error, remedy);
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
