// The stages of a Dockerfile as build.ts makes them: an instruction or a flag that it does not know is refused, so that nothing is passed over.
import {
  Copy,
  DockerfileParser,
  From,
  JSONInstruction,
  PropertyInstruction,
  type Instruction,
  type ModifiableInstruction,
} from 'dockerfile-ast';

export type Step =
  /** `from`: name of a stage; undefined: the build context. */
  | { readonly kind: 'COPY'; readonly from: string | undefined; readonly paths: readonly string[]; readonly to: string }
  /** A line of a shell. */
  | { readonly kind: 'RUN'; readonly line: string }
  | { readonly kind: 'ENV'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'WORKDIR'; readonly folder: string }
  | { readonly kind: 'USER'; readonly user: string }
  | { readonly kind: 'ENTRYPOINT' | 'CMD'; readonly command: readonly string[] };

export interface Stage {
  /** `AS name`; that of the last stage may be missing. */
  readonly name: string | undefined;
  /** A stage before it, or an image of a registry. */
  readonly from: string;
  readonly steps: readonly Step[];
}

/** Throws an Error with the line that is not understood. */
export function readDockerfile(text: string): readonly Stage[] {
  const stages: (Stage & { readonly steps: Step[] })[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const [first = ''] = words(instruction);
    if (instruction instanceof From) {
      refuseFlags(instruction);
      stages.push({ name: instruction.getBuildStage() ?? undefined, from: first, steps: [] });
    } else if (instruction.getKeyword() !== 'ARG' && instruction.getKeyword() !== 'LABEL')
      stages.at(-1)?.steps.push(stepOf(instruction));
  }
  return stages;
}

function stepOf(instruction: Instruction): Step {
  const kind = instruction.getKeyword();
  if (instruction instanceof Copy) {
    refuseFlags(instruction, 'from');
    const paths = words(instruction);
    const to = paths.pop();
    if (to === undefined || paths.length === 0) throw unknown(instruction);
    return { kind: 'COPY', from: instruction.getFromFlag()?.getValue() ?? undefined, paths, to };
  }
  if (instruction instanceof PropertyInstruction && kind === 'ENV') {
    const values = instruction.getProperties().map((one) => [one.getName(), one.getValue() ?? ''] as const);
    return { kind, values: Object.fromEntries(values) };
  }
  if (instruction instanceof JSONInstruction) {
    refuseFlags(instruction);
    const command = instruction.getJSONStrings().map((one) => one.getJSONValue());
    if ((kind === 'ENTRYPOINT' || kind === 'CMD') && command.length > 0) return { kind, command };
    if (kind === 'RUN' && command.length === 0) return { kind, line: instruction.getArgumentsContent() ?? '' };
  }
  const [value = ''] = words(instruction);
  if (kind === 'WORKDIR') return { kind, folder: value };
  if (kind === 'USER') return { kind, user: value };
  throw unknown(instruction);
}

const words = (instruction: Instruction): string[] => instruction.getExpandedArguments().map((one) => one.getValue());

function refuseFlags(instruction: ModifiableInstruction, ...known: string[]): void {
  for (const flag of instruction.getFlags()) if (!known.includes(flag.getName())) throw unknown(instruction);
}

const unknown = (instruction: Instruction): Error =>
  new Error(
    `Dockerfile, line ${instruction.getRange().start.line + 1}: hack/image does not understand: ${instruction.toString()}`,
  );
