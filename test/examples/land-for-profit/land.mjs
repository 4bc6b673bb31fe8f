// Lands other people's checkpoints when that pays: npm install baton ethers; node land.mjs
import * as baton from "baton";
import { JsonRpcProvider, Wallet } from "ethers";
import { agentUrl, key, l1Url, policy } from "./settings.mjs";

const provider = new JsonRpcProvider(l1Url);
const signer = new Wallet(key, provider);
const agent = baton.httpRpc(agentUrl);
const { rollup, chainId } = await baton.getDeployment(agent);
const journal = baton.openJournal({ path: "data/journal", chainId, account: signer.address });
const books = { journal, ledger: baton.openLedger("data/ledger") };
const watched = { source: baton.agentSource(agent), kzg: baton.createKzg() };
const submitter = await baton.IndependentSubmitter.open({ provider, signer, rollup, policy, ...watched, ...books });
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
const nextStep = baton.eachL1Block(provider);
const onReport = ({ slot, choice, outcome }) => console.log(slot ?? "no checkpoint", choice ?? "", outcome?.status);
const once = process.argv.includes("--once");
await baton.runSubmitter(submitter, { nextStep, signal: stop.signal, once, onReport });
console.log(baton.ledgerLines(submitter.rows, submitter.totals).join("\n"));
await submitter.close();
provider.destroy();
