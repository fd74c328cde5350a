// Reads the input of awsQuery services (IAM, STS, CloudFormation): a form whose dotted keys spell a tree.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
import { fromBase64 } from '@smithy/core/serde';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { ShapeCodec } from './shape-codec.ts';

/** `A.member.1=x` is the path A -> member -> 1 with the text x at its end. */
interface FormNode {
  text?: string;
  readonly children: Map<string, FormNode>;
}

const newNode = (): FormNode => ({ children: new Map() });

const treeOf = (form: URLSearchParams): FormNode => {
  const root = newNode();
  for (const [key, text] of form) {
    let node = root;
    for (const part of key.split('.')) {
      let child = node.children.get(part);
      if (child === undefined) node.children.set(part, (child = newNode()));
      node = child;
    }
    node.text = text;
  }
  return root;
};

const nameIn = (schema: NormalizedSchema, fallback: string): string => schema.getMergedTraits().xmlName ?? fallback;

/** Children in the order of their numbers, which need not be without gaps. */
const numbered = (node: FormNode | undefined): FormNode[] =>
  node === undefined ? [] : [...node.children].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);

const readNode = (codec: ShapeCodec, schema: NormalizedSchema, node: FormNode | undefined): unknown => {
  if (node === undefined || schema.isUnitSchema()) return undefined;
  const flattened = schema.getMergedTraits().xmlFlattened !== undefined;
  if (schema.isStructSchema()) {
    const structure: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const value = readNode(codec, member, node.children.get(nameIn(member, name)));
      if (value !== undefined) structure[name] = value;
    }
    return structure;
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    return numbered(flattened ? node : node.children.get(nameIn(item, 'member'))).map((child) =>
      readNode(codec, item, child),
    );
  }
  if (schema.isMapSchema()) {
    const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
    const map: Record<string, unknown> = {};
    for (const entry of numbered(flattened ? node : node.children.get('entry'))) {
      const name = entry.children.get(nameIn(key, 'key'))?.text;
      if (name !== undefined) map[name] = readNode(codec, value, entry.children.get(nameIn(value, 'value')));
    }
    return map;
  }
  const text = node.text ?? '';
  return schema.isBlobSchema() ? fromBase64(text) : codec.readString(schema, text);
};

/** @param form the decoded request body, `Action` and `Version` included. */
export const readForm = (codec: ShapeCodec, schema: NormalizedSchema, form: URLSearchParams): Record<string, unknown> =>
  (readNode(codec, schema, treeOf(form)) ?? {}) as Record<string, unknown>;
