/** GraphqlUsers: people of the story who have signed in, and speak GraphQL to the gateway. */
import { signIn } from '../../oidc/authorization-code.ts';
import type { UserName } from '../cast.ts';
import type { Endpoints } from '../endpoints.ts';
import type { Narrator } from './narrator.ts';
import { StoryBroken } from './story-broken.ts';

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string }[];
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

  async #send(user: UserName, query: string, variables: object): Promise<Answer> {
    const response = await fetch(this.#endpoints.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await this.#token(user)}` },
      body: JSON.stringify({ query, variables }),
      signal: this.#signal,
    });
    return (await response.json()) as Answer;
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
