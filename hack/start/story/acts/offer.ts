/** Story, second part: the owner imports data, an analyst asks for some of it, and nothing is open by that. */
import { CATALOGUE, LAKE } from '../../sample-data/lake.ts';
import { expectDenied } from '../expect-access.ts';
import { CATALOGUE_SHARE, ORDERS_SHARE } from '../names.ts';
import type { Step } from '../step.ts';
import { hold } from '../story-broken.ts';
import { untilMay, untilReadySays } from '../wait.ts';

const datasets: Step = {
  name: 'The owner imports a lake with a Glue database, and a bucket',
  page: { as: 'owner', path: '/datasets?tab=owned' },
  async run(stage, say) {
    const { kubectl } = stage;
    await untilMay(stage, 'owner', 'create datasets -n sales-prod');
    await kubectl.say(say, 'owner', 'apply --server-side -f examples/sales/datasets.yaml');
    await kubectl.say(say, 'owner', 'wait dataset --all -n sales-prod --for=condition=Ready --timeout=120s');
    await kubectl.say(say, 'owner', 'apply --server-side -f examples/sales/tables.yaml');
    await kubectl.say(say, 'owner', 'wait datasettable --all -n sales-prod --for=condition=Ready --timeout=60s');
    await kubectl.say(say, 'owner', 'get datasets,datasettables -n sales-prod');
  },
};

const requests: Step = {
  name: 'An analyst asks for a table, a part of a table, a folder and a bucket, for an IAM role',
  page: { as: 'analyst', path: '/shares?tab=sent' },
  async run(stage, say) {
    await stage.kubectl.say(say, 'analyst', 'apply --server-side -f examples/marketing/requests.yaml');
    for (const share of [ORDERS_SHARE, CATALOGUE_SHARE]) await untilReadySays(stage, share, 'PendingApproval');
    await stage.kubectl.say(say, 'analyst', 'get sharerequests -n marketing-prod');
  },
};

const denied: Step = {
  name: 'Asking opens nothing: AWS denies the analysts',
  page: { as: 'analyst', path: '/shares?tab=sent' },
  async run(stage, say) {
    const analysts = await stage.reader('consumer', 'analysts');
    await expectDenied(say, `${LAKE.bucket}/raw/shipments-2026-01.csv`, () =>
      analysts.get(LAKE.bucket, 'raw/shipments-2026-01.csv'),
    );
    await expectDenied(say, `${CATALOGUE.bucket}/${CATALOGUE.key}`, () =>
      analysts.get(CATALOGUE.bucket, CATALOGUE.key),
    );
    await expectDenied(say, 'SELECT count(*) FROM products', () =>
      analysts.query(`${LAKE.database}_shared`, 'SELECT count(*) FROM products'),
    );
  },
};

const selfApproval: Step = {
  name: 'The analyst tries to approve, and the API server refuses',
  page: { as: 'owner', path: '/shares?tab=received' },
  async run({ kubectl }, say) {
    const refusal = await kubectl.refused(say, 'analyst', 'apply --server-side -f examples/sales/approvals.yaml');
    hold(/forbidden/i.test(refusal), 'the refusal is Forbidden');
    const found = await kubectl.read('shareapprovals -n sales-prod', '{.items[*].metadata.name}');
    hold(found === '', 'no approval was stored');
  },
};

export const offerSteps: readonly Step[] = [datasets, requests, denied, selfApproval];
