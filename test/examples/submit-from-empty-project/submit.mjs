// Lands a certified checkpoint from an empty project: npm install baton ethers; node submit.mjs
import { createKzg, createSubmitter, eachL1Block, getTips, landingRequest, versionedHash, waitForLanding } from "baton";
import { JsonRpcProvider, Wallet } from "ethers";
import { blob, key, policy, recipient, rollup, submission, url, window } from "./checkpoint.mjs";

const provider = new JsonRpcProvider(url);
const submitter = await createSubmitter({ provider, rollup, signer: new Wallet(key, provider), policy });
const sidecar = await createKzg().sidecar(blob, policy.blobWrapperVersion);
const item = { submission, blobs: [sidecar], blobHashes: [versionedHash(sidecar.commitment)] };
const request = landingRequest(rollup, [item], { recipient, ...window });
console.log("would land:", await submitter.simulate(request, await eachL1Block(provider)()));
const outcome = await waitForLanding(submitter, request, { nextStep: eachL1Block(provider), onOutcome: console.log });
console.log("outcome:", outcome.reason, outcome.detail ?? "");
console.log("tip of the rollup:", await getTips({ provider, rollup }));
provider.destroy();
