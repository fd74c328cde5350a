// Every way of asking the API server about one object, as HTTP: what somebody who may not read it could learn from the answers.

import { Agent, request } from 'undici';
import type { Credentials } from '../../operator/kernel/client/credentials.ts';
import { resourcePath } from '../../operator/kernel/kind.ts';
import { kindOf } from './authority-actor.ts';
import type { Manifest } from './authority-attempts.ts';

/** One question. Guesses are the same whichever object it is about, so an answer that differs tells something. */
export interface Probe {
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly contentType?: string;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_MERGE_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

/**
 * @param guess what the object may be: the questions are whether it is so
 * @param field the path to a string of it that the guess has right for one of two objects
 * @param own a manifest of the same name that the author could create, were it not there
 */
export function probesOf(guess: Manifest, field: readonly string[], own: Manifest): Probe[] {
  const kind = kindOf(guess);
  const { namespace, name } = guess.metadata;
  const one = resourcePath(kind, namespace, name);
  const all = resourcePath(kind, namespace);
  const value = field.reduce<unknown>((at, key) => Object(at)[key], guess);
  const pointer = field.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  const test = { op: 'test', path: pointer, value };
  const { labels, annotations } = guess.metadata;
  const metadata = { namespace, name, labels, annotations };
  const spec = { ...guess, metadata };
  const reads = [
    ['get', one],
    ['list by name', `${all}?fieldSelector=metadata.name%3D${name}`],
    ['list by field', `${all}?fieldSelector=${field.join('.')}%3D${encodeURIComponent(String(value))}`],
    ['list by label', `${all}?labelSelector=team%3Dguess`],
    ['list everywhere', resourcePath(kind)],
    ['watch', `${all}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3D${name}`],
    ['get status', `${one}/status`],
    ['get scale', `${one}/scale`],
  ].map(([what = '', path = '']): Probe => ({ what, method: 'GET', path }));
  const patch = (what: string, contentType: string, body: unknown, query = '?'): Probe[] =>
    ['', '/status'].map((subresource) => ({
      what: `${what}${subresource}`,
      method: 'PATCH',
      path: `${one}${subresource}${query}`,
      contentType,
      body,
    }));
  const changes: Probe[] = [
    ...patch('json patch, test', JSON_PATCH, [test]),
    ...patch('json patch, test of what the operator wrote', JSON_PATCH, [{ ...test, path: '/status/id' }]),
    ...patch('json patch, test and spoil', JSON_PATCH, [test, { op: 'replace', path: '/spec', value: 1 }]),
    ...patch('json patch, copy to a name', JSON_PATCH, [{ op: 'copy', from: pointer, path: '/metadata/labels' }]),
    ...patch('json patch, copy to an enumeration', JSON_PATCH, [
      { op: 'copy', from: pointer, path: '/spec/deletionPolicy' },
    ]),
    ...patch('json patch, move', JSON_PATCH, [{ op: 'move', from: pointer, path: '/metadata/annotations' }]),
    ...patch('json patch, nothing', JSON_PATCH, []),
    ...patch('merge patch, nothing', MERGE_PATCH, {}),
    ...patch('merge patch, the guess', MERGE_PATCH, spec),
    ...patch('merge patch, of a version', MERGE_PATCH, { metadata: { resourceVersion: '1' } }),
    ...patch('merge patch, of a UID', MERGE_PATCH, { metadata: { uid: 'a' } }),
    ...patch('strategic merge patch', STRATEGIC_MERGE_PATCH, spec),
    ...patch('apply', APPLY_PATCH, spec, '?fieldManager=probe'),
    ...patch('apply by force', APPLY_PATCH, spec, '?fieldManager=probe&force=true'),
    ...patch('apply of nothing', APPLY_PATCH, { ...spec, spec: {} }, '?fieldManager=probe&force=true'),
    ...['', '/status'].map((subresource): Probe => ({
      what: `update${subresource}`,
      method: 'PUT',
      path: `${one}${subresource}?`,
      body: { ...spec, metadata: { ...metadata, resourceVersion: '1' } },
    })),
    { what: 'create', method: 'POST', path: `${all}?`, body: own },
    { what: 'delete', method: 'DELETE', path: `${one}?` },
    { what: 'delete of a UID', method: 'DELETE', path: `${one}?`, body: { preconditions: { uid: 'a' } } },
    { what: 'delete of all', method: 'DELETE', path: `${all}?fieldSelector=metadata.name%3D${name}` },
  ];
  const dry = changes.map((probe): Probe => ({
    ...probe,
    what: `${probe.what}, dry run`,
    path: `${probe.path}&dryRun=All`,
  }));
  return [...reads, ...changes, ...dry];
}

/** Speaks as one person. */
export class Prober {
  readonly #credentials: Credentials;
  #agent: Agent | undefined;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  async ask({ method, path, contentType = 'application/json', body }: Probe): Promise<Answer> {
    const { server, tls, authorization } = await this.#credentials.current();
    this.#agent ??= new Agent({ connect: tls });
    const response = await request(`${server.replace(/\/$/, '')}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: { 'content-type': contentType, ...(authorization !== undefined && { authorization }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: response.statusCode, text: await response.body.text() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent?.destroy();
  }
}
