/** Story, the second door: two people who have no kubectl find, ask and grant by GraphQL, and kubectl shows the same objects. */
import { ACCOUNTS } from '../../cast.ts';
import { CATALOGUE } from '../../sample-data/lake.ts';
import { expectDenied, expectGiven } from '../expect-access.ts';
import type { GraphqlUsers } from '../graphql.ts';
import type { Narrator } from '../narrator.ts';
import type { Step } from '../step.ts';
import { hold, StoryBroken } from '../story-broken.ts';
import { until } from '../until.ts';

interface Nodes<Node> {
  readonly nodes: readonly Node[];
}

interface Share {
  readonly shareUri: string;
  readonly status: string;
  readonly items: Nodes<{ readonly shareItemUri: string; readonly status: string }>;
}

const SHARE = 'shareUri status items(filter: {isShared: true}) { nodes { shareItemUri itemName status } }';
const PATH = `s3://${CATALOGUE.bucket}/${CATALOGUE.key}`;
const REQUESTS = 'get sharerequests -n marketing-prod';

/** The one thing of the list that is looked for. Throws {@link StoryBroken} where there is none. */
function only<Node>(what: string, { nodes }: Nodes<Node>): Node {
  const [node] = nodes;
  if (node === undefined || nodes.length > 1) throw new StoryBroken(`${nodes.length} found where one is: ${what}`);
  return node;
}

const shareOf = async (graphql: GraphqlUsers, say: Narrator, direction: 'To' | 'From'): Promise<Share> => {
  const query = `{ getShareRequests${direction}Me(filter: {term: "interns"}) { nodes { ${SHARE} } } }`;
  const user = direction === 'To' ? 'owner' : 'analyst';
  return only('the share for the interns', await graphql.say<Nodes<Share>>(say, user, query));
};

const ask: Step = {
  name: 'By GraphQL: the analyst finds the products by a search, and asks for their bucket for another role',
  page: { as: 'analyst', path: '/catalog?q=product+catalogue' },
  async run({ graphql, kubectl }, say) {
    const nodes = await graphql.search(say, 'analyst', 'product catalogue');
    const dataset = only('the dataset', { nodes });
    say.answer(`${dataset.resourceKind} ${dataset.label}, of ${dataset.environmentName}`);
    const environments = '{ listEnvironments { nodes { environmentUri label } } }';
    const environment = only(
      'the environment of marketing',
      await graphql.say<Nodes<{ environmentUri: string }>>(say, 'analyst', environments),
    );
    const role = await graphql.say<{ consumptionPrincipalUri: string }>(
      say,
      'analyst',
      `mutation ($input: AddConsumptionPrincipalToEnvironmentInput!) {
        addConsumptionPrincipalToEnvironment(input: $input) { consumptionPrincipalUri } }`,
      {
        input: {
          environmentUri: environment.environmentUri,
          groupUri: 'marketing',
          consumptionPrincipalName: 'Interns',
          IAMPrincipalArn: `arn:aws:iam::${ACCOUNTS.consumer.id}:role/interns`,
          dataallManaged: 'FULLY_MANAGED',
        },
      },
    );
    const share = await graphql.say<{ shareUri: string; items: Nodes<{ itemUri: string; itemType: string }> }>(
      say,
      'analyst',
      `mutation ($dataset: String!, $input: NewShareObjectInput!) {
        createShareObject(datasetUri: $dataset, input: $input) { shareUri items { nodes { itemUri itemType } } } }`,
      {
        dataset: dataset.datasetUri,
        input: {
          environmentUri: environment.environmentUri,
          groupUri: 'marketing',
          principalType: 'ConsumptionRole',
          principalId: role.consumptionPrincipalUri,
          requestPurpose: 'Interns label the pictures',
          permissions: ['Read'],
        },
      },
    );
    const bucket = share.items.nodes.find(({ itemType }) => itemType === 'S3Bucket');
    hold(bucket !== undefined, 'the bucket can be asked for');
    await graphql.say(
      say,
      'analyst',
      'mutation ($share: String!, $item: String!) { addSharedItem(shareUri: $share, input: {itemUri: $item, itemType: S3Bucket}) { itemName status } }',
      { share: share.shareUri, item: bucket?.itemUri },
    );
    const submitted = await graphql.say<Share>(
      say,
      'analyst',
      `mutation ($share: String!) { submitShareObject(shareUri: $share) { ${SHARE} } }`,
      { share: share.shareUri },
    );
    hold(submitted.status === 'Submitted', 'it waits for the owner');
    await kubectl.say(say, 'analyst', REQUESTS);
  },
};

const grant: Step = {
  name: 'By GraphQL: the owner approves, the role reads; the requester may not, and a stranger does not even see it',
  page: { as: 'owner', path: '/shares?tab=received&term=catalogue' },
  async run(stage, say) {
    const { graphql, kubectl, signal } = stage;
    const { shareUri } = await shareOf(graphql, say, 'To');
    const approve = `mutation ($share: String!) { approveShareObject(shareUri: $share) { ${SHARE} } }`;
    const refusal = await graphql.refused(say, 'analyst', approve, { share: shareUri });
    hold(refusal.includes('UnauthorizedOperation'), 'who asks may not approve');
    const see = `query ($share: String!) { getShareObject(shareUri: $share) { ${SHARE} } }`;
    const unseen = await graphql.refused(say, 'stranger', see, { share: shareUri });
    hold(unseen.includes('ResourceNotFound'), 'a stranger is told of nothing');
    await graphql.say(say, 'owner', approve, { share: shareUri });
    await until(
      'the share is processed',
      async () => ((await shareOf(graphql, SILENT, 'From')).status === 'Processed' ? true : undefined),
      signal,
    );
    await kubectl.say(say, 'owner', 'get shareapprovals -n sales-prod');
    const interns = await stage.reader('consumer', 'interns');
    await expectGiven(say, `s3 cp ${PATH} -  # as role interns`, () => interns.get(CATALOGUE.bucket, CATALOGUE.key));
  },
};

const revoke: Step = {
  name: 'By GraphQL: the owner takes it back, and the analyst cleans up',
  page: { as: 'analyst', path: '/shares?tab=sent' },
  async run(stage, say) {
    const { graphql, kubectl, signal } = stage;
    const { shareUri, items } = await shareOf(graphql, say, 'To');
    const input = { shareUri, itemUris: items.nodes.map(({ shareItemUri }) => shareItemUri) };
    await graphql.say(
      say,
      'owner',
      `mutation ($input: ShareItemSelectorInput) { revokeItemsShareObject(input: $input) { ${SHARE} } }`,
      { input },
    );
    await until(
      'all of it is revoked',
      async () => {
        const { items: left } = await shareOf(graphql, SILENT, 'From');
        return left.nodes.every(({ status }) => status === 'Revoke_Succeeded') ? true : undefined;
      },
      signal,
    );
    const interns = await stage.reader('consumer', 'interns');
    await expectDenied(say, `s3 cp ${PATH} -  # as role interns`, () => interns.get(CATALOGUE.bucket, CATALOGUE.key));
    await graphql.say(say, 'analyst', 'mutation ($share: String!) { deleteShareObject(shareUri: $share) }', {
      share: shareUri,
    });
    await kubectl.say(
      say,
      'analyst',
      'delete consumptionrole --field-selector metadata.name!=analysts -n marketing-prod',
    );
    await kubectl.say(say, 'analyst', REQUESTS);
  },
};

/** For what is asked again and again until it is so. */
const SILENT: Narrator = { command: () => undefined, answer: () => undefined, note: () => undefined };

export const graphqlSteps: readonly Step[] = [ask, grant, revoke];
