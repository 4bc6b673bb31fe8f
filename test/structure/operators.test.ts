import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Command } from "commander";
import { addDoctorCommand } from "../../sdk/agent/commands/doctor.ts";
import { addGuardCommands } from "../../sdk/agent/commands/guard.ts";
import { addSignerCommand } from "../../sdk/agent/commands/signer.ts";
import { agentConfigSchema } from "../../sdk/agent/config/interface.ts";
import { KEYS_PATH, REFUSALS, SIGN_PATH, signRequestSchema } from "../../sdk/agent/guard/remote/protocol.ts";
import { sources } from "../support/sources.ts";

const page = readFileSync("docs/operators.md", "utf8");

describe("the operators' page", () => {
  it("quotes log lines that the agent writes", () => {
    const table = page.slice(page.indexOf("## What the log says"));
    const quoted = [...table.matchAll(/^\| `([^`…]+)/gm)].map((match) => (match[1] as string).trim());
    const more = [...page.matchAll(/\(`([^`]+)`\), and goes/g)].map((match) => match[1] as string);
    expect(quoted.length + more.length).to.be.greaterThan(6);
    const files = sources("sdk/agent/**/*.ts");
    const unknown = [...quoted, ...more].filter((line) => !files.some(({ code }) => code.includes(line)));
    expect(unknown).to.deep.equal([]);
  });

  it("shows commands and options that there are", () => {
    const program = new Command("baton");
    program.command("agent").requiredOption("--config <file>");
    const nothing = (): Promise<void> => Promise.resolve();
    addDoctorCommand(program, nothing);
    addSignerCommand(program, nothing);
    addGuardCommands(program, { export: nothing, import: nothing });
    const shown = [...page.matchAll(/\bbaton ([a-z][^`\n]*)/g)].map((match) => (match[1] as string).split(" "));
    expect(shown.length).to.be.greaterThan(4);
    for (const words of shown) {
      let command = program;
      for (const word of words.filter((one) => /^[a-z]+$/.test(one))) {
        const found = command.commands.find((one) => one.name() === word);
        expect(found, `baton ${words.join(" ")}`).not.to.equal(undefined);
        command = found as Command;
      }
      const known = command.options.map(({ long }) => long);
      expect(known).to.include.members(words.filter((one) => one.startsWith("--")));
    }
    expect(page).to.contain("`--validator ");
  });

  it("names every key of the configuration", () => {
    const table = page.slice(page.indexOf("## Configuration"), page.indexOf("## Keys"));
    const { shape } = agentConfigSchema;
    const named = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) => cell?.match(/\w+/g) ?? []);
    expect(named.filter((word) => word !== "key")).to.have.members(Object.keys(shape));
    const ofL1 = table + readFileSync("docs/l1.md", "utf8");
    expect(Object.keys(shape.l1.shape).filter((key) => !ofL1.includes(`\`${key}\``))).to.deep.equal([]);
  });

  it("states the signer's protocol as it is", () => {
    for (const path of [KEYS_PATH, SIGN_PATH]) expect(page).to.contain(path);
    for (const [code, status] of Object.entries(REFUSALS)) {
      expect(page).to.match(new RegExp(`\`${code}\` \\((status )?${status}\\)`));
    }
    for (const field of Object.keys(signRequestSchema.shape)) expect(page).to.contain(`"${field}"`);
  });
});
