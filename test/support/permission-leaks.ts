// What somebody was told whom Kubernetes does not show it.

import type { Actor } from './authority-actor.ts';
import { documentOf } from './graphql-selection.ts';
import { deciders, facts, objects, type Fact } from './permission-facts.ts';
import type { Asking } from './permission-oracle.ts';
import type { Answer, Asker, PermissionScene } from './permission-scene.ts';
import type { Uris } from './permission-uris.ts';
import type { GraphQLSchema } from 'graphql';

/** Whether somebody may see what is in these objects: Kubernetes is asked, as them, once of each. */
function seeing(as: Readonly<Record<Asker, Actor>>) {
  const answers = new Map<string, Promise<boolean>>();
  const shown = async (who: Asker, object: Fact['objects'][number]): Promise<boolean> => {
    const key = `${who} ${JSON.stringify(object)}`;
    const answer = answers.get(key) ?? as[who].get(object).then(({ ok }) => ok);
    answers.set(key, answer);
    return answer;
  };
  return async (who: Asker, { objects: them, besides }: Omit<Fact, 'words'>): Promise<boolean> => {
    if (besides?.includes(who)) return true;
    return (await Promise.all(them.map(async (object) => shown(who, object)))).includes(true);
  };
}

/** Words of objects in answers and refusals to people who may not see them, and did not say them. */
export async function factsToldToOthers({ scene }: PermissionScene, asked: readonly Asking[]): Promise<string[]> {
  const found: string[] = [];
  const sees = seeing(scene.as);
  for (const fact of facts)
    for (const who of new Set(asked.map((one) => one.who))) {
      const told = asked
        .filter((one) => one.who === who)
        .flatMap(({ operation, variables, answer }) =>
          fact.words
            .filter((word) => JSON.stringify(answer).includes(word) && !JSON.stringify(variables).includes(word))
            .map((word) => `${operation} tells ${who} "${word}"`),
        );
      if (told.length > 0 && !(await sees(who, fact))) found.push(...told);
    }
  return found;
}

const share = { objects: [objects.share], besides: deciders };

/** By whose ids something is known that not everybody may find; datasets, tables and folders everybody may. */
const hidden: Partial<Readonly<Record<keyof Uris, Omit<Fact, 'words'>>>> = {
  acme: { objects: [objects.acme] },
  empty: { objects: [objects.empty] },
  sales: { objects: [objects.sales] },
  marketing: { objects: [objects.marketing] },
  share,
  given: share,
  asked: share,
  attached: share,
  draft: { objects: [objects.draft] },
  reports: { objects: [objects.reports] },
};

const NOWHERE = 'nowhere0';

/** Where who may not see an object is answered otherwise, or with more or less effort, than about one that is nowhere. */
export async function objectsBetrayed(
  schema: GraphQLSchema,
  scene: PermissionScene,
  uris: Uris,
  asked: readonly Asking[],
): Promise<string[]> {
  const sees = seeing(scene.scene.as);
  const ids = [NOWHERE, ...Object.values(uris).toSorted((a, b) => b.length - a.length)];
  const withoutIds = (text: string): string => ids.reduce((rest, id) => rest.replaceAll(id, '<id>'), text);
  // As much is asked for both, or the time that it takes would tell.
  const toldOf = ({ refusal, asked: { statements, requests } }: Answer): string =>
    withoutIds(`${JSON.stringify(refusal ?? 'answered')} for ${statements} statements and ${requests} requests`);
  const betrayed = asked.map(async ({ operation, who, variables, answer }) => {
    const said = JSON.stringify(variables);
    const found: string[] = [];
    for (const [key, what] of Object.entries(hidden)) {
      const quoted = JSON.stringify(uris[key as keyof Uris]);
      if (!said.includes(quoted) || (await sees(who, what))) continue;
      const elsewhere = JSON.parse(said.replaceAll(quoted, JSON.stringify(NOWHERE))) as object;
      const document = documentOf(schema, operation);
      let differ: readonly [string, string] | undefined;
      // How old the read model is is asked now and then, whoever asks: what that costs is no difference between the two.
      for (let tries = 0; tries < 3; tries++) {
        const real = tries === 0 ? answer : await scene.ask(who, document, variables);
        const none = await scene.ask(who, document, elsewhere);
        differ = toldOf(real) === toldOf(none) ? undefined : [toldOf(real), toldOf(none)];
        if (differ === undefined) break;
      }
      if (differ !== undefined || answer.refusal === undefined)
        found.push(
          `${operation} of ${key} tells ${who}: ${(differ ?? ['an answer', 'the same']).join(', and of none: ')}`,
        );
    }
    return found;
  });
  return (await Promise.all(betrayed)).flat();
}
