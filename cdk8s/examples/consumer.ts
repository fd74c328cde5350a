// The consumer's repository of examples/gitops, in TypeScript: `node cdk8s/examples/consumer.ts` prints the same manifests.
import { App, Chart } from 'cdk8s';
import { ConsumptionRole, ShareRequest } from '../src/index.ts';

const app = new App();
const chart = new Chart(app, 'consumer');

const analysts = new ConsumptionRole(chart, 'analysts', {
  metadata: { namespace: 'marketing-prod', name: 'analysts' },
  spec: { label: 'Analysts', owner: 'marketing', principalArn: 'arn:aws:iam::333333333333:role/analysts' },
});

new ShareRequest(chart, 'orders-for-analysts', {
  metadata: { namespace: 'marketing-prod', name: 'orders-for-analysts' },
  spec: {
    datasetRef: { namespace: 'sales-prod', name: 'orders' },
    requester: 'marketing',
    principal: { kind: 'ConsumptionRole', name: analysts.name },
    permissions: ['Read'],
    items: [
      { kind: 'Table', name: 'orders', filters: ['eu_no_cards'] },
      { kind: 'Folder', name: 'raw' },
    ],
    purpose: 'Which products sell where',
  },
});

process.stdout.write(app.synthYaml());
