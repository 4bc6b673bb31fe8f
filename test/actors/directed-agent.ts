// An agent that does wrong what it is told to by whoever started it, and is otherwise the real one.
import { runCli } from "../../sdk/agent/cli.ts";
import { directedL1 } from "./directed-l1.ts";
import { DirectedNetwork } from "./directed-network.ts";
import { directedPublisher } from "./directed-publisher.ts";
import { Directions } from "./directions.ts";

const directions = new Directions();

await runCli(process.argv, {
  publisher: (real) => directedPublisher(real, directions),
  l1: (real) => directedL1(real, directions),
  network: (real) => new DirectedNetwork(real, directions),
});
