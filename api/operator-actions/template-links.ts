// Addresses from which a browser downloads a CloudFormation template without signing in again, for a quarter of an hour. The right to have it is
// asked again at the download.

import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { templateRoute, templates } from '../../operator/actions/contract/template.ts';
import type { AssertedUser } from '../../operator/actions/contract/user.ts';
import { verbs } from '../../operator/resources/annotations.ts';
import type { Clock } from '../../operator/kernel/clock.ts';
import type { SealedBox } from '../identity/sealed-box.ts';
import type { OperatorClient } from './operator-actions.ts';

const VALID_MS = 15 * 60_000;
const PATH = '/templates';

const content = z.object({
  organization: z.string(),
  template: z.enum(templates),
  user: z.object({ name: z.string(), groups: z.array(z.string()) }),
});

export type TemplateLink = z.output<typeof content>;

export class TemplateLinks {
  readonly #box: SealedBox;
  readonly #origin: string;
  readonly #operator: OperatorClient;
  readonly #clock: Clock;

  /** @param origin of the gateway as browsers know it */
  constructor(parts: { box: SealedBox; origin: string; operator: OperatorClient; clock: Clock }) {
    this.#box = parts.box;
    this.#origin = parts.origin;
    this.#operator = parts.operator;
    this.#clock = parts.clock;
  }

  /** @param user with the groups on which the right depends; others would only make the address long */
  async url(user: AssertedUser, { organization, template }: Omit<TemplateLink, 'user'>): Promise<string> {
    const expires = new Date(this.#clock.now() + VALID_MS);
    const sealed = await this.#box.seal('template', template, { organization, template, user }, expires);
    const url = new URL(`${PATH}/${template}.json`, this.#origin);
    url.searchParams.set('link', sealed);
    return url.href;
  }

  register(fastify: FastifyInstance): void {
    // At `warn` requests are not logged: whoever has the address may download.
    fastify.get(`${PATH}/:file`, { logLevel: 'warn' }, async (request, reply) => {
      const { file } = request.params as { file: string };
      const { link } = request.query as { link?: unknown };
      const template = templates.find((one) => `${one}.json` === file);
      const opened =
        template === undefined || typeof link !== 'string'
          ? undefined
          : await this.#box.open('template', template, link, new Date(this.#clock.now()));
      const asked = content.safeParse(opened);
      if (!asked.success) return reply.code(404).send('This address is not valid (any more): ask for another one');
      try {
        const { fileName, text } = await this.#ask(asked.data, request.log);
        return await reply
          .headers({ 'cache-control': 'no-store', 'content-disposition': `attachment; filename="${fileName}"` })
          .type('application/json')
          .send(text);
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        const isDown = error.extensions['code'] === 'ServiceUnavailable';
        return reply.code(isDown ? 503 : 403).send(error.message);
      }
    });
  }

  async #ask({ organization, template, user }: TemplateLink, log: FastifyBaseLogger) {
    const object = { resource: 'organizations', name: organization } as const;
    const attempt = { action: 'GET_TEMPLATE', permission: verbs.link, what: 'Organization', uri: organization };
    return this.#operator.as(user, log).ask(templateRoute, object, { template }, attempt);
  }
}
