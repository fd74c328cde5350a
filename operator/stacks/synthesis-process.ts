// Child process of the synthesizer: answers each request for a template, and ends when its parent does.
import { loadExtensions } from './stack-extension.ts';
import type { StackKind, StackPropsByKind } from './stack-props.ts';
import { makeTemplate } from './templates/templates.ts';

/** What the parent sends. */
export interface SynthesisRequest {
  readonly id: number;
  readonly kind: StackKind;
  readonly props: StackPropsByKind[StackKind];
}

/** What it gets back. */
export type SynthesisAnswer =
  | { readonly id: number; readonly template: Readonly<Record<string, unknown>> }
  | { readonly id: number; readonly error: string };

const extensions = loadExtensions(process.argv.slice(2));
extensions.catch(() => {
  // Told with each answer.
});

process.on('message', (request: SynthesisRequest) => void answer(request));
process.on('disconnect', () => process.exit(0));

const answer = async ({ id, kind, props }: SynthesisRequest): Promise<void> => {
  let reply: SynthesisAnswer;
  try {
    reply = { id, template: makeTemplate(kind, props, await extensions) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(reply);
};
