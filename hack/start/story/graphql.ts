/** GraphqlUsers: people of the story who have signed in, and speak GraphQL to the gateway, or search its catalogue. */
import { signIn } from '../../oidc/authorization-code.ts';
import type { UserName } from '../cast.ts';
import type { Endpoints } from '../endpoints.ts';
import type { Narrator } from './narrator.ts';
import { StoryBroken } from './story-broken.ts';
import { until } from './until.ts';

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** A document of the catalogue. */
export interface Hit {
  readonly resourceKind: string;
  readonly label: string;
  readonly datasetUri: string;
  readonly environmentName: string;
}

export class GraphqlUsers {
  readonly #endpoints: Pick<Endpoints, 'graphql' | 'oidc'>;
  readonly #signal: AbortSignal;
  readonly #tokens = new Map<UserName, Promise<string>>();

  constructor(endpoints: Pick<Endpoints, 'graphql' | 'oidc'>, signal: AbortSignal) {
    this.#endpoints = endpoints;
    this.#signal = signal;
  }

  /** Sends one field and returns what it is. Throws {@link StoryBroken} for a refusal. */
  async say<Field>(say: Narrator, user: UserName, document: string, variables: object = {}): Promise<Field> {
    say.command(`graphql as ${user}: ${oneLine(document)}`);
    const { data, errors } = await this.#send(user, document, variables);
    if (errors !== undefined || !data)
      throw new StoryBroken(errors?.map(({ message }) => message).join('\n') ?? 'no data');
    const [field] = Object.values(data);
    return field as Field;
  }

  /** Sends what has to be refused, and returns what is said then. */
  async refused(say: Narrator, user: UserName, document: string, variables: object = {}): Promise<string> {
    say.command(`graphql as ${user}: ${oneLine(document)}`);
    const { errors } = await this.#send(user, document, variables);
    if (errors === undefined) throw new StoryBroken(`${user} was not refused`);
    const text = errors.map(({ message }) => message).join('\n');
    say.answer(text, true);
    return text;
  }

  /** What the catalogue has under the words, once the server that is configured has it. */
  async search(say: Narrator, user: UserName, words: string): Promise<readonly Hit[]> {
    const body = { query: { multi_match: { query: words, fields: ['label', 'description'] } } };
    say.command(`curl .../search/api as ${user}: ${JSON.stringify(body)}`);
    return await until(
      `the catalogue has ${words}`,
      async () => {
        const response = await this.#post(user, new URL('/search/api', this.#endpoints.graphql), body);
        if (response.headers.has('dataall-search-degraded')) return undefined;
        const { hits } = (await response.json()) as { hits: { hits: { _source: Hit }[] } };
        return hits.hits.length > 0 ? hits.hits.map(({ _source }) => _source) : undefined;
      },
      this.#signal,
    );
  }

  async #send(user: UserName, query: string, variables: object): Promise<Answer> {
    const response = await this.#post(user, this.#endpoints.graphql, { query, variables });
    return (await response.json()) as Answer;
  }

  async #post(user: UserName, url: string | URL, body: object): Promise<Response> {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await this.#token(user)}` },
      body: JSON.stringify(body),
      signal: this.#signal,
    });
  }

  #token(user: UserName): Promise<string> {
    let token = this.#tokens.get(user);
    if (token === undefined) {
      const { issuer, clientId } = this.#endpoints.oidc;
      const redirectUrl = new URL('/auth/callback', this.#endpoints.graphql).href;
      token = signIn({ issuer, clientId, redirectUrl, user }).then(({ access_token }) => access_token);
      this.#tokens.set(user, token);
    }
    return token;
  }
}

const oneLine = (document: string): string => document.replaceAll(/\s+/g, ' ').trim();
