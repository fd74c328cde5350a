/** Story, first part: an organization, two environments, and two AWS accounts that must want it. */
import type { Step } from '../step.ts';
import { untilMay, untilReadySays } from '../wait.ts';

const LINKS = [
  { environment: 'sales-prod', account: 'producer' },
  { environment: 'marketing-prod', account: 'consumer' },
] as const;

const organization: Step = {
  name: 'A platform administrator founds the organization',
  page: { as: 'platform-admin', path: '/organizations' },
  async run({ kubectl }, say) {
    await kubectl.say(say, 'platform-admin', 'apply --server-side -f examples/acme/organization.yaml');
    await kubectl.say(say, 'platform-admin', 'wait organization/acme --for=condition=Ready --timeout=60s');
  },
};

const environments: Step = {
  name: 'Two teams ask for their AWS accounts to be linked, and learn that nobody is linked against their will',
  page: { as: 'owner', path: '/environments' },
  async run(stage, say) {
    for (const user of ['owner', 'analyst'] as const)
      for (const right of ['link organization/acme', 'create environments.dataall.io'])
        await untilMay(stage, user, right);
    await stage.kubectl.say(say, 'owner', 'create -f examples/sales/environment.yaml');
    await stage.kubectl.say(say, 'analyst', 'create -f examples/marketing/environment.yaml');
    const [message] = await Promise.all(
      LINKS.map(({ environment }) => untilReadySays(stage, `environment ${environment}`, 'ConsentMissing')),
    );
    say.answer(`ConsentMissing: ${message}`, true);
    say.note('and the same for the account of marketing-prod');
  },
};

const consent: Step = {
  name: 'The administrators of the accounts run the command that stands in status',
  page: { as: 'analyst', path: '/environments' },
  async run({ kubectl, accounts }, say) {
    for (const { environment, account } of LINKS) {
      const read = `get environment ${environment} -o jsonpath={.status.linkCommand}`;
      say.command(`sh -c "$(kubectl ${read})"   # in account ${account}`);
      const { output } = await kubectl.run(['--context', 'admin', ...read.split(' ')]);
      say.answer(await accounts.run(account, output));
    }
    await kubectl.say(say, 'owner', 'wait environment/sales-prod --for=condition=Ready --timeout=120s');
    await kubectl.say(say, 'analyst', 'wait environment/marketing-prod --for=condition=Ready --timeout=120s');
    await kubectl.say(say, 'platform-admin', 'get environments -o wide');
  },
};

export const linkSteps: readonly Step[] = [organization, environments, consent];
