import type { Provider } from "ethers";
import type { LandingRequest } from "../../submit/landings.ts";
import type { Simulate } from "../../submit/simulation.ts";
import type { SubmitRequest } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import type { ChallengeRequest, Challenger } from "./challenger.ts";
import { simulateCall } from "./simulate-call.ts";

/** Pays out what one account was credited: only that account can ask for it. */
export interface ClaimRequest extends SubmitRequest {
  from: Hex;
}

/** All that an agent's L1 accounts send. */
export type AgentRequest = LandingRequest | ChallengeRequest | ClaimRequest | SubmitRequest;

/** Asks for each request in its own way whether it would do what it is for. */
export function simulateRequest(
  provider: Provider,
  landing: Simulate<LandingRequest>,
  challenger: Pick<Challenger, "simulate">,
): Simulate<AgentRequest> {
  return (request, at) => {
    if ("call" in request) return landing(request, at);
    return "purpose" in request ? challenger.simulate(request, at) : simulateCall(provider, request, at);
  };
}
